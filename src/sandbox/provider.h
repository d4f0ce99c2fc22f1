/* provider.h - what one resource provider of the sandbox brings: routes, operations, hooks.
 *
 * A provider is one file (or a few) exporting one `const struct sandbox_provider`; providers.c
 * lists them all. The router enforces what is the same for everybody (router.h), so that handlers
 * only see requests that passed. */
#ifndef AZML_SANDBOX_PROVIDER_H
#define AZML_SANDBOX_PROVIDER_H

#include "sandbox/operation.h"
#include "sandbox/reply.h"
#include "sandbox/request.h"
#include "sandbox/store.h"
#include "sandbox/world.h"

/* Answer a request. Return 0 with `reply` filled in, whatever its status; -1 with `err` set only
 * where the sandbox itself failed (disk, memory), which is answered by 500.
 *
 * A handler runs inside a transaction of the store: a status below 400 commits it before anything
 * is sent, 400 and above (and -1) undo every change that the handler made. */
typedef int sandbox_handler_fn(struct sandbox *sandbox, const struct sandbox_request *request,
                               struct sandbox_reply *reply, struct azml_error *err);

enum sandbox_route_flag {
    SANDBOX_ROUTE_NO_AUTH = 1,    /* no token asked for */
    SANDBOX_ROUTE_NO_VERSION = 2, /* no api-version asked for */
    SANDBOX_ROUTE_RAW_BODY = 4,   /* the handler parses the body itself (request->json NULL) */
    SANDBOX_ROUTE_FALLBACK = 8,   /* only where no other row matches (generic resources) */
    SANDBOX_ROUTE_ANY_REGISTRATION = 16,  /* works though the provider is not registered */
    SANDBOX_ROUTE_READ_REGISTRATION = 32, /* reads too need a registered provider */
    SANDBOX_ROUTE_PARENT = 64,    /* the parent resource (path without its last type and name,
                                     or without its last type for a list or action) must
                                     exist: 404 ParentResourceNotFound for a write,
                                     404 ResourceNotFound for a read */
    SANDBOX_ROUTE_NO_GUARD = 128, /* no guard is asked (deleting a lock under that lock) */
    SANDBOX_ROUTE_IS_READ = 256,  /* a POST that only reads: no lock, no registration needed */
};

/* One row; a table of them ends with {0}.
 *
 * `pattern`: segments compared without case; "{name}" takes one segment, "{*name}" one or more
 * (joined by "/", starting with none). Names with a meaning to the router: {s} subscription id,
 * {rg} resource group. "/{*scope}/providers/…" serves extension resources at any scope.
 * Where several rows match, the one with the most literal segments wins, then the first.
 *
 * `type`: "Namespace/type" as in data/providers.tsv: decides which api-versions are taken and which
 * provider must be registered; NULL for none (any well-formed api-version is taken). */
struct sandbox_route {
    const char *method; /* "GET", …; "*" for any. HEAD falls back to a GET row, body left out */
    const char *pattern;
    sandbox_handler_fn *handle;
    const char *type;
    unsigned flags;
};

/* Called when a stored resource of that type is about to be removed by sandbox_resource_remove:
 * end machines, keep it as soft-deleted, let go of names. The store still has it. */
struct sandbox_type {
    const char *type; /* compared without case */
    int (*removing)(struct sandbox *sandbox, const struct sandbox_resource *resource,
                    struct azml_error *err);
};

struct sandbox_provider {
    const char *name;                                /* for log lines */
    const struct sandbox_route *routes;              /* ends with {0}, or NULL */
    const struct sandbox_operation_kind *operations; /* ends with {0}, or NULL */
    const struct sandbox_type *types;                /* ends with {0}, or NULL */

    /* Asked for every request to the resource manager that passed the router's own checks, before
     * its handler. To refuse, fill in `reply` (status not 0): locks, policies, a disabled
     * subscription. May be NULL. */
    sandbox_handler_fn *guard;

    /* The sandbox starts (store open, loop there, address known): make what must be there from the
     * beginning, start machines again. Runs in a transaction. May be NULL. */
    int (*start)(struct sandbox *sandbox, struct azml_error *err);
    /* It stops: end machines and processes. May be NULL. */
    void (*stop)(struct sandbox *sandbox);
    /* About once a second of real time, outside a transaction. May be NULL. */
    void (*tick)(struct sandbox *sandbox);
};

/* All providers, NULL-terminated (providers.c). */
extern const struct sandbox_provider *const sandbox_providers[];

/* A request that one provider makes to another inside the sandbox: routed like one that came over
 * the wire with this caller, but without token, throttling, faults and registration checks. Runs
 * in a nested transaction of its own. `reply` is filled in; a redirect or operation is not
 * followed. */
struct sandbox_call {
    const char *method;
    const char *target;                  /* path with ?api-version=… */
    const cJSON *body;                   /* lent, or NULL */
    const struct sandbox_caller *caller; /* NULL: the sandbox's own service principal */
};
int sandbox_call(struct sandbox *sandbox, const struct sandbox_call *call,
                 struct sandbox_reply *reply, struct azml_error *err);

/* Remove a stored resource and everything below it (children, extension resources such as locks),
 * deepest first, asking each type's `removing` hook. No operation, no lock check; a thing that is
 * not there is fine. */
int sandbox_resource_remove(struct sandbox *sandbox, const char *id, struct azml_error *err);

/* Is that provider registered in the subscription? Its state as the wire shows it ("Registered",
 * "NotRegistered", "Registering", …): what was set, else the default of data/providers.tsv; NULL
 * where there is no such provider. Static text or lent until the next call. */
const char *sandbox_registration(struct sandbox *sandbox, const char *subscription_id,
                                 const char *provider_namespace);
int sandbox_registration_set(struct sandbox *sandbox, const char *subscription_id,
                             const char *provider_namespace, const char *state,
                             struct azml_error *err);

#endif
