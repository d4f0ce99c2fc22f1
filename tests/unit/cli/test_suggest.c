#include "unit/test.h"

#include "base/auto.h"
#include "cli/suggest.h"

static void distance_counts_steps(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } rows[] = {
        {"",      "",       0},
        {"",      "abc",    3},
        {"list",  "LIST",   0},
        {"list",  "lits",   1},
        {"strat", "start",  1},
        {"show",  "shows",  1},
        {"stop",  "start",  3},
        {"ca",    "abc",    3},
        {"grop",  "group",  1},
        {"delet", "create", 4},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        print_message("row %zu: %s %s\n", i, rows[i].a, rows[i].b);
        assert_int_equal(azml_edit_distance(rows[i].a, rows[i].b), rows[i].distance);
        assert_int_equal(azml_edit_distance(rows[i].b, rows[i].a), rows[i].distance);
    }
}

static void words_too_long_are_far_from_everything(void **state)
{
    (void)state;
    char word[200];
    for (size_t i = 0; i < sizeof(word) - 1; i++)
        word[i] = 'a';
    word[sizeof(word) - 1] = '\0';
    assert_int_equal(azml_edit_distance(word, "a"), sizeof(word) - 1);
}

static void suggest_names_the_near_and_nothing_else(void **state)
{
    (void)state;
    static const char *const known[] = {"create", "show", "list", "delete", "start", "stop"};
    static const struct {
        const char *typed, *meant;
    } rows[] = {
        {"",       NULL    },
        {"x",      NULL    },
        {"banana", NULL    },
        {"strat",  "start" },
        {"lst",    "list"  },
        {"ls",     "list"  },
        {"remove", "delete"},
        {"Delete", "delete"},
        {"creaet", "create"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        print_message("row %zu: %s\n", i, rows[i].typed);
        const char *meant = azml_suggest(rows[i].typed, known, AZML_COUNT(known));
        if (rows[i].meant)
            assert_string_equal(meant, rows[i].meant);
        else
            assert_null(meant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_counts_steps),
        cmocka_unit_test(words_too_long_are_far_from_everything),
        cmocka_unit_test(suggest_names_the_near_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
