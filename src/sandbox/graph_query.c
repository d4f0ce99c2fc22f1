#include "sandbox/graph_query.h"

#include "base/auto.h"
#include "base/number.h"
#include "base/str.h"
#include "sandbox/graph_parse.h"

#include <string.h>

/* A name for a column that got none: the path's words joined by "_", else "Column1". */
static void name_of(const struct graph_expr *expr, size_t position, struct azml_str *out)
{
    if (expr->kind == GRAPH_COLUMN) {
        azml_str_add(out, expr->name);
    } else if (expr->kind == GRAPH_MEMBER) {
        name_of(expr->children[0], position, out);
        azml_str_addf(out, "_%s", expr->name);
    } else {
        azml_str_addf(out, "Column%zu", position + 1);
    }
}

static struct graph_column *add_column(struct graph_reader *reader, struct graph_stage *stage)
{
    struct graph_column *grown =
        reallocarray(stage->columns, stage->count + 1, sizeof(*stage->columns));
    if (!grown) {
        azml_error_memory(reader->err);
        return NULL;
    }
    stage->columns = grown;
    stage->columns[stage->count] = (struct graph_column){0};
    return &stage->columns[stage->count++];
}

/* Does "name =" come next? Then it is taken and kept in the column. 1, 0 or -1. */
static int take_name(struct graph_reader *reader, struct graph_column *column)
{
    if (reader->kind != GRAPH_WORD)
        return 0;
    struct graph_reader ahead = *reader;
    if (graph_reader_next(&ahead) < 0)
        return -1;
    if (!graph_reader_is(&ahead, "="))
        return 0;
    column->name = azml_strdup(reader->token, reader->err);
    if (!column->name || graph_reader_next(&ahead) < 0)
        return -1;
    *reader = ahead;
    return 1;
}

static int read_column(struct graph_reader *reader, struct graph_stage *stage)
{
    struct graph_column *column = add_column(reader, stage);
    if (!column || take_name(reader, column) < 0)
        return -1;
    column->expr = graph_parse_expr(reader);
    if (!column->expr)
        return -1;
    if (column->name)
        return 0;
    auto_str struct azml_str name = {0};
    name_of(column->expr, stage->count - 1 - stage->group_from, &name);
    column->name = azml_str_take(&name, reader->err);
    return column->name ? 0 : -1;
}

static int read_columns(struct graph_reader *reader, struct graph_stage *stage)
{
    int more = 1;
    while (more > 0) {
        if (read_column(reader, stage) < 0)
            return -1;
        more = graph_reader_take(reader, ",");
    }
    return more;
}

static int read_aggregate(struct graph_reader *reader, struct graph_stage *stage)
{
    struct graph_column *column = add_column(reader, stage);
    if (!column || take_name(reader, column) < 0)
        return -1;
    bool counts_if = graph_reader_is(reader, "countif");
    if (!counts_if && !graph_reader_is(reader, "count"))
        return graph_reader_fail(reader, "only count() and countif() are supported in 'summarize'");
    if (graph_reader_next(reader) < 0 || graph_reader_need(reader, "(") < 0)
        return -1;
    if (counts_if && !(column->expr = graph_parse_expr(reader)))
        return -1;
    if (!column->name)
        column->name = azml_strdup(counts_if ? "countif_" : "count_", reader->err);
    return column->name ? graph_reader_need(reader, ")") : -1;
}

static int read_summarize(struct graph_reader *reader, struct graph_stage *stage)
{
    int more = graph_reader_is(reader, "by") ? 0 : 1;
    while (more > 0) {
        if (read_aggregate(reader, stage) < 0)
            return -1;
        more = graph_reader_take(reader, ",");
    }
    stage->group_from = stage->count;
    if (more < 0)
        return -1;
    int by = graph_reader_take(reader, "by");
    return by > 0 ? read_columns(reader, stage) : by;
}

static int read_order(struct graph_reader *reader, struct graph_stage *stage)
{
    if (graph_reader_need(reader, "by") < 0)
        return -1;
    int more = 1;
    while (more > 0) {
        struct graph_column *column = add_column(reader, stage);
        if (!column || !(column->expr = graph_parse_expr(reader)))
            return -1;
        column->is_descending = !graph_reader_is(reader, "asc");
        if ((graph_reader_is(reader, "asc") || graph_reader_is(reader, "desc")) &&
            graph_reader_next(reader) < 0)
            return -1;
        more = graph_reader_take(reader, ",");
    }
    return more;
}

static int read_limit(struct graph_reader *reader, struct graph_stage *stage)
{
    uint32_t limit;
    if (reader->kind != GRAPH_NUMBER ||
        azml_number_parse_u32(reader->token, 0, UINT32_MAX, &limit, NULL) < 0)
        return graph_reader_fail(reader, "a whole number is expected");
    stage->limit = limit;
    return graph_reader_next(reader);
}

static int read_count(struct graph_reader *reader, struct graph_stage *stage)
{
    (void)reader, (void)stage;
    return 0;
}

static const struct {
    const char *word;
    enum graph_stage_kind kind;
    int (*read)(struct graph_reader *reader, struct graph_stage *stage);
} stages[] = {
    {"where",     GRAPH_WHERE,     read_column   },
    {"project",   GRAPH_PROJECT,   read_columns  },
    {"extend",    GRAPH_EXTEND,    read_columns  },
    {"summarize", GRAPH_SUMMARIZE, read_summarize},
    {"distinct",  GRAPH_SUMMARIZE, read_columns  },
    {"order",     GRAPH_ORDER,     read_order    },
    {"sort",      GRAPH_ORDER,     read_order    },
    {"limit",     GRAPH_LIMIT,     read_limit    },
    {"take",      GRAPH_LIMIT,     read_limit    },
    {"count",     GRAPH_COUNT,     read_count    },
};

static int read_stage(struct graph_reader *reader, struct graph_query *query)
{
    size_t i = 0;
    while (i < AZML_COUNT(stages) && !graph_reader_is(reader, stages[i].word))
        i++;
    if (i == AZML_COUNT(stages))
        return graph_reader_fail(reader, "the operator is not supported by this Resource Graph");
    struct graph_stage *grown =
        reallocarray(query->stages, query->count + 1, sizeof(*query->stages));
    if (!grown)
        return azml_error_memory(reader->err);
    query->stages = grown;
    struct graph_stage *stage = &query->stages[query->count++];
    *stage = (struct graph_stage){.kind = stages[i].kind};
    return graph_reader_next(reader) < 0 ? -1 : stages[i].read(reader, stage);
}

static int read_query(struct graph_query *query, const char *text, struct azml_error *err)
{
    struct graph_reader reader;
    if (graph_reader_begin(&reader, text, err) < 0)
        return -1;
    query->of_containers = graph_reader_is(&reader, "resourcecontainers");
    if (!query->of_containers && !graph_reader_is(&reader, "resources"))
        return graph_reader_fail(&reader, "the table is not supported by this Resource Graph");
    if (graph_reader_next(&reader) < 0)
        return -1;
    for (;;) {
        int more = graph_reader_take(&reader, "|");
        if (more < 0)
            return -1;
        if (more == 0)
            break;
        if (read_stage(&reader, query) < 0)
            return -1;
    }
    graph_reader_take(&reader, ";");
    return reader.kind == GRAPH_END ? 0 : graph_reader_fail(&reader, "'|' is expected");
}

int graph_query_parse(struct graph_query *query, const char *text, struct azml_error *err)
{
    struct graph_query fresh = {0};
    if (read_query(&fresh, text, err) < 0) {
        graph_query_cleanup(&fresh);
        return -1;
    }
    *query = fresh;
    return 0;
}

void graph_query_cleanup(struct graph_query *query)
{
    if (!query)
        return;
    for (size_t i = 0; i < query->count; i++) {
        struct graph_stage *stage = &query->stages[i];
        for (size_t c = 0; c < stage->count; c++) {
            free(stage->columns[c].name);
            graph_expr_free(stage->columns[c].expr);
        }
        free(stage->columns);
    }
    free(query->stages);
    *query = (struct graph_query){0};
}
