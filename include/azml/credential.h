/* credential.h - who is asking: access tokens for a cloud's resource manager.
 *
 * One table of sources (service principal from the environment, a token file, the Azure CLI, the
 * sandbox's own), tried in a fixed order or one by name. A source that is complete but refused ends
 * the search: silently using another identity would be worse. Nothing here is written to disk, and
 * nothing interactive starts by itself. */
#ifndef AZML_CREDENTIAL_H
#define AZML_CREDENTIAL_H

#include "azml/cloud.h"
#include "azml/error.h"
#include "azml/http.h"
#include "azml/secret.h"

#include <stdbool.h>
#include <stdint.h>

struct azml_credential_options {
    const struct azml_cloud *cloud; /* lent for the credential's life */
    struct azml_http *http;         /* likewise */
    const char *name;        /* --auth; NULL: AZML_AUTH, else the chain (the sandbox: its own) */
    azml_http_say_fn notice; /* which source won and why others were passed over; or NULL */
    void *data;
};

struct azml_credential;

/* NULL with `err` set: AZML_ERROR_USAGE where `name` is none of the table's (lists them). Nothing
 * is sent yet. */
struct azml_credential *azml_credential_new(const struct azml_credential_options *options,
                                            struct azml_error *err);
void azml_credential_free(struct azml_credential *credential);

/* A token that is good for five minutes more, lent until the next call; kept in memory and asked
 * for anew when it is needed. With `fresh` the kept one is thrown away first (the service refused
 * it). AZML_ERROR_SIGNED_OUT: no source had anything (why: what was looked for), or one was refused
 * (said: the AADSTS code and text with correlation and trace id; why and hint: what it means). */
int azml_credential_token(struct azml_credential *credential, bool fresh,
                          const struct azml_secret **token_out, struct azml_error *err);

/* The name of the source in use ("environment"), static; NULL before the first token. */
const char *azml_credential_source(const struct azml_credential *credential);

/* The id of the subscription that the source itself would work in (az has a default one), lent;
 * NULL where it has none or before the first token. */
const char *azml_credential_subscription(const struct azml_credential *credential);

/* Who the token says it is, for display and tags only; texts are "" where unknown. */
struct azml_identity {
    char *tenant_id;
    char *object_id;
    char *app_id;
    char *name; /* user name, else the app's display name or id, else the object id */
};

/* Asks for a token where none is there yet. */
int azml_credential_identity(struct azml_credential *credential, struct azml_identity *identity_out,
                             struct azml_error *err);
void azml_identity_cleanup(struct azml_identity *identity);

/* The names for --auth, NULL-terminated, static. */
const char *const *azml_credential_names(void);

#endif
