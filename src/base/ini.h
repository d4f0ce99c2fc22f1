/* ini.h - reading settings files: [sections], key = value, comments with # or ;.
 *
 * Text in, calls out. It neither finds nor writes files and gives no key a meaning. */
#ifndef AZML_BASE_INI_H
#define AZML_BASE_INI_H

#include "azml/error.h"

/* One value. `section` is "" before the first section. The texts are lent for the call. Return 0 to
 * go on; anything else ends the reading. */
typedef int azml_ini_fn(void *data, const char *section, const char *key, const char *value,
                        struct azml_error *err);

/* Hand every value of `text` to `each`, in order. White space around names and values is left out,
 * a value may stand between double quotes, and a byte order mark and CR LF are fine. Return 0, -1
 * with `err` set where a line is none of it (its number is said), or what `each` returned. */
int azml_ini_read(const char *text, azml_ini_fn *each, void *data, struct azml_error *err);

/* The last value of `key` in `section`, the caller's; NULL where there is none (`err` untouched)
 * and where the text is broken or memory ran out (`err` set). Names without regard to case. */
char *azml_ini_value(const char *text, const char *section, const char *key,
                     struct azml_error *err);

#endif
