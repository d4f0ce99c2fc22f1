/* relaxed_json.h - JSON as ARM reads deployments: with comments, bare names and trailing commas.
 *
 * az sends a template file verbatim under an unquoted key, comments included. Everything else of
 * the sandbox reads strict JSON. */
#ifndef AZML_SANDBOX_RELAXED_JSON_H
#define AZML_SANDBOX_RELAXED_JSON_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stddef.h>

/* The document of a text that may hold line and block comments, names without quotes and a comma
 * behind the last member or item. The caller's; NULL with `err` set where even so it is none. */
cJSON *azml_relaxed_json_parse(const char *text, size_t length, struct azml_error *err);

#endif
