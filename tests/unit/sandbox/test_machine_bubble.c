#include "sandbox/machine_bubble.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/azml-bubble-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return azml_fs_remove_tree(folder, NULL);
}

static struct azml_machine_options options(void)
{
    return (struct azml_machine_options){
        .folder = folder, .host_name = "ci-one", .public_key = "ssh-rsa AAAA me"};
}

static char *etc(const char *name)
{
    auto_free char *path = azml_format(NULL, "%s/etc/%s", folder, name);
    char *text = azml_fs_read(path, 100000, NULL, NULL);
    assert_non_null(text);
    return text;
}

static void a_missing_sshd_is_named_with_the_way_to_get_one(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    struct azml_machine_programs programs;
    setenv("AZML_SANDBOX_SSHD", "/nowhere/sshd", 1);
    int result = azml_machine_programs_find(&programs, &err);
    unsetenv("AZML_SANDBOX_SSHD");
    assert_int_equal(result, -1);
    assert_string_equal(err.message, "there is no OpenSSH server at /nowhere/sshd");
    assert_string_equal(err.hint, "sh cmake/openssh.sh");
}

static void a_missing_bubblewrap_is_named_with_the_way_to_get_it(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    struct azml_machine_programs programs;
    auto_free char *path = azml_strdup(getenv("PATH"), NULL);
    setenv("PATH", folder, 1);
    int result = azml_machine_programs_find(&programs, &err);
    setenv("PATH", path, 1);
    assert_int_equal(result, -1);
    assert_string_equal(err.message, "bubblewrap is not installed");
    assert_string_equal(err.hint, "apt-get install bubblewrap");
}

static void only_the_given_key_and_user_are_let_in(void **state)
{
    (void)state;
    struct azml_machine_options o = options();
    assert_int_equal(azml_machine_bubble_files(&o, 4711, NULL), 0);
    auto_free char *config = etc("sshd_config");
    auto_free char *keys = etc("authorized_keys");
    assert_non_null(strstr(config, "Port 4711\nListenAddress 127.0.0.1\n"));
    assert_non_null(strstr(config, "AuthenticationMethods publickey\n"));
    assert_non_null(strstr(config, "PasswordAuthentication no\n"));
    assert_non_null(strstr(config, "AllowUsers azureuser\n"));
    assert_string_equal(keys, "ssh-rsa AAAA me\n");
}

static void no_group_tty_and_no_other_person_are_shown(void **state)
{
    (void)state;
    struct azml_machine_options o = options();
    assert_int_equal(azml_machine_bubble_files(&o, 4711, NULL), 0);
    auto_free char *group = etc("group");
    auto_free char *passwd = etc("passwd");
    assert_null(strstr(group, "tty"));
    assert_non_null(strstr(passwd, "azureuser:x:1000:1000::/home/azureuser:/bin/bash\n"));
    size_t lines = 0;
    for (const char *p = passwd; *p; p++)
        lines += *p == '\n';
    assert_int_equal(lines, 3);
}

static bool has(const struct azml_machine_words *words, const char *a, const char *b)
{
    for (size_t i = 0; i + 1 < words->count; i++) {
        if (strcmp(words->items[i], a) == 0 && strcmp(words->items[i + 1], b) == 0)
            return true;
    }
    return false;
}

static void the_command_closes_every_space_but_the_network(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"--unshare-user",    "--uid"        },
        {"--uid",             "1000"         },
        {"--unshare-pid",     "--unshare-ipc"},
        {"--die-with-parent", "--new-session"},
        {"--hostname",        "ci-one"       },
        {"--remount-ro",      "/"            },
        {"--remount-ro",      "/dev"         },
        {"--ro-bind",         "/usr"         },
        {"--ro-bind",         "/some/sshd"   },
        {"/opt/openssh/sshd", "-D"           },
    };
    struct azml_machine_options o = options();
    char bwrap[] = "/usr/bin/bwrap", sshd[] = "/some/sshd";
    struct azml_machine_programs programs = {.bwrap = bwrap, .sshd = sshd};
    struct azml_machine_words words;
    assert_int_equal(azml_machine_bubble_words(&o, &programs, &words, NULL), 0);
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (!has(&words, rows[i][0], rows[i][1]))
            fail_msg("row %zu: %s %s", i, rows[i][0], rows[i][1]);
    }
    for (size_t i = 0; i < words.count; i++)
        assert_null(strstr(words.items[i], "ssh-rsa"));
    assert_non_null(strstr(words.items[2], "unset PATH\nexec "));
    azml_machine_words_cleanup(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_sshd_is_named_with_the_way_to_get_one),
        cmocka_unit_test(a_missing_bubblewrap_is_named_with_the_way_to_get_it),
        cmocka_unit_test(only_the_given_key_and_user_are_let_in),
        cmocka_unit_test(no_group_tty_and_no_other_person_are_shown),
        cmocka_unit_test(the_command_closes_every_space_but_the_network),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
