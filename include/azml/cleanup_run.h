/* cleanup_run.h - reading what a subscription holds, and deleting what is unused in it.
 *
 * The rules are azml/cleanup.h's; looking and deleting use the very same ones, and right before a
 * deletion everything about that group is read again. No lock is ever removed. */
#ifndef AZML_CLEANUP_RUN_H
#define AZML_CLEANUP_RUN_H

#include "azml/arm.h"
#include "azml/cleanup.h"
#include "azml/error.h"
#include "azml/ml_watch.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* What was read, with a verdict for each group. Zero-initialise. */
struct azml_cleanup_inventory {
    cJSON *groups, *resources, *graph, *locks; /* the replies that the groups lend from */
    cJSON **deployments;                       /* one for each group; NULL where not asked */
    struct azml_cleanup_group *items;
    struct azml_cleanup_verdict *verdicts;
    size_t count;
    size_t unused; /* how many verdicts say so */
};
void azml_cleanup_inventory_cleanup(struct azml_cleanup_inventory *inventory);

/* Read the subscription in a few requests at once, decide, then read the deployments and the own
 * resource list of those that all else speaks for deleting, and decide again. What could not be
 * read keeps groups; only the list of groups itself has to succeed. 0, or -1 with `err` set. */
int azml_cleanup_look(struct azml_arm *arm, const char *subscription,
                      const struct azml_cleanup_rules *rules,
                      struct azml_cleanup_inventory *inventory_out, struct azml_error *err);

/* How it ended for one group. */
enum azml_cleanup_end {
    AZML_CLEANUP_KEPT,     /* by its verdict, or by the second look right before */
    AZML_CLEANUP_DELETED,  /* a GET said 404 */
    AZML_CLEANUP_ACCEPTED, /* under no_wait */
    AZML_CLEANUP_FAILED,
};
struct azml_cleanup_result {
    enum azml_cleanup_end end;
    bool changed; /* kept by the second look: the inventory's verdict is no longer true */
    struct azml_error error;
};
void azml_cleanup_results_cleanup(struct azml_cleanup_result *results, size_t count);

struct azml_cleanup_delete {
    const char *subscription;
    const struct azml_cleanup_rules *rules;
    bool no_wait;
    const char *resume;
    const struct azml_watch *watch;
};

/* Delete the unused groups of an inventory, five at once, each looked at again right before and
 * followed until a GET says 404. `results` has room for every group of the inventory, zeroed.
 * Returns 0 when all went (or were kept for a reason found meanwhile), -1 with `err` set:
 * AZML_ERROR_PARTIAL, or the failure where it is the only deletion. */
int azml_cleanup_run(struct azml_arm *arm, const struct azml_cleanup_delete *what,
                     struct azml_cleanup_inventory *inventory, struct azml_cleanup_result *results,
                     struct azml_error *err);

#endif
