#include "unit/ssh/support.h"

#include "ssh/key.h"
#include "ssh/wire.h"

/* A well-formed RSA blob with a modulus of 16 bits. */
static void rsa_blob(struct azml_str *out)
{
    azml_wire_put_text(out, "ssh-rsa");
    azml_wire_put_mpint(out, (const uint8_t *)"\1\0\1", 3);
    azml_wire_put_mpint(out, (const uint8_t *)"\xff\xff", 2);
}

static void blobs_that_end_early_or_late_are_refused(void **state)
{
    (void)state;
    auto_str struct azml_str blob = {0};
    rsa_blob(&blob);
    azml_str_add_char(&blob, '\0');
    size_t whole = blob.length - 1;
    for (size_t length = 0; length <= blob.length; length++) {
        auto_public_key struct azml_ssh_public_key key = {0};
        int result = azml_ssh_public_key_from_blob((const uint8_t *)blob.data, length, &key, NULL);
        if ((result == 0) != (length == whole))
            fail_msg("%zu bytes of %zu gave %d", length, whole, result);
    }
}

static void wrong_curves_sizes_and_names_are_refused(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"ecdsa-sha2-nistp256", "nistp384", "point"},
        {"ssh-ed25519",         "short",    NULL   },
        {"ssh-foo",             "nistp256", "point"},
        {"ssh-rsa",             "",         ""     },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_str struct azml_str blob = {0};
        for (size_t word = 0; word < 3 && rows[i][word]; word++)
            azml_wire_put_text(&blob, rows[i][word]);
        struct azml_ssh_public_key key = {0};
        auto_error struct azml_error err = {0};
        if (azml_ssh_public_key_from_blob((const uint8_t *)blob.data, blob.length, &key, &err) == 0)
            fail_msg("row %zu was taken", i);
        assert_int_equal(err.code, AZML_ERROR_PROTOCOL);
    }
}

static void the_size_is_that_of_the_modulus(void **state)
{
    (void)state;
    auto_str struct azml_str blob = {0};
    rsa_blob(&blob);
    auto_public_key struct azml_ssh_public_key key = {0};
    assert_int_equal(
        azml_ssh_public_key_from_blob((const uint8_t *)blob.data, blob.length, &key, NULL), 0);
    assert_int_equal(key.bits, 16);
    assert_string_equal(key.algorithm, "ssh-rsa");
    assert_string_equal(azml_ssh_key_type_name(key.type), "RSA");
    auto_free char *line = azml_ssh_public_key_line(&key, NULL);
    assert_string_equal(line, "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAwD//w==");
}

static void every_type_has_a_name(void **state)
{
    (void)state;
    for (int type = 0; type < AZML_SSH_KEY_COUNT; type++)
        assert_string_not_equal(azml_ssh_key_type_name((enum azml_ssh_key_type)type), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blobs_that_end_early_or_late_are_refused),
        cmocka_unit_test(wrong_curves_sizes_and_names_are_refused),
        cmocka_unit_test(the_size_is_that_of_the_modulus),
        cmocka_unit_test(every_type_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
