/* key.h - public keys between SSH's wire form, OpenSSL and azml_ssh_public_key.
 *
 * The room's own; other rooms see include/azml/ssh_key.h. */
#ifndef AZML_SSH_KEY_PRIVATE_H
#define AZML_SSH_KEY_PRIVATE_H

#include "azml/ssh_key.h"

#include <openssl/evp.h>

#define auto_public_key  __attribute__((cleanup(azml_ssh_public_key_cleanup)))
#define auto_private_key __attribute__((cleanup(azml_ssh_private_key_cleanup)))

static inline void azml_ssh_auto_pkey(EVP_PKEY **pkey)
{
    EVP_PKEY_free(*pkey);
}
#define auto_pkey __attribute__((cleanup(azml_ssh_auto_pkey)))

/* Hand the parts of `from` on to `to`; `from` is empty afterwards. */
static inline void azml_ssh_public_key_move(struct azml_ssh_public_key *to,
                                            struct azml_ssh_public_key *from)
{
    *to = *from;
    *from = (struct azml_ssh_public_key){0};
}

/* The type that an algorithm's name stands for; false where it is none of ours. */
bool azml_ssh_algorithm_type(const char *name, size_t length, enum azml_ssh_key_type *type_out);

/* Read a blob (RFC 4253 section 6.6, RFC 5656, RFC 8709): type, algorithm, bits; the comment is "".
 * AZML_ERROR_PROTOCOL where it is cut off, longer than it says, or of an unknown algorithm. */
int azml_ssh_public_key_from_blob(const uint8_t *blob, size_t length,
                                  struct azml_ssh_public_key *key_out, struct azml_error *err);

/* The public blob of an OpenSSL key (RSA, ed25519, the three NIST curves), the caller's. */
uint8_t *azml_ssh_blob_of_pkey(const EVP_PKEY *pkey, size_t *length_out, struct azml_error *err);

#endif
