#include "unit/ssh/support.h"

#include "azml/ssh_known_hosts.h"
#include "ssh/key.h"

#define ONE       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
#define TWO       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVMM6jMzOyDOTXJHCUvdVbXCsTx6WxQVKK2OHY8aEjN"
#define RSA       "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAwD//w=="
#define ONE_PRINT "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"

static void parse(const char *line, struct azml_ssh_public_key *key)
{
    assert_int_equal(azml_ssh_public_key_parse(line, strlen(line), "F", key, NULL), 0);
}

static void verdicts_follow_the_lines(void **state)
{
    (void)state;
    static const struct {
        const char *file, *shown;
        enum azml_ssh_host_verdict verdict;
        bool kept; /* ONE is named as the one kept instead */
    } rows[] = {
        {"",                                                ONE, AZML_SSH_HOST_NEW,     false},
        {"azml-2 " ONE "\n",                                ONE, AZML_SSH_HOST_NEW,     false},
        {"nonsense\nazml-1 ssh-ed25519 AAAA\n\n",           ONE, AZML_SSH_HOST_NEW,     false},
        {"@cert-authority * " ONE "\n",                     ONE, AZML_SSH_HOST_NEW,     false},
        {"@revoked * " TWO "\n",                            ONE, AZML_SSH_HOST_NEW,     false},
        {"azml-1 " ONE "\n",                                TWO, AZML_SSH_HOST_CHANGED, true },
        {"azml-1 " ONE "\n",                                RSA, AZML_SSH_HOST_CHANGED, true },
        {"azml-1 " RSA "\nazml-1 " ONE "\n",                TWO, AZML_SSH_HOST_CHANGED, true },
        {"azml-1 " ONE "\nazml-1 " RSA "\n",                TWO, AZML_SSH_HOST_CHANGED, true },
        {"@revoked * " ONE "\nazml-1 " ONE "\n",            ONE, AZML_SSH_HOST_REVOKED, false},
        {"azml-1 " ONE "\n@revoked azml-1 " ONE "\n",       ONE, AZML_SSH_HOST_REVOKED, false},
        {"@revoked azml-1 " ONE "\n",                       ONE, AZML_SSH_HOST_REVOKED, false},
        {"bad line\nazml-1 " ONE,                           ONE, AZML_SSH_HOST_KNOWN,   false},
        {"azml-1 " TWO "\nazml-1 " ONE " added by ssh\r\n", ONE, AZML_SSH_HOST_KNOWN,   false},
    };
    auto_free char *path = in_folder("known_hosts");
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        write_file(path, rows[i].file);
        auto_public_key struct azml_ssh_public_key key = {0};
        parse(rows[i].shown, &key);
        enum azml_ssh_host_verdict verdict;
        auto_free char *kept = NULL;
        assert_int_equal(azml_ssh_known_hosts_check(path, "azml-1", key.blob, key.blob_length,
                                                    &verdict, &kept, NULL),
                         0);
        if (verdict != rows[i].verdict)
            fail_msg("row %zu: verdict %d", i, (int)verdict);
        assert_int_equal(kept != NULL, rows[i].kept);
        if (kept)
            assert_string_equal(kept, ONE_PRINT);
    }
}

static void a_missing_file_knows_nobody_and_a_folder_is_an_error(void **state)
{
    (void)state;
    auto_free char *missing = in_folder("missing");
    enum azml_ssh_host_verdict verdict = AZML_SSH_HOST_KNOWN;
    assert_int_equal(azml_ssh_known_hosts_check(missing, "a", NULL, 0, &verdict, NULL, NULL), 0);
    assert_int_equal(verdict, AZML_SSH_HOST_NEW);
    auto_free char *none = azml_ssh_known_hosts_algorithms(missing, "a", NULL);
    assert_string_equal(none, "");
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_ssh_known_hosts_check(test_folder, "a", NULL, 0, &verdict, NULL, &err),
                     -1);
    assert_non_null(err.message);
}

static void a_key_is_added_once_and_other_lines_stay(void **state)
{
    (void)state;
    auto_free char *path = in_folder("new/state/known_hosts");
    auto_public_key struct azml_ssh_public_key one = {0}, two = {0};
    parse(ONE, &one);
    parse(TWO, &two);
    for (int i = 0; i < 2; i++)
        assert_int_equal(azml_ssh_known_hosts_add(path, "azml-1", one.blob, one.blob_length, NULL),
                         0);
    auto_free char *first = read_file(path);
    assert_string_equal(first, "azml-1 " ONE "\n");
    write_file(path, "strange line\r\n\n# mine\nazml-1 " ONE); /* no line end */
    assert_int_equal(azml_ssh_known_hosts_add(path, "azml-2", two.blob, two.blob_length, NULL), 0);
    auto_free char *second = read_file(path);
    assert_string_equal(second, "strange line\r\n\n# mine\nazml-1 " ONE "\nazml-2 " TWO "\n");
    struct azml_platform_stat info;
    assert_int_equal(azml_platform_stat(path, &info), 0);
    assert_true(info.is_private);
}

static void what_was_added_ssh_keygen_finds(void **state)
{
    (void)state;
    auto_free char *path = in_folder("found");
    auto_public_key struct azml_ssh_public_key one = {0};
    parse(ONE, &one);
    auto_free char *alias = azml_ssh_host_alias("/subscriptions/x", "2025-11-20T10:00:00Z", NULL);
    assert_int_equal(azml_ssh_known_hosts_add(path, alias, one.blob, one.blob_length, NULL), 0);
    auto_free char *said =
        output_of((const char *const[]){"ssh-keygen", "-F", alias, "-f", path, NULL});
    assert_non_null(strstr(said, ONE));
}

static void forgetting_takes_only_the_lines_of_that_name(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
        size_t removed;
    } rows[] = {
        {"",                                            "",                             0},
        {"azml-2 " ONE "\nbad azml-1\n",                "azml-2 " ONE "\nbad azml-1\n", 0},
        {"* " ONE "\n",                                 "* " ONE "\n",                  0},
        {"@revoked azml-1 " ONE "\n",                   "@revoked azml-1 " ONE "\n",    0},
        {"azml-1 " ONE "\nazml-2 " TWO "\nazml-1 " RSA, "azml-2 " TWO "\n",             2},
    };
    auto_free char *path = in_folder("forget");
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        write_file(path, rows[i].before);
        size_t removed = 9;
        assert_int_equal(azml_ssh_known_hosts_remove(path, "azml-1", &removed, NULL), 0);
        assert_int_equal(removed, rows[i].removed);
        auto_free char *text = read_file(path);
        assert_string_equal(text, rows[i].after);
    }
}

static void kept_types_are_asked_for_first(void **state)
{
    (void)state;
    static const struct {
        const char *file, *algorithms;
    } rows[] = {
        {"azml-2 " ONE "\n",                               ""                                     },
        {"@revoked azml-1 " ONE "\n",                      ""                                     },
        {"azml-1 " RSA "\n",                               "rsa-sha2-512,rsa-sha2-256"            },
        {"azml-1 " ONE "\nx\nazml-1 " TWO "\nazml-1 " RSA, "ssh-ed25519,rsa-sha2-512,rsa-sha2-256"},
    };
    auto_free char *path = in_folder("types");
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        write_file(path, rows[i].file);
        auto_free char *list = azml_ssh_known_hosts_algorithms(path, "azml-1", NULL);
        assert_string_equal(list, rows[i].algorithms);
    }
}

static void an_alias_stands_for_one_machine(void **state)
{
    (void)state;
    auto_free char *one = azml_ssh_host_alias("/X/computes/c", "2025", NULL);
    auto_free char *same = azml_ssh_host_alias("/x/Computes/C", "2025", NULL);
    auto_free char *again = azml_ssh_host_alias("/X/computes/c", "2026", NULL);
    auto_free char *without = azml_ssh_host_alias("/X/computes/c", NULL, NULL);
    assert_string_equal(one, same);
    assert_string_not_equal(one, again);
    assert_string_not_equal(one, without);
    assert_true(azml_has_prefix(one, "azml-"));
    assert_int_equal(strlen(one), 37);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_follow_the_lines),
        cmocka_unit_test(a_missing_file_knows_nobody_and_a_folder_is_an_error),
        cmocka_unit_test(a_key_is_added_once_and_other_lines_stay),
        cmocka_unit_test(what_was_added_ssh_keygen_finds),
        cmocka_unit_test(forgetting_takes_only_the_lines_of_that_name),
        cmocka_unit_test(kept_types_are_asked_for_first),
        cmocka_unit_test(an_alias_stands_for_one_machine),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
