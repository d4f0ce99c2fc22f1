#include "ml_world.h"
#include "sandbox/ml_compute.h"

#define CPU   ML_WS "/computes/cpu"
#define INNER "properties.properties."

static int open_with_workspace(void **state)
{
    if (ml_open(state) < 0)
        return -1;
    ml_make_workspace();
    return 0;
}

static int64_t count(const char *path)
{
    auto_free char *inner = azml_format(NULL, INNER "%s", path);
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", CPU ML_GA, NULL);
    return azml_json_int_or(reply.json, inner, -1);
}

static void scaling_without_settings_is_refused(void **state)
{
    (void)state;
    auto_free char *body =
        ml_cluster_body("\"vmSize\":\"Standard_E2ds_v4\",\"scaleSettings\":{\"maxNodeCount\":1}");
    ml_do(201, "PUT", CPU ML_GA, body);
    ml_refused(409, "Conflict", "'Creating'", "PATCH", CPU ML_GA,
               "{\"properties\":{\"properties\":{\"scaleSettings\":{\"maxNodeCount\":1}}}}");
    ml_pass(60);
    ml_refused(400, "BadRequest", "scaleSettings' not found", "PATCH", CPU ML_GA,
               "{\"properties\":{\"scaleSettings\":{\"maxNodeCount\":1}}}");
}

static void a_cluster_is_made_with_defaults_and_no_secrets(void **state)
{
    (void)state;
    auto_free char *body = ml_cluster_body(
        "\"vmSize\":\"standard_e2ds_v4\",\"userAccountCredentials\":{\"adminUserName\":\"a\","
        "\"adminUserPassword\":\"geheim\"},\"scaleSettings\":{\"maxNodeCount\":2,"
        "\"nodeIdleTimeBeforeScaleDown\":\"PT120S\"}");
    auto_reply struct sandbox_reply reply = ml_expect(201, "PUT", CPU ML_GA, body);
    assert_string_equal(azml_json_text(reply.json, "properties.provisioningState"), "Creating");
    ml_pass(60);
    ml_status(&reply, "Succeeded");
    ml_shows(CPU, "properties.provisioningState", "Succeeded");
    ml_shows(CPU, INNER "vmSize", "STANDARD_E2DS_V4");
    ml_shows(CPU, INNER "vmPriority", "Dedicated");
    ml_shows(CPU, INNER "allocationState", "Steady");
    ml_shows(CPU, INNER "remoteLoginPortPublicAccess", "Enabled");
    ml_shows(CPU, INNER "scaleSettings.nodeIdleTimeBeforeScaleDown", "PT2M");
    assert_int_equal(count("currentNodeCount"), 0);
    auto_reply struct sandbox_reply shown = ml_expect(200, "GET", CPU ML_GA, NULL);
    auto_free char *text = cJSON_PrintUnformatted(shown.json);
    assert_null(strstr(text, "geheim"));
    auto_reply struct sandbox_reply again = ml_expect(201, "PUT", CPU ML_GA, body);
    assert_string_equal(azml_json_text(again.json, "properties.provisioningState"), "Creating");
}

static void its_nodes_come_and_go_with_its_least_number(void **state)
{
    (void)state;
    auto_free char *body =
        ml_cluster_body("\"vmSize\":\"Standard_E2ds_v4\",\"scaleSettings\":{\"minNodeCount\":2,"
                        "\"maxNodeCount\":4}");
    ml_do(201, "PUT", CPU ML_GA, body);
    ml_pass(60);
    ml_shows(CPU, INNER "allocationState", "Resizing");
    assert_int_equal(count("targetNodeCount"), 2);
    ml_pass(120);
    ml_shows(CPU, INNER "allocationState", "Steady");
    assert_int_equal(count("currentNodeCount"), 2);
    assert_int_equal(count("nodeStateCounts.idleNodeCount"), 2);
    auto_reply struct sandbox_reply nodes = ml_expect(200, "POST", CPU "/listNodes" ML_GA, NULL);
    assert_int_equal(cJSON_GetArraySize(azml_json_at(nodes.json, "nodes")), 2);
    assert_string_equal(azml_json_text(nodes.json, "nodes.1.nodeState"), "idle");
    assert_null(azml_json_at(nodes.json, "nodes.1.publicIpAddress"));
    auto_reply struct sandbox_reply patch =
        ml_expect(202, "PATCH", CPU ML_GA,
                  "{\"properties\":{\"properties\":{\"scaleSettings\":{\"minNodeCount\":0,"
                  "\"maxNodeCount\":3,\"nodeIdleTimeBeforeScaleDown\":\"PT300S\"}}}}");
    assert_null(patch.json);
    ml_pass(30);
    ml_status(&patch, "Succeeded");
    assert_int_equal(count("scaleSettings.maxNodeCount"), 3);
    assert_int_equal(count("currentNodeCount"), 2);
    ml_pass(330);
    assert_int_equal(count("currentNodeCount"), 0);
}

static void low_priority_nodes_never_come_to_a_student(void **state)
{
    (void)state;
    auto_free char *body = ml_cluster_body(
        "\"vmSize\":\"Standard_E2ds_v4\",\"vmPriority\":\"LowPriority\",\"scaleSettings\":{"
        "\"minNodeCount\":1,\"maxNodeCount\":1}");
    ml_do(201, "PUT", CPU ML_GA, body);
    ml_pass(60);
    ml_pass(120);
    assert_int_equal(count("currentNodeCount"), 0);
    ml_shows(CPU, INNER "errors.0.error.code", "ClusterMinNodesExceedCoreQuota");
}

static void an_instance_has_no_nodes(void **state)
{
    (void)state;
    ml_make_instance("");
    ml_refused(400, "UserError",
               "ComputeListNodes with computeType ComputeInstance is not supported.", "POST",
               ML_CI "/listNodes" ML_GA, NULL);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_with_workspace, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(scaling_without_settings_is_refused),
        ROW(a_cluster_is_made_with_defaults_and_no_secrets),
        ROW(its_nodes_come_and_go_with_its_least_number),
        ROW(low_priority_nodes_never_come_to_a_student),
        ROW(an_instance_has_no_nodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
