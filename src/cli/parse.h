/* parse.h - from argv to a command with its options filled in.
 *
 * Nothing is run, sent, asked or printed here, and no guess is ever taken: a mistyped word is an
 * error that names the likely one. */
#ifndef AZML_CLI_PARSE_H
#define AZML_CLI_PARSE_H

#include "cli/command.h"

struct azml_parsed {
    const struct azml_command *command; /* NULL: none was named, or help for a topic is wanted */
    char *topic;                        /* what help is wanted for: "", "compute", "group list" */
    bool wants_help;
    struct azml_common common;
    void *args;     /* the command's struct; NULL where it has none */
    char **answers; /* values that were asked for, owned */
    size_t answer_count;
};

/* Read a command line: argv[0] is skipped. Options may stand before, between and behind words, as
 * --name VALUE, --name=VALUE, -n VALUE or -nVALUE; letters of flags may be put together; "--" ends
 * them. Names are never abbreviated; a value that begins with "-" needs the form with "=". The
 * texts in `out` are argv's. What is required may still be missing (azml_parsed_missing). 0, or -1
 * with `err` set (AZML_ERROR_USAGE, or memory). */
int azml_parse(const struct azml_table *table, int argc, const char *const *argv,
               struct azml_parsed *out, struct azml_error *err);

/* The first word or option that is required and was not given; NULL where nothing is missing. A
 * command may only be run then. */
const struct azml_option *azml_parsed_missing(const struct azml_parsed *parsed);

/* Give a missing one the value that a person typed when asked; takes over `answer` in either case.
 * 0, or -1 with `err` set where it is not allowed. */
int azml_parsed_answer(struct azml_parsed *parsed, const struct azml_option *option, char *answer,
                       struct azml_error *err);

/* Fill `err` for one that is missing where nobody can be asked. Returns -1. */
int azml_parsed_refuse(const struct azml_parsed *parsed, const struct azml_option *option,
                       struct azml_error *err);

void azml_parsed_cleanup(struct azml_parsed *parsed);

/* Does the command line ask for JSON? Also for one that cannot be parsed, so that its error comes
 * in the form that was asked for. */
bool azml_parse_wants_json(int argc, const char *const *argv);

/* The command of that path, or NULL. */
const struct azml_command *azml_table_find(const struct azml_table *table, const char *path);

/* Is `path` the beginning (whole words) of some visible command's path? */
bool azml_table_has_prefix(const struct azml_table *table, const char *path);

#endif
