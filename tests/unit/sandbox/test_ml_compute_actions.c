#include "ml_world.h"
#include "sandbox/ml_compute.h"

static int open_with_workspace(void **state)
{
    if (ml_open(state) < 0)
        return -1;
    ml_make_workspace();
    return 0;
}

static void actions_on_a_missing_compute_are_404(void **state)
{
    (void)state;
    static const char *const actions[] = {"start", "stop", "restart", "listNodes", "listKeys"};
    for (size_t i = 0; i < AZML_COUNT(actions); i++) {
        auto_free char *path = azml_format(NULL, ML_CI "/%s" ML_GA, actions[i]);
        ml_refused(404, "ResourceNotFound", "was not found", "POST", path, NULL);
    }
}

static void the_wrong_state_is_a_conflict(void **state)
{
    (void)state;
    ml_make_instance("");
    ml_refused(409, "StartComputeInstanceOnlyAllowedInStoppedState",
               "Start Azure ML Compute Instance is only allowed when the instance ci1 is in "
               "'stopped' state",
               "POST", ML_CI "/start" ML_GA, NULL);
    ml_do(202, "POST", ML_CI "/stop" ML_GA, NULL);
    static const char *const actions[] = {"/start", "/stop", "/restart"};
    for (size_t i = 0; i < AZML_COUNT(actions); i++) {
        auto_free char *path = azml_format(NULL, ML_CI "%s" ML_GA, actions[i]);
        ml_do(409, "POST", path, NULL);
    }
    ml_pass(90);
    ml_refused(409, "StopComputeInstanceOnlyAllowedInRunningState", "'running' state", "POST",
               ML_CI "/stop" ML_GA, NULL);
    ml_refused(409, "RestartComputeInstanceOnlyAllowedInRunningState", "'running' state", "POST",
               ML_CI "/restart" ML_GA, NULL);
}

static void a_cluster_cannot_be_started(void **state)
{
    (void)state;
    auto_free char *body =
        ml_cluster_body("\"vmSize\":\"Standard_E4ds_v4\",\"scaleSettings\":{\"maxNodeCount\":1}");
    ml_do(201, "PUT", ML_WS "/computes/cpu" ML_GA, body);
    ml_refused(400, "UserError", "ComputeStart with computeType AmlCompute is not supported.",
               "POST", ML_WS "/computes/cpu/start" ML_GA, NULL);
    ml_refused(400, "UserError", "ComputeStop with", "POST", ML_WS "/computes/cpu/stop" ML_GA,
               NULL);
    ml_refused(400, "UserError", "ComputeListKeys", "POST", ML_WS "/computes/cpu/listKeys" ML_GA,
               NULL);
}

#define IDLE "/updateIdleShutdownSetting"

static void the_idle_setting_is_known_to_previews_alone(void **state)
{
    (void)state;
    ml_make_instance("");
    ml_refused(404, "NotFound", "updateIdleShutdownSetting", "POST", ML_CI IDLE ML_GA,
               "{\"idleTimeBeforeShutdown\":\"PT30M\"}");
#define PREVIEW "?api-version=2025-10-01-preview"
    ml_refused(400, "BadRequest", "between 15 minutes", "POST", ML_CI IDLE PREVIEW,
               "{\"idleTimeBeforeShutdown\":\"PT1M\"}");
    ml_do(400, "POST", ML_CI IDLE PREVIEW, NULL);
    ml_do(200, "POST", ML_CI IDLE PREVIEW, "{\"idleTimeBeforeShutdown\":\"PT30M\"}");
    ml_shows(ML_CI, "properties.properties.idleTimeBeforeShutdown", "PT30M");
    assert_int_equal(sandbox_clock_advance(ml_sandbox, 31 * 60, NULL), 0);
    ml_shows(ML_CI, "properties.properties.state", "Stopping");
}

static void the_idle_setting_can_be_taken_away(void **state)
{
    (void)state;
    ml_make_instance(",\"idleTimeBeforeShutdown\":\"PT30M\"");
    ml_do(200, "POST", ML_CI IDLE PREVIEW, "{\"idleTimeBeforeShutdown\":null}");
    assert_int_equal(sandbox_clock_advance(ml_sandbox, 24 * 3600, NULL), 0);
    ml_shows(ML_CI, "properties.properties.state", "Running");
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_with_workspace, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(actions_on_a_missing_compute_are_404), ROW(the_wrong_state_is_a_conflict),
        ROW(a_cluster_cannot_be_started),          ROW(the_idle_setting_is_known_to_previews_alone),
        ROW(the_idle_setting_can_be_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
