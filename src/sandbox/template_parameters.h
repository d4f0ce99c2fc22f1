/* template_parameters.h - the parameters of a template: given, defaulted, checked.
 *
 * Types, allowedValues and the four bounds; no metadata, no user-defined types. */
#ifndef AZML_SANDBOX_TEMPLATE_PARAMETERS_H
#define AZML_SANDBOX_TEMPLATE_PARAMETERS_H

#include "sandbox/template_eval.h"

/* Fill `values` (name -> value) and `echo` (name -> {"type","value"?}), both empty objects, from
 * the declarations of a template and what the request gave ({"name":{"value":…}}); either may be
 * NULL. Return 0, or -1 with `err` set. */
int azml_template_parameters(const struct azml_template_scope *scope, const cJSON *declared,
                             const cJSON *given, cJSON *values, cJSON *echo,
                             struct azml_error *err);

/* Does `value` fit a type of the template language ("string", "int", "bool", "array", "object",
 * "securestring", "secureobject", any case)? `type_out` gets its spelling on the wire ("String").
 */
bool azml_template_fits_type(const cJSON *value, const char *type, const char **type_out);

#endif
