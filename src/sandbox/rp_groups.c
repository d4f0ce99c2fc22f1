/* rp_groups.c - resource groups: make, look, tag; deleting them is rp_groups_delete.c.
 *
 * Reference section 3.3. */
#include "sandbox/rp_groups.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/arm_filter.h"

#include <ctype.h>
#include <string.h>

#define TYPE "Microsoft.Resources/resourceGroups"

int group_find(struct sandbox *sandbox, const struct sandbox_request *request,
               struct sandbox_resource **out, struct azml_error *err)
{
    auto_free char *id = arm_group_id(sandbox, request, err);
    return id ? sandbox_store_get(sandbox->store, id, out, err) : -1;
}

int group_not_found(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    return sandbox_reply_error(reply, 404, "ResourceGroupNotFound",
                               "Resource group '%s' could not be found.",
                               sandbox_request_param(request, "rg"));
}

/* Letters of any script count as letters: bytes above ASCII are taken as such. */
static bool is_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > 90 || name[length - 1] == '.')
        return false;
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (c < 0x80 && !isalnum(c) && !strchr("-_.()", c))
            return false;
    }
    return true;
}

static cJSON *shown(struct sandbox_resource *group, const char *expand)
{
    auto_json cJSON *body = AZML_STEAL(group->body);
    bool created = expand && azml_find_nocase(expand, "createdTime");
    bool changed = expand && azml_find_nocase(expand, "changedTime");
    if ((created && group->created_ms > 0 &&
         arm_put_time(body, "createdTime", group->created_ms) < 0) ||
        (changed && arm_put_time(body, "changedTime", group->changed_ms) < 0))
        return NULL;
    return AZML_STEAL(body);
}

static bool check_put(const struct sandbox_request *request,
                      const struct sandbox_resource *existing, char location[ARM_LOCATION_ROOM],
                      struct sandbox_reply *reply)
{
    const char *name = sandbox_request_param(request, "rg");
    const char *written = azml_json_text(request->json, "location");
    if (!is_name(name)) {
        sandbox_reply_error(reply, 400, "InvalidResourceGroupName",
                            "The provided resource group name '%s' has these invalid characters or "
                            "is too long. The name can only be a letter, digit, '-', '.', '(', ')' "
                            "or '_', and cannot end with '.'.",
                            name);
        return false;
    }
    if (!written || !*written) {
        sandbox_reply_error(reply, 400, "LocationRequired",
                            "The location property is required for this definition.");
        return false;
    }
    arm_location_normal(written, location);
    if (!arm_location_exists(location)) {
        sandbox_reply_error(reply, 400, "LocationNotAvailableForResourceGroup",
                            "The provided location '%s' is not available for resource group.",
                            written);
        return false;
    }
    if (existing && !azml_same_text(existing->location, location)) {
        sandbox_reply_error(reply, 409, "InvalidResourceGroupLocation",
                            "Invalid resource group location '%s'. The Resource group already "
                            "exists in location '%s'.",
                            location, existing->location);
        return false;
    }
    return arm_check_text(request->json, "managedBy", false, reply) &&
           arm_check_tags(request->json, reply);
}

/* PUT replaces: tags that it does not name are gone. */
static int apply_put(struct sandbox_resource *group, const cJSON *json, const char *location)
{
    if (arm_begin_body(group) < 0 || azml_json_put_text(group->body, "location", location) < 0 ||
        azml_json_put_text(group->body, "properties.provisioningState", "Succeeded") < 0)
        return -1;
    if (arm_copy(group->body, json, "managedBy") < 0)
        return -1;
    const cJSON *tags = cJSON_GetObjectItem(json, "tags");
    return cJSON_IsObject(tags) ? arm_copy(group->body, json, "tags") : 0;
}

static int put_group(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *group = NULL;
    char location[ARM_LOCATION_ROOM];
    if (group_find(sandbox, request, &group, err) < 0)
        return -1;
    if (!check_put(request, group, location, reply))
        return 0;
    bool is_new = group == NULL;
    auto_free char *id = is_new ? arm_group_id(sandbox, request, err) : NULL;
    if (is_new && (!id || !(group = sandbox_resource_new(id, TYPE, err))))
        return -1;
    free(group->location);
    group->location = azml_strdup(location, err);
    if (!group->location || apply_put(group, request->json, location) < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, group, err) < 0)
        return -1;
    return sandbox_reply_json(reply, is_new ? 201 : 200, AZML_STEAL(group->body));
}

static int get_group(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *group = NULL;
    if (group_find(sandbox, request, &group, err) < 0)
        return -1;
    if (!group)
        return group_not_found(request, reply);
    return sandbox_reply_json(reply, 200, shown(group, sandbox_request_query(request, "$expand")));
}

static int head_group(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *group = NULL;
    if (group_find(sandbox, request, &group, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, group ? 204 : 404);
}

static int patch_group(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *group = NULL;
    if (group_find(sandbox, request, &group, err) < 0)
        return -1;
    if (!group)
        return group_not_found(request, reply);
    if (!arm_check_tags(request->json, reply) ||
        !arm_check_text(request->json, "managedBy", false, reply))
        return 0;
    if ((cJSON_IsObject(cJSON_GetObjectItem(request->json, "tags")) &&
         arm_copy(group->body, request->json, "tags") < 0) ||
        (cJSON_GetObjectItem(request->json, "managedBy") &&
         arm_copy(group->body, request->json, "managedBy") < 0))
        return azml_error_memory(err);
    if (arm_store(sandbox, group, err) < 0)
        return -1;
    return sandbox_reply_json(reply, 200, AZML_STEAL(group->body));
}

static int list_groups(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    const char *expand = sandbox_request_query(request, "$expand");
    auto_resources struct sandbox_resources found = {0};
    struct sandbox_query query = {.type = TYPE,
                                  .subscription_id = sandbox_request_param(request, "s")};
    bool passes;
    if (arm_list_passes(request, ARM_FILTER_GROUPS, NULL, &passes, reply) < 0)
        return 0;
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++) {
        if (arm_list_passes(request, ARM_FILTER_GROUPS, found.items[i], &passes, reply) < 0)
            return 0;
        if (passes && azml_json_append(items, shown(found.items[i], expand)) < 0)
            return azml_error_memory(err);
    }
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

#define GROUPS "/subscriptions/{s}/resourceGroups"

static const struct sandbox_route routes[] = {
    {"PUT",      GROUPS "/{rg}", put_group, TYPE, 0},
    {"GET", GROUPS "/{rg}", get_group, TYPE, 0},
    {"HEAD",         GROUPS "/{rg}", head_group, TYPE, 0},
    {"PATCH",      GROUPS "/{rg}", patch_group, TYPE, 0},
    {"DELETE", GROUPS "/{rg}", group_delete, TYPE, 0},
    {"GET",         GROUPS, list_groups, TYPE, 0},
    {0    },
};

static const struct sandbox_operation_kind operations[] = {
    {.name = GROUP_DELETE,
     .step = group_delete_step,
     .location_path = "/subscriptions/{s}/operationresults/{id}",
     .is_signed = true,
     .retry_after = 15},
    {0},
};

const struct sandbox_provider sandbox_provider_groups = {
    .name = "groups", .routes = routes, .operations = operations};
