#include "ssh/key.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "ssh/key_pkey.h"
#include "ssh/wire.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <string.h>

bool azml_ssh_put_number(struct azml_str *out, const EVP_PKEY *pkey, const char *name)
{
    BIGNUM *number = NULL;
    if (!EVP_PKEY_get_bn_param(pkey, name, &number))
        return false;
    size_t length = (size_t)BN_num_bytes(number);
    uint8_t *bytes = malloc(length + 1);
    if (bytes) {
        BN_bn2bin(number, bytes);
        azml_wire_put_mpint(out, bytes, length);
        azml_wipe(bytes, length);
    }
    bool done = bytes != NULL;
    free(bytes);
    BN_clear_free(number);
    return done;
}

static bool put_curve(struct azml_str *out, const EVP_PKEY *pkey)
{
    static const struct {
        const char *group, *curve, *algorithm;
    } curves[] = {
        {"prime256v1", "nistp256", "ecdsa-sha2-nistp256"},
        {"secp384r1",  "nistp384", "ecdsa-sha2-nistp384"},
        {"secp521r1",  "nistp521", "ecdsa-sha2-nistp521"},
    };
    char group[32];
    unsigned char point[160];
    size_t length = sizeof(point);
    if (!EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group),
                                        NULL) ||
        !EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point, length, &length))
        return false;
    for (size_t i = 0; i < AZML_COUNT(curves); i++) {
        if (strcmp(curves[i].group, group) != 0)
            continue;
        azml_wire_put_text(out, curves[i].algorithm);
        azml_wire_put_text(out, curves[i].curve);
        azml_wire_put_string(out, point, length);
        return true;
    }
    return false;
}

static bool put_public(struct azml_str *out, const EVP_PKEY *pkey)
{
    unsigned char raw[32];
    size_t length = sizeof(raw);
    switch (EVP_PKEY_get_base_id(pkey)) {
    case EVP_PKEY_RSA:
        azml_wire_put_text(out, "ssh-rsa");
        return azml_ssh_put_number(out, pkey, OSSL_PKEY_PARAM_RSA_E) &&
               azml_ssh_put_number(out, pkey, OSSL_PKEY_PARAM_RSA_N);
    case EVP_PKEY_ED25519:
        azml_wire_put_text(out, "ssh-ed25519");
        if (!EVP_PKEY_get_raw_public_key(pkey, raw, &length))
            return false;
        azml_wire_put_string(out, raw, length);
        return true;
    case EVP_PKEY_EC:
        return put_curve(out, pkey);
    default:
        return false;
    }
}

uint8_t *azml_ssh_blob_of_pkey(const EVP_PKEY *pkey, size_t *length_out, struct azml_error *err)
{
    auto_str struct azml_str blob = {0};
    if (!put_public(&blob, pkey)) {
        azml_error_set(err, AZML_ERROR_USAGE, _("the key is of a type that SSH does not use"));
        return NULL;
    }
    size_t length = blob.length;
    char *bytes = azml_str_take(&blob, err);
    if (bytes)
        *length_out = length;
    return (uint8_t *)bytes;
}
