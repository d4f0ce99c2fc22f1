/* entra.h - the token endpoint of Entra ID, and what its refusals mean.
 *
 * One grant so far: a service principal's secret (entra-auth.md 3.1). */
#ifndef AZML_AUTH_ENTRA_H
#define AZML_AUTH_ENTRA_H

#include "auth/source.h"

/* Ask for a token for the cloud's resource manager. Return 0, or -1 with `err` set. */
int azml_entra_client_secret(const struct azml_credential_options *options, const char *tenant,
                             const char *client, const struct azml_secret *secret,
                             struct azml_token *token_out, struct azml_error *err);

/* Say in `err` what an answer of the token endpoint that is no token means: the AADSTS code, text,
 * correlation and trace id as said, our advice as why and hint. Always returns -1. */
int azml_entra_refusal(struct azml_error *err, const struct azml_http_response *response);

/* What to tell the user about an AADSTS number; both texts are NULL where we know nothing. */
struct azml_entra_advice {
    const char *why;
    const char *hint; /* may be NULL */
};
struct azml_entra_advice azml_entra_advice(long code);

#endif
