#include "unit/ssh/sshd.h"

#include "ssh/pump.h"

static struct sshd sshd;
static struct azml_ssh_session *session;

static int start(void **state)
{
    if (make_folder(state) < 0)
        return -1;
    auto_free char *known_hosts = in_folder("known_hosts"), *identity = in_folder("rsa");
    sshd_let_in("rsa", &(struct azml_ssh_key_request){.bits = 2048});
    if (!sshd_start(&sshd, 0, "")) {
        print_error("no sshd can be had here: %s\n", sshd.log);
        return -1;
    }
    const struct azml_ssh_target target = {.host = "127.0.0.1",
                                           .port = sshd.port,
                                           .user = "azureuser",
                                           .alias = "azml-test",
                                           .known_hosts = known_hosts,
                                           .identity = identity};
    session = azml_ssh_open(&target, NULL);
    return session ? 0 : -1;
}

static int stop(void **state)
{
    azml_ssh_close(session);
    sshd_stop(&sshd);
    return remove_folder(state);
}

struct command {
    LIBSSH2_CHANNEL *channel;
    const char *text;
};

static int step_start(struct azml_ssh_session *with, void *data)
{
    struct command *command = data;
    if (!command->channel)
        command->channel = libssh2_channel_open_session(with->ssh);
    if (!command->channel)
        return libssh2_session_last_errno(with->ssh);
    return libssh2_channel_exec(command->channel, command->text);
}

static LIBSSH2_CHANNEL *begin(const char *text)
{
    struct command command = {.text = text};
    assert_int_equal(azml_ssh_drive(session, step_start, &command, 10000), 0);
    return command.channel;
}

static int step_free(struct azml_ssh_session *with, void *data)
{
    (void)with;
    return libssh2_channel_free(data);
}

static void output_that_nobody_wants_is_thrown_away(void **state)
{
    (void)state;
    LIBSSH2_CHANNEL *channel = begin("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2");
    const struct azml_ssh_streams streams = {-1, -1, -1};
    assert_int_equal(azml_ssh_pump(session, channel, &streams, NULL), AZML_PUMP_ENDED);
    assert_int_equal(libssh2_channel_get_exit_status(channel), 0);
    assert_int_equal(azml_ssh_drive(session, step_free, channel, 10000), 0);
}

static void a_lost_reader_of_stderr_does_not_end_the_command(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(azml_platform_pipe(fds, NULL), 0);
    azml_platform_close(fds[0]);
    LIBSSH2_CHANNEL *channel = begin("echo unread >&2; exit 6");
    const struct azml_ssh_streams streams = {-1, -1, fds[1]};
    assert_int_equal(azml_ssh_pump(session, channel, &streams, NULL), AZML_PUMP_ENDED);
    assert_int_equal(libssh2_channel_get_exit_status(channel), 6);
    assert_int_equal(azml_ssh_drive(session, step_free, channel, 10000), 0);
    azml_platform_close(fds[1]);
}

/* The signal stays for the rest of the process: this test is the last one. */
static void ctrl_c_reaches_the_command(void **state)
{
    (void)state;
    auto_free char *go = in_folder("go");
    free(output_of((const char *const[]){"mkfifo", go, NULL}));
    auto_free char *script =
        azml_format(NULL, "read go <%s && kill -INT %lld", go, (long long)azml_platform_pid());
    const char *const argv[] = {"sh", "-c", script, NULL};
    const struct azml_platform_spawn what = {
        .argv = argv, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = 2, .dies_with_parent = true};
    int64_t pid = 0;
    assert_int_equal(azml_platform_spawn(&what, &pid, NULL), 0);

    auto_free char *command =
        azml_format(NULL, "trap 'exit 9' INT; echo go >%s; while :; do sleep 1; done", go);
    LIBSSH2_CHANNEL *channel = begin(command);
    const struct azml_ssh_streams streams = {-1, -1, -1};
    auto_error struct azml_error err = {0};
    int result = azml_ssh_pump(session, channel, &streams, &err);
    if (result != AZML_PUMP_ENDED)
        fail_msg("%s", err.message);
    assert_int_equal(libssh2_channel_get_exit_status(channel), 9);
    session->closing = true;
    assert_int_equal(azml_ssh_drive(session, step_free, channel, 10000), 0);
    assert_int_equal(azml_platform_wait(pid, 10000, NULL), 0);
}

int main(void)
{
    azml_platform_catch_interrupts();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_that_nobody_wants_is_thrown_away),
        cmocka_unit_test(a_lost_reader_of_stderr_does_not_end_the_command),
        cmocka_unit_test(ctrl_c_reaches_the_command),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
