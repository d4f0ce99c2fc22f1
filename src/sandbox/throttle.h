/* throttle.h - the resource manager's token buckets and the headers that tell of them
 * (reference 1.6). In real time; nothing is kept over a restart. */
#ifndef AZML_SANDBOX_THROTTLE_H
#define AZML_SANDBOX_THROTTLE_H

#include "sandbox/reply.h"
#include "sandbox/request.h"
#include "sandbox/world.h"

struct sandbox_throttle *sandbox_throttle_new(struct azml_error *err);
void sandbox_throttle_free(struct sandbox_throttle *throttle);

/* Take one from the buckets of the request's verb, caller and subscription and add their headers,
 * or fill in the 429. */
void sandbox_throttle(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply);

#endif
