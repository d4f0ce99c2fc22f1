#include "sandbox/signer.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/str.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define HASH              32
#define SIGNATURE_PARTS   8    /* of 32 bytes: as long as an RSA 2048 signature */
#define CERTIFICATE_BYTES 1900 /* what Azure's own addresses carry */

struct sandbox_signer {
    uint8_t key[SANDBOX_SIGNER_KEY];
    char *certificate; /* base64url */
};

struct sandbox_signer *sandbox_signer_new(const uint8_t *key, const uint8_t *certificate,
                                          size_t certificate_length, struct azml_error *err)
{
    struct sandbox_signer *signer = calloc(1, sizeof(*signer));
    if (!signer) {
        azml_error_memory(err);
        return NULL;
    }
    memcpy(signer->key, key, sizeof(signer->key));
    auto_str struct azml_str chain = {0};
    do
        azml_str_add_bytes(&chain, certificate, certificate_length);
    while (!chain.failed && certificate_length > 0 && chain.length < CERTIFICATE_BYTES);
    if (!chain.failed)
        signer->certificate = azml_base64url_encode(chain.data, chain.length, err);
    if (signer->certificate)
        return signer;
    azml_error_memory(err);
    sandbox_signer_free(signer);
    return NULL;
}

void sandbox_signer_free(struct sandbox_signer *signer)
{
    if (!signer)
        return;
    azml_wipe(signer->key, sizeof(signer->key));
    free(signer->certificate);
    free(signer);
}

/* The signature is the keyed hash of the text in eight numbered parts. */
static char *signature_of(const struct sandbox_signer *signer, const char *text, size_t length)
{
    auto_str struct azml_str numbered = {0};
    azml_str_add_char(&numbered, '0');
    azml_str_add_bytes(&numbered, text, length);
    if (numbered.failed)
        return NULL;
    uint8_t parts[HASH * SIGNATURE_PARTS];
    for (int i = 0; i < SIGNATURE_PARTS; i++) {
        numbered.data[0] = (char)('0' + i);
        if (!HMAC(EVP_sha256(), signer->key, sizeof(signer->key), (uint8_t *)numbered.data,
                  numbered.length, parts + (ptrdiff_t)HASH * i, NULL))
            return NULL;
    }
    return azml_base64url_encode(parts, sizeof(parts), NULL);
}

static char *hash_of(const char *text, size_t length)
{
    uint8_t hash[HASH];
    if (!EVP_Digest(text, length, hash, NULL, EVP_sha256(), NULL))
        return NULL;
    return azml_base64url_encode(hash, sizeof(hash), NULL);
}

char *sandbox_sign(const struct sandbox_signer *signer, const char *target, int64_t now_ms,
                   struct azml_error *err)
{
    /* .NET ticks: 100 ns since the year 1 */
    int64_t ticks = now_ms * 10000 + 621355968000000000;
    auto_str struct azml_str text = {0};
    azml_str_addf(&text, "%s%ct=%lld&c=%s", target, strchr(target, '?') ? '&' : '?',
                  (long long)ticks, signer->certificate);
    size_t length = text.length;
    auto_free char *signature = text.failed ? NULL : signature_of(signer, text.data, length);
    auto_free char *hash = text.failed ? NULL : hash_of(text.data, length);
    if (!signature || !hash) {
        azml_error_memory(err);
        return NULL;
    }
    azml_str_addf(&text, "&s=%s&h=%s", signature, hash);
    return azml_str_take(&text, err);
}

bool sandbox_is_signed(const struct sandbox_signer *signer, const char *target)
{
    const char *end = NULL;
    for (const char *at = target; (at = strstr(at, "&s=")); at++)
        end = at;
    if (!end)
        return false;
    auto_free char *signature = signature_of(signer, target, (size_t)(end - target));
    auto_free char *hash = hash_of(target, (size_t)(end - target));
    if (!signature || !hash)
        return false;
    auto_free char *wanted = azml_format(NULL, "&s=%s&h=%s", signature, hash);
    size_t length = strlen(end);
    return wanted && strlen(wanted) == length && CRYPTO_memcmp(wanted, end, length) == 0;
}
