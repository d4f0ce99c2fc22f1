/* graph_parse.h - words and signs of a graph query, and the expressions made of them.
 *
 * Used by graph_query.c only, which knows the stages. */
#ifndef AZML_SANDBOX_GRAPH_PARSE_H
#define AZML_SANDBOX_GRAPH_PARSE_H

#include "sandbox/graph_query.h"

#include <stdint.h>

enum graph_token_kind { GRAPH_END, GRAPH_WORD, GRAPH_TEXT, GRAPH_NUMBER, GRAPH_SIGN };

#define GRAPH_TOKEN_ROOM 1024

struct graph_reader {
    const char *text;
    const char *at; /* behind the current token */
    unsigned depth;
    enum graph_token_kind kind;   /* the current token … */
    char token[GRAPH_TOKEN_ROOM]; /* … and its text, quotes taken off */
    size_t position;              /* where it begins */
    struct azml_error *err;
};

/* Begin; the first token is current afterwards. 0, or -1 with `err` set. */
int graph_reader_begin(struct graph_reader *reader, const char *text, struct azml_error *err);
/* Make the next token the current one. */
int graph_reader_next(struct graph_reader *reader);
/* Is the current token that sign or word (any case)? */
bool graph_reader_is(const struct graph_reader *reader, const char *token);
/* Go on behind the token if it is current: 1, 0 where it is another, -1 with `err` set. */
int graph_reader_take(struct graph_reader *reader, const char *token);
/* The same where it must be there: 0 or -1. */
int graph_reader_need(struct graph_reader *reader, const char *token);
/* Set `err` to "… at position n". Always returns -1. */
int graph_reader_fail(struct graph_reader *reader, const char *what);

/* Read an expression; the caller's. NULL with `err` set. */
struct graph_expr *graph_parse_expr(struct graph_reader *reader);

static inline void graph_auto_expr(struct graph_expr **expr)
{
    graph_expr_free(*expr);
}
#define auto_graph_expr __attribute__((cleanup(graph_auto_expr)))

#endif
