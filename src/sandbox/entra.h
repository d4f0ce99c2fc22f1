/* entra.h - the sandbox's Entra ID: its errors and its tenants, for the files that answer for it.
 *
 * entra_token.c gives tokens, entra_documents.c describes the authority, metadata.c the cloud. */
#ifndef AZML_SANDBOX_ENTRA_H
#define AZML_SANDBOX_ENTRA_H

#include "sandbox/provider.h"

#define SANDBOX_DOMAIN "azmlsandbox.onmicrosoft.com"

extern const struct sandbox_provider sandbox_entra_token;
extern const struct sandbox_provider sandbox_entra_documents;
extern const struct sandbox_provider sandbox_metadata;

/* An error as Entra ID writes it (entra-auth 8.1): "AADSTS<code>: <text> Trace ID: … ". `form` (may
 * be NULL) is the posted form, for its correlation id. Return 0. */
int sandbox_entra_refuse(const struct sandbox *sandbox, const struct sandbox_request *request,
                         const struct sandbox_pairs *form, struct sandbox_reply *reply, int status,
                         const char *error, long code, const char *format, ...) AZML_PRINTF(8, 9);

/* The headers that all of its answers carry. */
void sandbox_entra_headers(const struct sandbox_request *request, struct sandbox_reply *reply);

/* Is that the sandbox's tenant, by id or by domain? */
bool sandbox_entra_is_tenant(const struct sandbox *sandbox, const char *name);

/* "common", "organizations" or "consumers"? */
bool sandbox_entra_is_shared(const char *name);

/* "adfs": the sign-in of Azure Stack, which here is another door to the one tenant. It has the v1
 * endpoints only, gives numbers as numbers and takes `scope` as well as `resource`. */
bool sandbox_entra_is_adfs(const char *name);

/* 90002 for a tenant that does not exist. */
int sandbox_entra_refuse_tenant(const struct sandbox *sandbox,
                                const struct sandbox_request *request, struct sandbox_reply *reply,
                                const char *name);

#endif
