#include "sandbox/sandbox.h"

#include "unit/test.h"

#include "self_run.h"

#include "base/platform.h"

#include <sys/wait.h>
#include <unistd.h>

static int64_t pid_of(const char *name)
{
    auto_json cJSON *status = azml_sandbox_status(name, NULL);
    assert_non_null(status);
    return azml_json_int_or(status, "pid", 0);
}

static void a_name_that_is_no_file_name_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"", ".", "..", "../up", "a/b", "a b", ".hidden"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_json cJSON *status = azml_sandbox_status(rows[i], &err);
        if (status)
            fail_msg("'%s' was taken", rows[i]);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
    }
}

static void it_starts_once_stops_and_keeps_its_address(void **state)
{
    (void)state;
    bool started = false;
    const struct azml_sandbox_options options = {.speed = 120};
    assert_int_equal(azml_sandbox_start(&options, &started, NULL), 0);
    assert_true(started);
    assert_int_equal(azml_sandbox_start(&options, &started, NULL), 0);
    assert_false(started);
    struct azml_sandbox_env before, after;
    assert_int_equal(azml_sandbox_env(NULL, &before, NULL), 0);
    assert_string_equal(before.variables[0].name, "AZML_SANDBOX_ENDPOINT");
    assert_true(before.variables[6].is_secret);

    bool stopped = false;
    assert_int_equal(azml_sandbox_stop(NULL, &stopped, NULL), 0);
    assert_true(stopped);
    assert_false(is_running(NULL));
    start(NULL);
    assert_int_equal(azml_sandbox_env(NULL, &after, NULL), 0);
    for (size_t i = 0; i < AZML_SANDBOX_VARIABLES; i++)
        assert_string_equal(before.variables[i].value, after.variables[i].value);
    auto_json cJSON *status = azml_sandbox_status(NULL, NULL);
    assert_int_equal(azml_json_int_or(status, "speed", 0), 120);
    azml_sandbox_env_cleanup(&before);
    azml_sandbox_env_cleanup(&after);
}

static void other_options_for_a_running_one_are_an_error(void **state)
{
    (void)state;
    start(NULL);
    auto_error struct azml_error err = {0};
    const struct azml_sandbox_options faster = {.speed = 600};
    assert_int_equal(azml_sandbox_start(&faster, NULL, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_CONFLICT);
    assert_string_equal(err.message, "the sandbox default already runs with other options");
}

static void starts_at_the_same_time_give_one_sandbox(void **state)
{
    (void)state;
    pid_t children[4];
    for (size_t i = 0; i < AZML_COUNT(children); i++) {
        children[i] = fork();
        if (children[i] == 0) {
            const struct azml_sandbox_options options = {0};
            bool started = false;
            int result = azml_sandbox_start(&options, &started, NULL);
            _exit(result < 0 ? 9 : started);
        }
    }
    int starts = 0;
    for (size_t i = 0; i < AZML_COUNT(children); i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_not_equal(WEXITSTATUS(status), 9);
        starts += WEXITSTATUS(status);
    }
    assert_int_equal(starts, 1);
    assert_true(is_running(NULL));
}

static void two_names_are_two_sandboxes(void **state)
{
    (void)state;
    start(NULL);
    start("other");
    assert_int_not_equal(pid_of(NULL), pid_of("other"));
    assert_int_equal(azml_sandbox_stop("other", NULL, NULL), 0);
    assert_true(is_running(NULL));
    assert_false(is_running("other"));
}

static void a_killed_one_is_seen_as_stopped_and_starts_again(void **state)
{
    (void)state;
    start(NULL);
    int64_t pid = pid_of(NULL);
    assert_int_equal(azml_platform_kill(pid), 0);
    (void)azml_platform_wait(pid, 10000, NULL);
    assert_false(is_running(NULL));
    start(NULL);
    assert_int_not_equal(pid_of(NULL), pid);
}

static void another_process_of_the_recorded_id_is_left_alone(void **state)
{
    (void)state;
    start(NULL);
    assert_int_equal(azml_sandbox_stop(NULL, NULL, NULL), 0);
    pid_t bystander = fork();
    if (bystander == 0) {
        pause();
        _exit(0);
    }
    auto_free char *path = azml_format(NULL, "%s/sandbox/default/connection.json", state_folder);
    auto_free char *text = azml_fs_read(path, 65536, NULL, NULL);
    auto_json cJSON *connection = azml_json_parse(text, strlen(text), NULL);
    assert_int_equal(azml_json_put_number(connection, "pid", bystander), 0);
    auto_free char *forged = azml_json_print(connection, false, NULL);
    assert_int_equal(azml_fs_write(path, forged, strlen(forged), 0600, NULL), 0);

    bool stopped = true;
    assert_int_equal(azml_sandbox_stop(NULL, &stopped, NULL), 0);
    assert_false(stopped);
    assert_true(azml_platform_is_alive(bystander));
    (void)azml_platform_kill(bystander);
    (void)waitpid(bystander, NULL, 0);
}

static void reset_leaves_nothing(void **state)
{
    (void)state;
    start(NULL);
    int64_t pid = pid_of(NULL);
    assert_int_equal(azml_sandbox_reset(NULL, NULL), 0);
    assert_false(azml_platform_is_alive(pid));
    auto_free char *folder = azml_format(NULL, "%s/sandbox/default", state_folder);
    assert_false(azml_fs_exists(folder));
}

static void secrets_are_for_the_owner_alone(void **state)
{
    (void)state;
    start(NULL);
    static const char *const files[] = {"connection.json", "ca.key",   "token.key",
                                        "control.key",     "state.db", "run.json"};
    for (size_t i = 0; i < AZML_COUNT(files); i++) {
        auto_free char *path = azml_format(NULL, "%s/sandbox/default/%s", state_folder, files[i]);
        struct azml_platform_stat about;
        assert_int_equal(azml_platform_stat(path, &about), 0);
        if (!about.is_private)
            fail_msg("%s can be read by others", files[i]);
    }
}

static void a_second_one_in_the_foreground_is_refused(void **state)
{
    (void)state;
    start(NULL);
    auto_error struct azml_error err = {0};
    const struct azml_sandbox_options options = {0};
    assert_int_equal(azml_sandbox_run(&options, NULL, NULL, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_CONFLICT);
}

int main(int argc, char **argv)
{
    int status;
    if (was_sandbox(argc, argv, &status))
        return status;
    const struct CMUnitTest tests[] = {
        WITH_STATE(a_name_that_is_no_file_name_is_refused),
        WITH_STATE(it_starts_once_stops_and_keeps_its_address),
        WITH_STATE(other_options_for_a_running_one_are_an_error),
        WITH_STATE(starts_at_the_same_time_give_one_sandbox),
        WITH_STATE(two_names_are_two_sandboxes),
        WITH_STATE(a_killed_one_is_seen_as_stopped_and_starts_again),
        WITH_STATE(another_process_of_the_recorded_id_is_left_alone),
        WITH_STATE(reset_leaves_nothing),
        WITH_STATE(secrets_are_for_the_owner_alone),
        WITH_STATE(a_second_one_in_the_foreground_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
