#include "azml/workspace.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/timefmt.h"
#include "commands/ml_common.h"
#include "commands/table.h"

/* --- how workspaces are shown --- */

static void studio_cell(const cJSON *workspace, const void *data, struct azml_str *out)
{
    const struct azml_ml_view_data *view = data;
    auto_free char *studio = azml_workspace_studio(view->studio, workspace, NULL);
    azml_str_add(out, studio ? studio : "");
}

static void age_cell(const cJSON *workspace, const void *data, struct azml_str *out)
{
    const struct azml_ml_view_data *view = data;
    const char *created = azml_json_text(workspace, "systemData.createdAt");
    if (!created)
        created = azml_json_text(workspace, "properties.creationTime");
    int64_t created_ms = 0;
    bool known = created && azml_time_parse_iso(created, &created_ms) == 0;
    azml_ml_add_age(known ? (view->now_ms - created_ms) / 1000 : -1, out);
}

static const struct azml_column list_columns[] = {
    {.heading = "NAME",                       .path = "name"},
    {.heading = "GROUP",                                       .cell = azml_ml_group_cell},
    {.heading = "LOCATION",.path = "location"},
    {.heading = "STATE",                   .path = "properties.provisioningState"},
    {.heading = "AGE",                                       .cell = age_cell},
    {.heading = NULL},
};

static const struct azml_column show_columns[] = {
    {.heading = "name",                       .path = "name"},
    {.heading = "group",                                       .cell = azml_ml_group_cell},
    {.heading = "location",.path = "location"},
    {.heading = "state",                   .path = "properties.provisioningState"},
    {.heading = "studio",                                       .cell = studio_cell},
    {.heading = NULL},
};

/* ARM's document, with what azml knows beyond it under one key. */
static int show(struct azml_context *context, cJSON *workspace, struct azml_error *err)
{
    struct azml_ml_view_data data;
    azml_ml_view_data(context, &data);
    auto_free char *studio = azml_workspace_studio(data.studio, workspace, NULL);
    if (studio && azml_json_put_text(workspace, "azml.studio", studio) < 0)
        return azml_error_memory(err);
    const struct azml_view view = {.columns = show_columns, .data = &data};
    return azml_output_show(azml_context_output(context), &view, workspace, err);
}

/* --- create --- */

struct create_args {
    const char *name;
    const char *storage, *vault, *insights, *registry;
};

static void tell_created(struct azml_context *context, const struct azml_workspace_ref *ref,
                         enum azml_made how)
{
    struct azml_progress *progress = azml_context_progress(context);
    if (how == AZML_MADE_ALREADY)
        azml_progress_note(progress, _("workspace %s already exists; nothing to do"), ref->name);
    if (how == AZML_MADE_ACCEPTED)
        azml_progress_note(progress,
                           _("The service works on it. Next: azml workspace show %s -g %s"),
                           ref->name, ref->group);
    if (how == AZML_MADE_NEW)
        azml_progress_note(progress, _("Next: azml compute create trainer -w %s -g %s"), ref->name,
                           ref->group);
}

static int create(struct azml_context *context, const struct azml_workspace_create *what,
                  struct azml_error *err)
{
    struct azml_arm *arm = azml_context_arm(context, err);
    struct azml_workspace_created created = {0};
    if (!arm || azml_workspace_create(arm, what, &created, err) < 0)
        return -1;
    auto_json cJSON *document = created.document;
    int result = document ? show(context, document, err) : 0;
    if (result == 0)
        tell_created(context, &what->ref, created.how);
    return result;
}

static int create_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct create_args *args = data;
    const struct azml_common *common = azml_context_common(context);
    struct azml_workspace_create what = {
        .ref = {.group = azml_context_group(context, err), .name = args->name},
        .location = common->location,
        .storage_id = args->storage,
        .vault_id = args->vault,
        .insights_id = args->insights,
        .registry_id = args->registry,
        .no_wait = common->no_wait,
    };
    if (!what.ref.group || azml_workspace_create_check(&what, err) < 0)
        return -1;
    what.ref.subscription = azml_context_subscription(context, err);
    if (!what.ref.subscription || azml_context_introduce(context, err) < 0)
        return -1;
    what.location = azml_context_location(context);
    auto_json cJSON *tags = azml_context_tags(context, NULL, err);
    auto_free char *resume =
        azml_format(err, "azml workspace create %s -g %s", args->name, what.ref.group);
    if (!tags || !resume)
        return -1;
    struct azml_watch watch = azml_ml_watch(context);
    what.tags = tags;
    what.resume = resume;
    what.watch = &watch;
    return create(context, &what, err);
}

static const struct azml_option create_options[] = {
    AZML_WORD(struct create_args, name, .name = "name", .letter = 'n', .meta = "WORKSPACE",
              .required = true, .help = _("Workspace to create.")),
    AZML_STRING(struct create_args, storage, .name = "storage-account", .meta = "ID",
                .help = _("Resource id of a storage account to use instead of a new one.")),
    AZML_STRING(struct create_args, vault, .name = "key-vault", .meta = "ID",
                .help = _("Resource id of a key vault to use instead of a new one.")),
    AZML_STRING(struct create_args, insights, .name = "application-insights", .meta = "ID",
                .help = _("Resource id of Application Insights to use instead of new ones.")),
    AZML_STRING(struct create_args, registry, .name = "container-registry", .meta = "ID",
                .help = _("Resource id of a container registry; without it the service makes one "
                          "with the first image.")),
    {0},
};

static const char *const create_examples[] = {
    "azml workspace create course -g tensorflow -l westeurope",
    "azml workspace create course -g tensorflow --no-wait", NULL};

const struct azml_command azml_command_workspace_create = {
    .path = "workspace create",
    .summary = _("Create a workspace with all it needs"),
    .details = _("Makes a storage account, a key vault, a Log Analytics workspace, Application "
                 "Insights and the workspace in one deployment, and the group too where it is "
                 "missing and -l is given. Run again, it goes on where it was, or says that there "
                 "is nothing to do."),
    .options = create_options,
    .examples = create_examples,
    .args_size = sizeof(struct create_args),
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_GROUP | AZML_TAKES_LOCATION | AZML_TAKES_NO_WAIT,
    .run = create_run,
};

/* --- show --- */

struct show_args {
    const char *name;
};

static int show_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct show_args *args = data;
    struct azml_workspace_ref ref;
    if (args->name ? azml_ml_named_workspace(context, args->name, false, &ref, err) < 0
                   : azml_ml_workspace(context, false, &ref, err) < 0)
        return -1;
    struct azml_arm *arm = azml_context_arm(context, err);
    auto_json cJSON *workspace = arm ? azml_workspace_get(arm, &ref, err) : NULL;
    return workspace ? show(context, workspace, err) : -1;
}

static const struct azml_option show_options[] = {
    AZML_WORD(struct show_args, name, .name = "name", .letter = 'n', .meta = "WORKSPACE",
              .help = _("Workspace to show; without it the one that -w means.")),
    {0},
};

static const char *const show_examples[] = {"azml workspace show course -g tensorflow",
                                            "azml workspace show -o json", NULL};

const struct azml_command azml_command_workspace_show = {
    .path = "workspace show",
    .summary = _("Show a workspace and the address of its studio"),
    .options = show_options,
    .examples = show_examples,
    .args_size = sizeof(struct show_args),
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_GROUP | AZML_TAKES_WORKSPACE,
    .run = show_run,
};

/* --- list --- */

static int list_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    (void)data;
    /* only a group that was named narrows the list */
    const char *group = azml_context_common(context)->group;
    const char *subscription = azml_context_subscription(context, err);
    struct azml_arm *arm = subscription ? azml_context_arm(context, err) : NULL;
    auto_json cJSON *list = arm ? azml_workspace_list(arm, subscription, group, err) : NULL;
    auto_free char *note = group ? azml_format(err, _("no workspaces in group %s"), group)
                                 : azml_strdup(_("no workspaces in this subscription"), err);
    if (!list || !note)
        return -1;
    struct azml_ml_view_data view_data;
    azml_ml_view_data(context, &view_data);
    const struct azml_view view = {.columns = list_columns, .data = &view_data, .empty_note = note};
    return azml_output_list(azml_context_output(context), &view, list, err);
}

static const char *const list_examples[] = {"azml workspace list",
                                            "azml workspace list -g tensorflow -o json", NULL};

const struct azml_command azml_command_workspace_list = {
    .path = "workspace list",
    .summary = _("List the workspaces of the subscription or of a group"),
    .examples = list_examples,
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_GROUP,
    .run = list_run,
};
