/* url.h - addresses as far as trust depends on them: origins, loopback, relative links.
 *
 * Taken apart by libcurl's own parser, so that what is judged here is what is connected to. */
#ifndef AZML_HTTP_URL_H
#define AZML_HTTP_URL_H

#include "azml/error.h"

#include <stdbool.h>

/* "https://host:port", small letters, port always there: the caller's. NULL with `err` set
 * (AZML_ERROR_USAGE) where it is no http or https address, or names a user. */
char *azml_url_origin(const char *url, struct azml_error *err);

/* Scheme, host and port the same? False where either is no address. */
bool azml_url_same_origin(const char *a, const char *b);

/* "host" or "host:port" for sentences, the caller's; NULL with `err` set. */
char *azml_url_host(const char *url, struct azml_error *err);

/* localhost, 127.0.0.0/8 or ::1 */
bool azml_url_is_loopback(const char *url);

/* May it be asked at all? https anywhere, http on loopback only. 0, or -1 with `err` set. */
int azml_url_check(const char *url, struct azml_error *err);

/* A link as it came in a reply from `base`: an absolute one verbatim, a relative one completed. The
 * caller's, or NULL with `err` set (AZML_ERROR_PROTOCOL). */
char *azml_url_resolve(const char *base, const char *link, struct azml_error *err);

/* The path without the query, as it stands, the caller's; NULL with `err` set. */
char *azml_url_path(const char *url, struct azml_error *err);

#endif
