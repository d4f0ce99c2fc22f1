/* sandbox.h - the only door to the local Azure: run it, start and stop it, say where it answers.
 *
 * A sandbox has a name (AZML_SANDBOX, else "default") and a folder state/sandbox/NAME that holds
 * all of it: its database, its CA, its machines' homes and the connection file. It shares nothing
 * with the client side of azml, which reaches it over HTTPS only. */
#ifndef AZML_SANDBOX_SANDBOX_H
#define AZML_SANDBOX_SANDBOX_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a sandbox is run. Zero-initialise; what is left out has the default. */
struct azml_sandbox_options {
    const char *name;   /* NULL: $AZML_SANDBOX, else "default"; letters, digits, . _ - */
    double speed;       /* operations take Azure's time divided by this; 0: as last time, else 60 */
    uint16_t port;      /* 0: as last time, else any free one */
    uint32_t page_size; /* entries in a page of a list; 0: as the real service does */
};

/* Serve in the foreground until an interrupt or SIGTERM; machines are ended and everything is on
 * disk when it returns. `ready` (may be NULL) is called once it answers, with the address.
 * 0, or -1 with `err` set (CONFLICT: this sandbox already runs). */
int azml_sandbox_run(const struct azml_sandbox_options *options,
                     void (*ready)(void *data, const char *endpoint), void *data,
                     struct azml_error *err);

/* Make sure that it runs in the background: this executable is spawned as `azml sandbox run` with
 * AZML_SANDBOX in its environment, and has answered when this returns. Several callers at once get
 * one sandbox. `started_out` (may be NULL) tells whether this call started it. A running sandbox is
 * left as it is, and options that it does not have are an error (CONFLICT). */
int azml_sandbox_start(const struct azml_sandbox_options *options, bool *started_out,
                       struct azml_error *err);

/* End it: by its recorded process, after checking that this process is still the sandbox.
 * `stopped_out` (may be NULL) is false where it did not run. */
int azml_sandbox_stop(const char *name, bool *stopped_out, struct azml_error *err);

/* Stop it and remove everything it has: state, CA, machines' homes. Missing is fine. */
int azml_sandbox_reset(const char *name, struct azml_error *err);

/* What is known about a sandbox: {"name","running":bool,"folder"} and, once it has served,
 * "endpoint","pid","startedAt","speed","subscriptionId","tenantId","clientId"; where it runs also
 * "resources" (a number), "operations" (those under way) and "faults". A new document, the
 * caller's; NULL with `err` set. */
cJSON *azml_sandbox_status(const char *name, struct azml_error *err);

/* One variable for another client. */
struct azml_sandbox_variable {
    const char *name;
    char *value;
    bool is_secret;
};
#define AZML_SANDBOX_VARIABLES 8
struct azml_sandbox_env {
    struct azml_sandbox_variable variables[AZML_SANDBOX_VARIABLES];
};

/* AZML_SANDBOX_ENDPOINT, AZML_SANDBOX_AUTHORITY, AZML_SANDBOX_METADATA, AZML_SANDBOX_CA,
 * AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID, in this order.
 * Needs a sandbox that has served once (NOT_FOUND otherwise), not a running one. */
int azml_sandbox_env(const char *name, struct azml_sandbox_env *out, struct azml_error *err);
void azml_sandbox_env_cleanup(struct azml_sandbox_env *env);

/* The calls below reach the running sandbox (NOT_FOUND where it does not run), by a secret of its
 * own in its folder; a token for its resource manager is not enough. */

/* Age everything that exists by that long, and let what would have come due come due. */
int azml_sandbox_clock_advance(const char *name, int64_t seconds, struct azml_error *err);

/* Change what the wire shows of one thing. Zero-initialise; what is left out stays. */
struct azml_sandbox_edit {
    const char *id; /* resource id, in any case */
    enum azml_sandbox_created {
        AZML_SANDBOX_CREATED_KEEP,
        AZML_SANDBOX_CREATED_NONE, /* the service names no creation time */
        AZML_SANDBOX_CREATED_AT,
    } created;
    int64_t created_ms;     /* since 1970 UTC, for AZML_SANDBOX_CREATED_AT; may be in the future */
    int hide_from_list;     /* 1: leave it out of lists, -1: show it again, 0: as it is */
    int hide_from_graph;    /* the same for Resource Graph */
    const char *state;      /* state or provisioningState to show, or NULL */
    const char *managed_by; /* managedBy to show ("" takes it away), or NULL */
};
int azml_sandbox_edit(const char *name, const struct azml_sandbox_edit *edit,
                      struct azml_error *err);

/* What goes wrong with a request. */
enum azml_sandbox_fault_kind {
    AZML_SANDBOX_FAULT_STATUS, /* this status, these headers, this body; nothing takes effect */
    AZML_SANDBOX_FAULT_DELAY,  /* the true answer, `delay_ms` late */
    AZML_SANDBOX_FAULT_RESET,  /* the connection is reset without an answer */
    AZML_SANDBOX_FAULT_CUT,    /* the true answer, ending after `cut_bytes` of its body */
};
struct azml_sandbox_fault {
    const char *method; /* NULL: any */
    const char *path; /* with * or ?: a pattern for path and query; else a part of them; no case */
    uint32_t nth;     /* begin with the nth matching request; 0 and 1: the first */
    uint32_t times;   /* how many in a row; 0: all from there on */
    enum azml_sandbox_fault_kind kind;
    bool after; /* the request takes effect first (STATUS and RESET) */
    int status;
    const char *const
        *headers;      /* NULL-terminated "Name: value", or NULL; a Retry-After goes here */
    const char *body;  /* NULL: empty */
    uint64_t delay_ms; /* also before a STATUS, RESET or CUT */
    uint32_t cut_bytes;
};
/* `id_out` (may be NULL) is the new fault's number. */
int azml_sandbox_fault_add(const char *name, const struct azml_sandbox_fault *fault,
                           int64_t *id_out, struct azml_error *err);

/* [{"id","kind","method","path","nth","times","seen","hit","after",…}], the caller's. */
cJSON *azml_sandbox_fault_list(const char *name, struct azml_error *err);

/* Forget one fault, or all with `id` 0. NOT_FOUND where there is no such fault. */
int azml_sandbox_fault_clear(const char *name, int64_t id, struct azml_error *err);

#endif
