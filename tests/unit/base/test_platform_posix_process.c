#include "unit/test.h"

#include "base/auto.h"
#include "base/platform.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void both_streams_and_the_exit_code_are_captured(void **state)
{
    (void)state;
    const char *const argv[] = {"sh", "-c", "echo out; echo err >&2; exit 7", NULL};
    char *out = NULL, *error = NULL;
    assert_int_equal(azml_platform_capture(argv, 10000, 1000, &out, &error, NULL), 7);
    assert_string_equal(out, "out\n");
    assert_string_equal(error, "err\n");
    free(out);
    free(error);
}

static void arguments_are_passed_whole_without_a_shell(void **state)
{
    (void)state;
    const char *const argv[] = {"printf", "%s|", "a b", "$HOME", "';--", NULL};
    char *out = NULL;
    assert_int_equal(azml_platform_capture(argv, 10000, 1000, &out, NULL, NULL), 0);
    assert_string_equal(out, "a b|$HOME|';--|");
    free(out);
}

static void a_program_that_talks_too_much_is_ended(void **state)
{
    (void)state;
    const char *const argv[] = {"yes", NULL};
    auto_error struct azml_error err = {0};
    char *out = NULL;
    assert_int_equal(azml_platform_capture(argv, 60000, 5000, &out, NULL, &err), -1);
    assert_string_equal(err.message, "yes took too long or said too much");
    assert_null(out);
}

static void a_missing_program_is_named(void **state)
{
    (void)state;
    const char *const argv[] = {"no-such-program-here", NULL};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_platform_capture(argv, 1000, 10, NULL, NULL, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.message, "could not start no-such-program-here");
}

static void children_are_watched_and_ended(void **state)
{
    (void)state;
    const char *const argv[] = {"sleep", "100", NULL};
    const struct azml_platform_spawn what = {
        .argv = argv, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1, .dies_with_parent = true};
    int64_t pid = 0;
    assert_int_equal(azml_platform_spawn(&what, &pid, NULL), 0);
    assert_true(azml_platform_is_alive(pid));
    assert_true(azml_platform_start_ticks(pid) > 0);
    assert_false(azml_platform_reap(pid, NULL));
    assert_int_equal(azml_platform_terminate(pid), 0);
    assert_int_equal(azml_platform_wait(pid, 10000, NULL), 128 + 15);
    assert_false(azml_platform_is_alive(pid));
    assert_int_equal(azml_platform_start_ticks(pid), 0);
}

static void a_child_gets_no_descriptor_that_was_not_named(void **state)
{
    (void)state;
    int left_open = dup(2), kept = dup(2); /* as a test runner or a shell hands them on */
    char script[80];
    (void)snprintf(script, sizeof(script), "test ! -e /proc/self/fd/%d && test -e /proc/self/fd/%d",
                   left_open, kept);
    const char *const argv[] = {"sh", "-c", script, NULL};
    const struct azml_platform_spawn what = {
        .argv = argv, .stdin_fd = -1, .stdout_fd = 1, .stderr_fd = 2, .keep_fds = {kept}};
    int64_t pid = 0;
    assert_int_equal(azml_platform_spawn(&what, &pid, NULL), 0);
    assert_int_equal(azml_platform_wait(pid, 10000, NULL), 0);
    azml_platform_close(left_open);
    azml_platform_close(kept);
}

static void a_child_gets_its_environment_folder_and_streams(void **state)
{
    (void)state;
    int out[2];
    assert_int_equal(azml_platform_pipe(out, NULL), 0);
    const char *const argv[] = {"/bin/sh", "-c", "pwd; echo $ONLY; cat", NULL};
    const char *const env[] = {"ONLY=this", "PATH=/usr/bin:/bin", NULL};
    const struct azml_platform_spawn what = {.argv = argv,
                                             .env = env,
                                             .folder = "/usr",
                                             .stdin_fd = -1,
                                             .stdout_fd = out[1],
                                             .stderr_fd = -1};
    int64_t pid = 0;
    assert_int_equal(azml_platform_spawn(&what, &pid, NULL), 0);
    azml_platform_close(out[1]);
    assert_int_equal(azml_platform_wait(pid, -1, NULL), 0);
    char text[64] = "";
    assert_int_equal(azml_platform_read(out[0], text, sizeof(text) - 1), 10);
    assert_string_equal(text, "/usr\nthis\n");
    azml_platform_close(out[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_streams_and_the_exit_code_are_captured),
        cmocka_unit_test(arguments_are_passed_whole_without_a_shell),
        cmocka_unit_test(a_program_that_talks_too_much_is_ended),
        cmocka_unit_test(a_missing_program_is_named),
        cmocka_unit_test(children_are_watched_and_ended),
        cmocka_unit_test(a_child_gets_no_descriptor_that_was_not_named),
        cmocka_unit_test(a_child_gets_its_environment_folder_and_streams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
