/* rp_logs.c - Microsoft.OperationalInsights/workspaces (Log Analytics): soft delete and recovery.
 *
 * No data, no queries. Reference section 4.6: a plain DELETE keeps the workspace for 14 days, and a
 * PUT of the same name in the same group and region brings it back; force=true leaves nothing. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

#define TYPE           "Microsoft.OperationalInsights/workspaces"
#define KEPT_MS        (14LL * 24 * 3600 * 1000)
#define CREATE_SECONDS 15
#define DELETE_SECONDS 20

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    if (length < 4 || length > 63 || name[0] == '-' || name[length - 1] == '-')
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '-')
            return false;
    return true;
}

static bool check_retention(const cJSON *json, struct sandbox_reply *reply)
{
    const cJSON *days = azml_json_at(json, "properties.retentionInDays");
    if (!days || (cJSON_IsNumber(days) && ((days->valuedouble >= 30 && days->valuedouble <= 730) ||
                                           azml_json_int_or(days, "", 0) == 7)))
        return true;
    sandbox_reply_error(reply, 400, "InvalidParameter",
                        "'RetentionInDays' property doesn't match the SKU limits.");
    return false;
}

static bool check_body(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    static const char *const skus[] = {"PerGB2018",  "Free",    "CapacityReservation",
                                       "Standalone", "PerNode", NULL};
    const cJSON *json = request->json;
    if (!is_name(sandbox_request_param(request, "name"))) {
        sandbox_reply_error(reply, 400, "InvalidResourceName",
                            "The workspace name '%s' is invalid. It must be between 4 and 63 "
                            "characters, letters, digits and '-', and neither begin nor end with "
                            "'-'.",
                            sandbox_request_param(request, "name"));
        return false;
    }
    return arm_check_tags(json, reply) && arm_check_object(json, "properties", false, reply) &&
           arm_check_object(json, "properties.sku", false, reply) &&
           arm_check_choice(json, "properties.sku.name", skus, false, reply) &&
           check_retention(json, reply);
}

static int put_new_key(cJSON *hidden, const char *name)
{
    unsigned char bytes[64];
    azml_platform_random(bytes, sizeof(bytes));
    auto_free char *key = azml_base64_encode(bytes, sizeof(bytes), NULL);
    return key ? azml_json_put_text(hidden, name, key) : -1;
}

static int make_new(struct sandbox *sandbox, struct sandbox_resource *workspace)
{
    char customer[37];
    azml_platform_uuid(customer);
    int64_t now = sandbox_now_ms(sandbox);
    cJSON *body = workspace->body;
    if (azml_json_put_text(body, "properties.customerId", customer) < 0 ||
        arm_put_time(body, "properties.createdDate", now) < 0 ||
        arm_put_time(body, "properties.sku.lastSkuUpdate", now) < 0 ||
        put_new_key(workspace->hidden, "primary") < 0)
        return -1;
    return put_new_key(workspace->hidden, "secondary");
}

static int apply(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_resource *workspace)
{
    cJSON *body = workspace->body;
    char etag[37];
    azml_platform_uuid(etag);
    if (!cJSON_GetObjectItem(body, "properties") && !cJSON_AddObjectToObject(body, "properties"))
        return -1;
    cJSON *properties = cJSON_GetObjectItem(body, "properties");
    if (arm_merge(properties, cJSON_GetObjectItem(request->json, "properties")) < 0 ||
        azml_json_put_text(body, "location", workspace->location) < 0 ||
        azml_json_put_text(body, "etag", etag) < 0 ||
        arm_put_time(body, "properties.modifiedDate", sandbox_now_ms(sandbox)) < 0)
        return -1;
    if (cJSON_GetObjectItem(request->json, "tags") && arm_copy(body, request->json, "tags") < 0)
        return -1;
    return arm_add_defaults(
        properties,
        "{\"sku\":{\"name\":\"PerGB2018\"},\"retentionInDays\":30,\"features\":{"
        "\"legacy\":0,\"searchVersion\":1,\"enableLogAccessUsingOnlyResourcePermissions\":true},"
        "\"workspaceCapping\":{\"dailyQuotaGb\":-1,\"dataIngestionStatus\":\"RespectQuota\"},"
        "\"publicNetworkAccessForIngestion\":\"Enabled\","
        "\"publicNetworkAccessForQuery\":\"Enabled\"}");
}

/* Take back what was soft-deleted under this id: 1 where something was. */
static int recover(struct sandbox *sandbox, struct sandbox_resource *workspace,
                   const char *location, struct sandbox_reply *reply, struct azml_error *err)
{
    auto_deleted struct sandbox_deleted *deleted = NULL;
    if (arm_drop_expired(sandbox, TYPE, err) < 0 ||
        sandbox_deleted_get(sandbox->store, workspace->id, &deleted, err) < 0)
        return -1;
    if (!deleted)
        return 0;
    if (!azml_same_text(deleted->location, location)) {
        sandbox_reply_error(reply, 409, "Conflict",
                            "The workspace name '%s' is not unique: a soft-deleted workspace of "
                            "that name exists in location '%s'.",
                            workspace->name, deleted->location);
        return 0;
    }
    cJSON_Delete(workspace->body);
    cJSON_Delete(workspace->hidden);
    workspace->body = AZML_STEAL(deleted->body);
    workspace->hidden = AZML_STEAL(deleted->hidden);
    cJSON_DeleteItemFromObject(workspace->hidden, "force");
    return sandbox_deleted_remove(sandbox->store, workspace->id, err) < 0 ? -1 : 1;
}

static int keep(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_resource *workspace, bool is_new, struct sandbox_reply *reply,
                struct azml_error *err)
{
    if (apply(sandbox, request, workspace) < 0 ||
        azml_json_put_text(workspace->body, "properties.provisioningState",
                           is_new ? "Creating" : "Succeeded") < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, workspace, err) < 0 ||
        (is_new && arm_settle_later(sandbox, workspace->id, CREATE_SECONDS, err) < 0))
        return -1;
    return sandbox_reply_json(reply, is_new ? 201 : 200, AZML_STEAL(workspace->body));
}

static int put_workspace(struct sandbox *sandbox, const struct sandbox_request *request,
                         struct sandbox_reply *reply, struct azml_error *err)
{
    bool is_new;
    auto_resource struct sandbox_resource *workspace = arm_open(sandbox, request, &is_new, err);
    char location[ARM_LOCATION_ROOM];
    if (!workspace)
        return -1;
    if (!arm_check_location(request, is_new ? NULL : workspace, location, reply) ||
        !check_body(request, reply))
        return 0;
    int recovered = is_new ? recover(sandbox, workspace, location, reply, err) : 0;
    if (recovered < 0 || reply->status != 0)
        return recovered < 0 ? -1 : 0;
    free(workspace->location);
    workspace->location = azml_strdup(location, err);
    if (!workspace->location || (is_new && !recovered && make_new(sandbox, workspace) < 0))
        return azml_error_memory(err);
    return keep(sandbox, request, workspace, is_new, reply, err);
}

static int delete_workspace(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (arm_find(sandbox, request, &workspace, err) < 0)
        return -1;
    if (!workspace)
        return sandbox_reply_empty(reply, 204);
    const char *force = sandbox_request_query(request, "force");
    if (azml_json_put_text(workspace->body, "properties.provisioningState", "Deleting") < 0 ||
        azml_json_put_bool(workspace->hidden, "force", force && azml_same_text(force, "true")) < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, workspace, err) < 0 ||
        sandbox_operation_cancel(sandbox, NULL, workspace->id, err) < 0)
        return -1;
    const struct sandbox_operation_start start = {.kind = "logs.delete",
                                                  .resource_id = workspace->id,
                                                  .seconds = DELETE_SECONDS,
                                                  .location = workspace->location};
    if (sandbox_operation_start(sandbox, &start, request, reply, NULL, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

static int finish_deletion(struct sandbox *sandbox, struct sandbox_operation *operation,
                           struct azml_error *err)
{
    return sandbox_resource_remove(sandbox, operation->resource_id, err);
}

static int removing(struct sandbox *sandbox, const struct sandbox_resource *workspace,
                    struct azml_error *err)
{
    if (azml_json_bool_or(workspace->hidden, "force", false))
        return 0;
    int64_t now = sandbox_now_ms(sandbox);
    return sandbox_deleted_put(sandbox->store, workspace, now, now + KEPT_MS, err);
}

static int list_deleted(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, struct azml_error *err)
{
    const char *group = sandbox_request_param(request, "rg");
    auto_deleted_list struct sandbox_deleted_list found = {0};
    if (arm_drop_expired(sandbox, TYPE, err) < 0 ||
        sandbox_deleted_find(sandbox->store, TYPE, NULL, NULL, &found, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++) {
        struct sandbox_deleted *deleted = found.items[i];
        auto_resource struct sandbox_resource *was = sandbox_resource_new(deleted->id, TYPE, err);
        if (!was)
            return -1;
        if (!azml_same_text(deleted->subscription_id, sandbox_request_param(request, "s")) ||
            (*group && !azml_same_text(was->group, group)))
            continue;
        if (azml_json_append(items, AZML_STEAL(deleted->body)) < 0)
            return azml_error_memory(err);
    }
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

static int shared_keys(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    if (arm_find(sandbox, request, &workspace, err) < 0)
        return -1;
    if (!workspace)
        return sandbox_reply_not_found(reply, TYPE, sandbox_request_param(request, "name"),
                                       sandbox_request_param(request, "rg"));
    auto_json cJSON *keys = cJSON_CreateObject();
    if (azml_json_put_text(keys, "primarySharedKey", azml_json_text(workspace->hidden, "primary")) <
            0 ||
        azml_json_put_text(keys, "secondarySharedKey",
                           azml_json_text(workspace->hidden, "secondary")) < 0)
        return azml_error_memory(err);
    return sandbox_reply_json(reply, 200, AZML_STEAL(keys));
}

#define GROUP           "/subscriptions/{s}/resourceGroups/{rg}"
#define IN_GROUP        GROUP "/providers/" TYPE
#define IN_SUBSCRIPTION "/subscriptions/{s}/providers/Microsoft.OperationalInsights"
#define DELETED         "/providers/Microsoft.OperationalInsights/deletedWorkspaces"

static const struct sandbox_route routes[] = {
    {"PUT",          IN_GROUP "/{name}", put_workspace, TYPE, 0},
    {"GET", IN_GROUP "/{name}", arm_get, TYPE, 0},
    {"HEAD",             IN_GROUP "/{name}", arm_head, TYPE, 0},
    {"PATCH",          IN_GROUP "/{name}", arm_patch, TYPE, 0},
    {"DELETE",       IN_GROUP "/{name}", delete_workspace, TYPE, 0},
    {"POST",             IN_GROUP "/{name}/sharedKeys", shared_keys, TYPE, 0},
    {"GET",         IN_GROUP, arm_list, TYPE, 0},
    {"GET",      IN_SUBSCRIPTION "/workspaces", arm_list, TYPE, 0},
    {"GET",             GROUP DELETED, list_deleted, TYPE, 0},
    {"GET",        "/subscriptions/{s}" DELETED, list_deleted, TYPE, 0},
    {0    },
};

static const struct sandbox_operation_kind operations[] = {
    {.name = "logs.delete",
     .step = finish_deletion,
     .async_path = IN_SUBSCRIPTION "/locations/{l}/operationstatuses/{id}",
     .location_path = IN_GROUP "/{name}/operationresults/{id}",
     .api_version = "2015-11-01-preview",
     .is_signed = true,
     .has_details = true},
    {0},
};

static const struct sandbox_type types[] = {
    {TYPE, removing},
    {0   },
};

const struct sandbox_provider sandbox_provider_logs = {
    .name = "logs", .routes = routes, .operations = operations, .types = types};
