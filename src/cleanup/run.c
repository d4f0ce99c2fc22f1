#include "cleanup/look.h"

#include "azml/arm_id.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/follow.h"

#define IN_FLIGHT 5 /* groups that are deleted at the same time; each costs the service much */

void azml_cleanup_results_cleanup(struct azml_cleanup_result *results, size_t count)
{
    for (size_t i = 0; results && i < count; i++)
        azml_error_cleanup(&results[i].error);
}

/* Some groups that are deleted together. */
struct wave {
    const struct azml_cleanup_delete *what;
    struct azml_cleanup_inventory *inventory;
    struct azml_cleanup_result *results;
    size_t owners[IN_FLIGHT];
    char *things[IN_FLIGHT];
    char *paths[IN_FLIGHT];
    struct azml_arm_operation operations[IN_FLIGHT];
    size_t count;
};

static void wave_cleanup(struct wave *wave)
{
    for (size_t i = 0; i < wave->count; i++) {
        free(wave->things[i]);
        free(wave->paths[i]);
    }
}

static const char *find_reason(const struct azml_cleanup_inventory *fresh, const char *id)
{
    for (size_t i = 0; i < fresh->count; i++)
        if (azml_arm_id_same(fresh->items[i].id, id))
            return fresh->verdicts[i].reason == AZML_CLEANUP_UNUSED ? NULL
                                                                    : fresh->verdicts[i].text;
    return _("it is gone already");
}

/* Keep what is no longer unused, with the reason found now. */
static int keep(struct azml_cleanup_verdict *verdict, const char *reason, struct azml_error *err)
{
    char *text = azml_format(err, _("kept: %s"), reason);
    if (!text)
        return -1;
    free(verdict->text);
    verdict->text = text;
    return 0;
}

/* Line up one group for deletion. */
static int add(struct wave *wave, size_t index, struct azml_error *err)
{
    const struct azml_cleanup_group *group = &wave->inventory->items[index];
    size_t at = wave->count++;
    wave->owners[at] = index;
    wave->things[at] = azml_format(err, "group %s", group->name);
    wave->paths[at] = azml_follow_path(group->id, err);
    if (!wave->things[at] || !wave->paths[at])
        return -1;
    wave->operations[at] = (struct azml_arm_operation){
        .call = {.method = "DELETE", .path = wave->paths[at]},
        .resource = wave->paths[at],
        .result = AZML_ARM_RESULT_NONE,
        .until_gone = true,
        .no_wait = wave->what->no_wait,
        .progress = azml_follow_tick,
        .data = (void *)(uintptr_t)wave->what->watch,
        .what = wave->things[at],
        .resume = wave->what->resume,
    };
    azml_watch_change(wave->what->watch, wave->things[at], _("deleting"), NULL, NULL);
    return 0;
}

static void ended(void *data, size_t at, struct azml_arm_outcome *outcome, struct azml_error *error)
{
    struct wave *wave = data;
    struct azml_cleanup_result *result = &wave->results[wave->owners[at]];
    if (!outcome) {
        azml_watch_done(wave->what->watch, wave->things[at], _("failed"), error->said_code);
        result->end = AZML_CLEANUP_FAILED;
        azml_error_move(&result->error, error);
        return;
    }
    result->end = outcome->is_accepted_only ? AZML_CLEANUP_ACCEPTED : AZML_CLEANUP_DELETED;
    azml_watch_done(wave->what->watch, wave->things[at],
                    outcome->is_accepted_only ? _("deletion accepted") : _("deleted"), NULL);
}

/* Look again at everything, then delete the next few that are still unused. `next` is the first
 * group not yet dealt with; moved on. */
static int run_wave(struct azml_arm *arm, struct wave *wave, size_t *next, struct azml_error *err)
{
    struct azml_cleanup_inventory *inventory = wave->inventory;
    __attribute__((cleanup(azml_cleanup_inventory_cleanup))) struct azml_cleanup_inventory fresh = {
        0};
    if (azml_cleanup_look(arm, wave->what->subscription, wave->what->rules, &fresh, err) < 0)
        return azml_error_context(err, _("could not look again before deleting"));
    for (; *next < inventory->count && wave->count < IN_FLIGHT; (*next)++) {
        if (inventory->verdicts[*next].reason != AZML_CLEANUP_UNUSED)
            continue;
        const char *reason = find_reason(&fresh, inventory->items[*next].id);
        wave->results[*next].changed = reason != NULL;
        if (reason ? keep(&inventory->verdicts[*next], reason, err) < 0 : add(wave, *next, err) < 0)
            return -1;
    }
    if (wave->count == 0)
        return 0;
    return azml_arm_operate_all(arm, wave->operations, wave->count, ended, wave, err);
}

static int sum_up(const struct azml_cleanup_inventory *inventory,
                  struct azml_cleanup_result *results, struct azml_error *err)
{
    size_t failed = 0, last = 0;
    for (size_t i = 0; i < inventory->count; i++) {
        if (results[i].end != AZML_CLEANUP_FAILED)
            continue;
        failed++;
        last = i;
    }
    if (failed == 0)
        return 0;
    if (inventory->unused == 1) {
        const struct azml_error *only = &results[last].error;
        azml_error_set(err, only->code, "%s", only->message);
        azml_error_said(err, only->said_code, only->said_message, only->request_id);
        return azml_error_why(err, "%s", only->why ? only->why : "");
    }
    return azml_error_set(err, AZML_ERROR_PARTIAL, _("%zu of %zu groups could not be deleted"),
                          failed, inventory->unused);
}

static bool has_unused(const struct azml_cleanup_inventory *inventory, size_t from)
{
    for (size_t i = from; i < inventory->count; i++)
        if (inventory->verdicts[i].reason == AZML_CLEANUP_UNUSED)
            return true;
    return false;
}

int azml_cleanup_run(struct azml_arm *arm, const struct azml_cleanup_delete *what,
                     struct azml_cleanup_inventory *inventory, struct azml_cleanup_result *results,
                     struct azml_error *err)
{
    for (size_t next = 0; has_unused(inventory, next);) {
        __attribute__((cleanup(wave_cleanup))) struct wave wave = {
            .what = what, .inventory = inventory, .results = results};
        if (run_wave(arm, &wave, &next, err) < 0)
            return -1;
    }
    return sum_up(inventory, results, err);
}
