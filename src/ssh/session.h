/* session.h - what the files of a session share: the socket, libssh2's side of it, and how a step
 * of libssh2 is driven to its end without blocking.
 *
 * The room's own; other rooms see include/azml/ssh.h. */
#ifndef AZML_SSH_SESSION_H
#define AZML_SSH_SESSION_H

#include "azml/ssh.h"

#include <libssh2.h>

struct azml_ssh_session {
    LIBSSH2_SESSION *ssh;
    int fd;
    bool is_new_host, closing; /* closing: a Ctrl-C no longer cuts it short */
    char *fingerprint;         /* of the host's key */
};

/* A call of libssh2's: its result, LIBSSH2_ERROR_EAGAIN where it has to be made again. */
typedef int azml_ssh_step_fn(struct azml_ssh_session *session, void *data);

enum { AZML_SSH_STOPPED = -10000 }; /* beside libssh2's codes: Ctrl-C */

/* Make the call until it is done, waiting for the socket in between. Its result, or
 * LIBSSH2_ERROR_TIMEOUT, or AZML_SSH_STOPPED. */
int azml_ssh_drive(struct azml_ssh_session *session, azml_ssh_step_fn *step, void *data,
                   uint64_t timeout_ms);

/* Fill `err` from such a result. Always returns -1. */
int azml_ssh_failed(struct azml_ssh_session *session, int result, struct azml_error *err);

#endif
