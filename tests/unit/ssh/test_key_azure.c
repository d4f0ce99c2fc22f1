#include "unit/ssh/support.h"

#include "ssh/key.h"

static void only_rsa_of_2048_bits_and_more_is_taken(void **state)
{
    (void)state;
    static const struct {
        enum azml_ssh_key_type type;
        unsigned bits;
        bool any;
        const char *message; /* NULL: taken */
    } rows[] = {
        {AZML_SSH_KEY_ED25519,  256,   false,
         "this is a key of type ed25519; Azure ML computes take RSA keys"     },
        {AZML_SSH_KEY_ECDSA,    521,   false,
         "this is a key of type ECDSA; Azure ML computes take RSA keys"       },
        {AZML_SSH_KEY_DSA,      1024,  false,
         "this is a key of type DSA; Azure ML computes take RSA keys"         },
        {AZML_SSH_KEY_SECURITY, 256,   false,
         "this is a key of type security key; Azure ML computes take RSA keys"},
        {AZML_SSH_KEY_RSA,      1024,  true,
         "this RSA key has 1024 bits; Azure ML computes take 2048 and more"   },
        {AZML_SSH_KEY_RSA,      2047,  false,
         "this RSA key has 2047 bits; Azure ML computes take 2048 and more"   },
        {AZML_SSH_KEY_RSA,      20000, false,
         "this RSA key has 20000 bits; an SSH server takes 16384 at most"     },
        {AZML_SSH_KEY_ED25519,  256,   true,  NULL                            },
        {AZML_SSH_KEY_RSA,      2048,  false, NULL                            },
        {AZML_SSH_KEY_RSA,      4096,  false, NULL                            },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct azml_ssh_public_key key = {.type = rows[i].type, .bits = rows[i].bits};
        auto_error struct azml_error err = {0};
        int result = azml_ssh_key_check_azure(&key, rows[i].any, &err);
        if ((result == 0) != (rows[i].message == NULL))
            fail_msg("row %zu: %d", i, result);
        if (result == 0)
            continue;
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        assert_string_equal(err.message, rows[i].message);
        assert_true(azml_has_prefix(err.hint, "azml ssh-key generate "));
    }
}

static void the_line_to_send_is_bare_of_options_and_line_ends(void **state)
{
    (void)state;
    auto_free char *path = in_folder("key"), *file = in_folder("key.pub");
    keygen(path, "rsa", "2048", "lea", "", "RFC4716");
    auto_free char *whole = read_file(file);
    whole[strcspn(whole, "\n")] = '\0';
    auto_free char *dressed = azml_format(NULL, "no-pty %s\r\n\r\n", whole);
    write_file(file, dressed);
    auto_free char *line = azml_ssh_public_key_for_azure(file, "--ssh-public-key", false, NULL);
    assert_string_equal(line, whole);
}

static void a_key_that_is_not_taken_is_named_by_its_file(void **state)
{
    (void)state;
    auto_free char *path = in_folder("small"), *file = in_folder("small.pub");
    keygen(path, "rsa", "1024", "lea", "", "RFC4716");
    auto_error struct azml_error err = {0};
    assert_null(azml_ssh_public_key_for_azure(file, "--ssh-public-key", false, &err));
    auto_free char *message = azml_format(NULL, "%s cannot be used for a compute", file);
    assert_string_equal(err.message, message);
    assert_string_equal(err.why,
                        "this RSA key has 1024 bits; Azure ML computes take 2048 and more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_rsa_of_2048_bits_and_more_is_taken),
        cmocka_unit_test(the_line_to_send_is_bare_of_options_and_line_ends),
        cmocka_unit_test(a_key_that_is_not_taken_is_named_by_its_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
