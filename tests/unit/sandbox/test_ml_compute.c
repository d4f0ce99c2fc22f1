#include "sandbox/ml_compute.h"

#include "ml_world.h"

static int open_with_workspace(void **state)
{
    if (ml_open(state) < 0)
        return -1;
    ml_make_workspace();
    return 0;
}

static void a_compute_without_its_workspace_is_refused(void **state)
{
    (void)state;
    auto_free char *body = ml_instance_body("Standard_E4ds_v4", "");
    ml_refused(404, "ParentResourceNotFound", "nowhere", "PUT",
               ML_RG "/providers/" ML_WORKSPACE "/nowhere/computes/ci1" ML_GA, body);
    ml_refused(404, "ResourceNotFound", "", "GET",
               ML_RG "/providers/" ML_WORKSPACE "/nowhere/computes" ML_GA, NULL);
}

static void a_workspace_that_is_not_ready_takes_no_computes(void **state)
{
    (void)state;
    auto_free char *workspace = ml_workspace_body("");
    auto_free char *body = ml_instance_body("Standard_E4ds_v4", "");
    ml_do(202, "PUT", ML_RG "/providers/" ML_WORKSPACE "/young" ML_GA, workspace);
    ml_refused(409, "Conflict", "provisioning state 'Creating'", "PUT",
               ML_RG "/providers/" ML_WORKSPACE "/young/computes/ci1" ML_GA, body);
}

static void creation_answers_201_with_nulls_and_one_long_address(void **state)
{
    (void)state;
    auto_free char *body = ml_instance_body("standard_e4ds_V4", ML_SSH);
    auto_reply struct sandbox_reply reply = ml_expect(201, "PUT", ML_CI ML_GA, body);
    assert_string_equal(azml_json_text(reply.json, "properties.provisioningState"), "Creating");
    assert_string_equal(azml_json_text(reply.json, "properties.properties.vmSize"),
                        "STANDARD_E4DS_V4");
    static const char *const unknown[] = {"sshSettings", "state", "connectivityEndpoints"};
    for (size_t i = 0; i < AZML_COUNT(unknown); i++) {
        const cJSON *inner = azml_json_at(reply.json, "properties.properties");
        assert_true(cJSON_IsNull(cJSON_GetObjectItem(inner, unknown[i])));
    }
    assert_null(sandbox_pairs_find(&reply.headers, "Location"));
    assert_null(sandbox_pairs_find(&reply.headers, "Retry-After"));
    const char *address = sandbox_pairs_find(&reply.headers, "Azure-AsyncOperation");
    assert_non_null(strstr(address, "/locations/westeurope/computeOperationsStatus/"));
    assert_non_null(strstr(address, "service=new"));
    if (strlen(address) < 1000)
        print_message("a world without files signs with a short certificate\n");
    assert_non_null(strstr(address, "&s="));
    ml_status(&reply, "InProgress");
    ml_shows(ML_CI, "properties.properties.state", "Creating");
    ml_shows(ML_CI, "properties.properties.sshSettings.adminUserName", "azureuser");
    ml_pass(180);
    ml_shows(ML_CI, "properties.properties.state", "SettingUp");
    ml_status(&reply, "InProgress");
    ml_pass(60);
    ml_shows(ML_CI, "properties.properties.state", "Running");
    ml_shows(ML_CI, "properties.properties.lastOperation.operationStatus", "Succeeded");
    ml_status(&reply, "Succeeded");
}

static void a_changed_byte_of_its_address_is_refused(void **state)
{
    (void)state;
    auto_free char *body = ml_instance_body("Standard_E4ds_v4", "");
    auto_reply struct sandbox_reply reply = ml_expect(201, "PUT", ML_CI ML_GA, body);
    auto_free char *address =
        azml_strdup(sandbox_pairs_find(&reply.headers, "Azure-AsyncOperation"), NULL);
    char *mark = strstr(address, "service=new");
    memcpy(mark, "service=NEW", 11);
    sandbox_reply_header(&reply, "Azure-AsyncOperation", address);
    auto_reply struct sandbox_reply refused = ml_poll(403, &reply, "Azure-AsyncOperation");
    assert_int_equal(refused.status, 403);
}

static void a_second_put_while_the_first_runs_is_refused(void **state)
{
    (void)state;
    auto_free char *body = ml_instance_body("Standard_E4ds_v4", "");
    ml_do(201, "PUT", ML_CI ML_GA, body);
    ml_refused(409, "Conflict", "provisioning state 'Creating'", "PUT", ML_CI ML_GA, body);
}

static void a_put_over_an_instance_updates_it_with_200(void **state)
{
    (void)state;
    ml_make_instance("");
    auto_free char *body = ml_instance_body("Standard_E4ds_v4", ",\"idleTimeBeforeShutdown\":"
                                                                "\"PT30M\"");
    auto_reply struct sandbox_reply reply = ml_expect(200, "PUT", ML_CI ML_GA, body);
    assert_string_equal(azml_json_text(reply.json, "properties.provisioningState"), "Updating");
    ml_pass(20);
    ml_status(&reply, "Succeeded");
    ml_shows(ML_CI, "properties.properties.idleTimeBeforeShutdown", "PT30M");
    ml_shows(ML_CI, "properties.properties.state", "Running");
    auto_free char *larger = ml_instance_body("Standard_E2ds_v4", "");
    ml_refused(400, "BadRequest", "vmSize' of the compute 'ci1' cannot be changed", "PUT",
               ML_CI ML_GA, larger);
}

static void a_list_holds_both_kinds_without_keys(void **state)
{
    (void)state;
    auto_free char *instance = ml_instance_body("Standard_D2s_v3", ML_SSH);
    auto_free char *cluster =
        ml_cluster_body("\"vmSize\":\"Standard_E4ds_v4\",\"scaleSettings\":{\"maxNodeCount\":1}");
    ml_do(201, "PUT", ML_CI ML_GA, instance);
    ml_do(201, "PUT", ML_WS "/computes/cpu" ML_GA, cluster);
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", ML_WS "/computes" ML_GA, NULL);
    assert_int_equal(cJSON_GetArraySize(azml_json_at(reply.json, "value")), 2);
    assert_string_equal(azml_json_text(reply.json, "value.0.name"), "ci1");
    assert_string_equal(azml_json_text(reply.json, "value.1.properties.computeType"), "AmlCompute");
    assert_null(
        azml_json_at(reply.json, "value.0.properties.properties.sshSettings.adminPublicKey"));
    ml_shows(ML_CI, "properties.properties.sshSettings.adminPublicKey", ML_KEY);
    ml_sandbox->page_size = 1;
    auto_reply struct sandbox_reply page = ml_expect(200, "GET", ML_WS "/computes" ML_GA, NULL);
    assert_non_null(strstr(azml_json_text(page.json, "nextLink"), "skip="));
}

static void deletion_asks_what_to_do_with_the_machine(void **state)
{
    (void)state;
    ml_refused(400, "BadRequest", "underlyingResourceAction is required", "DELETE", ML_CI ML_GA,
               NULL);
    ml_do(204, "DELETE", ML_CI ML_GA "&underlyingResourceAction=Delete", NULL);
    ml_make_instance("");
    ml_refused(400, "BadRequest", "underlyingResourceAction is required", "DELETE",
               ML_CI ML_GA "&underlyingResourceAction=Burn", NULL);
    ml_refused(400, "BadRequest", "cannot be detached", "DELETE",
               ML_CI ML_GA "&underlyingResourceAction=Detach", NULL);
    auto_reply struct sandbox_reply reply =
        ml_expect(202, "DELETE", ML_CI ML_GA "&underlyingResourceAction=delete", NULL);
    assert_null(reply.json);
    assert_null(sandbox_pairs_find(&reply.headers, "Location"));
    ml_shows(ML_CI, "properties.properties.state", "Deleting");
    ml_pass(90);
    ml_do(404, "GET", ML_CI ML_GA, NULL);
    ml_status(&reply, "Succeeded");
}

static void deletion_overtakes_creation(void **state)
{
    (void)state;
    auto_free char *body = ml_instance_body("Standard_E4ds_v4", "");
    auto_reply struct sandbox_reply created = ml_expect(201, "PUT", ML_CI ML_GA, body);
    ml_do(202, "DELETE", ML_CI ML_GA "&underlyingResourceAction=Delete", NULL);
    ml_status(&created, "Canceled");
    ml_refused(409, "Conflict", "'Deleting'", "PUT", ML_CI ML_GA, body);
    ml_pass(300);
    ml_do(404, "GET", ML_CI ML_GA, NULL);
    ml_do(201, "PUT", ML_CI ML_GA, body);
}

static void computes_go_with_their_workspace(void **state)
{
    (void)state;
    ml_make_instance(",\"idleTimeBeforeShutdown\":\"PT30M\"");
    ml_do(202, "DELETE", ML_WS ML_GA "&forceToPurge=true", NULL);
    ml_pass(60);
    auto_free char *id = ml_path(ML_CI);
    assert_false(sandbox_store_has(ml_sandbox->store, id));
    assert_int_equal(sandbox_operation_running(ml_sandbox, NULL, id, NULL), 0);
}

static void an_instance_takes_no_patch(void **state)
{
    (void)state;
    ml_make_instance("");
    ml_refused(400, "UserError", "ComputeInstance is not supported", "PATCH", ML_CI ML_GA, "{}");
    ml_refused(404, "ResourceNotFound", "", "PATCH", ML_WS "/computes/none" ML_GA, "{}");
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_with_workspace, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(a_compute_without_its_workspace_is_refused),
        ROW(a_workspace_that_is_not_ready_takes_no_computes),
        ROW(creation_answers_201_with_nulls_and_one_long_address),
        ROW(a_changed_byte_of_its_address_is_refused),
        ROW(a_second_put_while_the_first_runs_is_refused),
        ROW(a_put_over_an_instance_updates_it_with_200),
        ROW(a_list_holds_both_kinds_without_keys),
        ROW(deletion_asks_what_to_do_with_the_machine),
        ROW(deletion_overtakes_creation),
        ROW(computes_go_with_their_workspace),
        ROW(an_instance_takes_no_patch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
