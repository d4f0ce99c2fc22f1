/* follow.h - carrying arm's progress to a watch, and the failures of a deployment to the person.
 *
 * Small glue that workspace and compute flows share; it starts nothing. */
#ifndef AZML_ML_FOLLOW_H
#define AZML_ML_FOLLOW_H

#include "azml/arm.h"
#include "azml/ml_watch.h"

/* An azml_arm_progress_fn whose data is a const struct azml_watch (or NULL). */
void azml_follow_tick(void *watch, const struct azml_arm_progress *progress);

/* A resource id as a path: what an address does not take is percent-encoded (names of side effects
 * hold blanks). The caller's, or NULL with `err` set. */
char *azml_follow_path(const char *id, struct azml_error *err);

/* Where the error of a failed deployment says no more than "list deployment operations", replace it
 * by that of the first operation that failed. */
void azml_follow_deployment_error(struct azml_arm *arm, const char *deployment,
                                  struct azml_error *err);

#endif
