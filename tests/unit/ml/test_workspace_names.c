#include "unit/scripted.h"

#include "base/json.h"
#include "ml/workspace_names.h"

static void a_name_suits_when_it_is_free_or_already_ours(void **state)
{
    (void)state;
    static const struct {
        const char *resource, *availability; /* NULL: not there, not known */
        bool suits;
    } rows[] = {
        {NULL,                                              "{\"nameAvailable\":false}", false},
        {"{\"tags\":{}}",                                   "{\"nameAvailable\":false}", false},
        {"{\"tags\":{\"azml-of\":\"/another/workspace\"}}", "{\"nameAvailable\":false}", false},
        {"{\"tags\":{\"azml-of\":\"" WORKSPACE "\"}}",      "{\"nameAvailable\":false}", true },
        {NULL,                                              "{\"nameAvailable\":true}",  true },
        {NULL,                                              NULL,                        true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *resource =
            rows[i].resource ? azml_json_parse(rows[i].resource, strlen(rows[i].resource), NULL)
                             : NULL;
        auto_json cJSON *availability =
            rows[i].availability
                ? azml_json_parse(rows[i].availability, strlen(rows[i].availability), NULL)
                : NULL;
        if (azml_workspace_name_suits(resource, availability, WORKSPACE) != rows[i].suits)
            fail_msg("row %zu", i);
    }
}

static void when_every_choice_is_taken_own_ones_are_asked_for(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"POST ", 0, 200, NULL, "{\"nameAvailable\":false,\"reason\":\"AlreadyExists\"}", 0},
        {0   }
    };
    struct scripted world;
    scripted_open(&world, rows);
    const struct azml_workspace_ref ref = {
        .subscription = SUB_ID, .group = "lab", .name = "course"};
    struct azml_dependent_names names;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_workspace_choose_names(world.arm, &ref, WORKSPACE, &names, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NAME_TAKEN);
    assert_string_equal(err.hint, "--storage-account ID --key-vault ID");
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_suits_when_it_is_free_or_already_ours),
        cmocka_unit_test(when_every_choice_is_taken_own_ones_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
