/* match.h - which row of the route tables a request belongs to. Decides nothing else. */
#ifndef AZML_SANDBOX_MATCH_H
#define AZML_SANDBOX_MATCH_H

#include "sandbox/provider.h"

/* The best row for the request's method and path, with its params filled in: 0 with request->route
 * set, to NULL where no row fits. `is_other_method_out` then tells whether one would have with
 * another method. -1 with `err` set. */
int sandbox_match(const struct sandbox *sandbox, struct sandbox_request *request,
                  bool *is_other_method_out, struct azml_error *err);

#endif
