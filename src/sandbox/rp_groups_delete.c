#include "sandbox/rp_groups.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/locks.h"

#include <ctype.h>
#include <string.h>

#define FIRST_SECONDS    15 /* before the first resource goes */
#define RESOURCE_SECONDS 12 /* for each of them */

/* "RESOURCEGROUPDELETIONJOB-RG:2DDEMO-EASTUS": upper-cased, "-" within the group as ":2D". A number
 * is added so that a group of the same name can go a second time. */
static char *make_token(const struct sandbox_resource *group, struct azml_error *err)
{
    auto_str struct azml_str job = {0};
    azml_str_add(&job, "{\"jobId\":\"RESOURCEGROUPDELETIONJOB-");
    for (const char *at = group->name; *at; at++) {
        if (*at == '-')
            azml_str_add(&job, ":2D");
        else
            azml_str_add_char(&job, (char)toupper((unsigned char)*at));
    }
    azml_str_add_char(&job, '-');
    for (const char *at = group->location; *at; at++)
        azml_str_add_char(&job, (char)toupper((unsigned char)*at));
    uint32_t number;
    azml_platform_random(&number, sizeof(number));
    azml_str_addf(&job, "\",\"jobLocation\":\"%s\",\"jobNumber\":%u}", group->location,
                  (unsigned)number);
    auto_free char *text = azml_str_take(&job, err);
    return text ? azml_base64url_encode(text, strlen(text), err) : NULL;
}

static int start_deletion(struct sandbox *sandbox, const struct sandbox_request *request,
                          const struct sandbox_resource *group, struct sandbox_reply *reply,
                          struct azml_error *err)
{
    auto_free char *token = make_token(group, err);
    if (!token)
        return -1;
    const struct sandbox_operation_start start = {
        .kind = GROUP_DELETE, .resource_id = group->id, .seconds = FIRST_SECONDS, .token = token};
    return sandbox_operation_start(sandbox, &start, request, reply, NULL, err);
}

int group_delete(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *group = NULL;
    if (group_find(sandbox, request, &group, err) < 0)
        return -1;
    if (!group)
        return group_not_found(request, reply);
    if (azml_json_put_text(group->body, "properties.provisioningState", "Deleting") < 0)
        return azml_error_memory(err);
    /* A second DELETE starts the work anew, as the service is reported to do. */
    if (arm_store(sandbox, group, err) < 0 ||
        sandbox_operation_cancel(sandbox, NULL, group->id, err) < 0 ||
        start_deletion(sandbox, request, group, reply, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

/* What others stand on goes last. */
static int rank(const struct sandbox_resource *resource)
{
    static const char *const late[] = {"Microsoft.OperationalInsights/workspaces",
                                       "Microsoft.KeyVault/vaults",
                                       "Microsoft.Storage/storageAccounts"};
    if (azml_same_text(resource->type, "Microsoft.MachineLearningServices/workspaces"))
        return 0;
    for (size_t i = 0; i < AZML_COUNT(late); i++)
        if (azml_same_text(resource->type, late[i]))
            return 2 + (int)i;
    return 1;
}

/* The next resource of the group to go, NULL where it is empty. Deployments need no time. */
static int find_next(struct sandbox *sandbox, const char *group_id, struct sandbox_resource **out,
                     struct azml_error *err)
{
    auto_resources struct sandbox_resources found = {0};
    struct sandbox_query query = {.parent = group_id, .with_hidden = true};
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return -1;
    size_t best = found.count;
    for (size_t i = 0; i < found.count; i++) {
        if (azml_has_prefix_nocase(found.items[i]->type, "Microsoft.Resources/") ||
            azml_has_prefix_nocase(found.items[i]->type, "Microsoft.Authorization/"))
            continue;
        if (best == found.count || rank(found.items[i]) < rank(found.items[best]))
            best = i;
    }
    *out = best < found.count ? AZML_STEAL(found.items[best]) : NULL;
    return 0;
}

/* The group stays, with what is left of it. */
static int give_up(struct sandbox *sandbox, struct sandbox_operation *operation,
                   struct sandbox_resource *group, const char *locks, struct azml_error *err)
{
    if (azml_json_put_text(group->body, "properties.provisioningState", "Succeeded") < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, group, err) < 0)
        return -1;
    return sandbox_operation_fail(operation, 409, "ResourceGroupDeletionBlocked",
                                  "Deletion of resource group '%s' failed as resources with "
                                  "identifiers '%s' could not be deleted.",
                                  group->name, locks);
}

int group_delete_step(struct sandbox *sandbox, struct sandbox_operation *operation,
                      struct azml_error *err)
{
    auto_resource struct sandbox_resource *group = NULL;
    auto_resource struct sandbox_resource *next = NULL;
    auto_free char *locks = NULL;
    if (sandbox_store_get(sandbox->store, operation->resource_id, &group, err) < 0)
        return -1;
    if (!group)
        return 0;
    if (locks_blocking(sandbox, group->id, LOCKS_DELETE, &locks, err) < 0)
        return -1;
    if (locks)
        return give_up(sandbox, operation, group, locks, err);
    if (find_next(sandbox, group->id, &next, err) < 0)
        return -1;
    if (!next)
        return sandbox_resource_remove(sandbox, group->id, err);
    if (sandbox_operation_cancel(sandbox, NULL, next->id, err) < 0 ||
        sandbox_resource_remove(sandbox, next->id, err) < 0)
        return -1;
    return sandbox_operation_again(sandbox, operation, RESOURCE_SECONDS);
}
