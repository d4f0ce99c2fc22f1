#include "unit/ssh/sshd.h"

#include "azml/ssh.h"

static struct sshd sshd;
static struct azml_ssh_session *session;

static int sign_in(void)
{
    auto_free char *known_hosts = in_folder("known_hosts"), *identity = in_folder("rsa");
    const struct azml_ssh_target target = {.host = "127.0.0.1",
                                           .port = sshd.port,
                                           .user = "azureuser",
                                           .alias = "azml-test",
                                           .known_hosts = known_hosts,
                                           .identity = identity};
    session = azml_ssh_open(&target, NULL);
    return session ? 0 : -1;
}

static int start(void **state)
{
    if (make_folder(state) < 0)
        return -1;
    sshd_let_in("rsa", &(struct azml_ssh_key_request){.bits = 2048});
    if (!sshd_start(&sshd, 0, "")) {
        print_error("no sshd can be had here: %s\n", sshd.log);
        return -1;
    }
    return sign_in();
}

static int stop(void **state)
{
    azml_ssh_close(session);
    sshd_stop(&sshd);
    return remove_folder(state);
}

/* Run with stdin from one file and both outputs into others; the descriptors are closed. */
static int run(const char *command, const char *in, const char *out, const char *errors,
               struct azml_ssh_end *end, struct azml_error *err)
{
    auto_free char *out_path = in_folder(out), *error_path = in_folder(errors);
    auto_free char *in_path = in ? in_folder(in) : NULL;
    assert_int_equal(azml_fs_remove(out_path, NULL), 0);
    assert_int_equal(azml_fs_remove(error_path, NULL), 0);
    const struct azml_ssh_streams streams = {
        .stdin_fd = in ? azml_platform_open_read(in_path, NULL) : -1,
        .stdout_fd = azml_platform_create_file(out_path, 0600, NULL),
        .stderr_fd = azml_platform_create_file(error_path, 0600, NULL),
    };
    int result = azml_ssh_exec(session, command, &streams, end, err);
    if (in)
        azml_platform_close(streams.stdin_fd);
    azml_platform_close(streams.stdout_fd);
    azml_platform_close(streams.stderr_fd);
    return result;
}

static void ends_are_passed_on_as_they_were(void **state)
{
    (void)state;
    static const struct {
        const char *command, *out, *errors, *signal;
        int code;
    } rows[] = {
        {"exit 3",                        "",      "",     "",     3  },
        {"kill -KILL $$",                 "",      "",     "KILL", 137},
        {"kill -TERM $$",                 "",      "",     "TERM", 143},
        {"no-such-command 2>/dev/null",   "",      "",     "",     127},
        {"printf oops >&2; exit 255",     "",      "oops", "",     255},
        {"true",                          "",      "",     "",     0  },
        {"printf hello",                  "hello", "",     "",     0  },
        {"printf 'a b'; printf '\"' >&2", "a b",   "\"",   "",     0  },
        {"cat",                           "",      "",     "",     0  },
        {"exec >&- 2>&-; exit 4",         "",      "",     "",     4  },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_ssh_end end = {0};
        auto_error struct azml_error err = {0};
        if (run(rows[i].command, NULL, "out", "err", &end, &err) < 0)
            fail_msg("%s: %s", rows[i].command, err.message);
        if (end.exit_code != rows[i].code || strcmp(end.signal, rows[i].signal) != 0)
            fail_msg("%s: %d %s", rows[i].command, end.exit_code, end.signal);
        auto_free char *out_path = in_folder("out"), *error_path = in_folder("err");
        auto_free char *out = read_file(out_path), *errors = read_file(error_path);
        assert_string_equal(out, rows[i].out);
        assert_string_equal(errors, rows[i].errors);
    }
}

static void eight_megabytes_go_there_and_back_unchanged(void **state)
{
    (void)state;
    enum { SIZE = 8 << 20 };
    auto_free char *bytes = malloc(SIZE);
    azml_platform_random(bytes, SIZE);
    auto_free char *in = in_folder("big"), *out = in_folder("back");
    assert_int_equal(azml_fs_write(in, bytes, SIZE, 0, NULL), 0);
    struct azml_ssh_end end = {0};
    auto_error struct azml_error err = {0};
    if (run("cat", "big", "back", "err", &end, &err) < 0)
        fail_msg("%s; %s", err.message, err.why ? err.why : "");
    assert_int_equal(end.exit_code, 0);
    size_t length = 0;
    auto_free char *back = azml_fs_read(out, SIZE + 1, &length, NULL);
    assert_int_equal(length, SIZE);
    assert_memory_equal(back, bytes, SIZE);
}

static void both_outputs_can_be_large_at_once(void **state)
{
    (void)state;
    struct azml_ssh_end end = {0};
    auto_error struct azml_error err = {0};
    if (run("head -c 3000000 /dev/zero >&2 & head -c 5000000 /dev/zero; wait", NULL, "out", "err",
            &end, &err) < 0)
        fail_msg("%s", err.message);
    struct azml_platform_stat info;
    auto_free char *out = in_folder("out"), *errors = in_folder("err");
    assert_int_equal(azml_platform_stat(out, &info), 0);
    assert_int_equal(info.size_bytes, 5000000);
    assert_int_equal(azml_platform_stat(errors, &info), 0);
    assert_int_equal(info.size_bytes, 3000000);
}

static void a_command_that_reads_nothing_ends_beside_a_large_stdin(void **state)
{
    (void)state;
    struct azml_ssh_end end = {0};
    auto_error struct azml_error err = {0};
    if (run("exec <&-; exit 5", "big", "out", "err", &end, &err) < 0)
        fail_msg("%s; %s", err.message, err.why ? err.why : "");
    assert_int_equal(end.exit_code, 5);
}

static void a_reader_that_goes_away_ends_the_command(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(azml_platform_pipe(fds, NULL), 0);
    azml_platform_close(fds[0]);
    const struct azml_ssh_streams streams = {.stdin_fd = -1, .stdout_fd = fds[1], .stderr_fd = -1};
    struct azml_ssh_end end = {0};
    assert_int_equal(azml_ssh_exec(session, "yes", &streams, &end, NULL), 0);
    assert_int_equal(end.exit_code, 141);
    assert_string_equal(end.signal, "PIPE");
    azml_platform_close(fds[1]);
}

/* A reader that takes its time: a child that reads a little, and only then the rest. */
static void a_slow_reader_loses_nothing(void **state)
{
    (void)state;
    auto_free char *count = in_folder("count");
    auto_free char *script =
        azml_format(NULL, "head -c 1 >/dev/null; read line <%s/go; wc -c >%s", test_folder, count);
    auto_free char *fifo = in_folder("go");
    free(output_of((const char *const[]){"mkfifo", fifo, NULL}));
    int fds[2];
    assert_int_equal(azml_platform_pipe(fds, NULL), 0);
    const char *const argv[] = {"sh", "-c", script, NULL};
    const struct azml_platform_spawn what = {.argv = argv,
                                             .stdin_fd = fds[0],
                                             .stdout_fd = -1,
                                             .stderr_fd = 2,
                                             .dies_with_parent = true};
    int64_t pid = 0;
    assert_int_equal(azml_platform_spawn(&what, &pid, NULL), 0);
    azml_platform_close(fds[0]);
    const struct azml_ssh_streams streams = {.stdin_fd = -1, .stdout_fd = fds[1], .stderr_fd = -1};
    struct azml_ssh_end end = {0};
    /* The other side lets the reader go on once far more than a pipe holds has been written. */
    auto_free char *command = azml_format(
        NULL, "head -c 1000000 /dev/zero; echo go >%s; head -c 2000000 /dev/zero", fifo);
    assert_int_equal(azml_ssh_exec(session, command, &streams, &end, NULL), 0);
    assert_int_equal(end.exit_code, 0);
    azml_platform_close(fds[1]);
    assert_int_equal(azml_platform_wait(pid, 30000, NULL), 0);
    auto_free char *text = read_file(count);
    assert_int_equal(strtol(text, NULL, 10), 2999999);
}

static void a_connection_that_breaks_is_no_end(void **state)
{
    (void)state;
    struct azml_ssh_end end = {.exit_code = 77};
    auto_error struct azml_error err = {0};
    /* What stdin brings is sent once the command is known to run: only then may it break. */
    auto_free char *go = in_folder("go");
    assert_int_equal(azml_fs_write(go, "go\n", 3, 0, NULL), 0);
    const char *command = "read go; kill -KILL $PPID; sleep 100";
    assert_int_equal(run(command, "go", "out", "err", &end, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NETWORK);
    assert_string_equal(err.message, "the connection broke before the command had ended");
    assert_int_equal(end.exit_code, 77);
}

static void a_broken_session_starts_nothing_more(void **state)
{
    (void)state;
    struct azml_ssh_end end = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(run("true", NULL, "out", "err", &end, &err), -1);
    assert_string_equal(err.message, "could not start the command on the compute");
}

/* The signal stays for the rest of the process: this test is the last one. */
static void a_command_that_ignores_ctrl_c_is_left(void **state)
{
    (void)state;
    azml_ssh_close(session);
    assert_int_equal(sign_in(), 0);
    auto_free char *path = in_folder("waiter");
    free(output_of((const char *const[]){"mkfifo", path, NULL}));
    auto_free char *script =
        azml_format(NULL, "read go <%s && kill -INT %lld", path, (long long)azml_platform_pid());
    const char *const argv[] = {"sh", "-c", script, NULL};
    const struct azml_platform_spawn what = {
        .argv = argv, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = 2, .dies_with_parent = true};
    int64_t pid = 0;
    assert_int_equal(azml_platform_spawn(&what, &pid, NULL), 0);
    auto_free char *command = azml_format(NULL, "trap '' INT; echo go >%s; exec sleep 100", path);

    struct azml_ssh_end end = {.exit_code = 77};
    auto_error struct azml_error err = {0};
    assert_int_equal(run(command, NULL, "out", "err", &end, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_INTERRUPTED);
    assert_string_equal(err.message, "interrupted; the command may still run on the compute");
    assert_int_equal(end.exit_code, 77);
    assert_int_equal(azml_platform_wait(pid, 10000, NULL), 0);
}

int main(void)
{
    azml_platform_catch_interrupts(); /* a broken pipe is an answer, no end */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_are_passed_on_as_they_were),
        cmocka_unit_test(eight_megabytes_go_there_and_back_unchanged),
        cmocka_unit_test(both_outputs_can_be_large_at_once),
        cmocka_unit_test(a_command_that_reads_nothing_ends_beside_a_large_stdin),
        cmocka_unit_test(a_reader_that_goes_away_ends_the_command),
        cmocka_unit_test(a_slow_reader_loses_nothing),
        cmocka_unit_test(a_connection_that_breaks_is_no_end),
        cmocka_unit_test(a_broken_session_starts_nothing_more),
        cmocka_unit_test(a_command_that_ignores_ctrl_c_is_left),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
