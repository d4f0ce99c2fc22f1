/* arm.h - calls to Azure Resource Manager: documents, lists, long-running operations, errors.
 *
 * It adds the cloud's address, the api-version, the token and request ids, and turns whatever comes
 * back into documents or one struct azml_error. The token goes to the cloud's own scheme, host and
 * port only, whatever a link in a reply says. It knows no resource type beyond its api-version;
 * resource ids are in azml/arm_id.h, error documents in azml/arm_error.h. */
#ifndef AZML_ARM_H
#define AZML_ARM_H

#include "azml/cloud.h"
#include "azml/credential.h"
#include "azml/error.h"
#include "azml/http.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct azml_arm_options {
    const struct azml_cloud *cloud;         /* lent for the handle's life */
    struct azml_credential *credential;     /* likewise; NULL: send no token of ours */
    struct azml_http *http;                 /* likewise */
    const char *subscription;               /* id or display name; NULL: found when first needed */
    const char *endpoint;                   /* another ARM-like server instead of the cloud's; its
                                             * links must stay on it, and the credential is not used */
    const struct azml_http_header *headers; /* added to every request, this origin only; copied */
    size_t header_count;
};

struct azml_arm;

/* NULL with `err` set. An endpoint must be https, or http on a loopback address. */
struct azml_arm *azml_arm_new(const struct azml_arm_options *options, struct azml_error *err);
void azml_arm_free(struct azml_arm *arm);

const struct azml_cloud *azml_arm_cloud(const struct azml_arm *arm);
struct azml_http *azml_arm_http(const struct azml_arm *arm);
struct azml_credential *azml_arm_credential(const struct azml_arm *arm); /* may be NULL */

/* The id of the subscription to work in, lent: the one that was named (by id or display name), the
 * practice cloud's own, az's default where az is the credential, or the only one that the identity
 * sees. NULL with `err` set:
 * AZML_ERROR_USAGE where several could be meant (why lists them), AZML_ERROR_NOT_FOUND where none
 * is. */
const char *azml_arm_subscription(struct azml_arm *arm, struct azml_error *err);

/* The document of that subscription (displayName, subscriptionPolicies…), the caller's. */
cJSON *azml_arm_subscription_document(struct azml_arm *arm, struct azml_error *err);

/* --- paths --- */

/* A path from pieces: literal, segment, literal, segment, …, NULL. Literals stay as they are,
 * segments are percent-encoded (RFC 3986, unreserved and "()" stay):
 *     azml_arm_path(err, "/subscriptions/", id, "/resourceGroups/", group, NULL)
 * The caller's, or NULL with `err` set. */
#define azml_arm_path(err, ...) azml_arm_path_of(err, (const char *const[]){__VA_ARGS__})
char *azml_arm_path_of(struct azml_error *err, const char *const *pieces);

/* The api-version that azml sends to the provider that owns `path` (the last one in it); static.
 * Section 0 of the reference. NULL where the table has none. */
const char *azml_arm_api_version(const char *path);

/* Is this address on the origin (scheme, host, port) that gets our token? */
bool azml_arm_is_own(const struct azml_arm *arm, const char *url);

/* --- single calls --- */

struct azml_arm_reply {
    int status;
    cJSON *body;                    /* NULL where there was none or it was no JSON */
    char *request_id;               /* x-ms-request-id, or NULL */
    struct azml_http_response http; /* all of it, for header lookup and the raw text */
};
const char *azml_arm_reply_header(const struct azml_arm_reply *reply, const char *name);
void azml_arm_reply_cleanup(struct azml_arm_reply *reply);

struct azml_arm_call {
    const char *method;      /* NULL: GET */
    const char *path;        /* "/subscriptions/…", already encoded, may carry a query; or a whole
                              * address on our own origin, taken as it is */
    const char *api_version; /* NULL: the query's, else azml's own for the path */
    const cJSON *body;       /* NULL: none */
    const void *raw_body;    /* instead of body, sent as it is */
    size_t raw_length;
    const char *content_type; /* of raw_body; NULL: application/json */
    enum azml_http_repeat repeat;
};

/* One call, its answer whatever the status is: 0 whenever there was one, except that a 401 has been
 * tried once more with a fresh token and a redirect within our own origin was followed. */
int azml_arm_send(struct azml_arm *arm, const struct azml_arm_call *call,
                  struct azml_arm_reply *reply_out, struct azml_error *err);

/* One call that must succeed: anything but 2xx is an error (azml_arm_error_from_response). The
 * reply may be NULL where nobody wants it. Nothing is followed: see azml_arm_operate. */
int azml_arm_get(struct azml_arm *arm, const char *path, struct azml_arm_reply *reply_out,
                 struct azml_error *err);
int azml_arm_put(struct azml_arm *arm, const char *path, const cJSON *body,
                 struct azml_arm_reply *reply_out, struct azml_error *err);
int azml_arm_patch(struct azml_arm *arm, const char *path, const cJSON *body,
                   struct azml_arm_reply *reply_out, struct azml_error *err);
int azml_arm_post(struct azml_arm *arm, const char *path, const cJSON *body,
                  enum azml_http_repeat repeat, struct azml_arm_reply *reply_out,
                  struct azml_error *err);
int azml_arm_delete(struct azml_arm *arm, const char *path, struct azml_arm_reply *reply_out,
                    struct azml_error *err);

/* The document at `path`, the caller's; NULL with `err` set (a body that is no JSON object or array
 * is AZML_ERROR_PROTOCOL). */
cJSON *azml_arm_get_json(struct azml_arm *arm, const char *path, struct azml_error *err);

/* Is there something? 1 yes, 0 no (404), -1 with `err` set. The document goes to `json_out` (may be
 * NULL) when there is. */
int azml_arm_find(struct azml_arm *arm, const char *path, cJSON **json_out, struct azml_error *err);

/* --- lists and many at once --- */

/* All pages of a list as one array, the caller's; NULL with `err` set. nextLink is opaque, may be
 * relative, must stay on our origin, may not come twice; at most 100,000 pages. */
cJSON *azml_arm_list(struct azml_arm *arm, const char *path, struct azml_error *err);

/* One of many reads. */
struct azml_arm_read {
    const char *path;
    bool is_list;            /* all pages into one array, else one document */
    const char *post_body;   /* JSON text: a POST that only reads (Resource Graph); else NULL */
    cJSON *json;             /* the result, the caller's; NULL when it failed */
    struct azml_error error; /* why, then; the caller cleans it up */
};

/* Do them all at once, in parallel within the client's limit. Returns 0 when each has its result or
 * its error, -1 with `err` set when interrupted or out of time (the rest have errors too). */
int azml_arm_read_all(struct azml_arm *arm, struct azml_arm_read *reads, size_t count,
                      struct azml_error *err);

/* --- long-running operations --- */

/* What a resource document says about work on it. */
enum azml_arm_state { AZML_ARM_BUSY, AZML_ARM_DONE, AZML_ARM_FAILED };
typedef enum azml_arm_state (*azml_arm_state_fn)(void *data, const cJSON *resource);

/* The default: properties.provisioningState; none means done. */
enum azml_arm_state azml_arm_provisioning_state(void *data, const cJSON *resource);

/* How far it is. Called at the start, after each poll, and at the end. */
struct azml_arm_progress {
    uint64_t elapsed_ms;
    double percent;     /* 0 to 100, negative where unknown */
    const char *status; /* the service's own word ("InProgress"), or NULL */
};
typedef void (*azml_arm_progress_fn)(void *data, const struct azml_arm_progress *progress);

/* Where the result of a POST or PATCH is (reference 2.2). */
enum azml_arm_result {
    AZML_ARM_RESULT_AUTO,     /* PUT, PATCH: the resource; POST: what the Location ends with */
    AZML_ARM_RESULT_NONE,     /* nobody wants it */
    AZML_ARM_RESULT_RESOURCE, /* a GET on `resource` */
};

/* A change to make and to follow to its real end. */
struct azml_arm_operation {
    struct azml_arm_call call; /* call.path is where it starts; call.method NULL: start nothing,
                                * only follow the state of the resource (resumed waiting) */
    const char *resource;      /* path of the resource concerned; NULL: call.path (for a POST: the
                                * path without its last segment) */
    enum azml_arm_result result;
    bool no_wait;            /* be content when the service has accepted it */
    bool until_gone;         /* a DELETE: done only when a GET says 404 */
    azml_arm_state_fn state; /* decides on the resource's document after the operation, and while
                              * following it; NULL: azml_arm_provisioning_state */
    azml_arm_progress_fn progress; /* may be NULL */
    void *data;                    /* for state and progress */
    const char *what;              /* "compute trainer", for sentences */
    const char *resume; /* what to type to pick it up again, for the hint when waiting ends early */
};

struct azml_arm_outcome {
    bool is_accepted_only; /* no_wait, and the service still works on it */
    bool is_absent;        /* a DELETE of what was not there */
    int start_status;      /* of the first answer; 0 where nothing was started */
    cJSON *body;           /* the resource or result, NULL where there is none */
    char *request_id;      /* of the first answer, or NULL */
    uint64_t elapsed_ms;
};
void azml_arm_outcome_cleanup(struct azml_arm_outcome *outcome);

/* Start it and follow it: 0 with `outcome_out` (may be NULL), or -1 with `err` set.
 * AZML_ERROR_TIMEOUT and AZML_ERROR_INTERRUPTED say that the service goes on and how to pick it up
 * (`resume`); a failed operation has the service's code and the deepest useful message, looked up
 * in the resource where the status document has none. A DELETE of what is absent succeeds. */
int azml_arm_operate(struct azml_arm *arm, const struct azml_arm_operation *operation,
                     struct azml_arm_outcome *outcome_out, struct azml_error *err);

/* One of many ended: `outcome` (lent, fields may be taken and zeroed), or NULL and `error` (lent).
 */
typedef void (*azml_arm_end_fn)(void *data, size_t index, struct azml_arm_outcome *outcome,
                                struct azml_error *error);

/* Start and follow many at once, `on_end` called as each ends. Returns 0 when all ended (well or
 * badly), -1 with `err` set when interrupted (each has been told, too). */
int azml_arm_operate_all(struct azml_arm *arm, const struct azml_arm_operation *operations,
                         size_t count, azml_arm_end_fn on_end, void *data, struct azml_error *err);

#endif
