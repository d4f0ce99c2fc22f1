#include "ssh/session.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "ssh/pump.h"

#include <string.h>

enum {
    OPEN_MS = 30000,
    FREE_MS = 2000,
};

static int step_open(struct azml_ssh_session *session, void *data)
{
    LIBSSH2_CHANNEL **channel = data;
    *channel = libssh2_channel_open_session(session->ssh);
    return *channel ? 0 : libssh2_session_last_errno(session->ssh);
}

struct start {
    LIBSSH2_CHANNEL *channel;
    const char *command;
};

static int step_start(struct azml_ssh_session *session, void *data)
{
    (void)session;
    const struct start *start = data;
    return libssh2_channel_exec(start->channel, start->command);
}

static int step_free(struct azml_ssh_session *session, void *data)
{
    (void)session;
    return libssh2_channel_free(data);
}

static int number_of(const char *signal)
{
    /* RFC 4254 section 6.10, with the numbers that POSIX shells add to 128. */
    static const struct {
        const char *name;
        int number;
    } signals[] = {
        {"HUP",  1 },
        {"INT",  2 },
        {"QUIT", 3 },
        {"ILL",  4 },
        {"ABRT", 6 },
        {"FPE",  8 },
        {"KILL", 9 },
        {"USR1", 10},
        {"SEGV", 11},
        {"USR2", 12},
        {"PIPE", 13},
        {"ALRM", 14},
        {"TERM", 15},
    };
    for (size_t i = 0; i < AZML_COUNT(signals); i++)
        if (strcmp(signals[i].name, signal) == 0)
            return signals[i].number;
    return 0;
}

/* What the other side said about the command's end. */
static void read_end(struct azml_ssh_session *session, LIBSSH2_CHANNEL *channel,
                     struct azml_ssh_end *end)
{
    char *name = NULL;
    size_t length = 0;
    *end = (struct azml_ssh_end){.exit_code = libssh2_channel_get_exit_status(channel)};
    if (libssh2_channel_get_exit_signal(channel, &name, &length, NULL, NULL, NULL, NULL) != 0 ||
        !name)
        return;
    length = length < sizeof(end->signal) ? length : sizeof(end->signal) - 1;
    memcpy(end->signal, name, length);
    libssh2_free(session->ssh, name);
    end->exit_code = 128 + number_of(end->signal);
}

int azml_ssh_exec(struct azml_ssh_session *session, const char *command,
                  const struct azml_ssh_streams *streams, struct azml_ssh_end *end_out,
                  struct azml_error *err)
{
    struct start start = {.command = command};
    int result = azml_ssh_drive(session, step_open, &start.channel, OPEN_MS);
    if (result == 0)
        result = azml_ssh_drive(session, step_start, &start, OPEN_MS);
    if (result != 0) {
        azml_ssh_failed(session, result, err);
        azml_error_context(err, _("could not start the command on the compute"));
    } else {
        result = azml_ssh_pump(session, start.channel, streams, err);
    }
    if (result == AZML_PUMP_ENDED)
        read_end(session, start.channel, end_out);
    else if (result == AZML_PUMP_UNREAD)
        *end_out = (struct azml_ssh_end){.exit_code = 128 + 13, .signal = "PIPE"};
    if (start.channel)
        (void)azml_ssh_drive(session, step_free, start.channel, FREE_MS);
    return result < 0 ? -1 : 0;
}
