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

static int forget(void **state)
{
    (void)state;
    return azml_fs_remove(known_hosts, NULL);
}

static void keys_that_cannot_be_used_are_named_before_anybody_is_called(void **state)
{
    (void)state;
    auto_free char *locked = in_folder("locked");
    keygen(locked, "ed25519", "256", "", "secret", "RFC4716");
    auto_free char *public_key = azml_format(NULL, "%s.pub", rsa);
    auto_free char *missing = in_folder("missing");
    const struct {
        const char *identity;
        enum azml_error_code code;
        const char *part;
    } rows[] = {
        {missing,     AZML_ERROR_NOT_FOUND, "there is no file"            },
        {locked,      AZML_ERROR_USAGE,     "is protected by a passphrase"},
        {public_key,  AZML_ERROR_USAGE,     "is a public key; the private"},
        {"/dev/null", AZML_ERROR_USAGE,     "/dev/null is no private key" },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_ssh_target to = target(rows[i].identity);
        to.port = 1; /* nobody is there */
        auto_error struct azml_error err = {0};
        assert_null(azml_ssh_open(&to, &err));
        if (err.code != rows[i].code || !strstr(err.message, rows[i].part))
            fail_msg("row %zu: %s", i, err.message);
    }
}

static void a_closed_port_is_refused(void **state)
{
    (void)state;
    struct azml_ssh_target to = target(rsa);
    to.port = azml_platform_free_port();
    auto_error struct azml_error err = {0};
    assert_null(azml_ssh_open(&to, &err));
    assert_int_equal(err.code, AZML_ERROR_NETWORK);
    assert_string_equal(err.message, "could not reach the compute over SSH");
    assert_non_null(strstr(err.why, "refused the connection"));
}

static void a_first_meeting_keeps_the_host_key(void **state)
{
    (void)state;
    const char *const names[] = {"rsa", "ed25519"};
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        auto_free char *identity = in_folder(names[i]);
        const struct azml_ssh_target to = target(identity);
        auto_error struct azml_error err = {0};
        struct azml_ssh_session *session = azml_ssh_open(&to, &err);
        if (!session)
            fail_msg("%s: %s; %s", names[i], err.message, err.why ? err.why : "");
        assert_int_equal(azml_ssh_is_new_host(session), i == 0);
        assert_true(azml_has_prefix(azml_ssh_host_fingerprint(session), "SHA256:"));
        azml_ssh_close(session);
    }
    auto_free char *text = read_file(known_hosts);
    assert_true(azml_has_prefix(text, "azml-test ssh-ed25519 "));
}

static void a_key_that_is_not_let_in_is_named(void **state)
{
    (void)state;
    auto_free char *stranger = in_folder("stranger");
    keygen(stranger, "rsa", "2048", "", "", "RFC4716");
    const struct azml_ssh_target to = target(stranger);
    auto_error struct azml_error err = {0};
    assert_null(azml_ssh_open(&to, &err));
    assert_int_equal(err.code, AZML_ERROR_FORBIDDEN);
    auto_free char *message =
        azml_format(NULL, "the compute does not let azureuser in with the key %s", stranger);
    assert_string_equal(err.message, message);
    assert_non_null(strstr(err.why, "SHA256:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(keys_that_cannot_be_used_are_named_before_anybody_is_called, forget),
        cmocka_unit_test_setup(a_closed_port_is_refused, forget),
        cmocka_unit_test_setup(a_first_meeting_keeps_the_host_key, forget),
        cmocka_unit_test_setup(a_key_that_is_not_let_in_is_named, forget),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
