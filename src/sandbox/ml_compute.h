/* ml_compute.h - computes of a workspace: instances and clusters (reference section 5).
 *
 * The handlers here serve both kinds; ml_instance.c has the life of an instance, ml_cluster.c that
 * of a cluster, ml_compute_check.c what a request may not say. */
#ifndef AZML_SANDBOX_ML_COMPUTE_H
#define AZML_SANDBOX_ML_COMPUTE_H

#include "sandbox/ml.h"
#include "sandbox/ml_sizes.h"

#include <stdint.h>

sandbox_handler_fn sandbox_ml_compute_put;
sandbox_handler_fn sandbox_ml_compute_get;
sandbox_handler_fn sandbox_ml_compute_list;
sandbox_handler_fn sandbox_ml_compute_patch;
sandbox_handler_fn sandbox_ml_compute_delete;
sandbox_handler_fn sandbox_ml_compute_start;
sandbox_handler_fn sandbox_ml_compute_stop;
sandbox_handler_fn sandbox_ml_compute_restart;
sandbox_handler_fn sandbox_ml_compute_nodes;
sandbox_handler_fn sandbox_ml_compute_keys;
sandbox_handler_fn sandbox_ml_compute_idle;

sandbox_step_fn sandbox_ml_compute_updated;
sandbox_step_fn sandbox_ml_compute_deleted;
sandbox_step_fn sandbox_ml_instance_created;
sandbox_step_fn sandbox_ml_instance_started;
sandbox_step_fn sandbox_ml_instance_stopped;
sandbox_step_fn sandbox_ml_instance_idled;
sandbox_step_fn sandbox_ml_cluster_created;
sandbox_step_fn sandbox_ml_cluster_scaled;
sandbox_step_fn sandbox_ml_cluster_resized;

int sandbox_ml_compute_removing(struct sandbox *sandbox, const struct sandbox_resource *resource,
                                struct azml_error *err);

/* --- between the files of this module --- */
bool sandbox_ml_is_instance(const cJSON *body);

/* The compute of the request; where there is none, *out is NULL and the reply is a 404. */
int sandbox_ml_compute_find(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct sandbox_resource **out,
                            struct azml_error *err);

/* Start an operation on a compute, with its headers in the reply. */
int sandbox_ml_compute_begin(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, const struct sandbox_resource *compute,
                             const char *kind, double azure_seconds, struct azml_error *err);

/* vmSize as the service shows it: in capitals. 0 or -1. */
int sandbox_ml_compute_put_size(cJSON *body, const char *size);

/* Does an instance of that api-version know idle shutdown? Only previews and 2025-12-01 on. */
bool sandbox_ml_version_knows_idle(const char *api_version);

/* What a PUT asks for, checked: false with `reply` filled in where the service would refuse it.
 * `existing` is NULL for a new compute. */
bool sandbox_ml_compute_check(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply, const struct sandbox_resource *workspace,
                              const struct sandbox_resource *existing);
/* The parts of it that are about an instance alone (ml_instance_check.c): SSH, idle shutdown,
 * schedules, scripts. */
bool sandbox_ml_instance_check(struct sandbox *sandbox, const struct sandbox_request *request,
                               struct sandbox_reply *reply);
/* Is the public key at `path`, where there is one, of a kind that the service takes? */
bool sandbox_ml_key_check(const struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, const char *path);
/* Refuse with 400. Returns false. */
bool sandbox_ml_refuse(const struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, const char *code, const char *message);
/* scaleSettings in a PUT or PATCH. */
bool sandbox_ml_scale_check(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply);
/* An idle time within PT15M and P3D, found at `path` of the body. */
bool sandbox_ml_idle_check(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, const char *path);

/* Fill in the document of a new instance or cluster from the request. 0 or -1 (no memory). */
int sandbox_ml_instance_fill(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_resource *compute, bool is_new);
int sandbox_ml_cluster_fill(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_resource *compute, bool is_new);

/* The document as GET shows it now: address and port of a running instance come from its machine.
 * The caller's; NULL when memory runs out. */
cJSON *sandbox_ml_instance_show(struct sandbox *sandbox, const struct sandbox_resource *compute);

/* Begin to stop, whoever asked ("User", "IdleShutdown"); `request` and `reply` are NULL for a
 * timer. */
int sandbox_ml_instance_stop(struct sandbox *sandbox, struct sandbox_resource *compute,
                             const char *trigger, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err);
/* Arm the idle timer of a running instance anew. */
int sandbox_ml_instance_arm(struct sandbox *sandbox, const struct sandbox_resource *compute,
                            struct azml_error *err);
/* lastOperation: name ("Start"), status ("InProgress") and trigger ("User"). 0 or -1. */
int sandbox_ml_instance_note(const struct sandbox *sandbox, cJSON *body, const char *name,
                             const char *status, const char *trigger);

#endif
