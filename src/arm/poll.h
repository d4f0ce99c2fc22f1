/* poll.h - the rules of long-running operations, as decisions about one answer.
 *
 * Nothing here sends or waits: where to look next, what a status means, how long to wait. The rules
 * and the ways in which services break them are section 2 of the reference. */
#ifndef AZML_ARM_POLL_H
#define AZML_ARM_POLL_H

#include "azml/arm.h"

/* Where the progress of an operation shows. */
enum azml_arm_poll {
    AZML_ARM_POLL_STATUS,   /* a status document (Azure-AsyncOperation, Operation-Location) */
    AZML_ARM_POLL_LOCATION, /* 202 until it is done (Location) */
    AZML_ARM_POLL_RESOURCE, /* the resource's own state */
    AZML_ARM_POLL_GONE,     /* the resource until it answers 404 */
    AZML_ARM_POLL_NOTHING,  /* there is nothing left to follow */
};

/* Choose from the first answer to `method`; `link_out` is lent from the reply (NULL without one).
 */
enum azml_arm_poll azml_arm_poll_choose(const char *method, const struct azml_arm_reply *reply,
                                        const char **link_out);

/* How it stands. */
enum azml_arm_stand {
    AZML_ARM_RUNNING,
    AZML_ARM_SUCCEEDED,
    AZML_ARM_HAS_FAILED,
    AZML_ARM_CANCELED,
};

/* What a word says, in whatever case: contains "succeeded", "fail", "canceled" or "cancelled". */
enum azml_arm_stand azml_arm_stand_of(const char *status);

/* What a 2xx answer of a status address says; without a status the HTTP status counts. */
enum azml_arm_stand azml_arm_stand_of_reply(const struct azml_arm_reply *reply);

/* The waits between polls: what the service names is kept, else 1 s growing by half to 15 s. */
struct azml_arm_pace {
    uint64_t own_ms;   /* our next wait; 0 before the first */
    uint64_t named_ms; /* the service's interval */
    bool is_named;
};
/* The wait before the next poll, given the last answer (NULL: there was none). */
uint64_t azml_arm_pace_next(struct azml_arm_pace *pace, const struct azml_arm_reply *reply,
                            int64_t wall_ms);

/* Set `err` from a resource that came out badly: its provisioningErrors, errors or error, whichever
 * says something. Always returns -1; `err` says that no reason was given where there is none. */
int azml_arm_resource_failure(struct azml_error *err, const cJSON *resource,
                              const char *request_id);

#endif
