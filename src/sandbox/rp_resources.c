/* rp_resources.c - resources whatever their type: the lists of a group and a subscription, and the
 * calls by id that no provider of its own answers.
 *
 * Reference sections 1.7 and 3.3. A type without a provider of its own here is kept as it came, so
 * that a group can hold other things than azml's. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/gate.h"

#include <string.h>

/* Does the resource manager's list show it? Groups, deployments, locks and what lives below a
 * resource without a life of its own are not there. */
bool arm_is_tracked(const struct sandbox_resource *resource)
{
    return *resource->location && *resource->group &&
           !azml_has_prefix_nocase(resource->type, "Microsoft.Resources/") &&
           !azml_has_prefix_nocase(resource->type, "Microsoft.Authorization/") &&
           !azml_same_text(resource->type, "Microsoft.MachineLearningServices/workspaces/computes");
}

/* "parent/child": all names of the last provider part of an id. */
static char *full_name(const char *id)
{
    const char *part = id;
    for (const char *at = id; (at = azml_find_nocase(at, "/providers/")) != NULL; at++)
        part = at + strlen("/providers/");
    auto_free char *copy = azml_strdup(part, NULL);
    auto_str struct azml_str name = {0};
    char *rest = copy;
    for (size_t i = 0; rest; i++) {
        const char *segment = azml_split(&rest, '/');
        if (i >= 2 && i % 2 == 0)
            azml_str_addf(&name, i > 2 ? "/%s" : "%s", segment);
    }
    return azml_str_take(&name, NULL);
}

/* The generic item: no properties, times only where asked for. */
static cJSON *item_of(const struct sandbox_resource *resource, const char *expand)
{
    static const char *const members[] = {"location", "kind", "sku",       "identity",
                                          "tags",     "plan", "managedBy", "zones"};
    auto_json cJSON *out = cJSON_CreateObject();
    auto_free char *name = full_name(resource->id);
    if (!name || azml_json_put_text(out, "id", resource->id) < 0 ||
        azml_json_put_text(out, "name", name) < 0 ||
        azml_json_put_text(out, "type", resource->type) < 0)
        return NULL;
    for (size_t i = 0; i < AZML_COUNT(members); i++)
        if (arm_copy(out, resource->body, members[i]) < 0)
            return NULL;
    if (!expand)
        return AZML_STEAL(out);
    const char *state = azml_json_text(resource->body, "properties.provisioningState");
    if ((azml_find_nocase(expand, "createdTime") && resource->created_ms > 0 &&
         arm_put_time(out, "createdTime", resource->created_ms) < 0) ||
        (azml_find_nocase(expand, "changedTime") &&
         arm_put_time(out, "changedTime", resource->changed_ms) < 0) ||
        (azml_find_nocase(expand, "provisioningState") &&
         azml_json_put_text(out, "provisioningState", state ? state : "Succeeded") < 0))
        return NULL;
    return AZML_STEAL(out);
}

static int list_resources(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    const char *group = sandbox_request_param(request, "rg");
    const char *expand = sandbox_request_query(request, "$expand");
    bool passes;
    auto_resources struct sandbox_resources found = {0};
    struct sandbox_query query = {.subscription_id = sandbox_request_param(request, "s"),
                                  .group = *group ? group : NULL};
    if (arm_list_passes(request, ARM_FILTER_RESOURCES, NULL, &passes, reply) < 0)
        return 0;
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++) {
        if (!arm_is_tracked(found.items[i]))
            continue;
        if (arm_list_passes(request, ARM_FILTER_RESOURCES, found.items[i], &passes, reply) < 0)
            return 0;
        if (passes && azml_json_append(items, item_of(found.items[i], expand)) < 0)
            return azml_error_memory(err);
    }
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

/* --- by id --- */

/* The resource that the path names, its type as the table of providers spells it; a reply where the
 * path names none that could be. The caller's. */
static int read_path(const struct sandbox_request *request, struct sandbox_resource **out,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *id = sandbox_request_id(request, 0, err);
    if (!id)
        return -1;
    auto_resource struct sandbox_resource *named = sandbox_resource_new(id, NULL, NULL);
    const char *slash = named ? strchr(named->type, '/') : NULL;
    if (!slash)
        return sandbox_reply_error(reply, 404, "NotFound",
                                   "No HTTP resource was found that matches the request URI '%s'.",
                                   request->path);
    for (struct azml_data_row row = {.table = azml_data_providers}; azml_data_next(&row);) {
        char space[128], type[128];
        if (!azml_data_cell(&row, "namespace", space, sizeof(space)) ||
            !azml_data_cell(&row, "type", type, sizeof(type)) ||
            strlen(space) != (size_t)(slash - named->type) ||
            !azml_same_bytes(space, named->type, strlen(space)) || !azml_same_text(type, slash + 1))
            continue;
        free(named->type);
        named->type = azml_format(err, "%s/%s", space, type);
        *out = named->type ? AZML_STEAL(named) : NULL;
        return *out ? 0 : -1;
    }
    return sandbox_reply_error(reply, 404, "InvalidResourceType",
                               "The resource type '%s' could not be found in the namespace '%.*s' "
                               "for api version '%s'.",
                               slash + 1, (int)(slash - named->type), named->type,
                               request->api_version);
}

/* What is stored under the path; `*named` and `*out` may be NULL where `reply` says why. */
static int find_by_path(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_resource **named, struct sandbox_resource **out,
                        struct sandbox_reply *reply, struct azml_error *err)
{
    if (read_path(request, named, reply, err) < 0)
        return -1;
    if (!*named || sandbox_gate_version(request, (*named)->type, reply) != 0 || reply->status != 0)
        return 0;
    return sandbox_store_get(sandbox->store, (*named)->id, out, err);
}

static int get_by_id(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *named = NULL;
    auto_resource struct sandbox_resource *found = NULL;
    if (find_by_path(sandbox, request, &named, &found, reply, err) < 0)
        return -1;
    if (reply->status != 0)
        return 0;
    if (!found)
        return sandbox_reply_not_found(reply, named->type, named->name, named->group);
    return sandbox_reply_json(reply, 200, AZML_STEAL(found->body));
}

static int head_by_id(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *named = NULL;
    auto_resource struct sandbox_resource *found = NULL;
    if (find_by_path(sandbox, request, &named, &found, reply, err) < 0)
        return -1;
    return reply->status != 0 ? 0 : sandbox_reply_empty(reply, found ? 204 : 404);
}

static int delete_by_id(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *named = NULL;
    auto_resource struct sandbox_resource *found = NULL;
    if (find_by_path(sandbox, request, &named, &found, reply, err) < 0)
        return -1;
    if (reply->status != 0)
        return 0;
    if (!found)
        return sandbox_reply_empty(reply, 204);
    if (sandbox_resource_remove(sandbox, found->id, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 200);
}

/* Is everything there that a resource of a foreign type needs? */
static bool check_put(struct sandbox *sandbox, const struct sandbox_request *request,
                      const struct sandbox_resource *named, char location[ARM_LOCATION_ROOM],
                      struct sandbox_reply *reply)
{
    const char *written = azml_json_text(request->json, "location");
    auto_free char *space = azml_strndup(named->type, strcspn(named->type, "/"), NULL);
    const char *state = space ? sandbox_registration(sandbox, named->subscription_id, space) : NULL;
    if (!request->is_internal && state && !azml_has_prefix(state, "Register")) {
        sandbox_reply_error(reply, 409, "MissingSubscriptionRegistration",
                            "The subscription is not registered to use namespace '%s'. See "
                            "https://aka.ms/rps-not-found for how to register subscriptions.",
                            space);
        return false;
    }
    if (!written || !*written) {
        sandbox_reply_error(reply, 400, "LocationRequired",
                            "The location property is required for this definition.");
        return false;
    }
    arm_location_normal(written, location);
    if (!arm_location_exists(location) && strcmp(location, "global") != 0) {
        sandbox_reply_error(reply, 400, "LocationNotAvailableForResourceType",
                            "The provided location '%s' is not available for resource type '%s'.",
                            written, named->type);
        return false;
    }
    return arm_check_tags(request->json, reply);
}

static int put_by_id(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *named = NULL;
    auto_resource struct sandbox_resource *found = NULL;
    char location[ARM_LOCATION_ROOM];
    if (find_by_path(sandbox, request, &named, &found, reply, err) < 0)
        return -1;
    if (reply->status != 0 || !named || !check_put(sandbox, request, named, location, reply))
        return 0;
    struct sandbox_resource *kept = found ? found : named;
    free(kept->location);
    kept->location = azml_strdup(location, err);
    cJSON_Delete(kept->body);
    kept->body = cJSON_Duplicate(request->json, true);
    if (!kept->location || azml_json_put_text(kept->body, "id", kept->id) < 0 ||
        azml_json_put_text(kept->body, "name", kept->name) < 0 ||
        azml_json_put_text(kept->body, "type", kept->type) < 0 ||
        azml_json_put_text(kept->body, "location", location) < 0 ||
        azml_json_put_text(kept->body, "properties.provisioningState", "Succeeded") < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, kept, err) < 0)
        return -1;
    return sandbox_reply_json(reply, found ? 200 : 201, AZML_STEAL(kept->body));
}

#define GROUP "/subscriptions/{s}/resourceGroups/{rg}"
#define BY_ID GROUP "/providers/{*rest}"

static const struct sandbox_route routes[] = {
    {"GET",           GROUP "/resources", list_resources, "Microsoft.Resources/resourceGroups", 0},
    {"GET", "/subscriptions/{s}/resources", list_resources, "Microsoft.Resources/resourceGroups",
     0},
    {"GET",              BY_ID, get_by_id, NULL, SANDBOX_ROUTE_FALLBACK},
    {"HEAD",           BY_ID, head_by_id, NULL, SANDBOX_ROUTE_FALLBACK},
    {"PUT", BY_ID, put_by_id, NULL, SANDBOX_ROUTE_FALLBACK},
    {"DELETE",               BY_ID, delete_by_id, NULL, SANDBOX_ROUTE_FALLBACK},
    {0          },
};

const struct sandbox_provider sandbox_provider_resources = {.name = "resources", .routes = routes};
