/* signer.h - addresses that carry their own signature, as ARM's follow-up addresses do.
 *
 * "&t=<ticks>&c=<certificate>&s=<signature>&h=<hash>" behind a query makes it about 3 KB long, and
 * any changed byte is found (reference 2.1). A keyed hash does the work; the certificate is only
 * carried along. */
#ifndef AZML_SANDBOX_SIGNER_H
#define AZML_SANDBOX_SIGNER_H

#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SANDBOX_SIGNER_KEY 32

struct sandbox_signer;

/* With a key of SANDBOX_SIGNER_KEY bytes and a DER certificate (both copied). NULL with `err`. */
struct sandbox_signer *sandbox_signer_new(const uint8_t *key, const uint8_t *certificate,
                                          size_t certificate_length, struct azml_error *err);
void sandbox_signer_free(struct sandbox_signer *signer);

/* `target` ("/path?query") with its signature, the caller's; NULL with `err` set. */
char *sandbox_sign(const struct sandbox_signer *signer, const char *target, int64_t now_ms,
                   struct azml_error *err);

/* Is that target exactly as it was signed? */
bool sandbox_is_signed(const struct sandbox_signer *signer, const char *target);

#endif
