/* deployment.h - template deployments to a resource group: their record, their checks, their run.
 *
 * The record is a resource: `body` is what GET shows; `hidden` holds the template, the parameters
 * as resolved, and the operations. rp_deployments.c answers requests, deployment_run.c makes the
 * resources. Reference section 4.8. */
#ifndef AZML_SANDBOX_DEPLOYMENT_H
#define AZML_SANDBOX_DEPLOYMENT_H

#include "sandbox/arm.h"
#include "sandbox/template.h"

#define DEPLOYMENT_TYPE "Microsoft.Resources/deployments"
#define DEPLOYMENT_RUN  "deployment.run"

/* A template with all that its scope lends. Zero-initialise. */
struct deployment_plan {
    struct azml_template template;
    struct sandbox_resource *group;
    struct sandbox_resource *subscription;
};

/* Read a template for the group of that id. Return 0, or -1 with `err` set: USAGE is the template's
 * fault (InvalidTemplate), anything else the sandbox's. */
int deployment_plan_read(struct sandbox *sandbox, struct deployment_plan *plan,
                         const char *group_id, const char *name, const cJSON *document,
                         const cJSON *parameters, struct azml_error *err);
void deployment_plan_cleanup(struct deployment_plan *plan);
#define auto_plan __attribute__((cleanup(deployment_plan_cleanup)))

/* --- the record --- */
/* Fill in what a deployment shows from its beginning; `state` is its provisioningState. */
int deployment_describe(struct sandbox *sandbox, struct sandbox_resource *record,
                        const struct deployment_plan *plan, const char *state);
/* Set provisioningState, timestamp and duration. */
int deployment_set_state(struct sandbox *sandbox, struct sandbox_resource *record,
                         const char *state);
bool deployment_is_active(const struct sandbox_resource *record);
/* Add an operation to the record; its position, or -1 where memory ran out. `resource` may be NULL
 * (the evaluation of outputs). */
int deployment_add_operation(struct sandbox *sandbox, struct sandbox_resource *record,
                             const struct azml_template_resource *resource, const char *word);
/* Say how the operation at that position ended; `error` (lent) may be NULL. */
int deployment_end_operation(struct sandbox *sandbox, struct sandbox_resource *record, int position,
                             const char *state, const char *status_code, const cJSON *error);
/* "Conflict" for 409 and so on. */
const char *deployment_status_word(int http_status);

/* --- before it starts --- */
/* What the service checks before it accepts a deployment: types and versions, and what storage says
 * to its accounts. Fills in `reply` where it refuses. 0, or -1 with `err` set. */
int deployment_preflight(struct sandbox *sandbox, const struct deployment_plan *plan,
                         const char *name, struct sandbox_reply *reply, struct azml_error *err);
/* Register the providers that the template needs. */
int deployment_register(struct sandbox *sandbox, const struct deployment_plan *plan,
                        struct azml_error *err);
/* Does the answer only say that something else is at work on the resource just now? */
bool deployment_is_busy(const struct sandbox_reply *reply);
/* "/id?api-version=…" of a resource, percent-encoded; the caller's. */
char *deployment_target(const struct azml_template_resource *resource, struct azml_error *err);

/* --- while it runs --- */
sandbox_step_fn deployment_step;

#endif
