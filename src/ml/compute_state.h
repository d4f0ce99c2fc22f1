/* compute_state.h - deciding, poll by poll, whether a compute has arrived where it was sent.
 *
 * The answers of the service lag behind its operations: right after success a GET may still show
 * the state before, and an address may come some polls after Running. */
#ifndef AZML_ML_COMPUTE_STATE_H
#define AZML_ML_COMPUTE_STATE_H

#include "azml/arm.h"
#include "azml/compute.h"
#include "azml/ml_watch.h"

/* Where it should arrive, and how often it may be looked at in between. Lent to arm as `data`. */
struct azml_compute_goal {
    enum azml_compute_phase wanted; /* READY or STOPPED */
    bool needs_address;             /* wait for the SSH address, too */
    bool is_new;                    /* just made: errors that it reports are its failure */
    const struct azml_watch *watch;
    unsigned stale_polls; /* seen in the state before, so far */
    unsigned bare_polls;  /* seen running without an address, so far */
};

/* An azml_arm_state_fn over struct azml_compute_goal. */
enum azml_arm_state azml_compute_goal_state(void *data, const cJSON *document);

/* An azml_arm_progress_fn over the same. */
void azml_compute_goal_tick(void *data, const struct azml_arm_progress *progress);

#endif
