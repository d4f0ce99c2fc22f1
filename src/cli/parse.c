#include "cli/parse.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/str.h"
#include "cli/match.h"
#include "cli/value.h"

#include <stdlib.h>
#include <string.h>

struct parser {
    const struct azml_command *command;
    struct azml_parsed *parsed;
    int argc;
    const char *const *argv;
    int at; /* the argument that is being read */
    struct azml_list words;
};

/* A line without a command may hold common options, and this one. */
struct bare_args {
    bool version;
};

static const struct azml_option bare_options[] = {
    AZML_FLAG(struct bare_args, version, .name = "version", .letter = 'V',
              .help = _("Show the version.")),
    {0},
};

static const struct azml_command bare = {
    .path = "",
    .options = bare_options,
    .args_size = sizeof(struct bare_args),
    .takes = ~0U,
};

static void *target(const struct parser *parser, bool is_common)
{
    return is_common ? (void *)&parser->parsed->common : parser->parsed->args;
}

static int value_missing(const struct azml_option *option, const char *typed,
                         struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_USAGE, _("%s needs a value"), typed);
    if (option->name)
        azml_error_hint(err, "--%s=%s", option->name, option->meta);
    return -1;
}

/* The next argument as the value of the option before it. One that looks like an option is more
 * likely a forgotten value than a value. */
static const char *next_value(struct parser *parser)
{
    if (parser->at + 1 >= parser->argc)
        return NULL;
    const char *next = parser->argv[parser->at + 1];
    if (next[0] == '-' && next[1] != '\0')
        return NULL;
    parser->at++;
    return next;
}

static int read_long(struct parser *parser, struct azml_error *err)
{
    const char *typed = parser->argv[parser->at] + 2;
    const char *equals = strchr(typed, '=');
    auto_free char *name =
        azml_strndup(typed, equals ? (size_t)(equals - typed) : strlen(typed), err);
    if (!name)
        return -1;
    bool is_common;
    const struct azml_option *option = azml_match_long(parser->command, name, &is_common);
    if (!option)
        return azml_match_unknown_option(parser->command, parser->argv[parser->at], name, err);

    const char *value = equals ? equals + 1 : NULL;
    if (option->kind == AZML_OPTION_FLAG) {
        if (value)
            return azml_error_set(err, AZML_ERROR_USAGE, _("--%s takes no value"), name);
    } else if (!value && !(value = next_value(parser))) {
        return value_missing(option, parser->argv[parser->at], err);
    }
    return azml_value_store(option, target(parser, is_common), value, err);
}

/* -n VALUE, -nVALUE, -n=VALUE, or flags put together: -qy. */
static int read_letters(struct parser *parser, struct azml_error *err)
{
    const char *whole = parser->argv[parser->at];
    for (const char *letter = whole + 1; *letter; letter++) {
        bool is_common;
        const struct azml_option *option = azml_match_letter(parser->command, *letter, &is_common);
        if (!option)
            return azml_match_unknown_option(parser->command, whole, NULL, err);
        void *args = target(parser, is_common);
        if (option->kind == AZML_OPTION_FLAG) {
            if (azml_value_store(option, args, NULL, err) < 0)
                return -1;
            continue;
        }
        const char *value = letter[1] == '=' ? letter + 2 : letter + 1;
        if (letter[1] == '\0' && !(value = next_value(parser)))
            return value_missing(option, whole, err);
        return azml_value_store(option, args, value, err);
    }
    return 0;
}

static int keep_word(struct parser *parser, const char *word, struct azml_error *err)
{
    const char **items =
        realloc(parser->words.items, (parser->words.count + 1) * sizeof(*parser->words.items));
    if (!items)
        return azml_error_memory(err);
    items[parser->words.count++] = word;
    parser->words.items = items;
    return 0;
}

/* Everything behind "--": the rest where the command has one, else words. */
static int read_rest(struct parser *parser, struct azml_error *err)
{
    const struct azml_option *rest = azml_match_place(parser->command, AZML_PLACE_REST);
    for (parser->at++; parser->at < parser->argc; parser->at++) {
        const char *word = parser->argv[parser->at];
        int result = rest ? azml_value_store(rest, parser->parsed->args, word, err)
                          : keep_word(parser, word, err);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int read_arguments(struct parser *parser, const bool *is_path, struct azml_error *err)
{
    for (parser->at = 1; parser->at < parser->argc; parser->at++) {
        const char *typed = parser->argv[parser->at];
        int result = 0;
        if (is_path[parser->at])
            continue;
        if (strcmp(typed, "--") == 0)
            return read_rest(parser, err);
        if (typed[0] == '-' && typed[1] == '-')
            result = read_long(parser, err);
        else if (typed[0] == '-' && typed[1] != '\0')
            result = read_letters(parser, err);
        else
            result = keep_word(parser, typed, err);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int word_too_many(const struct parser *parser, const char *word, struct azml_error *err)
{
    const char *path = parser->command->path;
    azml_error_set(err, AZML_ERROR_USAGE, _("unexpected word '%s'"), word);
    if (azml_match_place(parser->command, AZML_PLACE_REST))
        return azml_error_hint(err, _("azml %s … -- %s   (what is to be run goes behind --)"), path,
                               word);
    return azml_error_hint(err, path[0] ? "azml help %s" : "azml help%s", path);
}

/* Give the words to the rows that take them, in order; a row whose option form was used takes
 * none. */
static int place_words(struct parser *parser, struct azml_error *err)
{
    const struct azml_option *row = parser->command->options;
    for (size_t i = 0; i < parser->words.count; i++) {
        const char *word = parser->words.items[i];
        while (
            row && row->help &&
            !(row->place == AZML_PLACE_WORDS ||
              (row->place == AZML_PLACE_WORD && !azml_value_is_given(row, parser->parsed->args))))
            row++;
        if (!row || !row->help)
            return word_too_many(parser, word, err);
        if (azml_value_store(row, parser->parsed->args, word, err) < 0)
            return -1;
    }
    return 0;
}

const struct azml_option *azml_parsed_missing(const struct azml_parsed *parsed)
{
    const struct azml_option *row = parsed->command ? parsed->command->options : NULL;
    for (; row && row->help; row++) {
        if (row->required && !azml_value_is_given(row, parsed->args))
            return row;
    }
    return NULL;
}

int azml_parsed_answer(struct azml_parsed *parsed, const struct azml_option *option, char *answer,
                       struct azml_error *err)
{
    char **answers =
        realloc(parsed->answers, (parsed->answer_count + 1) * sizeof(*parsed->answers));
    if (!answers) {
        free(answer);
        return azml_error_memory(err);
    }
    answers[parsed->answer_count++] = answer;
    parsed->answers = answers;
    return azml_value_store(option, parsed->args, answer, err);
}

int azml_parsed_refuse(const struct azml_parsed *parsed, const struct azml_option *option,
                       struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_USAGE, _("%s is missing"), azml_option_title(option));
    azml_error_why(err, "%s", option->help);
    return azml_error_hint(err, "azml help %s", parsed->command->path);
}

static bool asks_help(int argc, const char *const *argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0)
            return true;
    }
    return false;
}

static int fill(struct parser *parser, const bool *is_path, struct azml_error *err)
{
    struct azml_parsed *parsed = parser->parsed;
    const struct azml_command *command = parser->command;
    if (command->args_size > 0 && !(parsed->args = calloc(1, command->args_size)))
        return azml_error_memory(err);
    if (azml_values_default(azml_common_options, &parsed->common, err) < 0 ||
        azml_values_default(command->options, parsed->args, err) < 0 ||
        read_arguments(parser, is_path, err) < 0)
        return -1;
    return place_words(parser, err);
}

static int parse_command(const struct azml_command *command, int argc, const char *const *argv,
                         const bool *is_path, struct azml_parsed *out, struct azml_error *err)
{
    struct azml_parsed parsed = {.command = command};
    struct parser parser = {.command = command, .parsed = &parsed, .argc = argc, .argv = argv};
    int result = fill(&parser, is_path, err);
    free(parser.words.items);
    if (result < 0)
        azml_parsed_cleanup(&parsed);
    else
        *out = parsed;
    return result;
}

/* No command was named: help for what was, or the version. */
static int parse_bare(const struct azml_table *table, int argc, const char *const *argv,
                      const bool *is_path, char *topic, struct azml_parsed *out,
                      struct azml_error *err)
{
    struct azml_parsed parsed = {0};
    if (parse_command(&bare, argc, argv, is_path, &parsed, err) < 0) {
        free(topic);
        return -1;
    }
    bool version = ((const struct bare_args *)parsed.args)->version;
    struct azml_common common = parsed.common;
    azml_parsed_cleanup(&parsed);
    *out = (struct azml_parsed){
        .command = version ? azml_table_find(table, "version") : NULL,
        .topic = topic,
        .wants_help = !version,
        .common = common,
    };
    return 0;
}

int azml_parse(const struct azml_table *table, int argc, const char *const *argv,
               struct azml_parsed *out, struct azml_error *err)
{
    auto_free bool *is_path = calloc((size_t)argc + 1, sizeof(*is_path));
    if (!is_path)
        return azml_error_memory(err);
    const struct azml_command *command = NULL;
    auto_free char *topic = NULL;
    if (azml_match_command(table, argc, argv, is_path, &command, &topic, err) < 0)
        return -1;
    bool wants_help = asks_help(argc, argv);
    if (!command && !wants_help)
        return parse_bare(table, argc, argv, is_path, AZML_STEAL(topic), out, err);
    if (!command || wants_help) {
        *out = (struct azml_parsed){.topic = AZML_STEAL(topic), .wants_help = true};
        return azml_values_default(azml_common_options, &out->common, err);
    }
    return parse_command(command, argc, argv, is_path, out, err);
}

void azml_parsed_cleanup(struct azml_parsed *parsed)
{
    if (parsed->command && parsed->args)
        azml_values_free(parsed->command->options, parsed->args);
    for (size_t i = 0; i < parsed->answer_count; i++)
        free(parsed->answers[i]);
    free(parsed->answers);
    free(parsed->args);
    free(parsed->topic);
    *parsed = (struct azml_parsed){0};
}

bool azml_parse_wants_json(int argc, const char *const *argv)
{
    bool wants = false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "-o") == 0 || strcmp(argv[i], "--output") == 0)
            wants = i + 1 < argc && strcmp(argv[i + 1], "json") == 0;
        else if (azml_has_prefix(argv[i], "--output=") || azml_has_prefix(argv[i], "-o"))
            wants = azml_has_suffix(argv[i], "json");
    }
    return wants;
}
