/* source.h - what a source of credentials is: one row, one file each.
 *
 * credential.c owns the order and the kept token; a source only fetches. */
#ifndef AZML_AUTH_SOURCE_H
#define AZML_AUTH_SOURCE_H

#include "azml/credential.h"
#include "base/str.h"

/* An access token and how long it is good. */
struct azml_token {
    struct azml_secret value;
    int64_t expires_ms; /* wall clock; 0: it does not say */
    char *subscription; /* that the source would work in, or NULL */
};
void azml_token_cleanup(struct azml_token *token);

enum azml_source_answer {
    AZML_SOURCE_TOKEN,   /* here it is */
    AZML_SOURCE_NOTHING, /* what it needs is not there: ask the next */
    AZML_SOURCE_REFUSED, /* it was complete and failed: `err` says why, the search ends */
};

struct azml_source {
    const char *name; /* for --auth */
    bool is_in_chain; /* false: only when named, or when the cloud brings it */
    /* Get a token. `again`: the last one from here was refused or is used up. With
     * AZML_SOURCE_NOTHING `missing` tells in a few words what was looked for. */
    enum azml_source_answer (*acquire)(const struct azml_credential_options *options, bool again,
                                       struct azml_token *token_out, struct azml_str *missing,
                                       struct azml_error *err);
};

extern const struct azml_source azml_source_environment;
extern const struct azml_source azml_source_token;
extern const struct azml_source azml_source_az;
extern const struct azml_source azml_source_sandbox;

/* NULL-terminated, in the order of the chain (entra-auth.md 6.4). */
extern const struct azml_source *const azml_sources[];

#endif
