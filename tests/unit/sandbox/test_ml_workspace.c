#include "sandbox/ml_workspace.h"

#include "ml_world.h"

static const char *header(const struct sandbox_reply *reply, const char *name)
{
    const char *value = sandbox_pairs_find(&reply->headers, name);
    return value ? value : "";
}

/* The path and query of one of our own absolute addresses, without the subscription. */
static const char *tail(const char *address)
{
    const char *at = strstr(address, ml_sandbox->subscription_id);
    return at ? at + strlen(ml_sandbox->subscription_id) : "";
}

static void creation_answers_202_with_nothing_and_two_addresses(void **state)
{
    (void)state;
    auto_free char *body = ml_workspace_body("");
    auto_reply struct sandbox_reply reply = ml_expect(202, "PUT", ML_WS ML_GA, body);
    assert_null(reply.json);
    assert_null(reply.text);
    const char *async = header(&reply, "Azure-AsyncOperation");
    const char *location = header(&reply, "Location");
    assert_non_null(strstr(async, "/locations/westeurope/workspaceOperationsStatus/"));
    assert_non_null(strstr(async, "type=async"));
    assert_non_null(strstr(location, "type=location"));
    assert_string_equal(header(&reply, "Retry-After"), "");
    ml_shows(ML_WS, "properties.provisioningState", "Creating");
    ml_status(&reply, "InProgress");
    ml_pass(60);
    auto_reply struct sandbox_reply done = ml_poll(200, &reply, "Azure-AsyncOperation");
    assert_string_equal(azml_json_text(done.json, "status"), "Succeeded");
    assert_int_equal(azml_json_int_or(done.json, "percentComplete", 0), 100);
    auto_reply struct sandbox_reply end = ml_poll(200, &reply, "Location");
    assert_int_equal(end.status, 200);
}

static void it_shows_what_the_service_shows(void **state)
{
    (void)state;
    ml_make_workspace();
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", ML_WS ML_GA, NULL);
    const cJSON *json = reply.json;
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"name",                                    "demo"                                       },
        {"type",                                    ML_WORKSPACE                                 },
        {"location",                                "westeurope"                                 },
        {"kind",                                    "Default"                                    },
        {"sku.name",                                "Basic"                                      },
        {"tags.a",                                  "b"                                          },
        {"identity.type",                           "SystemAssigned"                             },
        {"properties.provisioningState",            "Succeeded"                                  },
        {"properties.publicNetworkAccess",          "Enabled"                                    },
        {"properties.managedNetwork.isolationMode", "Disabled"                                   },
        {"properties.friendlyName",                 "demo"                                       },
        {"properties.sdkTelemetryAppInsightsKey",   "abc-key"                                    },
        {"properties.discoveryUrl",                 "https://westeurope.api.azureml.ms/discovery"},
        {"systemData.createdByType",                "Application"                                },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const char *text = azml_json_text(json, rows[i].path);
        if (!text || strcmp(text, rows[i].text) != 0)
            fail_msg("%s: %s", rows[i].path, text ? text : "nothing");
    }
    assert_non_null(strstr(azml_json_text(json, "id"), "/resourceGroups/Demo/"));
    assert_non_null(
        strstr(azml_json_text(json, "properties.keyVault"), "/Microsoft.Keyvault/vaults/"));
    assert_non_null(strstr(azml_json_text(json, "properties.applicationInsights"),
                           "/Microsoft.insights/components/"));
    assert_non_null(strstr(azml_json_text(json, "properties.notebookInfo.fqdn"),
                           ".westeurope.notebooks.azure.net"));
    assert_null(azml_json_at(json, "etag"));
    assert_int_equal(strlen(azml_json_text(json, "properties.workspaceId")), 36);
}

static void an_id_in_other_letters_finds_it(void **state)
{
    (void)state;
    ml_make_workspace();
    ml_do(200, "GET",
          "/resourcegroups/DEMO/providers/microsoft.machinelearningservices/WORKSPACES/DEMO" ML_GA,
          NULL);
}

static void a_missing_one_is_404_and_its_deletion_204(void **state)
{
    (void)state;
    ml_refused(404, "ResourceNotFound", "workspaces/demo' under resource group 'Demo'", "GET",
               ML_WS ML_GA, NULL);
    ml_refused(404, "ResourceNotFound", "was not found", "PATCH", ML_WS ML_GA, "{}");
    ml_do(204, "DELETE", ML_WS ML_GA, NULL);
}

static void a_second_put_updates_and_replaces_tags(void **state)
{
    (void)state;
    ml_make_workspace();
    auto_free char *id = ml_show(ML_WS, "properties.workspaceId");
    auto_free char *principal = ml_show(ML_WS, "identity.principalId");
    ml_do(202, "PUT", ML_WS ML_GA,
          "{\"location\":\"West Europe\",\"properties\":{\"description\":\"second\"}}");
    ml_shows(ML_WS, "properties.provisioningState", "Updating");
    ml_pass(20);
    ml_shows(ML_WS, "properties.provisioningState", "Succeeded");
    ml_shows(ML_WS, "properties.description", "second");
    ml_shows(ML_WS, "tags.a", "");
    ml_shows(ML_WS, "properties.workspaceId", id);
    ml_shows(ML_WS, "identity.principalId", principal);
}

static void a_patch_changes_what_it_names_and_nothing_fixed(void **state)
{
    (void)state;
    ml_make_workspace();
    auto_free char *store = ml_show(ML_WS, "properties.storageAccount");
    ml_do(200, "PATCH", ML_WS ML_GA,
          "{\"properties\":{\"friendlyName\":\"Nice\",\"storageAccount\":\"/other\"}}");
    ml_shows(ML_WS, "properties.friendlyName", "Nice");
    ml_shows(ML_WS, "tags.a", "b");
    ml_shows(ML_WS, "properties.storageAccount", store);
    ml_do(200, "PATCH", ML_WS ML_GA, "{\"tags\":{\"c\":\"d\"}}");
    ml_shows(ML_WS, "tags.a", "");
    ml_shows(ML_WS, "tags.c", "d");
    ml_refused(400, "BadRequest", "could not be found", "PATCH", ML_WS ML_GA,
               "{\"properties\":{\"applicationInsights\":\"/subscriptions/x\"}}");
}

static void deletion_keeps_it_for_14_days_and_the_name_with_it(void **state)
{
    (void)state;
    ml_make_workspace();
    auto_reply struct sandbox_reply reply = ml_expect(202, "DELETE", ML_WS ML_GA, NULL);
    assert_non_null(strstr(header(&reply, "Location"), "type=location"));
    ml_shows(ML_WS, "properties.provisioningState", "Deleting");
    auto_free char *body = ml_workspace_body("");
    ml_refused(409, "Conflict", "being deleted", "PUT", ML_WS ML_GA, body);
    ml_pass(60);
    ml_do(404, "GET", ML_WS ML_GA, NULL);
    auto_reply struct sandbox_reply end = ml_poll(200, &reply, "Location");
    assert_int_equal(end.status, 200);

    auto_reply struct sandbox_reply again = ml_expect(202, "PUT", ML_WS ML_GA, body);
    ml_pass(60);
    auto_reply struct sandbox_reply status = ml_poll(200, &again, "Azure-AsyncOperation");
    assert_string_equal(azml_json_text(status.json, "status"), "Failed");
    assert_string_equal(azml_json_text(status.json, "error.code"), "BadRequest");
    assert_string_equal(azml_json_text(status.json, "error.message"),
                        "Soft-deleted workspace exists. Please purge or recover it. "
                        "https://aka.ms/wsoftdelete");
    ml_do(404, "GET", ML_WS ML_GA, NULL);

    ml_now_ms += ML_WORKSPACE_KEPT_MS;
    ml_make_workspace();
}

static void a_purge_frees_the_name_at_once(void **state)
{
    (void)state;
    ml_make_workspace();
    ml_refused(400, "BadRequest", "forceToPurge", "DELETE", ML_WS ML_GA "&forceToPurge=yes", NULL);
    ml_do(202, "DELETE", ML_WS ML_GA "&forceToPurge=true", NULL);
    ml_do(202, "DELETE", ML_WS ML_GA, NULL);
    ml_pass(60);
    ml_do(404, "GET", ML_WS ML_GA, NULL);
    ml_make_workspace();
}

static void a_group_that_goes_keeps_its_workspaces_soft_deleted(void **state)
{
    (void)state;
    ml_make_workspace();
    auto_free char *group = ml_path(ML_RG);
    auto_free char *id = ml_path(ML_WS);
    assert_int_equal(sandbox_resource_remove(ml_sandbox, group, NULL), 0);
    auto_deleted struct sandbox_deleted *deleted = NULL;
    assert_int_equal(sandbox_deleted_get(ml_sandbox->store, id, &deleted, NULL), 0);
    assert_non_null(deleted);
    assert_int_equal(deleted->purge_ms, ml_now_ms + ML_WORKSPACE_KEPT_MS);
}

static void a_soft_deleted_one_can_be_recovered(void **state)
{
    (void)state;
    ml_make_workspace();
    ml_do(202, "DELETE", ML_WS ML_GA, NULL);
    ml_pass(60);
    auto_free char *body = ml_workspace_body(",\"allowRecoverSoftDeletedWorkspace\":true");
    ml_do(202, "PUT", ML_WS ML_GA, body);
    ml_pass(60);
    ml_shows(ML_WS, "properties.provisioningState", "Succeeded");
}

static size_t listed(const char *path)
{
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", path, NULL);
    return (size_t)cJSON_GetArraySize(azml_json_at(reply.json, "value"));
}

static void lists_are_by_group_subscription_and_kind_and_paged(void **state)
{
    (void)state;
#define LIST "/providers/Microsoft.MachineLearningServices/workspaces" ML_GA
    ml_keep("/resourceGroups/empty", NULL, "{}");
    auto_free char *body = ml_workspace_body("");
    ml_make_workspace();
    ml_do(202, "PUT", ML_RG "/providers/Microsoft.MachineLearningServices/workspaces/two" ML_GA,
          body);
    assert_int_equal(listed(LIST), 2);
    assert_int_equal(listed(ML_RG LIST), 2);
    assert_int_equal(listed("/resourceGroups/empty" LIST), 0);
    assert_int_equal(listed(LIST "&kind=default"), 2);
    assert_int_equal(listed(LIST "&kind=Hub"), 0);
    ml_sandbox->page_size = 1;
    auto_reply struct sandbox_reply first = ml_expect(200, "GET", LIST, NULL);
    assert_int_equal(cJSON_GetArraySize(azml_json_at(first.json, "value")), 1);
    assert_int_equal(listed(tail(azml_json_text(first.json, "nextLink"))), 1);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, ml_open, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(creation_answers_202_with_nothing_and_two_addresses),
        ROW(it_shows_what_the_service_shows),
        ROW(an_id_in_other_letters_finds_it),
        ROW(a_missing_one_is_404_and_its_deletion_204),
        ROW(a_second_put_updates_and_replaces_tags),
        ROW(a_patch_changes_what_it_names_and_nothing_fixed),
        ROW(deletion_keeps_it_for_14_days_and_the_name_with_it),
        ROW(a_purge_frees_the_name_at_once),
        ROW(a_group_that_goes_keeps_its_workspaces_soft_deleted),
        ROW(a_soft_deleted_one_can_be_recovered),
        ROW(lists_are_by_group_subscription_and_kind_and_paged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
