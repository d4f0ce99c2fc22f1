/* rp_tags.c - Microsoft.Resources/tags/default of a subscription, a group or a resource.
 *
 * Reference section 3.4: names are compared without case, values with it. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

#define TYPE "Microsoft.Resources/tags"

/* What carries the tags: found, or a reply that it is not there. */
static int find_scope(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_resource **out, struct sandbox_reply *reply,
                      struct azml_error *err)
{
    auto_free char *id = arm_scope(request, err);
    if (!id || sandbox_store_get(sandbox->store, id, out, err) < 0)
        return -1;
    if (*out)
        return 0;
    return sandbox_reply_error(reply, 404, "ResourceNotFound", "The resource '%s' was not found.",
                               id);
}

static int answer(const struct sandbox_resource *scope, struct sandbox_reply *reply)
{
    auto_json cJSON *out = cJSON_CreateObject();
    auto_free char *id =
        azml_format(NULL, "%s/providers/Microsoft.Resources/tags/default", scope->id);
    const cJSON *tags = cJSON_GetObjectItem(scope->body, "tags");
    bool ok = id && azml_json_put_text(out, "id", id) == 0 &&
              azml_json_put_text(out, "name", "default") == 0 &&
              azml_json_put_text(out, "type", TYPE) == 0 &&
              azml_json_put(out, "properties.tags",
                            cJSON_IsObject(tags) ? cJSON_Duplicate(tags, true)
                                                 : cJSON_CreateObject()) == 0;
    return sandbox_reply_json(reply, 200, ok ? AZML_STEAL(out) : NULL);
}

static int get_tags(struct sandbox *sandbox, const struct sandbox_request *request,
                    struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *scope = NULL;
    if (find_scope(sandbox, request, &scope, reply, err) < 0)
        return -1;
    return scope ? answer(scope, reply) : 0;
}

/* A tag goes where the name is the same, and where a value is given also the value. */
static void take_away(cJSON *tags, const cJSON *names)
{
    const cJSON *name;
    cJSON_ArrayForEach (name, names) {
        const char *has = cJSON_GetStringValue(cJSON_GetObjectItem(tags, name->string));
        if (has &&
            (!cJSON_IsString(name) || !*name->valuestring || strcmp(name->valuestring, has) == 0))
            cJSON_DeleteItemFromObject(tags, name->string);
    }
}

static int merge(cJSON *tags, const cJSON *more)
{
    const cJSON *tag;
    cJSON_ArrayForEach (tag, more) {
        cJSON_DeleteItemFromObject(tags, tag->string);
        if (azml_json_put_member(tags, tag->string, cJSON_Duplicate(tag, true)) < 0)
            return -1;
    }
    return 0;
}

static int change(struct sandbox *sandbox, const struct sandbox_request *request,
                  const char *operation, struct sandbox_reply *reply, struct azml_error *err)
{
    const cJSON *properties = cJSON_GetObjectItem(request->json, "properties");
    auto_resource struct sandbox_resource *scope = NULL;
    if (!arm_check_object(request->json, "properties", true, reply) ||
        !arm_check_object(request->json, "properties.tags", true, reply) ||
        !arm_check_tags(properties, reply))
        return 0;
    if (find_scope(sandbox, request, &scope, reply, err) < 0)
        return -1;
    if (!scope)
        return 0;
    const cJSON *given = cJSON_GetObjectItem(properties, "tags");
    const cJSON *had = cJSON_GetObjectItem(scope->body, "tags");
    bool replaces = azml_same_text(operation, "Replace");
    auto_json cJSON *tags =
        replaces || !cJSON_IsObject(had) ? cJSON_CreateObject() : cJSON_Duplicate(had, true);
    if (tags && azml_same_text(operation, "Delete"))
        take_away(tags, given);
    else if (tags && merge(tags, given) < 0)
        return azml_error_memory(err);
    if (azml_json_put(scope->body, "tags", AZML_STEAL(tags)) < 0)
        return azml_error_memory(err);
    if (!arm_check_tags(scope->body, reply))
        return 0;
    if (arm_store(sandbox, scope, err) < 0)
        return -1;
    return answer(scope, reply);
}

static int put_tags(struct sandbox *sandbox, const struct sandbox_request *request,
                    struct sandbox_reply *reply, struct azml_error *err)
{
    return change(sandbox, request, "Replace", reply, err);
}

static int patch_tags(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err)
{
    static const char *const operations[] = {"Merge", "Replace", "Delete", NULL};
    if (!arm_check_choice(request->json, "operation", operations, true, reply))
        return 0;
    return change(sandbox, request, azml_json_text(request->json, "operation"), reply, err);
}

static int delete_tags(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *scope = NULL;
    if (find_scope(sandbox, request, &scope, reply, err) < 0)
        return -1;
    if (!scope)
        return 0;
    if (azml_json_put(scope->body, "tags", cJSON_CreateObject()) < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, scope, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 200);
}

#define TAGS "/{*scope}/providers/" TYPE "/default"

static const struct sandbox_route routes[] = {
    {"GET",     TAGS, get_tags, TYPE, 0},
    {"PUT", TAGS, put_tags, TYPE, 0},
    {"PATCH",        TAGS, patch_tags, TYPE, 0},
    {"DELETE",     TAGS, delete_tags, TYPE, 0},
    {0},
};

const struct sandbox_provider sandbox_provider_tags = {.name = "tags", .routes = routes};
