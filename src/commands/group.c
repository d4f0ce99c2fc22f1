#include "commands/group.h"
#include "azml/arm.h"
#include "azml/ml_names.h"
#include "azml/ml_tags.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/timefmt.h"
#include "cli/suggest.h"
#include "commands/context.h"
#include "commands/table.h"

#define EXPAND     "?$expand=createdTime,changedTime"
#define MOST_NAMES 1000 /* of groups, for a suggestion */

/* --- how groups are shown --- */

struct group_view_data {
    int64_t now_ms;
};

static void owner_cell(const cJSON *group, const void *data, struct azml_str *out)
{
    (void)data;
    const char *owner = azml_tags_value(azml_json_at(group, "tags"), AZML_TAG_OWNER);
    azml_str_add(out, owner ? owner : "");
}

static void age_cell(const cJSON *group, const void *data, struct azml_str *out)
{
    const struct group_view_data *view = data;
    const char *created = azml_json_text(group, "createdTime");
    int64_t created_ms;
    if (!created || azml_time_parse_iso(created, &created_ms) < 0) {
        azml_str_add(out, "?");
        return;
    }
    char age[AZML_TIME_TEXT];
    azml_age_format(age, (view->now_ms - created_ms) / 1000);
    azml_str_add(out, age);
}

static const struct azml_column list_columns[] = {
    {.heading = "NAME",   .path = "name"},
    {.heading = "LOCATION",                   .path = "location"},
    {.heading = "STATE",.path = "properties.provisioningState"},
    {.heading = "OWNER",  .cell = owner_cell},
    {.heading = "AGE",                   .cell = age_cell},
    {.heading = NULL},
};

static const struct azml_column show_columns[] = {
    {.heading = "name",    .path = "name"},
    {.heading = "location",                    .path = "location"},
    {.heading = "state",.path = "properties.provisioningState"},
    {.heading = "owner",   .cell = owner_cell},
    {.heading = "created",                    .path = "createdTime"},
    {.heading = "managed by",.path = "managedBy"},
    {.heading = "id", .path = "id"},
    {.heading = NULL                   },
};

static int show(struct azml_context *context, const cJSON *group, struct azml_error *err)
{
    const struct azml_view view = {.columns = show_columns};
    return azml_output_show(azml_context_output(context), &view, group, err);
}

/* --- finding groups --- */

char *azml_group_path(struct azml_context *context, const char *name, const char *behind,
                      struct azml_error *err)
{
    const char *subscription = azml_context_subscription(context, err);
    if (!subscription)
        return NULL;
    return azml_arm_path(err, "/subscriptions/", subscription, "/resourceGroups/", name, behind,
                         (char *)NULL);
}

static cJSON *list_groups(struct azml_context *context, struct azml_error *err)
{
    struct azml_arm *arm = azml_context_arm(context, err);
    const char *subscription = arm ? azml_arm_subscription(arm, err) : NULL;
    auto_free char *path = subscription ? azml_arm_path(err, "/subscriptions/", subscription,
                                                        "/resourceGroups" EXPAND, (char *)NULL)
                                        : NULL;
    return path ? azml_arm_list(arm, path, err) : NULL;
}

int azml_group_missing(struct azml_context *context, const char *name, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_NOT_FOUND, _("there is no group %s"), name);
    azml_error_hint(err, "azml group list");
    auto_json cJSON *groups = list_groups(context, NULL);
    const char *names[MOST_NAMES];
    size_t count = 0;
    const cJSON *group;
    cJSON_ArrayForEach (group, groups) {
        const char *known = azml_json_text(group, "name");
        if (known && count < MOST_NAMES)
            names[count++] = known;
    }
    const char *meant = azml_suggest(name, names, count);
    return meant ? azml_error_hint(err, _("azml group show %s   (did you mean this?)"), meant) : -1;
}

/* --- create --- */

struct name_args {
    const char *name;
};

static const char *location_for_new(struct azml_context *context, char **asked,
                                    struct azml_error *err)
{
    const char *location = azml_context_location(context);
    if (location)
        return location;
    *asked = azml_context_ask(context, _("Region, such as westeurope"), "-l", err);
    if (!*asked && err && err->code == AZML_ERROR_USAGE)
        azml_error_hint(err, "-l westeurope");
    return *asked;
}

/* The group is there already: is it what was asked for? */
static int keep_existing(struct azml_context *context, const char *name, const cJSON *group,
                         struct azml_error *err)
{
    const char *location = azml_context_common(context)->location;
    const char *where = azml_json_text(group, "location");
    const char *state = azml_json_text(group, "properties.provisioningState");
    if (location && where && !azml_same_text(location, where)) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("group %s is already in %s"), name, where);
        return azml_error_hint(err, _("choose another name, or leave -l out"));
    }
    if (azml_same_text(state, "Deleting")) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("group %s is being deleted"), name);
        return azml_error_hint(err, _("azml group show %s   (until it is gone)"), name);
    }
    azml_progress_note(azml_context_progress(context), _("group %s already exists; nothing to do"),
                       name);
    return show(context, group, err);
}

static int make_group(struct azml_context *context, const char *name, const char *path,
                      const char *location, struct azml_error *err)
{
    auto_json cJSON *tags = azml_context_tags(context, NULL, err);
    auto_json cJSON *body = cJSON_CreateObject();
    if (!tags)
        return -1;
    if (!body || azml_json_put_text(body, "location", location) < 0 ||
        azml_json_put(body, "tags", AZML_STEAL(tags)) < 0)
        return azml_error_memory(err);
    struct azml_arm_reply reply = {0};
    if (azml_arm_put(azml_context_arm(context, NULL), path, body, &reply, err) < 0)
        return azml_error_context(err, _("could not create group %s"), name);
    auto_free char *thing = azml_format(NULL, _("group %s"), name);
    auto_free char *done = azml_format(NULL, _("created in %s"), location);
    struct azml_progress *progress = azml_context_progress(context);
    if (thing && done)
        azml_progress_done(progress, thing, done, NULL);
    int result = show(context, reply.body, err);
    azml_arm_reply_cleanup(&reply);
    if (result == 0)
        azml_progress_note(progress, _("Next: azml workspace create NAME -g %s"), name);
    return result;
}

static int create_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct name_args *args = data;
    if (azml_name_check_group(args->name, err) < 0)
        return -1;
    struct azml_arm *arm = azml_context_arm(context, err);
    auto_free char *path = arm ? azml_group_path(context, args->name, "", err) : NULL;
    auto_json cJSON *group = NULL;
    int found = path ? azml_arm_find(arm, path, &group, err) : -1;
    if (found < 0)
        return -1;
    if (found)
        return keep_existing(context, args->name, group, err);
    auto_free char *asked = NULL;
    const char *location = location_for_new(context, &asked, err);
    if (!location || azml_context_introduce(context, err) < 0)
        return -1;
    if (azml_context_common(context)->dry_run) {
        azml_progress_note(azml_context_progress(context),
                           _("Nothing was done. This would create group %s in %s"), args->name,
                           location);
        return 0;
    }
    return make_group(context, args->name, path, location, err);
}

/* --- show and list --- */

static int show_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct name_args *args = data;
    struct azml_arm *arm = azml_context_arm(context, err);
    auto_free char *path = arm ? azml_group_path(context, args->name, EXPAND, err) : NULL;
    auto_json cJSON *group = NULL;
    int found = path ? azml_arm_find(arm, path, &group, err) : -1;
    if (found < 0)
        return -1;
    return found ? show(context, group, err) : azml_group_missing(context, args->name, err);
}

static int list_run(struct azml_context *context, const void *args, struct azml_error *err)
{
    (void)args;
    auto_json cJSON *groups = list_groups(context, err);
    if (!groups)
        return -1;
    const struct group_view_data data = {.now_ms = azml_clock_wall_ms(azml_context_clock(context))};
    const struct azml_view view = {
        .columns = list_columns,
        .data = &data,
        .empty_note = _("no groups in this subscription"),
    };
    return azml_output_list(azml_context_output(context), &view, groups, err);
}

/* --- rows --- */

static const struct azml_option create_options[] = {
    AZML_WORD(struct name_args, name, .name = "name", .letter = 'n', .meta = "GROUP",
              .required = true, .help = _("Group to create.")),
    {0},
};

static const struct azml_option show_options[] = {
    AZML_WORD(struct name_args, name, .name = "name", .letter = 'n', .meta = "GROUP",
              .required = true, .help = _("Group to show.")),
    {0},
};

static const char *const create_examples[] = {"azml group create tensorflow -l westeurope", NULL};
static const char *const show_examples[] = {"azml group show tensorflow",
                                            "azml group show tensorflow -o json", NULL};
static const char *const list_examples[] = {"azml group list", "azml group list -o id", NULL};

const struct azml_command azml_command_group_create = {
    .path = "group create",
    .summary = _("Create a resource group"),
    .details = _("Where a group of that name exists already, nothing is changed."),
    .options = create_options,
    .examples = create_examples,
    .args_size = sizeof(struct name_args),
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_LOCATION | AZML_TAKES_DRY_RUN,
    .run = create_run,
};

const struct azml_command azml_command_group_show = {
    .path = "group show",
    .summary = _("Show a resource group"),
    .options = show_options,
    .examples = show_examples,
    .args_size = sizeof(struct name_args),
    .takes = AZML_TAKES_CLOUD,
    .run = show_run,
};

const struct azml_command azml_command_group_list = {
    .path = "group list",
    .summary = _("List the resource groups of the subscription"),
    .examples = list_examples,
    .takes = AZML_TAKES_CLOUD,
    .run = list_run,
};
