/* rp_deployments.c - Microsoft.Resources/deployments of a resource group, as requests see them.
 *
 * Mode Incremental with the template in the body; no links, no what-if, no other scopes. */
#include "sandbox/deployment.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/relaxed_json.h"

#include <ctype.h>
#include <string.h>

#define TYPE           DEPLOYMENT_TYPE
#define FIRST_SECONDS  1
#define DELETE_SECONDS 8

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > 64)
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && !strchr("_().-", *name))
            return false;
    return true;
}

/* The body in ARM's relaxed JSON, checked as far as it is not the template; NULL with `reply`. */
static cJSON *read_body(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    auto_error struct azml_error why = {0};
    auto_json cJSON *json = azml_relaxed_json_parse(request->body, request->body_length, &why);
    if (!json) {
        sandbox_reply_bad_content(reply, "%s", why.message ? why.message : "");
        return NULL;
    }
    const char *mode = azml_json_text(json, "properties.mode");
    if (!is_name(sandbox_request_param(request, "name"))) {
        sandbox_reply_error(reply, 400, "InvalidDeploymentName",
                            "The deployment name '%s' is invalid: it may have at most 64 letters, "
                            "digits, '-', '.', '_', '(' and ')'.",
                            sandbox_request_param(request, "name"));
    } else if (azml_json_at(json, "location")) {
        sandbox_reply_error(reply, 400, "InvalidDeployment",
                            "The 'location' property is not allowed for '%s' at resource group "
                            "scope.",
                            sandbox_request_param(request, "name"));
    } else if (!arm_check_object(json, "properties", true, reply) ||
               !arm_check_text(json, "properties.mode", true, reply) ||
               !arm_check_object(json, "properties.parameters", false, reply)) {
        return NULL;
    } else if (!azml_same_text(mode, "Incremental")) {
        sandbox_reply_error(reply, 400, "InvalidDeployment",
                            "The deployment mode '%s' is not supported by this resource manager.",
                            mode);
    } else if (azml_json_at(json, "properties.templateLink") ||
               azml_json_at(json, "properties.parametersLink")) {
        sandbox_reply_error(reply, 400, "InvalidDeployment",
                            "Linked templates and parameters are not supported by this resource "
                            "manager.");
    } else if (arm_check_object(json, "properties.template", true, reply)) {
        return AZML_STEAL(json);
    }
    return NULL;
}

/* Body, template and preflight: true where all is well, with the plan and the body read. */
static int check(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct deployment_plan *plan, cJSON **body_out, struct sandbox_reply *reply,
                 struct azml_error *err)
{
    auto_json cJSON *body = read_body(request, reply);
    if (!body)
        return 0;
    const char *name = sandbox_request_param(request, "name");
    auto_free char *group = arm_group_id(sandbox, request, err);
    auto_error struct azml_error why = {0};
    if (!group)
        return -1;
    if (deployment_plan_read(sandbox, plan, group, name, azml_json_at(body, "properties.template"),
                             azml_json_at(body, "properties.parameters"), &why) < 0) {
        if (why.code != AZML_ERROR_USAGE)
            return azml_error_move(err, &why);
        return sandbox_reply_error(reply, 400, "InvalidTemplate",
                                   "Deployment template validation failed: '%s'.", why.message);
    }
    if (deployment_preflight(sandbox, plan, name, reply, err) < 0)
        return -1;
    *body_out = AZML_STEAL(body);
    return 0;
}

/* Parameters as resolved, in the form of a request, so that every later reading gives the same. */
static cJSON *resolved(const struct azml_template *template)
{
    auto_json cJSON *out = cJSON_CreateObject();
    const cJSON *value;
    cJSON_ArrayForEach (value, template->parameters) {
        auto_json cJSON *entry = cJSON_CreateObject();
        if (azml_json_put(entry, "value", cJSON_Duplicate(value, true)) < 0 ||
            azml_json_put_member(out, value->string, AZML_STEAL(entry)) < 0)
            return NULL;
    }
    return AZML_STEAL(out);
}

static int begin(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_resource *record, const struct deployment_plan *plan,
                 struct sandbox_reply *reply, struct azml_error *err)
{
    record->created_ms = sandbox_now_ms(sandbox);
    cJSON_Delete(record->hidden);
    record->hidden = cJSON_CreateObject();
    if (azml_json_put(record->hidden, "template", cJSON_Duplicate(plan->template.document, true)) <
            0 ||
        azml_json_put(record->hidden, "parameters", resolved(&plan->template)) < 0 ||
        deployment_describe(sandbox, record, plan, "Accepted") < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, record, err) < 0 || deployment_register(sandbox, plan, err) < 0)
        return -1;
    const struct sandbox_operation_start start = {
        .kind = DEPLOYMENT_RUN, .resource_id = record->id, .seconds = FIRST_SECONDS};
    return sandbox_operation_start(sandbox, &start, request, reply, NULL, err);
}

static int put_deployment(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    bool is_new;
    auto_plan struct deployment_plan plan = {0};
    auto_json cJSON *body = NULL;
    auto_resource struct sandbox_resource *record = arm_open(sandbox, request, &is_new, err);
    if (!record)
        return -1;
    if (!is_new && deployment_is_active(record))
        return sandbox_reply_error(reply, 409, "DeploymentActive",
                                   "Unable to edit or replace deployment '%s': previous deployment "
                                   "is still active. Please see https://aka.ms/arm-deploy for "
                                   "usage details.",
                                   record->name);
    if (check(sandbox, request, &plan, &body, reply, err) < 0)
        return -1;
    if (reply->status != 0)
        return 0;
    if (is_new)
        cJSON_DeleteItemFromObject(record->body, "tags");
    if (begin(sandbox, request, record, &plan, reply, err) < 0)
        return -1;
    return sandbox_reply_json(reply, is_new ? 201 : 200, AZML_STEAL(record->body));
}

static int validate(struct sandbox *sandbox, const struct sandbox_request *request,
                    struct sandbox_reply *reply, struct azml_error *err)
{
    auto_plan struct deployment_plan plan = {0};
    auto_json cJSON *body = NULL;
    if (check(sandbox, request, &plan, &body, reply, err) < 0)
        return -1;
    if (reply->status != 0)
        return 0;
    auto_free char *id = arm_resource_id(sandbox, request, TYPE, err);
    auto_resource struct sandbox_resource *record = id ? sandbox_resource_new(id, TYPE, err) : NULL;
    if (!record)
        return -1;
    if (deployment_describe(sandbox, record, &plan, "Succeeded") < 0 ||
        azml_json_put_text(record->body, "properties.duration", "PT0S") < 0)
        return azml_error_memory(err);
    return sandbox_reply_json(reply, 200, AZML_STEAL(record->body));
}

/* The record that the request names, or a reply that there is none. */
static int find(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_resource **out, struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *id = arm_resource_id(sandbox, request, TYPE, err);
    if (!id || sandbox_store_get(sandbox->store, id, out, err) < 0)
        return -1;
    if (*out)
        return 0;
    return sandbox_reply_error(reply, 404, "DeploymentNotFound",
                               "Deployment '%s' could not be found.",
                               sandbox_request_param(request, "name"));
}

static int get_deployment(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *record = NULL;
    if (find(sandbox, request, &record, reply, err) < 0)
        return -1;
    return record ? sandbox_reply_json(reply, 200, AZML_STEAL(record->body)) : 0;
}

static int list_deployments(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    bool passes;
    auto_resources struct sandbox_resources found = {0};
    struct sandbox_query query = {.type = TYPE,
                                  .subscription_id = sandbox_request_param(request, "s"),
                                  .group = sandbox_request_param(request, "rg")};
    if (arm_list_passes(request, ARM_FILTER_DEPLOYMENTS, NULL, &passes, reply) < 0)
        return 0;
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = found.count; i-- > 0;) { /* the newest first */
        if (arm_list_passes(request, ARM_FILTER_DEPLOYMENTS, found.items[i], &passes, reply) < 0)
            return 0;
        if (passes && azml_json_append(items, AZML_STEAL(found.items[i]->body)) < 0)
            return azml_error_memory(err);
    }
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

static int delete_deployment(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *record = NULL;
    if (arm_find(sandbox, request, &record, err) < 0)
        return -1;
    if (!record)
        return sandbox_reply_empty(reply, 204);
    if (deployment_is_active(record))
        return sandbox_reply_error(reply, 409, "DeploymentActive",
                                   "The deployment '%s' is still active and cannot be deleted.",
                                   record->name);
    const struct sandbox_operation_start start = {
        .kind = "deployment.delete", .resource_id = record->id, .seconds = DELETE_SECONDS};
    if (sandbox_operation_start(sandbox, &start, request, reply, NULL, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

static int finish_deletion(struct sandbox *sandbox, struct sandbox_operation *operation,
                           struct azml_error *err)
{
    if (sandbox_resource_remove(sandbox, operation->resource_id, err) < 0)
        return -1;
    return sandbox_operation_result(operation, 204, NULL);
}

static int cancel(struct sandbox *sandbox, const struct sandbox_request *request,
                  struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *record = NULL;
    if (find(sandbox, request, &record, reply, err) < 0)
        return -1;
    if (!record)
        return 0;
    if (!deployment_is_active(record))
        return sandbox_reply_error(reply, 409, "DeploymentCannotBeCancelled",
                                   "The deployment '%s' cannot be cancelled: it is not active.",
                                   record->name);
    if (sandbox_operation_cancel(sandbox, DEPLOYMENT_RUN, record->id, err) < 0)
        return -1;
    if (deployment_set_state(sandbox, record, "Canceled") < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, record, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 204);
}

static int export_template(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *record = NULL;
    if (find(sandbox, request, &record, reply, err) < 0)
        return -1;
    if (!record)
        return 0;
    auto_json cJSON *out = cJSON_CreateObject();
    if (azml_json_put(out, "template", cJSON_DetachItemFromObject(record->hidden, "template")) < 0)
        return azml_error_memory(err);
    return sandbox_reply_json(reply, 200, AZML_STEAL(out));
}

static int list_operations(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *record = NULL;
    if (find(sandbox, request, &record, reply, err) < 0)
        return -1;
    if (!record)
        return 0;
    auto_json cJSON *items = cJSON_DetachItemFromObject(record->hidden, "operations");
    if (!items)
        items = cJSON_CreateArray();
    cJSON *entry;
    cJSON_ArrayForEach (entry, items) {
        cJSON_DeleteItemFromObject(entry, "startedMs");
    }
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

static int get_operation(struct sandbox *sandbox, const struct sandbox_request *request,
                         struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *record = NULL;
    if (find(sandbox, request, &record, reply, err) < 0)
        return -1;
    if (!record)
        return 0;
    const char *wanted = sandbox_request_param(request, "operation");
    cJSON *entry;
    cJSON_ArrayForEach (entry, cJSON_GetObjectItem(record->hidden, "operations")) {
        if (!azml_same_text(azml_json_text(entry, "operationId"), wanted))
            continue;
        cJSON_DeleteItemFromObject(entry, "startedMs");
        return sandbox_reply_json(reply, 200, cJSON_Duplicate(entry, true));
    }
    return sandbox_reply_error(reply, 404, "DeploymentOperationNotFound",
                               "The deployment operation '%s' could not be found.", wanted);
}

#define GROUP "/subscriptions/{s}/resourceGroups/{rg}"
#define ALL   GROUP "/providers/" TYPE
#define ONE   ALL "/{name}"

static const struct sandbox_route routes[] = {
    {"PUT",                   ONE, put_deployment, TYPE, SANDBOX_ROUTE_RAW_BODY},
    {"GET",         ONE, get_deployment, TYPE, 0},
    {"HEAD", ONE, arm_head, TYPE, 0},
    {"DELETE",                   ONE, delete_deployment, TYPE, 0},
    {"POST",         ONE "/validate", validate, TYPE, SANDBOX_ROUTE_RAW_BODY},
    {"POST",                      ONE "/cancel", cancel, TYPE, 0},
    {"POST",                  ONE "/exportTemplate", export_template, TYPE, SANDBOX_ROUTE_IS_READ},
    {"GET",               ONE "/operations", list_operations, TYPE, 0},
    {"GET",                      ONE "/operations/{operation}", get_operation, TYPE, 0},
    {"GET",                GROUP "/deployments/{name}/operations", list_operations, TYPE, 0},
    {"GET",      GROUP "/deployments/{name}/operations/{operation}", get_operation, TYPE, 0},
    {"GET",                      ALL, list_deployments, TYPE, 0},
    {0                 },
};

static const struct sandbox_operation_kind operations[] = {
    {.name = DEPLOYMENT_RUN,
     .step = deployment_step,
     .async_path = "/subscriptions/{s}/resourcegroups/{rg}/providers/Microsoft.Resources/"
                   "deployments/{name}/operationStatuses/{id}", .is_signed = true,
     .retry_after = 5,
     .running_word = "Running"},
    {.name = "deployment.delete",
     .step = finish_deletion,
     .location_path = "/subscriptions/{s}/operationresults/{id}",
     .is_signed = true,
     .retry_after = 15},
    {0                                         },
};

const struct sandbox_provider sandbox_provider_deployments = {
    .name = "deployments", .routes = routes, .operations = operations};
