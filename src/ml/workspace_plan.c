#include "azml/workspace.h"

#include "azml/arm_id.h"
#include "azml/ml_tags.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/dependents.h"

void azml_workspace_plan_cleanup(struct azml_workspace_plan *plan)
{
    if (!plan)
        return;
    free(plan->id);
    cJSON_Delete(plan->dependents);
    cJSON_Delete(plan->kept);
    cJSON_Delete(plan->deleted_vaults);
    *plan = (struct azml_workspace_plan){0};
}

/* What is read before a deletion: the positions in the batch. */
enum { WORKSPACE, COMPUTES, RESOURCES, WORKSPACES, COMPONENTS, VAULTS, READS };

struct reading {
    char *paths[READS];
    struct azml_arm_read reads[READS];
};

static void reading_cleanup(struct reading *reading)
{
    for (size_t i = 0; i < READS; i++) {
        free(reading->paths[i]);
        cJSON_Delete(reading->reads[i].json);
        azml_error_cleanup(&reading->reads[i].error);
    }
}

static int prepare(const struct azml_workspace_ref *ref, struct reading *out,
                   struct azml_error *err)
{
    static const char subscription[] = "/subscriptions/";
    out->paths[WORKSPACE] = azml_workspace_path(ref, err);
    if (!out->paths[WORKSPACE])
        return -1;
    out->paths[COMPUTES] = azml_format(err, "%s/computes", out->paths[WORKSPACE]);
    out->paths[RESOURCES] = azml_arm_path(err, subscription, ref->subscription, "/resourceGroups/",
                                          ref->group, "/resources", (char *)NULL);
    out->paths[WORKSPACES] =
        azml_arm_path(err, subscription, ref->subscription,
                      "/providers/Microsoft.MachineLearningServices/workspaces", (char *)NULL);
    out->paths[COMPONENTS] =
        azml_arm_path(err, subscription, ref->subscription,
                      "/providers/Microsoft.Insights/components", (char *)NULL);
    out->paths[VAULTS] = azml_arm_path(err, subscription, ref->subscription,
                                       "/providers/Microsoft.KeyVault/deletedVaults", (char *)NULL);
    for (size_t i = 0; i < READS; i++) {
        if (!out->paths[i])
            return -1;
        out->reads[i] = (struct azml_arm_read){.path = out->paths[i], .is_list = i != WORKSPACE};
    }
    return 0;
}

/* The outcome of one read that has to be there. Only a group can be missing, and then holds
 * nothing; a list of the subscription that is not there proves nothing. */
static int need(struct azml_arm_read *read, bool may_miss, struct azml_error *err)
{
    if (read->json)
        return 0;
    if (!may_miss || read->error.code != AZML_ERROR_NOT_FOUND)
        return azml_error_move(err, &read->error);
    read->json = cJSON_CreateArray();
    return read->json ? 0 : azml_error_memory(err);
}

/* Soft-deleted vaults that were made for this workspace; those under purge protection stay. */
static cJSON *own_deleted_vaults(const cJSON *vaults, const char *id, struct azml_error *err)
{
    auto_json cJSON *own = cJSON_CreateArray();
    const cJSON *vault;
    cJSON_ArrayForEach (vault, vaults) {
        const cJSON *tags = azml_json_at(vault, "properties.tags");
        if (!azml_tags_are_ours(tags) || !azml_tags_belong_to(tags, id) ||
            azml_json_bool_or(vault, "properties.purgeProtectionEnabled", false))
            continue;
        if (azml_json_append(own, cJSON_Duplicate(vault, true)) < 0) {
            azml_error_memory(err);
            return NULL;
        }
    }
    if (!own)
        azml_error_memory(err);
    return AZML_STEAL(own);
}

/* Everything beyond the workspace itself. */
static int plan_dependents(struct reading *reading, bool purge, struct azml_workspace_plan *plan,
                           struct azml_error *err)
{
    struct azml_arm_read *reads = reading->reads;
    if (need(&reads[RESOURCES], true, err) < 0 || need(&reads[WORKSPACES], false, err) < 0 ||
        need(&reads[COMPONENTS], false, err) < 0)
        return azml_error_context(err, _("could not find out what belongs to the workspace"));
    const struct azml_dependents_lists lists = {.resources = reads[RESOURCES].json,
                                                .workspaces = reads[WORKSPACES].json,
                                                .components = reads[COMPONENTS].json};
    if (azml_dependents_choose(&lists, plan->id, &plan->dependents, &plan->kept, err) < 0)
        return -1;
    if (!purge)
        return 0;
    if (need(&reads[VAULTS], true, err) < 0)
        return azml_error_context(err, _("could not list soft-deleted key vaults"));
    plan->deleted_vaults = own_deleted_vaults(reads[VAULTS].json, plan->id, err);
    return plan->deleted_vaults ? 0 : -1;
}

static bool is_empty(const struct azml_workspace_plan *plan)
{
    return !plan->is_there && cJSON_GetArraySize(plan->dependents) == 0 &&
           cJSON_GetArraySize(plan->deleted_vaults) == 0;
}

static int no_workspace(const struct azml_workspace_ref *ref, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_NOT_FOUND, _("no workspace %s in group %s"), ref->name,
                   ref->group);
    return azml_error_hint(err, "azml workspace list");
}

int azml_workspace_plan_delete(struct azml_arm *arm, const struct azml_workspace_delete *what,
                               struct azml_workspace_plan *plan_out, struct azml_error *err)
{
    __attribute__((cleanup(reading_cleanup))) struct reading reading = {0};
    if (prepare(&what->ref, &reading, err) < 0)
        return -1;
    size_t count = what->with_dependents ? READS : RESOURCES;
    if (azml_arm_read_all(arm, reading.reads, count, err) < 0)
        return -1;

    __attribute__((cleanup(azml_workspace_plan_cleanup))) struct azml_workspace_plan plan = {0};
    struct azml_arm_read *workspace = &reading.reads[WORKSPACE];
    if (!workspace->json && workspace->error.code != AZML_ERROR_NOT_FOUND)
        return azml_error_move(err, &workspace->error);
    plan.is_there = workspace->json != NULL;
    plan.computes_unknown = plan.is_there && !reading.reads[COMPUTES].json;
    plan.computes = (size_t)cJSON_GetArraySize(reading.reads[COMPUTES].json);
    plan.id = AZML_STEAL(reading.paths[WORKSPACE]);
    if (what->with_dependents && plan_dependents(&reading, what->purge, &plan, err) < 0)
        return -1;
    if (is_empty(&plan))
        return no_workspace(&what->ref, err);
    *plan_out = plan;
    plan = (struct azml_workspace_plan){0};
    return 0;
}
