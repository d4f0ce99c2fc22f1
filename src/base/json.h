/* json.h - reading and building cJSON documents by path, with errors that name the path.
 *
 * A path is member names and array positions joined by dots: "properties.sshSettings.sshPort",
 * "value.0.name". Member names are found without regard to case (ARM and its providers disagree on
 * it), an exact match first. It keeps no state and knows nothing of ARM. */
#ifndef AZML_BASE_JSON_H
#define AZML_BASE_JSON_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parse the whole of `text` (a leading byte order mark is skipped; anything behind the document but
 * white space is an error; nesting is bounded by AZML_LIMIT_JSON_DEPTH). The result is the
 * caller's. NULL with `err` set otherwise. */
cJSON *azml_json_parse(const char *text, size_t length, struct azml_error *err);

/* The text of a document, the caller's to free; NULL with `err` set when memory runs out. `pretty`
 * lays it out in lines, two spaces a level. */
char *azml_json_print(const cJSON *json, bool pretty, struct azml_error *err);

/* What stands at `path`, lent; NULL where it is missing or null. "" is the document itself. */
const cJSON *azml_json_at(const cJSON *json, const char *path);

/* The text at `path`, lent; NULL where it is missing, null or no string. */
const char *azml_json_text(const cJSON *json, const char *path);

/* Required values: 0, or -1 with an `err` that tells missing from wrong type and names the path. */
int azml_json_string(const cJSON *json, const char *path, const char **out, struct azml_error *err);
int azml_json_number(const cJSON *json, const char *path, double *out, struct azml_error *err);
int azml_json_array(const cJSON *json, const char *path, const cJSON **out, struct azml_error *err);
int azml_json_object(const cJSON *json, const char *path, const cJSON **out,
                     struct azml_error *err);

/* Optional values: what stands there if it has that type, else `otherwise`. A number may also
 * arrive as a string of digits. */
double azml_json_number_or(const cJSON *json, const char *path, double otherwise);
int64_t azml_json_int_or(const cJSON *json, const char *path, int64_t otherwise);
bool azml_json_bool_or(const cJSON *json, const char *path, bool otherwise);

/* Put a value at `path`, making the objects on the way and replacing what was there; numbers in
 * the path are member names here, arrays are not made. Each returns 0, or -1 when memory ran out or
 * something on the way is no object. `_put` takes over `value` in either case (NULL counts as out
 * of memory); `_put_text` with NULL puts null. */
int azml_json_put(cJSON *json, const char *path, cJSON *value);
int azml_json_put_text(cJSON *json, const char *path, const char *text);
int azml_json_put_number(cJSON *json, const char *path, double number);
int azml_json_put_bool(cJSON *json, const char *path, bool value);

/* The same for one member whose name may hold dots. */
int azml_json_put_member(cJSON *object, const char *name, cJSON *value);

/* Append to an array; takes over `item` in either case. 0 or -1 (out of memory). */
int azml_json_append(cJSON *array, cJSON *item);

/* Take away what stands at `path`; nothing happens where nothing is. */
void azml_json_remove(cJSON *json, const char *path);

#endif
