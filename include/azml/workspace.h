/* workspace.h - workspaces: making one with all it needs, showing, listing and deleting it.
 *
 * Each is a resumable step: what is there is read first, what is under way is followed, and only
 * what is missing is made. Nothing is remembered on this machine. */
#ifndef AZML_WORKSPACE_H
#define AZML_WORKSPACE_H

#include "azml/arm.h"
#include "azml/error.h"
#include "azml/ml_watch.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* Which workspace; texts are lent. */
struct azml_workspace_ref {
    const char *subscription, *group, *name;
};

/* Its resource id, percent-encoded as a path; the caller's, NULL with `err` set. */
char *azml_workspace_path(const struct azml_workspace_ref *ref, struct azml_error *err);

/* Its document, the caller's; NULL with `err` set, AZML_ERROR_NOT_FOUND where there is none. */
cJSON *azml_workspace_get(struct azml_arm *arm, const struct azml_workspace_ref *ref,
                          struct azml_error *err);

/* All of a group, or of the subscription where `group` is NULL, as an array; the caller's. */
cJSON *azml_workspace_list(struct azml_arm *arm, const char *subscription, const char *group,
                           struct azml_error *err);

/* The address of its page in the studio of that cloud (an empty `studio` gives NULL without an
 * error); the caller's. */
char *azml_workspace_studio(const char *studio, const cJSON *workspace, struct azml_error *err);

/* --- create --- */

struct azml_workspace_create {
    struct azml_workspace_ref ref;
    const char *location;                                          /* NULL: the group's */
    const char *storage_id, *vault_id, *insights_id, *registry_id; /* NULL: made (registry: none) */
    const cJSON *tags; /* for what is made; NULL: none */
    bool no_wait;
    const char *resume; /* what to type to go on, for the hint when waiting ends early */
    const struct azml_watch *watch;
};

/* Check what can be checked before any request: names, and ids that were passed in. 0 or -1. */
int azml_workspace_create_check(const struct azml_workspace_create *what, struct azml_error *err);

/* How a create ended. */
enum azml_made {
    AZML_MADE_NEW,      /* it is there now and was not */
    AZML_MADE_ALREADY,  /* it was there: nothing was changed */
    AZML_MADE_ACCEPTED, /* under no_wait: the service works on it */
};

struct azml_workspace_created {
    enum azml_made how;
    cJSON *document; /* of the workspace, the caller's; NULL when only accepted */
};

/* Check the names, make the group where it is missing and a location is given, and make the
 * workspace with one deployment (or follow the one that already runs). Return 0, or -1 with `err`
 * set: the failed inner operation of the deployment is what it shows. */
int azml_workspace_create(struct azml_arm *arm, const struct azml_workspace_create *what,
                          struct azml_workspace_created *out, struct azml_error *err);

/* --- delete --- */

struct azml_workspace_delete {
    struct azml_workspace_ref ref;
    bool with_dependents; /* also what azml made for it and nothing else uses */
    bool purge;           /* leave nothing soft-deleted behind */
    bool no_wait;         /* of the workspace alone: dependents can only go after it */
    const char *resume;
    const struct azml_watch *watch;
};

/* What a deletion would take; read before anybody is asked. */
struct azml_workspace_plan {
    char *id;              /* path of the workspace */
    bool is_there;         /* false: gone already, with dependents left over */
    size_t computes;       /* in it; they go with it */
    bool computes_unknown; /* they could not be listed */
    cJSON *dependents;     /* array of {id, type, name, location}, in the order to delete them */
    cJSON *kept;           /* array of {id, why}: made for it but used by something else */
    cJSON *deleted_vaults; /* array of {id, name}: soft-deleted ones made for it, to be purged */
};
void azml_workspace_plan_cleanup(struct azml_workspace_plan *plan);

/* Read what would go. AZML_ERROR_NOT_FOUND where there is neither the workspace nor anything that
 * was made for it. */
int azml_workspace_plan_delete(struct azml_arm *arm, const struct azml_workspace_delete *what,
                               struct azml_workspace_plan *plan_out, struct azml_error *err);

/* Delete it: the workspace first, followed until a GET says 404, then the dependents, then what
 * stays soft-deleted. Return 0, or -1 with `err` set. */
int azml_workspace_run_delete(struct azml_arm *arm, const struct azml_workspace_delete *what,
                              const struct azml_workspace_plan *plan, struct azml_error *err);

#endif
