#include "sandbox/ml_compute.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "sandbox/ml_machines.h"

#include <ctype.h>
#include <string.h>

static const char envelope[] =
    "{\"id\":null,\"name\":null,\"type\":\"" ML_COMPUTE "\",\"location\":null,\"tags\":{},"
    "\"identity\":null,\"sku\":null,\"systemData\":{},\"properties\":{\"computeType\":null,"
    "\"computeLocation\":null,\"description\":null,\"disableLocalAuth\":false,\"createdOn\":null,"
    "\"modifiedOn\":null,\"resourceId\":null,\"isAttachedCompute\":false,"
    "\"provisioningState\":\"Creating\",\"provisioningErrors\":null,\"provisioningWarnings\":{},"
    "\"properties\":{}}}";

bool sandbox_ml_is_instance(const cJSON *body)
{
    return azml_same_text(azml_json_text(body, "properties.computeType"), "ComputeInstance");
}

int sandbox_ml_compute_put_size(cJSON *body, const char *size)
{
    auto_free char *upper = azml_strdup(size, NULL);
    for (char *c = upper; c && *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return upper ? azml_json_put_text(body, "properties.properties.vmSize", upper) : -1;
}

static const char *provisioning(const struct sandbox_resource *resource)
{
    const char *state = azml_json_text(resource->body, "properties.provisioningState");
    return state ? state : "";
}

static int not_found(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    auto_free char *name = azml_format(NULL, "%s/%s", sandbox_request_param(request, "w"),
                                       sandbox_request_param(request, "c"));
    return sandbox_reply_not_found(reply, ML_COMPUTE, name ? name : "",
                                   sandbox_request_param(request, "rg"));
}

int sandbox_ml_compute_find(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct sandbox_resource **out,
                            struct azml_error *err)
{
    if (sandbox_ml_get_compute(sandbox, request, out, err) < 0)
        return -1;
    if (!*out)
        not_found(request, reply);
    return 0;
}

static cJSON *show(struct sandbox *sandbox, const struct sandbox_resource *compute)
{
    return sandbox_ml_is_instance(compute->body) ? sandbox_ml_instance_show(sandbox, compute)
                                                 : cJSON_Duplicate(compute->body, 1);
}

static int put_identity(const struct sandbox *sandbox, cJSON *body, const cJSON *asked)
{
    const char *type = azml_json_text(asked, "identity.type");
    if (!type)
        return 0;
    int bad = azml_json_put(body, "identity", cJSON_Duplicate(azml_json_at(asked, "identity"), 1));
    if (!azml_find_nocase(type, "SystemAssigned"))
        return bad;
    char principal[37];
    azml_platform_uuid(principal);
    bad |= azml_json_put_text(body, "identity.principalId", principal);
    return azml_json_put_text(body, "identity.tenantId", sandbox->tenant_id) | bad;
}

static int put_birth(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_resource *compute, const struct sandbox_resource *workspace)
{
    char now[AZML_TIME_TEXT], guid[37];
    sandbox_ml_now(sandbox, now);
    azml_platform_uuid(guid);
    cJSON *body = compute->body;
    bool is_instance = sandbox_ml_is_instance(request->json);
    int bad = azml_json_put_text(body, "id", compute->id);
    bad |= azml_json_put_text(body, "name", compute->name);
    bad |= azml_json_put_text(body, "location", workspace->location);
    bad |= azml_json_put_text(body, "properties.computeType",
                              is_instance ? "ComputeInstance" : "AmlCompute");
    bad |= azml_json_put_text(body, "properties.computeLocation", compute->location);
    bad |= azml_json_put_text(body, "properties.createdOn", now);
    bad |= azml_json_put_text(compute->hidden, "machine", guid);
    return put_identity(sandbox, body, request->json) | bad;
}

static struct sandbox_resource *new_compute(struct sandbox *sandbox,
                                            const struct sandbox_request *request,
                                            const struct sandbox_resource *workspace,
                                            struct azml_error *err)
{
    auto_free char *id =
        azml_format(err, "%s/computes/%s", workspace->id, sandbox_request_param(request, "c"));
    auto_resource struct sandbox_resource *compute =
        id ? sandbox_resource_new(id, ML_COMPUTE, err) : NULL;
    if (!compute)
        return NULL;
    const char *place = azml_json_text(request->json, "properties.computeLocation");
    char location[64];
    sandbox_ml_location(place ? place : workspace->location, location, sizeof(location));
    free(compute->location);
    compute->location = azml_strdup(location, err);
    cJSON_Delete(compute->body);
    compute->body = azml_json_parse(envelope, strlen(envelope), err);
    if (!compute->location || !compute->body)
        return NULL;
    if (put_birth(sandbox, request, compute, workspace) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(compute);
}

/* What a PUT says about the compute as such. */
static int apply(const struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_resource *compute)
{
    char now[AZML_TIME_TEXT];
    sandbox_ml_now(sandbox, now);
    const cJSON *tags = azml_json_at(request->json, "tags");
    cJSON *body = compute->body;
    int bad = azml_json_put(body, "tags", tags ? cJSON_Duplicate(tags, 1) : cJSON_CreateObject());
    bad |= sandbox_ml_copy(body, "properties.description", request->json, "properties.description");
    bad |=
        azml_json_put_bool(body, "properties.disableLocalAuth",
                           sandbox_ml_bool_or(request->json, "properties.disableLocalAuth", false));
    bad |= azml_json_put_text(body, "properties.modifiedOn", now);
    return sandbox_ml_stamp(sandbox, request, body) | bad;
}

/* The reply to a creation shows what is not known yet as null. */
static cJSON *as_created(const cJSON *body)
{
    static const char *const unknown[] = {
        "properties.properties.sshSettings", "properties.properties.state",
        "properties.properties.connectivityEndpoints", "properties.properties.lastOperation"};
    cJSON *shown = cJSON_Duplicate(body, 1);
    for (size_t i = 0; sandbox_ml_is_instance(body) && i < AZML_COUNT(unknown); i++) {
        if (azml_json_put(shown, unknown[i], cJSON_CreateNull()) < 0) {
            cJSON_Delete(shown);
            return NULL;
        }
    }
    return shown;
}

int sandbox_ml_compute_begin(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, const struct sandbox_resource *compute,
                             const char *kind, double seconds, struct azml_error *err)
{
    const struct sandbox_operation_start start = {
        .kind = kind,
        .resource_id = compute->id,
        .seconds = seconds,
        .location = compute->location,
    };
    return sandbox_operation_start(sandbox, &start, request, reply, NULL, err);
}

static int create(struct sandbox *sandbox, const struct sandbox_request *request,
                  struct sandbox_reply *reply, struct sandbox_resource *compute,
                  struct azml_error *err)
{
    bool is_instance = sandbox_ml_is_instance(compute->body);
    int bad = apply(sandbox, request, compute);
    bad |= azml_json_put_text(compute->body, "properties.provisioningState", "Creating");
    bad |= is_instance ? sandbox_ml_instance_fill(sandbox, request, compute, true)
                       : sandbox_ml_cluster_fill(sandbox, request, compute, true);
    if (bad)
        return azml_error_memory(err);
    if (sandbox_ml_put(sandbox, compute, err) < 0 ||
        sandbox_ml_compute_begin(sandbox, request, reply, compute,
                                 is_instance ? "ml.instance.create" : "ml.cluster.create",
                                 is_instance ? 180 : 60, err) < 0)
        return -1;
    return sandbox_reply_json(reply, 201, as_created(compute->body));
}

static int update(struct sandbox *sandbox, const struct sandbox_request *request,
                  struct sandbox_reply *reply, struct sandbox_resource *compute,
                  struct azml_error *err)
{
    bool is_instance = sandbox_ml_is_instance(compute->body);
    int bad = apply(sandbox, request, compute);
    bad |= azml_json_put_text(compute->body, "properties.provisioningState",
                              is_instance ? "Updating" : "Creating");
    bad |= is_instance ? sandbox_ml_instance_fill(sandbox, request, compute, false)
                       : sandbox_ml_cluster_fill(sandbox, request, compute, false);
    if (bad)
        return azml_error_memory(err);
    if (sandbox_ml_put(sandbox, compute, err) < 0 ||
        (is_instance && sandbox_ml_instance_arm(sandbox, compute, err) < 0) ||
        sandbox_ml_compute_begin(sandbox, request, reply, compute,
                                 is_instance ? "ml.compute.update" : "ml.cluster.create", 20,
                                 err) < 0)
        return -1;
    return sandbox_reply_json(reply, is_instance ? 200 : 201, show(sandbox, compute));
}

int sandbox_ml_compute_put(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *workspace = NULL;
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_get_workspace(sandbox, request, &workspace, err) < 0 ||
        sandbox_ml_get_compute(sandbox, request, &compute, err) < 0)
        return -1;
    if (!workspace)
        return sandbox_reply_error(reply, 404, "ParentResourceNotFound",
                                   "Can not perform requested operation on nested resource. Parent "
                                   "resource '%s' not found.",
                                   sandbox_request_param(request, "w"));
    if (!sandbox_ml_compute_check(sandbox, request, reply, workspace, compute))
        return 0;
    if (sandbox_ml_is_word(provisioning(workspace), "Creating|Deleting|Failed"))
        return sandbox_ml_error(sandbox, request, reply, 409, "Conflict",
                                "The workspace '%s' is in provisioning state '%s'.",
                                workspace->name, provisioning(workspace));
    if (compute && !sandbox_ml_is_word(provisioning(compute), "Succeeded|Failed|Canceled"))
        return sandbox_ml_error(sandbox, request, reply, 409, "Conflict",
                                "The compute '%s' is in provisioning state '%s'; another operation "
                                "on it is in progress.",
                                compute->name, provisioning(compute));
    if (compute)
        return update(sandbox, request, reply, compute, err);
    compute = new_compute(sandbox, request, workspace, err);
    return compute ? create(sandbox, request, reply, compute, err) : -1;
}

int sandbox_ml_compute_updated(struct sandbox *sandbox, struct sandbox_operation *operation,
                               struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_store_get(sandbox->store, operation->resource_id, &compute, err) < 0)
        return -1;
    if (!compute)
        return sandbox_operation_fail(operation, 404, "NotFound", "The compute is gone.");
    if (azml_json_put_text(compute->body, "properties.provisioningState", "Succeeded") < 0)
        return azml_error_memory(err);
    return sandbox_ml_put(sandbox, compute, err);
}

int sandbox_ml_compute_get(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_compute_find(sandbox, request, reply, &compute, err) < 0)
        return -1;
    return compute ? sandbox_reply_json(reply, 200, show(sandbox, compute)) : 0;
}

int sandbox_ml_compute_list(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *parent = sandbox_request_id(request, ML_WORKSPACE_SEGMENTS, err);
    if (!parent)
        return -1;
    const struct sandbox_query query = {.type = ML_COMPUTE, .parent = parent};
    auto_resources struct sandbox_resources found = {0};
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++) {
        cJSON *item = show(sandbox, found.items[i]);
        azml_json_remove(item, "properties.properties.sshSettings.adminPublicKey");
        if (azml_json_append(items, item) < 0)
            return azml_error_memory(err);
    }
    return sandbox_reply_list(sandbox, request, reply, AZML_STEAL(items), ML_PAGE_SIZE, "$skip");
}

int sandbox_ml_compute_patch(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_compute_find(sandbox, request, reply, &compute, err) < 0)
        return -1;
    if (!compute)
        return 0;
    if (sandbox_ml_is_instance(compute->body))
        return sandbox_ml_error(sandbox, request, reply, 400, "UserError",
                                "ComputeUpdate with computeType ComputeInstance is not supported.");
    if (!sandbox_ml_scale_check(sandbox, request, reply))
        return 0;
    if (!sandbox_ml_is_word(provisioning(compute), "Succeeded|Failed|Canceled"))
        return sandbox_ml_error(sandbox, request, reply, 409, "Conflict",
                                "The compute '%s' is in provisioning state '%s'.", compute->name,
                                provisioning(compute));
    if (sandbox_ml_cluster_fill(sandbox, request, compute, false) < 0 ||
        azml_json_put_text(compute->body, "properties.provisioningState", "Updating") < 0 ||
        sandbox_ml_stamp(sandbox, request, compute->body) < 0)
        return azml_error_memory(err);
    if (sandbox_ml_put(sandbox, compute, err) < 0 ||
        sandbox_ml_compute_begin(sandbox, request, reply, compute, "ml.cluster.scale", 30, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

int sandbox_ml_compute_delete(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply, struct azml_error *err)
{
    const char *action = sandbox_request_query(request, "underlyingResourceAction");
    if (!action || !sandbox_ml_is_word(action, "Delete|Detach"))
        return sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                                "The query parameter underlyingResourceAction is required: Delete "
                                "or Detach.");
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_get_compute(sandbox, request, &compute, err) < 0)
        return -1;
    if (!compute)
        return sandbox_reply_empty(reply, 204);
    if (sandbox_ml_is_word(action, "Detach"))
        return sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                                "A compute of type %s cannot be detached, only deleted.",
                                azml_json_text(compute->body, "properties.computeType"));
    int bad = azml_json_put_text(compute->body, "properties.provisioningState", "Deleting");
    if (sandbox_ml_is_instance(compute->body)) {
        bad |= azml_json_put_text(compute->body, "properties.properties.state", "Deleting");
        bad |= sandbox_ml_instance_note(sandbox, compute->body, "Delete", "InProgress", "User");
    }
    if (bad)
        return azml_error_memory(err);
    if (sandbox_operation_cancel(sandbox, NULL, compute->id, err) < 0 ||
        sandbox_ml_put(sandbox, compute, err) < 0 ||
        sandbox_ml_compute_begin(sandbox, request, reply, compute, "ml.compute.delete", 90, err) <
            0)
        return -1;
    sandbox_ml_machine_end(sandbox, compute, false);
    return sandbox_reply_empty(reply, 202);
}

int sandbox_ml_compute_deleted(struct sandbox *sandbox, struct sandbox_operation *operation,
                               struct azml_error *err)
{
    return sandbox_resource_remove(sandbox, operation->resource_id, err);
}

int sandbox_ml_compute_removing(struct sandbox *sandbox, const struct sandbox_resource *resource,
                                struct azml_error *err)
{
    sandbox_ml_machine_end(sandbox, resource, true);
    return sandbox_operation_cancel(sandbox, "ml.instance.idle", resource->id, err);
}
