/* connection.h - where a sandbox is and how to reach it: its folder and its connection file.
 *
 * state/sandbox/NAME/connection.json (0600) is what the client side reads too; run.json beside it
 * keeps how the sandbox was last run. */
#ifndef AZML_SANDBOX_CONNECTION_H
#define AZML_SANDBOX_CONNECTION_H

#include "sandbox/world.h"

#include <cjson/cJSON.h>

/* The name that counts ($AZML_SANDBOX, else "default", where `name` is NULL) and its folder; both
 * the caller's. USAGE with `err` set for a name that is no file name. */
struct sandbox_place {
    char *name;
    char *folder;
    char *lock; /* file beside the folder: held while it is started, stopped or reset */
};
int sandbox_place_find(const char *name, struct sandbox_place *out, struct azml_error *err);
void sandbox_place_cleanup(struct sandbox_place *place);
#define auto_place __attribute__((cleanup(sandbox_place_cleanup)))

/* Write the connection file of a sandbox that now answers. */
int sandbox_connection_write(const struct sandbox *sandbox, struct azml_error *err);

/* The connection file's document, the caller's; NULL with `err` set, NOT_FOUND (with a hint) where
 * it has never served. */
cJSON *sandbox_connection_read(const struct sandbox_place *place, struct azml_error *err);

/* Is the process that the file names alive, and still the one that wrote it? */
bool sandbox_connection_is_alive(const cJSON *connection);

/* run.json: {"port","speed","pageSize","startedAt"}; reading gives {} where there is none. */
int sandbox_run_write(const struct sandbox *sandbox, uint16_t port, struct azml_error *err);
cJSON *sandbox_run_read(const struct sandbox_place *place, struct azml_error *err);

/* Ask the running sandbox (control.h): its answer, the caller's; NULL with `err` set as the sandbox
 * set it. NOT_FOUND where it does not run. */
cJSON *sandbox_connection_ask(const struct sandbox_place *place, const cJSON *what,
                              struct azml_error *err);

#endif
