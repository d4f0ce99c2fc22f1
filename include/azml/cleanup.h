/* cleanup.h - which resource groups are unused: what is known of each, and the rules that decide.
 *
 * Pure decisions over an inventory that was read before; what could not be read keeps a group. An
 * empty list alone proves nothing: Resource Manager's lists lag by minutes, and groups made ahead
 * for somebody are empty by design. azml/cleanup_run.h reads and deletes. */
#ifndef AZML_CLEANUP_H
#define AZML_CLEANUP_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known of one resource group. Texts and documents are lent; -1 as a count, and false as a
 * `…_known`, mean that it could not be read. */
struct azml_cleanup_group {
    const char *id, *name, *location;
    const char *provisioning; /* properties.provisioningState */
    const char *managed_by;   /* NULL: by nobody */
    const char *created;      /* createdTime as it came; NULL: the service does not say */
    const cJSON *tags;
    int64_t listed;  /* resources in Resource Manager's own list of it */
    int64_t graphed; /* resources that Resource Graph shows in it */
    bool locks_known;
    const char *lock_name, *lock_level; /* the first lock on, above or inside it; NULL: none */
    bool deployments_known;
    const char *deploying; /* the name of a deployment that is not over; NULL: none */
};

struct azml_cleanup_rules {
    int64_t now_ms;
    int64_t older_than_s;
    bool foreign; /* also groups that azml did not make */
};

enum azml_cleanup_reason {
    AZML_CLEANUP_UNUSED, /* the only one that deletes */
    AZML_CLEANUP_PLATFORM,
    AZML_CLEANUP_MANAGED,
    AZML_CLEANUP_DELETING,
    AZML_CLEANUP_CHANGING,
    AZML_CLEANUP_LOCKED,
    AZML_CLEANUP_LOCKS_UNKNOWN,
    AZML_CLEANUP_PROTECTED,   /* by a tag */
    AZML_CLEANUP_NOT_YET,     /* a tag names a time in the future */
    AZML_CLEANUP_TAG_UNCLEAR, /* or one that cannot be read */
    AZML_CLEANUP_OTHER_TOOL,  /* a tag says whose it is */
    AZML_CLEANUP_HOLDS,
    AZML_CLEANUP_LIST_UNKNOWN,
    AZML_CLEANUP_GRAPH_HOLDS,
    AZML_CLEANUP_GRAPH_UNKNOWN,
    AZML_CLEANUP_AGE_UNKNOWN,
    AZML_CLEANUP_AGE_FUTURE,
    AZML_CLEANUP_YOUNG,
    AZML_CLEANUP_FOREIGN,
    AZML_CLEANUP_DEPLOYING,
    AZML_CLEANUP_DEPLOYMENTS_UNKNOWN, /* comes last: all else speaks for deleting */
};

/* A decision; `text` says why in a few words, the caller's. */
struct azml_cleanup_verdict {
    enum azml_cleanup_reason reason;
    char *text;
};
void azml_cleanup_verdict_cleanup(struct azml_cleanup_verdict *verdict);

/* Decide about one group. Return 0, or -1 with `err` set when memory runs out. */
int azml_cleanup_judge(const struct azml_cleanup_group *group,
                       const struct azml_cleanup_rules *rules,
                       struct azml_cleanup_verdict *verdict_out, struct azml_error *err);

/* A short, stable word for a reason, for JSON: "locked", "too_young". Static. */
const char *azml_cleanup_reason_name(enum azml_cleanup_reason reason);

/* Age in seconds, or -1 where the service's creation time is not known or lies in the future. */
int64_t azml_cleanup_age_s(const struct azml_cleanup_group *group, int64_t now_ms);

/* The replies that an inventory is made of, each an array of every page; NULL: could not be read.
 */
struct azml_cleanup_documents {
    const cJSON *groups;    /* with $expand=createdTime */
    const cJSON *resources; /* of the subscription */
    const cJSON *graph;     /* rows with id (and resourceGroup) */
    const cJSON *locks;     /* of the subscription and all below it */
};

/* Make the groups of those replies, deployments left unknown. The array and only it is the caller's
 * (its texts belong to the documents); `count_out` may be 0. -1 with `err` set when memory runs
 * out or `groups` is missing. */
int azml_cleanup_gather(const struct azml_cleanup_documents *documents,
                        struct azml_cleanup_group **groups_out, size_t *count_out,
                        struct azml_error *err);

/* Take in the list of a group's deployments; NULL: could not be read. */
void azml_cleanup_take_deployments(struct azml_cleanup_group *group, const cJSON *deployments);

#endif
