#include "sandbox/tokens.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/str.h"
#include "folder.h"
#include "unit/test.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>

struct fixture {
    char *folder;
    struct sandbox_tokens *tokens;
    cJSON *claims;
    char *token;
};

static int group_setup(void **state)
{
    static struct fixture fixture;
    *state = &fixture;
    fixture.folder = folder_make();
    if (!fixture.folder)
        return -1;
    fixture.tokens = sandbox_tokens_open(fixture.folder, NULL);
    fixture.claims = cJSON_CreateObject();
    azml_json_put_text(fixture.claims, "aud", "https://management.azure.com/");
    azml_json_put_number(fixture.claims, "exp", 1700003600);
    if (!fixture.tokens)
        return -1;
    fixture.token = sandbox_tokens_sign(fixture.tokens, fixture.claims, NULL);
    return fixture.token ? 0 : -1;
}

static int group_teardown(void **state)
{
    struct fixture *fixture = *state;
    sandbox_tokens_free(fixture->tokens);
    cJSON_Delete(fixture->claims);
    free(fixture->token);
    folder_remove(fixture->folder);
    return 0;
}

static bool is_taken(const struct fixture *fixture, const char *token)
{
    auto_json cJSON *claims = sandbox_tokens_verify(fixture->tokens, token);
    return claims != NULL;
}

/* The part of a token, decoded. */
static cJSON *part(const char *token, int which)
{
    while (which-- > 0)
        token = strchr(token, '.') + 1;
    size_t length;
    auto_free uint8_t *text = azml_base64_decode(token, strcspn(token, "."), &length, NULL);
    assert_non_null(text);
    return azml_json_parse((const char *)text, length, NULL);
}

static void what_is_no_token_is_refused(void **state)
{
    static const char *const rows[] = {
        "", ".", "..", "...", "a", "a.b", "a.b.c", "e30.e30.", "e30.e30.e30", "!.!.!",
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (is_taken(*state, rows[i]))
            fail_msg("'%s' was taken", rows[i]);
    }
}

static void a_fourth_part_or_a_missing_one_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    auto_free char *longer = azml_format(NULL, "%s.e30", fixture->token);
    auto_free char *shorter = azml_strdup(fixture->token, NULL);
    *strrchr(shorter, '.') = '\0';
    auto_free char *unsigned_one = azml_format(NULL, "%s.", shorter);
    assert_false(is_taken(fixture, longer));
    assert_false(is_taken(fixture, shorter));
    assert_false(is_taken(fixture, unsigned_one));
}

static void a_changed_letter_is_found_in_every_part(void **state)
{
    const struct fixture *fixture = *state;
    auto_free char *token = azml_strdup(fixture->token, NULL);
    size_t last = strlen(token) - 1; /* whose low bits carry nothing */
    for (size_t i = 0; i < last; i += 7) {
        char was = token[i];
        token[i] = was == 'A' ? 'B' : 'A';
        if (is_taken(fixture, token))
            fail_msg("letter %zu", i);
        token[i] = was;
    }
    assert_true(is_taken(fixture, token));
}

static char *forge(const char *header, const char *payload, const void *key, size_t key_length)
{
    auto_free char *first = azml_base64url_encode(header, strlen(header), NULL);
    auto_free char *second = azml_base64url_encode(payload, strlen(payload), NULL);
    auto_free char *text = azml_format(NULL, "%s.%s", first, second);
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (key)
        HMAC(EVP_sha256(), key, (int)key_length, (const uint8_t *)text, strlen(text), mac, &length);
    auto_free char *signature = azml_base64url_encode(mac, length, NULL);
    return azml_format(NULL, "%s.%s", text, signature);
}

/* RFC 8725, section 2.1: no "none", and no public key as a shared secret. */
static void the_token_does_not_choose_its_algorithm(void **state)
{
    const struct fixture *fixture = *state;
    size_t length;
    const uint8_t *certificate = sandbox_tokens_certificate(fixture->tokens, &length);
    static const char *const headers[] = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"RS256\"}",
        "{}",
    };
    for (size_t i = 0; i < AZML_COUNT(headers); i++) {
        auto_free char *plain = forge(headers[i], "{\"aud\":\"x\"}", NULL, 0);
        auto_free char *keyed = forge(headers[i], "{\"aud\":\"x\"}", certificate, length);
        if (is_taken(fixture, plain) || is_taken(fixture, keyed))
            fail_msg("%s was taken", headers[i]);
    }
}

static void another_sandbox_s_token_is_refused(void **state)
{
    char *folder = folder_make();
    struct sandbox_tokens *other = sandbox_tokens_open(folder, NULL);
    const struct fixture *fixture = *state;
    auto_free char *token = sandbox_tokens_sign(other, fixture->claims, NULL);
    auto_json cJSON *own = sandbox_tokens_verify(other, token);
    assert_non_null(own);
    assert_false(is_taken(fixture, token));
    sandbox_tokens_free(other);
    folder_remove(folder);
}

static void a_signed_token_gives_its_claims_back(void **state)
{
    const struct fixture *fixture = *state;
    auto_json cJSON *claims = sandbox_tokens_verify(fixture->tokens, fixture->token);
    assert_true(cJSON_Compare(claims, fixture->claims, true));
}

/* {"typ":"JWT","alg":"RS256","x5t":"…","kid":"…"}, kid being x5t (entra-auth 2.4 and 7.2). */
static void the_header_is_that_of_the_service(void **state)
{
    const struct fixture *fixture = *state;
    auto_json cJSON *header = part(fixture->token, 0);
    assert_int_equal(cJSON_GetArraySize(header), 4);
    assert_string_equal(azml_json_text(header, "typ"), "JWT");
    assert_string_equal(azml_json_text(header, "alg"), "RS256");
    assert_string_equal(azml_json_text(header, "kid"), azml_json_text(header, "x5t"));
    assert_null(strpbrk(fixture->token, "+/="));

    size_t length;
    const uint8_t *certificate = sandbox_tokens_certificate(fixture->tokens, &length);
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned hash_length = 0;
    assert_int_equal(EVP_Digest(certificate, length, hash, &hash_length, EVP_sha1(), NULL), 1);
    auto_free char *thumbprint = azml_base64url_encode(hash, hash_length, NULL);
    assert_string_equal(azml_json_text(header, "x5t"), thumbprint);
}

/* The number of a key, as a JWK writes it. */
static char *number(const EVP_PKEY *key, const char *name)
{
    BIGNUM *big = NULL;
    uint8_t bytes[512];
    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &big), 1);
    int length = BN_bn2bin(big, bytes);
    BN_free(big);
    return azml_base64url_encode(bytes, (size_t)length, NULL);
}

static EVP_PKEY *published_key(const cJSON *jwk)
{
    const char *text = azml_json_text(jwk, "x5c.0");
    assert_non_null(text);
    assert_null(strpbrk(text, "-_")); /* not url-safe */
    size_t length;
    auto_free uint8_t *der = azml_base64_decode(text, strlen(text), &length, NULL);
    const uint8_t *at = der;
    X509 *certificate = d2i_X509(NULL, &at, (long)length);
    EVP_PKEY *key = X509_get_pubkey(certificate);
    X509_free(certificate);
    assert_non_null(key);
    return key;
}

static void who_has_the_published_key_can_check_a_token(void **state)
{
    const struct fixture *fixture = *state;
    auto_json cJSON *jwk = sandbox_tokens_jwk(fixture->tokens);
    EVP_PKEY *key = published_key(jwk);
    const char *dot = strrchr(fixture->token, '.');
    size_t length;
    auto_free uint8_t *signature = azml_base64_decode(dot + 1, strlen(dot + 1), &length, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestVerify(context, signature, length, (const uint8_t *)fixture->token,
                                      (size_t)(dot - fixture->token)),
                     1);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
}

static void the_published_entry_is_whole_and_agrees_with_itself(void **state)
{
    const struct fixture *fixture = *state;
    auto_json cJSON *jwk = sandbox_tokens_jwk(fixture->tokens);
    auto_json cJSON *header = part(fixture->token, 0);
    EVP_PKEY *key = published_key(jwk);
    auto_free char *n = number(key, OSSL_PKEY_PARAM_RSA_N);
    EVP_PKEY_free(key);
    const char *kid = azml_json_text(header, "kid");
    const struct {
        const char *name, *value;
    } rows[] = {
        {"kty", "RSA" },
        {"use", "sig" },
        {"e",   "AQAB"},
        {"n",   n     },
        {"kid", kid   },
        {"x5t", kid   },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const char *value = azml_json_text(jwk, rows[i].name);
        if (!value || strcmp(value, rows[i].value) != 0)
            fail_msg("%s is %s", rows[i].name, value ? value : "missing");
    }
    assert_null(azml_json_at(jwk, "d")); /* the private part */
}

static void the_key_is_kept_over_a_restart(void **state)
{
    const struct fixture *fixture = *state;
    struct sandbox_tokens *again = sandbox_tokens_open(fixture->folder, NULL);
    auto_json cJSON *claims = sandbox_tokens_verify(again, fixture->token);
    assert_non_null(claims);
    auto_json cJSON *before = sandbox_tokens_jwk(fixture->tokens);
    auto_json cJSON *after = sandbox_tokens_jwk(again);
    assert_true(cJSON_Compare(before, after, true));
    sandbox_tokens_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_token_is_refused),
        cmocka_unit_test(a_fourth_part_or_a_missing_one_is_refused),
        cmocka_unit_test(a_changed_letter_is_found_in_every_part),
        cmocka_unit_test(the_token_does_not_choose_its_algorithm),
        cmocka_unit_test(another_sandbox_s_token_is_refused),
        cmocka_unit_test(a_signed_token_gives_its_claims_back),
        cmocka_unit_test(the_header_is_that_of_the_service),
        cmocka_unit_test(who_has_the_published_key_can_check_a_token),
        cmocka_unit_test(the_published_entry_is_whole_and_agrees_with_itself),
        cmocka_unit_test(the_key_is_kept_over_a_restart),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
