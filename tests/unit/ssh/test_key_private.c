#include "unit/ssh/support.h"

#include "ssh/key.h"

static int look(const char *text, struct azml_ssh_private_key *key, struct azml_error *err)
{
    return azml_ssh_private_key_parse(text, strlen(text), "F", key, err);
}

static void what_is_no_private_key_is_called_by_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"",                                                                                 "F is no private key"                       },
        {"hello",                                                                            "F is no private key"                       },
        {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
         "F is a public key; the private one is needed here"                                                                             },
        {"PuTTY-User-Key-File-2: ssh-rsa\n",                                                 "F is PuTTY's file, which SSH cannot use"   },
        {"-----BEGIN OPENSSH PRIVATE KEY-----\n",                                            "the private key in F is damaged or cut off"},
        {"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
         "the private key in F is damaged or cut off"                                                                                    },
        {"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
         "the private key in F is damaged or cut off"                                                                                    },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_ssh_private_key key = {0};
        auto_error struct azml_error err = {0};
        if (look(rows[i].text, &key, &err) != -1)
            fail_msg("row %zu was taken", i);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        assert_string_equal(err.message, rows[i].message);
    }
}

static void keys_of_ssh_keygen_show_their_public_half_and_comment(void **state)
{
    (void)state;
    static const struct {
        const char *type, *bits, *passphrase, *format, *shown;
        bool knows_public;
    } rows[] = {
        {"rsa",     "2048", "",       "RFC4716", "OpenSSH", true },
        {"ed25519", "256",  "",       "RFC4716", "OpenSSH", true },
        {"ecdsa",   "384",  "",       "RFC4716", "OpenSSH", true },
        {"dsa",     "1024", "",       "RFC4716", "OpenSSH", true },
        {"rsa",     "2048", "secret", "RFC4716", "OpenSSH", true },
        {"rsa",     "2048", "",       "PEM",     "PEM",     true },
        {"rsa",     "2048", "",       "PKCS8",   "PEM",     true },
        {"ecdsa",   "256",  "",       "PEM",     "PEM",     true },
        {"rsa",     "2048", "secret", "PEM",     "PEM",     false},
        {"rsa",     "2048", "secret", "PKCS8",   "PEM",     false},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "key%zu", i);
        auto_free char *path = in_folder(name);
        keygen(path, rows[i].type, rows[i].bits, "my comment", rows[i].passphrase, rows[i].format);
        auto_free char *text = read_file(path);
        auto_private_key struct azml_ssh_private_key key = {0};
        auto_error struct azml_error err = {0};
        if (look(text, &key, &err) < 0)
            fail_msg("row %zu: %s", i, err.message);
        assert_string_equal(key.format, rows[i].shown);
        assert_int_equal(key.encrypted, *rows[i].passphrase != '\0');
        assert_int_equal(key.public_key.blob != NULL, rows[i].knows_public);
        if (!rows[i].knows_public)
            continue;
        auto_free char *file = azml_format(NULL, "%s.pub", path);
        auto_public_key struct azml_ssh_public_key public_key = {0};
        assert_int_equal(azml_ssh_public_key_read(file, NULL, &public_key, NULL), 0);
        assert_int_equal(public_key.blob_length, key.public_key.blob_length);
        assert_memory_equal(public_key.blob, key.public_key.blob, public_key.blob_length);
        bool has_comment = strcmp(rows[i].shown, "OpenSSH") == 0 && !key.encrypted;
        assert_string_equal(key.public_key.comment, has_comment ? "my comment" : "");
    }
}

static void cutting_a_private_key_anywhere_is_noticed(void **state)
{
    (void)state;
    struct azml_ssh_key_pair pair = {0};
    const struct azml_ssh_key_request request = {.type = AZML_SSH_KEY_ED25519, .comment = "x"};
    assert_int_equal(azml_ssh_key_generate(&request, &pair, NULL), 0);
    const char *text = azml_secret_reveal(&pair.private_text);
    size_t end = (size_t)(strstr(text, "-----END") - text);
    for (size_t length = 0; length < end; length++) {
        auto_free char *cut = azml_strndup(text, length, NULL);
        struct azml_ssh_private_key key = {0};
        if (look(cut, &key, NULL) == 0)
            fail_msg("%zu characters were taken", length);
    }
    auto_private_key struct azml_ssh_private_key whole = {0};
    assert_int_equal(look(text, &whole, NULL), 0);
    azml_ssh_key_pair_cleanup(&pair);
}

static void a_compute_s_key_has_a_place_that_its_id_decides(void **state)
{
    (void)state;
    (void)setenv("AZML_STATE_DIR", "/s", 1);
    auto_free char *one = azml_ssh_key_path("/subscriptions/A/computes/c", NULL);
    auto_free char *same = azml_ssh_key_path("/Subscriptions/a/Computes/C", NULL);
    auto_free char *other = azml_ssh_key_path("/subscriptions/A/computes/d", NULL);
    assert_string_equal(one, same);
    assert_string_not_equal(one, other);
    assert_true(azml_has_prefix(one, "/s/keys/") && azml_has_suffix(one, "/id_rsa"));
    assert_int_equal(strlen(one), strlen("/s/keys/") + 32 + strlen("/id_rsa"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_private_key_is_called_by_its_name),
        cmocka_unit_test(keys_of_ssh_keygen_show_their_public_half_and_comment),
        cmocka_unit_test(cutting_a_private_key_anywhere_is_noticed),
        cmocka_unit_test(a_compute_s_key_has_a_place_that_its_id_decides),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
