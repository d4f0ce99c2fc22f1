/* template_eval.h - gives the strings of an ARM template their values.
 *
 * Pure functions over cJSON: what a template may know of the world is in the scope. Functions and
 * their behaviour: Microsoft Learn, "ARM template functions". A function that the sandbox has not
 * got is an error that says so, never a guess. */
#ifndef AZML_SANDBOX_TEMPLATE_EVAL_H
#define AZML_SANDBOX_TEMPLATE_EVAL_H

#include "azml/error.h"
#include "sandbox/template_expr.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a deployment has of a resource: its `properties`, or with `full` its whole document. The
 * caller's; NULL with `err` set where there is no such resource. */
typedef cJSON *(*azml_template_reference_fn)(void *data, const char *id, bool full,
                                             struct azml_error *err);

/* What expressions may see. All members are lent. */
struct azml_template_scope {
    const char *subscription_id;
    const char *tenant_id;
    const char *subscription_name;
    const char *group;    /* name of the resource group; NULL in a deployment to the subscription */
    const char *location; /* of the group */
    const cJSON *tags;    /* of the group, may be NULL */
    const char *deployment;    /* name of the deployment */
    const cJSON *document;     /* the whole template, may be NULL */
    const cJSON *parameters;   /* name -> value, defaults included; may be NULL */
    const cJSON *variables;    /* name -> value as written, expressions included; may be NULL */
    const cJSON *resource_ids; /* name -> id of the template's resources, for reference('name') */
    int64_t now_ms;            /* for utcNow */
    bool in_default;           /* a parameter's default: utcNow and newGuid are allowed */
    unsigned depth;            /* of variables within variables; start with 0 */
    azml_template_reference_fn reference; /* NULL: not yet, resources do not exist */
    void *reference_data;
};

/* The value of `json` (any document), with every expression in it evaluated and "[[" unescaped;
 * the caller's. NULL with `err` set (AZML_ERROR_USAGE: the template is wrong; what `reference`
 * says: as it says). */
cJSON *azml_template_eval(const struct azml_template_scope *scope, const cJSON *json,
                          struct azml_error *err);

/* The same for one tree. */
cJSON *azml_template_eval_expr(const struct azml_template_scope *scope,
                               const struct azml_expr *expr, struct azml_error *err);

/* Does any expression within `json` ask for something that exists only while deploying
 * (reference or list…)? Expressions that cannot be read count as no. */
bool azml_template_needs_runtime(const cJSON *json);

/* A call of a template function; the arguments are already values and stay the caller's. */
struct azml_template_call {
    const struct azml_template_scope *scope;
    const char *name;
    const cJSON *const *args;
    size_t count;
};

typedef cJSON *(*azml_template_fn)(const struct azml_template_call *call, struct azml_error *err);

struct azml_template_function {
    const char *name; /* any case matches */
    size_t min, max;  /* number of arguments */
    azml_template_fn run;
};

/* The tables of functions, each ended by a row without a name. */
extern const struct azml_template_function azml_template_text_functions[];
extern const struct azml_template_function azml_template_value_functions[];
extern const struct azml_template_function azml_template_scope_functions[];

/* Shared by the tables: an argument that must be of a type, else NULL (or -1) with `err` set. */
const char *azml_template_arg_text(const struct azml_template_call *call, size_t index,
                                   struct azml_error *err);
int azml_template_arg_number(const struct azml_template_call *call, size_t index, int64_t *out,
                             struct azml_error *err);
int azml_template_arg_bool(const struct azml_template_call *call, size_t index, bool *out,
                           struct azml_error *err);

/* "The template function 'x' …": set `err` for a call. Always returns NULL. */
cJSON *azml_template_refuse(const struct azml_template_call *call, const char *what,
                            struct azml_error *err);

/* `json`, or NULL with `err` set to the failure of memory where it is NULL. */
cJSON *azml_template_checked(cJSON *json, struct azml_error *err);

#endif
