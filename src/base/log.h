/* log.h - what is said under --verbose and --debug, and the redaction that guards it.
 *
 * Writes to stderr. Not for results, errors or progress: those belong to cli. */
#ifndef AZML_BASE_LOG_H
#define AZML_BASE_LOG_H

#include "azml/error.h"

#include <stdbool.h>

enum azml_log_level { AZML_LOG_QUIET, AZML_LOG_NORMAL, AZML_LOG_VERBOSE, AZML_LOG_DEBUG };

void azml_log_set_level(enum azml_log_level level);
enum azml_log_level azml_log_level(void);
bool azml_log_enabled(enum azml_log_level level);

/* Say one line when the level is on. */
void azml_log(enum azml_log_level level, const char *format, ...) AZML_PRINTF(2, 3);

/* May the value of this header or query or JSON member be shown? Names without regard to case. */
bool azml_log_is_secret_name(const char *name);

/* The text with every bearer token, "…secret…", password, key and signature value replaced by
 * "(redacted)", for traces; the caller's, or NULL with err. */
char *azml_log_redact(const char *text, struct azml_error *err);

#endif
