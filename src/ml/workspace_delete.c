#include "azml/workspace.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/api.h"
#include "ml/dependents.h"
#include "ml/follow.h"

/* One deletion under way. */
struct deleting {
    struct azml_arm *arm;
    const struct azml_workspace_delete *what;
    const struct azml_workspace_plan *plan;
};

/* Several operations that are started together, with the texts that they lend. */
struct batch {
    struct azml_arm_operation *operations;
    char **paths;
    char **things;
    char **resources;
    size_t count;
    const struct azml_watch *watch;
    struct azml_error first; /* the first failure */
    size_t failures;
};

static void batch_cleanup(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        free(batch->paths[i]);
        free(batch->things[i]);
        free(batch->resources[i]);
    }
    free(batch->operations);
    free(batch->paths);
    free(batch->things);
    free(batch->resources);
    azml_error_cleanup(&batch->first);
}

static int batch_init(struct batch *batch, size_t room, const struct azml_watch *watch,
                      struct azml_error *err)
{
    *batch = (struct batch){.watch = watch};
    batch->operations = calloc(room ? room : 1, sizeof(*batch->operations));
    batch->paths = calloc(room ? room : 1, sizeof(*batch->paths));
    batch->things = calloc(room ? room : 1, sizeof(*batch->things));
    batch->resources = calloc(room ? room : 1, sizeof(*batch->resources));
    if (!batch->operations || !batch->paths || !batch->things || !batch->resources)
        return azml_error_memory(err);
    return 0;
}

/* Add the deletion of `resource`, or a purge where that is NULL; takes over all texts but the last
 * (NULL as path or thing: memory ran out). */
static int batch_add(struct batch *batch, char *resource, char *path, char *thing,
                     const char *resume)
{
    size_t i = batch->count++;
    batch->resources[i] = resource;
    batch->paths[i] = path;
    batch->things[i] = thing;
    if (!path || !thing)
        return -1;
    bool is_delete = resource != NULL;
    batch->operations[i] = (struct azml_arm_operation){
        .call = {.method = is_delete ? "DELETE" : "POST",
                 .path = path,
                 .repeat = AZML_HTTP_REPEAT_SAFE},
        .resource = resource,
        .result = AZML_ARM_RESULT_NONE,
        .until_gone = is_delete,
        .progress = azml_follow_tick,
        .data = (void *)(uintptr_t)batch->watch,
        .what = thing,
        .resume = resume,
    };
    azml_watch_change(batch->watch, thing, is_delete ? _("deleting") : _("purging"), NULL, NULL);
    return 0;
}

static void ended(void *data, size_t index, struct azml_arm_outcome *outcome,
                  struct azml_error *error)
{
    struct batch *batch = data;
    bool purge = !batch->operations[index].until_gone;
    /* what is gone already needs no purge */
    bool fine = outcome || (purge && error->code == AZML_ERROR_NOT_FOUND);
    if (fine) {
        bool accepted = outcome && outcome->is_accepted_only;
        azml_watch_done(batch->watch, batch->things[index],
                        accepted ? _("deletion accepted")
                        : purge  ? _("purged")
                                 : _("deleted"),
                        NULL);
        return;
    }
    azml_watch_done(batch->watch, batch->things[index], _("failed"), error->said_code);
    if (batch->failures++ == 0)
        azml_error_move(&batch->first, error);
}

static int batch_run(struct batch *batch, struct azml_arm *arm, struct azml_error *err)
{
    if (batch->count == 0)
        return 0;
    int result = azml_arm_operate_all(arm, batch->operations, batch->count, ended, batch, err);
    if (result < 0)
        return -1;
    if (batch->failures == 0)
        return 0;
    azml_error_move(err, &batch->first);
    if (batch->failures < batch->count && err)
        err->code = AZML_ERROR_PARTIAL;
    return azml_error_context(err, _("some of what was made for the workspace could not be "
                                     "deleted"));
}

static int delete_workspace(struct deleting *d, struct azml_error *err)
{
    const struct azml_workspace_delete *what = d->what;
    auto_free char *path =
        azml_format(err, "%s%s", d->plan->id, what->purge ? "?forceToPurge=true" : "");
    auto_free char *thing = azml_format(err, "workspace %s", what->ref.name);
    if (!path || !thing)
        return -1;
    const struct azml_arm_operation operation = {
        .call = {.method = "DELETE", .path = path},
        .resource = d->plan->id,
        .result = AZML_ARM_RESULT_NONE,
        .until_gone = true,
        .no_wait = what->no_wait && !what->with_dependents, /* they may only go after it */
        .progress = azml_follow_tick,
        .data = (void *)(uintptr_t)what->watch,
        .what = thing,
        .resume = what->resume,
    };
    azml_watch_change(what->watch, thing, what->purge ? _("deleting for good") : _("deleting"),
                      NULL, _("Ctrl-C stops waiting, not deleting"));
    struct azml_arm_outcome outcome = {0};
    if (azml_arm_operate(d->arm, &operation, &outcome, err) < 0)
        return azml_error_context(err, _("could not delete workspace %s"), what->ref.name);
    azml_watch_done(what->watch, thing,
                    outcome.is_accepted_only ? _("deletion accepted") : _("deleted"), NULL);
    azml_arm_outcome_cleanup(&outcome);
    return 0;
}

static int delete_list(struct deleting *d, const cJSON *list, struct azml_error *err)
{
    __attribute__((cleanup(batch_cleanup))) struct batch batch = {0};
    if (batch_init(&batch, (size_t)cJSON_GetArraySize(list), d->what->watch, err) < 0)
        return -1;
    const cJSON *item;
    cJSON_ArrayForEach (item, list) {
        char *resource = azml_follow_path(azml_json_text(item, "id"), err);
        if (!resource)
            return -1;
        bool logs = azml_same_text(azml_json_text(item, "type"), AZML_TYPE_LOGS);
        char *path =
            azml_format(err, "%s%s", resource, logs && d->what->purge ? "?force=true" : "");
        char *thing = azml_strdup(azml_json_text(item, "name"), err);
        if (batch_add(&batch, resource, path, thing, d->what->resume) < 0)
            return -1;
    }
    return batch_run(&batch, d->arm, err);
}

/* What Application Insights made by itself appears minutes later and goes by itself with nothing.
 */
static int delete_side_effects(struct deleting *d, struct azml_error *err)
{
    const struct azml_workspace_ref *ref = &d->what->ref;
    auto_free char *path =
        azml_arm_path(err, "/subscriptions/", ref->subscription, "/resourceGroups/", ref->group,
                      "/resources", (char *)NULL);
    auto_json cJSON *resources = path ? azml_arm_list(d->arm, path, err) : NULL;
    if (!resources)
        return -1;
    auto_json cJSON *found = azml_dependents_side_effects(resources, d->plan->dependents, err);
    return found ? delete_list(d, found, err) : -1;
}

static int add_purge(struct batch *batch, const struct deleting *d, const char *name,
                     const char *location, struct azml_error *err)
{
    char *path = azml_arm_path(err, "/subscriptions/", d->what->ref.subscription,
                               "/providers/Microsoft.KeyVault/locations/", location,
                               "/deletedVaults/", name, "/purge", (char *)NULL);
    return batch_add(batch, NULL, path, azml_strdup(name, err), d->what->resume);
}

/* The vaults of this run and those that an earlier one left soft-deleted. */
static int purge_vaults(struct deleting *d, struct azml_error *err)
{
    const struct azml_workspace_plan *plan = d->plan;
    size_t room = (size_t)cJSON_GetArraySize(plan->dependents) +
                  (size_t)cJSON_GetArraySize(plan->deleted_vaults);
    __attribute__((cleanup(batch_cleanup))) struct batch batch = {0};
    if (batch_init(&batch, room, d->what->watch, err) < 0)
        return -1;
    const cJSON *item;
    cJSON_ArrayForEach (item, plan->dependents) {
        const char *location = azml_json_text(item, "location");
        if (azml_same_text(azml_json_text(item, "type"), AZML_TYPE_VAULT) && location &&
            add_purge(&batch, d, azml_json_text(item, "name"), location, err) < 0)
            return -1;
    }
    cJSON_ArrayForEach (item, plan->deleted_vaults) {
        const char *location = azml_json_text(item, "properties.location");
        const char *name = azml_json_text(item, "name");
        if (location && name && add_purge(&batch, d, name, location, err) < 0)
            return -1;
    }
    return batch_run(&batch, d->arm, err);
}

int azml_workspace_run_delete(struct azml_arm *arm, const struct azml_workspace_delete *what,
                              const struct azml_workspace_plan *plan, struct azml_error *err)
{
    struct deleting d = {.arm = arm, .what = what, .plan = plan};
    if (plan->is_there && delete_workspace(&d, err) < 0)
        return -1;
    if (!what->with_dependents)
        return 0;
    if (delete_list(&d, plan->dependents, err) < 0 || delete_side_effects(&d, err) < 0)
        return -1;
    return what->purge ? purge_vaults(&d, err) : 0;
}
