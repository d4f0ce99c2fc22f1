/* ml_key.h - which SSH public keys the service takes: RSA of 2048 bits or more, in one line.
 *
 * Ed25519 and ECDSA are refused, as far as is known of the real service. */
#ifndef AZML_SANDBOX_ML_KEY_H
#define AZML_SANDBOX_ML_KEY_H

#include <stdbool.h>

/* Is `text` one OpenSSH line "ssh-rsa BASE64 [comment]" (RFC 4253, section 6.6), with nothing but
 * line ends behind it? */
bool sandbox_ml_key_is_good(const char *text);

#endif
