/* ca.h - whom to trust: the system's CAs, those of the environment, and further ones.
 *
 * The hashed folder comes first because loading the whole bundle costs 24 ms; the bundle is there
 * for machines without such a folder, and for the one retry where somebody edited only the bundle.
 * libcurl itself reads none of these variables. */
#ifndef AZML_HTTP_CA_H
#define AZML_HTTP_CA_H

#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>

struct azml_http_ca {
    char *file;   /* PEM, or NULL */
    char *folder; /* hashed, or NULL */
    char *blob;   /* several PEM files in one, instead of `file`; or NULL */
    size_t blob_length;
    bool has_bundle; /* the system's folder was chosen and its bundle may be tried, too */
};

/* Choose. `extra` (may be NULL) is trusted in addition, or alone where `only_extra`;
 * `prefer_bundle` leaves the system's hashed folder out. Return 0, or -1 with `err` set where a
 * named file cannot be read. */
int azml_http_ca_choose(const char *extra, bool only_extra, bool prefer_bundle,
                        struct azml_http_ca *ca_out, struct azml_error *err);

void azml_http_ca_cleanup(struct azml_http_ca *ca);

#endif
