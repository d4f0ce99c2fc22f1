/* tokens.h - the sandbox's Entra ID key: signs access tokens, checks them, publishes itself.
 *
 * RS256 JSON Web Tokens with the claims of an ARM access token (v1 format). Which token is good for
 * which request is authorize.h's business. */
#ifndef AZML_SANDBOX_TOKENS_H
#define AZML_SANDBOX_TOKENS_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox_tokens;

/* The key of `folder` ("token.key" and "token.pem"), made at the first time. NULL with `err` set.
 */
struct sandbox_tokens *sandbox_tokens_open(const char *folder, struct azml_error *err);
void sandbox_tokens_free(struct sandbox_tokens *tokens);

/* Sign claims: header.payload.signature, the caller's; NULL with `err` set. */
char *sandbox_tokens_sign(const struct sandbox_tokens *tokens, const cJSON *claims,
                          struct azml_error *err);

/* The claims of a token that this key signed, the caller's; NULL where it is no such token. */
cJSON *sandbox_tokens_verify(const struct sandbox_tokens *tokens, const char *token);

/* One entry of "keys" in the JWKS document, without its issuer; NULL when memory ran out. */
cJSON *sandbox_tokens_jwk(const struct sandbox_tokens *tokens);

/* The certificate, DER, lent. */
const uint8_t *sandbox_tokens_certificate(const struct sandbox_tokens *tokens, size_t *length_out);

#endif
