#include "azml/cleanup_run.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "commands/ml_common.h"
#include "commands/table.h"

#include <inttypes.h>

#define KEPT_SHOWN 10 /* rows of kept groups in a table, without --all */

struct cleanup_args {
    int64_t older_than_s;
    bool foreign, all, exit_code;
};

/* --- rows: one document for each group, also what -o json prints --- */

static const char *const ends[] = {[AZML_CLEANUP_KEPT] = "kept",
                                   [AZML_CLEANUP_DELETED] = "deleted",
                                   [AZML_CLEANUP_ACCEPTED] = "deletion accepted",
                                   [AZML_CLEANUP_FAILED] = "failed"};

static int put_result(cJSON *row, const struct azml_cleanup_result *result)
{
    if (azml_json_put_text(row, "result", ends[result->end]) < 0)
        return -1;
    if (result->end != AZML_CLEANUP_FAILED)
        return 0;
    const struct azml_error *error = &result->error;
    const char *text = error->said_message ? error->said_message : error->message;
    auto_free char *why = error->said_code
                              ? azml_format(NULL, "%s: %s", error->said_code, text ? text : "")
                              : azml_strdup(text ? text : "?", NULL);
    return why ? azml_json_put_text(row, "why", why) : -1;
}

/* `result` NULL: nothing was tried. */
static cJSON *make_row(const struct azml_cleanup_inventory *inventory, size_t index,
                       const struct azml_cleanup_rules *rules,
                       const struct azml_cleanup_result *result)
{
    const struct azml_cleanup_group *group = &inventory->items[index];
    const struct azml_cleanup_verdict *verdict = &inventory->verdicts[index];
    bool unused = verdict->reason == AZML_CLEANUP_UNUSED && !(result && result->changed);
    auto_json cJSON *row = cJSON_CreateObject();
    if (!row || azml_json_put_text(row, "id", group->id) < 0 ||
        azml_json_put_text(row, "name", group->name) < 0 ||
        azml_json_put_text(row, "location", group->location) < 0 ||
        azml_json_put_text(row, "verdict", unused ? "delete" : "keep") < 0 ||
        azml_json_put_text(row, "reason", azml_cleanup_reason_name(verdict->reason)) < 0 ||
        azml_json_put_text(row, "why", verdict->text) < 0)
        return NULL;
    int64_t age = azml_cleanup_age_s(group, rules->now_ms);
    if (age >= 0 && azml_json_put_number(row, "ageSeconds", (double)age) < 0)
        return NULL;
    if (result && put_result(row, result) < 0)
        return NULL;
    return AZML_STEAL(row);
}

static bool was_meant(const struct azml_cleanup_inventory *inventory, size_t index)
{
    return inventory->verdicts[index].reason == AZML_CLEANUP_UNUSED;
}

/* Append the rows of the meant groups, or of the others; at most `limit`. The rest is counted. */
static int add_rows(cJSON *rows, const struct azml_cleanup_inventory *inventory, bool meant,
                    size_t limit, const struct azml_cleanup_rules *rules,
                    const struct azml_cleanup_result *results, size_t *left_out)
{
    size_t added = 0;
    for (size_t i = 0; i < inventory->count; i++) {
        if (was_meant(inventory, i) != meant)
            continue;
        if (added++ >= limit) {
            (*left_out)++;
            continue;
        }
        if (azml_json_append(rows, make_row(inventory, i, rules, results ? &results[i] : NULL)) < 0)
            return -1;
    }
    return 0;
}

static void age_cell(const cJSON *row, const void *data, struct azml_str *out)
{
    (void)data;
    azml_ml_add_age(azml_json_int_or(row, "ageSeconds", -1), out);
}

static const struct azml_column look_columns[] = {
    {.heading = "GROUP", .path = "name"},
    {.heading = "VERDICT",                  .path = "verdict"},
    {.heading = "WHY",.path = "why"},
    {.heading = "AGE",   .cell = age_cell},
    {.heading = NULL                 },
};

static const struct azml_column run_columns[] = {
    {.heading = "GROUP", .path = "name"},
    {.heading = "RESULT",                  .path = "result"},
    {.heading = "WHY",.path = "why"},
    {.heading = "AGE",   .cell = age_cell},
    {.heading = NULL                 },
};

static int print_rows(struct azml_context *context, const cJSON *rows,
                      const struct azml_column *columns, struct azml_error *err)
{
    const struct azml_view view = {
        .columns = columns, .sort_path = "", .empty_note = _("no groups in this subscription")};
    return azml_output_list(azml_context_output(context), &view, rows, err);
}

/* --- only looking --- */

static int show_look(struct azml_context *context, const struct cleanup_args *args,
                     const struct azml_cleanup_inventory *inventory,
                     const struct azml_cleanup_rules *rules, struct azml_error *err)
{
    enum azml_format format = azml_context_output(context)->format;
    size_t left_out = 0, limit = args->all || format != AZML_FORMAT_TABLE ? SIZE_MAX : KEPT_SHOWN;
    if (format == AZML_FORMAT_ID && !args->all)
        limit = 0; /* bare ids say no verdict: whoever hands them on means the unused ones */
    auto_json cJSON *rows = cJSON_CreateArray();
    if (!rows || add_rows(rows, inventory, true, SIZE_MAX, rules, NULL, &left_out) < 0 ||
        add_rows(rows, inventory, false, limit, rules, NULL, &left_out) < 0)
        return azml_error_memory(err);
    if (print_rows(context, rows, look_columns, err) < 0)
        return -1;
    struct azml_progress *progress = azml_context_progress(context);
    if (left_out > 0)
        azml_progress_note(progress, _("%zu more are kept: azml cleanup --all"), left_out);
    if (inventory->unused == 0)
        azml_progress_note(progress, _("Nothing is unused"));
    else if (inventory->unused == 1)
        azml_progress_note(
            progress, _("Nothing was deleted. To delete the unused group: azml cleanup --yes%s"),
            args->foreign ? " --foreign" : "");
    else
        azml_progress_note(
            progress,
            _("Nothing was deleted. To delete the %zu unused groups: azml cleanup --yes%s"),
            inventory->unused, args->foreign ? " --foreign" : "");
    return args->exit_code && inventory->unused > 0 ? azml_error_exit(AZML_ERROR_FOUND) : 0;
}

/* --- deleting --- */

static int show_results(struct azml_context *context,
                        const struct azml_cleanup_inventory *inventory,
                        const struct azml_cleanup_rules *rules,
                        const struct azml_cleanup_result *results, struct azml_error *err)
{
    size_t counts[AZML_COUNT(ends)] = {0}, left_out = 0;
    auto_json cJSON *rows = cJSON_CreateArray();
    if (!rows || add_rows(rows, inventory, true, SIZE_MAX, rules, results, &left_out) < 0)
        return azml_error_memory(err);
    for (size_t i = 0; i < inventory->count; i++)
        if (was_meant(inventory, i))
            counts[results[i].end]++;
    if (print_rows(context, rows, run_columns, err) < 0)
        return -1;
    struct azml_progress *progress = azml_context_progress(context);
    if (counts[AZML_CLEANUP_ACCEPTED] > 0)
        azml_progress_note(progress, _("%zu deletions accepted, %zu failed, %zu kept"),
                           counts[AZML_CLEANUP_ACCEPTED], counts[AZML_CLEANUP_FAILED],
                           counts[AZML_CLEANUP_KEPT]);
    else
        azml_progress_note(progress, _("%zu deleted, %zu failed, %zu kept after a second look"),
                           counts[AZML_CLEANUP_DELETED], counts[AZML_CLEANUP_FAILED],
                           counts[AZML_CLEANUP_KEPT]);
    return 0;
}

static int delete_unused(struct azml_context *context, struct azml_cleanup_inventory *inventory,
                         const struct azml_cleanup_delete *what, struct azml_error *err)
{
    struct azml_cleanup_result *results =
        calloc(inventory->count ? inventory->count : 1, sizeof(*results));
    if (!results)
        return azml_error_memory(err);
    auto_error struct azml_error failure = {0};
    int result =
        azml_cleanup_run(azml_context_arm(context, NULL), what, inventory, results, &failure);
    int shown = show_results(context, inventory, what->rules, results, err);
    azml_cleanup_results_cleanup(results, inventory->count);
    free(results);
    return result < 0 ? azml_error_move(err, &failure) : shown;
}

static int cleanup_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct cleanup_args *args = data;
    const struct azml_common *common = azml_context_common(context);
    const struct azml_cleanup_rules rules = {
        .now_ms = azml_clock_wall_ms(azml_context_clock(context)),
        .older_than_s = args->older_than_s,
        .foreign = args->foreign,
    };
    const char *subscription = azml_context_subscription(context, err);
    struct azml_arm *arm = subscription ? azml_context_arm(context, err) : NULL;
    if (!arm || azml_context_introduce(context, err) < 0)
        return -1;
    struct azml_cleanup_inventory inventory = {0};
    if (azml_cleanup_look(arm, subscription, &rules, &inventory, err) < 0)
        return -1;
    azml_progress_note(azml_context_progress(context),
                       inventory.count == 1 ? _("%zu group read, %zu unused")
                                            : _("%zu groups read, %zu unused"),
                       inventory.count, inventory.unused);
    int result;
    if (!common->yes || common->dry_run || inventory.unused == 0) {
        result = show_look(context, args, &inventory, &rules, err);
    } else {
        struct azml_watch watch = azml_ml_watch(context);
        const struct azml_cleanup_delete what = {
            .subscription = subscription,
            .rules = &rules,
            .no_wait = common->no_wait,
            .resume = args->foreign ? "azml cleanup --yes --foreign" : "azml cleanup --yes",
            .watch = &watch,
        };
        result = delete_unused(context, &inventory, &what, err);
    }
    azml_cleanup_inventory_cleanup(&inventory);
    return result;
}

static const struct azml_option cleanup_options[] = {
    AZML_DURATION(struct cleanup_args, older_than_s, .name = "older-than", .meta = "TIME",
                  .fallback = "1h", .min = 0, .max = INT64_C(10) * 366 * 86400,
                  .help = _("Only groups that the service made longer ago than this.")),
    AZML_FLAG(struct cleanup_args, foreign, .name = "foreign",
              .help = _("Also groups that azml did not make.")),
    AZML_FLAG(struct cleanup_args, all, .name = "all",
              .help = _("Show every kept group, not only the first ten.")),
    AZML_FLAG(struct cleanup_args, exit_code, .name = "exit-code",
              .help = _("End with 10 where looking found something unused.")),
    {0},
};

static const char *const cleanup_examples[] = {"azml cleanup", "azml cleanup --older-than 2d --yes",
                                               "azml cleanup -o json --exit-code", NULL};

const struct azml_command azml_command_cleanup = {
    .path = "cleanup",
    .summary = _("Find resource groups that nobody uses, and delete them with --yes"),
    .details = _("Without --yes it only looks. A group is unused when Resource Manager's list of "
                 "it and Resource Graph are both empty, its age is known and old enough, nothing "
                 "is being deployed into it, no lock or tag protects it, nothing else manages it, "
                 "and azml made it. What cannot be read keeps a group. Everything is looked at "
                 "again right before a deletion. A lock is never removed. -o id names the unused "
                 "ones only."),
    .options = cleanup_options,
    .examples = cleanup_examples,
    .args_size = sizeof(struct cleanup_args),
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_YES | AZML_TAKES_DRY_RUN | AZML_TAKES_NO_WAIT,
    .run = cleanup_run,
};
