#include "sandbox/sandbox.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/number.h"
#include "base/timefmt.h"
#include "commands/context.h"
#include "commands/table.h"

#include <string.h>

/* --- edit --- */

struct edit_args {
    const char *id, *created, *list, *graph, *state, *managed_by;
    bool unmanaged;
};

static int set_created(struct azml_sandbox_edit *edit, const char *text, struct azml_error *err)
{
    if (!text)
        return 0;
    if (strcmp(text, "none") == 0) {
        edit->created = AZML_SANDBOX_CREATED_NONE;
        return 0;
    }
    if (azml_time_parse_iso(text, &edit->created_ms) < 0) {
        azml_error_set(err, AZML_ERROR_USAGE, _("--created cannot be '%s'"), text);
        return azml_error_hint(err, _("--created 2025-11-20T10:00:00Z, or --created none"));
    }
    edit->created = AZML_SANDBOX_CREATED_AT;
    return 0;
}

static int hiding(const char *choice)
{
    if (!choice)
        return 0;
    return strcmp(choice, "hide") == 0 ? 1 : -1;
}

static int edit_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct edit_args *args = data;
    struct azml_sandbox_edit edit = {
        .id = args->id,
        .hide_from_list = hiding(args->list),
        .hide_from_graph = hiding(args->graph),
        .state = args->state,
        .managed_by = args->unmanaged ? "" : args->managed_by,
    };
    if (set_created(&edit, args->created, err) < 0)
        return -1;
    if (edit.created == AZML_SANDBOX_CREATED_KEEP && edit.hide_from_list == 0 &&
        edit.hide_from_graph == 0 && !edit.state && !edit.managed_by) {
        azml_error_set(err, AZML_ERROR_USAGE, _("nothing to change was said"));
        return azml_error_hint(err, "azml help sandbox edit");
    }
    if (azml_sandbox_edit(NULL, &edit, err) < 0)
        return -1;
    azml_progress_note(azml_context_progress(context), _("changed: %s"), args->id);
    return 0;
}

static const char *const visibility[] = {"hide", "show", NULL};

static const struct azml_option edit_options[] = {
    AZML_WORD(struct edit_args, id, .meta = "ID", .required = true,
              .help = _("Resource id of the thing.")),
    AZML_STRING(struct edit_args, created, .name = "created", .meta = "TIME",
                .help = _("Creation time to show (ISO 8601), or none.")),
    AZML_STRING(struct edit_args, list, .name = "list", .meta = "hide|show", .choices = visibility,
                .help = _("Leave it out of lists, or not.")),
    AZML_STRING(struct edit_args, graph, .name = "graph", .meta = "hide|show",
                .choices = visibility, .help = _("Leave it out of Resource Graph, or not.")),
    AZML_STRING(struct edit_args, state, .name = "state", .meta = "STATE",
                .help = _("State or provisioning state to show.")),
    AZML_STRING(struct edit_args, managed_by, .name = "managed-by", .meta = "ID",
                .help = _("What manages it.")),
    AZML_FLAG(struct edit_args, unmanaged, .name = "unmanaged", .help = _("Nothing manages it.")),
    {0},
};

/* --- fault add --- */

struct fault_args {
    const char *path, *method, *body;
    struct azml_list headers;
    int64_t nth, times, status, delay_ms, cut; /* -1: not given */
    bool reset, after;
};

static int choose_kind(const struct fault_args *args, struct azml_sandbox_fault *fault,
                       struct azml_error *err)
{
    int kinds = (args->status >= 0) + (args->cut >= 0) + args->reset;
    if (kinds > 1 || (kinds == 0 && args->delay_ms < 0)) {
        azml_error_set(err, AZML_ERROR_USAGE, _("a fault is one of: status, reset, cut, delay"));
        return azml_error_hint(err, _("--status 503, --reset, --cut 10 or --delay 2000"));
    }
    fault->kind = AZML_SANDBOX_FAULT_DELAY;
    if (args->status >= 0)
        fault->kind = AZML_SANDBOX_FAULT_STATUS;
    else if (args->reset)
        fault->kind = AZML_SANDBOX_FAULT_RESET;
    else if (args->cut >= 0)
        fault->kind = AZML_SANDBOX_FAULT_CUT;
    return 0;
}

/* The headers with a NULL behind them; the caller's. */
static const char **header_list(const struct azml_list *list, struct azml_error *err)
{
    const char **headers = calloc(list->count + 1, sizeof(*headers));
    if (!headers)
        azml_error_memory(err);
    for (size_t i = 0; headers && i < list->count; i++)
        headers[i] = list->items[i];
    return headers;
}

static int fault_add_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct fault_args *args = data;
    auto_free const char **headers = header_list(&args->headers, err);
    if (!headers)
        return -1;
    struct azml_sandbox_fault fault = {
        .method = args->method,
        .path = args->path,
        .nth = (uint32_t)args->nth,
        .times = (uint32_t)args->times,
        .after = args->after,
        .status = args->status > 0 ? (int)args->status : 0,
        .headers = headers,
        .body = args->body,
        .delay_ms = args->delay_ms > 0 ? (uint64_t)args->delay_ms : 0,
        .cut_bytes = args->cut > 0 ? (uint32_t)args->cut : 0,
    };
    int64_t id;
    if (choose_kind(args, &fault, err) < 0 || azml_sandbox_fault_add(NULL, &fault, &id, err) < 0)
        return -1;
    auto_free char *text = azml_format(err, "%lld", (long long)id);
    return text ? azml_output_text(azml_context_output(context), text, err) : -1;
}

static const struct azml_option fault_add_options[] = {
    AZML_WORD(struct fault_args, path, .meta = "PATH", .required = true,
              .help = _("Part of path and query, or a pattern with * and ?.")),
    AZML_STRING(struct fault_args, method, .name = "method", .meta = "METHOD",
                .help = _("Only requests with this method.")),
    AZML_INT(struct fault_args, nth, .name = "nth", .meta = "N", .min = 1, .max = 1000000,
             .fallback = "1", .help = _("Begin with the Nth request that matches.")),
    AZML_INT(struct fault_args, times, .name = "times", .meta = "N", .min = 0, .max = 1000000,
             .fallback = "1", .help = _("How many in a row; 0 for all from there on.")),
    AZML_INT(struct fault_args, status, .name = "status", .meta = "CODE", .min = 200, .max = 599,
             .fallback = "-1", .help = _("Answer with this status.")),
    AZML_LIST(struct fault_args, headers, .name = "header", .meta = "NAME: VALUE",
              .help = _("Header of that answer; may be repeated.")),
    AZML_STRING(struct fault_args, body, .name = "body", .meta = "TEXT",
                .help = _("Body of that answer.")),
    AZML_FLAG(struct fault_args, reset, .name = "reset",
              .help = _("Reset the connection instead of answering.")),
    AZML_INT(struct fault_args, cut, .name = "cut", .meta = "BYTES", .min = 0, .max = 1000000000,
             .fallback = "-1", .help = _("End the true answer after that much of its body.")),
    AZML_INT(struct fault_args, delay_ms, .name = "delay", .meta = "MS", .min = 0, .max = 3600000,
             .fallback = "-1", .help = _("Answer so many milliseconds late.")),
    AZML_FLAG(struct fault_args, after, .name = "after",
              .help = _("The request takes effect before it is answered so.")),
    {0},
};

/* --- fault list and clear --- */

static const struct azml_column fault_columns[] = {
    {.heading = "ID",   .path = "id", .right = true},
    {.heading = "KIND",    .path = "kind"},
    {.heading = "METHOD", .path = "method"},
    {.heading = "PATH",                 .path = "path"},
    {.heading = "NTH", .path = "nth", .right = true},
    {.heading = "TIMES", .path = "times", .right = true},
    {.heading = "SEEN",                 .path = "seen", .right = true},
    {.heading = "HIT",    .path = "hit", .right = true},
    {.heading = NULL                },
};

static int fault_list_run(struct azml_context *context, const void *args, struct azml_error *err)
{
    (void)args;
    const struct azml_view view = {
        .columns = fault_columns,
        .sort_path = "",
        .empty_note = _("no faults in the sandbox"),
    };
    auto_json cJSON *faults = azml_sandbox_fault_list(NULL, err);
    return faults ? azml_output_list(azml_context_output(context), &view, faults, err) : -1;
}

struct clear_args {
    const char *id;
};

static int fault_clear_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct clear_args *args = data;
    int64_t id = 0;
    if (args->id && azml_number_parse_i64(args->id, 1, INT64_MAX, &id, err) < 0)
        return azml_error_context(err, _("there is no fault '%s'"), args->id);
    if (azml_sandbox_fault_clear(NULL, id, err) < 0)
        return -1;
    azml_progress_note(azml_context_progress(context),
                       id ? _("The fault is gone") : _("All faults are gone"));
    return 0;
}

static const struct azml_option fault_clear_options[] = {
    AZML_WORD(struct clear_args, id, .meta = "ID",
              .help = _("Fault to forget; all of them where none is named.")),
    {0},
};

/* --- rows --- */

static const char *const edit_examples[] = {
    "azml sandbox edit /subscriptions/0/resourceGroups/lab --created none",
    "azml sandbox edit /subscriptions/0/resourceGroups/lab --graph hide", NULL};
static const char *const fault_add_examples[] = {
    "azml sandbox fault add /computes/trainer --method PUT --reset",
    "azml sandbox fault add /resourceGroups --status 429 --header 'Retry-After: 2'", NULL};
static const char *const fault_list_examples[] = {"azml sandbox fault list", NULL};
static const char *const fault_clear_examples[] = {"azml sandbox fault clear", NULL};

const struct azml_command azml_command_sandbox_edit = {
    .path = "sandbox edit",
    .summary = _("Change what the practice cloud shows of one thing"),
    .options = edit_options,
    .examples = edit_examples,
    .args_size = sizeof(struct edit_args),
    .run = edit_run,
};

const struct azml_command azml_command_sandbox_fault_add = {
    .path = "sandbox fault add",
    .summary = _("Let requests to the practice cloud go wrong"),
    .options = fault_add_options,
    .examples = fault_add_examples,
    .args_size = sizeof(struct fault_args),
    .run = fault_add_run,
};

const struct azml_command azml_command_sandbox_fault_list = {
    .path = "sandbox fault list",
    .summary = _("List what goes wrong in the practice cloud"),
    .examples = fault_list_examples,
    .run = fault_list_run,
};

const struct azml_command azml_command_sandbox_fault_clear = {
    .path = "sandbox fault clear",
    .summary = _("Let nothing go wrong any more"),
    .options = fault_clear_options,
    .examples = fault_clear_examples,
    .args_size = sizeof(struct clear_args),
    .run = fault_clear_run,
};
