/* gate.h - what the resource manager checks before a provider sees a request.
 *
 * In the order of reference 9.1, after the token: api-version, subscription, registration, group,
 * parent, body. Each check fills in `reply` where it refuses. */
#ifndef AZML_SANDBOX_GATE_H
#define AZML_SANDBOX_GATE_H

#include "sandbox/provider.h"

/* 0 to go on where reply->status is still 0, else refused; -1 with `err` set. request->json is
 * filled in from the body on the way. */
int sandbox_gate(struct sandbox *sandbox, struct sandbox_request *request,
                 struct sandbox_reply *reply, struct azml_error *err);

/* The api-version alone, for a request that no row takes; `type` as in a row. */
int sandbox_gate_version(const struct sandbox_request *request, const char *type,
                         struct sandbox_reply *reply);

bool sandbox_subscription_exists(struct sandbox *sandbox, const char *subscription_id);

#endif
