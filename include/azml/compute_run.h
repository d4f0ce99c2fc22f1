/* compute_run.h - creating, starting, stopping, restarting and deleting computes.
 *
 * Each is a resumable step towards a state: what is there already is left alone, what is under way
 * is followed, what is missing is started. SSH itself is not tried here (azml/ssh.h). */
#ifndef AZML_COMPUTE_RUN_H
#define AZML_COMPUTE_RUN_H

#include "azml/arm.h"
#include "azml/compute.h"
#include "azml/error.h"
#include "azml/ml_watch.h"
#include "azml/workspace.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* The resource id of a compute, percent-encoded as a path; the caller's. */
char *azml_compute_path(const struct azml_workspace_ref *workspace, const char *name,
                        struct azml_error *err);

/* Its document, the caller's; NULL with `err` set (AZML_ERROR_NOT_FOUND names the nearest). */
cJSON *azml_compute_get(struct azml_arm *arm, const struct azml_workspace_ref *workspace,
                        const char *name, struct azml_error *err);

/* All computes of a workspace as an array; the caller's. */
cJSON *azml_compute_list(struct azml_arm *arm, const struct azml_workspace_ref *workspace,
                         struct azml_error *err);

/* --- create --- */

struct azml_compute_create {
    struct azml_workspace_ref workspace;
    struct azml_compute_spec spec; /* its location is not read: it is the workspace's */
    /* Called right before it is created where spec.ssh_key is NULL: the line of a key to use, the
     * caller's to free; NULL with `err` set fails the creation. NULL: no SSH. */
    char *(*make_key)(void *data, struct azml_error *err);
    void *key_data;
    bool no_wait;
    const char *resume; /* what to type to go on */
    const struct azml_watch *watch;
};

struct azml_compute_created {
    enum azml_made how;
    cJSON *document; /* the caller's; NULL when only accepted without a body */
};

/* Look first (workspace, compute, sizes and quota in one batch), then create it and wait until it
 * runs and, where SSH was asked for and is reported as open, has an address. An existing one that
 * fits is followed or left alone; a broken one is an error that says what to do. */
int azml_compute_create(struct azml_arm *arm, const struct azml_compute_create *what,
                        struct azml_compute_created *out, struct azml_error *err);

/* --- start, stop, restart, delete: several at once --- */

enum azml_compute_act {
    AZML_COMPUTE_START,
    AZML_COMPUTE_STOP,
    AZML_COMPUTE_RESTART,
    AZML_COMPUTE_DELETE,
};

struct azml_compute_many {
    struct azml_workspace_ref workspace;
    enum azml_compute_act act;
    const char *const *names;
    size_t count;
    bool if_exists; /* a missing one is fine (delete) */
    bool no_wait;
    const char *resume;
    const struct azml_watch *watch;
};

/* How it ended for one of them. */
struct azml_compute_ended {
    bool was_so;     /* in the wanted state already, or gone already: nothing was sent */
    bool accepted;   /* under no_wait: the service works on it */
    cJSON *document; /* as it is now; NULL when deleted, accepted or failed */
    struct azml_error error;
};
void azml_compute_ended_cleanup(struct azml_compute_ended *ended, size_t count);

/* Do it to all of them together: one that is on its way is waited for first. `ended_out` has room
 * for `count` and is filled (zeroed before) in either case. Returns 0 when all reached their goal;
 * -1 with `err` set: the one failure, or AZML_ERROR_PARTIAL when some of several failed. */
int azml_compute_do(struct azml_arm *arm, const struct azml_compute_many *what,
                    struct azml_compute_ended *ended_out, struct azml_error *err);

#endif
