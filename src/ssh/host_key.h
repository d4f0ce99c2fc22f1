/* host_key.h - is the machine that answers the one that it was last time?
 *
 * Between the handshake and the sign-in of a session. The file is ssh_known_hosts.h's. */
#ifndef AZML_SSH_HOST_KEY_H
#define AZML_SSH_HOST_KEY_H

#include "ssh/session.h"

/* Before the handshake: ask for the key types that are kept for the alias first, so that a host
 * with several keys shows the one that is known. */
int azml_ssh_host_key_prefer(struct azml_ssh_session *session, const struct azml_ssh_target *target,
                             struct azml_error *err);

/* After it: keep a key that is met for the first time, refuse a changed or revoked one
 * (AZML_ERROR_HOST_KEY). Fills the session's fingerprint and is_new_host. */
int azml_ssh_host_key_check(struct azml_ssh_session *session, const struct azml_ssh_target *target,
                            struct azml_error *err);

#endif
