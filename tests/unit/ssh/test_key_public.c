#include "unit/ssh/support.h"

#include "base/base64.h"
#include "ssh/key.h"
#include "ssh/wire.h"

#define ED       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
#define ED_PRINT "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
#define ED_DATA  "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

static void every_other_thing_is_called_by_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } rows[] = {
        {"",                                                                                     "F is empty"                                                   },
        {" \r\n\t\n",                                                                            "F is empty"                                                   },
        {"# only a comment\n",                                                                   "F is empty"                                                   },
        {"\xff\xfes\n",                                                                          "F is UTF-16 text; a key file is plain ASCII"                  },
        {"hello\n",                                                                              "F is not an SSH public key"                                   },
        {"ssh-rsa\n",                                                                            "the key in F is cut off, damaged or broken over several lines"},
        {"ssh-foo " ED_DATA "\n",                                                                "F is not an SSH public key"                                   },
        {ED_DATA "\n",                                                                           "F lacks the key's type (\"ssh-rsa\") in front of its data"    },
        {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6\n",
         "the key in F is cut off, damaged or broken over several lines"                                                                                        },
        {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6\nUOoqKLsabgH5C9okWi0dh2l9GKJl\n",
         "the key in F is cut off, damaged or broken over several lines"                                                                                        },
        {"ssh-ed25519 AAAAC3NzaC1!!DI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n",
         "the key in F is cut off, damaged or broken over several lines"                                                                                        },
        {ED "AAAA\n",                                                                            "the key in F is cut off, damaged or broken over several lines"},
        {"ssh-rsa " ED_DATA "\n",                                                                "F says ssh-rsa, but its data are of a ssh-ed25519 key"        },
        {ED " one\n" ED " two\n",                                                                "F holds 2 keys; a compute takes one"                          },
        {"ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5\n",
         "F is an SSH certificate; the public key itself is needed"                                                                                             },
        {"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n",
         "F is a private key; the compute needs the public one"                                                                                                 },
        {"-----BEGIN RSA PRIVATE KEY-----\nMII\n",
         "F is a private key; the compute needs the public one"                                                                                                 },
        {"\xef\xbb\xbf-----BEGIN PRIVATE KEY-----\nMII\n",
         "F is a private key; the compute needs the public one"                                                                                                 },
        {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n",
         "F is a private key; the compute needs the public one"                                                                                                 },
        {"PuTTY-User-Key-File-3: ssh-rsa\n",                                                     "F is PuTTY's file, with the private key in it"                },
        {"-----BEGIN PUBLIC KEY-----\nMII\n",
         "F is a public key in PEM form, not OpenSSH's one line"                                                                                                },
        {"-----BEGIN RSA PUBLIC KEY-----\nMII\n",
         "F is a public key in PEM form, not OpenSSH's one line"                                                                                                },
        {"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n",
         "F is a public key in RFC 4716 form, not OpenSSH's one line"                                                                                           },
        {"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n",
         "F is a private key; the compute needs the public one"                                                                                                 },
        {"-----BEGIN CERTIFICATE-----\nMII\n",                                                   "F is an X.509 certificate, no SSH key"                        },
        {"-----BEGIN PGP PUBLIC KEY BLOCK-----\nMII\n",                                          "F is a PEM file that holds no SSH key"                        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_ssh_public_key key = {0};
        auto_error struct azml_error err = {0};
        int result = azml_ssh_public_key_parse(rows[i].text, strlen(rows[i].text), "F", &key, &err);
        if (result != -1 || err.code != AZML_ERROR_USAGE)
            fail_msg("row %zu was taken: %s", i, rows[i].text);
        assert_string_equal(err.message, rows[i].message);
        assert_null(key.blob);
    }
}

static void text_with_a_nul_is_no_key(void **state)
{
    (void)state;
    static const char text[] = ED "\0 more\n";
    struct azml_ssh_public_key key = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_ssh_public_key_parse(text, sizeof(text) - 1, "F", &key, &err), -1);
    assert_string_equal(err.message, "F is no text, so it is no public key");
}

static void a_line_is_found_in_whatever_surrounds_it(void **state)
{
    (void)state;
    static const struct {
        const char *text, *comment;
        bool options;
    } rows[] = {
        {ED,                                                    "",          false},
        {ED "\n",                                               "",          false},
        {ED " lea@home\r\n",                                    "lea@home",  false},
        {"\xef\xbb\xbf" ED " \t\n\n\n",                         "",          false},
        {"  \n# mine\n\t" ED "  two words  \n",                 "two words", false},
        {"no-pty " ED " x\n",                                   "x",         true },
        {"command=\"echo \\\"ssh-rsa hi\\\"\",no-pty " ED "\n", "",          true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_public_key struct azml_ssh_public_key key = {0};
        auto_error struct azml_error err = {0};
        if (azml_ssh_public_key_parse(rows[i].text, strlen(rows[i].text), "F", &key, &err) < 0)
            fail_msg("row %zu: %s", i, err.message);
        auto_free char *print = azml_ssh_public_key_fingerprint(&key, NULL);
        assert_string_equal(print, ED_PRINT);
        assert_string_equal(key.comment, rows[i].comment);
        assert_int_equal(key.had_options, rows[i].options);
        assert_int_equal(key.type, AZML_SSH_KEY_ED25519);
    }
}

static void options_line_ends_and_blanks_are_not_kept_in_the_line(void **state)
{
    (void)state;
    static const char text[] = "no-pty\t" ED "   lea@home \r\n";
    auto_public_key struct azml_ssh_public_key key = {0};
    assert_int_equal(azml_ssh_public_key_parse(text, strlen(text), "F", &key, NULL), 0);
    auto_free char *line = azml_ssh_public_key_line(&key, NULL);
    assert_string_equal(line, ED " lea@home");
}

static void keys_of_every_type_are_read_as_ssh_keygen_reads_them(void **state)
{
    (void)state;
    static const struct {
        const char *type, *bits, *shown;
        enum azml_ssh_key_type is;
    } rows[] = {
        {"rsa",     "1024", "RSA",     AZML_SSH_KEY_RSA    },
        {"rsa",     "2048", "RSA",     AZML_SSH_KEY_RSA    },
        {"ecdsa",   "256",  "ECDSA",   AZML_SSH_KEY_ECDSA  },
        {"ecdsa",   "384",  "ECDSA",   AZML_SSH_KEY_ECDSA  },
        {"ecdsa",   "521",  "ECDSA",   AZML_SSH_KEY_ECDSA  },
        {"ed25519", "256",  "ED25519", AZML_SSH_KEY_ED25519},
        {"dsa",     "1024", "DSA",     AZML_SSH_KEY_DSA    },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "key%zu", i);
        auto_free char *path = in_folder(name);
        keygen(path, rows[i].type, rows[i].bits, "some one", "", "RFC4716");
        auto_free char *file = azml_format(NULL, "%s.pub", path);
        auto_public_key struct azml_ssh_public_key key = {0};
        auto_error struct azml_error err = {0};
        if (azml_ssh_public_key_read(file, NULL, &key, &err) < 0)
            fail_msg("row %zu: %s", i, err.message);
        auto_free char *print = azml_ssh_public_key_fingerprint(&key, NULL);
        auto_free char *said = output_of((const char *const[]){"ssh-keygen", "-lf", file, NULL});
        auto_free char *mine =
            azml_format(NULL, "%u %s some one (%s)\n", key.bits, print, rows[i].shown);
        assert_string_equal(said, mine);
        assert_int_equal(key.type, rows[i].is);
        auto_free char *line = azml_ssh_public_key_line(&key, NULL);
        auto_free char *whole = read_file(file);
        assert_memory_equal(whole, line, strlen(line));
    }
}

static void a_private_key_is_answered_with_the_public_one_beside_it(void **state)
{
    (void)state;
    auto_free char *path = in_folder("mine"), *file = in_folder("mine.pub");
    write_file(path, "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n");
    auto_free char *derive = azml_format(NULL, "ssh-keygen -y -f %s > %s.pub", path, path);
    auto_free char *beside = azml_format(NULL, "--ssh-public-key %s.pub", path);

    struct azml_ssh_public_key key = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_ssh_public_key_read(path, "--ssh-public-key", &key, &err), -1);
    assert_string_equal(err.hint, derive);
    write_file(file, ED "\n");
    assert_int_equal(azml_ssh_public_key_read(path, "--ssh-public-key", &key, &err), -1);
    assert_string_equal(err.hint, beside);
}

static void a_missing_file_is_not_found(void **state)
{
    (void)state;
    auto_free char *path = in_folder("nowhere.pub");
    struct azml_ssh_public_key key = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_ssh_public_key_read(path, NULL, &key, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
}

static void cutting_a_key_anywhere_is_noticed(void **state)
{
    (void)state;
    static const char text[] = ED;
    for (size_t length = 0; length + 1 < sizeof(text); length++) {
        auto_free char *cut = azml_strndup(text, length, NULL);
        struct azml_ssh_public_key key = {0};
        if (azml_ssh_public_key_parse(cut, length, "F", &key, NULL) == 0)
            fail_msg("%zu characters were taken", length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_other_thing_is_called_by_its_name),
        cmocka_unit_test(text_with_a_nul_is_no_key),
        cmocka_unit_test(a_line_is_found_in_whatever_surrounds_it),
        cmocka_unit_test(options_line_ends_and_blanks_are_not_kept_in_the_line),
        cmocka_unit_test(keys_of_every_type_are_read_as_ssh_keygen_reads_them),
        cmocka_unit_test(a_private_key_is_answered_with_the_public_one_beside_it),
        cmocka_unit_test(a_missing_file_is_not_found),
        cmocka_unit_test(cutting_a_key_anywhere_is_noticed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
