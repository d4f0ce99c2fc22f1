/* certificate.h - the sandbox's own CA, its server certificate and its token certificate.
 *
 * Made once, kept in the state folder with private keys 0600. Nothing trusts them but those who are
 * pointed at ca.pem. */
#ifndef AZML_SANDBOX_CERTIFICATE_H
#define AZML_SANDBOX_CERTIFICATE_H

#include "azml/error.h"

#include <openssl/types.h>

enum sandbox_certificate {
    SANDBOX_CERTIFICATE_CA,     /* P-256, signs server certificates only */
    SANDBOX_CERTIFICATE_TOKENS, /* RSA 2048 (RS256), signed by itself */
};

/* `folder`/`name`.key and .pem, made where one is missing. Both results are the caller's. */
int sandbox_certificate_keep(const char *folder, const char *name, enum sandbox_certificate kind,
                             EVP_PKEY **key_out, X509 **certificate_out, struct azml_error *err);

/* A server certificate for 127.0.0.1, ::1 and localhost with a key of its own, signed by the CA;
 * kept in memory only, made at each start. */
int sandbox_certificate_server(EVP_PKEY *ca_key, X509 *ca, EVP_PKEY **key_out,
                               X509 **certificate_out, struct azml_error *err);

#endif
