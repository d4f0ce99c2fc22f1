#include "azml/compute_run.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "commands/ml_common.h"
#include "commands/table.h"

#define WHERE (AZML_TAKES_CLOUD | AZML_TAKES_GROUP | AZML_TAKES_WORKSPACE)

/* --- show --- */

struct show_args {
    const char *name;
};

static int show_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct show_args *args = data;
    struct azml_workspace_ref ref;
    if (azml_ml_workspace(context, false, &ref, err) < 0)
        return -1;
    struct azml_arm *arm = azml_context_arm(context, err);
    auto_json cJSON *document = arm ? azml_compute_get(arm, &ref, args->name, err) : NULL;
    return document ? azml_ml_show_compute(context, document, err) : -1;
}

static const struct azml_option show_options[] = {
    AZML_WORD(struct show_args, name, .name = "name", .letter = 'n', .meta = "COMPUTE",
              .required = true, .help = _("Compute to show.")),
    {0},
};

static const char *const show_examples[] = {"azml compute show trainer -w course -g tensorflow",
                                            NULL};

const struct azml_command azml_command_compute_show = {
    .path = "compute show",
    .summary = _("Show a compute and how to reach it"),
    .options = show_options,
    .examples = show_examples,
    .args_size = sizeof(struct show_args),
    .takes = WHERE,
    .run = show_run,
};

/* --- list --- */

static int list_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    (void)data;
    struct azml_workspace_ref ref;
    if (azml_ml_workspace(context, false, &ref, err) < 0)
        return -1;
    struct azml_arm *arm = azml_context_arm(context, err);
    auto_json cJSON *list = arm ? azml_compute_list(arm, &ref, err) : NULL;
    auto_free char *note = azml_format(err, _("no computes in workspace %s"), ref.name);
    return list && note ? azml_ml_list_computes(context, list, note, err) : -1;
}

static const char *const list_examples[] = {"azml compute list -w course -g tensorflow",
                                            "azml compute list -w course -o json", NULL};

const struct azml_command azml_command_compute_list = {
    .path = "compute list",
    .summary = _("List the computes of a workspace"),
    .examples = list_examples,
    .takes = WHERE,
    .run = list_run,
};

/* --- start, stop, restart --- */

struct names_args {
    struct azml_list names;
};

static const char *const verbs[] = {[AZML_COMPUTE_START] = "start",
                                    [AZML_COMPUTE_STOP] = "stop",
                                    [AZML_COMPUTE_RESTART] = "restart",
                                    [AZML_COMPUTE_DELETE] = "delete"};

static void tell_unchanged(struct azml_context *context, const struct azml_compute_many *what,
                           const struct azml_compute_ended *ended)
{
    struct azml_progress *progress = azml_context_progress(context);
    for (size_t i = 0; i < what->count; i++) {
        if (!ended[i].was_so)
            continue;
        if (what->act == AZML_COMPUTE_DELETE)
            azml_progress_note(progress, _("compute %s does not exist; nothing to do"),
                               what->names[i]);
        else
            azml_progress_note(progress, _("compute %s is already %s; nothing to do"),
                               what->names[i],
                               what->act == AZML_COMPUTE_STOP ? _("stopped") : _("running"));
    }
}

/* What they are now: one as lines, several as a list. */
static int show_ended(struct azml_context *context, const struct azml_compute_many *what,
                      struct azml_compute_ended *ended, struct azml_error *err)
{
    if (what->act == AZML_COMPUTE_DELETE)
        return 0;
    if (what->count == 1)
        return ended[0].document ? azml_ml_show_compute(context, ended[0].document, err) : 0;
    auto_json cJSON *list = cJSON_CreateArray();
    if (!list)
        return azml_error_memory(err);
    for (size_t i = 0; i < what->count; i++)
        if (ended[i].document && azml_json_append(list, AZML_STEAL(ended[i].document)) < 0)
            return azml_error_memory(err);
    return azml_ml_list_computes(context, list, NULL, err);
}

/* Do it, then say and show what came of it, failures last. */
static int carry_out(struct azml_context *context, const struct azml_compute_many *asked,
                     struct azml_error *err)
{
    auto_free char *first =
        azml_format(err, "azml compute %s %s -w %s -g %s", verbs[asked->act], asked->names[0],
                    asked->workspace.name, asked->workspace.group);
    struct azml_compute_ended *ended = calloc(asked->count, sizeof(*ended));
    struct azml_arm *arm = azml_context_arm(context, err);
    if (!first || !ended || !arm) {
        free(ended);
        return arm ? azml_error_memory(err) : -1;
    }
    struct azml_watch watch = azml_ml_watch(context);
    struct azml_compute_many what = *asked;
    what.resume = first;
    what.watch = &watch;
    what.no_wait = azml_context_common(context)->no_wait;
    auto_error struct azml_error failure = {0};
    int result = azml_compute_do(arm, &what, ended, &failure);
    tell_unchanged(context, &what, ended);
    int shown = show_ended(context, &what, ended, err);
    azml_compute_ended_cleanup(ended, what.count);
    free(ended);
    return result < 0 ? azml_error_move(err, &failure) : shown;
}

static int act(struct azml_context *context, const struct names_args *args,
               enum azml_compute_act which, struct azml_error *err)
{
    struct azml_compute_many what = {
        .act = which, .names = args->names.items, .count = args->names.count};
    if (azml_ml_workspace(context, false, &what.workspace, err) < 0)
        return -1;
    return carry_out(context, &what, err);
}

static int start_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    return act(context, data, AZML_COMPUTE_START, err);
}

static int stop_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    return act(context, data, AZML_COMPUTE_STOP, err);
}

static int restart_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    return act(context, data, AZML_COMPUTE_RESTART, err);
}

static const struct azml_option names_options[] = {
    AZML_WORDS(struct names_args, names, .name = "name", .letter = 'n', .meta = "COMPUTE",
               .required = true, .help = _("Computes, one or several.")),
    {0},
};

static const char *const start_examples[] = {"azml compute start trainer -w course -g tensorflow",
                                             NULL};
static const char *const stop_examples[] = {"azml compute stop trainer -w course -g tensorflow",
                                            "azml compute stop trainer reader -w course", NULL};
static const char *const restart_examples[] = {
    "azml compute restart trainer -w course -g tensorflow", NULL};

const struct azml_command azml_command_compute_start = {
    .path = "compute start",
    .summary = _("Start stopped computes"),
    .details = _("One that runs already is left alone; one that is still stopping is waited for. "
                 "Its address may be another one than before."),
    .options = names_options,
    .examples = start_examples,
    .args_size = sizeof(struct names_args),
    .takes = WHERE | AZML_TAKES_NO_WAIT,
    .run = start_run,
};

const struct azml_command azml_command_compute_stop = {
    .path = "compute stop",
    .summary = _("Stop running computes"),
    .details = _("A stopped compute keeps its disk and its quota, and costs only for the disk and "
                 "the network."),
    .options = names_options,
    .examples = stop_examples,
    .args_size = sizeof(struct names_args),
    .takes = WHERE | AZML_TAKES_NO_WAIT,
    .run = stop_run,
};

const struct azml_command azml_command_compute_restart = {
    .path = "compute restart",
    .summary = _("Restart running computes"),
    .options = names_options,
    .examples = restart_examples,
    .args_size = sizeof(struct names_args),
    .takes = WHERE | AZML_TAKES_NO_WAIT,
    .run = restart_run,
};

/* --- delete --- */

struct delete_args {
    struct azml_list names;
    bool if_exists;
};

static int confirm_delete(struct azml_context *context, const struct azml_compute_many *what,
                          struct azml_error *err)
{
    auto_str struct azml_str names = {0};
    for (size_t i = 0; i < what->count; i++)
        azml_str_addf(&names, "%s%s", i > 0 ? ", " : "", what->names[i]);
    auto_free char *sentence =
        what->count == 1
            ? azml_format(err, _("This deletes compute %s with what is only on its own disk."),
                          azml_str_text(&names))
            : azml_format(err, _("This deletes %zu computes with what is only on their disks: %s."),
                          what->count, azml_str_text(&names));
    auto_free char *typed =
        what->count == 1 ? azml_strdup(what->names[0], err) : azml_format(err, "%zu", what->count);
    if (!sentence || !typed)
        return -1;
    struct azml_progress *progress = azml_context_progress(context);
    if (azml_context_common(context)->dry_run) {
        azml_progress_note(progress, "%s", sentence);
        azml_progress_note(progress, _("Nothing was done, because of --dry-run"));
        return 1;
    }
    return azml_context_confirm_name(context, sentence, typed, err);
}

static int delete_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct delete_args *args = data;
    struct azml_compute_many what = {.act = AZML_COMPUTE_DELETE,
                                     .names = args->names.items,
                                     .count = args->names.count,
                                     .if_exists = args->if_exists};
    if (azml_ml_workspace(context, true, &what.workspace, err) < 0 ||
        azml_context_introduce(context, err) < 0)
        return -1;
    int answer = confirm_delete(context, &what, err);
    if (answer != 0)
        return answer < 0 ? -1 : 0;
    return carry_out(context, &what, err);
}

static const struct azml_option delete_options[] = {
    AZML_WORDS(struct delete_args, names, .name = "name", .letter = 'n', .meta = "COMPUTE",
               .required = true, .help = _("Computes to delete.")),
    AZML_FLAG(struct delete_args, if_exists, .name = "if-exists",
              .help = _("A compute that does not exist is no error.")),
    {0},
};

static const char *const delete_examples[] = {
    "azml compute delete trainer -w course -g tensorflow",
    "azml compute delete trainer reader -w course -g tensorflow --if-exists --yes", NULL};

const struct azml_command azml_command_compute_delete = {
    .path = "compute delete",
    .summary = _("Delete computes"),
    .details = _("An attached compute is only detached: the machine behind it is its owner's. "
                 "Files in the workspace's file share stay."),
    .options = delete_options,
    .examples = delete_examples,
    .args_size = sizeof(struct delete_args),
    .takes = WHERE | AZML_TAKES_YES | AZML_TAKES_DRY_RUN | AZML_TAKES_NO_WAIT,
    .run = delete_run,
};
