#include "unit/test.h"

#include "base/auto.h"
#include "cli/value.h"
#include "unit/cli/sample_table.h"

#include <string.h>

static const struct azml_option *row(const char *title)
{
    for (const struct azml_option *option = sample_options; option->help; option++) {
        if (strcmp(azml_option_title(option), title) == 0)
            return option;
    }
    fail_msg("no row %s", title);
    return NULL;
}

static void refused_values_say_why_and_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *title, *text, *message, *why;
    } rows[] = {
        {"BOX",     "",     "BOX must not be empty",     NULL                          },
        {"--label", "",     "--label must not be empty", NULL                          },
        {"--size",  "huge", "--size cannot be 'huge'",   "it is one of: small, large"  },
        {"--size",  "",     "--size must not be empty",  NULL                          },
        {"--count", "10",   "--count cannot be '10'",    NULL                          },
        {"--count", "x",    "--count cannot be 'x'",     NULL                          },
        {"--idle",  "59s",  "--idle cannot be '59s'",    "it must be between 1m and 1h"},
        {"--idle",  "90",   "--idle cannot be '90'",     NULL                          },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sample_args args = {.count = 5, .idle_s = 7, .size = "kept"};
        auto_error struct azml_error err = {0};
        print_message("row %zu: %s %s\n", i, rows[i].title, rows[i].text);
        assert_int_equal(azml_value_store(row(rows[i].title), &args, rows[i].text, &err), -1);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        assert_string_equal(err.message, rows[i].message);
        if (rows[i].why)
            assert_string_equal(err.why, rows[i].why);
        assert_int_equal(args.count, 5);
        assert_int_equal(args.idle_s, 7);
        assert_string_equal(args.size, "kept");
        assert_int_equal(args.labels.count, 0);
    }
}

static void values_reach_their_members(void **state)
{
    (void)state;
    struct sample_args args = {0};
    assert_false(azml_value_is_given(row("BOX"), &args));
    assert_false(azml_value_is_given(row("--label"), &args));
    assert_int_equal(azml_value_store(row("BOX"), &args, "one", NULL), 0);
    assert_int_equal(azml_value_store(row("--size"), &args, "large", NULL), 0);
    assert_int_equal(azml_value_store(row("--count"), &args, "9", NULL), 0);
    assert_int_equal(azml_value_store(row("--idle"), &args, "PT1H", NULL), 0);
    assert_int_equal(azml_value_store(row("--force-stop"), &args, NULL, NULL), 0);
    assert_int_equal(azml_value_store(row("--label"), &args, "a", NULL), 0);
    assert_int_equal(azml_value_store(row("--label"), &args, "b", NULL), 0);
    assert_int_equal(azml_value_store(row("COMMAND"), &args, "", NULL), 0);
    assert_string_equal(args.name, "one");
    assert_string_equal(args.size, "large");
    assert_int_equal(args.count, 9);
    assert_int_equal(args.idle_s, 3600);
    assert_true(args.force_stop);
    assert_int_equal(args.labels.count, 2);
    assert_string_equal(args.labels.items[1], "b");
    assert_int_equal(args.rest.count, 1);
    assert_true(azml_value_is_given(row("BOX"), &args));
    assert_true(azml_value_is_given(row("--label"), &args));
    azml_values_free(sample_options, &args);
    assert_int_equal(args.labels.count, 0);
}

static void fallbacks_may_lie_outside_of_the_bounds(void **state)
{
    (void)state;
    struct sample_args args = {0};
    assert_int_equal(azml_values_default(sample_options, &args, NULL), 0);
    assert_int_equal(args.count, -1);
    assert_int_equal(args.idle_s, 1800);
    assert_string_equal(args.size, "small");
    assert_null(args.name);
    azml_values_free(sample_options, &args);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_values_say_why_and_change_nothing),
        cmocka_unit_test(values_reach_their_members),
        cmocka_unit_test(fallbacks_may_lie_outside_of_the_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
