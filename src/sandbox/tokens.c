#include "sandbox/tokens.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/certificate.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

struct sandbox_tokens {
    EVP_PKEY *key;
    uint8_t *der; /* the certificate */
    size_t der_length;
    char *thumbprint; /* SHA-1 of it, base64url: kid and x5t */
};

void sandbox_tokens_free(struct sandbox_tokens *tokens)
{
    if (!tokens)
        return;
    EVP_PKEY_free(tokens->key);
    OPENSSL_free(tokens->der);
    free(tokens->thumbprint);
    free(tokens);
}

static int keep_certificate(struct sandbox_tokens *tokens, X509 *certificate,
                            struct azml_error *err)
{
    int length = i2d_X509(certificate, &tokens->der);
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned hash_length = 0;
    if (length <= 0 || !X509_digest(certificate, EVP_sha1(), hash, &hash_length))
        return azml_error_set(err, AZML_ERROR_FAILED, _("could not read the token certificate"));
    tokens->der_length = (size_t)length;
    tokens->thumbprint = azml_base64url_encode(hash, hash_length, err);
    return tokens->thumbprint ? 0 : -1;
}

struct sandbox_tokens *sandbox_tokens_open(const char *folder, struct azml_error *err)
{
    struct sandbox_tokens *tokens = calloc(1, sizeof(*tokens));
    if (!tokens) {
        azml_error_memory(err);
        return NULL;
    }
    X509 *certificate = NULL;
    int result = sandbox_certificate_keep(folder, "token", SANDBOX_CERTIFICATE_TOKENS, &tokens->key,
                                          &certificate, err);
    if (result == 0)
        result = keep_certificate(tokens, certificate, err);
    X509_free(certificate);
    if (result == 0)
        return tokens;
    sandbox_tokens_free(tokens);
    return NULL;
}

const uint8_t *sandbox_tokens_certificate(const struct sandbox_tokens *tokens, size_t *length_out)
{
    *length_out = tokens->der_length;
    return tokens->der;
}

/* --- signing --- */

static char *encode_json(const cJSON *json, struct azml_error *err)
{
    auto_free char *text = azml_json_print(json, false, err);
    return text ? azml_base64url_encode(text, strlen(text), err) : NULL;
}

static char *encode_header(const struct sandbox_tokens *tokens, struct azml_error *err)
{
    auto_json cJSON *header = cJSON_CreateObject();
    if (!header || azml_json_put_text(header, "typ", "JWT") < 0 ||
        azml_json_put_text(header, "alg", "RS256") < 0 ||
        azml_json_put_text(header, "x5t", tokens->thumbprint) < 0 ||
        azml_json_put_text(header, "kid", tokens->thumbprint) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return encode_json(header, err);
}

static char *signature_of(const struct sandbox_tokens *tokens, const char *text, size_t length,
                          struct azml_error *err)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t signature[1024];
    size_t signature_length = sizeof(signature);
    bool ok =
        context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, tokens->key) == 1 &&
        EVP_DigestSign(context, signature, &signature_length, (const uint8_t *)text, length) == 1;
    EVP_MD_CTX_free(context);
    if (!ok) {
        azml_error_set(err, AZML_ERROR_FAILED, _("could not sign a token"));
        return NULL;
    }
    return azml_base64url_encode(signature, signature_length, err);
}

char *sandbox_tokens_sign(const struct sandbox_tokens *tokens, const cJSON *claims,
                          struct azml_error *err)
{
    auto_free char *header = encode_header(tokens, err);
    auto_free char *payload = header ? encode_json(claims, err) : NULL;
    auto_free char *text = payload ? azml_format(err, "%s.%s", header, payload) : NULL;
    auto_free char *signature = text ? signature_of(tokens, text, strlen(text), err) : NULL;
    return signature ? azml_format(err, "%s.%s", text, signature) : NULL;
}

/* --- checking --- */

static cJSON *decode_json(const char *text, size_t length)
{
    size_t decoded_length;
    auto_free uint8_t *decoded = azml_base64_decode(text, length, &decoded_length, NULL);
    return decoded ? azml_json_parse((const char *)decoded, decoded_length, NULL) : NULL;
}

static bool is_signature(const struct sandbox_tokens *tokens, const char *text, size_t length,
                         const char *encoded)
{
    size_t signature_length;
    auto_free uint8_t *signature =
        azml_base64_decode(encoded, strlen(encoded), &signature_length, NULL);
    EVP_MD_CTX *context = signature ? EVP_MD_CTX_new() : NULL;
    bool ok =
        context && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, tokens->key) == 1 &&
        EVP_DigestVerify(context, signature, signature_length, (const uint8_t *)text, length) == 1;
    EVP_MD_CTX_free(context);
    return ok;
}

cJSON *sandbox_tokens_verify(const struct sandbox_tokens *tokens, const char *token)
{
    const char *first = strchr(token, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    if (!second || strchr(second + 1, '.'))
        return NULL;
    auto_json cJSON *header = decode_json(token, (size_t)(first - token));
    const char *algorithm = azml_json_text(header, "alg");
    if (!algorithm || strcmp(algorithm, "RS256") != 0 ||
        !is_signature(tokens, token, (size_t)(second - token), second + 1))
        return NULL;
    return decode_json(first + 1, (size_t)(second - first - 1));
}

/* --- publishing --- */

static int put_number(cJSON *jwk, const char *name, const EVP_PKEY *key, const char *parameter)
{
    BIGNUM *number = NULL;
    uint8_t bytes[1024];
    if (!EVP_PKEY_get_bn_param(key, parameter, &number))
        return -1;
    int length = BN_num_bytes(number) <= (int)sizeof(bytes) ? BN_bn2bin(number, bytes) : 0;
    BN_free(number);
    auto_free char *text = azml_base64url_encode(bytes, (size_t)length, NULL);
    return text ? azml_json_put_text(jwk, name, text) : -1;
}

cJSON *sandbox_tokens_jwk(const struct sandbox_tokens *tokens)
{
    auto_json cJSON *jwk = cJSON_CreateObject();
    auto_json cJSON *chain = cJSON_CreateArray();
    auto_free char *der = azml_base64_encode(tokens->der, tokens->der_length, NULL);
    if (!jwk || !chain || !der || azml_json_append(chain, cJSON_CreateString(der)) < 0 ||
        azml_json_put_text(jwk, "kty", "RSA") < 0 || azml_json_put_text(jwk, "use", "sig") < 0 ||
        azml_json_put_text(jwk, "kid", tokens->thumbprint) < 0 ||
        azml_json_put_text(jwk, "x5t", tokens->thumbprint) < 0 ||
        put_number(jwk, "n", tokens->key, "n") < 0 || put_number(jwk, "e", tokens->key, "e") < 0 ||
        azml_json_put(jwk, "x5c", AZML_STEAL(chain)) < 0)
        return NULL;
    return AZML_STEAL(jwk);
}
