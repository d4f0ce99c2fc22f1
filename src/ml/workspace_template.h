/* workspace_template.h - the one deployment that makes a workspace and what it needs.
 *
 * Builds the document; sends nothing. Names and ids are written out, so the only expression of the
 * template language in it is subscription().tenantId. */
#ifndef AZML_ML_WORKSPACE_TEMPLATE_H
#define AZML_ML_WORKSPACE_TEMPLATE_H

#include "azml/ml_names.h"

#include <cjson/cJSON.h>

/* What to build; texts are lent. An id that is NULL is made new. */
struct azml_workspace_template {
    const char *workspace_id; /* /subscriptions/…/workspaces/NAME */
    const char *location;
    const char *storage_id;
    const char *vault_id;
    const char *insights_id; /* given: no Log Analytics workspace is made either */
    const char *registry_id; /* NULL: none; the service makes one with the first image */
    const struct azml_dependent_names *names;
    const cJSON *tags; /* of what this command makes; NULL: none */
};

/* The body of `PUT …/deployments/{n}` (Resources 2025-04-01), mode Incremental; the caller's. NULL
 * with `err` set when memory runs out or the workspace id makes no sense. */
cJSON *azml_workspace_template_build(const struct azml_workspace_template *what,
                                     struct azml_error *err);

#endif
