#include "cli/match.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/str.h"
#include "cli/parse.h"
#include "cli/suggest.h"
#include "cli/text.h"

#include <string.h>

#define MOST_CANDIDATES 256 /* commands of the table, options of one command */

const struct azml_command *azml_table_find(const struct azml_table *table, const char *path)
{
    for (size_t i = 0; table->commands[i]; i++) {
        if (strcmp(table->commands[i]->path, path) == 0)
            return table->commands[i];
    }
    return NULL;
}

/* Does `path` begin with the whole words of `prefix`, and go on? */
static bool goes_on(const char *path, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(path, prefix, length) == 0 && path[length] == ' ';
}

bool azml_table_has_prefix(const struct azml_table *table, const char *path)
{
    for (size_t i = 0; table->commands[i]; i++) {
        if (!table->commands[i]->hidden && goes_on(table->commands[i]->path, path))
            return true;
    }
    return false;
}

static const struct azml_option *row_of(const struct azml_option *row, const char *name,
                                        size_t length, char letter)
{
    for (; row && row->help; row++) {
        if (name && row->name && strncmp(row->name, name, length) == 0 && row->name[length] == '\0')
            return row;
        if (!name && row->letter == letter)
            return row;
    }
    return NULL;
}

static const struct azml_option *match(const struct azml_command *command, const char *name,
                                       char letter, bool *is_common_out)
{
    size_t length = name ? strlen(name) : 0;
    const struct azml_option *row = row_of(command->options, name, length, letter);
    *is_common_out = row == NULL;
    if (row)
        return row;
    row = row_of(azml_common_options, name, length, letter);
    return row && azml_common_takes(command, row) ? row : NULL;
}

const struct azml_option *azml_match_long(const struct azml_command *command, const char *name,
                                          bool *is_common_out)
{
    return name[0] ? match(command, name, 0, is_common_out) : NULL;
}

const struct azml_option *azml_match_letter(const struct azml_command *command, char letter,
                                            bool *is_common_out)
{
    return match(command, NULL, letter, is_common_out);
}

const struct azml_option *azml_match_place(const struct azml_command *command,
                                           enum azml_option_place place)
{
    for (const struct azml_option *row = command->options; row && row->help; row++) {
        if (row->place == place)
            return row;
    }
    return NULL;
}

/* Does the option take its value from the next argument? Asked before the command is known, so any
 * command's row counts. */
static bool eats_next(const struct azml_table *table, const char *typed)
{
    bool is_long = typed[1] == '-';
    const char *name = is_long ? typed + 2 : NULL;
    size_t length = is_long ? strlen(name) : 0;
    if (is_long ? strchr(name, '=') != NULL : typed[2] != '\0')
        return false;
    char letter = typed[1];
    const struct azml_option *row = row_of(azml_common_options, name, length, letter);
    for (size_t i = 0; !row && table->commands[i]; i++)
        row = row_of(table->commands[i]->options, name, length, letter);
    return row && row->kind != AZML_OPTION_FLAG;
}

/* The next argument from `at` on that is a word, argc where there is none. */
static int next_word(const struct azml_table *table, int argc, const char *const *argv, int at)
{
    for (; at < argc; at++) {
        if (strcmp(argv[at], "--") == 0)
            return argc;
        if (argv[at][0] != '-' || argv[at][1] == '\0')
            return at;
        if (eats_next(table, argv[at]) && at + 1 < argc && argv[at + 1][0] != '-')
            at++;
    }
    return argc;
}

/* The words that may follow `path` ("" for the first), each once. */
static size_t next_words(const struct azml_table *table, const char *path, char (*words)[64],
                         const char **candidates)
{
    size_t count = 0, skip = path[0] ? strlen(path) + 1 : 0;
    for (size_t i = 0; table->commands[i] && count < MOST_CANDIDATES; i++) {
        const struct azml_command *command = table->commands[i];
        if (command->hidden || (skip > 0 && !goes_on(command->path, path)))
            continue;
        const char *word = command->path + skip;
        size_t length = strcspn(word, " ");
        if (length >= sizeof(words[0]) ||
            (count > 0 && strncmp(words[count - 1], word, length) == 0 &&
             words[count - 1][length] == '\0'))
            continue;
        memcpy(words[count], word, length);
        words[count][length] = '\0';
        candidates[count] = words[count];
        count++;
    }
    return count;
}

/* The line as it was typed, with the word at `wrong` replaced. */
static void corrected_line(struct azml_str *out, int argc, const char *const *argv, int wrong,
                           const char *meant)
{
    azml_str_add(out, "azml");
    for (int i = 1; i < argc; i++) {
        const char *word = i == wrong ? meant : argv[i];
        azml_str_add_char(out, ' ');
        azml_text_add_word(out, word);
    }
}

static int unknown_command(const struct azml_table *table, int argc, const char *const *argv,
                           const char *path, int wrong, struct azml_error *err)
{
    char words[MOST_CANDIDATES][64];
    const char *candidates[MOST_CANDIDATES];
    size_t count = next_words(table, path, words, candidates);
    const char *meant = azml_suggest(argv[wrong], candidates, count);
    azml_error_set(err, AZML_ERROR_USAGE, _("unknown command '%s%s%s'"), path, path[0] ? " " : "",
                   argv[wrong]);
    if (!meant)
        return azml_error_hint(err, path[0] ? "azml help %s" : "azml help%s", path);
    auto_str struct azml_str line = {0};
    corrected_line(&line, argc, argv, wrong, meant);
    return azml_error_hint(err, _("%s   (did you mean this?)"), azml_str_text(&line));
}

/* The long names of a table that a command takes, added to the candidates. */
static size_t add_names(const struct azml_command *command, const struct azml_option *row,
                        bool is_common, const char **candidates, size_t count)
{
    for (; row && row->help && count < MOST_CANDIDATES; row++) {
        if (row->name && !row->hidden && (!is_common || azml_common_takes(command, row)))
            candidates[count++] = row->name;
    }
    return count;
}

int azml_match_unknown_option(const struct azml_command *command, const char *typed,
                              const char *name, struct azml_error *err)
{
    const char *candidates[MOST_CANDIDATES];
    size_t count = add_names(command, command->options, false, candidates, 0);
    count = add_names(command, azml_common_options, true, candidates, count);
    const char *meant = name ? azml_suggest(name, candidates, count) : NULL;
    int shown = (int)strcspn(typed, "="); /* what was meant as a value may be a secret */
    if (command->path[0])
        azml_error_set(err, AZML_ERROR_USAGE, _("%s has no option %.*s"), command->path, shown,
                       typed);
    else
        azml_error_set(err, AZML_ERROR_USAGE, _("unknown option %.*s"), shown, typed);
    if (meant)
        return azml_error_hint(err, _("--%s   (did you mean this?)"), meant);
    return azml_error_hint(err, command->path[0] ? "azml help %s" : "azml help%s", command->path);
}

int azml_match_command(const struct azml_table *table, int argc, const char *const *argv,
                       bool *is_path, const struct azml_command **command_out, char **topic_out,
                       struct azml_error *err)
{
    auto_str struct azml_str path = {0};
    int at = next_word(table, argc, argv, 1);
    for (; at < argc; at = next_word(table, argc, argv, at + 1)) {
        size_t before = path.length;
        azml_str_addf(&path, before ? " %s" : "%s", argv[at]);
        const char *longer = azml_str_text(&path);
        if (!azml_table_find(table, longer) && !azml_table_has_prefix(table, longer)) {
            path.length = before;
            if (path.data)
                path.data[before] = '\0';
            break;
        }
        is_path[at] = true;
    }
    const struct azml_command *command = azml_table_find(table, azml_str_text(&path));
    if (!command && at < argc)
        return unknown_command(table, argc, argv, azml_str_text(&path), at, err);
    char *topic = azml_str_take(&path, err);
    if (!topic)
        return -1;
    *topic_out = topic;
    *command_out = command;
    return 0;
}
