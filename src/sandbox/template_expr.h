/* template_expr.h - the expressions of ARM templates: "[concat('a', parameters('b').c[0])]".
 *
 * Turns text into a tree and back into nothing else; it knows no function and evaluates none
 * (template_eval does). Syntax: Microsoft Learn, "Syntax and expressions in ARM templates". */
#ifndef AZML_SANDBOX_TEMPLATE_EXPR_H
#define AZML_SANDBOX_TEMPLATE_EXPR_H

#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum azml_expr_kind {
    AZML_EXPR_TEXT,   /* 'text' */
    AZML_EXPR_NUMBER, /* 42 */
    AZML_EXPR_CALL,   /* name(arguments) */
    AZML_EXPR_INDEX,  /* children[0][children[1]], and .member as a text index */
};

struct azml_expr {
    enum azml_expr_kind kind;
    char *text; /* the text, or the name of the function */
    int64_t number;
    struct azml_expr **children; /* arguments; or the target and its index */
    size_t count;
};

/* Is this string of a template an expression? It starts with "[" but not "[[", and ends in "]". */
bool azml_expr_is(const char *text);

/* The tree of an expression, brackets included in `text`; free it with azml_expr_free. NULL with
 * `err` set (AZML_ERROR_USAGE) where it cannot be read. */
struct azml_expr *azml_expr_parse(const char *text, struct azml_error *err);

/* Does a call of this function (any case) stand anywhere in the tree? */
bool azml_expr_calls(const struct azml_expr *expr, const char *name);

void azml_expr_free(struct azml_expr *expr);

static inline void azml_auto_expr(struct azml_expr **expr)
{
    azml_expr_free(*expr);
}

#define auto_expr __attribute__((cleanup(azml_auto_expr)))

#endif
