/* base64.h - RFC 4648 base64 and base64url, for keys and tokens.
 *
 * Decoding takes both alphabets, with or without padding, and nothing else. */
#ifndef AZML_BASE_BASE64_H
#define AZML_BASE_BASE64_H

#include "azml/error.h"

#include <stddef.h>
#include <stdint.h>

/* Text of `length` bytes, the caller's; NULL with `err` set when memory runs out. */
char *azml_base64_encode(const void *bytes, size_t length, struct azml_error *err); /* padded */
char *azml_base64url_encode(const void *bytes, size_t length, struct azml_error *err);

/* The bytes (with a NUL behind them), the caller's; NULL with `err` set where `text` is not
 * base64. */
uint8_t *azml_base64_decode(const char *text, size_t length, size_t *length_out,
                            struct azml_error *err);

#endif
