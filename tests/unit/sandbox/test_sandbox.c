#include "sandbox/sandbox.h"

#include "unit/test.h"

#include "self_run.h"

static void what_never_started_says_so(void **state)
{
    (void)state;
    assert_false(is_running(NULL));
    struct azml_sandbox_env env;
    auto_error struct azml_error err = {0}, down = {0};
    assert_int_equal(azml_sandbox_env(NULL, &env, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.hint, "azml sandbox start");
    assert_int_equal(azml_sandbox_clock_advance(NULL, 60, &down), -1);
    assert_int_equal(down.code, AZML_ERROR_NOT_FOUND);
    bool stopped = true;
    assert_int_equal(azml_sandbox_stop(NULL, &stopped, NULL), 0);
    assert_false(stopped);
}

static void commands_reach_the_running_sandbox(void **state)
{
    (void)state;
    start(NULL);
    const struct azml_sandbox_fault fault = {.method = "GET",
                                             .path = "*computes*",
                                             .kind = AZML_SANDBOX_FAULT_CUT,
                                             .cut_bytes = 10,
                                             .times = 2};
    int64_t id = 0;
    assert_int_equal(azml_sandbox_fault_add(NULL, &fault, &id, NULL), 0);
    auto_json cJSON *faults = azml_sandbox_fault_list(NULL, NULL);
    assert_int_equal(cJSON_GetArraySize(faults), 1);
    assert_string_equal(azml_json_text(faults, "0.kind"), "cut");
    assert_int_equal(azml_json_int_or(faults, "0.id", 0), id);
    auto_error struct azml_error err = {0}, none = {0}, back = {0};
    assert_int_equal(azml_sandbox_fault_clear(NULL, id + 1, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_int_equal(azml_sandbox_fault_clear(NULL, 0, NULL), 0);
    const struct azml_sandbox_edit edit = {.id = "/subscriptions/none", .hide_from_list = 1};
    assert_int_equal(azml_sandbox_edit(NULL, &edit, &none), -1);
    assert_string_equal(none.message, "the sandbox has no resource /subscriptions/none");
    assert_int_equal(azml_sandbox_clock_advance(NULL, 7200, NULL), 0);
    assert_int_equal(azml_sandbox_clock_advance(NULL, -1, &back), -1);
    assert_int_equal(back.code, AZML_ERROR_USAGE);
}

static void every_fault_arrives_as_it_was_written(void **state)
{
    (void)state;
    start(NULL);
    static const char *const headers[] = {"Retry-After: 7", "X: y", NULL};
    const struct azml_sandbox_fault faults[] = {
        {.kind = AZML_SANDBOX_FAULT_STATUS, .status = 503,   .headers = headers, .body = "<html>"},
        {.kind = AZML_SANDBOX_FAULT_DELAY,  .delay_ms = 250},
        {.kind = AZML_SANDBOX_FAULT_RESET,                         .after = true,                              .nth = 3,                   .times = 2   },
    };
    for (size_t i = 0; i < AZML_COUNT(faults); i++)
        assert_int_equal(azml_sandbox_fault_add(NULL, &faults[i], NULL, NULL), 0);
    auto_json cJSON *list = azml_sandbox_fault_list(NULL, NULL);
    assert_int_equal(cJSON_GetArraySize(list), 3);
    assert_int_equal(azml_json_int_or(list, "0.status", 0), 503);
    assert_string_equal(azml_json_text(list, "0.headers.1"), "X: y");
    assert_string_equal(azml_json_text(list, "0.body"), "<html>");
    assert_int_equal(azml_json_int_or(list, "1.delayMs", 0), 250);
    assert_string_equal(azml_json_text(list, "2.kind"), "reset");
    assert_true(azml_json_bool_or(list, "2.after", false));
    assert_int_equal(azml_json_int_or(list, "2.nth", 0), 3);
    assert_int_equal(azml_json_int_or(list, "2.times", 0), 2);
}

static void an_edit_changes_what_is_named(void **state)
{
    (void)state;
    start(NULL);
    struct azml_sandbox_env env;
    assert_int_equal(azml_sandbox_env(NULL, &env, NULL), 0);
    auto_free char *id = azml_format(NULL, "/SUBSCRIPTIONS/%s", env.variables[7].value);
    azml_sandbox_env_cleanup(&env);
    const struct azml_sandbox_edit edit = {.id = id,
                                           .created = AZML_SANDBOX_CREATED_NONE,
                                           .hide_from_graph = 1,
                                           .managed_by = "/somebody"};
    auto_error struct azml_error err = {0};
    if (azml_sandbox_edit(NULL, &edit, &err) < 0)
        fail_msg("%s", err.message);
}

static void status_tells_what_the_sandbox_holds(void **state)
{
    (void)state;
    start(NULL);
    auto_json cJSON *status = azml_sandbox_status(NULL, NULL);
    assert_true(azml_json_bool_or(status, "running", false));
    assert_int_equal(azml_json_int_or(status, "faults", -1), 0);
    assert_int_equal(azml_json_int_or(status, "operations", -1), 0);
    assert_true(azml_json_int_or(status, "resources", -1) >= 0);
    assert_non_null(azml_json_text(status, "startedAt"));
    assert_true(azml_has_prefix(azml_json_text(status, "endpoint"), "https://127.0.0.1:"));
}

int main(int argc, char **argv)
{
    int status;
    if (was_sandbox(argc, argv, &status))
        return status;
    const struct CMUnitTest tests[] = {
        WITH_STATE(what_never_started_says_so),
        WITH_STATE(commands_reach_the_running_sandbox),
        WITH_STATE(every_fault_arrives_as_it_was_written),
        WITH_STATE(an_edit_changes_what_is_named),
        WITH_STATE(status_tells_what_the_sandbox_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
