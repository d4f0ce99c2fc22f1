/* workspace_names.h - choosing the names of a new workspace's storage account and key vault.
 *
 * Both are unique in the whole cloud: the first choice that is free, or that an earlier run of the
 * same command has made already, is taken. */
#ifndef AZML_ML_WORKSPACE_NAMES_H
#define AZML_ML_WORKSPACE_NAMES_H

#include "azml/arm.h"
#include "azml/ml_names.h"
#include "azml/workspace.h"

/* Fill `out`. Where it cannot be found out whether a name is free, the first choice stays, and the
 * deployment will say. Return 0, or -1 with `err` set (AZML_ERROR_NAME_TAKEN when every choice
 * belongs to somebody else). */
int azml_workspace_choose_names(struct azml_arm *arm, const struct azml_workspace_ref *ref,
                                const char *id, struct azml_dependent_names *out,
                                struct azml_error *err);

/* The answer to one choice, from the reply to a GET of it (NULL: not there) and that of
 * checkNameAvailability (NULL: not known). */
bool azml_workspace_name_suits(const cJSON *resource, const cJSON *availability, const char *id);

#endif
