#include "azml/workspace.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "commands/ml_common.h"
#include "commands/table.h"

struct delete_args {
    const char *name;
    bool with_dependents, purge, if_exists;
};

/* "This deletes workspace course, 1 compute in it and 4 resources made for it: …" */
static void describe(const struct azml_workspace_delete *what,
                     const struct azml_workspace_plan *plan, struct azml_str *out)
{
    int dependents = cJSON_GetArraySize(plan->dependents);
    if (plan->is_there)
        azml_str_addf(out, _("This deletes workspace %s"), what->ref.name);
    else
        azml_str_addf(out, _("Workspace %s is gone; this deletes what is left"), what->ref.name);
    if (plan->computes_unknown)
        azml_str_add(out, _(", with computes that could not be counted"));
    else if (plan->computes > 0)
        azml_str_addf(out,
                      plan->computes == 1 ? _(", %zu compute in it") : _(", %zu computes in it"),
                      plan->computes);
    if (dependents > 0)
        azml_str_addf(out,
                      dependents == 1 ? _(" and %d resource made for it")
                                      : _(" and %d resources made for it"),
                      dependents);
    azml_str_add(out, what->purge ? _(", for good.") : _("."));
    const cJSON *item;
    cJSON_ArrayForEach (item, plan->dependents) {
        azml_str_addf(out, "\n  %s  %s", azml_json_text(item, "type"),
                      azml_json_text(item, "name"));
    }
    cJSON_ArrayForEach (item, plan->deleted_vaults) {
        azml_str_addf(out, _("\n  soft-deleted key vault  %s"), azml_json_text(item, "name"));
    }
    cJSON_ArrayForEach (item, plan->kept) {
        azml_str_addf(out, _("\n  kept  %s (%s)"), azml_json_text(item, "id"),
                      azml_json_text(item, "why"));
    }
}

static int run_plan(struct azml_context *context, const struct azml_workspace_delete *what,
                    const struct azml_workspace_plan *plan, struct azml_error *err)
{
    const struct azml_common *common = azml_context_common(context);
    struct azml_progress *progress = azml_context_progress(context);
    auto_str struct azml_str text = {0};
    describe(what, plan, &text);
    if (common->dry_run) {
        azml_progress_note(progress, "%s", azml_str_text(&text));
        azml_progress_note(progress, _("Nothing was done, because of --dry-run"));
        return 0;
    }
    if (azml_context_confirm_name(context, azml_str_text(&text), what->ref.name, err) < 0)
        return -1;
    if (common->yes)
        azml_progress_note(progress, "%s", azml_str_text(&text));
    if (azml_workspace_run_delete(azml_context_arm(context, NULL), what, plan, err) < 0)
        return -1;
    if (what->purge && !plan->is_there)
        azml_progress_note(progress,
                           _("A workspace that went without --purge can only be purged in the "
                             "portal, under Recently deleted"));
    if (!what->purge && plan->is_there && !common->no_wait)
        azml_progress_note(progress,
                           _("The workspace stays soft-deleted for 14 days and its name taken; "
                             "--purge would have left nothing"));
    return 0;
}

static int delete_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct delete_args *args = data;
    struct azml_watch watch = azml_ml_watch(context);
    struct azml_workspace_delete what = {
        .with_dependents = args->with_dependents,
        .purge = args->purge,
        .no_wait = azml_context_common(context)->no_wait,
        .watch = &watch,
    };
    if (azml_ml_named_workspace(context, args->name, true, &what.ref, err) < 0)
        return -1;
    auto_free char *resume = azml_format(
        err, "azml workspace delete %s -g %s --if-exists%s%s", args->name, what.ref.group,
        args->with_dependents ? " --with-dependents" : "", args->purge ? " --purge" : "");
    what.resume = resume;
    struct azml_arm *arm = resume ? azml_context_arm(context, err) : NULL;
    if (!arm || azml_context_introduce(context, err) < 0)
        return -1;

    struct azml_workspace_plan plan = {0};
    auto_error struct azml_error error = {0};
    if (azml_workspace_plan_delete(arm, &what, &plan, &error) < 0) {
        if (!args->if_exists || error.code != AZML_ERROR_NOT_FOUND)
            return azml_error_move(err, &error);
        azml_progress_note(azml_context_progress(context),
                           _("workspace %s does not exist; nothing to do"), args->name);
        return 0;
    }
    int result = run_plan(context, &what, &plan, err);
    azml_workspace_plan_cleanup(&plan);
    return result;
}

static const struct azml_option delete_options[] = {
    AZML_WORD(struct delete_args, name, .name = "name", .letter = 'n', .meta = "WORKSPACE",
              .required = true, .help = _("Workspace to delete.")),
    AZML_FLAG(struct delete_args, with_dependents, .name = "with-dependents",
              .help = _("Also delete what azml made for it and nothing else uses.")),
    AZML_FLAG(struct delete_args, purge, .name = "purge",
              .help = _("Leave nothing soft-deleted behind; it cannot be recovered.")),
    AZML_FLAG(struct delete_args, if_exists, .name = "if-exists",
              .help = _("A workspace that does not exist is no error.")),
    {0},
};

static const char *const delete_examples[] = {
    "azml workspace delete course -g tensorflow",
    "azml workspace delete course -g tensorflow --with-dependents --purge --yes", NULL};

const struct azml_command azml_command_workspace_delete = {
    .path = "workspace delete",
    .summary = _("Delete a workspace, and on request what was made for it"),
    .details = _("Computes go with their workspace. Storage, key vault, logs and insights stay "
                 "unless --with-dependents is given, which takes only those that azml made for "
                 "this workspace. Without --purge the workspace can be recovered for 14 days, and "
                 "so long its name stays taken."),
    .options = delete_options,
    .examples = delete_examples,
    .args_size = sizeof(struct delete_args),
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_GROUP | AZML_TAKES_YES | AZML_TAKES_DRY_RUN |
             AZML_TAKES_NO_WAIT,
    .run = delete_run,
};
