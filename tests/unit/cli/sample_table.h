/* sample_table.h - a small table of commands for the tests of cli. */
#ifndef AZML_TEST_SAMPLE_TABLE_H
#define AZML_TEST_SAMPLE_TABLE_H

#include "cli/command.h"

struct sample_args {
    const char *name, *size;
    struct azml_list labels, rest;
    bool force_stop;
    int64_t count, idle_s;
};

struct sample_many_args {
    struct azml_list names;
};

static const char *const sample_sizes[] = {"small", "large", NULL};
static const char *const sample_examples[] = {"azml box start one", NULL};

static const struct azml_option sample_options[] = {
    AZML_WORD(struct sample_args, name, .name = "name", .letter = 'n', .meta = "BOX",
              .required = true, .help = "Box to start."),
    AZML_STRING(struct sample_args, size, .name = "size", .letter = 's', .meta = "SIZE",
                .choices = sample_sizes, .fallback = "small", .help = "How large it is."),
    AZML_LIST(struct sample_args, labels, .name = "label", .meta = "K=V", .help = "A label."),
    AZML_FLAG(struct sample_args, force_stop, .name = "force-stop", .letter = 'f',
              .help = "Do not wait for it."),
    AZML_INT(struct sample_args, count, .name = "count", .letter = 'c', .meta = "N", .min = 1,
             .max = 9, .fallback = "-1", .help = "How many."),
    AZML_DURATION(struct sample_args, idle_s, .name = "idle", .meta = "DURATION", .min = 60,
                  .max = 3600, .fallback = "30m", .help = "How long."),
    AZML_REST(struct sample_args, rest, .meta = "COMMAND", .help = "What to run."),
    {0},
};

static const struct azml_option sample_many_options[] = {
    AZML_WORDS(struct sample_many_args, names, .name = "name", .letter = 'n', .meta = "BOX",
               .required = true, .help = "Boxes to delete."),
    {0},
};

static const struct azml_command sample_start = {
    .path = "box start",
    .summary = "Start a box",
    .details = "It goes on where it was stopped.",
    .options = sample_options,
    .examples = sample_examples,
    .args_size = sizeof(struct sample_args),
    .takes = AZML_TAKES_GROUP,
};

static const struct azml_command sample_delete = {
    .path = "box delete",
    .summary = "Delete boxes",
    .options = sample_many_options,
    .examples = sample_examples,
    .args_size = sizeof(struct sample_many_args),
    .takes = AZML_TAKES_YES,
};

static const struct azml_command sample_clock = {
    .path = "box clock advance", .summary = "Age a box", .examples = sample_examples};
static const struct azml_command sample_version = {
    .path = "version", .summary = "Show the version", .examples = sample_examples};
static const struct azml_command sample_hidden = {
    .path = "secret", .summary = "Not shown", .examples = sample_examples, .hidden = true};

static const struct azml_command *const sample_commands[] = {
    &sample_start, &sample_delete, &sample_clock, &sample_version, &sample_hidden, NULL};
static const struct azml_noun sample_nouns[] = {
    {"box", "Boxes"},
    {NULL,  NULL   },
};
static const struct azml_table sample_table = {.commands = sample_commands, .nouns = sample_nouns};

#endif
