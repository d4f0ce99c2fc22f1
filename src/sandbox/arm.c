#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/number.h"
#include "base/str.h"
#include "base/timefmt.h"

#include <string.h>

char *arm_group_id(struct sandbox *sandbox, const struct sandbox_request *request,
                   struct azml_error *err)
{
    auto_free char *asked =
        azml_format(err, "/subscriptions/%s/resourceGroups/%s", sandbox_request_param(request, "s"),
                    sandbox_request_param(request, "rg"));
    auto_resource struct sandbox_resource *group = NULL;
    if (!asked || sandbox_store_get(sandbox->store, asked, &group, err) < 0)
        return NULL;
    return group ? azml_strdup(group->id, err) : AZML_STEAL(asked);
}

char *arm_resource_id(struct sandbox *sandbox, const struct sandbox_request *request,
                      const char *type, struct azml_error *err)
{
    auto_free char *group = arm_group_id(sandbox, request, err);
    if (!group)
        return NULL;
    return azml_format(err, "%s/providers/%s/%s", group, type,
                       sandbox_request_param(request, "name"));
}

char *arm_scope(const struct sandbox_request *request, struct azml_error *err)
{
    const char *scope = sandbox_request_param(request, "scope");
    return azml_format(err, "%s%s", *scope == '/' ? "" : "/", scope);
}

int arm_find(struct sandbox *sandbox, const struct sandbox_request *request,
             struct sandbox_resource **out, struct azml_error *err)
{
    auto_free char *id = arm_resource_id(sandbox, request, request->route->type, err);
    return id ? sandbox_store_get(sandbox->store, id, out, err) : -1;
}

int arm_begin_body(struct sandbox_resource *resource)
{
    if (azml_json_put_text(resource->body, "id", resource->id) < 0 ||
        azml_json_put_text(resource->body, "name", resource->name) < 0 ||
        azml_json_put_text(resource->body, "type", resource->type) < 0)
        return -1;
    return azml_json_put(resource->body, "tags", cJSON_CreateObject());
}

struct sandbox_resource *arm_open(struct sandbox *sandbox, const struct sandbox_request *request,
                                  bool *is_new, struct azml_error *err)
{
    auto_resource struct sandbox_resource *resource = NULL;
    if (arm_find(sandbox, request, &resource, err) < 0)
        return NULL;
    *is_new = resource == NULL;
    if (resource)
        return AZML_STEAL(resource);
    auto_free char *id = arm_resource_id(sandbox, request, request->route->type, err);
    resource = id ? sandbox_resource_new(id, request->route->type, err) : NULL;
    if (!resource)
        return NULL;
    if (arm_begin_body(resource) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(resource);
}

int arm_store(struct sandbox *sandbox, struct sandbox_resource *resource, struct azml_error *err)
{
    return sandbox_store_put(sandbox->store, resource, sandbox_now_ms(sandbox), err);
}

int arm_copy(cJSON *body, const cJSON *from, const char *name)
{
    const cJSON *value = cJSON_GetObjectItem(from, name);
    if (!value || cJSON_IsNull(value)) {
        cJSON_DeleteItemFromObject(body, name);
        return 0;
    }
    return azml_json_put_member(body, name, cJSON_Duplicate(value, true));
}

int arm_merge(cJSON *json, const cJSON *patch)
{
    const cJSON *member;
    cJSON_ArrayForEach (member, patch) {
        cJSON *there = cJSON_GetObjectItem(json, member->string);
        if (cJSON_IsNull(member)) {
            cJSON_DeleteItemFromObject(json, member->string);
        } else if (cJSON_IsObject(member) && cJSON_IsObject(there)) {
            if (arm_merge(there, member) < 0)
                return -1;
        } else {
            const char *name = there ? there->string : member->string;
            auto_free char *spelling = azml_strdup(name, NULL);
            if (!spelling ||
                azml_json_put_member(json, spelling, cJSON_Duplicate(member, true)) < 0)
                return -1;
        }
    }
    return 0;
}

static int add_missing(cJSON *json, const cJSON *defaults)
{
    const cJSON *member;
    cJSON_ArrayForEach (member, defaults) {
        cJSON *there = cJSON_GetObjectItem(json, member->string);
        if (!there || (cJSON_IsNull(there) && !cJSON_IsNull(member))) {
            if (azml_json_put_member(json, member->string, cJSON_Duplicate(member, true)) < 0)
                return -1;
        } else if (cJSON_IsObject(there) && cJSON_IsObject(member) &&
                   add_missing(there, member) < 0) {
            return -1;
        }
    }
    return 0;
}

int arm_add_defaults(cJSON *json, const char *defaults)
{
    auto_json cJSON *parsed = azml_json_parse(defaults, strlen(defaults), NULL);
    return parsed ? add_missing(json, parsed) : -1;
}

int arm_put_time(cJSON *json, const char *path, int64_t unix_ms)
{
    char text[AZML_TIME_TEXT];
    azml_time_format_iso(text, unix_ms, true);
    return azml_json_put_text(json, path, text);
}

/* --- lists --- */

int arm_list_passes(const struct sandbox_request *request, enum arm_filter_of of,
                    const struct sandbox_resource *resource, bool *out, struct sandbox_reply *reply)
{
    const char *filter = sandbox_request_query(request, "$filter");
    auto_error struct azml_error why = {0};
    if (arm_filter_passes(filter, of, resource, out, &why) == 0)
        return 0;
    sandbox_reply_error(reply, 400, "InvalidFilterInQueryString",
                        "Invalid $filter '%s' specified in the query string: %s.", filter,
                        why.message ? why.message : "");
    return -1;
}

int arm_reply_list(const struct sandbox *sandbox, const struct sandbox_request *request,
                   struct sandbox_reply *reply, cJSON *items)
{
    auto_json cJSON *all = items;
    const char *top = sandbox_request_query(request, "$top");
    uint32_t limit = 0;
    if (top && azml_number_parse_u32(top, 1, INT32_MAX, &limit, NULL) < 0)
        return sandbox_reply_error(reply, 400, "InvalidTopInQueryString",
                                   "Invalid $top '%s' specified in the query string.", top);
    while (limit > 0 && (uint32_t)cJSON_GetArraySize(all) > limit)
        cJSON_DeleteItemFromArray(all, cJSON_GetArraySize(all) - 1);
    return sandbox_reply_list(sandbox, request, reply, AZML_STEAL(all), ARM_PAGE, "$skiptoken");
}

/* --- plain handlers --- */

static int answer_missing(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    return sandbox_reply_not_found(reply, request->route->type,
                                   sandbox_request_param(request, "name"),
                                   sandbox_request_param(request, "rg"));
}

int arm_get(struct sandbox *sandbox, const struct sandbox_request *request,
            struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *resource = NULL;
    if (arm_find(sandbox, request, &resource, err) < 0)
        return -1;
    if (!resource)
        return answer_missing(request, reply);
    return sandbox_reply_json(reply, 200, AZML_STEAL(resource->body));
}

int arm_head(struct sandbox *sandbox, const struct sandbox_request *request,
             struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *resource = NULL;
    if (arm_find(sandbox, request, &resource, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, resource ? 204 : 404);
}

int arm_list(struct sandbox *sandbox, const struct sandbox_request *request,
             struct sandbox_reply *reply, struct azml_error *err)
{
    const char *group = sandbox_request_param(request, "rg");
    auto_resources struct sandbox_resources found = {0};
    struct sandbox_query query = {.type = request->route->type,
                                  .subscription_id = sandbox_request_param(request, "s"),
                                  .group = *group ? group : NULL};
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++)
        if (azml_json_append(items, AZML_STEAL(found.items[i]->body)) < 0)
            return azml_error_memory(err);
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

/* The members that a PATCH may carry, laid over the resource. */
static int apply_patch(struct sandbox_resource *resource, const cJSON *json)
{
    static const char *const merged[] = {"sku", "identity", "properties"};
    if (cJSON_GetObjectItem(json, "tags") && arm_copy(resource->body, json, "tags") < 0)
        return -1;
    for (size_t i = 0; i < AZML_COUNT(merged); i++) {
        const cJSON *part = cJSON_GetObjectItem(json, merged[i]);
        if (!cJSON_IsObject(part))
            continue;
        cJSON *there = cJSON_GetObjectItem(resource->body, merged[i]);
        if ((cJSON_IsObject(there) ? arm_merge(there, part)
                                   : arm_copy(resource->body, json, merged[i])) < 0)
            return -1;
    }
    return 0;
}

int arm_patch(struct sandbox *sandbox, const struct sandbox_request *request,
              struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *resource = NULL;
    if (arm_find(sandbox, request, &resource, err) < 0)
        return -1;
    if (!resource)
        return answer_missing(request, reply);
    if (!arm_check_tags(request->json, reply) ||
        !arm_check_object(request->json, "properties", false, reply) ||
        !arm_check_object(request->json, "sku", false, reply) ||
        !arm_check_text(request->json, "sku.name", false, reply))
        return 0;
    cJSON_DeleteItemFromObject(cJSON_GetObjectItem(request->json, "properties"),
                               "provisioningState");
    if (apply_patch(resource, request->json) < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, resource, err) < 0)
        return -1;
    return sandbox_reply_json(reply, 200, AZML_STEAL(resource->body));
}

int arm_delete(struct sandbox *sandbox, const struct sandbox_request *request,
               struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *resource = NULL;
    if (arm_find(sandbox, request, &resource, err) < 0)
        return -1;
    if (!resource)
        return sandbox_reply_empty(reply, 204);
    if (sandbox_operation_cancel(sandbox, NULL, resource->id, err) < 0 ||
        sandbox_resource_remove(sandbox, resource->id, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 200);
}

/* --- settling --- */

int arm_settle_later(struct sandbox *sandbox, const char *resource_id, double azure_seconds,
                     struct azml_error *err)
{
    const struct sandbox_operation_start start = {
        .kind = ARM_SETTLE, .resource_id = resource_id, .seconds = azure_seconds};
    return sandbox_operation_start(sandbox, &start, NULL, NULL, NULL, err);
}

int arm_settle_step(struct sandbox *sandbox, struct sandbox_operation *operation,
                    struct azml_error *err)
{
    auto_resource struct sandbox_resource *resource = NULL;
    if (sandbox_store_get(sandbox->store, operation->resource_id, &resource, err) < 0)
        return -1;
    if (!resource ||
        azml_same_text(azml_json_text(resource->body, "properties.provisioningState"), "Deleting"))
        return 0;
    if (azml_json_put_text(resource->body, "properties.provisioningState", "Succeeded") < 0)
        return azml_error_memory(err);
    return arm_store(sandbox, resource, err);
}

int arm_drop_expired(struct sandbox *sandbox, const char *type, struct azml_error *err)
{
    auto_deleted_list struct sandbox_deleted_list found = {0};
    if (sandbox_deleted_find(sandbox->store, type, NULL, NULL, &found, err) < 0)
        return -1;
    for (size_t i = 0; i < found.count; i++)
        if (found.items[i]->purge_ms <= sandbox_now_ms(sandbox) &&
            sandbox_deleted_remove(sandbox->store, found.items[i]->id, err) < 0)
            return -1;
    return 0;
}
