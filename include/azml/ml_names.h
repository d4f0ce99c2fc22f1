/* ml_names.h - which names the services take, and the names azml derives from them.
 *
 * Pure text rules; whether a name is still free only the service can say. */
#ifndef AZML_ML_NAMES_H
#define AZML_ML_NAMES_H

#include "azml/error.h"

#include <stdbool.h>

/* Each returns 0, or -1 with an AZML_ERROR_USAGE that says what is wrong with `name`.
 *
 * A workspace: 3 to 33 characters, letters, digits, - and _, beginning with a letter or digit.
 * A compute instance: 3 to 24 characters, letters, digits and -, beginning with a letter, and never
 * ending in a hyphen or in a hyphen and digits only (the service's own pattern refuses those).
 * A compute cluster: as the service's newest specification has it, 3 to 24 of the same characters,
 * ending in a letter or digit. */
int azml_name_check_workspace(const char *name, struct azml_error *err);
int azml_name_check_instance(const char *name, struct azml_error *err);
int azml_name_check_cluster(const char *name, struct azml_error *err);

/* A resource group: 1 to 90 letters, digits and . _ - ( ), not ending in a dot. Letters outside
 * ASCII are left to the service. */
int azml_name_check_group(const char *name, struct azml_error *err);

/* Names for what a workspace needs, each within the rules of its type. */
struct azml_dependent_names {
    char storage[25];    /* unique in the whole cloud */
    char vault[25];      /* unique in the whole cloud, soft-deleted ones included */
    char logs[64];       /* unique in the group */
    char insights[64];   /* unique in the group */
    char deployment[65]; /* of the one deployment that makes them all */
};

/* Derive them from the workspace's resource id: the same id always gives the same names, so that a
 * repeated run finds its own. `attempt` (from 0) gives the next choice where a global name belongs
 * to somebody else; only storage and vault depend on it. */
void azml_dependent_names_derive(const char *workspace_id, unsigned attempt,
                                 struct azml_dependent_names *out);

#endif
