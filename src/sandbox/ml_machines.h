/* ml_machines.h - which compute instances have a machine running, in this process.
 *
 * The store says which ones should: Running, with SSH enabled. Whatever it says, settling makes it
 * so; nothing about processes is kept on disk, so that a kill -9 leaves nothing to repair. */
#ifndef AZML_SANDBOX_ML_MACHINES_H
#define AZML_SANDBOX_ML_MACHINES_H

#include "sandbox/ml.h"

#include <stdint.h>

/* What a compute may say of its machine. */
struct sandbox_ml_machine {
    bool is_ready; /* it can be entered on `port` */
    uint16_t port;
    const char *why; /* why it cannot be entered at all, or NULL; lent until the next call */
};

/* Should a compute with this document have a machine now? */
bool sandbox_ml_machine_is_wanted(const cJSON *body);

/* Start, restart or end the machine of this compute as its document says, and tell how it is. */
struct sandbox_ml_machine sandbox_ml_machine_settle(struct sandbox *sandbox,
                                                    const struct sandbox_resource *compute);

/* End it, and with `forget` take its home and host keys away too. */
void sandbox_ml_machine_end(struct sandbox *sandbox, const struct sandbox_resource *compute,
                            bool forget);

/* The same for all computes: at the start, once a second, and at the end. */
int sandbox_ml_machines_start(struct sandbox *sandbox, struct azml_error *err);
void sandbox_ml_machines_tick(struct sandbox *sandbox);
void sandbox_ml_machines_stop(struct sandbox *sandbox);

#endif
