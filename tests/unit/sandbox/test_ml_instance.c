#include "ml_world.h"
#include "sandbox/ml_compute.h"

#define STATE "properties.properties.state"
#define LAST  "properties.properties.lastOperation."

static int open_with_workspace(void **state)
{
    if (ml_open(state) < 0)
        return -1;
    ml_make_workspace();
    return 0;
}

static void the_address_comes_a_little_after_running(void **state)
{
    (void)state;
    ml_make_instance("");
    ml_shows(ML_CI, "properties.properties.connectivityEndpoints.publicIpAddress", "");
    ml_pass(30);
    ml_shows(ML_CI, "properties.properties.connectivityEndpoints.publicIpAddress", "127.0.0.1");
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", ML_CI ML_GA, NULL);
    assert_string_equal(
        azml_json_text(reply.json, "properties.properties.sshSettings.sshPublicAccess"),
        "Disabled");
    assert_int_equal(azml_json_int_or(reply.json, "properties.properties.sshSettings.sshPort", 0),
                     50000);
    ml_do(202, "POST", ML_CI "/stop" ML_GA, NULL);
    ml_shows(ML_CI, "properties.properties.connectivityEndpoints.publicIpAddress", "");
}

static void without_a_machine_it_runs_and_says_why_it_cannot_be_entered(void **state)
{
    (void)state;
    ml_make_instance(ML_SSH);
    ml_pass(300);
    ml_shows(ML_CI, "properties.provisioningWarnings.ssh",
             "This compute runs but cannot be entered by SSH: this sandbox keeps no files");
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", ML_CI ML_GA, NULL);
    assert_null(
        azml_json_at(reply.json, "properties.properties.connectivityEndpoints.publicIpAddress"));
    assert_null(azml_json_at(reply.json, "properties.properties.sshSettings.sshPort"));
    assert_string_equal(azml_json_text(reply.json, STATE), "Running");
}

static void stop_and_start_go_through_their_states(void **state)
{
    (void)state;
    ml_make_instance("");
    auto_reply struct sandbox_reply stop = ml_expect(202, "POST", ML_CI "/stop" ML_GA, NULL);
    assert_null(stop.json);
    assert_null(sandbox_pairs_find(&stop.headers, "Location"));
    ml_shows(ML_CI, STATE, "Stopping");
    ml_shows(ML_CI, LAST "operationStatus", "InProgress");
    ml_status(&stop, "InProgress");
    ml_pass(90);
    ml_status(&stop, "Succeeded");
    ml_shows(ML_CI, STATE, "Stopped");
    ml_shows(ML_CI, LAST "operationName", "Stop");
    ml_shows(ML_CI, LAST "operationTrigger", "User");
    ml_shows(ML_CI, "properties.provisioningState", "Succeeded");
    auto_reply struct sandbox_reply start = ml_expect(202, "POST", ML_CI "/start" ML_GA, NULL);
    ml_shows(ML_CI, STATE, "Starting");
    ml_pass(90);
    ml_status(&start, "Succeeded");
    ml_shows(ML_CI, STATE, "Running");
    ml_do(202, "POST", ML_CI "/restart" ML_GA, NULL);
    ml_shows(ML_CI, STATE, "Restarting");
    ml_pass(60);
    ml_shows(ML_CI, STATE, "Running");
    ml_shows(ML_CI, LAST "operationName", "Restart");
}

static void a_startup_script_runs_at_every_start(void **state)
{
    (void)state;
    ml_make_instance("");
    ml_do(202, "POST", ML_CI "/stop" ML_GA, NULL);
    ml_pass(90);
    auto_free char *body = ml_instance_body(
        "Standard_E4ds_v4", ",\"setupScripts\":{\"scripts\":{\"startupScript\":{\"scriptSource\":"
                            "\"inline\",\"scriptData\":\"ZWNobw==\"}}}");
    ml_do(200, "PUT", ML_CI ML_GA, body);
    ml_pass(20);
    ml_do(202, "POST", ML_CI "/start" ML_GA, NULL);
    ml_pass(90);
    ml_shows(ML_CI, STATE, "UserSettingUp");
    ml_pass(30);
    ml_shows(ML_CI, STATE, "Running");
}

static void an_idle_instance_stops_itself_and_says_so(void **state)
{
    (void)state;
    ml_make_instance(",\"idleTimeBeforeShutdown\":\"PT60M\"");
    assert_int_equal(sandbox_clock_advance(ml_sandbox, 59 * 60, NULL), 0);
    ml_shows(ML_CI, STATE, "Running");
    assert_int_equal(sandbox_clock_advance(ml_sandbox, 2 * 60, NULL), 0);
    ml_shows(ML_CI, STATE, "Stopping");
    ml_pass(90);
    ml_shows(ML_CI, STATE, "Stopped");
    ml_shows(ML_CI, LAST "operationName", "Stop");
    ml_shows(ML_CI, LAST "operationStatus", "Succeeded");
    ml_shows(ML_CI, LAST "operationTrigger", "IdleShutdown");
}

static void a_restart_begins_the_idle_time_anew(void **state)
{
    (void)state;
    ml_make_instance(",\"idleTimeBeforeShutdown\":\"PT60M\"");
    assert_int_equal(sandbox_clock_advance(ml_sandbox, 50 * 60, NULL), 0);
    ml_do(202, "POST", ML_CI "/restart" ML_GA, NULL);
    ml_pass(60);
    assert_int_equal(sandbox_clock_advance(ml_sandbox, 50 * 60, NULL), 0);
    ml_shows(ML_CI, STATE, "Running");
}

static void a_stopped_instance_has_no_idle_timer(void **state)
{
    (void)state;
    ml_make_instance(",\"idleTimeBeforeShutdown\":\"PT60M\"");
    ml_do(202, "POST", ML_CI "/stop" ML_GA, NULL);
    ml_pass(90);
    auto_free char *id = ml_path(ML_CI);
    assert_int_equal(sandbox_operation_running(ml_sandbox, NULL, id, NULL), 0);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_with_workspace, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(the_address_comes_a_little_after_running),
        ROW(without_a_machine_it_runs_and_says_why_it_cannot_be_entered),
        ROW(stop_and_start_go_through_their_states),
        ROW(a_startup_script_runs_at_every_start),
        ROW(an_idle_instance_stops_itself_and_says_so),
        ROW(a_restart_begins_the_idle_time_anew),
        ROW(a_stopped_instance_has_no_idle_timer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
