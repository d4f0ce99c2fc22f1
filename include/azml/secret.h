/* secret.h - a token, key or password: bytes that are wiped when they are let go.
 *
 * Not encryption: it only keeps a secret from lingering in freed memory and from being printed
 * by accident, since azml_secret_reveal() is the one way to its bytes. */
#ifndef AZML_SECRET_H
#define AZML_SECRET_H

#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>

struct azml_secret {
    char *private_bytes; /* owned, always followed by a NUL; NULL when empty */
    size_t length;
};

/* Keep a copy of `length` bytes, wiping what was held. Return 0, or -1 with `err` set. */
int azml_secret_set(struct azml_secret *secret, const char *bytes, size_t length,
                    struct azml_error *err);

/* Take over `bytes` (malloc'ed, `length` long plus a NUL), wiping what was held. */
void azml_secret_adopt(struct azml_secret *secret, char *bytes, size_t length);

/* The bytes, followed by a NUL; "" when empty. Lent until the secret changes. */
const char *azml_secret_reveal(const struct azml_secret *secret);

bool azml_secret_is_empty(const struct azml_secret *secret);

/* Wipe and free; the secret is empty afterwards. NULL is fine. */
void azml_secret_cleanup(struct azml_secret *secret);

/* Overwrite memory in a way that the compiler may not leave out. */
void azml_wipe(void *memory, size_t length);

#endif
