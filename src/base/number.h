/* number.h - whole numbers from text, all of it or nothing. */
#ifndef AZML_BASE_NUMBER_H
#define AZML_BASE_NUMBER_H

#include "azml/error.h"

#include <stdint.h>

/* Decimal digits only, within bounds. Return 0, or -1 with `err` set and `out` untouched. */
int azml_number_parse_u32(const char *text, uint32_t min, uint32_t max, uint32_t *out,
                          struct azml_error *err);
int azml_number_parse_i64(const char *text, int64_t min, int64_t max, int64_t *out,
                          struct azml_error *err);

#endif
