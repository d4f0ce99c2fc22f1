#include "ml/compute_step.h"

#include "base/i18n.h"
#include "base/str.h"

static bool is_in(const struct azml_compute *compute, const char *state)
{
    return azml_same_text(compute->state, state);
}

static bool is_going(const struct azml_compute *compute)
{
    return is_in(compute, "Deleting") || azml_same_text(compute->provisioning, "Deleting");
}

static enum azml_compute_step refuse_kind(const struct azml_compute *compute,
                                          struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_CONFLICT,
                   _("compute %s is of type %s: only instances start and stop"), compute->name,
                   compute->type ? compute->type : "?");
    if (compute->kind == AZML_COMPUTE_CLUSTER)
        azml_error_why(err, _("a cluster scales by itself; at 0 nodes it costs nothing"));
    return AZML_STEP_REFUSE;
}

/* On its way: towards what is wanted, or somewhere that has to be waited for. */
static enum azml_compute_step busy(const struct azml_compute *compute, enum azml_compute_act act,
                                   enum azml_compute_phase *after_out)
{
    bool stopping = is_in(compute, "Stopping");
    *after_out = stopping ? AZML_COMPUTE_STOPPED : AZML_COMPUTE_READY;
    if (act == AZML_COMPUTE_STOP)
        return stopping ? AZML_STEP_FOLLOW : AZML_STEP_WAIT;
    if (act == AZML_COMPUTE_START)
        return stopping ? AZML_STEP_WAIT : AZML_STEP_FOLLOW;
    return is_in(compute, "Restarting") ? AZML_STEP_FOLLOW : AZML_STEP_WAIT;
}

static enum azml_compute_step refuse_restart(const struct azml_compute *compute,
                                             struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s is stopped and cannot be restarted"),
                   compute->name);
    azml_compute_hint(compute, "start", err);
    return AZML_STEP_REFUSE;
}

static enum azml_compute_step broken(const struct azml_compute *compute, enum azml_compute_act act,
                                     struct azml_error *err)
{
    /* a restart may bring an unusable instance back; nothing else may */
    if (act == AZML_COMPUTE_RESTART && is_in(compute, "Unusable"))
        return AZML_STEP_SEND;
    azml_compute_fail(compute, err);
    return AZML_STEP_REFUSE;
}

enum azml_compute_step azml_compute_next(const struct azml_compute *compute,
                                         enum azml_compute_act act,
                                         enum azml_compute_phase *after_out, struct azml_error *err)
{
    if (act == AZML_COMPUTE_DELETE)
        return is_going(compute) ? AZML_STEP_FOLLOW : AZML_STEP_SEND;
    if (compute->kind != AZML_COMPUTE_INSTANCE)
        return refuse_kind(compute, err);
    if (is_going(compute)) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s is being deleted"), compute->name);
        return AZML_STEP_REFUSE;
    }
    switch (azml_compute_phase(compute)) {
    case AZML_COMPUTE_BUSY:
        return busy(compute, act, after_out);
    case AZML_COMPUTE_READY:
        return act == AZML_COMPUTE_START ? AZML_STEP_DONE : AZML_STEP_SEND;
    case AZML_COMPUTE_STOPPED:
        if (act == AZML_COMPUTE_RESTART)
            return refuse_restart(compute, err);
        return act == AZML_COMPUTE_STOP ? AZML_STEP_DONE : AZML_STEP_SEND;
    case AZML_COMPUTE_BROKEN:
        return broken(compute, act, err);
    case AZML_COMPUTE_UNKNOWN:
        break;
    }
    return AZML_STEP_SEND; /* the service knows what may be done from there */
}
