/* timefmt.h - times and durations as text: ISO 8601, RFC 9110 dates, and what people type.
 *
 * Pure functions; nothing here reads a clock. Times are seconds or milliseconds since 1970 UTC. */
#ifndef AZML_BASE_TIMEFMT_H
#define AZML_BASE_TIMEFMT_H

#include "azml/error.h"

#include <stdbool.h>
#include <stdint.h>

#define AZML_TIME_TEXT 40 /* room for any text that these functions write */

/* "2025-11-20T10:00:00Z", also with a fraction and with +hh:mm offsets; a time without a zone is
 * taken as UTC. Return 0, or -1 where it is no such time. */
int azml_time_parse_iso(const char *text, int64_t *unix_ms_out);

/* "2025-11-20T10:00:00Z"; with `fraction` "2025-11-20T10:00:00.1234567Z" as ARM writes it. */
void azml_time_format_iso(char out[AZML_TIME_TEXT], int64_t unix_ms, bool fraction);

/* RFC 9110 section 5.6.7 date, the three forms of it. Return 0 or -1. */
int azml_time_parse_http(const char *text, int64_t *unix_ms_out);
void azml_time_format_http(char out[AZML_TIME_TEXT], int64_t unix_ms);

/* A duration as people type it ("30m", "1h30m", "2d", "90s") or as ISO 8601 ("PT30M", "P3D",
 * "P1DT2H"). No bare numbers, signs, months or years. Return 0, or -1 with `err` set. */
int azml_duration_parse(const char *text, int64_t *seconds_out, struct azml_error *err);

/* "30m", "1h30m", "2d", "45s", "0s". */
void azml_duration_format(char out[AZML_TIME_TEXT], int64_t seconds);

/* "PT30M", "PT1H30M", "P2D". */
void azml_duration_format_iso(char out[AZML_TIME_TEXT], int64_t seconds);

/* Time gone by: "0:14", "12:05", "1:02:03". */
void azml_elapsed_format(char out[AZML_TIME_TEXT], int64_t seconds);

/* Age in its largest unit: "40s", "12m", "2h", "9d", "2y". */
void azml_age_format(char out[AZML_TIME_TEXT], int64_t seconds);

#endif
