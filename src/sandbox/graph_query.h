/* graph_query.h - the part of Resource Graph's query language that the sandbox answers.
 *
 * Pure: text in, tree out, rows in, rows out. Tables Resources and ResourceContainers; where,
 * project, extend, summarize (count, countif), distinct, order by, limit and take, count; the
 * operators and functions of graph_eval.c. Joins and everything else are errors that say so.
 * Language: Microsoft Learn, "Understanding the Azure Resource Graph query language". */
#ifndef AZML_SANDBOX_GRAPH_QUERY_H
#define AZML_SANDBOX_GRAPH_QUERY_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum graph_kind {
    GRAPH_VALUE,  /* a literal */
    GRAPH_COLUMN, /* name */
    GRAPH_MEMBER, /* children[0].name */
    GRAPH_CALL,   /* name(children); operators are calls named by their signs: "=~", "and", "in~" */
};

struct graph_expr {
    enum graph_kind kind;
    char *name;
    cJSON *value;
    struct graph_expr **children;
    size_t count;
};

enum graph_stage_kind {
    GRAPH_WHERE,
    GRAPH_PROJECT,
    GRAPH_EXTEND,
    GRAPH_SUMMARIZE, /* the first `group_from` columns are aggregates, the others groups */
    GRAPH_ORDER,
    GRAPH_LIMIT,
    GRAPH_COUNT,
};

struct graph_column {
    char *name;
    struct graph_expr *expr; /* GRAPH_SUMMARIZE: NULL for count(), else the condition of countif */
    bool is_descending;      /* GRAPH_ORDER */
};

struct graph_stage {
    enum graph_stage_kind kind;
    struct graph_column *columns; /* GRAPH_WHERE: one */
    size_t count;
    size_t group_from;
    size_t limit;
};

struct graph_query {
    bool of_containers; /* ResourceContainers instead of Resources */
    struct graph_stage *stages;
    size_t count;
};

/* Read a query. Return 0, or -1 with `err` set (AZML_ERROR_USAGE) to what is wrong or unknown. */
int graph_query_parse(struct graph_query *query, const char *text, struct azml_error *err);

/* Run it over the rows of its table (an array of objects, lent); a new array, the caller's. NULL
 * with `err` set where a column or function does not exist. */
cJSON *graph_query_run(const struct graph_query *query, const cJSON *rows, struct azml_error *err);

void graph_query_cleanup(struct graph_query *query);

/* The columns that both tables have, NULL-terminated. */
extern const char *const graph_columns[];

/* --- between the files of this module --- */
/* The value of an expression for one row; the caller's. NULL with `err` set. */
cJSON *graph_eval(const struct graph_expr *expr, const cJSON *row, struct azml_error *err);
/* Is it a function or operator that graph_eval knows, with that many arguments? */
bool graph_knows(const char *name, size_t count);
/* Smaller, same or greater (-1, 0, 1), over all types: null, booleans, numbers, texts, others. */
int graph_compare(const cJSON *a, const cJSON *b);
void graph_expr_free(struct graph_expr *expr);

#endif
