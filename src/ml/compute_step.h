/* compute_step.h - what to do next with a compute on its way to a wanted state.
 *
 * A decision over one document; compute_do.c carries it out. */
#ifndef AZML_ML_COMPUTE_STEP_H
#define AZML_ML_COMPUTE_STEP_H

#include "azml/compute.h"
#include "azml/compute_run.h"

enum azml_compute_step {
    AZML_STEP_DONE,   /* it is so already */
    AZML_STEP_FOLLOW, /* it is on its way there: only follow */
    AZML_STEP_WAIT,   /* it is on its way elsewhere: wait for that, then ask again */
    AZML_STEP_SEND,   /* ask for it now */
    AZML_STEP_REFUSE, /* it cannot be had: `err` says why */
};

/* Decide; `after_out` is the state to wait for where the answer is AZML_STEP_WAIT. */
enum azml_compute_step azml_compute_next(const struct azml_compute *compute,
                                         enum azml_compute_act act,
                                         enum azml_compute_phase *after_out,
                                         struct azml_error *err);

#endif
