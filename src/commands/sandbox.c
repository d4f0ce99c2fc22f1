#include "sandbox/sandbox.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/timefmt.h"
#include "commands/context.h"
#include "commands/table.h"

#include <string.h>

#define MOST_SPEED 1000000
#define MOST_PAGE  100000

struct serve_args {
    int64_t speed, port, page_size; /* 0: as last time */
};

static const struct azml_option serve_options[] = {
    AZML_INT(struct serve_args, speed, .name = "speed", .meta = "N", .min = 1, .max = MOST_SPEED,
             .help = _("Operations take Azure's time divided by this; 60 at first.")),
    AZML_INT(struct serve_args, port, .name = "port", .meta = "PORT", .min = 1, .max = 65535,
             .help = _("Port of 127.0.0.1; kept from the last time, else any free one.")),
    AZML_INT(struct serve_args, page_size, .name = "page-size", .meta = "N", .min = 1,
             .max = MOST_PAGE, .help = _("Entries in a page of a list; as Azure does at first.")),
    {0},
};

static struct azml_sandbox_options options_of(const struct serve_args *args)
{
    return (struct azml_sandbox_options){
        .speed = (double)args->speed,
        .port = (uint16_t)args->port,
        .page_size = (uint32_t)args->page_size,
    };
}

/* --- status --- */

static void running_cell(const cJSON *status, const void *data, struct azml_str *out)
{
    (void)data;
    azml_str_add(out, azml_json_bool_or(status, "running", false) ? _("running") : _("stopped"));
}

static const struct azml_column status_columns[] = {
    {.heading = "name",         .path = "name"},
    {.heading = "state",                         .cell = running_cell},
    {.heading = "endpoint",.path = "endpoint"},
    {.heading = "pid",     .path = "pid"},
    {.heading = "started",                         .path = "startedAt"},
    {.heading = "speed",        .path = "speed"},
    {.heading = "subscription",      .path = "subscriptionId"},
    {.heading = "resources",                         .path = "resources"},
    {.heading = "operations",   .path = "operations"},
    {.heading = "faults", .path = "faults"},
    {.heading = "folder",                         .path = "folder"},
    {.heading = NULL},
};

static int show_status(struct azml_context *context, struct azml_error *err)
{
    const struct azml_view view = {.columns = status_columns, .id_path = "name"};
    auto_json cJSON *status = azml_sandbox_status(NULL, err);
    return status ? azml_output_show(azml_context_output(context), &view, status, err) : -1;
}

static int status_run(struct azml_context *context, const void *args, struct azml_error *err)
{
    (void)args;
    return show_status(context, err);
}

/* --- start, run, stop, reset --- */

static int start_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct azml_sandbox_options options = options_of(data);
    struct azml_progress *progress = azml_context_progress(context);
    bool started = false;
    azml_progress_change(progress, _("sandbox"), _("starting"), _("1 to 3 s"), NULL);
    if (azml_sandbox_start(&options, &started, err) < 0)
        return -1;
    azml_progress_done(progress, _("sandbox"),
                       started ? _("running") : _("already running; nothing to do"), NULL);
    if (show_status(context, err) < 0)
        return -1;
    azml_progress_note(progress, _("Next: export AZML_CLOUD=sandbox"));
    return 0;
}

static void say_ready(void *data, const char *endpoint)
{
    azml_progress_note(data, _("The sandbox answers at %s; Ctrl-C ends it"), endpoint);
}

static int serve_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct azml_sandbox_options options = options_of(data);
    return azml_sandbox_run(&options, say_ready, azml_context_progress(context), err);
}

static int stop_run(struct azml_context *context, const void *args, struct azml_error *err)
{
    (void)args;
    bool stopped = false;
    if (azml_sandbox_stop(NULL, &stopped, err) < 0)
        return -1;
    azml_progress_done(
        azml_context_progress(context), _("sandbox"),
        stopped ? _("stopped; what it holds is kept") : _("does not run; nothing to do"), NULL);
    return 0;
}

static int reset_run(struct azml_context *context, const void *args, struct azml_error *err)
{
    (void)args;
    if (azml_context_confirm(context, _("Delete everything that the sandbox holds?"), err) < 0 ||
        azml_sandbox_reset(NULL, err) < 0)
        return -1;
    azml_progress_done(azml_context_progress(context), _("sandbox"), _("empty again"), NULL);
    return 0;
}

/* --- env --- */

/* 'value' for a POSIX shell, whatever it holds. */
static void add_quoted(struct azml_str *out, const char *value)
{
    azml_str_add_char(out, '\'');
    for (; *value; value++) {
        if (*value == '\'')
            azml_str_add(out, "'\\''");
        else
            azml_str_add_char(out, *value);
    }
    azml_str_add_char(out, '\'');
}

static int print_exports(struct azml_context *context, const struct azml_sandbox_env *env,
                         struct azml_error *err)
{
    auto_str struct azml_str text = {0};
    for (size_t i = 0; i < AZML_SANDBOX_VARIABLES; i++) {
        azml_str_addf(&text, "export %s=", env->variables[i].name);
        add_quoted(&text, env->variables[i].value);
        azml_str_add_char(&text, '\n');
    }
    auto_free char *whole = azml_str_take(&text, err);
    return whole ? azml_output_text(azml_context_output(context), whole, err) : -1;
}

static int print_document(struct azml_context *context, const struct azml_sandbox_env *env,
                          struct azml_error *err)
{
    auto_json cJSON *document = cJSON_CreateObject();
    for (size_t i = 0; i < AZML_SANDBOX_VARIABLES; i++) {
        if (!document ||
            azml_json_put_text(document, env->variables[i].name, env->variables[i].value) < 0)
            return azml_error_memory(err);
    }
    return azml_output_json(azml_context_output(context), document, err);
}

static int env_run(struct azml_context *context, const void *args, struct azml_error *err)
{
    (void)args;
    struct azml_sandbox_env env = {0};
    if (azml_sandbox_env(NULL, &env, err) < 0)
        return -1;
    int result = azml_context_output(context)->format == AZML_FORMAT_JSON
                     ? print_document(context, &env, err)
                     : print_exports(context, &env, err);
    azml_sandbox_env_cleanup(&env);
    return result;
}

/* --- clock --- */

struct advance_args {
    const char *duration;
};

static int advance_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct advance_args *args = data;
    int64_t seconds;
    if (azml_duration_parse(args->duration, &seconds, err) < 0 ||
        azml_sandbox_clock_advance(NULL, seconds, err) < 0)
        return -1;
    char text[AZML_TIME_TEXT];
    azml_duration_format(text, seconds);
    azml_progress_note(azml_context_progress(context), _("Everything in the sandbox is %s older"),
                       text);
    return 0;
}

static const struct azml_option advance_options[] = {
    AZML_WORD(struct advance_args, duration, .meta = "DURATION", .required = true,
              .help = _("How much time goes by, such as 2h or 9d.")),
    {0},
};

/* --- rows --- */

static const char *const start_examples[] = {"azml sandbox start", "azml sandbox start --speed 600",
                                             NULL};
static const char *const stop_examples[] = {"azml sandbox stop", NULL};
static const char *const status_examples[] = {"azml sandbox status", NULL};
static const char *const reset_examples[] = {"azml sandbox reset --yes", NULL};
static const char *const env_examples[] = {"eval \"$(azml sandbox env)\"",
                                           "azml sandbox env -o json", NULL};
static const char *const run_examples[] = {"azml sandbox run --port 8443", NULL};
static const char *const advance_examples[] = {"azml sandbox clock advance 2h", NULL};

const struct azml_command azml_command_sandbox_start = {
    .path = "sandbox start",
    .summary = _("Start the practice cloud in the background"),
    .details = _("Commands with --cloud sandbox start it by themselves. AZML_SANDBOX names one of "
                 "several; it answers on 127.0.0.1 only."),
    .options = serve_options,
    .examples = start_examples,
    .args_size = sizeof(struct serve_args),
    .run = start_run,
};

const struct azml_command azml_command_sandbox_stop = {
    .path = "sandbox stop",
    .summary = _("Stop the practice cloud, keeping what it holds"),
    .examples = stop_examples,
    .run = stop_run,
};

const struct azml_command azml_command_sandbox_status = {
    .path = "sandbox status",
    .summary = _("Show whether the practice cloud runs, and where"),
    .examples = status_examples,
    .run = status_run,
};

const struct azml_command azml_command_sandbox_reset = {
    .path = "sandbox reset",
    .summary = _("Stop the practice cloud and delete all it holds"),
    .examples = reset_examples,
    .takes = AZML_TAKES_YES,
    .run = reset_run,
};

const struct azml_command azml_command_sandbox_env = {
    .path = "sandbox env",
    .summary = _("Print the variables that another client needs"),
    .details = _("The client secret among them opens the sandbox and nothing else."),
    .examples = env_examples,
    .run = env_run,
};

const struct azml_command azml_command_sandbox_run = {
    .path = "sandbox run",
    .summary = _("Serve the practice cloud in the foreground"),
    .options = serve_options,
    .examples = run_examples,
    .args_size = sizeof(struct serve_args),
    .run = serve_run,
};

const struct azml_command azml_command_sandbox_clock_advance = {
    .path = "sandbox clock advance",
    .summary = _("Let time go by for all that the practice cloud holds"),
    .options = advance_options,
    .examples = advance_examples,
    .args_size = sizeof(struct advance_args),
    .run = advance_run,
};
