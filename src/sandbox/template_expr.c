#include "sandbox/template_expr.h"

#include "base/auto.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

#define DEPTH_LIMIT 64 /* deeper nesting is an attack on the stack, not a template */

struct reader {
    const char *whole; /* for messages */
    const char *at;
    unsigned depth;
    struct azml_error *err;
};

static struct azml_expr *read_expr(struct reader *reader);

bool azml_expr_is(const char *text)
{
    size_t length = strlen(text);
    return length >= 2 && text[0] == '[' && text[1] != '[' && text[length - 1] == ']';
}

void azml_expr_free(struct azml_expr *expr)
{
    if (!expr)
        return;
    for (size_t i = 0; i < expr->count; i++)
        azml_expr_free(expr->children[i]);
    free(expr->children);
    free(expr->text);
    free(expr);
}

bool azml_expr_calls(const struct azml_expr *expr, const char *name)
{
    if (expr->kind == AZML_EXPR_CALL && azml_same_text(expr->text, name))
        return true;
    for (size_t i = 0; i < expr->count; i++)
        if (azml_expr_calls(expr->children[i], name))
            return true;
    return false;
}

static struct azml_expr *fail(struct reader *reader, const char *what)
{
    azml_error_set(reader->err, AZML_ERROR_USAGE,
                   "Unable to parse language expression '%s': %s at position %zu.", reader->whole,
                   what, (size_t)(reader->at - reader->whole));
    return NULL;
}

static struct azml_expr *make(struct reader *reader, enum azml_expr_kind kind)
{
    struct azml_expr *expr = calloc(1, sizeof(*expr));
    if (!expr) {
        azml_error_memory(reader->err);
        return NULL;
    }
    expr->kind = kind;
    return expr;
}

/* Takes over `child` in either case. */
static int adopt(struct reader *reader, struct azml_expr *parent, struct azml_expr *child)
{
    if (!child)
        return -1;
    struct azml_expr **grown =
        reallocarray(parent->children, parent->count + 1, sizeof(struct azml_expr *));
    if (!grown) {
        azml_expr_free(child);
        return azml_error_memory(reader->err);
    }
    parent->children = grown;
    parent->children[parent->count++] = child;
    return 0;
}

static void skip_space(struct reader *reader)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
}

static bool take(struct reader *reader, char c)
{
    skip_space(reader);
    if (*reader->at != c)
        return false;
    reader->at++;
    return true;
}

static struct azml_expr *read_text(struct reader *reader)
{
    auto_str struct azml_str text = {0};
    reader->at++;
    for (;; reader->at++) {
        if (*reader->at == '\0')
            return fail(reader, "a text is not closed");
        if (*reader->at == '\'') {
            if (reader->at[1] != '\'')
                break;
            reader->at++;
        }
        azml_str_add_char(&text, *reader->at);
    }
    reader->at++;
    auto_expr struct azml_expr *expr = make(reader, AZML_EXPR_TEXT);
    if (!expr)
        return NULL;
    expr->text = azml_str_take(&text, reader->err);
    return expr->text ? AZML_STEAL(expr) : NULL;
}

static struct azml_expr *read_number(struct reader *reader)
{
    const char *start = reader->at;
    if (*reader->at == '-')
        reader->at++;
    int64_t number = 0;
    size_t digits = 0;
    for (; isdigit((unsigned char)*reader->at); reader->at++) {
        number = number * 10 + (*reader->at - '0');
        if (++digits > 15)
            return fail(reader, "a number is too long");
    }
    if (digits == 0)
        return fail(reader, "a digit is expected");
    struct azml_expr *expr = make(reader, AZML_EXPR_NUMBER);
    if (expr)
        expr->number = *start == '-' ? -number : number;
    return expr;
}

static char *read_name(struct reader *reader)
{
    const char *start = reader->at;
    if (!isalpha((unsigned char)*reader->at) && *reader->at != '_') {
        fail(reader, "a name is expected");
        return NULL;
    }
    while (isalnum((unsigned char)*reader->at) || *reader->at == '_')
        reader->at++;
    return azml_strndup(start, (size_t)(reader->at - start), reader->err);
}

static int read_arguments(struct reader *reader, struct azml_expr *call)
{
    if (take(reader, ')'))
        return 0;
    for (;;) {
        if (adopt(reader, call, read_expr(reader)) < 0)
            return -1;
        if (take(reader, ')'))
            return 0;
        if (!take(reader, ',')) {
            fail(reader, "',' or ')' is expected");
            return -1;
        }
    }
}

static struct azml_expr *read_call(struct reader *reader)
{
    auto_expr struct azml_expr *call = make(reader, AZML_EXPR_CALL);
    if (!call)
        return NULL;
    call->text = read_name(reader);
    if (!call->text)
        return NULL;
    if (!take(reader, '('))
        return fail(reader, "'(' is expected");
    return read_arguments(reader, call) < 0 ? NULL : AZML_STEAL(call);
}

static struct azml_expr *read_primary(struct reader *reader)
{
    skip_space(reader);
    if (*reader->at == '\'')
        return read_text(reader);
    if (*reader->at == '-' || isdigit((unsigned char)*reader->at))
        return read_number(reader);
    return read_call(reader);
}

/* What stands behind a dot, as a text. */
static struct azml_expr *read_member(struct reader *reader)
{
    auto_expr struct azml_expr *name = make(reader, AZML_EXPR_TEXT);
    if (!name)
        return NULL;
    skip_space(reader);
    name->text = read_name(reader);
    return name->text ? AZML_STEAL(name) : NULL;
}

/* One ".member" or "[index]" behind `target`, which is taken over. */
static struct azml_expr *read_access(struct reader *reader, struct azml_expr *target, bool dot)
{
    auto_expr struct azml_expr *held = target;
    auto_expr struct azml_expr *access = make(reader, AZML_EXPR_INDEX);
    if (!access || adopt(reader, access, AZML_STEAL(held)) < 0)
        return NULL;
    if (adopt(reader, access, dot ? read_member(reader) : read_expr(reader)) < 0)
        return NULL;
    if (!dot && !take(reader, ']'))
        return fail(reader, "']' is expected");
    return AZML_STEAL(access);
}

static struct azml_expr *read_expr(struct reader *reader)
{
    if (++reader->depth > DEPTH_LIMIT)
        return fail(reader, "it is nested too deeply");
    struct azml_expr *expr = read_primary(reader);
    while (expr) {
        bool dot = take(reader, '.');
        if (!dot && !take(reader, '['))
            break;
        expr = read_access(reader, expr, dot);
    }
    reader->depth--;
    return expr;
}

struct azml_expr *azml_expr_parse(const char *text, struct azml_error *err)
{
    struct reader reader = {.whole = text, .at = text + 1, .err = err};
    auto_expr struct azml_expr *expr = read_expr(&reader);
    if (!expr)
        return NULL;
    if (!take(&reader, ']'))
        return fail(&reader, "']' is expected");
    skip_space(&reader);
    if (*reader.at != '\0')
        return fail(&reader, "something stands behind the expression");
    return AZML_STEAL(expr);
}
