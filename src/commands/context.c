#include "commands/context.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/platform.h"
#include "commands/context_private.h"

#include <stdio.h>
#include <string.h>

#define STDERR_FD 2

/* Waits are cut into slices of this, so that elapsed times move while nothing else happens. */
#define SLICE_MS 200

static int64_t clock_wall_ms(void *data)
{
    (void)data;
    return azml_clock_wall_ms(&azml_clock_system);
}

static int64_t clock_monotonic_ms(void *data)
{
    const struct azml_context *context = data;
    azml_progress_tick(context->progress);
    return azml_clock_monotonic_ms(&azml_clock_system);
}

static int clock_wait_ms(void *data, uint64_t ms)
{
    const struct azml_context *context = data;
    while (ms > 0) {
        uint64_t slice = ms < SLICE_MS ? ms : SLICE_MS;
        azml_progress_tick(context->progress);
        if (azml_clock_wait(&azml_clock_system, slice) < 0)
            return -1;
        ms -= slice;
    }
    return 0;
}

/* May cursor movement be sent there? */
static bool is_live(const struct azml_common *common)
{
    const char *term = azml_platform_env("TERM");
    return azml_platform_is_terminal(STDERR_FD) && (!term || strcmp(term, "dumb") != 0) &&
           !common->verbose && !common->debug;
}

static void set_log_level(const struct azml_common *common)
{
    enum azml_log_level level = AZML_LOG_NORMAL;
    if (common->debug)
        level = AZML_LOG_DEBUG;
    else if (common->verbose)
        level = AZML_LOG_VERBOSE;
    else if (common->quiet)
        level = AZML_LOG_QUIET;
    azml_log_set_level(level);
}

static int set_output(struct azml_context *context, struct azml_error *err)
{
    const char *format = NULL;
    context->output = (struct azml_output){
        .stream = stdout,
        .notes = context->common->quiet ? NULL : stderr,
        .no_header = context->common->no_header,
    };
    if (azml_settings_get(context->settings, AZML_SETTING_OUTPUT, &format, err) < 0)
        return -1;
    return format ? azml_format_parse(format, &context->output.format, err) : 0;
}

struct azml_context *azml_context_new(const struct azml_common *common, struct azml_error *err)
{
    struct azml_context *context = calloc(1, sizeof(*context));
    if (!context) {
        azml_error_memory(err);
        return NULL;
    }
    context->common = common;
    context->clock = (struct azml_clock){
        .wall_ms = clock_wall_ms,
        .monotonic_ms = clock_monotonic_ms,
        .wait_ms = clock_wait_ms,
        .data = context,
    };
    set_log_level(common);
    const struct azml_progress_setup setup = {
        .stream = stderr,
        .clock = &azml_clock_system,
        .live = is_live(common),
        .quiet = common->quiet,
        .width = azml_platform_terminal_width(STDERR_FD),
    };
    context->settings = azml_settings_new(common, err);
    if (!context->settings || set_output(context, err) < 0 ||
        !(context->progress = azml_progress_new(&setup, err))) {
        azml_context_free(context);
        return NULL;
    }
    return context;
}

void azml_context_free(struct azml_context *context)
{
    if (!context)
        return;
    if (context->connection)
        context->connection_free(context->connection);
    azml_progress_free(context->progress);
    azml_settings_free(context->settings);
    for (size_t i = 0; i < AZML_SETTING_COUNT; i++)
        free(context->asked[i]);
    free(context->workspace_group);
    free(context);
}

const struct azml_common *azml_context_common(const struct azml_context *context)
{
    return context->common;
}

const struct azml_output *azml_context_output(const struct azml_context *context)
{
    return &context->output;
}

struct azml_progress *azml_context_progress(struct azml_context *context)
{
    return context->progress;
}

const struct azml_clock *azml_context_clock(const struct azml_context *context)
{
    return &context->clock;
}

const char *azml_context_run_id(struct azml_context *context)
{
    if (context->run_id[0] == '\0')
        azml_platform_uuid(context->run_id);
    return context->run_id;
}

/* A value that the command cannot do without: looked up, else asked for. */
static const char *required(struct azml_context *context, enum azml_setting which,
                            const char *question, struct azml_error *err)
{
    const char *value;
    if (context->asked[which])
        return context->asked[which];
    if (azml_settings_get(context->settings, which, &value, err) < 0)
        return NULL;
    if (value)
        return value;
    context->asked[which] = azml_context_ask(context, question, azml_setting_option(which), err);
    if (!context->asked[which] && err && err->code == AZML_ERROR_USAGE)
        azml_error_hint(err, _("%s NAME   (or for every command: export %s=NAME)"),
                        azml_setting_option(which), azml_setting_variable(which));
    return context->asked[which];
}

const char *azml_context_group(struct azml_context *context, struct azml_error *err)
{
    return required(context, AZML_SETTING_GROUP, _("Resource group"), err);
}

const char *azml_context_workspace(struct azml_context *context, struct azml_error *err)
{
    return required(context, AZML_SETTING_WORKSPACE, _("Workspace"), err);
}

const char *azml_context_location(struct azml_context *context)
{
    const char *value = NULL;
    return azml_settings_get(context->settings, AZML_SETTING_LOCATION, &value, NULL) < 0 ? NULL
                                                                                         : value;
}
