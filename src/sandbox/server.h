/* server.h - the sandbox on the wire: HTTPS on the loopback address, one event loop.
 *
 * Turns what libevent received into requests, answers into bytes, and faults into what a wire can
 * do. What a request means is router.h's business. */
#ifndef AZML_SANDBOX_SERVER_H
#define AZML_SANDBOX_SERVER_H

#include "sandbox/world.h"

#include <stdint.h>

struct sandbox_server;

struct sandbox_server_options {
    const char *name;   /* of the sandbox */
    const char *folder; /* its state, made where missing; the CA and the keys are kept there */
    uint16_t port;      /* wanted; another free one is taken where it is in use; 0: any */
    double speed;       /* 0: 60 */
    uint32_t page_size;
    const struct sandbox_provider *const *providers; /* NULL: all */
};

/* Open the world and listen. NULL with `err` set. */
struct sandbox_server *sandbox_server_new(const struct sandbox_server_options *options,
                                          struct azml_error *err);

/* Serve until sandbox_server_stop or, with `with_signals`, SIGINT, SIGTERM or SIGHUP. */
int sandbox_server_run(struct sandbox_server *server, bool with_signals, struct azml_error *err);

/* Make sandbox_server_run return soon; from inside the loop only. */
void sandbox_server_stop(struct sandbox_server *server);

struct sandbox *sandbox_server_world(struct sandbox_server *server);
uint16_t sandbox_server_port(const struct sandbox_server *server);

void sandbox_server_free(struct sandbox_server *server);

#endif
