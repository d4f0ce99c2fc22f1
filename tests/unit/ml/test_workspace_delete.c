#include "unit/scripted.h"

#include "azml/workspace.h"
#include "base/json.h"

#define P        GROUP "/providers/"
#define LOGS     P "Microsoft.OperationalInsights/workspaces/logs"
#define INSIGHTS P "Microsoft.Insights/components/insights"
#define VAULT    P "Microsoft.KeyVault/vaults/vault"
#define RULE \
    P "microsoft.alertsmanagement/smartDetectorAlertRules/Failure%20Anomalies%20-%20insights"
#define PURGE SUBSCRIPTION "/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/"
#define ITEM(id, type, name) \
    "{\"id\":\"" id "\",\"type\":\"" type "\",\"name\":\"" name "\",\"location\":\"westeurope\"}"

static const char dependents[] =
    "[" ITEM(LOGS, "Microsoft.OperationalInsights/workspaces", "logs") "," //
    ITEM(INSIGHTS, "Microsoft.Insights/components", "insights") ","        //
    ITEM(VAULT, "Microsoft.KeyVault/vaults", "vault") "]";

static int run(struct scripted *world, const struct azml_workspace_delete *flags,
               struct azml_error *err)
{
    struct azml_workspace_delete what = *flags;
    what.ref =
        (struct azml_workspace_ref){.subscription = SUB_ID, .group = "lab", .name = "course"};
    what.watch = &world->watch;
    struct azml_workspace_plan plan = {
        .is_there = true,
        .id = azml_strdup(WORKSPACE, NULL),
        .dependents = azml_json_parse(dependents, strlen(dependents), NULL),
        .deleted_vaults = azml_json_parse("[]", 2, NULL),
    };
    int result = azml_workspace_run_delete(world->arm, &what, &plan, err);
    azml_workspace_plan_cleanup(&plan);
    return result;
}

/* The position of the first request that begins so. */
static size_t position(struct scripted *world, const char *match)
{
    for (size_t i = 0; i < serve_count(world->serve, ""); i++)
        if (strncmp(serve_seen(world->serve, "", i)->line, match, strlen(match)) == 0)
            return i;
    scripted_print(world);
    fail_msg("never asked: %s", match);
    return 0;
}

static void a_workspace_that_stays_keeps_its_dependents(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"DELETE " WORKSPACE, 0, 409, NULL,
         "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"locked\"}}", 0},
        {0               },
    };
    struct scripted world;
    scripted_open(&world, rows);
    auto_error struct azml_error err = {0};
    assert_int_equal(run(&world, &(struct azml_workspace_delete){.with_dependents = true}, &err),
                     -1);
    assert_int_equal(err.code, AZML_ERROR_LOCKED);
    assert_string_equal(err.message, "could not delete workspace course");
    assert_int_equal(serve_count(world.serve, "DELETE"), 1);
    scripted_close(&world);
}

static void one_dependent_that_fails_is_a_partial_failure(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"DELETE " VAULT, 0, 403, NULL,
         "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\"}}", 0},
        {"DELETE ", 0, 204, NULL, NULL, 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    auto_error struct azml_error err = {0};
    assert_int_equal(run(&world, &(struct azml_workspace_delete){.with_dependents = true}, &err),
                     -1);
    assert_int_equal(err.code, AZML_ERROR_PARTIAL);
    assert_string_equal(err.said_code, "AuthorizationFailed");
    assert_non_null(strstr(world.heard, "vault: failed, AuthorizationFailed\n"));
    scripted_close(&world);
}

static void purging_leaves_nothing_and_keeps_the_order(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"DELETE " WORKSPACE "?forceToPurge=true", 0, 202, NULL, NULL, 0},
        {"GET " WORKSPACE,                                     2, 200, NULL, "{}", 0},
        {"GET " GROUP "/resources",                                    0, 200, NULL,
         "{\"value\":[{\"id\":\"" P
         "microsoft.alertsmanagement/smartDetectorAlertRules/Failure Anomalies - insights\","
         "\"type\":\"microsoft.alertsmanagement/smartDetectorAlertRules\",\"name\":"
         "\"Failure Anomalies - insights\"}]}", 0},
        {"POST " PURGE "vault/purge",                                        0, 202, NULL, NULL, 0},
        {"DELETE ",   0, 200, NULL, NULL, 0},
        {0                                   },
    };
    struct scripted world;
    scripted_open(&world, rows);
    auto_error struct azml_error err = {0};
    const struct azml_workspace_delete flags = {.with_dependents = true, .purge = true};
    if (run(&world, &flags, &err) < 0) {
        scripted_print(&world);
        fail_msg("%s: %s", err.message, err.why);
    }
    size_t workspace = position(&world, "DELETE " WORKSPACE "?forceToPurge=true&api-version=");
    size_t logs = position(&world, "DELETE " LOGS "?force=true&api-version=2025-07-01");
    size_t vault = position(&world, "DELETE " VAULT "?api-version=2026-02-01");
    size_t rule = position(&world, "DELETE " RULE "?api-version=");
    size_t purge = position(&world, "POST " PURGE "vault/purge?api-version=2026-02-01");
    assert_true(workspace < logs && logs < rule && vault < purge);
    /* the workspace was looked for until it was gone before anything else went */
    assert_int_equal(serve_count(world.serve, "GET " WORKSPACE), 3);
    assert_true(logs > workspace + 3);
    scripted_close(&world);
}

static void without_purge_nothing_is_forced(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"DELETE ", 0, 200, NULL, NULL, 0},
        {"GET " GROUP "/resources",      0, 200, NULL, "{\"value\":[]}", 0},
        {0    }
    };
    struct scripted world;
    scripted_open(&world, rows);
    assert_int_equal(run(&world, &(struct azml_workspace_delete){.with_dependents = true}, NULL),
                     0);
    assert_int_equal(serve_count(world.serve, "DELETE " WORKSPACE "?api-version"), 1);
    assert_int_equal(serve_count(world.serve, "DELETE " LOGS "?api-version"), 1);
    assert_int_equal(serve_count(world.serve, "POST"), 0);
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_workspace_that_stays_keeps_its_dependents),
        cmocka_unit_test(one_dependent_that_fails_is_a_partial_failure),
        cmocka_unit_test(purging_leaves_nothing_and_keeps_the_order),
        cmocka_unit_test(without_purge_nothing_is_forced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
