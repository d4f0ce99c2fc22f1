#include "azml/compute_run.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/compute_state.h"
#include "ml/compute_step.h"

#define ROUNDS 3 /* wait, send, and once more where somebody else changed it meanwhile */

static const struct {
    const char *verb; /* last segment of the POST; NULL: a DELETE */
    enum azml_compute_phase wanted;
    const char *doing, *usually;
} acts[] = {
    [AZML_COMPUTE_START] = {"start",   AZML_COMPUTE_READY,   "starting",   "2 min"},
    [AZML_COMPUTE_STOP] = {"stop",    AZML_COMPUTE_STOPPED, "stopping",   "1 min"},
    [AZML_COMPUTE_RESTART] = {"restart", AZML_COMPUTE_READY,   "restarting", "2 min"},
    [AZML_COMPUTE_DELETE] = {NULL,      AZML_COMPUTE_UNKNOWN, "deleting",   "2 min"},
};

/* One compute on its way. */
struct item {
    const char *name;
    char *path, *call_path, *thing;
    struct azml_compute_goal goal;
    bool finished;
    bool sending; /* the operation under way is the wanted one, not a wait before it */
};

struct doing {
    struct azml_arm *arm;
    const struct azml_compute_many *what;
    struct azml_compute_ended *ended;
    struct item *items;
    /* the operations of this round, and which item each belongs to */
    struct azml_arm_operation *operations;
    size_t *owners;
    size_t under_way;
};

static void doing_cleanup(struct doing *d)
{
    for (size_t i = 0; d->items && i < d->what->count; i++) {
        free(d->items[i].path);
        free(d->items[i].call_path);
        free(d->items[i].thing);
    }
    free(d->items);
    free(d->operations);
    free(d->owners);
}

static int prepare(struct doing *d, struct azml_error *err)
{
    size_t count = d->what->count;
    d->items = calloc(count, sizeof(*d->items));
    d->operations = calloc(count, sizeof(*d->operations));
    d->owners = calloc(count, sizeof(*d->owners));
    if (!d->items || !d->operations || !d->owners)
        return azml_error_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct item *item = &d->items[i];
        item->name = d->what->names[i];
        item->path = azml_compute_path(&d->what->workspace, item->name, err);
        item->thing = azml_format(err, "compute %s", item->name);
        if (!item->path || !item->thing)
            return -1;
    }
    return 0;
}

static void fail(struct doing *d, size_t index, struct azml_error *error)
{
    d->items[index].finished = true;
    azml_error_move(&d->ended[index].error, error);
}

/* The address of the change itself. */
static int address(struct doing *d, struct item *item, const struct azml_compute *compute,
                   struct azml_error *err)
{
    const char *verb = acts[d->what->act].verb;
    free(item->call_path);
    if (verb)
        item->call_path = azml_format(err, "%s/%s", item->path, verb);
    else
        /* deleting an attached compute would destroy the owner's own machine */
        item->call_path = azml_format(
            err, "%s?underlyingResourceAction=%s", item->path,
            compute->kind == AZML_COMPUTE_OTHER || compute->attached ? "Detach" : "Delete");
    return item->call_path ? 0 : -1;
}

/* Line up an operation: the wanted change itself, or only following until it is `wanted`. */
static void line_up(struct doing *d, size_t index, enum azml_compute_step step,
                    enum azml_compute_phase wanted)
{
    const struct azml_compute_many *what = d->what;
    struct item *item = &d->items[index];
    bool gone = what->act == AZML_COMPUTE_DELETE;
    item->goal = (struct azml_compute_goal){
        .wanted = wanted, .needs_address = wanted == AZML_COMPUTE_READY, .watch = what->watch};
    item->sending = step != AZML_STEP_WAIT;
    struct azml_arm_operation operation = {
        .resource = item->path,
        .result = gone ? AZML_ARM_RESULT_NONE : AZML_ARM_RESULT_RESOURCE,
        .no_wait = what->no_wait && item->sending,
        .until_gone = gone,
        .state = gone ? NULL : azml_compute_goal_state,
        .progress = azml_compute_goal_tick,
        .data = &item->goal,
        .what = item->thing,
        .resume = what->resume,
    };
    if (step == AZML_STEP_SEND) {
        operation.call.method = gone ? "DELETE" : "POST";
        operation.call.path = item->call_path;
        operation.call.repeat = AZML_HTTP_REPEAT_SAFE;
    }
    d->operations[d->under_way] = operation;
    d->owners[d->under_way++] = index;
    azml_watch_change(what->watch, item->thing,
                      item->sending ? acts[what->act].doing : _("waiting for what is under way"),
                      acts[what->act].usually, NULL);
}

/* It is so already. */
static void settle(struct doing *d, size_t index, cJSON *document)
{
    d->items[index].finished = true;
    d->ended[index].was_so = true;
    d->ended[index].document = document;
}

static int missing(struct doing *d, size_t index, struct azml_error *error)
{
    const struct azml_compute_many *what = d->what;
    if (what->act == AZML_COMPUTE_DELETE && what->if_exists &&
        error->code == AZML_ERROR_NOT_FOUND) {
        settle(d, index, NULL);
        return 0;
    }
    if (error->code == AZML_ERROR_NOT_FOUND) {
        azml_error_context(error, _("no compute %s in workspace %s"), d->items[index].name,
                           what->workspace.name);
        azml_error_hint(error, "azml compute list -w %s -g %s", what->workspace.name,
                        what->workspace.group);
    }
    fail(d, index, error);
    return 0;
}

/* Decide about one, from its document; takes it over. */
static int decide(struct doing *d, size_t index, cJSON *given, struct azml_error *err)
{
    auto_json cJSON *document = given;
    auto_error struct azml_error error = {0};
    struct azml_compute compute;
    enum azml_compute_phase after = AZML_COMPUTE_UNKNOWN;
    enum azml_compute_step step = AZML_STEP_REFUSE;
    if (azml_compute_read(document, &compute, &error) == 0)
        step = azml_compute_next(&compute, d->what->act, &after, &error);
    switch (step) {
    case AZML_STEP_DONE:
        settle(d, index, AZML_STEAL(document));
        return 0;
    case AZML_STEP_FOLLOW:
        if (d->what->no_wait) {
            d->items[index].finished = true;
            d->ended[index].accepted = true;
            return 0;
        }
        line_up(d, index, step, acts[d->what->act].wanted);
        return 0;
    case AZML_STEP_WAIT:
        line_up(d, index, step, after);
        return 0;
    case AZML_STEP_SEND:
        if (address(d, &d->items[index], &compute, err) < 0)
            return -1;
        line_up(d, index, step, acts[d->what->act].wanted);
        return 0;
    case AZML_STEP_REFUSE:
        break;
    }
    fail(d, index, &error);
    return 0;
}

/* Read all that are not finished, and line up what each needs next. */
static int look(struct doing *d, struct azml_error *err)
{
    size_t count = d->what->count, asked = 0;
    struct azml_arm_read *reads = calloc(count, sizeof(*reads));
    if (!reads)
        return azml_error_memory(err);
    for (size_t i = 0; i < count; i++)
        if (!d->items[i].finished)
            reads[asked++].path = d->items[i].path;
    int result = azml_arm_read_all(d->arm, reads, asked, err);
    d->under_way = 0;
    for (size_t i = 0, at = 0; i < count; i++) {
        if (d->items[i].finished)
            continue;
        struct azml_arm_read *read = &reads[at++];
        if (result == 0)
            result = read->json ? decide(d, i, AZML_STEAL(read->json), err)
                                : missing(d, i, &read->error);
        cJSON_Delete(read->json);
        azml_error_cleanup(&read->error);
    }
    free(reads);
    return result;
}

static void explain(const struct doing *d, const struct item *item, struct azml_error *error)
{
    if (error->code == AZML_ERROR_TIMEOUT || error->code == AZML_ERROR_INTERRUPTED)
        return;
    switch (d->what->act) {
    case AZML_COMPUTE_START:
        azml_error_context(error, _("could not start compute %s"), item->name);
        return;
    case AZML_COMPUTE_STOP:
        azml_error_context(error, _("could not stop compute %s"), item->name);
        return;
    case AZML_COMPUTE_RESTART:
        azml_error_context(error, _("could not restart compute %s"), item->name);
        return;
    case AZML_COMPUTE_DELETE:
        azml_error_context(error, _("could not delete compute %s"), item->name);
        return;
    }
}

static const char *done_word(const struct doing *d, const struct azml_arm_outcome *outcome)
{
    if (outcome->is_accepted_only)
        return _("accepted");
    if (d->what->act == AZML_COMPUTE_DELETE)
        return _("deleted");
    return d->what->act == AZML_COMPUTE_STOP ? _("stopped") : _("running");
}

static void ended(void *data, size_t index, struct azml_arm_outcome *outcome,
                  struct azml_error *error)
{
    struct doing *d = data;
    size_t owner = d->owners[index];
    struct item *item = &d->items[owner];
    if (!outcome) {
        azml_watch_done(d->what->watch, item->thing, _("failed"), error->said_code);
        explain(d, item, error);
        fail(d, owner, error);
        return;
    }
    if (!item->sending)
        return; /* the wait before it is over: the next round asks for what is wanted */
    item->finished = true;
    d->ended[owner].accepted = outcome->is_accepted_only;
    d->ended[owner].document = AZML_STEAL(outcome->body);
    azml_watch_done(d->what->watch, item->thing, done_word(d, outcome), NULL);
}

/* The one failure, or how many of them. */
static int sum_up(const struct doing *d, struct azml_error *err)
{
    size_t failures = 0, last = 0;
    for (size_t i = 0; i < d->what->count; i++) {
        if (d->ended[i].error.code == AZML_ERROR_NONE)
            continue;
        failures++;
        last = i;
    }
    if (failures == 0)
        return 0;
    struct azml_error *error = &d->ended[last].error;
    if (d->what->count == 1)
        return azml_error_move(err, error);
    azml_error_set(err, failures == d->what->count ? error->code : AZML_ERROR_PARTIAL,
                   _("%zu of %zu computes failed"), failures, d->what->count);
    for (size_t i = 0; i < d->what->count; i++)
        if (d->ended[i].error.code != AZML_ERROR_NONE && err)
            azml_error_why(err, "%s%s%s", err->why ? err->why : "", err->why ? "\n" : "",
                           d->ended[i].error.message);
    return -1;
}

static bool all_finished(const struct doing *d)
{
    for (size_t i = 0; i < d->what->count; i++)
        if (!d->items[i].finished)
            return false;
    return true;
}

int azml_compute_do(struct azml_arm *arm, const struct azml_compute_many *what,
                    struct azml_compute_ended *ended_out, struct azml_error *err)
{
    __attribute__((cleanup(doing_cleanup))) struct doing d = {
        .arm = arm, .what = what, .ended = ended_out};
    if (what->count == 0)
        return 0;
    if (prepare(&d, err) < 0)
        return -1;
    for (int round = 0; round < ROUNDS && !all_finished(&d); round++) {
        if (look(&d, err) < 0)
            return -1;
        if (d.under_way > 0 &&
            azml_arm_operate_all(arm, d.operations, d.under_way, ended, &d, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < what->count; i++)
        if (!d.items[i].finished)
            azml_error_set(&ended_out[i].error, AZML_ERROR_CONFLICT,
                           _("compute %s keeps changing; somebody else works on it"),
                           d.items[i].name);
    return sum_up(&d, err);
}

void azml_compute_ended_cleanup(struct azml_compute_ended *ended, size_t count)
{
    for (size_t i = 0; ended && i < count; i++) {
        cJSON_Delete(ended[i].document);
        azml_error_cleanup(&ended[i].error);
        ended[i] = (struct azml_compute_ended){0};
    }
}
