#include "cli/help.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "cli/parse.h"
#include "cli/text.h"

#include <stdio.h>
#include <string.h>

#define LINE   96 /* columns of a help page */
#define MARGIN 28 /* where the sentence of an option begins */
#define COLUMN 22 /* and that of a command */

/* Add `text` from column `from` on, broken between words at LINE, with further lines beginning
 * below the first; the line so far is `used` columns long. */
static void add_wrapped(struct azml_str *out, size_t used, size_t from, const char *text)
{
    if (used + 2 > from && used > 0) {
        azml_str_add_char(out, '\n');
        used = 0;
    }
    azml_str_addf(out, "%*s", (int)(from - used), "");
    size_t column = from;
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " ");
        if (column + length > LINE && column > from) {
            azml_str_addf(out, "\n%*s", (int)from, "");
            column = from;
        }
        azml_str_add_bytes(out, word, length);
        column += length + 1;
        word += length;
        if (*word == ' ') {
            word++;
            if (column + strcspn(word, " ") <= LINE)
                azml_str_add_char(out, ' ');
        }
    }
    azml_str_add_char(out, '\n');
}

static void add_paragraph(struct azml_str *out, const char *text)
{
    add_wrapped(out, 0, 0, text);
}

static void add_word_usage(const struct azml_option *row, struct azml_str *out)
{
    const char *dots = row->place == AZML_PLACE_WORD ? "" : "…";
    const char *dashes = row->place == AZML_PLACE_REST ? "-- " : "";
    azml_str_addf(out, row->required ? " %s%s%s" : " [%s%s%s]", dashes, row->meta, dots);
}

void azml_help_usage(const struct azml_command *command, struct azml_str *out)
{
    azml_str_addf(out, "azml %s", command->path);
    const struct azml_option *row = command->options;
    for (; row && row->help; row++) {
        if (!row->hidden && (row->place == AZML_PLACE_WORD || row->place == AZML_PLACE_WORDS))
            add_word_usage(row, out);
    }
    for (row = command->options; row && row->help; row++) {
        if (row->place == AZML_PLACE_OPTION && row->required)
            azml_str_addf(out, " --%s %s", row->name, row->meta);
    }
    azml_str_add(out, _(" [options]"));
    for (row = command->options; row && row->help; row++) {
        if (row->place == AZML_PLACE_REST)
            add_word_usage(row, out);
    }
    azml_str_add_char(out, '\n');
}

static void add_option(struct azml_str *out, const struct azml_option *row)
{
    size_t start = out->length;
    if (row->letter)
        azml_str_addf(out, "  -%c, ", row->letter);
    else
        azml_str_add(out, row->name ? "      " : "  ");
    if (row->name)
        azml_str_addf(out, "--%s", row->name);
    if (row->meta)
        azml_str_addf(out, row->name ? " %s" : "%s", row->meta);
    size_t used = out->failed ? 0 : azml_text_width(azml_str_text(out) + start);

    auto_str struct azml_str help = {0};
    azml_str_add(&help, row->help);
    if (row->fallback && row->fallback[0] != '-') /* -1 stands for "none" */
        azml_str_addf(&help, _(" Default: %s."), row->fallback);
    add_wrapped(out, used, MARGIN, azml_str_text(&help));
}

static void add_own_options(struct azml_str *out, const struct azml_command *command)
{
    const struct azml_option *row = command->options;
    bool any = false;
    for (; row && row->help; row++) {
        if (row->hidden)
            continue;
        if (!any)
            azml_str_add(out, _("\nOptions:\n"));
        any = true;
        add_option(out, row);
    }
}

static void add_common_options(struct azml_str *out, const struct azml_command *command)
{
    azml_str_add(out, _("\nCommon options:\n"));
    for (const struct azml_option *row = azml_common_options; row->help; row++) {
        if (azml_common_takes(command, row))
            add_option(out, row);
    }
}

static void add_command_page(struct azml_str *out, const struct azml_command *command)
{
    azml_str_addf(out, "%s.\n\n", command->summary);
    azml_str_add(out, _("Usage: "));
    azml_help_usage(command, out);
    azml_str_add(out, _("\nExamples:\n"));
    for (size_t i = 0; command->examples && command->examples[i]; i++)
        azml_str_addf(out, "  %s\n", command->examples[i]);
    if (command->details) {
        azml_str_add_char(out, '\n');
        add_paragraph(out, command->details);
    }
    add_own_options(out, command);
    add_common_options(out, command);
}

static void add_entry(struct azml_str *out, const char *name, const char *summary)
{
    azml_str_addf(out, "  %s", name);
    add_wrapped(out, 2 + strlen(name), COLUMN, summary);
}

static const struct azml_noun *noun_of(const struct azml_table *table, const char *path)
{
    size_t length = strcspn(path, " ");
    for (const struct azml_noun *noun = table->nouns; noun->name; noun++) {
        if (strncmp(noun->name, path, length) == 0 && noun->name[length] == '\0')
            return noun;
    }
    return NULL;
}

static void add_overview(struct azml_str *out, const struct azml_table *table)
{
    azml_str_add(out, _("azml creates, uses and cleans up Azure Machine Learning workspaces and "
                        "computes.\n\nUsage: azml COMMAND [options]\n\n"
                        "Example, on a practice cloud of this machine:\n"
                        "  azml group list --cloud sandbox\n\nCommands:\n"));
    const struct azml_noun *shown = NULL;
    for (size_t i = 0; table->commands[i]; i++) {
        const struct azml_command *command = table->commands[i];
        const struct azml_noun *noun = noun_of(table, command->path);
        if (command->hidden || (noun && noun == shown))
            continue;
        add_entry(out, noun ? noun->name : command->path, noun ? noun->summary : command->summary);
        shown = noun;
    }
    azml_str_add(out, _("\nMore: azml help COMMAND, azml help exit-codes, azml --version\n"));
}

static void add_noun_page(struct azml_str *out, const struct azml_table *table, const char *topic)
{
    const struct azml_noun *noun = table->nouns;
    const struct azml_command *first = NULL;
    size_t length = strlen(topic);
    while (noun->name && strcmp(noun->name, topic) != 0)
        noun++;
    if (noun->name)
        azml_str_addf(out, "%s.\n\n", noun->summary);
    azml_str_addf(out, _("Usage: azml %s COMMAND [options]\n\n"), topic);
    for (size_t i = 0; table->commands[i]; i++) {
        const struct azml_command *command = table->commands[i];
        if (command->hidden || strncmp(command->path, topic, length) != 0 ||
            command->path[length] != ' ')
            continue;
        if (!first)
            azml_str_addf(out, _("Example:\n  %s\n\nCommands:\n"), command->examples[0]);
        first = command;
        add_entry(out, command->path + length + 1, command->summary);
    }
    azml_str_addf(out, _("\nMore: azml help %s COMMAND\n"), topic);
}

int azml_help_page(const struct azml_table *table, const char *topic, struct azml_str *out,
                   struct azml_error *err)
{
    const struct azml_command *command = azml_table_find(table, topic);
    if (topic[0] == '\0') {
        add_overview(out, table);
    } else if (command) {
        add_command_page(out, command);
    } else if (azml_table_has_prefix(table, topic)) {
        add_noun_page(out, table, topic);
    } else {
        azml_error_set(err, AZML_ERROR_USAGE, _("there is no help about '%s'"), topic);
        return azml_error_hint(err, "azml help");
    }
    return 0;
}

static const char *exit_meaning(int status)
{
    switch (status) {
    case 0:
        return _("the goal is reached, or nothing was left to do");
    case 1:
        return _("it failed");
    case 4:
        return _("sign-in failed, or the identity may not do this");
    case 5:
        return _("refused by a rule: lock, policy, quota, name taken, wrong state, protected");
    case 10:
        return _("only with --exit-code: a preview or check found something");
    default:
        break;
    }
    for (int code = 0; code < AZML_ERROR_COUNT; code++) {
        if (azml_error_exit((enum azml_error_code)code) == status)
            return azml_error_meaning((enum azml_error_code)code);
    }
    return NULL;
}

/* The words of all codes that end with this status. */
static void add_words(struct azml_str *out, int status, const char *format)
{
    const char *between = "";
    for (int code = AZML_ERROR_NONE + 1; code < AZML_ERROR_COUNT; code++) {
        if (azml_error_exit((enum azml_error_code)code) != status)
            continue;
        azml_str_add(out, between);
        azml_str_addf(out, "%s", format);
        azml_str_add(out, azml_error_name((enum azml_error_code)code));
        azml_str_addf(out, "%s", format);
        between = ", ";
    }
}

void azml_help_exit_codes(struct azml_str *out)
{
    for (int status = 0; status < 256; status++) {
        const char *meaning = exit_meaning(status);
        if (meaning)
            azml_str_addf(out, "%-5d %s\n", status, meaning);
    }
    add_wrapped(out, 0, 0,
                _("A command that reaches into a compute (compute ssh) ends with the remote "
                  "command's own code once it is connected, 128 + n for a signal, and with 255 "
                  "where azml itself failed."));
}

void azml_help_exit_codes_markdown(struct azml_str *out)
{
    azml_str_add(out, _("# Exit codes\n\nWritten by `azml help exit-codes --markdown`. The words "
                        "are the `code` of an error under `-o json`.\n\n"
                        "| code | meaning | words |\n|---|---|---|\n"));
    for (int status = 0; status < 256; status++) {
        const char *meaning = exit_meaning(status);
        if (!meaning)
            continue;
        azml_str_addf(out, "| %d | %s | ", status, meaning);
        add_words(out, status, "`");
        azml_str_add(out, " |\n");
    }
    azml_str_add(out, _("\nA command that reaches into a compute (`compute ssh`) ends with the "
                        "remote command's own\ncode once it is connected, 128 + n for a signal, "
                        "and with 255 where azml itself failed.\n"));
}
