#include "ssh/session.h"

#include "base/i18n.h"
#include "base/platform.h"

enum { LOOK_MS = 500 }; /* how late a Ctrl-C may be noticed that came just before a wait */

int azml_ssh_drive(struct azml_ssh_session *session, azml_ssh_step_fn *step, void *data,
                   uint64_t timeout_ms)
{
    int64_t end = azml_platform_monotonic_ms() + (int64_t)timeout_ms;
    for (;;) {
        int result = step(session, data);
        if (result != LIBSSH2_ERROR_EAGAIN)
            return result;
        int64_t left = end - azml_platform_monotonic_ms();
        if (left <= 0)
            return LIBSSH2_ERROR_TIMEOUT;
        int wanted = libssh2_session_block_directions(session->ssh);
        bool for_write = wanted & LIBSSH2_SESSION_BLOCK_OUTBOUND;
        bool for_read = wanted & LIBSSH2_SESSION_BLOCK_INBOUND || !for_write;
        if (azml_platform_interrupted() && !session->closing)
            return AZML_SSH_STOPPED;
        struct azml_platform_poll poll = {
            .fd = session->fd, .for_read = for_read, .for_write = for_write};
        (void)azml_platform_poll(&poll, 1, left < LOOK_MS ? (uint64_t)left : LOOK_MS);
    }
}

int azml_ssh_failed(struct azml_ssh_session *session, int result, struct azml_error *err)
{
    char *text = NULL;
    switch (result) {
    case AZML_SSH_STOPPED:
        return azml_error_set(err, AZML_ERROR_INTERRUPTED, _("interrupted"));
    case LIBSSH2_ERROR_ALLOC:
        return azml_error_memory(err);
    case LIBSSH2_ERROR_TIMEOUT:
        return azml_error_set(err, AZML_ERROR_NETWORK, _("the compute stopped answering"));
    case LIBSSH2_ERROR_SOCKET_DISCONNECT:
    case LIBSSH2_ERROR_SOCKET_RECV:
    case LIBSSH2_ERROR_SOCKET_SEND:
    case LIBSSH2_ERROR_BANNER_RECV:
        azml_error_set(err, AZML_ERROR_NETWORK, _("the connection to the compute broke"));
        break;
    default:
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("SSH with the compute went wrong"));
        break;
    }
    if (libssh2_session_last_error(session->ssh, &text, NULL, 0) && text && *text)
        (void)azml_error_why(err, "%s (libssh2 %d)", text, result);
    return -1;
}
