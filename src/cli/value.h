/* value.h - one typed value into the struct that a row points to.
 *
 * The only place that knows how each kind of option is read, checked and kept. */
#ifndef AZML_CLI_VALUE_H
#define AZML_CLI_VALUE_H

#include "cli/command.h"

/* What the option is called in sentences: "--location", or "COMPUTE" for a word. Lent or static,
 * good until the next call. */
const char *azml_option_title(const struct azml_option *option);

/* Keep `text` (NULL for a flag) in the member of `args`; a list grows. The text is lent. 0, or -1
 * with `err` set where it is not allowed there. */
int azml_value_store(const struct azml_option *option, void *args, const char *text,
                     struct azml_error *err);

/* Was anything kept? Knows strings and lists; anything else counts as given. */
bool azml_value_is_given(const struct azml_option *option, const void *args);

/* Put the fallbacks of all rows in. 0, or -1 with `err` set. */
int azml_values_default(const struct azml_option *options, void *args, struct azml_error *err);

/* Free what lists hold. */
void azml_values_free(const struct azml_option *options, void *args);

#endif
