#include "azml/arm.h"
#include "azml/ml_names.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "commands/context.h"
#include "commands/group.h"
#include "commands/table.h"

#include <string.h>

struct delete_args {
    struct azml_list names;
    bool if_exists;
};

/* One group that is to go. */
struct victim {
    struct azml_context *context;
    const char *name;
    char *path, *resources_path, *thing, *resume;
    bool exists;
    bool is_going; /* its deletion is under way: another one could start it over */
    int resources;
    struct azml_error error; /* why it is still there */
};

struct deletion {
    struct victim *victims; /* those that are there come first, once that is known */
    size_t count;           /* of these */
    size_t total;           /* of all */
};

static void deletion_cleanup(struct deletion *deletion)
{
    for (size_t i = 0; i < deletion->total; i++) {
        struct victim *victim = &deletion->victims[i];
        free(victim->path);
        free(victim->resources_path);
        free(victim->thing);
        free(victim->resume);
        azml_error_cleanup(&victim->error);
    }
    free(deletion->victims);
}

static int add_victim(struct azml_context *context, struct deletion *deletion, const char *name,
                      struct azml_error *err)
{
    if (azml_name_check_group(name, err) < 0)
        return -1;
    for (size_t i = 0; i < deletion->count; i++) {
        if (azml_same_text(deletion->victims[i].name, name))
            return 0;
    }
    struct victim *victim = &deletion->victims[deletion->count++];
    deletion->total = deletion->count;
    *victim = (struct victim){
        .context = context,
        .name = name,
        .path = azml_group_path(context, name, "", err),
        .resources_path = azml_group_path(context, name, "/resources", err),
        .thing = azml_format(err, _("group %s"), name),
        .resume = azml_format(err, "azml group delete %s --if-exists", name),
    };
    return victim->path && victim->resources_path && victim->thing && victim->resume ? 0 : -1;
}

/* Take over one look: is the group there? */
static int take_group(struct victim *victim, struct azml_arm_read *read, bool if_exists,
                      struct azml_error *err)
{
    victim->exists = read->error.code == AZML_ERROR_NONE;
    const char *state = azml_json_text(read->json, "properties.provisioningState");
    victim->is_going = azml_same_text(state, "Deleting");
    if (victim->exists)
        return 0;
    if (read->error.code != AZML_ERROR_NOT_FOUND)
        return azml_error_move(err, &read->error);
    if (!if_exists)
        return azml_group_missing(victim->context, victim->name, err);
    azml_progress_note(azml_context_progress(victim->context),
                       _("group %s does not exist; nothing to do"), victim->name);
    return 0;
}

/* What is inside is only for the question: a group may go while it is counted. */
static int take_looks(struct deletion *deletion, struct azml_arm_read *reads, bool if_exists,
                      struct azml_error *err)
{
    for (size_t i = 0; i < deletion->count; i++) {
        struct victim *victim = &deletion->victims[i];
        if (take_group(victim, &reads[2 * i], if_exists, err) < 0)
            return -1;
        victim->resources = reads[2 * i + 1].json ? cJSON_GetArraySize(reads[2 * i + 1].json) : -1;
    }
    return 0;
}

static int look(struct azml_context *context, struct deletion *deletion, bool if_exists,
                struct azml_error *err)
{
    auto_free struct azml_arm_read *reads = calloc(2 * deletion->count, sizeof(*reads));
    if (!reads)
        return azml_error_memory(err);
    for (size_t i = 0; i < deletion->count; i++) {
        reads[2 * i].path = deletion->victims[i].path;
        reads[2 * i + 1].path = deletion->victims[i].resources_path;
        reads[2 * i + 1].is_list = true;
    }
    struct azml_arm *arm = azml_context_arm(context, err);
    int result = arm ? azml_arm_read_all(arm, reads, 2 * deletion->count, err) : -1;
    if (result == 0)
        result = take_looks(deletion, reads, if_exists, err);
    for (size_t i = 0; i < 2 * deletion->count; i++) {
        cJSON_Delete(reads[i].json);
        azml_error_cleanup(&reads[i].error);
    }
    return result;
}

/* The groups that are not there need nothing. */
static void put_absent_last(struct deletion *deletion)
{
    size_t kept = 0;
    for (size_t i = 0; i < deletion->total; i++) {
        struct victim victim = deletion->victims[i];
        if (!victim.exists)
            continue;
        deletion->victims[i] = deletion->victims[kept];
        deletion->victims[kept++] = victim;
    }
    deletion->count = kept;
}

static void add_holding(const struct victim *victim, struct azml_str *out)
{
    if (victim->resources < 0)
        azml_str_addf(out, _("%s (what it holds could not be read)"), victim->name);
    else if (victim->resources == 0)
        azml_str_addf(out, _("%s (empty)"), victim->name);
    else if (victim->resources == 1)
        azml_str_addf(out, _("%s (1 resource)"), victim->name);
    else
        azml_str_addf(out, _("%s (%d resources)"), victim->name, victim->resources);
}

/* "This deletes group lab (6 resources) and everything in it.", and what to type for it. */
static int describe(const struct deletion *deletion, struct azml_str *what, char **typed_out,
                    struct azml_error *err)
{
    auto_str struct azml_str names = {0};
    for (size_t i = 0; i < deletion->count; i++) {
        azml_str_add(&names, i > 0 ? ", " : "");
        add_holding(&deletion->victims[i], &names);
    }
    if (deletion->count == 1)
        azml_str_addf(what, _("This deletes group %s with everything in it"),
                      azml_str_text(&names));
    else
        azml_str_addf(what, _("This deletes %zu groups with everything in them: %s"),
                      deletion->count, azml_str_text(&names));
    *typed_out = deletion->count == 1 ? azml_strdup(deletion->victims[0].name, err)
                                      : azml_format(err, "%zu", deletion->count);
    return *typed_out ? 0 : -1;
}

static void on_progress(void *data, const struct azml_arm_progress *progress)
{
    (void)progress;
    const struct victim *victim = data;
    azml_progress_change(azml_context_progress(victim->context), victim->thing, _("deleting"), NULL,
                         _("Ctrl-C stops waiting, not deleting"));
}

static void on_end(void *data, size_t index, struct azml_arm_outcome *outcome,
                   struct azml_error *error)
{
    const struct azml_arm_operation *operations = data;
    struct victim *victim = operations[index].data;
    struct azml_progress *progress = azml_context_progress(victim->context);
    if (error) {
        azml_progress_done(progress, victim->thing, _("not deleted"),
                           error->said_code ? error->said_code : error->message);
        azml_error_move(&victim->error, error);
    } else {
        azml_progress_done(progress, victim->thing,
                           outcome->is_accepted_only ? _("deletion accepted") : _("deleted"), NULL);
    }
}

/* A deletion under way is only followed. */
static struct azml_arm_operation make_operation(struct victim *victim, bool no_wait)
{
    struct azml_arm_operation operation = {
        .call = {.method = "DELETE", .path = victim->path},
        .resource = victim->path,
        .result = AZML_ARM_RESULT_NONE,
        .no_wait = no_wait,
        .until_gone = true,
        .progress = on_progress,
        .data = victim,
        .what = victim->thing,
        .resume = victim->resume,
    };
    if (victim->is_going)
        operation.call = (struct azml_arm_call){0};
    return operation;
}

static void pass_over(struct victim *victim)
{
    azml_progress_done(azml_context_progress(victim->context), victim->thing,
                       _("deletion accepted"), _("earlier"));
}

static int delete_all(struct azml_context *context, struct deletion *deletion,
                      struct azml_error *err)
{
    auto_free struct azml_arm_operation *operations = calloc(deletion->count, sizeof(*operations));
    if (!operations)
        return azml_error_memory(err);
    bool no_wait = azml_context_common(context)->no_wait;
    size_t under_way = 0;
    for (size_t i = 0; i < deletion->count; i++) {
        struct victim *victim = &deletion->victims[i];
        if (victim->is_going && no_wait) {
            pass_over(victim);
            continue;
        }
        operations[under_way++] = make_operation(victim, no_wait);
        on_progress(victim, NULL);
    }
    return azml_arm_operate_all(azml_context_arm(context, NULL), operations, under_way, on_end,
                                operations, err);
}

/* Only one was asked for: its own error. Where the service goes on, it already says so. */
static int end_of_one(struct victim *victim, struct azml_error *err)
{
    enum azml_error_code code = victim->error.code;
    azml_error_move(err, &victim->error);
    if (code == AZML_ERROR_TIMEOUT || code == AZML_ERROR_INTERRUPTED)
        return -1;
    return azml_error_context(err, _("could not delete group %s"), victim->name);
}

/* One error for all of them: how many, and each one's reason. Where all failed alike, its code is
 * theirs. */
static int end_of_many(const struct deletion *deletion, struct azml_error *err)
{
    size_t failed = 0;
    enum azml_error_code code = AZML_ERROR_NONE;
    auto_str struct azml_str why = {0};
    for (size_t i = 0; i < deletion->count; i++) {
        const struct victim *victim = &deletion->victims[i];
        if (victim->error.code == AZML_ERROR_NONE)
            continue;
        if (failed == 0 || code == victim->error.code)
            code = victim->error.code;
        else
            code = AZML_ERROR_PARTIAL;
        azml_str_addf(&why, "%s%s: %s", failed++ > 0 ? "\n" : "", victim->name,
                      victim->error.message);
    }
    if (failed == 0)
        return 0;
    azml_error_set(err, failed < deletion->count ? AZML_ERROR_PARTIAL : code,
                   _("%zu of %zu groups are not deleted"), failed, deletion->count);
    return azml_error_why(err, "%s", azml_str_text(&why));
}

static int sum_up(struct deletion *deletion, struct azml_error *err)
{
    if (deletion->count > 1)
        return end_of_many(deletion, err);
    struct victim *only = &deletion->victims[0];
    return only->error.code == AZML_ERROR_NONE ? 0 : end_of_one(only, err);
}

/* The groups are known to be there: ask, then let them go. */
static int delete_present(struct azml_context *context, struct deletion *deletion,
                          struct azml_error *err)
{
    auto_str struct azml_str what = {0};
    auto_free char *typed = NULL;
    if (describe(deletion, &what, &typed, err) < 0)
        return -1;
    struct azml_progress *progress = azml_context_progress(context);
    if (azml_context_common(context)->dry_run) {
        azml_progress_note(progress, "%s", azml_str_text(&what));
        azml_progress_note(progress, _("Nothing was done, because of --dry-run"));
        return 0;
    }
    if (azml_context_confirm_name(context, azml_str_text(&what), typed, err) < 0)
        return -1;
    if (azml_context_common(context)->yes)
        azml_progress_note(progress, "%s", azml_str_text(&what));
    int result = delete_all(context, deletion, err);
    return result < 0 ? -1 : sum_up(deletion, err);
}

static int find_victims(struct azml_context *context, const struct delete_args *args,
                        struct deletion *deletion, struct azml_error *err)
{
    deletion->victims = calloc(args->names.count, sizeof(*deletion->victims));
    if (!deletion->victims)
        return azml_error_memory(err);
    for (size_t i = 0; i < args->names.count; i++) {
        if (add_victim(context, deletion, args->names.items[i], err) < 0)
            return -1;
    }
    if (look(context, deletion, args->if_exists, err) < 0)
        return -1;
    put_absent_last(deletion);
    return 0;
}

static int delete_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    struct deletion deletion = {0};
    int result = find_victims(context, data, &deletion, err);
    if (result == 0 && deletion.count > 0)
        result = delete_present(context, &deletion, err);
    deletion_cleanup(&deletion);
    return result;
}

static const struct azml_option delete_options[] = {
    AZML_WORDS(struct delete_args, names, .name = "name", .letter = 'n', .meta = "GROUP",
               .required = true, .help = _("Groups to delete.")),
    AZML_FLAG(struct delete_args, if_exists, .name = "if-exists",
              .help = _("A group that does not exist is no error.")),
    {0},
};

static const char *const delete_examples[] = {
    "azml group delete tensorflow", "azml group delete ci-1 ci-2 --if-exists --yes", NULL};

const struct azml_command azml_command_group_delete = {
    .path = "group delete",
    .summary = _("Delete resource groups with everything in them"),
    .details = _("Nothing is deleted unless all of the groups can be found. Each is followed until "
                 "the service no longer knows it. A lock is never removed. What stays behind "
                 "soft-deleted (workspaces, key vaults, logs) is not purged: azml workspace "
                 "delete --purge does that."),
    .options = delete_options,
    .examples = delete_examples,
    .args_size = sizeof(struct delete_args),
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_YES | AZML_TAKES_DRY_RUN | AZML_TAKES_NO_WAIT |
             AZML_TAKES_PARALLEL,
    .run = delete_run,
};
