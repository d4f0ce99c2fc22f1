#include "sandbox/deployment.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/number.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"

#include <string.h>

static const struct {
    int status;
    const char *word;
} words[] = {
    {200, "OK"                 },
    {201, "Created"            },
    {202, "Accepted"           },
    {204, "NoContent"          },
    {400, "BadRequest"         },
    {401, "Unauthorized"       },
    {403, "Forbidden"          },
    {404, "NotFound"           },
    {405, "MethodNotAllowed"   },
    {409, "Conflict"           },
    {412, "PreconditionFailed" },
    {429, "TooManyRequests"    },
    {500, "InternalServerError"},
    {503, "ServiceUnavailable" },
};

const char *deployment_status_word(int http_status)
{
    for (size_t i = 0; i < AZML_COUNT(words); i++)
        if (words[i].status == http_status)
            return words[i].word;
    return "BadRequest";
}

bool deployment_is_active(const struct sandbox_resource *record)
{
    const char *state = azml_json_text(record->body, "properties.provisioningState");
    return state && (azml_same_text(state, "Accepted") || azml_same_text(state, "Running"));
}

/* "PT12.3456789S" since that time. */
static int put_duration(cJSON *json, const char *path, int64_t from_ms, int64_t now_ms)
{
    double seconds = now_ms > from_ms ? (double)(now_ms - from_ms) / 1000 : 0;
    auto_free char *text = azml_format(NULL, "PT%.7fS", seconds);
    return text ? azml_json_put_text(json, path, text) : -1;
}

int deployment_set_state(struct sandbox *sandbox, struct sandbox_resource *record,
                         const char *state)
{
    int64_t now = sandbox_now_ms(sandbox);
    int64_t started = record->created_ms > 0 ? record->created_ms : now;
    if (azml_json_put_text(record->body, "properties.provisioningState", state) < 0 ||
        arm_put_time(record->body, "properties.timestamp", now) < 0)
        return -1;
    return put_duration(record->body, "properties.duration", started, now);
}

/* --- what it says about its template --- */

static int put_hash(cJSON *body, const cJSON *document)
{
    auto_free char *text = azml_json_print(document, false, NULL);
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (const char *at = text ? text : ""; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211U;
    auto_free char *number = azml_format(NULL, "%llu", (unsigned long long)hash);
    return text && number ? azml_json_put_text(body, "properties.templateHash", number) : -1;
}

/* {"id","resourceType","resourceName"} of a resource. */
static cJSON *named(const struct azml_template_resource *resource)
{
    auto_json cJSON *out = cJSON_CreateObject();
    if (azml_json_put_text(out, "id", resource->id) < 0 ||
        azml_json_put_text(out, "resourceType", resource->type) < 0 ||
        azml_json_put_text(out, "resourceName", resource->name) < 0)
        return NULL;
    return AZML_STEAL(out);
}

static int put_dependencies(cJSON *body, const struct azml_template *template)
{
    auto_json cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < template->count; i++) {
        const struct azml_template_resource *resource = &template->resources[i];
        if (resource->need_count == 0)
            continue;
        auto_json cJSON *entry = named(resource);
        auto_json cJSON *needs = cJSON_CreateArray();
        for (size_t n = 0; n < resource->need_count; n++)
            if (azml_json_append(needs, named(&template->resources[resource->needs[n]])) < 0)
                return -1;
        if (azml_json_put(entry, "dependsOn", AZML_STEAL(needs)) < 0 ||
            azml_json_append(list, AZML_STEAL(entry)) < 0)
            return -1;
    }
    return azml_json_put(body, "properties.dependencies", AZML_STEAL(list));
}

/* The entry of a namespace in `providers`, made where it is missing. */
static cJSON *entry_of(cJSON *providers, const char *type)
{
    auto_free char *name = azml_strndup(type, strcspn(type, "/"), NULL);
    cJSON *entry;
    cJSON_ArrayForEach (entry, providers) {
        if (azml_same_text(azml_json_text(entry, "namespace"), name))
            return entry;
    }
    entry = cJSON_CreateObject();
    if (!name || azml_json_put_text(entry, "namespace", name) < 0 ||
        !cJSON_AddArrayToObject(entry, "resourceTypes")) {
        cJSON_Delete(entry);
        return NULL;
    }
    return azml_json_append(providers, entry) < 0 ? NULL : entry;
}

static int put_providers(cJSON *body, const struct deployment_plan *plan)
{
    auto_json cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < plan->template.count; i++) {
        const char *type = plan->template.resources[i].type;
        cJSON *entry = list ? entry_of(list, type) : NULL;
        auto_json cJSON *shown = cJSON_CreateObject();
        cJSON *locations = cJSON_AddArrayToObject(shown, "locations");
        if (!entry || !locations ||
            azml_json_put_text(shown, "resourceType", type + strcspn(type, "/") + 1) < 0 ||
            azml_json_append(locations, cJSON_CreateString(plan->group->location)) < 0 ||
            azml_json_append(cJSON_GetObjectItem(entry, "resourceTypes"), AZML_STEAL(shown)) < 0)
            return -1;
    }
    return azml_json_put(body, "properties.providers", AZML_STEAL(list));
}

int deployment_describe(struct sandbox *sandbox, struct sandbox_resource *record,
                        const struct deployment_plan *plan, const char *state)
{
    char correlation[37];
    azml_platform_uuid(correlation);
    cJSON *body = record->body;
    if (azml_json_put_text(body, "id", record->id) < 0 ||
        azml_json_put_text(body, "name", record->name) < 0 ||
        azml_json_put_text(body, "type", DEPLOYMENT_TYPE) < 0 ||
        azml_json_put(body, "properties", cJSON_CreateObject()) < 0 ||
        put_hash(body, plan->template.document) < 0 ||
        azml_json_put(body, "properties.parameters", cJSON_Duplicate(plan->template.echo, true)) <
            0 ||
        azml_json_put_text(body, "properties.mode", "Incremental") < 0 ||
        azml_json_put_text(body, "properties.correlationId", correlation) < 0 ||
        deployment_set_state(sandbox, record, state) < 0)
        return -1;
    return put_providers(body, plan) < 0 ? -1 : put_dependencies(body, &plan->template);
}

/* --- operations --- */

static cJSON *operations_of(struct sandbox_resource *record)
{
    cJSON *list = cJSON_GetObjectItem(record->hidden, "operations");
    return list ? list : cJSON_AddArrayToObject(record->hidden, "operations");
}

int deployment_add_operation(struct sandbox *sandbox, struct sandbox_resource *record,
                             const struct azml_template_resource *resource, const char *word)
{
    auto_json cJSON *entry = cJSON_CreateObject();
    cJSON *list = operations_of(record);
    char request[37];
    unsigned char number[8];
    azml_platform_uuid(request);
    azml_platform_random(number, sizeof(number));
    auto_str struct azml_str id = {0};
    for (size_t i = 0; i < sizeof(number); i++)
        azml_str_addf(&id, "%02X", number[i]);
    auto_free char *path = azml_format(NULL, "%s/operations/%s", record->id, azml_str_text(&id));
    auto_free char *started = azml_format(NULL, "%lld", (long long)sandbox_now_ms(sandbox));
    if (!list || !path || !started || azml_json_put_text(entry, "id", path) < 0 ||
        azml_json_put_text(entry, "operationId", azml_str_text(&id)) < 0 ||
        azml_json_put_text(entry, "properties.provisioningOperation", word) < 0 ||
        azml_json_put_text(entry, "properties.provisioningState", "Running") < 0 ||
        arm_put_time(entry, "properties.timestamp", sandbox_now_ms(sandbox)) < 0 ||
        azml_json_put_text(entry, "properties.duration", "PT0S") < 0 ||
        azml_json_put_text(entry, "properties.serviceRequestId", request) < 0 ||
        azml_json_put_text(entry, "startedMs", started) < 0 ||
        (resource && azml_json_put(entry, "properties.targetResource", named(resource)) < 0) ||
        azml_json_append(list, AZML_STEAL(entry)) < 0)
        return -1;
    return cJSON_GetArraySize(list) - 1;
}

int deployment_end_operation(struct sandbox *sandbox, struct sandbox_resource *record, int position,
                             const char *state, const char *status_code, const cJSON *error)
{
    cJSON *entry = cJSON_GetArrayItem(operations_of(record), position);
    int64_t now = sandbox_now_ms(sandbox);
    int64_t started = azml_json_int_or(entry, "startedMs", now);
    if (azml_json_put_text(entry, "properties.provisioningState", state) < 0 ||
        arm_put_time(entry, "properties.timestamp", now) < 0 ||
        put_duration(entry, "properties.duration", started, now) < 0 ||
        azml_json_put_text(entry, "properties.statusCode", status_code) < 0)
        return -1;
    if (!error)
        return 0;
    if (azml_json_put_text(entry, "properties.statusMessage.status", "Failed") < 0)
        return -1;
    return azml_json_put(entry, "properties.statusMessage.error", cJSON_Duplicate(error, true));
}
