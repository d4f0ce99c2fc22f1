/* help.h - help pages, made from the tables and from nothing else.
 *
 * Text only: the pages that people read on a terminal. Printing them is output.h's. */
#ifndef AZML_CLI_HELP_H
#define AZML_CLI_HELP_H

#include "base/str.h"
#include "cli/command.h"

/* Add the page for `topic`: "" (everything), a noun or first words ("sandbox fault"), or a
 * command's whole path. 0, or -1 with `err` set (AZML_ERROR_USAGE) where there is no such thing. */
int azml_help_page(const struct azml_table *table, const char *topic, struct azml_str *out,
                   struct azml_error *err);

/* Add "azml compute start COMPUTE [options]". */
void azml_help_usage(const struct azml_command *command, struct azml_str *out);

/* Add the table of exit statuses: as text, or as the Markdown page docs/exit-codes.md. */
void azml_help_exit_codes(struct azml_str *out);
void azml_help_exit_codes_markdown(struct azml_str *out);

#endif
