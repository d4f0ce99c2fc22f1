/* jwt.h - what an access token says about itself, for display and as a last resort for its end.
 *
 * The token belongs to the service: nothing is verified, nothing is decided by it but how long to
 * keep it, and one that cannot be read is as good as any (entra-auth.md 7.2). */
#ifndef AZML_AUTH_JWT_H
#define AZML_AUTH_JWT_H

#include "azml/error.h"
#include "azml/secret.h"

#include <cjson/cJSON.h>
#include <stdint.h>

/* The claims, the caller's; NULL where the token is opaque. */
cJSON *azml_jwt_claims(const struct azml_secret *token);

/* The end of its life in wall-clock milliseconds, 0 where it does not say. */
int64_t azml_jwt_expires_ms(const struct azml_secret *token);

#endif
