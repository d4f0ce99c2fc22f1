#include "ssh/pump.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"

#include <string.h>

enum {
    ROOM = 65536,
    SAFE_WRITE = 4096, /* a pipe that poll calls writable takes as much without blocking */
    LOOK_MS = 500,     /* how late a Ctrl-C may be noticed that came just before a wait */
    MERCY_MS = 2000    /* for a command that was sent a signal */
};

/* The calls of libssh2 that may be left half done. While one is, its packet is half sent and only
 * the same call may go on: any other would be refused (LIBSSH2_ERROR_BAD_USE). */
enum call {
    CALL_NONE,
    CALL_STDOUT,
    CALL_STDERR,
    CALL_STDIN,
    CALL_STDIN_END,
    CALL_SIGNAL,
    CALL_KEEPALIVE,
    CALL_CLOSED
};

/* Bytes on their way: text[at] to text[end]. */
struct pipe {
    int fd;
    size_t at, end;
    bool over; /* nothing more will come, or nobody is left to take it */
    char text[ROOM];
};

struct pump {
    struct azml_ssh_session *session;
    LIBSSH2_CHANNEL *channel;
    struct pipe in, out[2]; /* stdin; stdout and stderr */
    enum call half_done;
    int64_t mercy_end; /* when patience ends after an interrupt; 0: none came */
    bool in_end_sent, signal_sent, remote_ended, unread;
};

static const char *signal_name(void)
{
    switch (azml_platform_interrupt_signal()) {
    case 15:
        return "TERM";
    case 1:
        return "HUP";
    default:
        return "INT";
    }
}

static long call_libssh2(struct pump *pump, enum call call)
{
    struct pipe *in = &pump->in, *out = &pump->out[call == CALL_STDERR];
    int seconds;
    switch (call) {
    case CALL_STDOUT:
    case CALL_STDERR:
        return libssh2_channel_read_ex(
            pump->channel, call == CALL_STDERR ? SSH_EXTENDED_DATA_STDERR : 0, out->text, ROOM);
    case CALL_STDIN:
        return libssh2_channel_write(pump->channel, in->text + in->at, in->end - in->at);
    case CALL_STDIN_END:
        return libssh2_channel_send_eof(pump->channel);
    case CALL_SIGNAL:
        return libssh2_channel_signal(pump->channel, signal_name());
    case CALL_KEEPALIVE:
        return libssh2_keepalive_send(pump->session->ssh, &seconds);
    case CALL_CLOSED:
        return libssh2_channel_wait_closed(pump->channel);
    case CALL_NONE:
        break;
    }
    return 0;
}

/* Make a call where none other is half done. */
static long make(struct pump *pump, enum call call)
{
    if (pump->half_done != CALL_NONE && pump->half_done != call)
        return LIBSSH2_ERROR_EAGAIN;
    long result = call_libssh2(pump, call);
    bool half =
        result == LIBSSH2_ERROR_EAGAIN &&
        libssh2_session_block_directions(pump->session->ssh) & LIBSSH2_SESSION_BLOCK_OUTBOUND;
    pump->half_done = half ? call : CALL_NONE;
    return result;
}

/* Fetch what the command wrote, where the last of it has been passed on. Results here and below:
 * above 0 where something moved, 0 where nothing did, below 0 libssh2's failure. */
static long fetch(struct pump *pump, enum call call)
{
    struct pipe *out = &pump->out[call == CALL_STDERR];
    if (out->at < out->end)
        return 0;
    long got = make(pump, call);
    if (got == LIBSSH2_ERROR_EAGAIN)
        return 0;
    if (got > 0) {
        out->at = 0;
        out->end = out->over ? 0 : (size_t)got;
    }
    return got;
}

/* Send what was read from stdin, and its end behind it. */
static long send_stdin(struct pump *pump)
{
    struct pipe *in = &pump->in;
    if (in->at < in->end) {
        long sent = make(pump, CALL_STDIN);
        if (sent == LIBSSH2_ERROR_CHANNEL_CLOSED || sent == LIBSSH2_ERROR_CHANNEL_EOF_SENT) {
            in->at = in->end = 0; /* the command reads no more; its end comes by itself */
            in->over = pump->in_end_sent = true;
            return 1;
        }
        if (sent > 0)
            in->at += (size_t)sent;
        return sent == LIBSSH2_ERROR_EAGAIN ? 0 : sent;
    }
    if (!in->over || pump->in_end_sent)
        return 0;
    long result = make(pump, CALL_STDIN_END);
    if (result == LIBSSH2_ERROR_EAGAIN)
        return 0;
    pump->in_end_sent = true; /* where it fails the channel is closed already */
    return 1;
}

/* Is it over at the other side, exit status included? */
static long notice_end(struct pump *pump)
{
    if (pump->remote_ended || !libssh2_channel_eof(pump->channel))
        return 0;
    long result = make(pump, CALL_CLOSED);
    if (result == LIBSSH2_ERROR_EAGAIN)
        return 0;
    pump->remote_ended = result == 0;
    return result == 0 ? 1 : result;
}

/* Pass a Ctrl-C on to the command, once. */
static long pass_signal(struct pump *pump)
{
    if (!azml_platform_interrupted() || pump->signal_sent || pump->remote_ended)
        return 0;
    if (!pump->mercy_end)
        pump->mercy_end = azml_platform_monotonic_ms() + MERCY_MS;
    long result = make(pump, CALL_SIGNAL);
    if (result == LIBSSH2_ERROR_EAGAIN)
        return 0;
    pump->signal_sent = true;
    return result == 0 ? 1 : result;
}

static long keep_alive(struct pump *pump)
{
    long result = make(pump, CALL_KEEPALIVE);
    return result == LIBSSH2_ERROR_EAGAIN ? 0 : result;
}

/* Everything that libssh2 can do now. */
static long talk(struct pump *pump)
{
    long moved = 0;
    const long results[] = {
        pass_signal(pump), fetch(pump, CALL_STDOUT), fetch(pump, CALL_STDERR),
        send_stdin(pump),  notice_end(pump),         keep_alive(pump),
    };
    for (size_t i = 0; i < AZML_COUNT(results); i++) {
        if (results[i] < 0)
            return results[i];
        moved += results[i] > 0;
    }
    return moved;
}

/* Pass output on as long as it can be done without blocking. */
static void pass_on(struct pump *pump, struct pipe *out)
{
    while (out->at < out->end) {
        struct azml_platform_poll ready = {.fd = out->fd, .for_write = true};
        if (out->fd >= 0 && (azml_platform_poll(&ready, 1, 0) < 1 || !ready.can_write))
            return;
        size_t left = out->end - out->at, length = left < SAFE_WRITE ? left : SAFE_WRITE;
        if (out->fd < 0 ||
            azml_platform_write_all(out->fd, out->text + out->at, length, NULL) < 0) {
            out->over = true; /* what still comes is thrown away */
            out->at = out->end;
            pump->unread |= out == &pump->out[0] && out->fd >= 0;
            return;
        }
        out->at += length;
    }
}

static void read_stdin(struct pipe *in)
{
    int64_t got = azml_platform_read(in->fd, in->text, ROOM);
    in->at = 0;
    in->end = got > 0 ? (size_t)got : 0;
    in->over = got <= 0;
}

/* Wait until something can move. */
static void wait_for_more(struct pump *pump)
{
    const struct pipe *out = pump->out;
    struct pipe *in = &pump->in;
    bool sending = in->at < in->end;
    bool taking = out[0].at == out[0].end || out[1].at == out[1].end || sending;
    struct azml_platform_poll polls[] = {
        {.fd = pump->session->fd,
         .for_read = taking,
         .for_write =
             libssh2_session_block_directions(pump->session->ssh) & LIBSSH2_SESSION_BLOCK_OUTBOUND},
        {.fd = in->fd,                       .for_read = !in->over && !sending    },
        {.fd = out[0].fd,                       .for_write = out[0].at < out[0].end},
        {.fd = out[1].fd,                       .for_write = out[1].at < out[1].end    },
    };
    if (azml_platform_poll(polls, AZML_COUNT(polls), LOOK_MS) > 0 && polls[1].can_read)
        read_stdin(in);
}

static bool is_over(const struct pump *pump)
{
    const struct pipe *out = pump->out;
    return pump->remote_ended && out[0].at == out[0].end && out[1].at == out[1].end;
}

static int carry(struct pump *pump, struct azml_error *err)
{
    for (;;) {
        long moved = talk(pump);
        if (moved < 0) {
            azml_ssh_failed(pump->session, (int)moved, err);
            return azml_error_context(err, _("the connection broke before the command had ended"));
        }
        pass_on(pump, &pump->out[0]);
        pass_on(pump, &pump->out[1]);
        if (pump->unread)
            return AZML_PUMP_UNREAD;
        if (is_over(pump))
            return AZML_PUMP_ENDED;
        if (pump->mercy_end && azml_platform_monotonic_ms() > pump->mercy_end)
            return azml_error_set(err, AZML_ERROR_INTERRUPTED,
                                  _("interrupted; the command may still run on the compute"));
        if (moved == 0)
            wait_for_more(pump);
    }
}

int azml_ssh_pump(struct azml_ssh_session *session, LIBSSH2_CHANNEL *channel,
                  const struct azml_ssh_streams *streams, struct azml_error *err)
{
    struct pump *pump = calloc(1, sizeof(*pump));
    if (!pump)
        return azml_error_memory(err);
    pump->session = session;
    pump->channel = channel;
    pump->in.fd = streams->stdin_fd;
    pump->in.over = streams->stdin_fd < 0;
    pump->out[0].fd = streams->stdout_fd;
    pump->out[1].fd = streams->stderr_fd;
    int result = carry(pump, err);
    free(pump);
    return result;
}
