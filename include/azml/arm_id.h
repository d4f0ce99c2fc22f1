/* arm_id.h - resource ids: taking them apart and comparing them.
 *
 * Ids are compared without regard to case and shown as the service returned them. Pure functions.
 */
#ifndef AZML_ARM_ID_H
#define AZML_ARM_ID_H

#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>

/* An id in parts; texts are NULL where it has no such part. */
struct azml_arm_id {
    char *text;         /* as given, without a trailing slash */
    char *subscription; /* "9999…" */
    char *group;
    char *provider;  /* of the last /providers/: "Microsoft.MachineLearningServices" */
    char *type;      /* "Microsoft.MachineLearningServices/workspaces/computes"; for a group or a
                      * subscription "Microsoft.Resources/resourceGroups", "…/subscriptions" */
    char *name;      /* the last segment: "trainer" */
    char *full_name; /* every name of the type: "course/trainer" */
    char *scope;     /* for an extension resource: the id it stands on; else its parent */
};

/* Return 0, or -1 with `err` set (AZML_ERROR_USAGE) where it is no resource id. */
int azml_arm_id_parse(const char *text, struct azml_arm_id *id_out, struct azml_error *err);
void azml_arm_id_cleanup(struct azml_arm_id *id);

/* The same thing? Without regard to case and a trailing slash. NULL equals nothing. */
bool azml_arm_id_same(const char *a, const char *b);

/* Is `id` that scope or inside it, at a segment border? */
bool azml_arm_id_is_under(const char *id, const char *scope);

/* The last segment, lent; the whole text where it has no slash. */
const char *azml_arm_id_last(const char *id);

#endif
