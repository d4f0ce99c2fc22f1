#include "cleanup/look.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/log.h"
#include "ml/follow.h"

void azml_cleanup_inventory_cleanup(struct azml_cleanup_inventory *inventory)
{
    if (!inventory)
        return;
    for (size_t i = 0; i < inventory->count; i++) {
        if (inventory->verdicts)
            azml_cleanup_verdict_cleanup(&inventory->verdicts[i]);
        if (inventory->deployments)
            cJSON_Delete(inventory->deployments[i]);
    }
    free(inventory->verdicts);
    free(inventory->deployments);
    free(inventory->items);
    cJSON_Delete(inventory->groups);
    cJSON_Delete(inventory->resources);
    cJSON_Delete(inventory->graph);
    cJSON_Delete(inventory->locks);
    *inventory = (struct azml_cleanup_inventory){0};
}

enum { GROUPS, RESOURCES, LOCKS, LISTS };

static const char *const tails[LISTS] = {
    [GROUPS] = "/resourcegroups?$expand=createdTime,changedTime",
    [RESOURCES] = "/resources?$expand=createdTime,changedTime,provisioningState",
    [LOCKS] = "/providers/Microsoft.Authorization/locks",
};

/* What could not be read is said once, and keeps groups by the rules. */
static cJSON *take(struct azml_arm_read *read, const char *what)
{
    if (!read->json)
        azml_log(AZML_LOG_VERBOSE, _("could not read the %s: %s"), what,
                 read->error.message ? read->error.message : "?");
    return AZML_STEAL(read->json);
}

static int read_lists(struct azml_arm *arm, const char *subscription,
                      struct azml_cleanup_inventory *out, struct azml_error *err)
{
    char *paths[LISTS] = {0};
    struct azml_arm_read reads[LISTS] = {0};
    int result = 0;
    for (size_t i = 0; i < LISTS; i++) {
        paths[i] = azml_arm_path(err, "/subscriptions/", subscription, tails[i], (char *)NULL);
        reads[i] = (struct azml_arm_read){.path = paths[i], .is_list = true};
        if (!paths[i])
            result = -1;
    }
    if (result == 0)
        result = azml_arm_read_all(arm, reads, LISTS, err);
    if (result == 0 && !reads[GROUPS].json)
        result = azml_error_move(err, &reads[GROUPS].error);
    if (result == 0) {
        out->groups = AZML_STEAL(reads[GROUPS].json);
        out->resources = take(&reads[RESOURCES], _("list of resources"));
        out->locks = take(&reads[LOCKS], _("list of locks"));
    }
    for (size_t i = 0; i < LISTS; i++) {
        free(paths[i]);
        cJSON_Delete(reads[i].json);
        azml_error_cleanup(&reads[i].error);
    }
    return result;
}

static int judge_all(struct azml_cleanup_inventory *inventory,
                     const struct azml_cleanup_rules *rules, struct azml_error *err)
{
    inventory->unused = 0;
    for (size_t i = 0; i < inventory->count; i++) {
        struct azml_cleanup_verdict verdict;
        if (azml_cleanup_judge(&inventory->items[i], rules, &verdict, err) < 0)
            return -1;
        azml_cleanup_verdict_cleanup(&inventory->verdicts[i]);
        inventory->verdicts[i] = verdict;
        if (verdict.reason == AZML_CLEANUP_UNUSED)
            inventory->unused++;
    }
    return 0;
}

/* The two reads about one candidate: its deployments, and its own list of resources. */
static int candidate_paths(const struct azml_cleanup_group *group, char *paths[2],
                           struct azml_error *err)
{
    auto_free char *path = azml_follow_path(group->id, err);
    if (!path)
        return -1;
    paths[0] = azml_format(err, "%s/providers/Microsoft.Resources/deployments", path);
    paths[1] = azml_format(err, "%s/resources", path);
    return paths[0] && paths[1] ? 0 : -1;
}

static void take_candidate(struct azml_cleanup_inventory *inventory, size_t index,
                           struct azml_arm_read reads[2])
{
    struct azml_cleanup_group *group = &inventory->items[index];
    inventory->deployments[index] = AZML_STEAL(reads[0].json);
    azml_cleanup_take_deployments(group, inventory->deployments[index]);
    group->listed = cJSON_IsArray(reads[1].json) ? cJSON_GetArraySize(reads[1].json) : -1;
}

/* Ask about every group that only its deployments could still save, all at once. */
static int read_candidates(struct azml_arm *arm, struct azml_cleanup_inventory *inventory,
                           struct azml_error *err)
{
    size_t room = inventory->count * 2 + 1;
    char **paths = calloc(room, sizeof(*paths));
    struct azml_arm_read *reads = calloc(room, sizeof(*reads));
    if (!paths || !reads) {
        free(paths);
        free(reads);
        return azml_error_memory(err);
    }
    int result = 0;
    size_t asked = 0;
    for (size_t i = 0; result == 0 && i < inventory->count; i++) {
        if (inventory->verdicts[i].reason != AZML_CLEANUP_DEPLOYMENTS_UNKNOWN)
            continue;
        result = candidate_paths(&inventory->items[i], &paths[asked], err);
        for (size_t k = 0; k < 2; k++, asked++)
            reads[asked] = (struct azml_arm_read){.path = paths[asked], .is_list = true};
    }
    if (result == 0 && asked > 0)
        result = azml_arm_read_all(arm, reads, asked, err);
    for (size_t i = 0, at = 0; result == 0 && i < inventory->count; i++) {
        if (inventory->verdicts[i].reason != AZML_CLEANUP_DEPLOYMENTS_UNKNOWN)
            continue;
        take_candidate(inventory, i, &reads[at]);
        at += 2;
    }
    for (size_t i = 0; i < asked; i++) {
        free(paths[i]);
        cJSON_Delete(reads[i].json);
        azml_error_cleanup(&reads[i].error);
    }
    free(paths);
    free(reads);
    return result;
}

int azml_cleanup_look(struct azml_arm *arm, const char *subscription,
                      const struct azml_cleanup_rules *rules,
                      struct azml_cleanup_inventory *inventory_out, struct azml_error *err)
{
    __attribute__((
        cleanup(azml_cleanup_inventory_cleanup))) struct azml_cleanup_inventory inventory = {0};
    if (read_lists(arm, subscription, &inventory, err) < 0)
        return -1;
    auto_error struct azml_error silent = {0};
    inventory.graph = azml_cleanup_graph(arm, subscription, &silent);
    if (!inventory.graph) {
        if (silent.code == AZML_ERROR_INTERRUPTED)
            return azml_error_move(err, &silent);
        azml_log(AZML_LOG_VERBOSE, _("could not ask Resource Graph: %s"),
                 silent.message ? silent.message : "?");
    }
    const struct azml_cleanup_documents documents = {.groups = inventory.groups,
                                                     .resources = inventory.resources,
                                                     .graph = inventory.graph,
                                                     .locks = inventory.locks};
    if (azml_cleanup_gather(&documents, &inventory.items, &inventory.count, err) < 0)
        return -1;
    size_t room = inventory.count ? inventory.count : 1;
    inventory.verdicts = calloc(room, sizeof(*inventory.verdicts));
    inventory.deployments = calloc(room, sizeof(cJSON *)); /* one list each */
    if (!inventory.verdicts || !inventory.deployments)
        return azml_error_memory(err);
    if (judge_all(&inventory, rules, err) < 0 || read_candidates(arm, &inventory, err) < 0 ||
        judge_all(&inventory, rules, err) < 0)
        return -1;
    *inventory_out = inventory;
    inventory = (struct azml_cleanup_inventory){0};
    return 0;
}
