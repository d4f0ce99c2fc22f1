#include "unit/test.h"

#include "base/auto.h"
#include "base/platform.h"

#include <stdio.h>

static void a_refused_connection_says_so(void **state)
{
    (void)state;
    const uint16_t port = 1; /* privileged: no other test can take it meanwhile */
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_platform_connect("127.0.0.1", port, 5000, &err), -1);
    char expected[80];
    (void)snprintf(expected, sizeof(expected), "127.0.0.1 refused the connection to port %u",
                   (unsigned)port);
    assert_string_equal(err.message, expected);
    assert_int_equal(err.code, AZML_ERROR_NETWORK);
}

static void waiting_for_a_quiet_descriptor_times_out(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(azml_platform_pipe(fds, NULL), 0);
    assert_int_equal(azml_platform_wait_socket(fds[0], true, false, 1), 0);
    assert_int_equal(azml_platform_write_all(fds[1], "x", 1, NULL), 0);
    assert_int_equal(azml_platform_wait_socket(fds[0], true, false, 10000), 1);
    azml_platform_close(fds[0]);
    azml_platform_close(fds[1]);
}

static void only_what_is_asked_of_a_descriptor_makes_it_ready(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(azml_platform_pipe(fds, NULL), 0);
    struct azml_platform_poll polls[3] = {
        {.fd = fds[0],      .for_read = true},
        {.fd = fds[1]     },
        {.fd = -1, .for_read = true                },
    };
    assert_int_equal(azml_platform_poll(polls, 3, 1), 0);
    polls[1].for_write = true;
    assert_int_equal(azml_platform_poll(polls, 3, 10000), 1);
    assert_true(polls[1].can_write && !polls[0].can_read && !polls[2].can_read);
    azml_platform_close(fds[1]);
    polls[1].fd = -1;
    assert_int_equal(azml_platform_poll(polls, 3, 10000), 1);
    assert_true(polls[0].can_read); /* its end */
    struct azml_platform_poll many[9] = {{0}};
    assert_int_equal(azml_platform_poll(many, 9, 0), -1);
    azml_platform_close(fds[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_connection_says_so),
        cmocka_unit_test(waiting_for_a_quiet_descriptor_times_out),
        cmocka_unit_test(only_what_is_asked_of_a_descriptor_makes_it_ready),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
