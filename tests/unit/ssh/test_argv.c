#include "unit/ssh/sshd.h"

#include "azml/ssh.h"

static struct azml_ssh_target target(void)
{
    return (struct azml_ssh_target){.host = "20.1.2.3",
                                    .port = 50000,
                                    .user = "azureuser",
                                    .alias = "azml-1",
                                    .known_hosts = "/s t/known_hosts",
                                    .identity = "/keys/100%/id_rsa"};
}

static void names_that_ssh_would_misread_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *host, *user;
    } rows[] = {
        {"-oProxyCommand=sh", "azureuser"},
        {"",                  "azureuser"},
        {"a b",               "azureuser"},
        {"20.1.2.3",          "-l"       },
        {"20.1.2.3",          "a@b"      },
        {"20.1.2.3",          "$(id)"    },
        {"20.1.2.3",          ""         },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_ssh_target to = target();
        to.host = rows[i].host;
        to.user = rows[i].user;
        auto_error struct azml_error err = {0};
        char **argv = azml_ssh_argv(&to, &err);
        if (argv || err.code != AZML_ERROR_PROTOCOL)
            fail_msg("row %zu was taken", i);
    }
}

static void the_words_name_key_alias_and_host_keys(void **state)
{
    (void)state;
    static const char *const wanted[] = {"ssh",
                                         "-p",
                                         "50000",
                                         "-o",
                                         "IdentityFile=\"/keys/100%%/id_rsa\"",
                                         "-o",
                                         "UserKnownHostsFile=\"/s t/known_hosts\"",
                                         "-o",
                                         "HostKeyAlias=azml-1",
                                         "-o",
                                         "IdentitiesOnly=yes"};
    const struct azml_ssh_target to = target();
    char **argv = azml_ssh_argv(&to, NULL);
    for (size_t i = 0; i < AZML_COUNT(wanted); i++)
        assert_string_equal(argv[i], wanted[i]);
    size_t count = 0;
    while (argv[count])
        count++;
    assert_string_equal(argv[count - 4], "-l");
    assert_string_equal(argv[count - 3], "azureuser");
    assert_string_equal(argv[count - 2], "--");
    assert_string_equal(argv[count - 1], "20.1.2.3");
    azml_ssh_argv_free(argv);
}

/* ssh itself, with these words and a command behind them, must get in and keep the host key where
 * azml looks for it, though every path holds blanks and percent signs. */
static void ssh_gets_in_with_these_words(void **state)
{
    (void)state;
    static struct sshd sshd;
    sshd_let_in("my %h key", &(struct azml_ssh_key_request){.bits = 2048});
    if (!sshd_start(&sshd, 0, ""))
        fail_msg("no sshd can be had here: %s", sshd.log);
    auto_free char *identity = in_folder("my %h key");
    auto_free char *known_hosts = in_folder("known %p \"hosts\"");
    struct azml_ssh_target to = target();
    to.host = "127.0.0.1";
    to.port = sshd.port;
    to.identity = identity;
    to.known_hosts = known_hosts;
    char **argv = azml_ssh_argv(&to, NULL);
    size_t count = 0;
    while (argv[count])
        count++;
    assert_true(count < 31);
    argv[count] = azml_strdup("echo \"$USER is in\"", NULL);
    auto_free char *said = output_of((const char *const *)argv);
    azml_ssh_argv_free(argv);
    sshd_stop(&sshd);
    assert_string_equal(said, "azureuser is in\n");
    auto_free char *kept = read_file(known_hosts);
    assert_true(azml_has_prefix(kept, "azml-1 ssh-"));
}

static void a_command_s_words_are_joined_by_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *words[4];
        const char *command;
    } rows[] = {
        {{NULL},                    ""         },
        {{"ls", NULL},              "ls"       },
        {{"ls", "-l", "a b", NULL}, "ls -l a b"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_free char *command = azml_ssh_join_command(rows[i].words, NULL);
        assert_string_equal(command, rows[i].command);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_ssh_would_misread_are_refused),
        cmocka_unit_test(the_words_name_key_alias_and_host_keys),
        cmocka_unit_test(ssh_gets_in_with_these_words),
        cmocka_unit_test(a_command_s_words_are_joined_by_blanks),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
