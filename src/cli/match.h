/* match.h - which command and which option the typed words name; and which were meant.
 *
 * Lookups in the tables, and the errors where a lookup finds nothing. Values are not read here. */
#ifndef AZML_CLI_MATCH_H
#define AZML_CLI_MATCH_H

#include "cli/command.h"

/* Find the command that the words of argv name: `is_path` (argc entries, all false) becomes true at
 * its words. Where they name none, *command_out is NULL and *topic_out what they do name ("" or
 * "compute"); else it is the command's path. The topic is the caller's. -1 with `err` set where a
 * word is wrong; the error shows the whole line with the word that was meant. */
int azml_match_command(const struct azml_table *table, int argc, const char *const *argv,
                       bool *is_path, const struct azml_command **command_out, char **topic_out,
                       struct azml_error *err);

/* The command's row for --name or -l, its own or a common one that it takes; NULL where there is
 * none. */
const struct azml_option *azml_match_long(const struct azml_command *command, const char *name,
                                          bool *is_common_out);
const struct azml_option *azml_match_letter(const struct azml_command *command, char letter,
                                            bool *is_common_out);

/* The command's first row of that place, or NULL. */
const struct azml_option *azml_match_place(const struct azml_command *command,
                                           enum azml_option_place place);

/* Fill `err` for an option that does not exist: `typed` as it came, `name` without dashes and value
 * (NULL for letters). Returns -1. */
int azml_match_unknown_option(const struct azml_command *command, const char *typed,
                              const char *name, struct azml_error *err);

#endif
