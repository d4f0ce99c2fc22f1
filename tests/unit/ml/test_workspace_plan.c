#include "unit/scripted.h"

#include "azml/workspace.h"
#include "base/json.h"

#define OURS "{\"azml-made-by\":\"azml/0.1.0\",\"azml-of\":\"" WORKSPACE "\"}"
#define STORE                                                                           \
    "{\"id\":\"" GROUP "/providers/Microsoft.Storage/storageAccounts/store\",\"type\":" \
    "\"Microsoft.Storage/storageAccounts\",\"name\":\"store\",\"tags\":" OURS "}"
#define EMPTY "{\"value\":[]}"

static int plan(struct scripted *world, bool with_dependents, bool purge,
                struct azml_workspace_plan *out, struct azml_error *err)
{
    const struct azml_workspace_delete what = {
        .ref = {.subscription = SUB_ID, .group = "lab", .name = "course"},
        .with_dependents = with_dependents,
        .purge = purge,
    };
    return azml_workspace_plan_delete(world->arm, &what, out, err);
}

static void nothing_left_at_all_is_not_found(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"GET " GROUP "/resources", 0, 200, NULL, EMPTY, 0},
        {"GET " SUBSCRIPTION "/providers/",                      0, 200, NULL, EMPTY, 0},
        {0                   },
    };
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_plan out = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(plan(&world, true, true, &out, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.message, "no workspace course in group lab");
    scripted_close(&world);
}

static void what_cannot_be_read_stops_the_plan(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE "?",          0, 200, NULL, "{\"id\":\"" WORKSPACE "\"}", 0},
        {"GET " GROUP "/resources",                          0, 200, NULL, EMPTY, 0},
        {"GET " SUBSCRIPTION "/providers/Microsoft.MachineLearningServices", 0, 403, NULL,
         "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\"}}", 0},
        {0                            },
    };
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_plan out = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(plan(&world, true, false, &out, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_FORBIDDEN);
    assert_string_equal(err.message, "could not find out what belongs to the workspace");
    scripted_close(&world);
}

static void a_missing_list_of_workspaces_is_no_proof_that_nobody_uses_it(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE "?", 0, 200, NULL, "{\"id\":\"" WORKSPACE "\"}", 0},
        {"GET " GROUP "/resources", 0, 200, NULL, "{\"value\":[" STORE "]}", 0},
        {"GET " SUBSCRIPTION "/providers/Microsoft.MachineLearningServices", 0, 404, NULL,
         "{\"error\":{\"code\":\"NotFound\",\"message\":\"no\"}}", 0},
        {"GET " SUBSCRIPTION "/providers/", 0, 200, NULL, EMPTY, 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_plan out = {0};
    auto_error struct azml_error err = {0};
    int result = plan(&world, true, false, &out, &err);
    azml_workspace_plan_cleanup(&out);
    scripted_close(&world);
    assert_int_equal(result, -1);
    assert_string_equal(err.message, "could not find out what belongs to the workspace");
}

static void leftovers_of_a_killed_deletion_are_still_found(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " GROUP "/resources", 0, 200, NULL, "{\"value\":[" STORE "]}", 0},
        {"GET " SUBSCRIPTION "/providers/Microsoft.KeyVault/deletedVaults", 0, 200, NULL,
         "{\"value\":[{\"name\":\"ours\",\"properties\":{\"location\":\"westeurope\",\"tags\":" OURS
         "}},{\"name\":\"kept\",\"properties\":{\"purgeProtectionEnabled\":true,\"tags\":" OURS
         "}},{\"name\":\"foreign\",\"properties\":{\"tags\":{}}}]}",
         0},
        {"GET " SUBSCRIPTION "/providers/", 0, 200, NULL, EMPTY, 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_plan out = {0};
    assert_int_equal(plan(&world, true, true, &out, NULL), 0);
    assert_false(out.is_there);
    assert_int_equal(cJSON_GetArraySize(out.dependents), 1);
    assert_int_equal(cJSON_GetArraySize(out.deleted_vaults), 1);
    assert_string_equal(azml_json_text(out.deleted_vaults, "0.name"), "ours");
    azml_workspace_plan_cleanup(&out);
    scripted_close(&world);
}

static void without_dependents_only_the_workspace_and_its_computes_are_read(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE "?", 0, 200, NULL, "{\"id\":\"" WORKSPACE "\"}", 0},
        {"GET " WORKSPACE "/computes", 0, 200, NULL, "{\"value\":[{\"name\":\"a\"}]}", 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_plan out = {0};
    assert_int_equal(plan(&world, false, false, &out, NULL), 0);
    assert_true(out.is_there);
    assert_int_equal(out.computes, 1);
    assert_false(out.computes_unknown);
    assert_int_equal(serve_count(world.serve, ""), 2);
    azml_workspace_plan_cleanup(&out);
    scripted_close(&world);
}

static void computes_that_cannot_be_listed_are_not_none(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE "?", 0, 200, NULL, "{\"id\":\"" WORKSPACE "\"}", 0},
        {"GET " WORKSPACE "/computes", 0, 403, NULL,
         "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\"}}", 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_plan out = {0};
    assert_int_equal(plan(&world, false, false, &out, NULL), 0);
    assert_true(out.computes_unknown);
    azml_workspace_plan_cleanup(&out);
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_left_at_all_is_not_found),
        cmocka_unit_test(what_cannot_be_read_stops_the_plan),
        cmocka_unit_test(a_missing_list_of_workspaces_is_no_proof_that_nobody_uses_it),
        cmocka_unit_test(leftovers_of_a_killed_deletion_are_still_found),
        cmocka_unit_test(without_dependents_only_the_workspace_and_its_computes_are_read),
        cmocka_unit_test(computes_that_cannot_be_listed_are_not_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
