#include "unit/ssh/support.h"

#include "ssh/key.h"
#include "ssh/key_pkey.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

static void types_that_ssh_lacks_are_refused(void **state)
{
    (void)state;
    auto_pkey EVP_PKEY *x25519 = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
    auto_pkey EVP_PKEY *curve = EVP_EC_gen("secp256k1");
    EVP_PKEY *const keys[] = {x25519, curve};
    for (size_t i = 0; i < AZML_COUNT(keys); i++) {
        size_t length = 7;
        auto_error struct azml_error err = {0};
        assert_null(azml_ssh_blob_of_pkey(keys[i], &length, &err));
        assert_string_equal(err.message, "the key is of a type that SSH does not use");
        assert_int_equal(length, 7);
    }
}

static void blobs_of_openssl_s_keys_are_read_again(void **state)
{
    (void)state;
    auto_pkey EVP_PKEY *rsa = EVP_RSA_gen(2048);
    auto_pkey EVP_PKEY *ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    auto_pkey EVP_PKEY *p256 = EVP_EC_gen("P-256");
    auto_pkey EVP_PKEY *p521 = EVP_EC_gen("P-521");
    const struct {
        const EVP_PKEY *pkey;
        const char *algorithm;
        unsigned bits;
    } rows[] = {
        {rsa,     "ssh-rsa",             2048},
        {ed25519, "ssh-ed25519",         256 },
        {p256,    "ecdsa-sha2-nistp256", 256 },
        {p521,    "ecdsa-sha2-nistp521", 521 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        size_t length;
        auto_free uint8_t *blob = azml_ssh_blob_of_pkey(rows[i].pkey, &length, NULL);
        auto_public_key struct azml_ssh_public_key key = {0};
        assert_int_equal(azml_ssh_public_key_from_blob(blob, length, &key, NULL), 0);
        assert_string_equal(key.algorithm, rows[i].algorithm);
        assert_int_equal(key.bits, rows[i].bits);
    }
}

static void a_number_that_a_key_lacks_is_not_written(void **state)
{
    (void)state;
    auto_pkey EVP_PKEY *ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    auto_str struct azml_str out = {0};
    assert_false(azml_ssh_put_number(&out, ed25519, "n"));
    assert_int_equal(out.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_that_ssh_lacks_are_refused),
        cmocka_unit_test(blobs_of_openssl_s_keys_are_read_again),
        cmocka_unit_test(a_number_that_a_key_lacks_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
