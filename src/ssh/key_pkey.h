/* key_pkey.h - OpenSSL's keys as SSH's wire form. The public half is declared in ssh/key.h. */
#ifndef AZML_SSH_KEY_PKEY_H
#define AZML_SSH_KEY_PKEY_H

#include "base/str.h"

#include <openssl/evp.h>

/* Append the key's number of that OpenSSL name as an mpint; false where there is none. */
bool azml_ssh_put_number(struct azml_str *out, const EVP_PKEY *pkey, const char *name);

#endif
