#include "ssh/wire.h"

#include <string.h>

uint32_t azml_wire_u32(struct azml_wire *wire)
{
    if (wire->failed || wire->left < 4) {
        wire->failed = true;
        return 0;
    }
    const uint8_t *b = wire->at;
    wire->at += 4;
    wire->left -= 4;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

const uint8_t *azml_wire_string(struct azml_wire *wire, size_t *length_out)
{
    uint32_t length = azml_wire_u32(wire);
    if (wire->failed || wire->left < length) {
        wire->failed = true;
        *length_out = 0;
        return NULL;
    }
    const uint8_t *bytes = wire->at;
    wire->at += length;
    wire->left -= length;
    *length_out = length;
    return bytes;
}

bool azml_wire_is_text(struct azml_wire *wire, const char *text)
{
    size_t length;
    const uint8_t *bytes = azml_wire_string(wire, &length);
    return bytes && length == strlen(text) && memcmp(bytes, text, length) == 0;
}

unsigned azml_wire_mpint_bits(struct azml_wire *wire)
{
    size_t length;
    const uint8_t *bytes = azml_wire_string(wire, &length);
    if (!bytes || (length && bytes[0] & 0x80))
        return 0;
    while (length && *bytes == 0) {
        bytes++;
        length--;
    }
    unsigned bits = (unsigned)length * 8;
    for (uint8_t top = length ? *bytes : 0x80; !(top & 0x80); top = (uint8_t)(top << 1))
        bits--;
    return bits;
}

void azml_wire_put_u32(struct azml_str *out, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    azml_str_add_bytes(out, bytes, sizeof(bytes));
}

void azml_wire_put_string(struct azml_str *out, const void *bytes, size_t length)
{
    azml_wire_put_u32(out, (uint32_t)length);
    azml_str_add_bytes(out, bytes, length);
}

void azml_wire_put_text(struct azml_str *out, const char *text)
{
    azml_wire_put_string(out, text, strlen(text));
}

void azml_wire_put_mpint(struct azml_str *out, const uint8_t *bytes, size_t length)
{
    while (length && *bytes == 0) {
        bytes++;
        length--;
    }
    bool sign = length && *bytes & 0x80; /* a set top bit would read as negative */
    azml_wire_put_u32(out, (uint32_t)(length + sign));
    if (sign)
        azml_str_add_char(out, '\0');
    azml_str_add_bytes(out, bytes, length);
}
