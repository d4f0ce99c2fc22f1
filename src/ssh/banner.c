#include "azml/ssh.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "base/timefmt.h"

#include <string.h>

enum {
    BANNER_ROOM = 8192, /* the identification and what a server may say before it */
    ONE_TRY_MS = 10000,
    PAUSE_MS = 1000
};

/* What is read from one server. */
struct talk {
    const char *host;
    unsigned port;
    int fd;
    int64_t end;
    char text[BANNER_ROOM + 1];
    size_t length;
};

/* The line that begins with SSH-, once it is there whole; NULL before. */
static char *find_line(struct talk *talk, size_t *length_out)
{
    for (char *line = talk->text; line;) {
        char *end = strchr(line, '\n');
        if (end && azml_has_prefix(line, "SSH-")) {
            *length_out = (size_t)(end - line) - (end > line && end[-1] == '\r');
            return line;
        }
        line = end ? end + 1 : NULL;
    }
    return NULL;
}

static int say_other(const struct talk *talk, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_PROTOCOL, _("what answers at %s on port %u is not SSH"),
                   talk->host, talk->port);
    size_t shown = strcspn(talk->text, "\r\n");
    for (size_t i = 0; i < shown; i++)
        if ((unsigned char)talk->text[i] < ' ' || (unsigned char)talk->text[i] > '~')
            shown = i;
    return azml_error_why(err, _("it said: %.*s"), (int)(shown < 80 ? shown : 80), talk->text);
}

static int say_nothing(const struct talk *talk, int64_t got, struct azml_error *err)
{
    if (talk->length)
        return say_other(talk, err);
    if (azml_platform_interrupted())
        return azml_error_set(err, AZML_ERROR_INTERRUPTED, _("interrupted"));
    if (got == 0)
        return azml_error_set(err, AZML_ERROR_NETWORK,
                              _("%s closed the connection to port %u before SSH answered"),
                              talk->host, talk->port);
    return azml_error_set(err, AZML_ERROR_NETWORK,
                          _("%s reset the connection to port %u before SSH answered"), talk->host,
                          talk->port);
}

/* Read until the line is there. */
static int listen_for(struct talk *talk, char **line_out, size_t *length_out,
                      struct azml_error *err)
{
    while (!(*line_out = find_line(talk, length_out))) {
        if (talk->length == BANNER_ROOM)
            return say_other(talk, err);
        int64_t left = talk->end - azml_platform_monotonic_ms();
        int ready = azml_platform_wait_socket(talk->fd, true, false, left > 0 ? (uint64_t)left : 0);
        if (ready == 0 && talk->length == 0)
            return azml_error_set(err, AZML_ERROR_NETWORK,
                                  _("%s takes connections to port %u, but SSH stays silent"),
                                  talk->host, talk->port);
        int64_t got = ready < 1 ? -1
                                : azml_platform_read(talk->fd, talk->text + talk->length,
                                                     BANNER_ROOM - talk->length);
        if (got <= 0)
            return say_nothing(talk, got, err);
        talk->length += (size_t)got;
        talk->text[talk->length] = '\0';
    }
    return 0;
}

int azml_ssh_read_banner(const char *host, uint16_t port, uint64_t timeout_ms, char **banner_out,
                         struct azml_error *err)
{
    int64_t end = azml_platform_monotonic_ms() + (int64_t)timeout_ms;
    auto_free struct talk *talk = calloc(1, sizeof(*talk));
    if (!talk)
        return azml_error_memory(err);
    *talk = (struct talk){.host = host, .port = port, .end = end};
    talk->fd = azml_platform_connect(host, port, timeout_ms, err);
    if (talk->fd < 0)
        return -1;
    char *line = NULL;
    size_t length = 0;
    int result = listen_for(talk, &line, &length, err);
    azml_platform_close(talk->fd);
    if (result < 0)
        return -1;
    char *banner = azml_strndup(line, length, err);
    if (!banner)
        return -1;
    if (banner_out)
        *banner_out = banner;
    else
        free(banner);
    return 0;
}

static int say_late(struct azml_error *last, const char *host, uint16_t port, uint64_t timeout_ms,
                    struct azml_error *err)
{
    char waited[AZML_TIME_TEXT];
    azml_duration_format(waited, (int64_t)(timeout_ms / 1000));
    azml_error_set(err, AZML_ERROR_TIMEOUT, _("SSH at %s on port %u did not answer within %s"),
                   host, (unsigned)port, waited);
    return azml_error_why(err, "%s", last->message ? last->message : "");
}

int azml_ssh_wait_banner(const struct azml_clock *clock, const char *host, uint16_t port,
                         uint64_t timeout_ms, char **banner_out, struct azml_error *err)
{
    int64_t end = azml_clock_monotonic_ms(clock) + (int64_t)timeout_ms;
    for (;;) {
        auto_error struct azml_error last = {0};
        int64_t left = end - azml_clock_monotonic_ms(clock);
        uint64_t one = left < 1 ? 1 : left < ONE_TRY_MS ? (uint64_t)left : ONE_TRY_MS;
        if (azml_ssh_read_banner(host, port, one, banner_out, &last) == 0)
            return 0;
        if (last.code == AZML_ERROR_INTERRUPTED || last.code == AZML_ERROR_MEMORY)
            return azml_error_move(err, &last);
        left = end - azml_clock_monotonic_ms(clock);
        if (left <= 0)
            return say_late(&last, host, port, timeout_ms, err);
        if (azml_clock_wait(clock, left < PAUSE_MS ? (uint64_t)left : PAUSE_MS) < 0)
            return azml_error_set(err, AZML_ERROR_INTERRUPTED,
                                  _("interrupted while waiting for SSH"));
    }
}
