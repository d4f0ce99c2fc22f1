/* graph_run.c - the stages of a graph query over rows: each takes an array and gives a new one. */
#include "sandbox/graph_query.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

const char *const graph_columns[] = {
    "id",        "name",     "type",          "tenantId",
    "kind",      "location", "resourceGroup", "subscriptionId",
    "managedBy", "sku",      "plan",          "properties",
    "tags",      "identity", "zones",         "extendedLocation",
    NULL,
};

/* Does every column of the expression exist? `names` has a member for each that does. */
static int check_expr(const struct graph_expr *expr, const cJSON *names, struct azml_error *err)
{
    if (expr->kind == GRAPH_COLUMN && !cJSON_GetObjectItemCaseSensitive(names, expr->name))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "Failed to resolve column or scalar expression named '%s'",
                              expr->name);
    for (size_t i = 0; i < expr->count; i++)
        if (check_expr(expr->children[i], names, err) < 0)
            return -1;
    return 0;
}

static int check_stage(const struct graph_stage *stage, const cJSON *names, struct azml_error *err)
{
    for (size_t i = 0; i < stage->count; i++)
        if (stage->columns[i].expr && check_expr(stage->columns[i].expr, names, err) < 0)
            return -1;
    return 0;
}

/* The columns behind a stage; `names` is taken over. */
static cJSON *names_after(const struct graph_stage *stage, cJSON *names)
{
    auto_json cJSON *held = names;
    bool keeps =
        stage->kind == GRAPH_WHERE || stage->kind == GRAPH_ORDER || stage->kind == GRAPH_LIMIT;
    if (keeps)
        return AZML_STEAL(held);
    auto_json cJSON *out = stage->kind == GRAPH_EXTEND ? AZML_STEAL(held) : cJSON_CreateObject();
    if (stage->kind == GRAPH_COUNT && azml_json_put_bool(out, "Count", true) < 0)
        return NULL;
    for (size_t i = 0; i < stage->count; i++)
        if (azml_json_put_member(out, stage->columns[i].name, cJSON_CreateTrue()) < 0)
            return NULL;
    return AZML_STEAL(out);
}

static int keep_row(const struct graph_stage *stage, const cJSON *row, cJSON *out,
                    struct azml_error *err)
{
    auto_json cJSON *value = graph_eval(stage->columns[0].expr, row, err);
    if (!value)
        return -1;
    if (!cJSON_IsTrue(value))
        return 0;
    return azml_json_append(out, cJSON_Duplicate(row, true)) < 0 ? azml_error_memory(err) : 0;
}

static int project_row(const struct graph_stage *stage, const cJSON *row, cJSON *out,
                       struct azml_error *err)
{
    auto_json cJSON *made =
        stage->kind == GRAPH_EXTEND ? cJSON_Duplicate(row, true) : cJSON_CreateObject();
    for (size_t i = 0; i < stage->count; i++) {
        cJSON *value = graph_eval(stage->columns[i].expr, row, err);
        if (!value)
            return -1;
        if (azml_json_put_member(made, stage->columns[i].name, value) < 0)
            return azml_error_memory(err);
    }
    return azml_json_append(out, AZML_STEAL(made)) < 0 ? azml_error_memory(err) : 0;
}

/* The row of `out` that has these group values, made where it is new. NULL with `err`. */
static cJSON *group_of(const struct graph_stage *stage, const cJSON *row, cJSON *out,
                       struct azml_error *err)
{
    auto_json cJSON *made = cJSON_CreateObject();
    for (size_t i = stage->group_from; i < stage->count; i++) {
        cJSON *value = graph_eval(stage->columns[i].expr, row, err);
        if (!value || azml_json_put_member(made, stage->columns[i].name, value) < 0)
            return NULL;
    }
    cJSON *group;
    cJSON_ArrayForEach (group, out) {
        bool same = true;
        for (size_t i = stage->group_from; i < stage->count && same; i++)
            same =
                graph_compare(cJSON_GetObjectItemCaseSensitive(group, stage->columns[i].name),
                              cJSON_GetObjectItemCaseSensitive(made, stage->columns[i].name)) == 0;
        if (same)
            return group;
    }
    for (size_t i = 0; i < stage->group_from; i++)
        if (azml_json_put_member(made, stage->columns[i].name, cJSON_CreateNumber(0)) < 0)
            return NULL;
    group = made;
    if (azml_json_append(out, AZML_STEAL(made)) < 0)
        return NULL;
    return group;
}

static int count_row(const struct graph_stage *stage, const cJSON *row, cJSON *group,
                     struct azml_error *err)
{
    for (size_t i = 0; i < stage->group_from; i++) {
        bool counts = true;
        if (stage->columns[i].expr) {
            auto_json cJSON *value = graph_eval(stage->columns[i].expr, row, err);
            if (!value)
                return -1;
            counts = cJSON_IsTrue(value);
        }
        cJSON *number = cJSON_GetObjectItemCaseSensitive(group, stage->columns[i].name);
        if (counts && number)
            cJSON_SetNumberValue(number, number->valuedouble + 1);
    }
    return 0;
}

static int summarize_row(const struct graph_stage *stage, const cJSON *row, cJSON *out,
                         struct azml_error *err)
{
    cJSON *group = group_of(stage, row, out, err);
    if (!group)
        return err && err->code ? -1 : azml_error_memory(err);
    return count_row(stage, row, group, err);
}

static int limit_row(const struct graph_stage *stage, const cJSON *row, cJSON *out,
                     struct azml_error *err)
{
    if ((size_t)cJSON_GetArraySize(out) >= stage->limit)
        return 0;
    return azml_json_append(out, cJSON_Duplicate(row, true)) < 0 ? azml_error_memory(err) : 0;
}

/* Does `a` come before `b`? */
static bool is_before(const struct graph_stage *stage, const cJSON *a, const cJSON *b)
{
    for (size_t i = 0; i < stage->count; i++) {
        auto_json cJSON *left = graph_eval(stage->columns[i].expr, a, NULL);
        auto_json cJSON *right = graph_eval(stage->columns[i].expr, b, NULL);
        int compared = left && right ? graph_compare(left, right) : 0;
        if (compared != 0)
            return (compared < 0) != stage->columns[i].is_descending;
    }
    return false;
}

static int insert_row(const struct graph_stage *stage, const cJSON *row, cJSON *out,
                      struct azml_error *err)
{
    cJSON *other = out->child;
    while (other && !is_before(stage, row, other))
        other = other->next;
    cJSON *copy = cJSON_Duplicate(row, true);
    if (!copy)
        return azml_error_memory(err);
    if (!other)
        return azml_json_append(out, copy) < 0 ? azml_error_memory(err) : 0;
    /* by hand: Debian 12's cJSON_InsertItemInArray refuses every place between two items */
    copy->next = other;
    copy->prev = other->prev; /* of the first that is the last */
    if (other == out->child)
        out->child = copy;
    else
        other->prev->next = copy;
    other->prev = copy;
    return 0;
}

typedef int row_fn(const struct graph_stage *stage, const cJSON *row, cJSON *out,
                   struct azml_error *err);

static row_fn *row_function(enum graph_stage_kind kind)
{
    switch (kind) {
    case GRAPH_WHERE:
        return keep_row;
    case GRAPH_PROJECT:
    case GRAPH_EXTEND:
        return project_row;
    case GRAPH_SUMMARIZE:
        return summarize_row;
    case GRAPH_ORDER:
        return insert_row;
    case GRAPH_LIMIT:
        return limit_row;
    case GRAPH_COUNT:
        break;
    }
    return NULL;
}

/* One row that says how many: of `count`, and of `summarize` without groups over no rows. */
static int add_zero_or_count(const struct graph_stage *stage, const cJSON *rows, cJSON *out)
{
    bool counts_all = stage->kind == GRAPH_COUNT;
    bool is_total = stage->kind == GRAPH_SUMMARIZE && stage->group_from == stage->count;
    if (!counts_all && (!is_total || rows->child))
        return 0;
    auto_json cJSON *row = cJSON_CreateObject();
    if (counts_all && azml_json_put_number(row, "Count", cJSON_GetArraySize(rows)) < 0)
        return -1;
    for (size_t i = 0; i < stage->group_from; i++)
        if (azml_json_put_member(row, stage->columns[i].name, cJSON_CreateNumber(0)) < 0)
            return -1;
    return azml_json_append(out, AZML_STEAL(row));
}

static cJSON *run_stage(const struct graph_stage *stage, const cJSON *rows, struct azml_error *err)
{
    auto_json cJSON *out = cJSON_CreateArray();
    if (!out || add_zero_or_count(stage, rows, out) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    row_fn *each = row_function(stage->kind);
    const cJSON *row = NULL;
    if (each)
        row = rows->child;
    for (; row; row = row->next)
        if (each(stage, row, out, err) < 0)
            return NULL;
    return AZML_STEAL(out);
}

static cJSON *all_names(void)
{
    auto_json cJSON *names = cJSON_CreateObject();
    for (size_t i = 0; graph_columns[i]; i++)
        if (azml_json_put_member(names, graph_columns[i], cJSON_CreateTrue()) < 0)
            return NULL;
    return AZML_STEAL(names);
}

cJSON *graph_query_run(const struct graph_query *query, const cJSON *rows, struct azml_error *err)
{
    auto_json cJSON *names = all_names();
    auto_json cJSON *out = cJSON_Duplicate(rows, true);
    for (size_t i = 0; names && out && i < query->count; i++) {
        const struct graph_stage *stage = &query->stages[i];
        if (check_stage(stage, names, err) < 0)
            return NULL;
        cJSON *next = run_stage(stage, out, err);
        if (!next)
            return NULL;
        cJSON_Delete(out);
        out = next;
        names = names_after(stage, AZML_STEAL(names));
    }
    if (!names || !out) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(out);
}
