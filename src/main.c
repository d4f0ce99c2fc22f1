#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "cli/report.h"
#include "commands/context.h"
#include "commands/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define STDERR_FD 2

static bool wants_color(const struct azml_common *common)
{
    const char *term = azml_platform_env("TERM");
    if (common->no_color || azml_platform_env("NO_COLOR"))
        return false;
    if (azml_platform_env("CLICOLOR_FORCE") || azml_platform_env("FORCE_COLOR"))
        return true;
    return azml_platform_is_terminal(STDERR_FD) && term && strcmp(term, "dumb") != 0;
}

static int report(const struct azml_error *err, const struct azml_common *common, bool json)
{
    const struct azml_report how = {.stream = stderr, .json = json, .color = wants_color(common)};
    return azml_report_error(&how, err);
}

/* What was written to stdout must have arrived, unless whoever read it went away (head). */
static int flush_results(int status, const struct azml_common *common, bool json)
{
    if (fflush(stdout) == 0 || errno == EPIPE || status != 0)
        return status;
    auto_error struct azml_error err = {0};
    const char *reason = strerror(errno);
    azml_error_set(&err, AZML_ERROR_IO, _("could not write the result"));
    azml_error_why(&err, "%s", reason);
    return report(&err, common, json);
}

static int show_help(struct azml_context *context, const char *topic, struct azml_error *err)
{
    auto_str struct azml_str page = {0};
    if (azml_help_page(&azml_commands, topic, &page, err) < 0)
        return -1;
    auto_free char *text = azml_str_take(&page, err);
    return text ? azml_output_text(azml_context_output(context), text, err) : -1;
}

/* Ask for what is required and was left out, where somebody is there to answer: its
 * help without the full stop is the question. */
static int complete(struct azml_context *context, struct azml_parsed *parsed,
                    struct azml_error *err)
{
    const struct azml_option *missing = azml_parsed_missing(parsed);
    for (; missing; missing = azml_parsed_missing(parsed)) {
        if (!azml_context_may_ask(context))
            return azml_parsed_refuse(parsed, missing, err);
        auto_free char *question = azml_strndup(missing->help, strlen(missing->help) - 1, err);
        if (!question)
            return -1;
        char *answer = azml_context_ask(context, question, missing->meta, err);
        if (!answer || azml_parsed_answer(parsed, missing, answer, err) < 0)
            return -1;
    }
    return 0;
}

static int perform(struct azml_context *context, struct azml_parsed *parsed, struct azml_error *err)
{
    if (parsed->wants_help)
        return show_help(context, parsed->topic, err);
    if (complete(context, parsed, err) < 0)
        return -1;
    return parsed->command->run(context, parsed->args, err);
}

static int run(struct azml_parsed *parsed, bool json)
{
    auto_error struct azml_error err = {0};
    struct azml_context *context = azml_context_new(&parsed->common, &err);
    int status = -1;
    if (context) {
        status = perform(context, parsed, &err);
        json = azml_context_output(context)->format == AZML_FORMAT_JSON;
    }
    azml_context_free(context); /* takes live lines away before an error is printed */
    if (status < 0) {
        status = report(&err, &parsed->common, json);
        if (parsed->command && parsed->command->failure_exit && err.code != AZML_ERROR_INTERRUPTED)
            status = parsed->command->failure_exit;
    }
    return flush_results(status, &parsed->common, json);
}

int main(int argc, char **argv)
{
    azml_platform_catch_interrupts();
    const char *const *words = (const char *const *)argv;
    bool json = azml_parse_wants_json(argc, words);
    auto_error struct azml_error err = {0};
    struct azml_parsed parsed = {0};
    if (azml_parse(&azml_commands, argc, words, &parsed, &err) < 0) {
        const char *output = azml_platform_env("AZML_OUTPUT");
        json = json || (output && strcmp(output, "json") == 0);
        return report(&err, &parsed.common, json);
    }
    int status = run(&parsed, json);
    azml_parsed_cleanup(&parsed);
    return status;
}
