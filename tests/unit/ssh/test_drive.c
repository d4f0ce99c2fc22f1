#include "unit/ssh/support.h"

#include "ssh/session.h"

static int fds[2];
static struct azml_ssh_session session;

static int start(void **state)
{
    (void)state;
    assert_int_equal(azml_platform_pipe(fds, NULL), 0);
    session = (struct azml_ssh_session){.ssh = libssh2_session_init(), .fd = fds[0]};
    return session.ssh ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    (void)libssh2_session_free(session.ssh);
    azml_platform_close(fds[0]);
    azml_platform_close(fds[1]);
    return 0;
}

static int again(struct azml_ssh_session *of, void *data)
{
    (void)of;
    int *calls = data;
    return --*calls > 0 ? LIBSSH2_ERROR_EAGAIN : LIBSSH2_ERROR_PROTO;
}

static void a_call_that_never_ends_times_out(void **state)
{
    (void)state;
    int calls = 1000;
    assert_int_equal(azml_ssh_drive(&session, again, &calls, 20), LIBSSH2_ERROR_TIMEOUT);
    assert_true(calls > 900); /* it waited for the socket in between, and did not spin */
}

static void a_call_is_made_again_when_the_socket_is_ready(void **state)
{
    (void)state;
    assert_int_equal(azml_platform_write_all(fds[1], "x", 1, NULL), 0);
    int calls = 5;
    assert_int_equal(azml_ssh_drive(&session, again, &calls, 60000), LIBSSH2_ERROR_PROTO);
    assert_int_equal(calls, 0);
}

static void failures_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        int result;
        enum azml_error_code code;
        const char *message;
    } rows[] = {
        {AZML_SSH_STOPPED,                AZML_ERROR_INTERRUPTED, "interrupted"                        },
        {LIBSSH2_ERROR_ALLOC,             AZML_ERROR_MEMORY,      NULL                                 },
        {LIBSSH2_ERROR_TIMEOUT,           AZML_ERROR_NETWORK,     "the compute stopped answering"      },
        {LIBSSH2_ERROR_SOCKET_DISCONNECT, AZML_ERROR_NETWORK,
         "the connection to the compute broke"                                                         },
        {LIBSSH2_ERROR_SOCKET_SEND,       AZML_ERROR_NETWORK,     "the connection to the compute broke"},
        {LIBSSH2_ERROR_KEX_FAILURE,       AZML_ERROR_PROTOCOL,    "SSH with the compute went wrong"    },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        assert_int_equal(azml_ssh_failed(&session, rows[i].result, &err), -1);
        if (err.code != rows[i].code)
            fail_msg("row %zu: code %d", i, (int)err.code);
        if (rows[i].message)
            assert_string_equal(err.message, rows[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_never_ends_times_out),
        cmocka_unit_test(a_call_is_made_again_when_the_socket_is_ready),
        cmocka_unit_test(failures_are_told_apart),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
