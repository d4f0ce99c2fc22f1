/* ml_workspace_actions.c - what can be asked of a workspace: keys, a diagnosis, fresh keys. */
#include "sandbox/ml_workspace.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

/* The first key of the workspace's storage account, from the storage provider itself; NULL where
 * it gives none. The caller's. */
static char *storage_key(struct sandbox *sandbox, const struct sandbox_request *request,
                         const struct sandbox_resource *workspace)
{
    const char *id = azml_json_text(workspace->body, "properties.storageAccount");
    auto_free char *target = azml_format(NULL, "%s/listKeys?api-version=2023-05-01", id ? id : "");
    if (!id || !target)
        return NULL;
    const struct sandbox_call call = {
        .method = "POST",
        .target = target,
        .caller = &request->caller,
    };
    auto_reply struct sandbox_reply reply = {0};
    if (sandbox_call(sandbox, &call, &reply, NULL) < 0 || reply.status != 200)
        return NULL;
    const char *key = azml_json_text(reply.json, "keys.0.value");
    return key ? azml_strdup(key, NULL) : NULL;
}

static int find(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_reply *reply, struct sandbox_resource **out, struct azml_error *err)
{
    if (sandbox_ml_get_workspace(sandbox, request, out, err) < 0)
        return -1;
    if (!*out)
        sandbox_reply_not_found(reply, ML_WORKSPACE, sandbox_request_param(request, "w"),
                                sandbox_request_param(request, "rg"));
    return 0;
}

static int put_notebook_keys(cJSON *json, const char *primary_path, const char *secondary_path,
                             const struct sandbox_resource *workspace)
{
    int bad = azml_json_put_text(json, primary_path,
                                 azml_json_text(workspace->hidden, "notebookPrimary"));
    return bad | azml_json_put_text(json, secondary_path,
                                    azml_json_text(workspace->hidden, "notebookSecondary"));
}

int sandbox_ml_workspace_keys(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (find(sandbox, request, reply, &workspace, err) < 0 || !workspace)
        return reply->status ? 0 : -1;
    auto_free char *key = storage_key(sandbox, request, workspace);
    auto_json cJSON *keys = cJSON_CreateObject();
    int bad = azml_json_put_text(keys, "userStorageKey", key);
    bad |= azml_json_put_text(keys, "userStorageArmId",
                              azml_json_text(workspace->body, "properties.storageAccount"));
    bad |= azml_json_put_text(
        keys, "appInsightsInstrumentationKey",
        azml_json_text(workspace->body, "properties.sdkTelemetryAppInsightsKey"));
    bad |= azml_json_put(keys, "containerRegistryCredentials", cJSON_CreateNull());
    bad |= put_notebook_keys(keys, "notebookAccessKeys.primaryAccessKey",
                             "notebookAccessKeys.secondaryAccessKey", workspace);
    if (bad)
        return azml_error_memory(err);
    return sandbox_reply_json(reply, 200, AZML_STEAL(keys));
}

int sandbox_ml_workspace_notebook_keys(struct sandbox *sandbox,
                                       const struct sandbox_request *request,
                                       struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (find(sandbox, request, reply, &workspace, err) < 0 || !workspace)
        return reply->status ? 0 : -1;
    auto_json cJSON *keys = cJSON_CreateObject();
    if (put_notebook_keys(keys, "primaryAccessKey", "secondaryAccessKey", workspace) < 0)
        return azml_error_memory(err);
    return sandbox_reply_json(reply, 200, AZML_STEAL(keys));
}

int sandbox_ml_workspace_storage_keys(struct sandbox *sandbox,
                                      const struct sandbox_request *request,
                                      struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (find(sandbox, request, reply, &workspace, err) < 0 || !workspace)
        return reply->status ? 0 : -1;
    auto_free char *key = storage_key(sandbox, request, workspace);
    auto_json cJSON *keys = cJSON_CreateObject();
    if (azml_json_put_text(keys, "userStorageKey", key) < 0)
        return azml_error_memory(err);
    return sandbox_reply_json(reply, 200, AZML_STEAL(keys));
}

static int start(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_reply *reply, const char *kind, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (find(sandbox, request, reply, &workspace, err) < 0 || !workspace)
        return reply->status ? 0 : -1;
    const struct sandbox_operation_start what = {
        .kind = kind,
        .resource_id = workspace->id,
        .seconds = 20,
        .location = workspace->location,
    };
    if (sandbox_operation_start(sandbox, &what, request, reply, NULL, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

int sandbox_ml_workspace_diagnose(struct sandbox *sandbox, const struct sandbox_request *request,
                                  struct sandbox_reply *reply, struct azml_error *err)
{
    static const struct sandbox_ml_rule rules[] = {
        {"value", ML_OBJECT, false, NULL},
        {NULL,    ML_TEXT,   false, NULL},
    };
    if (request->json && !sandbox_ml_check(sandbox, request, reply, rules))
        return 0;
    return start(sandbox, request, reply, "ml.workspace.diagnose", err);
}

int sandbox_ml_workspace_resync(struct sandbox *sandbox, const struct sandbox_request *request,
                                struct sandbox_reply *reply, struct azml_error *err)
{
    return start(sandbox, request, reply, "ml.workspace.resync", err);
}

int sandbox_ml_workspace_resynced(struct sandbox *sandbox, struct sandbox_operation *operation,
                                  struct azml_error *err)
{
    (void)sandbox;
    (void)operation;
    (void)err;
    return 0; /* keys are read from the dependents at every call */
}

/* One list of the diagnosis: an error in it where the dependent is gone. */
static int add_finding(struct sandbox *sandbox, const struct sandbox_resource *workspace,
                       const char *member, const char *path, const char *code, cJSON *value)
{
    cJSON *list = cJSON_CreateArray();
    const char *id = path ? azml_json_text(workspace->body, path) : NULL;
    auto_resource struct sandbox_resource *found = sandbox_ml_dependent(sandbox, id);
    int bad = 0;
    if (id && !found) {
        cJSON *finding = cJSON_CreateObject();
        auto_free char *message = azml_format(NULL, "The resource %s could not be found.", id);
        bad |= azml_json_put_text(finding, "code", code);
        bad |= azml_json_put_text(finding, "level", "Error");
        bad |= azml_json_put_text(finding, "message", message);
        bad |= azml_json_append(list, finding);
    }
    return azml_json_put_member(value, member, list) | bad;
}

int sandbox_ml_workspace_diagnosed(struct sandbox *sandbox, struct sandbox_operation *operation,
                                   struct azml_error *err)
{
    static const struct {
        const char *member, *path, *code;
    } lists[] = {
        {"userDefinedRouteResults",    NULL,                             NULL                       },
        {"networkSecurityRuleResults", NULL,                             NULL                       },
        {"resourceLockResults",        NULL,                             NULL                       },
        {"dnsResolutionResults",       NULL,                             NULL                       },
        {"storageAccountResults",      "properties.storageAccount",      "StorageAccountNotFound"   },
        {"keyVaultResults",            "properties.keyVault",            "KeyVaultNotFound"         },
        {"containerRegistryResults",   "properties.containerRegistry",   "ContainerRegistryNotFound"},
        {"applicationInsightsResults", "properties.applicationInsights",
         "ApplicationInsightsNotFound"                                                              },
        {"otherResults",               NULL,                             NULL                       },
    };
    auto_resource struct sandbox_resource *workspace = NULL;
    if (sandbox_store_get(sandbox->store, operation->resource_id, &workspace, err) < 0)
        return -1;
    if (!workspace)
        return sandbox_operation_fail(operation, 404, "NotFound", "The workspace is gone.");
    auto_json cJSON *result = cJSON_CreateObject();
    cJSON *value = cJSON_CreateObject();
    int bad = azml_json_put(result, "value", value);
    for (size_t i = 0; !bad && i < AZML_COUNT(lists); i++)
        bad |=
            add_finding(sandbox, workspace, lists[i].member, lists[i].path, lists[i].code, value);
    if (bad)
        return azml_error_memory(err);
    return sandbox_operation_result(operation, 200, AZML_STEAL(result));
}
