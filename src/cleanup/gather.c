#include "azml/cleanup.h"

#include "azml/arm_id.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"

#include <string.h>

/* How many items of `list` have an id inside the group; -1 where there is no list, or an item
 * without a readable id, since that one could be anywhere. */
static int64_t count_in(const cJSON *list, const char *group_id)
{
    if (!cJSON_IsArray(list))
        return -1;
    int64_t count = 0;
    const cJSON *item;
    cJSON_ArrayForEach (item, list) {
        const char *id = azml_json_text(item, "id");
        if (!id)
            return -1;
        if (azml_arm_id_is_under(id, group_id))
            count++;
    }
    return count;
}

#define LOCK_PROVIDER "/providers/Microsoft.Authorization/locks/"

/* Does a lock of that id stand on the group, on something inside it, or above it? */
static bool concerns(const char *lock_id, const char *group_id)
{
    if (azml_arm_id_is_under(lock_id, group_id))
        return true;
    const char *at = azml_find_nocase(lock_id, LOCK_PROVIDER);
    if (!at)
        return true; /* nobody knows where it stands */
    auto_free char *scope = azml_strndup(lock_id, (size_t)(at - lock_id), NULL);
    return !scope || scope[0] == '\0' || azml_arm_id_is_under(group_id, scope);
}

static void take_locks(struct azml_cleanup_group *group, const cJSON *locks)
{
    group->locks_known = cJSON_IsArray(locks);
    const cJSON *lock;
    cJSON_ArrayForEach (lock, locks) {
        const char *id = azml_json_text(lock, "id");
        if (id && !concerns(id, group->id))
            continue;
        const char *name = azml_json_text(lock, "name");
        group->lock_name = name ? name : "?";
        group->lock_level = azml_json_text(lock, "properties.level");
        return;
    }
}

static bool is_over(const char *state)
{
    return azml_same_text(state, "Succeeded") || azml_same_text(state, "Failed") ||
           azml_same_text(state, "Canceled") || azml_same_text(state, "Cancelled") ||
           azml_same_text(state, "Deleted");
}

void azml_cleanup_take_deployments(struct azml_cleanup_group *group, const cJSON *deployments)
{
    group->deployments_known = cJSON_IsArray(deployments);
    group->deploying = NULL;
    const cJSON *deployment;
    cJSON_ArrayForEach (deployment, deployments) {
        if (is_over(azml_json_text(deployment, "properties.provisioningState")))
            continue;
        const char *name = azml_json_text(deployment, "name");
        group->deploying = name ? name : "?";
        return;
    }
}

/* Who manages it; what stands there but is no text is somebody all the same. */
static const char *master_of(const cJSON *document)
{
    const cJSON *master = azml_json_at(document, "managedBy");
    return master && !cJSON_IsString(master) ? "?" : cJSON_GetStringValue(master);
}

static void take_group(struct azml_cleanup_group *group, const cJSON *document,
                       const struct azml_cleanup_documents *documents)
{
    group->id = azml_json_text(document, "id");
    group->name = azml_json_text(document, "name");
    group->location = azml_json_text(document, "location");
    group->provisioning = azml_json_text(document, "properties.provisioningState");
    group->managed_by = master_of(document);
    group->created = azml_json_text(document, "createdTime");
    group->tags = azml_json_at(document, "tags");
    group->listed = count_in(documents->resources, group->id);
    group->graphed = count_in(documents->graph, group->id);
    take_locks(group, documents->locks);
}

int azml_cleanup_gather(const struct azml_cleanup_documents *documents,
                        struct azml_cleanup_group **groups_out, size_t *count_out,
                        struct azml_error *err)
{
    if (!cJSON_IsArray(documents->groups))
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the list of groups could not be read"));
    size_t room = (size_t)cJSON_GetArraySize(documents->groups);
    struct azml_cleanup_group *groups = calloc(room ? room : 1, sizeof(*groups));
    if (!groups)
        return azml_error_memory(err);

    size_t count = 0;
    const cJSON *document;
    cJSON_ArrayForEach (document, documents->groups) {
        if (!azml_json_text(document, "id") || !azml_json_text(document, "name"))
            continue; /* what has no id cannot be deleted either */
        take_group(&groups[count++], document, documents);
    }
    *groups_out = groups;
    *count_out = count;
    return 0;
}
