/* dependents.h - which resources go with a workspace, and which must stay.
 *
 * Pure choices over lists that were read before; the tag azml-of and every other user decide. */
#ifndef AZML_ML_DEPENDENTS_H
#define AZML_ML_DEPENDENTS_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* The lists to choose from, arrays; all required. */
struct azml_dependents_lists {
    const cJSON *resources;  /* of the group, generic items with tags */
    const cJSON *workspaces; /* of the subscription */
    const cJSON *components; /* Application Insights of the subscription */
};

/* Choose what azml made for the workspace `id` and nothing else refers to: `chosen_out` gets
 * {id, type, name, location} in the order to delete them, `kept_out` {id, why} of what it made but
 * something else uses. Both are the caller's. Return 0, or -1 with `err` set. */
int azml_dependents_choose(const struct azml_dependents_lists *lists, const char *id,
                           cJSON **chosen_out, cJSON **kept_out, struct azml_error *err);

/* Of the group's resources, those that Application Insights made by itself for one of the
 * components in `deleted` (items of chosen): its failure anomaly rules, and the action group where
 * neither a component nor another alert is left in the group. An array of {id, type, name}, the
 * caller's. */
cJSON *azml_dependents_side_effects(const cJSON *resources, const cJSON *deleted,
                                    struct azml_error *err);

#endif
