#include "sandbox/deployment.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/versions.h"

#include <string.h>

void deployment_plan_cleanup(struct deployment_plan *plan)
{
    azml_template_cleanup(&plan->template);
    sandbox_resource_free(plan->group);
    sandbox_resource_free(plan->subscription);
    *plan = (struct deployment_plan){0};
}

static int read_plan(struct sandbox *sandbox, struct deployment_plan *plan, const char *group_id,
                     const char *name, const cJSON *document, const cJSON *parameters,
                     struct azml_error *err)
{
    if (sandbox_store_get(sandbox->store, group_id, &plan->group, err) < 0)
        return -1;
    if (!plan->group)
        return azml_error_set(err, AZML_ERROR_NOT_FOUND, "the resource group is gone");
    auto_free char *id = azml_format(err, "/subscriptions/%s", plan->group->subscription_id);
    if (!id || sandbox_store_get(sandbox->store, id, &plan->subscription, err) < 0)
        return -1;
    const char *display =
        plan->subscription ? azml_json_text(plan->subscription->body, "displayName") : NULL;
    const struct azml_template_scope scope = {
        .subscription_id = plan->group->subscription_id,
        .tenant_id = sandbox->tenant_id,
        .subscription_name = display ? display : "",
        .group = plan->group->name,
        .location = plan->group->location,
        .tags = cJSON_GetObjectItem(plan->group->body, "tags"),
        .deployment = name,
        .now_ms = sandbox_now_ms(sandbox),
    };
    return azml_template_read(&plan->template, document, parameters, &scope, err);
}

int deployment_plan_read(struct sandbox *sandbox, struct deployment_plan *plan,
                         const char *group_id, const char *name, const cJSON *document,
                         const cJSON *parameters, struct azml_error *err)
{
    struct deployment_plan fresh = {0};
    if (read_plan(sandbox, &fresh, group_id, name, document, parameters, err) < 0) {
        deployment_plan_cleanup(&fresh);
        return -1;
    }
    *plan = fresh;
    return 0;
}

char *deployment_target(const struct azml_template_resource *resource, struct azml_error *err)
{
    auto_str struct azml_str target = {0};
    azml_str_add_percent(&target, resource->id, "/");
    azml_str_add(&target, "?api-version=");
    azml_str_add_percent(&target, resource->api_version, NULL);
    return azml_str_take(&target, err);
}

int deployment_register(struct sandbox *sandbox, const struct deployment_plan *plan,
                        struct azml_error *err)
{
    for (size_t i = 0; i < plan->template.count; i++) {
        const struct azml_template_resource *resource = &plan->template.resources[i];
        auto_free char *name = azml_strndup(resource->type, strcspn(resource->type, "/"), err);
        char spelled[128];
        struct azml_data_row row = {.table = azml_data_providers};
        if (!name)
            return -1;
        if (!resource->is_wanted || !azml_data_find(&row, "namespace", name) ||
            !azml_data_cell(&row, "namespace", spelled, sizeof(spelled)))
            continue;
        const char *subscription = plan->group->subscription_id;
        const char *state = sandbox_registration(sandbox, subscription, spelled);
        if ((!state || !azml_same_text(state, "Registered")) &&
            sandbox_registration_set(sandbox, subscription, spelled, "Registered", err) < 0)
            return -1;
    }
    return 0;
}

bool deployment_is_busy(const struct sandbox_reply *reply)
{
    const char *code = azml_json_text(reply->json, "error.code");
    return reply->status == 409 && code && azml_has_suffix(code, "OperationInProgress");
}

/* --- preflight --- */

static int check_version(const struct azml_template_resource *resource, const char *location,
                         struct sandbox_reply *reply)
{
    if (sandbox_version_is_well_formed(resource->api_version) &&
        sandbox_version_is_known(resource->type, resource->api_version))
        return 0;
    auto_free char *versions = sandbox_versions_of(resource->type);
    return sandbox_reply_error(reply, 400, "NoRegisteredProviderFound",
                               "No registered resource provider found for location '%s' and API "
                               "version '%s' for type '%s'. The supported api-versions are '%s'.",
                               location, resource->api_version,
                               resource->type + strcspn(resource->type, "/") + 1,
                               versions ? versions : "");
}

/* Ask the provider by a PUT that is undone again; its error, or NULL where it would take it. */
static int try_put(struct sandbox *sandbox, const struct deployment_plan *plan, size_t index,
                   cJSON **error_out, struct azml_error *err)
{
    const struct azml_template_resource *resource = &plan->template.resources[index];
    auto_json cJSON *body = azml_template_body(&plan->template, index, &plan->template.scope, err);
    auto_free char *target = body ? deployment_target(resource, err) : NULL;
    if (!target || sandbox_store_begin(sandbox->store, err) < 0)
        return -1;
    auto_reply struct sandbox_reply reply = {0};
    const struct sandbox_call call = {.method = "PUT", .target = target, .body = body};
    int result = sandbox_call(sandbox, &call, &reply, err);
    sandbox_store_rollback(sandbox->store);
    *error_out = NULL;
    if (result == 0 && reply.status >= 400 && !deployment_is_busy(&reply)) {
        *error_out = cJSON_DetachItemFromObject(reply.json, "error");
        if (*error_out && azml_json_put_text(*error_out, "target", resource->name) < 0)
            result = azml_error_memory(err);
    }
    return result;
}

static bool is_tried(const struct azml_template_resource *resource)
{
    return resource->is_wanted && resource->need_count == 0 &&
           azml_same_text(resource->type, "Microsoft.Storage/storageAccounts") &&
           !azml_template_needs_runtime(resource->source);
}

static int refuse(struct sandbox_reply *reply, const char *name, cJSON *found)
{
    char tracking[37];
    azml_platform_uuid(tracking);
    cJSON *check = sandbox_error_json("PreflightValidationCheckFailed",
                                      "Preflight validation failed. Please refer to the details "
                                      "for the specific errors.");
    cJSON *error = sandbox_error_json("InvalidTemplateDeployment",
                                      "The template deployment '%s' is not valid according to the "
                                      "validation procedure. The tracking id is '%s'. See inner "
                                      "errors for details.",
                                      name, tracking);
    cJSON *details = cJSON_CreateArray();
    bool ok = azml_json_put(check, "details", found) == 0;
    ok = azml_json_append(details, check) == 0 && ok;
    ok = azml_json_put(error, "details", details) == 0 && ok;
    if (!ok) {
        cJSON_Delete(error);
        error = NULL;
    }
    return sandbox_reply_error_json(reply, 400, error);
}

int deployment_preflight(struct sandbox *sandbox, const struct deployment_plan *plan,
                         const char *name, struct sandbox_reply *reply, struct azml_error *err)
{
    auto_json cJSON *found = cJSON_CreateArray();
    for (size_t i = 0; i < plan->template.count; i++) {
        const struct azml_template_resource *resource = &plan->template.resources[i];
        if (check_version(resource, plan->group->location, reply) < 0)
            return -1;
        if (reply->status != 0)
            return 0;
        cJSON *error = NULL;
        if (is_tried(resource) && try_put(sandbox, plan, i, &error, err) < 0)
            return -1;
        if (error && azml_json_append(found, error) < 0)
            return azml_error_memory(err);
    }
    return found && found->child ? refuse(reply, name, AZML_STEAL(found)) : 0;
}
