#include "unit/ssh/support.h"

#include "ssh/key.h"

static void sizes_and_types_that_are_not_made_are_refused(void **state)
{
    (void)state;
    static const struct {
        struct azml_ssh_key_request request;
        const char *message;
    } rows[] = {
        {{AZML_SSH_KEY_RSA, 1024, NULL},       "an RSA key has 2048 to 16384 bits, not 1024"       },
        {{AZML_SSH_KEY_RSA, 20000, NULL},      "an RSA key has 2048 to 16384 bits, not 20000"      },
        {{AZML_SSH_KEY_ED25519, 512, NULL},    "an ed25519 key always has 256 bits, not 512"       },
        {{AZML_SSH_KEY_ECDSA, 0, NULL},        "azml makes RSA and ed25519 keys, no ECDSA keys"    },
        {{AZML_SSH_KEY_DSA, 0, NULL},          "azml makes RSA and ed25519 keys, no DSA keys"      },
        {{AZML_SSH_KEY_ED25519, 0, "a\nb"},    "the key's comment has to be one line of plain text"},
        {{AZML_SSH_KEY_ED25519, 0, "\x1b[0m"},
         "the key's comment has to be one line of plain text"                                      },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_ssh_key_pair pair = {0};
        auto_error struct azml_error err = {0};
        if (azml_ssh_key_generate(&rows[i].request, &pair, &err) != -1)
            fail_msg("row %zu was made", i);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        assert_string_equal(err.message, rows[i].message);
        assert_null(pair.public_key.blob);
    }
}

/* ssh-keygen must say the same of what we wrote: fingerprint, size, comment, public half. */
static void check_with_keygen(const char *path, const struct azml_ssh_key_pair *pair,
                              const char *type)
{
    auto_free char *file = azml_format(NULL, "%s.pub", path);
    auto_free char *said = output_of((const char *const[]){"ssh-keygen", "-lf", file, NULL});
    auto_free char *print = azml_ssh_public_key_fingerprint(&pair->public_key, NULL);
    const char *comment = pair->public_key.comment;
    auto_free char *wanted = azml_format(NULL, "%u %s %s (%s)\n", pair->public_key.bits, print,
                                         *comment ? comment : "no comment", type);
    assert_string_equal(said, wanted);

    auto_free char *derived = output_of((const char *const[]){"ssh-keygen", "-yf", path, NULL});
    auto_free char *line = read_file(file);
    assert_string_equal(derived, line);
}

static void what_is_written_is_what_ssh_keygen_reads(void **state)
{
    (void)state;
    static const struct {
        struct azml_ssh_key_request request;
        const char *type;
        unsigned bits;
    } rows[] = {
        {{0, 0, NULL},                                "RSA",     3072},
        {{AZML_SSH_KEY_RSA, 2048, "lea@home"},        "RSA",     2048},
        {{AZML_SSH_KEY_RSA, 4096, "two words"},       "RSA",     4096},
        {{AZML_SSH_KEY_ED25519, 0, "caf\xc3\xa9 au"}, "ED25519", 256 },
        {{AZML_SSH_KEY_ED25519, 256, ""},             "ED25519", 256 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_ssh_key_pair pair = {0};
        assert_int_equal(azml_ssh_key_generate(&rows[i].request, &pair, NULL), 0);
        assert_int_equal(pair.public_key.bits, rows[i].bits);
        char name[32];
        (void)snprintf(name, sizeof(name), "new/folder/key%zu", i);
        auto_free char *path = in_folder(name);
        assert_int_equal(azml_ssh_key_pair_write(&pair, path, NULL), 0);
        check_with_keygen(path, &pair, rows[i].type);
        struct azml_platform_stat info;
        assert_int_equal(azml_platform_stat(path, &info), 0);
        assert_true(info.is_private);
        azml_ssh_key_pair_cleanup(&pair);
    }
}

static void neither_half_is_ever_overwritten(void **state)
{
    (void)state;
    struct azml_ssh_key_pair pair = {0};
    const struct azml_ssh_key_request request = {.type = AZML_SSH_KEY_ED25519};
    assert_int_equal(azml_ssh_key_generate(&request, &pair, NULL), 0);
    static const char *const taken[] = {"taken", "taken.pub"};
    for (size_t i = 0; i < AZML_COUNT(taken); i++) {
        auto_free char *path = in_folder("taken"), *other = in_folder("taken.pub");
        auto_free char *kept = in_folder(taken[i]);
        write_file(kept, "mine");
        auto_error struct azml_error err = {0};
        assert_int_equal(azml_ssh_key_pair_write(&pair, path, &err), -1);
        assert_int_equal(err.code, AZML_ERROR_CONFLICT);
        assert_non_null(strstr(err.message, "exists already and is never overwritten"));
        auto_free char *text = read_file(kept);
        assert_string_equal(text, "mine");
        assert_false(azml_fs_exists(i == 0 ? other : path));
        assert_int_equal(azml_fs_remove(kept, NULL), 0);
    }
    azml_ssh_key_pair_cleanup(&pair);
}

static void the_private_half_is_taken_back_where_the_public_one_fails(void **state)
{
    (void)state;
    struct azml_ssh_key_pair pair = {0};
    const struct azml_ssh_key_request request = {.type = AZML_SSH_KEY_ED25519};
    assert_int_equal(azml_ssh_key_generate(&request, &pair, NULL), 0);
    /* A name that fits in 255 bytes together with that of its temporary file, but not with .pub. */
    char name[241];
    memset(name, 'k', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    auto_free char *path = in_folder(name);
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_ssh_key_pair_write(&pair, path, &err), -1);
    assert_non_null(err.message);
    assert_false(azml_fs_exists(path));
    azml_ssh_key_pair_cleanup(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_types_that_are_not_made_are_refused),
        cmocka_unit_test(what_is_written_is_what_ssh_keygen_reads),
        cmocka_unit_test(neither_half_is_ever_overwritten),
        cmocka_unit_test(the_private_half_is_taken_back_where_the_public_one_fails),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
