#include "base/base64.h"

#include "base/i18n.h"

#include <stdbool.h>
#include <stdlib.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *encode(const uint8_t *bytes, size_t length, const char *alphabet, bool padded,
                    struct azml_error *err)
{
    char *text = length < SIZE_MAX / 2 ? malloc((length + 2) / 3 * 4 + 1) : NULL;
    if (!text) {
        azml_error_memory(err);
        return NULL;
    }
    char *to = text;
    for (size_t i = 0; i < length; i += 3) {
        size_t have = length - i < 3 ? length - i : 3;
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= have > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= have > 2 ? bytes[i + 2] : 0;
        for (size_t digit = 0; digit < 4; digit++) {
            if (digit <= have)
                *to++ = alphabet[(group >> (18 - 6 * digit)) & 63];
            else if (padded)
                *to++ = '=';
        }
    }
    *to = '\0';
    return text;
}

char *azml_base64_encode(const void *bytes, size_t length, struct azml_error *err)
{
    return encode(bytes, length, standard, true, err);
}

char *azml_base64url_encode(const void *bytes, size_t length, struct azml_error *err)
{
    return encode(bytes, length, url_safe, false, err);
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

/* Length without the padding, or SIZE_MAX where the padding is wrong. */
static size_t unpadded(const char *text, size_t length)
{
    size_t bare = length;
    while (bare && text[bare - 1] == '=')
        bare--;
    bool fits = bare == length || (length % 4 == 0 && length - bare <= 2);
    return fits && bare % 4 != 1 ? bare : SIZE_MAX;
}

/* Write the bytes of `length` digits; false at a character that is none. */
static bool decode(const char *text, size_t length, uint8_t *to)
{
    uint32_t group = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < length; i++) {
        int value = value_of(text[i]);
        if (value < 0)
            return false;
        group = ((group << 6) | (uint32_t)value) & 0xffffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *to++ = (uint8_t)((group >> bits) & 0xff);
        }
    }
    *to = 0;
    return true;
}

uint8_t *azml_base64_decode(const char *text, size_t length, size_t *length_out,
                            struct azml_error *err)
{
    size_t digits = unpadded(text, length);
    if (digits == SIZE_MAX) {
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("the text is not base64"));
        return NULL;
    }
    uint8_t *bytes = malloc(digits / 4 * 3 + 4);
    if (!bytes) {
        azml_error_memory(err);
        return NULL;
    }
    if (!decode(text, digits, bytes)) {
        free(bytes);
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("the text is not base64"));
        return NULL;
    }
    *length_out = digits * 6 / 8;
    return bytes;
}
