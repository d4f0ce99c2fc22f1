#include "sandbox/ml_machines.h"

#include "base/fs.h"
#include "ml_world.h"
#include "sandbox/machine.h"

#include <stdio.h>

/* These run a real sshd: a compute instance from its PUT to a login, by the sandbox's own door. */
static char folder[64];
static char *key_line;

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/azml-machines-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    auto_free char *key = azml_path_join(folder, "id", NULL);
    auto_free char *pub = azml_path_join(folder, "id.pub", NULL);
    const char *const argv[] = {"ssh-keygen", "-q", "-t", "rsa", "-b", "2048",
                                "-N",         "",   "-f", key,   NULL};
    auto_free char *out = NULL;
    if (azml_platform_capture(argv, 60000, 1000, &out, NULL, NULL) != 0)
        return -1;
    key_line = azml_fs_read(pub, 10000, NULL, NULL);
    key_line[strcspn(key_line, "\n")] = '\0';
    auto_free char *world = azml_path_join(folder, "world", NULL);
    if (ml_open_in(world) < 0)
        return -1;
    ml_make_workspace();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sandbox_close(ml_sandbox);
    ml_sandbox = NULL;
    free(key_line);
    return azml_fs_remove_tree(folder, NULL);
}

/* Ask until the compute shows an address, and give its port; 0 where it never does. */
static int wait_for_address(void)
{
    for (int i = 0; i < 3000; i++) {
        auto_reply struct sandbox_reply reply = ml_expect(200, "GET", ML_CI ML_GA, NULL);
        if (azml_json_text(reply.json,
                           "properties.properties.connectivityEndpoints.publicIpAddress"))
            return (int)azml_json_int_or(reply.json, "properties.properties.sshSettings.sshPort",
                                         0);
        const char *why = azml_json_text(reply.json, "properties.provisioningWarnings.ssh");
        if (why)
            fail_msg("%s", why);
        azml_platform_sleep_ms(10);
    }
    return 0;
}

static int ssh(int port, const char *command, char **out)
{
    auto_free char *key = azml_path_join(folder, "id", NULL);
    auto_free char *number = azml_format(NULL, "%d", port);
    const char *const argv[] = {"ssh",
                                "-F",
                                "none",
                                "-T",
                                "-p",
                                number,
                                "-i",
                                key,
                                "-o",
                                "IdentitiesOnly=yes",
                                "-o",
                                "BatchMode=yes",
                                "-o",
                                "UserKnownHostsFile=/dev/null",
                                "-o",
                                "StrictHostKeyChecking=no",
                                "-o",
                                "LogLevel=ERROR",
                                "azureuser@127.0.0.1",
                                command,
                                NULL};
    return azml_platform_capture(argv, 60000, 10000, out, NULL, NULL);
}

static void make(void)
{
    auto_free char *more =
        azml_format(NULL,
                    ",\"sshSettings\":{\"sshPublicAccess\":\"Enabled\",\"adminPublicKey\":"
                    "\"%s\"}",
                    key_line);
    ml_make_instance(more);
    ml_pass(30);
}

static void only_running_instances_with_ssh_want_a_machine(void **state)
{
    (void)state;
    static const struct {
        const char *type, *access, *state;
        bool is_wanted;
    } rows[] = {
        {"ComputeInstance", "Enabled",  "Creating",   false},
        {"ComputeInstance", "Enabled",  "Stopping",   false},
        {"ComputeInstance", "Enabled",  "Restarting", false},
        {"ComputeInstance", "Disabled", "Running",    false},
        {"AmlCompute",      "Enabled",  "Running",    false},
        {"ComputeInstance", "Enabled",  "Running",    true },
        {"ComputeInstance", "Enabled",  "JobRunning", true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *body = cJSON_CreateObject();
        azml_json_put_text(body, "properties.computeType", rows[i].type);
        azml_json_put_text(body, "properties.properties.state", rows[i].state);
        azml_json_put_text(body, "properties.properties.sshSettings.sshPublicAccess",
                           rows[i].access);
        if (sandbox_ml_machine_is_wanted(body) != rows[i].is_wanted)
            fail_msg("row %zu", i);
    }
}

static void a_running_instance_can_be_entered_until_it_stops(void **state)
{
    (void)state;
    make();
    int port = wait_for_address();
    assert_int_not_equal(port, 0);
    auto_free char *out = NULL;
    assert_int_equal(ssh(port, "hostname; echo kept >kept; exit 7", &out), 7);
    assert_string_equal(out, "ci1\n");

    ml_do(202, "POST", ML_CI "/stop" ML_GA, NULL);
    auto_free char *closed = NULL;
    assert_int_equal(ssh(port, "true", &closed), 255);
    ml_pass(90);
    ml_do(202, "POST", ML_CI "/start" ML_GA, NULL);
    ml_pass(90);
    ml_pass(30);
    port = wait_for_address();
    auto_free char *kept = NULL;
    assert_int_equal(ssh(port, "cat kept", &kept), 0);
    assert_string_equal(kept, "kept\n");
}

static void a_sandbox_that_starts_again_runs_its_machines_again(void **state)
{
    (void)state;
    int before = wait_for_address();
    auto_free char *world = azml_strdup(ml_sandbox->folder, NULL);
    sandbox_close(ml_sandbox);
    auto_free char *closed = NULL;
    assert_int_equal(ssh(before, "true", &closed), 255);
    assert_int_equal(ml_open_in(world), 0);
    int port = wait_for_address();
    auto_free char *kept = NULL;
    assert_int_equal(ssh(port, "cat kept", &kept), 0);
    assert_string_equal(kept, "kept\n");
}

static void the_tick_ends_what_should_not_run(void **state)
{
    (void)state;
    int port = wait_for_address();
    auto_free char *id = ml_path(ML_CI);
    auto_resource struct sandbox_resource *compute = NULL;
    assert_int_equal(sandbox_store_get(ml_sandbox->store, id, &compute, NULL), 0);
    azml_json_put_text(compute->body, "properties.properties.state", "Unusable");
    assert_int_equal(sandbox_store_put(ml_sandbox->store, compute, ml_now_ms, NULL), 0);
    sandbox_ml_machines_tick(ml_sandbox);
    auto_free char *closed = NULL;
    assert_int_equal(ssh(port, "true", &closed), 255);
    ml_do(202, "POST", ML_CI "/restart" ML_GA, NULL);
    ml_pass(60);
    ml_pass(30);
    assert_int_not_equal(wait_for_address(), 0);
}

static int count_entry(void *data, const char *name)
{
    (void)name;
    ++*(int *)data;
    return 0;
}

static void deletion_takes_the_home_along(void **state)
{
    (void)state;
    auto_free char *machines = azml_path_join(ml_sandbox->folder, "machines", NULL);
    int entries = 0;
    azml_platform_list_folder(machines, count_entry, &entries);
    assert_int_equal(entries, 1);
    ml_do(202, "DELETE", ML_CI ML_GA "&underlyingResourceAction=Delete", NULL);
    ml_pass(90);
    entries = 0;
    azml_platform_list_folder(machines, count_entry, &entries);
    assert_int_equal(entries, 0);
}

static void a_missing_sshd_is_said_in_a_warning(void **state)
{
    (void)state;
    setenv("AZML_SANDBOX_SSHD", "/nowhere/sshd", 1);
    make();
    ml_shows(ML_CI, "properties.provisioningWarnings.ssh",
             "This compute runs but cannot be entered by SSH: there is no OpenSSH server at "
             "/nowhere/sshd (sh cmake/openssh.sh)");
    ml_shows(ML_CI, "properties.properties.connectivityEndpoints.publicIpAddress", "");
    unsetenv("AZML_SANDBOX_SSHD");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_running_instances_with_ssh_want_a_machine),
        cmocka_unit_test(a_running_instance_can_be_entered_until_it_stops),
        cmocka_unit_test(a_sandbox_that_starts_again_runs_its_machines_again),
        cmocka_unit_test(the_tick_ends_what_should_not_run),
        cmocka_unit_test(deletion_takes_the_home_along),
        cmocka_unit_test(a_missing_sshd_is_said_in_a_warning),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
