/* look.h - one look at everything, shared by the inventory and by the second look before deleting.
 *
 * Private to cleanup. */
#ifndef AZML_CLEANUP_LOOK_H
#define AZML_CLEANUP_LOOK_H

#include "azml/cleanup_run.h"

/* The Resource Graph query for everything that may live in groups: ids are enough. */
cJSON *azml_cleanup_graph(struct azml_arm *arm, const char *subscription, struct azml_error *err);

/* One page of a Resource Graph reply: 1 with `token_out` (lent) when there is another one, 0 when
 * this was the last, -1 with `err` set when rows are missing that no token leads to. */
int azml_cleanup_graph_page(const cJSON *reply, const char **token_out, struct azml_error *err);

#endif
