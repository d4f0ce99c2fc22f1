#include "sandbox/graph_parse.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/number.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

#define DEPTH_LIMIT 64 /* of parentheses; more is an attack on the stack */

int graph_reader_fail(struct graph_reader *reader, const char *what)
{
    return azml_error_set(reader->err, AZML_ERROR_USAGE, "%s at position %zu near '%s'", what,
                          reader->position, reader->kind == GRAPH_END ? "<EOF>" : reader->token);
}

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static void skip_blanks(struct graph_reader *reader)
{
    for (;;) {
        while (isspace((unsigned char)*reader->at))
            reader->at++;
        if (reader->at[0] != '/' || reader->at[1] != '/')
            return;
        while (*reader->at && *reader->at != '\n')
            reader->at++;
    }
}

static int keep(struct graph_reader *reader, const char *start, size_t length,
                enum graph_token_kind kind)
{
    if (length >= sizeof(reader->token))
        return azml_error_set(reader->err, AZML_ERROR_USAGE, "a word is too long at position %zu",
                              reader->position);
    memcpy(reader->token, start, length);
    reader->token[length] = '\0';
    reader->kind = kind;
    return 0;
}

static int next_text(struct graph_reader *reader)
{
    char quote = *reader->at++;
    auto_str struct azml_str text = {0};
    for (; *reader->at != quote; reader->at++) {
        if (*reader->at == '\\' && reader->at[1])
            reader->at++;
        if (*reader->at == '\0')
            return azml_error_set(reader->err, AZML_ERROR_USAGE,
                                  "a text is not closed at position %zu", reader->position);
        azml_str_add_char(&text, *reader->at);
    }
    reader->at++;
    return keep(reader, azml_str_text(&text), text.length, GRAPH_TEXT);
}

/* "=~", "!in~", "project-away": what belongs together is one token. */
static int next_word(struct graph_reader *reader)
{
    const char *start = reader->at;
    if (*reader->at == '!')
        reader->at++;
    bool is_number = isdigit((unsigned char)*reader->at);
    while (is_word_char(*reader->at) || (is_number && *reader->at == '.'))
        reader->at++;
    size_t length = (size_t)(reader->at - start);
    bool is_in = (length == 2 && azml_same_bytes(start, "in", 2)) ||
                 (length == 3 && azml_same_bytes(start, "!in", 3));
    if (is_in && *reader->at == '~')
        reader->at++;
    return keep(reader, start, (size_t)(reader->at - start), is_number ? GRAPH_NUMBER : GRAPH_WORD);
}

int graph_reader_next(struct graph_reader *reader)
{
    static const char *const pairs[] = {"==", "=~", "!=", "!~", "<=", ">="};
    skip_blanks(reader);
    reader->position = (size_t)(reader->at - reader->text);
    char c = *reader->at;
    if (c == '\0')
        return keep(reader, "", 0, GRAPH_END);
    if (c == '\'' || c == '"')
        return next_text(reader);
    if (is_word_char(c) || (c == '!' && isalpha((unsigned char)reader->at[1])))
        return next_word(reader);
    size_t length = 1;
    for (size_t i = 0; i < AZML_COUNT(pairs); i++)
        if (azml_has_prefix(reader->at, pairs[i]))
            length = 2;
    reader->at += length;
    return keep(reader, reader->at - length, length, GRAPH_SIGN);
}

int graph_reader_begin(struct graph_reader *reader, const char *text, struct azml_error *err)
{
    *reader = (struct graph_reader){.text = text, .at = text, .err = err};
    return graph_reader_next(reader);
}

bool graph_reader_is(const struct graph_reader *reader, const char *token)
{
    return (reader->kind == GRAPH_WORD || reader->kind == GRAPH_SIGN) &&
           azml_same_text(reader->token, token);
}

int graph_reader_take(struct graph_reader *reader, const char *token)
{
    if (!graph_reader_is(reader, token))
        return 0;
    return graph_reader_next(reader) < 0 ? -1 : 1;
}

int graph_reader_need(struct graph_reader *reader, const char *token)
{
    int taken = graph_reader_take(reader, token);
    if (taken != 0)
        return taken < 0 ? -1 : 0;
    auto_free char *what = azml_format(NULL, "'%s' is expected", token);
    return graph_reader_fail(reader, what ? what : token);
}

static struct graph_expr *make(struct graph_reader *reader, enum graph_kind kind, const char *name)
{
    struct graph_expr *expr = calloc(1, sizeof(*expr));
    if (expr && name && !(expr->name = azml_strdup(name, NULL))) {
        free(expr);
        expr = NULL;
    }
    if (!expr) {
        azml_error_memory(reader->err);
        return NULL;
    }
    expr->kind = kind;
    return expr;
}

/* Takes over `child` in any case. */
static int adopt(struct graph_reader *reader, struct graph_expr *parent, struct graph_expr *child)
{
    if (!child)
        return -1;
    struct graph_expr **grown =
        reallocarray(parent->children, parent->count + 1, sizeof(struct graph_expr *));
    if (!grown) {
        graph_expr_free(child);
        return azml_error_memory(reader->err);
    }
    parent->children = grown;
    parent->children[parent->count++] = child;
    return 0;
}

/* Arguments up to the closing parenthesis; the opening one is behind us. */
static int read_list(struct graph_reader *reader, struct graph_expr *into)
{
    int closed = graph_reader_take(reader, ")");
    while (closed == 0) {
        if (adopt(reader, into, graph_parse_expr(reader)) < 0)
            return -1;
        int comma = graph_reader_take(reader, ",");
        if (comma < 0)
            return -1;
        if (comma == 0)
            return graph_reader_need(reader, ")");
    }
    return closed < 0 ? -1 : 0;
}

static struct graph_expr *read_literal(struct graph_reader *reader)
{
    auto_graph_expr struct graph_expr *expr = make(reader, GRAPH_VALUE, NULL);
    if (!expr)
        return NULL;
    if (reader->kind == GRAPH_TEXT)
        expr->value = cJSON_CreateString(reader->token);
    else if (reader->kind == GRAPH_NUMBER)
        expr->value = azml_json_parse(reader->token, strlen(reader->token), reader->err);
    else
        expr->value = cJSON_CreateBool(azml_same_text(reader->token, "true"));
    return expr->value && graph_reader_next(reader) == 0 ? AZML_STEAL(expr) : NULL;
}

static struct graph_expr *read_word(struct graph_reader *reader)
{
    auto_graph_expr struct graph_expr *expr = make(reader, GRAPH_COLUMN, reader->token);
    if (!expr || graph_reader_next(reader) < 0)
        return NULL;
    int call = graph_reader_take(reader, "(");
    if (call < 0)
        return NULL;
    if (call > 0) {
        expr->kind = GRAPH_CALL;
        if (read_list(reader, expr) < 0)
            return NULL;
        if (!graph_knows(expr->name, expr->count)) {
            auto_free char *what = azml_format(
                NULL, "the function '%s' is unknown or has other arguments", expr->name);
            graph_reader_fail(reader, what ? what : expr->name);
            return NULL;
        }
    }
    return AZML_STEAL(expr);
}

static struct graph_expr *read_primary(struct graph_reader *reader)
{
    if (reader->kind == GRAPH_TEXT || reader->kind == GRAPH_NUMBER ||
        graph_reader_is(reader, "true") || graph_reader_is(reader, "false"))
        return read_literal(reader);
    if (reader->kind == GRAPH_WORD)
        return read_word(reader);
    int open = graph_reader_take(reader, "(");
    if (open <= 0) {
        if (open == 0)
            graph_reader_fail(reader, "an expression is expected");
        return NULL;
    }
    auto_graph_expr struct graph_expr *inner = graph_parse_expr(reader);
    return inner && graph_reader_need(reader, ")") == 0 ? AZML_STEAL(inner) : NULL;
}

/* Behind "." or "[": the name of a member. The target is taken over. */
static struct graph_expr *read_member(struct graph_reader *reader, struct graph_expr *target,
                                      bool bracket)
{
    auto_graph_expr struct graph_expr *held = target;
    if (reader->kind != (bracket ? GRAPH_TEXT : GRAPH_WORD)) {
        graph_reader_fail(reader, "the name of a member is expected");
        return NULL;
    }
    auto_graph_expr struct graph_expr *expr = make(reader, GRAPH_MEMBER, reader->token);
    if (!expr || graph_reader_next(reader) < 0 || adopt(reader, expr, AZML_STEAL(held)) < 0)
        return NULL;
    if (bracket && graph_reader_need(reader, "]") < 0)
        return NULL;
    return AZML_STEAL(expr);
}

static struct graph_expr *read_path(struct graph_reader *reader)
{
    struct graph_expr *expr = read_primary(reader);
    while (expr) {
        bool bracket = graph_reader_is(reader, "[");
        if (!bracket && !graph_reader_is(reader, "."))
            return expr;
        if (graph_reader_next(reader) < 0) {
            graph_expr_free(expr);
            return NULL;
        }
        expr = read_member(reader, expr, bracket);
    }
    return NULL;
}

static const char *comparison(const struct graph_reader *reader)
{
    static const char *const names[] = {
        "==",  "=~",       "!=",        "!~",          "<",         "<=",  ">",
        ">=",  "contains", "!contains", "startswith",  "endswith",  "has", "in",
        "in~", "!in",      "!in~",      "!startswith", "!endswith",
    };
    for (size_t i = 0; i < AZML_COUNT(names); i++)
        if (graph_reader_is(reader, names[i]))
            return names[i];
    return NULL;
}

static struct graph_expr *read_comparison(struct graph_reader *reader)
{
    auto_graph_expr struct graph_expr *left = read_path(reader);
    const char *name = left ? comparison(reader) : NULL;
    if (!name)
        return AZML_STEAL(left);
    auto_graph_expr struct graph_expr *expr = make(reader, GRAPH_CALL, name);
    if (!expr || graph_reader_next(reader) < 0 || adopt(reader, expr, AZML_STEAL(left)) < 0)
        return NULL;
    if (strstr(name, "in") == name || strstr(name, "!in") == name) {
        if (graph_reader_need(reader, "(") < 0 || read_list(reader, expr) < 0)
            return NULL;
    } else if (adopt(reader, expr, read_path(reader)) < 0) {
        return NULL;
    }
    return AZML_STEAL(expr);
}

/* A chain of `inner` joined by one word: "and" binds tighter than "or". */
static struct graph_expr *read_chain(struct graph_reader *reader, const char *word,
                                     struct graph_expr *inner(struct graph_reader *))
{
    auto_graph_expr struct graph_expr *left = inner(reader);
    while (left && graph_reader_is(reader, word)) {
        auto_graph_expr struct graph_expr *expr = make(reader, GRAPH_CALL, word);
        if (!expr || graph_reader_next(reader) < 0 || adopt(reader, expr, AZML_STEAL(left)) < 0 ||
            adopt(reader, expr, inner(reader)) < 0)
            return NULL;
        left = AZML_STEAL(expr);
    }
    return AZML_STEAL(left);
}

static struct graph_expr *read_and(struct graph_reader *reader)
{
    return read_chain(reader, "and", read_comparison);
}

struct graph_expr *graph_parse_expr(struct graph_reader *reader)
{
    if (++reader->depth > DEPTH_LIMIT) {
        graph_reader_fail(reader, "it is nested too deeply");
        return NULL;
    }
    struct graph_expr *expr = read_chain(reader, "or", read_and);
    reader->depth--;
    return expr;
}

void graph_expr_free(struct graph_expr *expr)
{
    if (!expr)
        return;
    for (size_t i = 0; i < expr->count; i++)
        graph_expr_free(expr->children[i]);
    free(expr->children);
    cJSON_Delete(expr->value);
    free(expr->name);
    free(expr);
}
