/* command.h - the rows that describe the command line: commands, their options and their words.
 *
 * One row says everything: parsing, help, suggestions, completion and manual pages are its readers.
 * It holds no code that parses or prints (parse.h, help.h) and knows no command. */
#ifndef AZML_CLI_COMMAND_H
#define AZML_CLI_COMMAND_H

#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct azml_context; /* a command's surroundings: commands/context.h */

/* Several values, in the order in which they were typed; the texts are argv's. */
struct azml_list {
    const char **items;
    size_t count;
};

enum azml_option_kind {
    AZML_OPTION_STRING,   /* const char *; NULL where it was not given */
    AZML_OPTION_FLAG,     /* bool */
    AZML_OPTION_INT,      /* int64_t, between .min and .max */
    AZML_OPTION_DURATION, /* int64_t seconds, between .min and .max where .max is not 0 */
    AZML_OPTION_LIST,     /* struct azml_list; the option may be repeated */
};

enum azml_option_place {
    AZML_PLACE_OPTION, /* --name VALUE only */
    AZML_PLACE_WORD,   /* a positional word; also --name where .name is set */
    AZML_PLACE_WORDS,  /* all further words, a list; also --name where .name is set */
    AZML_PLACE_REST,   /* everything after "--", a list */
};

/* Say what could be typed for an option, one per line to `add`; NULL where nothing is known. */
typedef void azml_complete_fn(struct azml_context *context, const char *begun,
                              void (*add)(void *data, const char *value), void *data);

/* An option or a word. A table of them ends with {0}. Fill it with the row macros below. */
struct azml_option {
    const char *name;           /* "no-wait"; NULL for a word that has no option form */
    const char *meta;           /* "FILE": stands for the value in help; not for flags */
    const char *help;           /* one sentence */
    const char *fallback;       /* the value where none is given, as one would type it; or NULL */
    const char *const *choices; /* NULL-terminated; NULL: any text */
    azml_complete_fn *complete;
    char letter; /* 'n' for -n; 0 where there is none */
    bool required;
    bool hidden;                /* works, but help does not show it */
    int64_t min, max;           /* bounds of an int or a duration (seconds) */
    enum azml_option_kind kind; /* these three by the macros */
    enum azml_option_place place;
    size_t offset;
};

/* offsetof, and a compile error where the member is not of that type. */
#define AZML_FIELD(T, m, type) (offsetof(T, m) + 0 * sizeof(&((T *)0)->m == (type *)0))

/* A member that was left out of the command line keeps its zero (or .fallback); to tell a missing
 * number from 0, let .fallback be a number that .min and .max do not allow to be typed: the
 * fallback is not checked against them. */
#define AZML_STRING(T, m, ...)                                                            \
    {                                                                                     \
        .kind = AZML_OPTION_STRING, .offset = AZML_FIELD(T, m, const char *), __VA_ARGS__ \
    }
#define AZML_FLAG(T, m, ...)                                                    \
    {                                                                           \
        .kind = AZML_OPTION_FLAG, .offset = AZML_FIELD(T, m, bool), __VA_ARGS__ \
    }
#define AZML_INT(T, m, ...)                                                       \
    {                                                                             \
        .kind = AZML_OPTION_INT, .offset = AZML_FIELD(T, m, int64_t), __VA_ARGS__ \
    }
#define AZML_DURATION(T, m, ...)                                                       \
    {                                                                                  \
        .kind = AZML_OPTION_DURATION, .offset = AZML_FIELD(T, m, int64_t), __VA_ARGS__ \
    }
#define AZML_LIST(T, m, ...)                                                                \
    {                                                                                       \
        .kind = AZML_OPTION_LIST, .offset = AZML_FIELD(T, m, struct azml_list), __VA_ARGS__ \
    }
/* A positional word (string); with .name = "name", .letter = 'n' also -n and --name. */
#define AZML_WORD(T, m, ...)                                  \
    {                                                         \
        .kind = AZML_OPTION_STRING, .place = AZML_PLACE_WORD, \
        .offset = AZML_FIELD(T, m, const char *), __VA_ARGS__ \
    }
/* All further positional words (a list). */
#define AZML_WORDS(T, m, ...)                                     \
    {                                                             \
        .kind = AZML_OPTION_LIST, .place = AZML_PLACE_WORDS,      \
        .offset = AZML_FIELD(T, m, struct azml_list), __VA_ARGS__ \
    }
/* Everything after "--" (a list). */
#define AZML_REST(T, m, ...)                                      \
    {                                                             \
        .kind = AZML_OPTION_LIST, .place = AZML_PLACE_REST,       \
        .offset = AZML_FIELD(T, m, struct azml_list), __VA_ARGS__ \
    }

/* Which of the common options a command takes, beside those that all take (-o -q -v --debug
 * --no-color --no-header --no-input --help). */
enum azml_takes {
    AZML_TAKES_CLOUD = 1,      /* --cloud --subscription --auth --ca-file, the three timeouts */
    AZML_TAKES_GROUP = 2,      /* -g --resource-group */
    AZML_TAKES_WORKSPACE = 4,  /* -w --workspace */
    AZML_TAKES_LOCATION = 8,   /* -l --location */
    AZML_TAKES_YES = 16,       /* -y --yes */
    AZML_TAKES_DRY_RUN = 32,   /* --dry-run */
    AZML_TAKES_NO_WAIT = 64,   /* --no-wait */
    AZML_TAKES_PARALLEL = 128, /* --parallel */
};

enum azml_format { AZML_FORMAT_TABLE, AZML_FORMAT_JSON, AZML_FORMAT_TSV, AZML_FORMAT_ID };

/* The common options as they were typed. Texts are NULL where they were not given: what a value
 * is in the end (environment, files, defaults) commands/context.h decides. */
struct azml_common {
    const char *group, *workspace, *location;
    const char *cloud, *subscription, *auth, *ca_file;
    const char *output; /* one of table, json, tsv, id */
    bool quiet, verbose, debug, no_color, no_header;
    bool yes, dry_run, no_input, no_wait, help;
    int64_t timeout_s; /* the whole wait; 3600 where not given */
    int64_t connect_timeout_s,
        idle_timeout_s; /* of one try: 10 until it stands, 60 without a byte */
    int64_t parallel;   /* requests in flight; 16 where not given */
};

/* Do the work. `args` is the command's own struct, filled; lent for the call. Return 0, or -1 with
 * `err` set, or an exit status above 0 where everything has been said already (a remote command's
 * own code, 10 under --exit-code). */
typedef int azml_run_fn(struct azml_context *context, const void *args, struct azml_error *err);

struct azml_command {
    const char *path;                  /* "compute start": one or more words */
    const char *summary;               /* "Start a stopped compute": no full stop */
    const char *details;               /* further sentences for its help page, or NULL */
    const struct azml_option *options; /* ends with {0}; NULL: none of its own */
    const char *const *examples;       /* whole command lines, NULL-terminated, at least one */
    size_t args_size;                  /* of the struct that its rows fill; 0 without rows */
    unsigned takes;                    /* enum azml_takes, or-ed */
    bool hidden;                       /* works, but help does not list it */
    int failure_exit; /* exit status where it fails, whatever the error (but for an interrupt); 0:
                       * the error decides. For commands whose own statuses are another program's.
                       */
    azml_run_fn *run;
};

/* A first word that groups commands ("compute"), with its sentence for the overview. */
struct azml_noun {
    const char *name;
    const char *summary;
};

/* All commands in the order in which help shows them, and the nouns. */
struct azml_table {
    const struct azml_command *const *commands; /* NULL-terminated */
    const struct azml_noun *nouns;              /* ends with {0} */
};

/* The common options, as rows over struct azml_common;
 * azml_common_takes() says whether a command takes row `option`. Ends with {0}. */
extern const struct azml_option azml_common_options[];
bool azml_common_takes(const struct azml_command *command, const struct azml_option *option);

#endif
