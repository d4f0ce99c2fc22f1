/* authorize.h - may this request in? The resource manager's 401s, as they really are
 * (reference 1.4 and entra-auth 8.3). Rights (403) are not its business. */
#ifndef AZML_SANDBOX_AUTHORIZE_H
#define AZML_SANDBOX_AUTHORIZE_H

#include "sandbox/reply.h"
#include "sandbox/request.h"
#include "sandbox/world.h"

/* Read the bearer token into request->caller, or fill in `reply` with the refusal. 0, or -1 with
 * `err` set. */
int sandbox_authorize(struct sandbox *sandbox, struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err);

/* Is that one of the resource manager's audiences: this sandbox's own address or the public
 * cloud's, with or without a slash at the end? */
bool sandbox_is_audience(const struct sandbox *sandbox, const char *audience);

#endif
