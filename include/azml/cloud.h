/* cloud.h - which Azure: where its resource manager and its sign-in live, and whom to trust.
 *
 * A table of the known ones, the sandbox's connection file, or a custom one's own metadata
 * document. It never learns an address from anything but these. */
#ifndef AZML_CLOUD_H
#define AZML_CLOUD_H

#include "azml/error.h"
#include "azml/http.h"
#include "azml/secret.h"

#include <stdbool.h>

struct azml_cloud {
    char *name;             /* "public", "usgovernment", "china", "sandbox", or the address */
    char *resource_manager; /* "https://management.azure.com", no trailing slash */
    char *authority;        /* "https://login.microsoftonline.com", no trailing slash */
    char *audience;         /* whom a token is for; the scope is this and "/.default" */
    char *portal;           /* "https://portal.azure.com"; "" where unknown */
    char *studio;           /* "https://ml.azure.com"; "" where unknown */
    char *storage_suffix;   /* "core.windows.net"; "" where unknown */
    char *key_vault_suffix; /* "vault.azure.net"; "" where unknown */
    char *ca_file;          /* the CA of its own, or NULL */
    /* A practice cloud brings its own identity and subscription; NULL and empty elsewhere. */
    char *tenant_id;
    char *client_id;
    struct azml_secret client_secret;
    char *subscription_id;
    bool is_sandbox; /* for the one place that starts it */
};

/* azml's own name of a cloud whichever tool's synonym is given ("AzureCloud" and "public" are
 * "public"; entra-auth 1.2), static; NULL where it is none of the table's. */
const char *azml_cloud_canonical_name(const char *name);

/* Does this name mean the sandbox? For the one place that starts it. */
bool azml_cloud_names_sandbox(const char *name);

/* Fill `cloud_out` from the table's row of that name (NULL: "public"), from the sandbox's
 * connection file ($AZML_STATE_DIR/sandbox/NAME/connection.json, NAME from AZML_SANDBOX), or, where
 * `name` is an https address, from that server's /metadata/endpoints (versions 2022-09-01,
 * 2020-06-01 or 2015-01-01), read with `http`; `http` may be NULL for the others. AZML_ERROR_USAGE
 * for an unknown name (lists the known), AZML_ERROR_NOT_FOUND where the sandbox has never run. */
int azml_cloud_open(const char *name, struct azml_http *http, struct azml_cloud *cloud_out,
                    struct azml_error *err);

/* Read a metadata document of any version as the server at `base` serves it. */
int azml_cloud_from_metadata(const char *text, size_t length, const char *base,
                             struct azml_cloud *cloud_out, struct azml_error *err);

/* Make `options` trust this cloud's own CA, and nothing else, where it has one. */
void azml_cloud_trust(const struct azml_cloud *cloud, struct azml_http_options *options);

/* Free the texts and make it empty again. NULL is fine. */
void azml_cloud_cleanup(struct azml_cloud *cloud);

#endif
