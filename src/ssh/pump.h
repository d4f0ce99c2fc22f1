/* pump.h - carries the three streams of a command between its channel and descriptors of ours.
 *
 * One thread, no blocking call: what is read is bounded, and read no faster than the other side of
 * it takes it. It knows nothing of how the command was started. */
#ifndef AZML_SSH_PUMP_H
#define AZML_SSH_PUMP_H

#include "ssh/session.h"

enum {
    AZML_PUMP_ENDED = 0, /* the command has ended, all its output was passed on */
    AZML_PUMP_UNREAD = 1 /* the reader of our stdout went away first */
};

/* Carry until one of these, or -1 with `err` set: the connection broke (AZML_ERROR_NETWORK), or the
 * person stopped it (AZML_ERROR_INTERRUPTED) and the command did not end from the signal. */
int azml_ssh_pump(struct azml_ssh_session *session, LIBSSH2_CHANNEL *channel,
                  const struct azml_ssh_streams *streams, struct azml_error *err);

#endif
