/* ml.h - what the parts of the Machine Learning provider share: names, errors, request checks.
 *
 * Private to ml_*.c. Facts from the Machine Learning REST API (2025-12-01) and recorded traffic. */
#ifndef AZML_SANDBOX_ML_H
#define AZML_SANDBOX_ML_H

#include "sandbox/provider.h"

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

#define ML_NAMESPACE "Microsoft.MachineLearningServices"
#define ML_WORKSPACE ML_NAMESPACE "/workspaces"
#define ML_COMPUTE   ML_NAMESPACE "/workspaces/computes"

#define ML_WORKSPACE_SEGMENTS 8 /* subscriptions/s/resourceGroups/rg/providers/N/workspaces/w */
#define ML_COMPUTE_SEGMENTS   10

#define ML_PAGE_SIZE 50

/* An error in this service's own style: code, message, and additionalInfo that says which
 * component spoke. Return 0. */
int sandbox_ml_error(const struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, int status, const char *code, const char *format,
                     ...) AZML_PRINTF(6, 7);

enum sandbox_ml_type {
    ML_TEXT,
    ML_BOOL, /* "true" and "false" as text are taken too, as the service does */
    ML_NUMBER,
    ML_OBJECT,
    ML_ARRAY,
    ML_DURATION, /* ISO 8601 */
};

/* What a member of a body must be; a table of them ends with {0}. null counts as missing. */
struct sandbox_ml_rule {
    const char *path;
    enum sandbox_ml_type type;
    bool is_required;
    const char *words; /* allowed values of a text, separated by |, without case; NULL: any */
};

/* Check the body against the rules. True where it fits; else `reply` is a 400. */
bool sandbox_ml_check(const struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, const struct sandbox_ml_rule *rules);

/* Is `text` one of "a|b|c", without case? */
bool sandbox_ml_is_word(const char *text, const char *words);

/* A bool that may have come as text. */
bool sandbox_ml_bool_or(const cJSON *json, const char *path, bool otherwise);

/* A copy of the text at `path`, put at the same path of `to`; what is missing stays as it was. */
int sandbox_ml_copy(cJSON *to, const char *to_path, const cJSON *from, const char *from_path);

/* systemData: at creation (`system` NULL or without createdAt) and at every change. 0 or -1. */
int sandbox_ml_stamp(const struct sandbox *sandbox, const struct sandbox_request *request,
                     cJSON *body);

/* Now, as ISO 8601 text with a fraction. */
void sandbox_ml_now(const struct sandbox *sandbox, char *out);

/* Is it the short name of a region that exists and takes workspaces? */
bool sandbox_ml_is_region(const char *location);

/* Turn "West Europe" or "westeurope" into "westeurope"; cut to fit. */
void sandbox_ml_location(const char *text, char *out, size_t room);

/* The group of the request by the name that it was made with; the caller's, NULL with `err`. */
char *sandbox_ml_group_id(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct azml_error *err);

/* The workspace that the request is about or below: 0 with `*out` NULL where there is none. */
int sandbox_ml_get_workspace(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_resource **out, struct azml_error *err);
/* The compute that the request is about: 0 with `*out` NULL where there is none. */
int sandbox_ml_get_compute(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_resource **out, struct azml_error *err);

/* Keep a changed resource. */
int sandbox_ml_put(struct sandbox *sandbox, struct sandbox_resource *resource,
                   struct azml_error *err);

#endif
