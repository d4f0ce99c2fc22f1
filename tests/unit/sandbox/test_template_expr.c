#include "sandbox/template_expr.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void parse_says_what_is_wrong_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"[]",                     "a name is expected at position 1."                    },
        {"[concat('a]",            "a text is not closed at position 11."                 },
        {"[concat('a'",            "',' or ')' is expected at position 11."               },
        {"[concat('a' 'b')]",      "',' or ')' is expected at position 12."               },
        {"[concat]",               "'(' is expected at position 7."                       },
        {"[a().]",                 "a name is expected at position 5."                    },
        {"[a()[0]",                "']' is expected at position 7."                       },
        {"[a()] b]",               "something stands behind the expression at position 6."},
        {"[12345678901234567890]", "a number is too long at position 16."                 },
        {"[-]",                    "a digit is expected at position 2."                   },
        {"[concat('a',)]",         "a name is expected at position 12."                   },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_expr struct azml_expr *expr = azml_expr_parse(rows[i].text, &err);
        if (expr)
            fail_msg("%s was read", rows[i].text);
        if (!strstr(err.message, rows[i].message))
            fail_msg("%s: %s", rows[i].text, err.message);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
    }
}

static void parse_refuses_endless_nesting(void **state)
{
    (void)state;
    auto_str struct azml_str text = {0};
    azml_str_add_char(&text, '[');
    for (int i = 0; i < 100000; i++)
        azml_str_add(&text, "f(");
    auto_error struct azml_error err = {0};
    assert_null(azml_expr_parse(azml_str_text(&text), &err));
    assert_non_null(strstr(err.message, "it is nested too deeply"));
}

static void parse_reads_calls_members_and_indexes(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    auto_expr struct azml_expr *expr =
        azml_expr_parse("[ concat( 'it''s', f().a.b[ 3 ] , -7 ) ]", &err);
    assert_non_null(expr);
    assert_int_equal(expr->kind, AZML_EXPR_CALL);
    assert_string_equal(expr->text, "concat");
    assert_int_equal(expr->count, 3);
    assert_string_equal(expr->children[0]->text, "it's");
    assert_int_equal(expr->children[2]->number, -7);
    const struct azml_expr *index = expr->children[1];
    assert_int_equal(index->kind, AZML_EXPR_INDEX);
    assert_int_equal(index->children[1]->number, 3);
    assert_string_equal(index->children[0]->children[1]->text, "b");
    assert_true(azml_expr_calls(expr, "F"));
    assert_false(azml_expr_calls(expr, "g"));
}

static void only_single_brackets_make_an_expression(void **state)
{
    (void)state;
    assert_true(azml_expr_is("[a()]"));
    assert_false(azml_expr_is("[[a()]"));
    assert_false(azml_expr_is("[a() "));
    assert_false(azml_expr_is("a()]"));
    assert_false(azml_expr_is("["));
    assert_false(azml_expr_is(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_says_what_is_wrong_and_where),
        cmocka_unit_test(parse_refuses_endless_nesting),
        cmocka_unit_test(parse_reads_calls_members_and_indexes),
        cmocka_unit_test(only_single_brackets_make_an_expression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
