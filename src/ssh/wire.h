/* wire.h - reading and writing SSH's data types (RFC 4251, section 5).
 *
 * A reader never goes past its end: it fails stickily and is asked once. Knows no key types. */
#ifndef AZML_SSH_WIRE_H
#define AZML_SSH_WIRE_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct azml_wire {
    const uint8_t *at; /* lent */
    size_t left;
    bool failed; /* something was longer than what is left */
};

uint32_t azml_wire_u32(struct azml_wire *wire); /* 0 after a failure */

/* A string's bytes, lent (NULL after a failure), and how many. */
const uint8_t *azml_wire_string(struct azml_wire *wire, size_t *length_out);

/* Is the next string this text? It is read in either case. */
bool azml_wire_is_text(struct azml_wire *wire, const char *text);

/* How many bits a positive mpint has; 0 for zero, a negative number or a failure. It is read. */
unsigned azml_wire_mpint_bits(struct azml_wire *wire);

/* Append to `out`. The mpint is given big-endian without a sign; leading zeroes are fine. */
void azml_wire_put_u32(struct azml_str *out, uint32_t value);
void azml_wire_put_string(struct azml_str *out, const void *bytes, size_t length);
void azml_wire_put_text(struct azml_str *out, const char *text);
void azml_wire_put_mpint(struct azml_str *out, const uint8_t *bytes, size_t length);

#endif
