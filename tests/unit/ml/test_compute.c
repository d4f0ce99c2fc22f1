#include "unit/scripted.h"

#include "azml/compute_run.h"
#include "base/json.h"

static const struct azml_workspace_ref course = {
    .subscription = SUB_ID, .group = "lab", .name = "course"};

static void a_missing_compute_or_workspace_is_named(void **state)
{
    (void)state;
    struct scripted world;
    scripted_open(&world, (const struct serve_row[]){{0}});
    auto_error struct azml_error err = {0};
    assert_null(azml_compute_get(world.arm, &course, "ci", &err));
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.message, "no compute ci in workspace course");
    assert_string_equal(err.hint, "azml compute list -w course -g lab");
    azml_error_cleanup(&err);
    assert_null(azml_compute_list(world.arm, &course, &err));
    assert_string_equal(err.message, "no workspace course in group lab");
    scripted_close(&world);
}

static void a_list_has_every_page(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE "/computes?api-version=2025-12-01", 0, 200, NULL,
         "{\"nextLink\":\"$BASE/next?x=1\",\"value\":[{\"name\":\"a\"}]}", 0},
        {"GET /next?x=1", 0, 200, NULL, "{\"value\":[{\"name\":\"b\"}]}", 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    auto_json cJSON *list = azml_compute_list(world.arm, &course, NULL);
    assert_int_equal(cJSON_GetArraySize(list), 2);
    assert_string_equal(azml_json_text(list, "1.name"), "b");
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_compute_or_workspace_is_named),
        cmocka_unit_test(a_list_has_every_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
