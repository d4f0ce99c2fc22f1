/* tls_client.h - one POST over HTTPS to the sandbox's own server, for the person's commands.
 *
 * A few lines over OpenSSL, not a client library: the sandbox shares none with what it tests. */
#ifndef AZML_SANDBOX_TLS_CLIENT_H
#define AZML_SANDBOX_TLS_CLIENT_H

#include "azml/error.h"
#include "azml/secret.h"

#include <cjson/cJSON.h>

struct sandbox_tls_post {
    const char *endpoint; /* "https://127.0.0.1:PORT" */
    const char *ca_file;
    const char *path;
    const char *header; /* name of the header that carries the secret */
    const struct azml_secret *secret;
    const char *body; /* JSON */
};

/* The answer's document, the caller's, and its status; NULL with `err` set. */
cJSON *sandbox_tls_post(const struct sandbox_tls_post *post, int *status_out,
                        struct azml_error *err);

#endif
