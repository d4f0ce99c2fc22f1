/* ml_quota.h - how many cores a subscription may have in a region, and how many it has.
 *
 * Limits are those of data/quota_families.tsv for the subscription's offer; usage is counted from
 * the computes that exist, stopped instances included, as the service does. */
#ifndef AZML_SANDBOX_ML_QUOTA_H
#define AZML_SANDBOX_ML_QUOTA_H

#include "sandbox/ml.h"
#include "sandbox/ml_sizes.h"

#include <stdint.h>

struct sandbox_ml_ask {
    const char *subscription_id;
    const char *location;
    const struct sandbox_ml_size *size;
    int64_t nodes;         /* at least 1 is asked for */
    bool is_low_priority;  /* then only the number of clusters is checked */
    const char *except_id; /* this compute's own share does not count; NULL: none */
};

/* Is there room? True, or false with `reply` filled in (400). */
bool sandbox_ml_quota_check(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, const struct sandbox_ml_ask *ask);

/* Does the subscription's offer have any low-priority cores? */
bool sandbox_ml_quota_has_low_priority(struct sandbox *sandbox, const char *subscription_id);

/* GET …/locations/{l}/usages and …/locations/{l}/quotas. */
sandbox_handler_fn sandbox_ml_usage_list;
sandbox_handler_fn sandbox_ml_quota_list;

#endif
