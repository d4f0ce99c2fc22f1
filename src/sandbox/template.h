/* template.h - an ARM deployment template, read, checked and put in order.
 *
 * Pure: it says what is to be made and in which order, and makes nothing (deployment.c does). The
 * language: schema 2019-04-01/deploymentTemplate.json with parameters, variables, resources and
 * outputs. What is not supported (copy, nested resources, linked templates, functions of one's own)
 * is an error that says so. */
#ifndef AZML_SANDBOX_TEMPLATE_H
#define AZML_SANDBOX_TEMPLATE_H

#include "azml/error.h"
#include "sandbox/template_eval.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct azml_template_resource {
    char *id;
    char *type; /* "Microsoft.Storage/storageAccounts" */
    char *name; /* "account", or "parent/child" */
    char *api_version;
    const cJSON *source; /* as the template has it, lent by the template's document */
    bool is_wanted;      /* its condition, true where it has none */
    size_t *needs;       /* positions of the resources that must be there before */
    size_t need_count;
};

struct azml_template {
    cJSON *document;   /* owned copy of the template */
    cJSON *parameters; /* name -> value */
    cJSON *echo;       /* name -> {"type","value"?}, secrets without a value */
    cJSON *ids;        /* name of a resource -> id */
    struct azml_template_resource *resources; /* a needed one comes before who needs it */
    size_t count;
    struct azml_template_scope scope; /* the caller's texts, this template's documents */
};

/* Read `document` with the parameters of the request ({"name":{"value":…}}, may be NULL) for the
 * place that `scope` describes (its texts stay the caller's and must outlive the template). Checks
 * parameters, shape, types and names, dependencies and their order. Return 0, or -1 with `err` set
 * (AZML_ERROR_USAGE) to the sentence of an InvalidTemplate error. */
int azml_template_read(struct azml_template *template, const cJSON *document,
                       const cJSON *parameters, const struct azml_template_scope *scope,
                       struct azml_error *err);

/* The body to PUT for resource `index`: location, tags, kind, sku, identity, properties and so on,
 * evaluated; the caller's. `scope` is the template's own, or a copy of it that knows references. */
cJSON *azml_template_body(const struct azml_template *template, size_t index,
                          const struct azml_template_scope *scope, struct azml_error *err);

/* The outputs as a deployment shows them: {"name":{"type":"String","value":…}}; the caller's. */
cJSON *azml_template_outputs(const struct azml_template *template,
                             const struct azml_template_scope *scope, struct azml_error *err);

void azml_template_cleanup(struct azml_template *template);

#endif
