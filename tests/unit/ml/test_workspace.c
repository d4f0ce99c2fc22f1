#include "unit/scripted.h"

#include "azml/workspace.h"
#include "base/json.h"

static const struct azml_workspace_ref course = {
    .subscription = SUB_ID, .group = "lab (1)", .name = "course"};

static void a_path_is_encoded(void **state)
{
    (void)state;
    auto_free char *path = azml_workspace_path(&course, NULL);
    assert_string_equal(path, SUBSCRIPTION "/resourceGroups/lab%20(1)/providers/"
                                           "Microsoft.MachineLearningServices/workspaces/course");
}

static void a_missing_workspace_or_group_is_named(void **state)
{
    (void)state;
    struct scripted world;
    scripted_open(&world, (const struct serve_row[]){{0}});
    auto_error struct azml_error err = {0};
    assert_null(azml_workspace_get(world.arm, &course, &err));
    assert_string_equal(err.message, "no workspace course in group lab (1)");
    assert_string_equal(err.hint, "azml workspace list");
    azml_error_cleanup(&err);
    assert_null(azml_workspace_list(world.arm, SUB_ID, "lab", &err));
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.message, "no group lab in this subscription");
    scripted_close(&world);
}

static void the_studio_is_the_clouds_own(void **state)
{
    (void)state;
    static const char text[] = "{\"id\":\"/s/w\",\"properties\":{\"tenantId\":\"t1\"}}";
    auto_json cJSON *workspace = azml_json_parse(text, strlen(text), NULL);
    auto_free char *studio = azml_workspace_studio("https://ml.azure.us", workspace, NULL);
    assert_string_equal(studio, "https://ml.azure.us/?wsid=/s/w&tid=t1");
    azml_json_remove(workspace, "properties.tenantId");
    auto_free char *bare = azml_workspace_studio("https://ml.azure.com", workspace, NULL);
    assert_string_equal(bare, "https://ml.azure.com/?wsid=/s/w");
    auto_error struct azml_error err = {0};
    assert_null(azml_workspace_studio("", workspace, &err));
    assert_int_equal(err.code, AZML_ERROR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_encoded),
        cmocka_unit_test(a_missing_workspace_or_group_is_named),
        cmocka_unit_test(the_studio_is_the_clouds_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
