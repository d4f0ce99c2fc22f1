#include "unit/ssh/support.h"

#include "azml/ssh.h"
#include "support/fake_clock.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server that takes one connection, says its text, and then ends it as told. */
enum then { HANG_UP, RESET, HOLD };
struct speaker {
    const char *text;
    enum then then;
    int listener;
    uint16_t port;
    pthread_t thread;
};

static void *speak(void *data)
{
    struct speaker *speaker = data;
    int fd = accept(speaker->listener, NULL, NULL);
    if (fd < 0)
        return NULL;
    (void)send(fd, speaker->text, strlen(speaker->text), MSG_NOSIGNAL);
    if (speaker->then == RESET) {
        const struct linger linger = {.l_onoff = 1};
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    }
    char byte;
    if (speaker->then == HOLD)
        (void)!recv(fd, &byte, 1, 0); /* until the other side hangs up */
    (void)close(fd);
    return NULL;
}

static void speaker_start(struct speaker *speaker, uint16_t port)
{
    speaker->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    (void)setsockopt(speaker->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(speaker->listener, (const struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(speaker->listener, 8), 0);
    socklen_t size = sizeof(at);
    assert_int_equal(getsockname(speaker->listener, (struct sockaddr *)&at, &size), 0);
    speaker->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&speaker->thread, NULL, speak, speaker), 0);
}

static void speaker_stop(struct speaker *speaker)
{
    (void)pthread_join(speaker->thread, NULL);
    (void)close(speaker->listener);
}

static void whatever_is_not_ssh_is_told_apart(void **state)
{
    (void)state;
    static char flood[20000];
    memset(flood, 'x', sizeof(flood) - 1);
    const struct {
        const char *text;
        enum then then;
        enum azml_error_code code;
        const char *part, *why;
    } rows[] = {
        {"",                     HANG_UP, AZML_ERROR_NETWORK,  "closed the connection", NULL                   },
        {"",                     RESET,   AZML_ERROR_NETWORK,  "reset the connection",  NULL                   },
        {"",                     HOLD,    AZML_ERROR_NETWORK,  "but SSH stays silent",  NULL                   },
        {"220 ftp\r\n",          HANG_UP, AZML_ERROR_PROTOCOL, "is not SSH",            "it said: 220 ftp"     },
        {"HTTP/1.1 400\r\n\r\n", HOLD,    AZML_ERROR_PROTOCOL, "is not SSH",            "it said: HTTP/1.1 400"},
        {"\x1b[31mred\n",        HANG_UP, AZML_ERROR_PROTOCOL, "is not SSH",            "it said: "            },
        {"SSH-2.0-cut",          HANG_UP, AZML_ERROR_PROTOCOL, "is not SSH",            "it said: SSH-2.0-cut" },
        {flood,                  HANG_UP, AZML_ERROR_PROTOCOL, "is not SSH",            NULL                   },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct speaker speaker = {.text = rows[i].text, .then = rows[i].then};
        speaker_start(&speaker, 0);
        char *banner = NULL;
        auto_error struct azml_error err = {0};
        int result = azml_ssh_read_banner("127.0.0.1", speaker.port, 300, &banner, &err);
        speaker_stop(&speaker);
        if (result != -1 || err.code != rows[i].code || !strstr(err.message, rows[i].part))
            fail_msg("row %zu: %d %s", i, result, err.message ? err.message : "");
        if (rows[i].why)
            assert_string_equal(err.why, rows[i].why);
        assert_null(banner);
    }
}

static void the_line_of_ssh_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *banner;
    } rows[] = {
        {"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH-2.0-OpenSSH_9.2p1 Debian-2"},
        {"SSH-2.0-x\nmore",                    "SSH-2.0-x"                     },
        {"welcome\r\n\r\nSSH-2.0-y\r\n",       "SSH-2.0-y"                     },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct speaker speaker = {.text = rows[i].text, .then = HOLD};
        speaker_start(&speaker, 0);
        auto_free char *banner = NULL;
        auto_error struct azml_error err = {0};
        if (azml_ssh_read_banner("127.0.0.1", speaker.port, 30000, &banner, &err) < 0)
            fail_msg("row %zu: %s", i, err.message);
        speaker_stop(&speaker);
        assert_string_equal(banner, rows[i].banner);
    }
}

static void waiting_ends_when_time_is_over(void **state)
{
    (void)state;
    struct fake_clock fake;
    fake_clock_init(&fake);
    const uint16_t port = 1; /* privileged: no other test can take it meanwhile */
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_ssh_wait_banner(&fake.clock, "127.0.0.1", port, 5000, NULL, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_TIMEOUT);
    assert_non_null(strstr(err.message, "did not answer within 5s"));
    assert_non_null(strstr(err.why, "refused the connection"));
    assert_int_equal(fake_clock_waited_ms(&fake), 5000);
    assert_int_equal(fake.wait_count, 5);
}

/* A clock whose third wait brings the server up. */
struct waking {
    struct fake_clock fake;
    struct speaker speaker;
    uint16_t port;
};

static int wait_and_wake(void *data, uint64_t ms)
{
    struct waking *waking = data;
    if (waking->fake.wait_count == 2)
        speaker_start(&waking->speaker, waking->port);
    return azml_clock_wait(&waking->fake.clock, ms);
}

static int64_t waking_now(void *data)
{
    struct waking *waking = data;
    return azml_clock_monotonic_ms(&waking->fake.clock);
}

static void waiting_goes_on_until_ssh_answers(void **state)
{
    (void)state;
    struct waking waking = {
        .speaker = {.text = "SSH-2.0-late\r\n", .then = HOLD}
    };
    fake_clock_init(&waking.fake);
    waking.port = azml_platform_free_port();
    const struct azml_clock clock = {.wall_ms = waking_now,
                                     .monotonic_ms = waking_now,
                                     .wait_ms = wait_and_wake,
                                     .data = &waking};
    auto_free char *banner = NULL;
    auto_error struct azml_error err = {0};
    if (azml_ssh_wait_banner(&clock, "127.0.0.1", waking.port, 60000, &banner, &err) < 0)
        fail_msg("%s", err.message);
    speaker_stop(&waking.speaker);
    assert_string_equal(banner, "SSH-2.0-late");
    assert_int_equal(waking.fake.wait_count, 3);
}

static int interrupted(void *data, uint64_t ms)
{
    (void)data;
    (void)ms;
    return -1;
}

static void an_interrupt_ends_the_wait(void **state)
{
    (void)state;
    struct fake_clock fake;
    fake_clock_init(&fake);
    fake.clock.wait_ms = interrupted;
    uint16_t port = azml_platform_free_port();
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_ssh_wait_banner(&fake.clock, "127.0.0.1", port, 5000, NULL, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_INTERRUPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_not_ssh_is_told_apart),
        cmocka_unit_test(the_line_of_ssh_is_read),
        cmocka_unit_test(waiting_ends_when_time_is_over),
        cmocka_unit_test(waiting_goes_on_until_ssh_answers),
        cmocka_unit_test(an_interrupt_ends_the_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
