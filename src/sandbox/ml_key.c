#include "sandbox/ml_key.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/str.h"

#include <stdint.h>
#include <string.h>

#define BITS_MIN 2048

struct reader {
    const uint8_t *at;
    size_t left;
};

/* Take one length-prefixed string; false where there is none. */
static bool take(struct reader *reader, const uint8_t **bytes_out, size_t *length_out)
{
    if (reader->left < 4)
        return false;
    size_t length = (size_t)reader->at[0] << 24 | (size_t)reader->at[1] << 16 |
                    (size_t)reader->at[2] << 8 | (size_t)reader->at[3];
    if (length > reader->left - 4)
        return false;
    *bytes_out = reader->at + 4;
    *length_out = length;
    reader->at += 4 + length;
    reader->left -= 4 + length;
    return true;
}

static size_t bits_of(const uint8_t *bytes, size_t length)
{
    while (length && *bytes == 0) {
        bytes++;
        length--;
    }
    size_t bits = length * 8;
    for (uint8_t top = length ? *bytes : 0xff; !(top & 0x80); top = (uint8_t)(top << 1))
        bits--;
    return bits;
}

static bool is_rsa_blob(const uint8_t *blob, size_t length)
{
    struct reader reader = {blob, length};
    const uint8_t *name, *exponent, *modulus;
    size_t name_length, exponent_length, modulus_length;
    return take(&reader, &name, &name_length) && name_length == 7 &&
           memcmp(name, "ssh-rsa", 7) == 0 && take(&reader, &exponent, &exponent_length) &&
           exponent_length > 0 && take(&reader, &modulus, &modulus_length) && reader.left == 0 &&
           bits_of(modulus, modulus_length) >= BITS_MIN;
}

bool sandbox_ml_key_is_good(const char *text)
{
    if (!text || !azml_has_prefix(text, "ssh-rsa "))
        return false;
    size_t line = strcspn(text, "\r\n");
    if (text[line + strspn(text + line, "\r\n")] != '\0')
        return false;
    const char *base64 = text + strlen("ssh-rsa ");
    size_t length = 0;
    auto_free uint8_t *blob = azml_base64_decode(base64, strcspn(base64, " \t\r\n"), &length, NULL);
    return blob && is_rsa_blob(blob, length);
}
