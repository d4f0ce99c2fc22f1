/* operation.h - long-running operations and timers: kept on disk, run when due, polled by clients.
 *
 * An operation is a kind (code, found by name, so it goes on after a restart), a due time and a
 * JSON document of its own. When it is due its step runs: it ends the operation or asks for another
 * step later. How it shows on the wire (which headers, which addresses, which words) is the kind's
 * (reference section 2.3). A timer is an operation without addresses. */
#ifndef AZML_SANDBOX_OPERATION_H
#define AZML_SANDBOX_OPERATION_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct sandbox;
struct sandbox_reply;
struct sandbox_request;

struct sandbox_operation {
    char *id; /* GUID, or the token given at the start */
    char *kind;
    char *resource_id;
    cJSON *data;  /* the provider's own, kept between steps; an object */
    int64_t step; /* 0 at the first step, counted up by sandbox_operation_again */
    int64_t started_ms, due_ms;
    int64_t ended_ms;  /* 0 while it runs */
    char *status;      /* "InProgress", "Succeeded", "Failed", "Canceled" */
    cJSON *error;      /* of a failed one, or NULL */
    int error_status;  /* what the Location address answers for a failed one */
    cJSON *result;     /* what the Location address answers at the end, or NULL: empty */
    int result_status; /* 200 unless set */
    bool is_again;     /* the step asked for another one */
    char *async_path;  /* its addresses, decoded and without query; "" for none */
    char *location_path;
    char *api_version; /* of its addresses */
};

/* Do what is due. The operation runs inside a transaction; returning -1 (the sandbox itself failed)
 * undoes it, and the operation ends as Failed with InternalServerError. Returning 0 without one of
 * the calls below means success. */
typedef int sandbox_step_fn(struct sandbox *sandbox, struct sandbox_operation *operation,
                            struct azml_error *err);

/* Inside a step: fail with this code and sentence, or this error document (taken over; NULL: a
 * Failed without any error, as some services send). `http_status` is for the Location address. */
int sandbox_operation_fail(struct sandbox_operation *operation, int http_status, const char *code,
                           const char *format, ...) AZML_PRINTF(4, 5);
int sandbox_operation_fail_json(struct sandbox_operation *operation, int http_status, cJSON *error);
/* Inside a step: not done yet; run the step again (step + 1) after so many of Azure's seconds,
 * counted from now. */
int sandbox_operation_again(struct sandbox *sandbox, struct sandbox_operation *operation,
                            double azure_seconds);
/* Inside a step: what the Location address answers at the end (taken over). */
int sandbox_operation_result(struct sandbox_operation *operation, int http_status, cJSON *body);

/* One kind; a table of them ends with {0}. In paths and queries {s} is the subscription id, {rg}
 * the group, {name} the last segment of the resource id, {l} the location and {id} the operation's
 * id. Addresses become absolute, and api-version is put first in their query. */
struct sandbox_operation_kind {
    const char *name; /* unique in the sandbox and for ever: "ml.compute.create" */
    sandbox_step_fn *step;
    const char *async_path;     /* Azure-AsyncOperation, or NULL */
    const char *async_query;    /* "type=async", or NULL */
    const char *location_path;  /* Location, or NULL; may equal async_path where queries differ */
    const char *location_query; /* "type=location", "monitor=true", or NULL */
    const char *api_version;    /* of its addresses; NULL: that of the request */
    const char *running_word;   /* NULL: "InProgress" */
    unsigned retry_after;       /* Azure's seconds, on the first reply and on polls; 0: none */
    bool is_signed;             /* with t, c, s and h (3 KB); a changed byte is 403 */
    bool has_details;           /* status document with id, name, startTime, endTime, properties */
    bool has_percent;           /* percentComplete 100.0 in a succeeded document */
    bool location_only_first;   /* no Azure-AsyncOperation on the first reply, only while polling */
};

struct sandbox_operation_start {
    const char *kind;
    const char *resource_id;
    double seconds;          /* as Azure takes it; divided by the speed */
    bool is_real_time;       /* not divided: idle shutdown, soft-delete life */
    const char *location;    /* for {l}; NULL: none */
    const char *api_version; /* NULL: that of `request` */
    const char *token;       /* the {id} in addresses, unique; NULL: a new GUID */
    cJSON *data;             /* taken over in any case; NULL: {} */
};

/* Start one (in the current transaction). With `reply`, adds the headers of its kind to it; the
 * caller sets status and body. `request` may be NULL for a timer. `id_out` (may be NULL) is the
 * caller's. */
int sandbox_operation_start(struct sandbox *sandbox, const struct sandbox_operation_start *start,
                            const struct sandbox_request *request, struct sandbox_reply *reply,
                            char **id_out, struct azml_error *err);

/* How many run on that resource (exactly it), of that kind or of any (NULL). -1 with `err` set. */
int64_t sandbox_operation_running(struct sandbox *sandbox, const char *kind,
                                  const char *resource_id, struct azml_error *err);

/* End those that run on that resource, of that kind or of any (NULL), as Canceled; for timers, and
 * for what a deletion overtakes. */
int sandbox_operation_cancel(struct sandbox *sandbox, const char *kind, const char *resource_id,
                             struct azml_error *err);

/* A look at one by its id: 0 with `*out` NULL where there is none; `*out` is the caller's. */
int sandbox_operation_get(struct sandbox *sandbox, const char *id, struct sandbox_operation **out,
                          struct azml_error *err);
void sandbox_operation_free(struct sandbox_operation *operation);

/* --- for the server --- */
/* The kind of that name among the world's providers, or NULL. */
const struct sandbox_operation_kind *sandbox_operation_kind_find(const struct sandbox *sandbox,
                                                                 const char *name);
/* Run what is due by now, in order of due time, until nothing is. */
int sandbox_operations_run(struct sandbox *sandbox, struct azml_error *err);
/* Milliseconds until the next one is due (0: now), or -1 where none runs. */
int64_t sandbox_operations_wait_ms(struct sandbox *sandbox);
/* How many are under way. */
int64_t sandbox_operations_count(struct sandbox *sandbox);
/* Move every time of every operation back. */
int sandbox_operations_age(struct sandbox *sandbox, int64_t by_ms, struct azml_error *err);
/* Forget those that ended before that time. */
int sandbox_operations_purge(struct sandbox *sandbox, int64_t before_ms, struct azml_error *err);
/* Answer a GET of an operation's address. 1: answered, 0: not such an address, -1 with `err`. */
int sandbox_operation_poll(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err);

/* The newest one with that address (decoded path): 0 with `*out` NULL where there is none. */
int sandbox_operation_find(struct sandbox *sandbox, const char *path,
                           struct sandbox_operation **out, struct azml_error *err);

/* The next two are operation_wire.c's, for operation.c: the stored address of a new operation
 * ("" where the kind has none), and the headers that tell of it. */
char *sandbox_operation_path(const char *pattern, const struct sandbox_operation_start *start,
                             const char *id, struct azml_error *err);
int sandbox_operation_headers(struct sandbox *sandbox, const struct sandbox_operation_kind *kind,
                              const struct sandbox_operation *operation, bool is_first,
                              struct sandbox_reply *reply, struct azml_error *err);

static inline void sandbox_auto_operation(struct sandbox_operation **operation)
{
    sandbox_operation_free(*operation);
}
#define auto_operation __attribute__((cleanup(sandbox_auto_operation)))

#endif
