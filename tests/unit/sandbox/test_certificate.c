#include "sandbox/certificate.h"

#include "base/auto.h"
#include "base/platform.h"
#include "folder.h"
#include "unit/test.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <time.h>

struct pair {
    EVP_PKEY *key;
    X509 *certificate;
};

static void release(struct pair *pair)
{
    EVP_PKEY_free(pair->key);
    X509_free(pair->certificate);
}
#define auto_pair __attribute__((cleanup(release)))

static int setup(void **state)
{
    *state = folder_make();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    folder_remove(*state);
    return 0;
}

static struct pair keep(const char *folder, const char *name, enum sandbox_certificate kind)
{
    struct pair pair = {0};
    assert_int_equal(
        sandbox_certificate_keep(folder, name, kind, &pair.key, &pair.certificate, NULL), 0);
    assert_non_null(pair.key);
    assert_int_equal(X509_check_private_key(pair.certificate, pair.key), 1);
    return pair;
}

static struct pair serve(const struct pair *ca)
{
    struct pair pair = {0};
    assert_int_equal(
        sandbox_certificate_server(ca->key, ca->certificate, &pair.key, &pair.certificate, NULL),
        0);
    assert_int_equal(X509_check_private_key(pair.certificate, pair.key), 1);
    return pair;
}

/* Does a client that trusts this CA alone take the certificate for a server's? */
static bool is_trusted(const struct pair *ca, const struct pair *server)
{
    X509_STORE *trusted = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    assert_int_equal(X509_STORE_add_cert(trusted, ca->certificate), 1);
    assert_int_equal(X509_STORE_CTX_init(context, trusted, server->certificate, NULL), 1);
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context), X509_V_FLAG_X509_STRICT);
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
    bool is = X509_verify_cert(context) == 1;
    X509_STORE_CTX_free(context);
    X509_STORE_free(trusted);
    return is;
}

static void write_file(const char *folder, const char *name, const char *text)
{
    auto_free char *path = azml_path_join(folder, name, NULL);
    assert_int_equal(azml_fs_write(path, text, strlen(text), 0600, NULL), 0);
}

static void files_that_are_none_are_named_and_left_alone(void **state)
{
    write_file(*state, "ca.pem", "hello");
    write_file(*state, "ca.key", "hello");
    struct pair pair = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(sandbox_certificate_keep(*state, "ca", SANDBOX_CERTIFICATE_CA, &pair.key,
                                              &pair.certificate, &err),
                     -1);
    assert_null(pair.key);
    assert_int_equal(err.code, AZML_ERROR_IO);
    auto_free char *path = azml_path_join(*state, "ca.pem", NULL);
    auto_free char *message = azml_format(NULL, "%s and its key do not fit together", path);
    assert_string_equal(err.message, message);
    assert_string_equal(err.hint, "azml sandbox reset");
    auto_free char *still = azml_fs_read(path, 100, NULL, NULL);
    assert_string_equal(still, "hello");
}

static void a_key_of_another_certificate_is_refused(void **state)
{
    auto_pair struct pair one = keep(*state, "one", SANDBOX_CERTIFICATE_CA);
    auto_pair struct pair two = keep(*state, "two", SANDBOX_CERTIFICATE_CA);
    assert_int_not_equal(EVP_PKEY_eq(one.key, two.key), 1);
    auto_free char *from = azml_path_join(*state, "one.key", NULL);
    auto_free char *to = azml_path_join(*state, "two.key", NULL);
    assert_int_equal(azml_platform_rename(from, to, NULL), 0);
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(
        sandbox_certificate_keep(*state, "two", SANDBOX_CERTIFICATE_CA, &key, &certificate, &err),
        -1);
    assert_int_equal(err.code, AZML_ERROR_IO);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    auto_free char *nowhere = azml_path_join(*state, "no/where", NULL);
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(
        sandbox_certificate_keep(nowhere, "ca", SANDBOX_CERTIFICATE_CA, &key, &certificate, &err),
        -1);
    assert_int_not_equal(err.code, AZML_ERROR_NONE);
    assert_null(key);
}

static void the_ca_signs_certificates_and_nothing_else(void **state)
{
    auto_pair struct pair ca = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
    assert_int_equal(X509_check_ca(ca.certificate), 1);
    assert_int_equal(X509_get_pathlen(ca.certificate), 0);
    assert_int_equal(X509_get_key_usage(ca.certificate), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
    int critical = -1;
    BASIC_CONSTRAINTS *basic =
        X509_get_ext_d2i(ca.certificate, NID_basic_constraints, &critical, NULL);
    BASIC_CONSTRAINTS_free(basic);
    assert_int_equal(critical, 1);
    assert_int_equal(X509_check_issued(ca.certificate, ca.certificate), X509_V_OK);
    assert_int_equal(EVP_PKEY_get_base_id(ca.key), EVP_PKEY_EC);
    assert_int_equal(EVP_PKEY_get_bits(ca.key), 256);
}

static void the_token_certificate_is_rsa_2048_signed_by_itself(void **state)
{
    auto_pair struct pair tokens = keep(*state, "token", SANDBOX_CERTIFICATE_TOKENS);
    assert_int_equal(EVP_PKEY_get_base_id(tokens.key), EVP_PKEY_RSA);
    assert_int_equal(EVP_PKEY_get_bits(tokens.key), 2048);
    assert_int_equal(X509_verify(tokens.certificate, tokens.key), 1);
    assert_int_equal(X509_check_ca(tokens.certificate), 0);
}

static void private_keys_are_private_files(void **state)
{
    static const struct {
        const char *file;
        bool is_private;
    } rows[] = {
        {"ca.key",    true },
        {"token.key", true },
        {"ca.pem",    false},
        {"token.pem", false}
    };
    struct pair ca = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
    struct pair tokens = keep(*state, "token", SANDBOX_CERTIFICATE_TOKENS);
    release(&ca);
    release(&tokens);
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_free char *path = azml_path_join(*state, rows[i].file, NULL);
        struct azml_platform_stat stat;
        assert_int_equal(azml_platform_stat(path, &stat), 0);
        if (stat.is_private != rows[i].is_private)
            fail_msg("%s", rows[i].file);
        auto_free char *text = azml_fs_read(path, 10000, NULL, NULL);
        assert_true((strstr(text, "PRIVATE KEY") != NULL) == rows[i].is_private);
    }
}

static void they_are_made_once(void **state)
{
    auto_pair struct pair first = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
    auto_pair struct pair second = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
    auto_pair struct pair other = keep(*state, "other", SANDBOX_CERTIFICATE_CA);
    assert_int_equal(X509_cmp(first.certificate, second.certificate), 0);
    assert_int_equal(EVP_PKEY_eq(first.key, second.key), 1);
    assert_int_not_equal(X509_cmp(first.certificate, other.certificate), 0);
}

static void where_one_file_is_missing_both_are_made_anew(void **state)
{
    static const char *const files[] = {"ca.key", "ca.pem"};
    for (size_t i = 0; i < AZML_COUNT(files); i++) {
        auto_pair struct pair before = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
        auto_free char *path = azml_path_join(*state, files[i], NULL);
        assert_int_equal(azml_platform_unlink(path), 0);
        auto_pair struct pair after = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
        assert_int_not_equal(X509_cmp(before.certificate, after.certificate), 0);
        auto_pair struct pair again = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
        assert_int_equal(X509_cmp(again.certificate, after.certificate), 0);
    }
}

static void the_server_is_this_machine_and_no_other(void **state)
{
    auto_pair struct pair ca = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
    auto_pair struct pair server = serve(&ca);
    static const struct {
        const char *name;
        int is_its;
    } addresses[] = {
        {"127.0.0.2", 0},
        {"10.0.0.1",  0},
        {"::2",       0},
        {"127.0.0.1", 1},
        {"::1",       1}
    };
    for (size_t i = 0; i < AZML_COUNT(addresses); i++) {
        if (X509_check_ip_asc(server.certificate, addresses[i].name, 0) != addresses[i].is_its)
            fail_msg("%s", addresses[i].name);
    }
    assert_int_equal(X509_check_host(server.certificate, "management.azure.com", 0, 0, NULL), 0);
    assert_int_equal(X509_check_host(server.certificate, "x.localhost", 0, 0, NULL), 0);
    assert_int_equal(X509_check_host(server.certificate, "localhost", 0, 0, NULL), 1);
}

static void the_server_is_trusted_by_those_who_trust_the_ca(void **state)
{
    auto_pair struct pair ca = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
    auto_pair struct pair stranger = keep(*state, "stranger", SANDBOX_CERTIFICATE_CA);
    auto_pair struct pair server = serve(&ca);
    assert_false(is_trusted(&stranger, &server));
    assert_true(is_trusted(&ca, &server));
    assert_int_equal(X509_check_issued(ca.certificate, server.certificate), X509_V_OK);
}

static void the_server_s_key_is_for_serving_alone(void **state)
{
    auto_pair struct pair ca = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
    auto_pair struct pair one = serve(&ca), two = serve(&ca);
    assert_int_equal(X509_check_ca(one.certificate), 0);
    assert_int_equal(X509_get_key_usage(one.certificate), KU_DIGITAL_SIGNATURE);
    assert_int_equal(X509_get_extended_key_usage(one.certificate), XKU_SSL_SERVER);
    assert_int_not_equal(EVP_PKEY_eq(one.key, two.key), 1);
    assert_int_not_equal(EVP_PKEY_eq(one.key, ca.key), 1);
    assert_int_not_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(one.certificate),
                                          X509_get0_serialNumber(two.certificate)),
                         0);
}

/* The two times as seconds from now. */
static void lives(const X509 *certificate, long *begins, long *ends)
{
    int days, seconds;
    assert_int_equal(ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notBefore(certificate)), 1);
    *begins = days * 86400L + seconds;
    assert_int_equal(ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate)), 1);
    *ends = days * 86400L + seconds;
}

static void all_are_valid_now_and_outlive_a_long_run(void **state)
{
    auto_pair struct pair ca = keep(*state, "ca", SANDBOX_CERTIFICATE_CA);
    auto_pair struct pair tokens = keep(*state, "token", SANDBOX_CERTIFICATE_TOKENS);
    auto_pair struct pair server = serve(&ca);
    const X509 *const all[] = {ca.certificate, tokens.certificate, server.certificate};
    for (size_t i = 0; i < AZML_COUNT(all); i++) {
        long begins, ends;
        lives(all[i], &begins, &ends);
        assert_true(begins < -3600); /* a clock that is an hour late still takes it */
        assert_true(ends > 300L * 86400);
    }
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(files_that_are_none_are_named_and_left_alone),
        WITH_FOLDER(a_key_of_another_certificate_is_refused),
        WITH_FOLDER(a_folder_that_is_not_there_is_an_error),
        WITH_FOLDER(the_ca_signs_certificates_and_nothing_else),
        WITH_FOLDER(the_token_certificate_is_rsa_2048_signed_by_itself),
        WITH_FOLDER(private_keys_are_private_files),
        WITH_FOLDER(they_are_made_once),
        WITH_FOLDER(where_one_file_is_missing_both_are_made_anew),
        WITH_FOLDER(the_server_is_this_machine_and_no_other),
        WITH_FOLDER(the_server_is_trusted_by_those_who_trust_the_ca),
        WITH_FOLDER(the_server_s_key_is_for_serving_alone),
        WITH_FOLDER(all_are_valid_now_and_outlive_a_long_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
