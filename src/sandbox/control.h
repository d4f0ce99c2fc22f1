/* control.h - what the person's own commands ask of the running sandbox: its clock, oddities,
 * faults.
 *
 * They come over the same port to a path of their own, with a secret from the state folder; a token
 * for the resource manager opens nothing here, and without the secret nothing is there. */
#ifndef AZML_SANDBOX_CONTROL_H
#define AZML_SANDBOX_CONTROL_H

#include "sandbox/reply.h"
#include "sandbox/request.h"
#include "sandbox/world.h"

#include "azml/secret.h"

#define SANDBOX_CONTROL_PATH   "/.azml-sandbox/control"
#define SANDBOX_CONTROL_HEADER "x-azml-sandbox-control"

/* Read the folder's secret ("control.key", 0600), made where it is missing and `may_make`. */
int sandbox_control_secret(const char *folder, bool may_make, struct azml_secret *out,
                           struct azml_error *err);

/* Is this a control call with the right secret? */
bool sandbox_control_is_for(const struct sandbox_request *request,
                            const struct azml_secret *secret);

/* Do what the body says: {"do":"status"|"advance"|"edit"|"fault-add"|"fault-list"|"fault-clear",…}.
 * The reply is 200 with a document, else {"error":{"code","message","why","hint"}} with azml's own
 * words. */
void sandbox_control_answer(struct sandbox *sandbox, struct sandbox_request *request,
                            struct sandbox_reply *reply);

#endif
