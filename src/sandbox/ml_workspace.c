#include "sandbox/ml_workspace.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"

#include <stdio.h>
#include <string.h>

/* What every workspace shows; the odd members too, as clients meet them. */
static const char skeleton[] =
    "{\"id\":null,\"name\":null,\"type\":\"" ML_WORKSPACE "\",\"location\":null,\"etag\":null,"
    "\"kind\":\"Default\",\"sku\":{\"name\":\"Basic\",\"tier\":\"Basic\"},\"tags\":{},"
    "\"identity\":null,\"properties\":{\"friendlyName\":null,\"description\":\"\","
    "\"storageAccount\":null,\"keyVault\":null,\"applicationInsights\":null,"
    "\"containerRegistry\":null,\"hbiWorkspace\":false,\"tenantId\":null,"
    "\"imageBuildCompute\":null,\"provisioningState\":\"Creating\",\"v1LegacyMode\":false,"
    "\"creationTime\":null,\"softDeleteEnabled\":false,\"allowRoleAssignmentOnRG\":true,"
    "\"enableDataIsolation\":false,\"managedNetwork\":{\"isolationMode\":\"Disabled\","
    "\"changeableIsolationModes\":[],\"enableNetworkMonitor\":false,\"enableFirewallLog\":false},"
    "\"workspaceId\":null,\"linkedModelInventoryArmId\":null,\"privateLinkCount\":0,"
    "\"publicNetworkAccess\":\"Enabled\",\"discoveryUrl\":null,\"mlFlowTrackingUri\":null,"
    "\"sdkTelemetryAppInsightsKey\":null,\"storageHnsEnabled\":false,\"notebookInfo\":null}}";

/* Members of a body that PUT and PATCH take over as they came. */
static const char *const taken[] = {
    "kind",
    "properties.friendlyName",
    "properties.description",
    "properties.imageBuildCompute",
    "properties.publicNetworkAccess",
    "properties.systemDatastoresAuthMode",
    "properties.managedNetwork.isolationMode",
    "properties.encryption",
    "properties.primaryUserAssignedIdentity",
    "properties.serverlessComputeSettings",
    "properties.featureStoreSettings",
    "properties.hubResourceId",
    "properties.workspaceHubConfig",
};

static const char *const taken_bools[] = {
    "properties.hbiWorkspace",
    "properties.v1LegacyMode",
    "properties.enableDataIsolation",
};

/* The service shows ids of dependents with odd capitals. */
static const struct {
    const char *path, *from, *to;
} dependents[] = {
    {"properties.storageAccount",      NULL,                  NULL                 },
    {"properties.keyVault",            "Microsoft.KeyVault/", "Microsoft.Keyvault/"},
    {"properties.applicationInsights", "Microsoft.Insights/", "Microsoft.insights/"},
    {"properties.containerRegistry",   NULL,                  NULL                 },
};

static int put_dependents(cJSON *body, const cJSON *asked)
{
    int bad = 0;
    for (size_t i = 0; i < AZML_COUNT(dependents); i++) {
        const char *id = azml_json_text(asked, dependents[i].path);
        if (!id || !*id)
            continue;
        auto_free char *shown = azml_strdup(id, NULL);
        if (!shown)
            return -1;
        const char *part = dependents[i].from ? azml_find_nocase(shown, dependents[i].from) : NULL;
        if (part)
            memcpy(shown + (part - shown), dependents[i].to, strlen(dependents[i].to));
        bad |= azml_json_put_text(body, dependents[i].path, shown);
    }
    return bad;
}

static int put_identity(const struct sandbox *sandbox, cJSON *body, const cJSON *asked)
{
    const char *type = azml_json_text(asked, "identity.type");
    if (!type && azml_json_text(body, "identity.type"))
        return 0;
    if (!type)
        type = "SystemAssigned";
    char principal[37];
    azml_platform_uuid(principal);
    const char *kept = azml_json_text(body, "identity.principalId");
    cJSON *identity = cJSON_CreateObject();
    int bad = azml_json_put_text(identity, "type", type);
    if (azml_find_nocase(type, "SystemAssigned")) {
        bad |= azml_json_put_text(identity, "principalId", kept ? kept : principal);
        bad |= azml_json_put_text(identity, "tenantId", sandbox->tenant_id);
    }
    const cJSON *users = azml_json_at(asked, "identity.userAssignedIdentities");
    const cJSON *user;
    cJSON_ArrayForEach (user, users) {
        cJSON *shown = cJSON_CreateObject();
        char id[37];
        azml_platform_uuid(id);
        bad |= azml_json_put_text(shown, "principalId", id);
        azml_platform_uuid(id);
        bad |= azml_json_put_text(shown, "clientId", id);
        cJSON *map = cJSON_GetObjectItemCaseSensitive(identity, "userAssignedIdentities");
        if (!map)
            map = cJSON_AddObjectToObject(identity, "userAssignedIdentities");
        bad |= azml_json_put_member(map, user->string, shown);
    }
    return azml_json_put(body, "identity", identity) | bad;
}

/* Take over what the request says; PUT replaces the tags, PATCH only where it names them. */
static int apply(const struct sandbox *sandbox, cJSON *body, const cJSON *asked, bool is_patch)
{
    int bad = 0;
    for (size_t i = 0; i < AZML_COUNT(taken); i++)
        bad |= sandbox_ml_copy(body, taken[i], asked, taken[i]);
    for (size_t i = 0; i < AZML_COUNT(taken_bools); i++) {
        if (azml_json_at(asked, taken_bools[i]))
            bad |= azml_json_put_bool(body, taken_bools[i],
                                      sandbox_ml_bool_or(asked, taken_bools[i], false));
    }
    if (!is_patch || azml_json_at(asked, "tags")) {
        const cJSON *tags = azml_json_at(asked, "tags");
        bad |= azml_json_put(body, "tags", tags ? cJSON_Duplicate(tags, 1) : cJSON_CreateObject());
    }
    if (is_patch && !azml_json_at(asked, "identity"))
        return bad;
    return put_identity(sandbox, body, asked) | bad;
}

static int put_notebook(cJSON *body, const char *name, const char *location, const char *guid)
{
    unsigned char bytes[16];
    char hex[33];
    azml_platform_random(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    auto_free char *fqdn =
        azml_format(NULL, "ml-%s-%s-%s.%s.notebooks.azure.net", name, location, guid, location);
    int bad = azml_json_put_text(body, "properties.notebookInfo.resourceId", hex);
    bad |= azml_json_put_text(body, "properties.notebookInfo.fqdn", fqdn ? fqdn : "");
    bad |= azml_json_put_bool(body, "properties.notebookInfo.isPrivateLinkEnabled", false);
    bad |=
        azml_json_put(body, "properties.notebookInfo.notebookPreparationError", cJSON_CreateNull());
    return bad;
}

/* What only creation sets. */
static int put_birth(struct sandbox *sandbox, struct sandbox_resource *resource)
{
    char now[AZML_TIME_TEXT], guid[37], key[37];
    azml_time_format_iso(now, sandbox_now_ms(sandbox), false);
    azml_platform_uuid(guid);
    cJSON *body = resource->body;
    auto_free char *discovery =
        azml_format(NULL, "https://%s.api.azureml.ms/discovery", resource->location);
    auto_free char *tracking = azml_format(NULL, "azureml://%s.api.azureml.ms/mlflow/v1.0%s",
                                           resource->location, resource->id);
    int bad = azml_json_put_text(body, "id", resource->id);
    bad |= azml_json_put_text(body, "name", resource->name);
    bad |= azml_json_put_text(body, "location", resource->location);
    bad |= azml_json_put_text(body, "properties.friendlyName", resource->name);
    bad |= azml_json_put_text(body, "properties.tenantId", sandbox->tenant_id);
    bad |= azml_json_put_text(body, "properties.creationTime", now);
    bad |= azml_json_put_text(body, "properties.workspaceId", guid);
    bad |= azml_json_put_text(body, "properties.discoveryUrl", discovery);
    bad |= azml_json_put_text(body, "properties.mlFlowTrackingUri", tracking);
    bad |= put_notebook(body, resource->name, resource->location, guid);
    azml_platform_uuid(key);
    bad |= azml_json_put_text(resource->hidden, "notebookPrimary", key);
    azml_platform_uuid(key);
    bad |= azml_json_put_text(resource->hidden, "notebookSecondary", key);
    return bad;
}

static int put_telemetry(struct sandbox *sandbox, cJSON *body)
{
    auto_resource struct sandbox_resource *insights =
        sandbox_ml_dependent(sandbox, azml_json_text(body, "properties.applicationInsights"));
    const char *key =
        insights ? azml_json_text(insights->body, "properties.InstrumentationKey") : NULL;
    return key ? azml_json_put_text(body, "properties.sdkTelemetryAppInsightsKey", key) : 0;
}

static struct sandbox_resource *new_workspace(struct sandbox *sandbox,
                                              const struct sandbox_request *request,
                                              struct azml_error *err)
{
    auto_free char *group = sandbox_ml_group_id(sandbox, request, err);
    if (!group)
        return NULL;
    auto_free char *id = azml_format(err, "%s/providers/" ML_WORKSPACE "/%s", group,
                                     sandbox_request_param(request, "w"));
    auto_resource struct sandbox_resource *resource =
        id ? sandbox_resource_new(id, ML_WORKSPACE, err) : NULL;
    if (!resource)
        return NULL;
    char location[64];
    sandbox_ml_location(azml_json_text(request->json, "location"), location, sizeof(location));
    free(resource->location);
    resource->location = azml_strdup(location, err);
    cJSON_Delete(resource->body);
    resource->body = azml_json_parse(skeleton, strlen(skeleton), err);
    if (!resource->location || !resource->body)
        return NULL;
    if (put_birth(sandbox, resource) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(resource);
}

static const char *state_of(const struct sandbox_resource *workspace)
{
    const char *state = azml_json_text(workspace->body, "properties.provisioningState");
    return state ? state : "";
}

static int refuse_going(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, const struct sandbox_resource *workspace)
{
    return sandbox_ml_error(sandbox, request, reply, 409, "Conflict",
                            "The workspace '%s' is being deleted.", workspace->name);
}

static int start_put(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, const struct sandbox_resource *workspace,
                     bool is_new, struct azml_error *err)
{
    cJSON *data = cJSON_CreateObject();
    if (azml_json_put_bool(data, "isNew", is_new) < 0 ||
        azml_json_put_bool(data, "recover",
                           sandbox_ml_bool_or(request->json,
                                              "properties.allowRecoverSoftDeletedWorkspace",
                                              false)) < 0) {
        cJSON_Delete(data);
        return azml_error_memory(err);
    }
    const struct sandbox_operation_start start = {
        .kind = "ml.workspace.put",
        .resource_id = workspace->id,
        .seconds = is_new ? 60 : 20,
        .location = workspace->location,
        .data = data,
    };
    if (sandbox_operation_start(sandbox, &start, request, reply, NULL, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

int sandbox_ml_workspace_put(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (sandbox_ml_get_workspace(sandbox, request, &workspace, err) < 0)
        return -1;
    if (!sandbox_ml_workspace_check(sandbox, request, reply, workspace))
        return 0;
    if (workspace && sandbox_ml_is_word(state_of(workspace), "Deleting"))
        return refuse_going(sandbox, request, reply, workspace);
    bool is_new = !workspace || sandbox_ml_is_word(state_of(workspace), "Creating");
    if (!workspace) {
        workspace = new_workspace(sandbox, request, err);
        if (!workspace || put_dependents(workspace->body, request->json) < 0)
            return -1;
    }
    cJSON *body = workspace->body;
    int bad = apply(sandbox, body, request->json, false);
    bad |= put_telemetry(sandbox, body);
    bad |=
        azml_json_put_text(body, "properties.provisioningState", is_new ? "Creating" : "Updating");
    bad |= sandbox_ml_stamp(sandbox, request, body);
    if (bad)
        return azml_error_memory(err);
    if (sandbox_ml_put(sandbox, workspace, err) < 0)
        return -1;
    return start_put(sandbox, request, reply, workspace, is_new, err);
}

int sandbox_ml_workspace_created(struct sandbox *sandbox, struct sandbox_operation *operation,
                                 struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    auto_deleted struct sandbox_deleted *deleted = NULL;
    if (sandbox_store_get(sandbox->store, operation->resource_id, &workspace, err) < 0 ||
        sandbox_deleted_get(sandbox->store, operation->resource_id, &deleted, err) < 0)
        return -1;
    if (!workspace || sandbox_ml_is_word(state_of(workspace), "Deleting"))
        return sandbox_operation_fail(operation, 409, "Conflict",
                                      "The workspace was deleted while it was being created.");
    bool is_gone = deleted && deleted->purge_ms <= sandbox_now_ms(sandbox);
    if (deleted && (is_gone || azml_json_bool_or(operation->data, "recover", false))) {
        if (sandbox_deleted_remove(sandbox->store, operation->resource_id, err) < 0)
            return -1;
    } else if (deleted && azml_json_bool_or(operation->data, "isNew", false)) {
        if (sandbox_store_delete(sandbox->store, operation->resource_id, err) < 0)
            return -1;
        return sandbox_operation_fail(operation, 400, "BadRequest",
                                      "Soft-deleted workspace exists. Please purge or recover it. "
                                      "https://aka.ms/wsoftdelete");
    }
    if (azml_json_put_text(workspace->body, "properties.provisioningState", "Succeeded") < 0)
        return azml_error_memory(err);
    return sandbox_ml_put(sandbox, workspace, err);
}

int sandbox_ml_workspace_get(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (sandbox_ml_get_workspace(sandbox, request, &workspace, err) < 0)
        return -1;
    if (!workspace)
        return sandbox_reply_not_found(reply, ML_WORKSPACE, sandbox_request_param(request, "w"),
                                       sandbox_request_param(request, "rg"));
    return sandbox_reply_json(reply, 200, cJSON_Duplicate(workspace->body, 1));
}

int sandbox_ml_workspace_patch(struct sandbox *sandbox, const struct sandbox_request *request,
                               struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (sandbox_ml_get_workspace(sandbox, request, &workspace, err) < 0)
        return -1;
    if (!workspace)
        return sandbox_reply_not_found(reply, ML_WORKSPACE, sandbox_request_param(request, "w"),
                                       sandbox_request_param(request, "rg"));
    if (!sandbox_ml_workspace_check_patch(sandbox, request, reply))
        return 0;
    if (!sandbox_ml_is_word(state_of(workspace), "Succeeded|Failed|Canceled"))
        return sandbox_ml_error(sandbox, request, reply, 409, "Conflict",
                                "Another operation on the workspace '%s' is in progress.",
                                workspace->name);
    auto_json cJSON *asked = cJSON_Duplicate(request->json, 1);
    azml_json_remove(asked, "kind");
    azml_json_remove(asked, "properties.storageAccount"); /* fixed for ever; PATCH has no such */
    azml_json_remove(asked, "properties.keyVault");
    int bad = apply(sandbox, workspace->body, asked, true);
    bad |= put_dependents(workspace->body, asked);
    bad |= put_telemetry(sandbox, workspace->body);
    bad |= sandbox_ml_stamp(sandbox, request, workspace->body);
    if (!asked || bad)
        return azml_error_memory(err);
    if (sandbox_ml_put(sandbox, workspace, err) < 0)
        return -1;
    return sandbox_reply_json(reply, 200, cJSON_Duplicate(workspace->body, 1));
}

int sandbox_ml_workspace_delete(struct sandbox *sandbox, const struct sandbox_request *request,
                                struct sandbox_reply *reply, struct azml_error *err)
{
    const char *purge = sandbox_request_query(request, "forceToPurge");
    if (purge && !sandbox_ml_is_word(purge, "true|false"))
        return sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                                "The value '%s' is not valid for forceToPurge.", purge);
    auto_resource struct sandbox_resource *workspace = NULL;
    if (sandbox_ml_get_workspace(sandbox, request, &workspace, err) < 0)
        return -1;
    if (!workspace)
        return sandbox_reply_empty(reply, 204);
    if (purge && sandbox_ml_is_word(purge, "true") &&
        azml_json_put_bool(workspace->hidden, "purge", true) < 0)
        return azml_error_memory(err);
    if (azml_json_put_text(workspace->body, "properties.provisioningState", "Deleting") < 0)
        return azml_error_memory(err);
    if (sandbox_ml_put(sandbox, workspace, err) < 0 ||
        sandbox_operation_cancel(sandbox, "ml.workspace.put", workspace->id, err) < 0)
        return -1;
    const struct sandbox_operation_start start = {
        .kind = "ml.workspace.delete",
        .resource_id = workspace->id,
        .seconds = 60,
        .location = workspace->location,
    };
    if (sandbox_operation_start(sandbox, &start, request, reply, NULL, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

int sandbox_ml_workspace_deleted(struct sandbox *sandbox, struct sandbox_operation *operation,
                                 struct azml_error *err)
{
    return sandbox_resource_remove(sandbox, operation->resource_id, err);
}

int sandbox_ml_workspace_removing(struct sandbox *sandbox, const struct sandbox_resource *resource,
                                  struct azml_error *err)
{
    if (azml_json_bool_or(resource->hidden, "purge", false) ||
        sandbox_ml_is_word(state_of(resource), "Creating"))
        return 0;
    int64_t now = sandbox_now_ms(sandbox);
    return sandbox_deleted_put(sandbox->store, resource, now, now + ML_WORKSPACE_KEPT_MS, err);
}

int sandbox_ml_workspace_list(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply, struct azml_error *err)
{
    const char *group = sandbox_request_param(request, "rg");
    const char *kind = sandbox_request_query(request, "kind");
    const struct sandbox_query query = {
        .type = ML_WORKSPACE,
        .subscription_id = sandbox_request_param(request, "s"),
        .group = *group ? group : NULL,
    };
    auto_resources struct sandbox_resources found = {0};
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++) {
        const cJSON *body = found.items[i]->body;
        if (kind && !azml_same_text(kind, azml_json_text(body, "kind")))
            continue;
        if (azml_json_append(items, cJSON_Duplicate(body, 1)) < 0)
            return azml_error_memory(err);
    }
    return sandbox_reply_list(sandbox, request, reply, AZML_STEAL(items), ML_PAGE_SIZE, "$skip");
}
