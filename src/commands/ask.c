#include "commands/context.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "cli/text.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_ANSWER 1024

bool azml_context_may_ask(const struct azml_context *context)
{
    return azml_platform_is_terminal(0) && !azml_context_common(context)->no_input;
}

/* One line from the terminal without its end, the caller's. */
static char *read_line(struct azml_error *err)
{
    auto_str struct azml_str line = {.limit = LONGEST_ANSWER};
    char c = '\0';
    int64_t got = azml_platform_read(0, &c, 1);
    while (got == 1 && c != '\n') {
        if (c != '\r')
            azml_str_add_char(&line, c);
        got = azml_platform_read(0, &c, 1);
    }
    if (got == 1 && !azml_platform_interrupted())
        return azml_str_take(&line, err);
    azml_error_set(err, AZML_ERROR_INTERRUPTED, _("interrupted at a question; nothing was done"));
    return NULL;
}

static char *question(struct azml_context *context, const char *text, struct azml_error *err)
{
    azml_progress_hide(azml_context_progress(context));
    (void)fputs(text, stderr);
    (void)fflush(stderr);
    return read_line(err);
}

char *azml_context_ask(struct azml_context *context, const char *what, const char *option,
                       struct azml_error *err)
{
    if (!azml_context_may_ask(context)) {
        azml_error_set(err, AZML_ERROR_USAGE, _("%s is missing: %s"), option, what);
        return NULL;
    }
    auto_free char *text = azml_format(err, "%s: ", what);
    auto_free char *answer = text ? question(context, text, err) : NULL;
    if (answer && answer[0])
        return AZML_STEAL(answer);
    if (answer)
        azml_error_set(err, AZML_ERROR_USAGE, _("%s is missing: %s"), option, what);
    return NULL;
}

static int needs_yes(const char *what, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_USAGE, _("this needs a confirmation, and nobody can be asked"));
    azml_error_why(err, "%s", what);
    return azml_error_hint(err, _("add --yes once you are sure"));
}

int azml_context_confirm_name(struct azml_context *context, const char *what, const char *name,
                              struct azml_error *err)
{
    if (azml_context_common(context)->yes)
        return 0;
    if (!azml_context_may_ask(context))
        return needs_yes(what, err);
    auto_str struct azml_str clean = {0};
    azml_text_add_clean(&clean, what);
    auto_free char *text =
        azml_format(err, _("%s\nType %s to go on: "), azml_str_text(&clean), name);
    auto_free char *answer = text ? question(context, text, err) : NULL;
    if (!answer)
        return -1;
    if (strcmp(answer, name) == 0)
        return 0;
    return azml_error_set(err, AZML_ERROR_USAGE, _("that was not '%s'; nothing was done"), name);
}

int azml_context_confirm(struct azml_context *context, const char *what, struct azml_error *err)
{
    if (azml_context_common(context)->yes)
        return 0;
    if (!azml_context_may_ask(context))
        return needs_yes(what, err);
    auto_free char *text = azml_format(err, _("%s [y/N] "), what);
    auto_free char *answer = text ? question(context, text, err) : NULL;
    if (!answer)
        return -1;
    if (azml_same_text(answer, "y") || azml_same_text(answer, "yes"))
        return 0;
    return azml_error_set(err, AZML_ERROR_USAGE, _("not confirmed; nothing was done"));
}
