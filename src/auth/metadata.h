/* metadata.h - a cloud that describes itself: its /metadata/endpoints document.
 *
 * Three published versions with three shapes (entra-auth.md 1.3). Only an address that the person
 * gave is ever asked. */
#ifndef AZML_AUTH_METADATA_H
#define AZML_AUTH_METADATA_H

#include "azml/cloud.h"

#define auto_cloud __attribute__((cleanup(azml_cloud_cleanup)))

/* Ask the server at `address` (its origin, or the document's whole address). Return 0, or -1. */
int azml_cloud_fetch(const char *address, struct azml_http *http, struct azml_cloud *cloud_out,
                     struct azml_error *err);

/* Set a text of a cloud (NULL counts as ""), or an https address without trailing slashes; `what`
 * is for the sentence. Return 0, or -1 with `err` set. */
int azml_cloud_set(char **where, const char *text, struct azml_error *err);
int azml_cloud_set_address(char **where, const char *what, const char *text,
                           struct azml_error *err);

#endif
