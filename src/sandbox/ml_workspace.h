/* ml_workspace.h - Machine Learning workspaces (reference section 4).
 *
 * Creation answers 202 with nothing and two addresses; deletion keeps the workspace as soft-deleted
 * for 14 days unless forceToPurge is asked for. */
#ifndef AZML_SANDBOX_ML_WORKSPACE_H
#define AZML_SANDBOX_ML_WORKSPACE_H

#include "sandbox/ml.h"

#define ML_WORKSPACE_KEPT_MS (14LL * 24 * 3600 * 1000)

sandbox_handler_fn sandbox_ml_workspace_put;
sandbox_handler_fn sandbox_ml_workspace_get;
sandbox_handler_fn sandbox_ml_workspace_patch;
sandbox_handler_fn sandbox_ml_workspace_delete;
sandbox_handler_fn sandbox_ml_workspace_list; /* of a group or of the subscription */

sandbox_handler_fn sandbox_ml_workspace_keys;
sandbox_handler_fn sandbox_ml_workspace_notebook_keys;
sandbox_handler_fn sandbox_ml_workspace_storage_keys;
sandbox_handler_fn sandbox_ml_workspace_diagnose;
sandbox_handler_fn sandbox_ml_workspace_resync;

sandbox_step_fn sandbox_ml_workspace_created;
sandbox_step_fn sandbox_ml_workspace_deleted;
sandbox_step_fn sandbox_ml_workspace_diagnosed;
sandbox_step_fn sandbox_ml_workspace_resynced;

/* When a workspace goes, by its own DELETE or with its group: keep it as soft-deleted, unless its
 * deletion asked for a purge. */
int sandbox_ml_workspace_removing(struct sandbox *sandbox, const struct sandbox_resource *resource,
                                  struct azml_error *err);

/* Is the body of a PUT or PATCH on this workspace (NULL: it is new) acceptable? Fills in the reply
 * where it is not. (ml_workspace_check.c) */
bool sandbox_ml_workspace_check(struct sandbox *sandbox, const struct sandbox_request *request,
                                struct sandbox_reply *reply,
                                const struct sandbox_resource *existing);
bool sandbox_ml_workspace_check_patch(struct sandbox *sandbox,
                                      const struct sandbox_request *request,
                                      struct sandbox_reply *reply);

/* The resource that a dependent's id names: NULL where there is none. */
struct sandbox_resource *sandbox_ml_dependent(struct sandbox *sandbox, const char *id);

#endif
