#include "cli/help.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "commands/context.h"
#include "commands/table.h"

#include <string.h>

struct help_args {
    struct azml_list topic;
    bool markdown;
};

static int help_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct help_args *args = data;
    auto_str struct azml_str topic = {0}, page = {0};
    for (size_t i = 0; i < args->topic.count; i++)
        azml_str_addf(&topic, "%s%s", i > 0 ? " " : "", args->topic.items[i]);
    if (strcmp(azml_str_text(&topic), "exit-codes") != 0) {
        if (azml_help_page(&azml_commands, azml_str_text(&topic), &page, err) < 0)
            return -1;
    } else if (args->markdown) {
        azml_help_exit_codes_markdown(&page);
    } else {
        azml_help_exit_codes(&page);
    }
    auto_free char *text = azml_str_take(&page, err);
    return text ? azml_output_text(azml_context_output(context), text, err) : -1;
}

static const struct azml_option help_options[] = {
    AZML_WORDS(struct help_args, topic, .meta = "TOPIC",
               .help = _("A command, its first words, or exit-codes.")),
    AZML_FLAG(struct help_args, markdown, .name = "markdown", .hidden = true,
              .help = _("Write the exit codes as a page of the documentation.")),
    {0},
};

static const char *const help_examples[] = {"azml help group create", "azml help exit-codes", NULL};

const struct azml_command azml_command_help = {
    .path = "help",
    .summary = _("Show help about a command"),
    .options = help_options,
    .examples = help_examples,
    .args_size = sizeof(struct help_args),
    .run = help_run,
};
