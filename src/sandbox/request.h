/* request.h - one request as handlers see it: decoded, looked up without regard to case.
 *
 * Filled by the server (or by sandbox_call for a request that one provider makes to another); it
 * knows nothing of sockets. Everything is lent for the length of the call. */
#ifndef AZML_SANDBOX_REQUEST_H
#define AZML_SANDBOX_REQUEST_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#define SANDBOX_MAX_SEGMENTS 64
#define SANDBOX_MAX_PARAMS   12

struct sandbox_pair {
    char *name;
    char *value;
};

struct sandbox_pairs {
    struct sandbox_pair *items;
    size_t count;
};

/* Who calls, from the token. "" where no token was needed. */
struct sandbox_caller {
    char object_id[64];
    char client_id[64]; /* appid */
    char tenant_id[64];
};

struct sandbox_route;

struct sandbox_request {
    const char *method; /* in capitals */
    char *target;       /* path and query as they came */
    char *path;         /* decoded; no doubled, no trailing slash; case as it came */
    char *segments[SANDBOX_MAX_SEGMENTS]; /* of the path, decoded one by one */
    size_t segment_count;
    struct sandbox_pairs query;   /* decoded */
    struct sandbox_pairs headers; /* of the request */
    const char *body;             /* never NULL; followed by a NUL */
    size_t body_length;
    cJSON *json; /* the body parsed, or NULL where it is empty */
    struct sandbox_caller caller;
    const char *api_version;       /* "" where none came */
    char request_id[37];           /* ours: x-ms-request-id */
    const char *client_request_id; /* x-ms-client-request-id, or NULL */
    bool is_internal;              /* made by sandbox_call: no token, no throttling, no faults */

    const struct sandbox_route *route;           /* the row that matched */
    char *params[SANDBOX_MAX_PARAMS];            /* values of the row's {names}, in its order */
    const char *param_names[SANDBOX_MAX_PARAMS]; /* point into the pattern, not NUL-terminated */
    size_t param_count;
};

/* Fill in target, path, segments and query from "/path?query". 0, or -1 with `err` set (USAGE where
 * it is no such thing: too many segments, no leading slash). */
int sandbox_request_set_target(struct sandbox_request *request, const char *target,
                               struct azml_error *err);

/* Keep one header. */
int sandbox_request_add_header(struct sandbox_request *request, const char *name, const char *value,
                               struct azml_error *err);

void sandbox_request_cleanup(struct sandbox_request *request);

/* Value of a query parameter or header, its name in any case; NULL where it is missing. */
const char *sandbox_request_query(const struct sandbox_request *request, const char *name);
const char *sandbox_request_header(const struct sandbox_request *request, const char *name);

/* What stood at {name} of the matched pattern, decoded, as it came. Never NULL: a name that the
 * pattern does not have is a mistake of the caller, and "". */
const char *sandbox_request_param(const struct sandbox_request *request, const char *name);

/* PUT, PATCH, POST or DELETE? */
bool sandbox_request_is_write(const struct sandbox_request *request);

/* The id of the resource that the path names, up to `segment_count` segments (0: all), built from
 * the path as it came; the caller's, or NULL with `err` set. */
char *sandbox_request_id(const struct sandbox_request *request, size_t segment_count,
                         struct azml_error *err);

/* Add a name and value to a list of pairs (copies); look one up without regard to case. */
int sandbox_pairs_add(struct sandbox_pairs *pairs, const char *name, const char *value,
                      struct azml_error *err);
const char *sandbox_pairs_find(const struct sandbox_pairs *pairs, const char *name);
void sandbox_pairs_cleanup(struct sandbox_pairs *pairs);

/* Whether the bytes are UTF-8 (RFC 3629) without a NUL, so that no answer that repeats them is
 * broken and nothing behind a NUL is dropped. */
bool sandbox_text_is_clean(const char *text, size_t length);

/* Read "a=1&b=2", decoded, `+` being a blank. Fails where what it decodes to is no clean text. */
int sandbox_pairs_parse(struct sandbox_pairs *pairs, const char *text, struct azml_error *err);

#endif
