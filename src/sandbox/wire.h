/* wire.h - one exchange over HTTPS: libevent's request in, an answer (or a broken one) out.
 *
 * server.c owns the listener and the loop; this file knows the life of a single request. */
#ifndef AZML_SANDBOX_WIRE_H
#define AZML_SANDBOX_WIRE_H

#include "sandbox/reply.h"
#include "sandbox/request.h"
#include "sandbox/world.h"

#include <event2/http.h>

/* Fill in `request` from libevent's (body lent from it). 0, or -1 with `err` set: USAGE where the
 * target makes no sense. */
int sandbox_wire_read(struct evhttp_request *wire, struct sandbox_request *request,
                      struct azml_error *err);

/* The headers that every answer carries (reference 1.3). */
void sandbox_wire_headers(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply);

/* Send the reply. `delay_ms` later; with `cut_bytes` >= 0 only that much of the body, then the
 * connection ends. Nothing is touched of `reply` afterwards but its memory. */
struct sandbox_wire_end {
    uint64_t delay_ms;
    int64_t cut_bytes; /* -1: all */
    bool is_reset;     /* no answer at all: the connection is reset */
};
void sandbox_wire_send(struct event_base *loop, struct evhttp_request *wire,
                       const struct sandbox_reply *reply, const struct sandbox_wire_end *end);

/* Give up whatever waits for its delay. */
void sandbox_wire_forget(void);

#endif
