#include "sandbox/machine.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One machine for all tests that only use it: its host keys cost up to a second. */
static char top[64];
static char *home, *public_key;
static struct azml_machine *machine;

static int run(const char *const *argv, char **out)
{
    auto_error struct azml_error err = {0};
    auto_free char *said = NULL;
    int code = azml_platform_capture(argv, 60000, 1 << 20, out, &said, &err);
    if (code != 0)
        print_message("%s: %d %s %s\n", argv[0], code, said ? said : "",
                      err.message ? err.message : "");
    return code;
}

static char *make_key(const char *name)
{
    auto_free char *path = azml_path_join(top, name, NULL);
    auto_free char *pub = azml_format(NULL, "%s.pub", path);
    const char *const argv[] = {"ssh-keygen", "-q", "-t", "rsa", "-b", "2048",
                                "-N",         "",   "-f", path,  NULL};
    auto_free char *out = NULL;
    assert_int_equal(run(argv, &out), 0);
    char *text = azml_fs_read(pub, 10000, NULL, NULL);
    assert_non_null(text);
    text[strcspn(text, "\n")] = '\0';
    return text;
}

static struct azml_machine *start(const char *folder)
{
    auto_error struct azml_error err = {0};
    const struct azml_machine_options options = {
        .folder = folder, .host_name = "ci-one", .public_key = public_key};
    struct azml_machine *started = azml_machine_start(&options, &err);
    if (!started)
        print_error("%s; try: %s\n", err.message, err.hint ? err.hint : "");
    return started;
}

static enum azml_machine_state until_ready(struct azml_machine *m)
{
    enum azml_machine_state state = azml_machine_look(m);
    for (int i = 0; i < 3000 && state == AZML_MACHINE_STARTING; i++) {
        azml_platform_sleep_ms(10);
        state = azml_machine_look(m);
    }
    if (state != AZML_MACHINE_READY)
        print_error("machine: %s\n", azml_machine_why(m));
    return state;
}

/* ssh to the machine with the named key: what it printed in *out, its exit code returned. */
static int ssh(struct azml_machine *m, const char *key, const char *terminal, const char *command,
               char **out)
{
    auto_free char *port = azml_format(NULL, "%u", (unsigned)azml_machine_port(m));
    auto_free char *identity = azml_path_join(top, key, NULL);
    auto_free char *hosts = azml_format(NULL, "UserKnownHostsFile=%s/hosts", top);
    const char *const argv[] = {"ssh",
                                "-F",
                                "none",
                                terminal,
                                "-p",
                                port,
                                "-i",
                                identity,
                                "-o",
                                "IdentitiesOnly=yes",
                                "-o",
                                "BatchMode=yes",
                                "-o",
                                hosts,
                                "-o",
                                "StrictHostKeyChecking=accept-new",
                                "-o",
                                "HostKeyAlias=ci-one",
                                "-o",
                                "LogLevel=ERROR",
                                "azureuser@127.0.0.1",
                                command,
                                NULL};
    return run(argv, out);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(top, "/tmp/azml-machine-XXXXXX");
    if (!mkdtemp(top))
        return -1;
    home = azml_path_join(top, "person", NULL);
    azml_fs_make_folder(home, NULL);
    public_key = make_key("id");
    auto_free char *folder = azml_path_join(top, "one", NULL);
    machine = start(folder);
    return machine && until_ready(machine) == AZML_MACHINE_READY ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    azml_machine_stop(machine);
    free(public_key);
    free(home);
    return azml_fs_remove_tree(top, NULL);
}

static void another_key_is_refused(void **state)
{
    (void)state;
    auto_free char *other = make_key("other");
    assert_non_null(other);
    auto_free char *out = NULL;
    assert_int_equal(ssh(machine, "other", "-T", "true", &out), 255);
}

static void the_key_opens_it_and_exit_codes_come_back(void **state)
{
    (void)state;
    auto_free char *out = NULL;
    assert_int_equal(ssh(machine, "id", "-T", "id -un; id -u; hostname; pwd; exit 42", &out), 42);
    assert_string_equal(out, "azureuser\n1000\nci-one\n/home/azureuser\n");
}

static void it_gives_a_terminal(void **state)
{
    (void)state;
    auto_free char *out = NULL;
    assert_int_equal(ssh(machine, "id", "-tt", "tty", &out), 0);
    assert_memory_equal(out, "/dev/pts/", 9);
}

static void sftp_works(void **state)
{
    (void)state;
    auto_free char *batch = azml_format(NULL, "%s/batch", top);
    auto_free char *lines =
        azml_format(NULL, "put %s/id.pub copied\nget copied %s/back\n", top, top);
    assert_int_equal(azml_fs_write(batch, lines, strlen(lines), 0, NULL), 0);
    auto_free char *port = azml_format(NULL, "%u", (unsigned)azml_machine_port(machine));
    auto_free char *identity = azml_path_join(top, "id", NULL);
    auto_free char *hosts = azml_format(NULL, "UserKnownHostsFile=%s/hosts", top);
    const char *const argv[] = {"sftp",
                                "-F",
                                "none",
                                "-P",
                                port,
                                "-i",
                                identity,
                                "-o",
                                hosts,
                                "-o",
                                "StrictHostKeyChecking=accept-new",
                                "-o",
                                "HostKeyAlias=ci-one",
                                "-o",
                                "IdentitiesOnly=yes",
                                "-b",
                                batch,
                                "azureuser@127.0.0.1",
                                NULL};
    auto_free char *out = NULL;
    assert_int_equal(run(argv, &out), 0);
    auto_free char *back = azml_format(NULL, "%s/back", top);
    auto_free char *text = azml_fs_read(back, 10000, NULL, NULL);
    assert_non_null(text);
    assert_memory_equal(text, public_key, strlen(public_key));
}

static void nothing_outside_home_and_tmp_can_be_written(void **state)
{
    (void)state;
    auto_free char *out = NULL;
    (void)ssh(machine, "id", "-T",
              "for place in /x /etc/x /usr/x /usr/local/bin/x /dev/x /run/x /home/x /var/x "
              "/etc/ssh/x /etc/authorized_keys /etc/passwd /opt/openssh/x; do "
              "(echo x >>$place) 2>/dev/null && echo $place; done; echo tried",
              &out);
    assert_string_equal(out, "tried\n");
    auto_free char *own = NULL;
    auto_free char *file = azml_format(NULL, "%s-inside", top); /* in a /tmp of its own */
    auto_free char *command = azml_format(NULL, "echo x >~/x && echo x >%s && cat %s", file, file);
    assert_int_equal(ssh(machine, "id", "-T", command, &own), 0);
    assert_string_equal(own, "x\n");
    assert_false(azml_fs_exists(file));
}

static void the_persons_files_cannot_be_read(void **state)
{
    (void)state;
    auto_free char *secret = azml_path_join(home, "secret", NULL);
    assert_int_equal(azml_fs_write(secret, "secret\n", 7, 0, NULL), 0);
    auto_free char *real = azml_platform_home(NULL);
    auto_free char *command = azml_format(
        NULL,
        "for place in %s %s %s /root /etc/shadow /var/lib /proc/1/root/root /sys /mnt /srv; do "
        "test -e $place && echo $place; done; echo tried",
        secret, top, real);
    auto_free char *out = NULL;
    (void)ssh(machine, "id", "-T", command, &out);
    assert_string_equal(out, "tried\n");
}

static void other_processes_cannot_be_seen_or_ended(void **state)
{
    (void)state;
    auto_free char *out = NULL;
    assert_int_equal(
        ssh(machine, "id", "-T", "cat /proc/[0-9]*/comm | sort -u | tr '\\n' ' '", &out), 0);
    const char *seen = strstr(out, "test_machine") ? "test" : strstr(out, "unit_sandbox");
    assert_null(seen);
    assert_non_null(strstr(out, "sshd"));

    auto_free char *command =
        azml_format(NULL, "test -e /proc/%lld && readlink /proc/%lld/ns/pid",
                    (long long)azml_platform_pid(), (long long)azml_platform_pid());
    auto_free char *self = NULL;
    const char *const mine[] = {"readlink", "/proc/self/ns/pid", NULL};
    assert_int_equal(run(mine, &self), 0);
    auto_free char *theirs = NULL;
    (void)ssh(machine, "id", "-T", command, &theirs);
    assert_string_not_equal(theirs, self);
}

static void the_environment_of_the_sandbox_stays_outside(void **state)
{
    (void)state;
    auto_free char *out = NULL;
    assert_int_equal(ssh(machine, "id", "-T", "cat /proc/[0-9]*/environ | tr '\\0' '\\n'", &out),
                     0);
    assert_null(strstr(out, "AZML_TEST_SECRET"));
}

static void when_sshd_ends_by_itself_it_is_started_again(void **state)
{
    (void)state;
    auto_free char *out = NULL;
    assert_int_not_equal(ssh(machine, "id", "-T", "kill -9 2; sleep 5; echo alive", &out), 0);
    assert_string_equal(out, "");
    enum azml_machine_state state_now = azml_machine_look(machine);
    for (int i = 0; i < 500 && state_now == AZML_MACHINE_READY; i++) {
        azml_platform_sleep_ms(10);
        state_now = azml_machine_look(machine);
    }
    assert_int_equal(until_ready(machine), AZML_MACHINE_READY);
    auto_free char *again = NULL;
    assert_int_equal(ssh(machine, "id", "-T", "echo again", &again), 0);
    assert_string_equal(again, "again\n");
}

static void stop_ends_all_and_keeps_home_and_host_keys(void **state)
{
    (void)state;
    auto_free char *folder = azml_path_join(top, "two", NULL);
    struct azml_machine *two = start(folder);
    assert_non_null(two);
    assert_int_equal(until_ready(two), AZML_MACHINE_READY);
    auto_free char *host_key = azml_format(NULL, "%s/keys/ssh_host_ed25519_key.pub", folder);
    auto_free char *before = azml_fs_read(host_key, 10000, NULL, NULL);
    auto_free char *hosts = azml_path_join(top, "hosts", NULL);
    azml_fs_remove(hosts, NULL);
    auto_free char *out = NULL;
    assert_int_equal(ssh(two, "id", "-T",
                         "echo kept >~/kept; setsid sleep 4711 >/dev/null 2>&1 </dev/null &", &out),
                     0);
    azml_machine_stop(two);
    const char *const look[] = {"pgrep", "-f", "^sleep 4711$", NULL};
    int found = 0;
    for (int i = 0; i < 500 && found == 0; i++) {
        auto_free char *pids = NULL;
        found = azml_platform_capture(look, 10000, 1000, &pids, NULL, NULL);
    }
    assert_int_equal(found, 1);

    two = start(folder);
    assert_non_null(two);
    assert_int_equal(until_ready(two), AZML_MACHINE_READY);
    auto_free char *after = azml_fs_read(host_key, 10000, NULL, NULL);
    assert_string_equal(after, before);
    auto_free char *kept = NULL;
    assert_int_equal(ssh(two, "id", "-T", "cat kept", &kept), 0);
    assert_string_equal(kept, "kept\n");
    azml_machine_stop(two);
    azml_fs_remove(hosts, NULL);
}

/* What the test below runs and kills: a process with a machine that never ends by itself. */
static int hold(const char *folder, const char *key)
{
    const struct azml_machine_options options = {
        .folder = folder, .host_name = "held", .public_key = key};
    auto_error struct azml_error err = {0};
    struct azml_machine *held = azml_machine_start(&options, &err);
    if (!held || until_ready(held) != AZML_MACHINE_READY)
        return 1;
    auto_free char *ready = azml_path_join(folder, "ready", NULL);
    if (azml_fs_write(ready, "", 0, 0, NULL) < 0)
        return 1;
    for (;;)
        azml_platform_sleep_ms(1000);
}

static void a_killed_sandbox_leaves_no_machine_behind(void **state)
{
    (void)state;
    auto_free char *folder = azml_path_join(top, "held", NULL);
    auto_free char *ready = azml_path_join(folder, "ready", NULL);
    auto_free char *self = azml_platform_executable(NULL);
    const char *const argv[] = {self, "hold", folder, public_key, NULL};
    const struct azml_platform_spawn what = {
        .argv = argv, .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1, .dies_with_parent = true};
    int64_t pid;
    assert_int_equal(azml_platform_spawn(&what, &pid, NULL), 0);
    for (int i = 0; i < 3000 && !azml_fs_exists(ready); i++)
        azml_platform_sleep_ms(10);
    assert_true(azml_fs_exists(ready));

    const char *const look[] = {"pgrep", "-f", folder, NULL};
    auto_free char *before = NULL;
    assert_int_equal(azml_platform_capture(look, 10000, 10000, &before, NULL, NULL), 0);
    assert_int_equal(azml_platform_kill(pid), 0);
    (void)azml_platform_wait(pid, 10000, NULL);
    int found = 0;
    for (int i = 0; i < 500 && found == 0; i++) {
        auto_free char *pids = NULL;
        found = azml_platform_capture(look, 10000, 10000, &pids, NULL, NULL);
    }
    assert_int_equal(found, 1);
}

static void a_bubble_that_cannot_be_made_says_why(void **state)
{
    (void)state;
    auto_free char *bin = azml_path_join(top, "bin", NULL);
    auto_free char *bwrap = azml_path_join(bin, "bwrap", NULL);
    static const char script[] =
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n";
    azml_fs_make_folder(bin, NULL);
    assert_int_equal(azml_fs_write(bwrap, script, strlen(script), 0700, NULL), 0);
    auto_free char *old = azml_strdup(getenv("PATH"), NULL);
    auto_free char *path = azml_format(NULL, "%s:%s", bin, old);
    setenv("PATH", path, 1);
    auto_free char *folder = azml_path_join(top, "one", NULL);
    struct azml_machine *refused = start(folder);
    setenv("PATH", old, 1);
    assert_non_null(refused);
    enum azml_machine_state end = azml_machine_look(refused);
    for (int i = 0; i < 1000 && end == AZML_MACHINE_STARTING; i++) {
        azml_platform_sleep_ms(10);
        end = azml_machine_look(refused);
    }
    assert_int_equal(end, AZML_MACHINE_ENDED);
    assert_string_equal(azml_machine_why(refused), "bwrap: No permissions to create new namespace");
    azml_machine_stop(refused);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "hold") == 0)
        return hold(argv[2], argv[3]);
    setenv("AZML_TEST_SECRET", "secret", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_key_is_refused),
        cmocka_unit_test(the_key_opens_it_and_exit_codes_come_back),
        cmocka_unit_test(it_gives_a_terminal),
        cmocka_unit_test(sftp_works),
        cmocka_unit_test(nothing_outside_home_and_tmp_can_be_written),
        cmocka_unit_test(the_persons_files_cannot_be_read),
        cmocka_unit_test(other_processes_cannot_be_seen_or_ended),
        cmocka_unit_test(the_environment_of_the_sandbox_stays_outside),
        cmocka_unit_test(when_sshd_ends_by_itself_it_is_started_again),
        cmocka_unit_test(stop_ends_all_and_keeps_home_and_host_keys),
        cmocka_unit_test(a_killed_sandbox_leaves_no_machine_behind),
        cmocka_unit_test(a_bubble_that_cannot_be_made_says_why),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
