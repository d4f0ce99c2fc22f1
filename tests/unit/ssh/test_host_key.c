#include "unit/ssh/sshd.h"

#include "azml/ssh.h"
#include "azml/ssh_known_hosts.h"

static struct sshd sshd;
static char *known_hosts, *rsa;

static int start(void **state)
{
    if (make_folder(state) < 0)
        return -1;
    known_hosts = in_folder("known_hosts");
    rsa = in_folder("rsa");
    sshd_let_in("rsa", &(struct azml_ssh_key_request){.bits = 2048});
    sshd_let_in("ed25519", &(struct azml_ssh_key_request){.type = AZML_SSH_KEY_ED25519});
    if (sshd_start(&sshd, 0, ""))
        return 0;
    print_error("no sshd can be had here: %s\n", sshd.log);
    return -1;
}

static int stop(void **state)
{
    sshd_stop(&sshd);
    free(known_hosts);
    free(rsa);
    return remove_folder(state);
}

static struct azml_ssh_target target(const char *identity)
{
    return (struct azml_ssh_target){.host = "127.0.0.1",
                                    .port = sshd.port,
                                    .user = "azureuser",
                                    .alias = "azml-test",
                                    .known_hosts = known_hosts,
                                    .identity = identity};
}

static void a_host_known_by_another_type_is_no_attack(void **state)
{
    (void)state;
    static const char *const types[] = {"host_rsa.pub", "host_ecdsa.pub"};
    for (size_t i = 0; i < AZML_COUNT(types); i++) {
        auto_free char *path = in_folder(types[i]);
        auto_free char *line = read_file(path);
        auto_free char *entry = azml_format(NULL, "azml-test %s", line);
        write_file(known_hosts, entry);
        const struct azml_ssh_target to = target(rsa);
        auto_error struct azml_error err = {0};
        struct azml_ssh_session *session = azml_ssh_open(&to, &err);
        if (!session)
            fail_msg("%s: %s", types[i], err.message);
        assert_false(azml_ssh_is_new_host(session));
        azml_ssh_close(session);
    }
}

static void a_changed_host_is_refused_before_anything_is_sent(void **state)
{
    (void)state;
    auto_free char *other = in_folder("other");
    if (!azml_fs_exists(other))
        keygen(other, "ed25519", "256", "", "", "RFC4716");
    auto_free char *public_path = in_folder("other.pub");
    auto_free char *line = read_file(public_path);
    auto_free char *entry = azml_format(NULL, "azml-test %s", line);
    write_file(known_hosts, entry);
    static struct sshd fresh; /* one that has seen nobody yet */
    assert_true(sshd_start(&fresh, 0, ""));

    struct azml_ssh_target to = target(rsa);
    to.port = fresh.port;
    auto_error struct azml_error err = {0};
    assert_null(azml_ssh_open(&to, &err));
    assert_int_equal(err.code, AZML_ERROR_HOST_KEY);
    assert_string_equal(err.message, "the compute shows another host key than the one kept");
    auto_free char *shown = in_folder("host_ed25519.pub");
    const char *const prints[] = {public_path, shown};
    for (size_t i = 0; i < 2; i++) {
        auto_free char *said =
            output_of((const char *const[]){"ssh-keygen", "-lf", prints[i], NULL});
        char fingerprint[64]; /* "SHA256:" and 43 characters */
        assert_int_equal(sscanf(said, "%*s %63s", fingerprint), 1);
        assert_non_null(strstr(err.why, fingerprint));
    }
    auto_free char *hint = azml_format(NULL, "ssh-keygen -f %s -R azml-test", known_hosts);
    assert_string_equal(err.hint, hint);
    auto_free char *kept = read_file(known_hosts);
    assert_string_equal(kept, entry);

    /* sshd saw a connection that ended, and nobody's name. */
    assert_true(sshd_says(&fresh, "[preauth]"));
    assert_null(strstr(fresh.log, "azureuser"));
    sshd_stop(&fresh);
}

static void a_revoked_host_is_refused(void **state)
{
    (void)state;
    auto_free char *path = in_folder("host_ed25519.pub");
    auto_free char *line = read_file(path);
    auto_free char *entries = azml_format(NULL, "azml-test %s@revoked * %s", line, line);
    write_file(known_hosts, entries);
    const struct azml_ssh_target to = target(rsa);
    auto_error struct azml_error err = {0};
    assert_null(azml_ssh_open(&to, &err));
    assert_int_equal(err.code, AZML_ERROR_HOST_KEY);
    assert_string_equal(err.message, "the compute shows a host key that is revoked");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_known_by_another_type_is_no_attack),
        cmocka_unit_test(a_changed_host_is_refused_before_anything_is_sent),
        cmocka_unit_test(a_revoked_host_is_refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
