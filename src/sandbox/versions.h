/* versions.h - what data/providers.tsv knows of providers: api-versions and registration. */
#ifndef AZML_SANDBOX_VERSIONS_H
#define AZML_SANDBOX_VERSIONS_H

#include "azml/error.h"

#include <stdbool.h>

/* "2025-12-01" or "2025-12-01-preview"? */
bool sandbox_version_is_well_formed(const char *version);

/* Was that version published for "Ns/type"? Where the table does not name all versions of the type,
 * one of any type of the namespace will do. A NULL type takes every well-formed version. */
bool sandbox_version_is_known(const char *type, const char *version);

/* The versions of the type (else of its namespace's first type), ", " between them, for an error
 * message; the caller's, or NULL when memory ran out. */
char *sandbox_versions_of(const char *type);

/* Is there such a provider? `state_out` (room for 32, may be NULL) gets its default state. */
bool sandbox_provider_is_known(const char *provider_namespace, char *state_out);

#endif
