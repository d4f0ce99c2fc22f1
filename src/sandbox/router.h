/* router.h - one request's way through the sandbox, from its token to the answer of a provider.
 *
 * Knows nothing of sockets and faults: those are the server's. */
#ifndef AZML_SANDBOX_ROUTER_H
#define AZML_SANDBOX_ROUTER_H

#include "sandbox/provider.h"

/* Answer: `reply` is filled in, whatever happened inside. */
void sandbox_route(struct sandbox *sandbox, struct sandbox_request *request,
                   struct sandbox_reply *reply);

/* Does this request belong to the resource manager (token, throttling, its headers)? True for one
 * that no row takes. */
bool sandbox_request_is_managed(const struct sandbox_request *request);

#endif
