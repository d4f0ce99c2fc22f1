#include "azml/compute_run.h"

#include "azml/compute_size.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/compute_state.h"

#include <inttypes.h>
#include <stdio.h>

struct creating {
    struct azml_arm *arm;
    const struct azml_compute_create *what;
    struct azml_compute_spec spec; /* with the location filled in */
    char *path, *thing, *key;
    cJSON *workspace;
};

static void creating_cleanup(struct creating *c)
{
    free(c->path);
    free(c->thing);
    free(c->key);
    cJSON_Delete(c->workspace);
}

static const char *const no_end_hint = "Ctrl-C stops waiting, not creating";

/* Follow it to running; `body` NULL follows what an earlier run has started. */
static int follow(struct creating *c, const cJSON *body, struct azml_compute_created *out,
                  struct azml_error *err)
{
    const struct azml_compute_create *what = c->what;
    if (!body && what->no_wait) {
        out->how = AZML_MADE_ACCEPTED;
        return 0;
    }
    struct azml_compute_goal goal = {.wanted = AZML_COMPUTE_READY,
                                     .is_new = true,
                                     .needs_address = true, /* where SSH turns out to be open */
                                     .watch = what->watch};
    const struct azml_arm_operation operation = {
        .call = {.method = body ? "PUT" : NULL, .path = c->path, .body = body},
        .resource = c->path,
        .result = AZML_ARM_RESULT_RESOURCE,
        .no_wait = what->no_wait,
        .state = azml_compute_goal_state,
        .progress = azml_compute_goal_tick,
        .data = &goal,
        .what = c->thing,
        .resume = what->resume,
    };
    bool cluster = c->spec.kind == AZML_COMPUTE_CLUSTER;
    azml_watch_change(what->watch, c->thing, _("creating"), cluster ? "1:00" : "3 to 5 min",
                      no_end_hint);
    struct azml_arm_outcome outcome = {0};
    if (azml_arm_operate(c->arm, &operation, &outcome, err) < 0)
        return -1;
    out->how = outcome.is_accepted_only ? AZML_MADE_ACCEPTED : AZML_MADE_NEW;
    out->document = AZML_STEAL(outcome.body);
    azml_arm_outcome_cleanup(&outcome);
    return 0;
}

/* The compute's own state says more than the operation that failed. */
static int explain(struct creating *c, struct azml_error *err)
{
    if (!err || err->code == AZML_ERROR_TIMEOUT || err->code == AZML_ERROR_INTERRUPTED)
        return -1;
    const char *said = err->said_message ? err->said_message : "";
    if (azml_find_nocase(said, "AlreadyExists") || azml_find_nocase(said, "already in use")) {
        err->code = AZML_ERROR_NAME_TAKEN;
        azml_error_hint(err, _("another name: it has to be unique in the whole region"));
        return azml_error_context(err, _("the name %s is taken"), c->spec.name);
    }
    if (azml_find_nocase(said, "quota"))
        err->code = AZML_ERROR_QUOTA;
    auto_json cJSON *document = NULL;
    struct azml_compute compute;
    if (azml_arm_find(c->arm, c->path, &document, NULL) == 1 &&
        azml_compute_read(document, &compute, NULL) == 0 &&
        azml_compute_phase(&compute) == AZML_COMPUTE_BROKEN && !err->hint)
        azml_error_hint(err, _("azml compute delete %s   (then create it again)"), c->spec.name);
    return azml_error_context(err, _("could not create compute %s"), c->spec.name);
}

/* A compute of that name is there. 1 to create it after all, 0 when done, -1 with `err` set. */
static int take_existing(struct creating *c, cJSON **document, struct azml_compute_created *out,
                         struct azml_error *err)
{
    struct azml_compute compute;
    if (azml_compute_read(*document, &compute, err) < 0)
        return -1;
    if (azml_same_text(compute.provisioning, "Deleting") ||
        azml_same_text(compute.state, "Deleting")) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s is being deleted"), c->spec.name);
        return azml_error_hint(err, _("the same command again in a few minutes"));
    }
    enum azml_compute_phase phase = azml_compute_phase(&compute);
    if (phase == AZML_COMPUTE_BROKEN)
        return azml_compute_fail(&compute, err);
    if (azml_compute_matches(&compute, &c->spec, err) < 0)
        return -1;
    bool stopping = azml_same_text(compute.state, "Stopping");
    if (phase == AZML_COMPUTE_BUSY && !stopping)
        return follow(c, NULL, out, err) < 0 ? explain(c, err) : 0;
    out->how = AZML_MADE_ALREADY;
    out->document = AZML_STEAL(*document);
    return 0;
}

/* "Standard_E4ds_v4 in westeurope: 4 vCPU, 32 GiB, no GPU; 4 of 10 vCPU of the family would be
 * used; about 0.29 USD an hour" */
static void tell_size(struct creating *c, const struct azml_size *size, const cJSON *usages)
{
    auto_str struct azml_str text = {0};
    azml_str_addf(&text, _("%s in %s: %" PRId64 " vCPU, %g GiB"), size->name, c->spec.location,
                  size->vcpus, size->memory_gib);
    if (size->gpus > 0)
        azml_str_addf(&text, _(", %" PRId64 " GPU"), size->gpus);
    else
        azml_str_add(&text, _(", no GPU"));

    struct azml_size_quota quota;
    azml_size_quota_read(usages, size, c->spec.low_priority, &quota);
    if (quota.family.known && quota.family.limit >= 0)
        azml_str_addf(&text, _("; %" PRId64 " of %" PRId64 " vCPU of the family would be used"),
                      quota.family.used + size->vcpus, quota.family.limit);
    double price = c->spec.low_priority ? size->low_priority_price : size->price;
    if (price >= 0 && size->currency)
        azml_str_addf(&text, _("; about %.2f %s an hour"), price, size->currency);
    else
        azml_str_add(&text, _("; price unknown"));
    azml_watch_note(c->what->watch, azml_str_text(&text));
}

enum { SIZES, USAGES, LOOKS };

static int judge_size(struct creating *c, const struct azml_arm_read reads[LOOKS],
                      struct azml_error *err)
{
    if (!reads[SIZES].json)
        return 0; /* the service will say, later */
    struct azml_size size;
    if (azml_size_find(reads[SIZES].json, c->spec.size, &size, err) < 0)
        return -1;
    const struct azml_size_need need = {.kind = c->spec.kind,
                                        .low_priority = c->spec.low_priority,
                                        .nodes = c->spec.min_nodes,
                                        .location = c->spec.location};
    if (azml_size_fits(reads[SIZES].json, reads[USAGES].json, &size, &need, err) < 0)
        return -1;
    tell_size(c, &size, reads[USAGES].json);
    return 0;
}

/* Size and quota, before anything is created. */
static int look(struct creating *c, struct azml_error *err)
{
    static const char middle[] = "/providers/Microsoft.MachineLearningServices/locations/";
    const char *subscription = c->what->workspace.subscription;
    auto_free char *sizes = azml_arm_path(err, "/subscriptions/", subscription, middle,
                                          c->spec.location, "/vmSizes", (char *)NULL);
    auto_free char *usages = azml_arm_path(err, "/subscriptions/", subscription, middle,
                                           c->spec.location, "/usages", (char *)NULL);
    if (!sizes || !usages)
        return -1;
    struct azml_arm_read reads[LOOKS] = {
        [SIZES] = {.path = sizes   },
          [USAGES] = { .path = usages, .is_list = true}
    };
    int result = azml_arm_read_all(c->arm, reads, LOOKS, err);
    if (result == 0)
        result = judge_size(c, reads, err);
    for (size_t i = 0; i < LOOKS; i++) {
        cJSON_Delete(reads[i].json);
        azml_error_cleanup(&reads[i].error);
    }
    return result;
}

/* "Conflict, it is being created": a first try whose answer was lost had arrived all the same, or
 * another run was quicker. That is what was wanted: follow it. */
static int follow_conflict(struct creating *c, struct azml_compute_created *out,
                           struct azml_error *err)
{
    if (!err || err->code != AZML_ERROR_CONFLICT)
        return -1;
    auto_json cJSON *document = NULL;
    struct azml_compute compute;
    if (azml_arm_find(c->arm, c->path, &document, NULL) != 1 ||
        azml_compute_read(document, &compute, NULL) < 0 ||
        azml_compute_matches(&compute, &c->spec, NULL) < 0 ||
        azml_same_text(compute.provisioning, "Deleting"))
        return -1;
    enum azml_compute_phase phase = azml_compute_phase(&compute);
    if (phase != AZML_COMPUTE_BUSY && phase != AZML_COMPUTE_READY)
        return -1;
    azml_error_cleanup(err);
    return follow(c, NULL, out, err);
}

static int create(struct creating *c, struct azml_compute_created *out, struct azml_error *err)
{
    c->spec.location = azml_json_text(c->workspace, "location");
    if (!c->spec.location)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("workspace %s has no location"),
                              c->what->workspace.name);
    if (look(c, err) < 0)
        return -1;
    if (!c->spec.ssh_key && c->what->make_key) {
        c->key = c->what->make_key(c->what->key_data, err);
        c->spec.ssh_key = c->key;
        if (!c->key)
            return -1;
    }
    auto_json cJSON *body = azml_compute_body(&c->spec, err);
    if (!body)
        return -1;
    if (follow(c, body, out, err) == 0 || follow_conflict(c, out, err) == 0)
        return 0;
    return explain(c, err);
}

/* The workspace and the compute in one round trip. `found_out` NULL: no such compute. */
static int read_both(struct creating *c, cJSON **found_out, struct azml_error *err)
{
    auto_free char *workspace = azml_workspace_path(&c->what->workspace, err);
    if (!workspace)
        return -1;
    struct azml_arm_read reads[2] = {{.path = workspace}, {.path = c->path}};
    int result = azml_arm_read_all(c->arm, reads, 2, err);
    const struct azml_workspace_ref *ref = &c->what->workspace;
    if (result == 0 && !reads[0].json) {
        result = azml_error_move(err, &reads[0].error);
        if (err && err->code == AZML_ERROR_NOT_FOUND) {
            azml_error_context(err, _("no workspace %s in group %s"), ref->name, ref->group);
            azml_error_hint(err, "azml workspace create %s -g %s", ref->name, ref->group);
        }
    }
    if (result == 0 && !reads[1].json && reads[1].error.code != AZML_ERROR_NOT_FOUND)
        result = azml_error_move(err, &reads[1].error);
    if (result == 0) {
        c->workspace = AZML_STEAL(reads[0].json);
        *found_out = AZML_STEAL(reads[1].json);
    }
    for (size_t i = 0; i < 2; i++) {
        cJSON_Delete(reads[i].json);
        azml_error_cleanup(&reads[i].error);
    }
    return result;
}

int azml_compute_create(struct azml_arm *arm, const struct azml_compute_create *what,
                        struct azml_compute_created *out, struct azml_error *err)
{
    if (azml_compute_spec_check(&what->spec, err) < 0)
        return -1;
    __attribute__((cleanup(creating_cleanup))) struct creating c = {
        .arm = arm, .what = what, .spec = what->spec};
    c.path = azml_compute_path(&what->workspace, what->spec.name, err);
    c.thing = azml_format(err, "compute %s", what->spec.name);
    if (!c.path || !c.thing)
        return -1;
    auto_json cJSON *found = NULL;
    if (read_both(&c, &found, err) < 0)
        return -1;
    return found ? take_existing(&c, &found, out, err) : create(&c, out, err);
}
