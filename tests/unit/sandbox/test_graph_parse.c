#include "graph_world.h"

static void what_cannot_be_read_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"resources | where name == 'a",       "a text is not closed at position 26"                  },
        {"resources | where",                  "an expression is expected at position 17 near '<EOF>'"},
        {"resources | where name ==",          "an expression is expected at position 25"             },
        {"resources | where (name == 'a'",     "')' is expected at position 30"                       },
        {"resources | where name in 'a'",      "'(' is expected at position 26"                       },
        {"resources | where tags[1] == 'a'",   "the name of a member is expected at position 23"      },
        {"resources | where frob(name)",       "the function 'frob' is unknown or has other arguments"},
        {"resources | where tolower(name, 1)",
         "the function 'tolower' is unknown or has other arguments"                                   },
        {"resources | where name == ^",        "an expression is expected at position 26 near '^'"    },
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void endless_nesting_is_refused(void **state)
{
    (void)state;
    auto_str struct azml_str text = {0};
    azml_str_add(&text, "resources | where ");
    for (int i = 0; i < 100000; i++)
        azml_str_add_char(&text, '(');
    auto_error struct azml_error err = {0};
    assert_null(answer(azml_str_text(&text), &err));
    assert_non_null(strstr(err.message, "it is nested too deeply"));
}

static void and_binds_tighter_than_or(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"resources | where name == 'a' or name == 'c' and location == 'x' | project id",
         "[{\"id\":\"/2\"}]"                },
        {"resources | where (name == 'a' or name == 'c') and location == 'eastus' | project id",
         "[{\"id\":\"/2\"},{\"id\":\"/3\"}]"},
        {"resources // all\n| where not(name == 'a') // but one\n| project id",
         "[{\"id\":\"/1\"},{\"id\":\"/3\"}]"},
        {"resources | where tags['my tag'] == \"x\" and properties.n == 2 | project id",
         "[{\"id\":\"/1\"}]"                },
    };
    check_answers(rows, AZML_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_read_is_named_with_its_place),
        cmocka_unit_test(endless_nesting_is_refused),
        cmocka_unit_test(and_binds_tighter_than_or),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
