/* deployment_run.c - makes the resources of a deployment, each through its provider's own PUT.
 *
 * One step looks at what is under way, starts what has become possible, and asks for another step.
 * What it knows between steps is in the operation's data: one entry a resource. */
#include "sandbox/deployment.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

#define LOOK_SECONDS 2

struct run {
    struct sandbox *sandbox;
    struct sandbox_operation *operation;
    struct sandbox_resource *record;
    struct deployment_plan plan;
    struct azml_template_scope scope;
    cJSON *entries; /* {"state","operation","position","error"} for each resource */
    struct azml_error *err;
};

static void run_cleanup(struct run *run)
{
    sandbox_resource_free(run->record);
    deployment_plan_cleanup(&run->plan);
}

static cJSON *refer(void *data, const char *id, bool full, struct azml_error *err)
{
    const struct run *run = data;
    auto_resource struct sandbox_resource *resource = NULL;
    if (sandbox_store_get(run->sandbox->store, id, &resource, err) < 0)
        return NULL;
    if (!resource) {
        azml_error_set(err, AZML_ERROR_USAGE, "The Resource '%s' was not found.", id);
        return NULL;
    }
    if (full)
        return AZML_STEAL(resource->body);
    cJSON *properties = cJSON_DetachItemFromObject(resource->body, "properties");
    return properties ? properties : cJSON_CreateObject();
}

static const char *state_at(const struct run *run, size_t index)
{
    const char *state = azml_json_text(cJSON_GetArrayItem(run->entries, (int)index), "state");
    return state ? state : "pending";
}

static bool is_at(const struct run *run, size_t index, const char *state)
{
    return strcmp(state_at(run, index), state) == 0;
}

static size_t count(const struct run *run, const char *state)
{
    size_t found = 0;
    for (size_t i = 0; i < run->plan.template.count; i++)
        found += is_at(run, i, state);
    return found;
}

static int set_state(struct run *run, size_t index, const char *state)
{
    return azml_json_put_text(cJSON_GetArrayItem(run->entries, (int)index), "state", state);
}

/* --- how a resource ends --- */

static int end(struct run *run, size_t index, const char *state, const char *status_code,
               const cJSON *error)
{
    const cJSON *entry = cJSON_GetArrayItem(run->entries, (int)index);
    int position = (int)azml_json_int_or(entry, "position", -1);
    bool failed = strcmp(state, "failed") == 0;
    if (set_state(run, index, state) < 0 ||
        deployment_end_operation(run->sandbox, run->record, position,
                                 failed ? "Failed" : "Succeeded", status_code, error) < 0)
        return azml_error_memory(run->err);
    return 0;
}

/* `detail` (taken over) is the resource's part of the deployment's error. */
static int fail(struct run *run, size_t index, const char *status_code, const cJSON *error,
                cJSON *detail)
{
    cJSON *entry = cJSON_GetArrayItem(run->entries, (int)index);
    if (azml_json_put(entry, "error", detail) < 0)
        return azml_error_memory(run->err);
    return end(run, index, "failed", status_code, error);
}

/* The provider refused the PUT: its answer goes along as a text. */
static int fail_at_once(struct run *run, size_t index, const struct sandbox_reply *reply)
{
    auto_free char *text = azml_json_print(reply->json, true, run->err);
    if (!text)
        return -1;
    const char *word = deployment_status_word(reply->status);
    const cJSON *error = cJSON_GetObjectItem(reply->json, "error");
    return fail(run, index, word, error ? error : reply->json,
                sandbox_error_json(word, "%s", text));
}

/* Its operation ended badly; `error` may be NULL. */
static int fail_later(struct run *run, size_t index, const cJSON *error)
{
    const struct azml_template_resource *resource = &run->plan.template.resources[index];
    auto_json cJSON *details = cJSON_CreateArray();
    auto_json cJSON *detail = sandbox_error_json("ResourceDeploymentFailure",
                                                 "The resource operation completed with terminal "
                                                 "provisioning state 'Failed'.");
    if (azml_json_put_text(detail, "target", resource->id) < 0 ||
        (error && (azml_json_append(details, cJSON_Duplicate(error, true)) < 0 ||
                   azml_json_put(detail, "details", AZML_STEAL(details)) < 0)))
        return azml_error_memory(run->err);
    return fail(run, index, "Conflict", detail, cJSON_Duplicate(detail, true));
}

/* --- how it goes on --- */

static int look_at_operation(struct run *run, size_t index, const char *id)
{
    auto_operation struct sandbox_operation *operation = NULL;
    if (sandbox_operation_get(run->sandbox, id, &operation, run->err) < 0)
        return -1;
    if (operation && operation->ended_ms == 0)
        return 0;
    if (!operation || azml_same_text(operation->status, "Succeeded"))
        return end(run, index, "done", "OK", NULL);
    return fail_later(run, index, operation->error);
}

static int look_at_resource(struct run *run, size_t index)
{
    auto_resource struct sandbox_resource *resource = NULL;
    if (sandbox_store_get(run->sandbox->store, run->plan.template.resources[index].id, &resource,
                          run->err) < 0)
        return -1;
    const char *state =
        resource ? azml_json_text(resource->body, "properties.provisioningState") : NULL;
    if (!state || azml_same_text(state, "Succeeded"))
        return end(run, index, "done", "OK", NULL);
    if (azml_same_text(state, "Failed") || azml_same_text(state, "Canceled"))
        return fail_later(run, index, NULL);
    return 0;
}

static int look(struct run *run, size_t index)
{
    const char *id = azml_json_text(cJSON_GetArrayItem(run->entries, (int)index), "operation");
    return id ? look_at_operation(run, index, id) : look_at_resource(run, index);
}

/* The last segment of the address where the operation is watched; NULL where there is none. */
static char *operation_id(const struct sandbox_reply *reply)
{
    const char *address = sandbox_pairs_find(&reply->headers, "Azure-AsyncOperation");
    if (!address)
        address = sandbox_pairs_find(&reply->headers, "Location");
    if (!address)
        return NULL;
    auto_free char *path = azml_strndup(address, strcspn(address, "?"), NULL);
    const char *slash = path ? strrchr(path, '/') : NULL;
    auto_free char *id = slash ? azml_strdup(slash + 1, NULL) : NULL;
    if (id)
        azml_percent_decode(id, false);
    return AZML_STEAL(id);
}

static int put(struct run *run, size_t index, const cJSON *body)
{
    auto_free char *target = deployment_target(&run->plan.template.resources[index], run->err);
    auto_reply struct sandbox_reply reply = {0};
    const struct sandbox_call call = {.method = "PUT", .target = target, .body = body};
    if (!target || sandbox_call(run->sandbox, &call, &reply, run->err) < 0)
        return -1;
    if (deployment_is_busy(&reply))
        return set_state(run, index, "waiting");
    if (reply.status >= 400)
        return fail_at_once(run, index, &reply);
    auto_free char *id = operation_id(&reply);
    cJSON *entry = cJSON_GetArrayItem(run->entries, (int)index);
    if (set_state(run, index, "running") < 0 ||
        (id && azml_json_put_text(entry, "operation", id) < 0))
        return azml_error_memory(run->err);
    return look(run, index);
}

/* Its operation is listed from now on. */
static int announce(struct run *run, size_t index)
{
    int position = deployment_add_operation(run->sandbox, run->record,
                                            &run->plan.template.resources[index], "Create");
    cJSON *entry = cJSON_GetArrayItem(run->entries, (int)index);
    if (position < 0 || azml_json_put_number(entry, "position", position) < 0)
        return azml_error_memory(run->err);
    return 0;
}

static int start(struct run *run, size_t index)
{
    const struct azml_template_resource *resource = &run->plan.template.resources[index];
    if (!resource->is_wanted)
        return set_state(run, index, "skipped");
    if (!is_at(run, index, "waiting") && announce(run, index) < 0)
        return -1;
    auto_error struct azml_error why = {0};
    auto_json cJSON *body = azml_template_body(&run->plan.template, index, &run->scope, &why);
    if (body)
        return put(run, index, body);
    if (why.code != AZML_ERROR_USAGE)
        return azml_error_move(run->err, &why);
    auto_json cJSON *error =
        sandbox_error_json("InvalidTemplate",
                           "Unable to process template language expressions for resource '%s'. "
                           "'%s'",
                           resource->id, why.message);
    return fail(run, index, "BadRequest", error, cJSON_Duplicate(error, true));
}

static bool is_ready(const struct run *run, size_t index)
{
    const struct azml_template_resource *resource = &run->plan.template.resources[index];
    for (size_t n = 0; n < resource->need_count; n++)
        if (!is_at(run, resource->needs[n], "done") && !is_at(run, resource->needs[n], "skipped"))
            return false;
    return true;
}

/* --- how the deployment ends --- */

static int finish_failed(struct run *run)
{
    cJSON *error = sandbox_error_json(
        "DeploymentFailed", "At least one resource deployment operation failed. Please list "
                            "deployment operations for details. Please see "
                            "https://aka.ms/arm-deployment-operations for usage details.");
    cJSON *details = error ? cJSON_AddArrayToObject(error, "details") : NULL;
    bool ok = details && azml_json_put_text(error, "target", run->record->id) == 0;
    cJSON *entry;
    cJSON_ArrayForEach (entry, run->entries) {
        const cJSON *detail = cJSON_GetObjectItem(entry, "error");
        if (detail)
            ok = azml_json_append(details, cJSON_Duplicate(detail, true)) == 0 && ok;
    }
    ok = ok && deployment_set_state(run->sandbox, run->record, "Failed") == 0 &&
         azml_json_put(run->record->body, "properties.error", cJSON_Duplicate(error, true)) == 0;
    if (!ok) {
        cJSON_Delete(error);
        return azml_error_memory(run->err);
    }
    return sandbox_operation_fail_json(run->operation, 409, error);
}

static int put_output_resources(struct run *run)
{
    auto_json cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < run->plan.template.count; i++) {
        auto_json cJSON *entry = cJSON_CreateObject();
        if (!is_at(run, i, "done"))
            continue;
        if (azml_json_put_text(entry, "id", run->plan.template.resources[i].id) < 0 ||
            azml_json_append(list, AZML_STEAL(entry)) < 0)
            return -1;
    }
    return azml_json_put(run->record->body, "properties.outputResources", AZML_STEAL(list));
}

/* The outputs could not be evaluated: the resources stay, the deployment failed. */
static int fail_outputs(struct run *run, int position, const char *why)
{
    auto_json cJSON *error = sandbox_error_json("DeploymentOutputEvaluationFailed",
                                                "Unable to evaluate template outputs: '%s'.", why);
    if (deployment_end_operation(run->sandbox, run->record, position, "Failed", "BadRequest",
                                 error) < 0 ||
        deployment_set_state(run->sandbox, run->record, "Failed") < 0 ||
        azml_json_put(run->record->body, "properties.error", cJSON_Duplicate(error, true)) < 0)
        return azml_error_memory(run->err);
    return sandbox_operation_fail_json(run->operation, 400, AZML_STEAL(error));
}

static int finish(struct run *run)
{
    int position =
        deployment_add_operation(run->sandbox, run->record, NULL, "EvaluateDeploymentOutput");
    auto_error struct azml_error why = {0};
    auto_json cJSON *outputs = azml_template_outputs(&run->plan.template, &run->scope, &why);
    if (position < 0)
        return azml_error_memory(run->err);
    if (!outputs)
        return fail_outputs(run, position, why.message ? why.message : "");
    if (deployment_end_operation(run->sandbox, run->record, position, "Succeeded", "OK", NULL) <
            0 ||
        azml_json_put(run->record->body, "properties.outputs", AZML_STEAL(outputs)) < 0 ||
        put_output_resources(run) < 0 ||
        deployment_set_state(run->sandbox, run->record, "Succeeded") < 0)
        return azml_error_memory(run->err);
    return 0;
}

static int advance(struct run *run)
{
    size_t total = run->plan.template.count;
    for (size_t i = 0; i < total; i++)
        if (is_at(run, i, "running") && look(run, i) < 0)
            return -1;
    for (size_t i = 0; i < total && count(run, "failed") == 0; i++)
        if ((is_at(run, i, "pending") || is_at(run, i, "waiting")) && is_ready(run, i) &&
            start(run, i) < 0)
            return -1;
    bool waits = count(run, "waiting") > 0 && count(run, "failed") == 0;
    if (waits || count(run, "running") > 0)
        return sandbox_operation_again(run->sandbox, run->operation, LOOK_SECONDS);
    return count(run, "failed") > 0 ? finish_failed(run) : finish(run);
}

/* The entries of the operation's data, made at the first step. */
static int prepare(struct run *run)
{
    cJSON *data = run->operation->data;
    run->entries = cJSON_GetObjectItem(data, "resources");
    if (run->entries)
        return 0;
    run->entries = cJSON_AddArrayToObject(data, "resources");
    for (size_t i = 0; run->entries && i < run->plan.template.count; i++)
        if (azml_json_append(run->entries, cJSON_CreateObject()) < 0)
            return azml_error_memory(run->err);
    if (!run->entries || deployment_set_state(run->sandbox, run->record, "Running") < 0)
        return azml_error_memory(run->err);
    return 0;
}

static int load(struct run *run)
{
    auto_free char *group = azml_format(run->err, "/subscriptions/%s/resourceGroups/%s",
                                        run->record->subscription_id, run->record->group);
    if (!group ||
        deployment_plan_read(run->sandbox, &run->plan, group, run->record->name,
                             cJSON_GetObjectItem(run->record->hidden, "template"),
                             cJSON_GetObjectItem(run->record->hidden, "parameters"), run->err) < 0)
        return -1;
    run->scope = run->plan.template.scope;
    run->scope.reference = refer;
    run->scope.reference_data = run;
    return prepare(run);
}

int deployment_step(struct sandbox *sandbox, struct sandbox_operation *operation,
                    struct azml_error *err)
{
    struct run run __attribute__((cleanup(run_cleanup))) = {
        .sandbox = sandbox, .operation = operation, .err = err};
    if (sandbox_store_get(sandbox->store, operation->resource_id, &run.record, err) < 0)
        return -1;
    if (!run.record)
        return sandbox_operation_fail(operation, 404, "DeploymentNotFound",
                                      "The deployment was deleted while it was running.");
    if (load(&run) < 0 || advance(&run) < 0)
        return -1;
    return arm_store(sandbox, run.record, err);
}
