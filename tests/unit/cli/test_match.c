#include "unit/test.h"

#include "base/auto.h"
#include "cli/match.h"
#include "cli/parse.h"
#include "unit/cli/sample_table.h"

#include <string.h>

static void long_names_match_whole_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *name, *found;
        bool is_common;
    } rows[] = {
        {"",               NULL,             true },
        {"siz",            NULL,             true },
        {"sizes",          NULL,             true },
        {"SIZE",           NULL,             true },
        {"workspace",      NULL,             true }, /* a common one that the command does not take */
        {"size",           "size",           false},
        {"name",           "name",           false},
        {"output",         "output",         true },
        {"resource-group", "resource-group", true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        bool is_common = false;
        print_message("row %zu: %s\n", i, rows[i].name);
        const struct azml_option *row = azml_match_long(&sample_start, rows[i].name, &is_common);
        if (!rows[i].found) {
            assert_null(row);
            continue;
        }
        assert_string_equal(row->name, rows[i].found);
        assert_int_equal(is_common, rows[i].is_common);
    }
}

static void letters_are_the_commands_own_first(void **state)
{
    (void)state;
    bool is_common;
    assert_null(azml_match_letter(&sample_start, 'w', &is_common));
    assert_null(azml_match_letter(&sample_start, 'Z', &is_common));
    assert_string_equal(azml_match_letter(&sample_start, 's', &is_common)->name, "size");
    assert_false(is_common);
    assert_string_equal(azml_match_letter(&sample_start, 'g', &is_common)->name, "resource-group");
    assert_true(is_common);
}

static void places_are_found(void **state)
{
    (void)state;
    assert_null(azml_match_place(&sample_start, AZML_PLACE_WORDS));
    assert_null(azml_match_place(&sample_version, AZML_PLACE_WORD));
    assert_string_equal(azml_match_place(&sample_start, AZML_PLACE_REST)->meta, "COMMAND");
}

static void a_value_is_never_taken_for_a_command(void **state)
{
    (void)state;
    const char *const argv[] = {"azml", "--size", "box", "-g", "delete", "box", "start", "one"};
    bool is_path[AZML_COUNT(argv)] = {false};
    const struct azml_command *command = NULL;
    auto_free char *topic = NULL;
    assert_int_equal(azml_match_command(&sample_table, (int)AZML_COUNT(argv), argv, is_path,
                                        &command, &topic, NULL),
                     0);
    assert_ptr_equal(command, &sample_start);
    assert_string_equal(topic, "box start");
    for (size_t i = 0; i < AZML_COUNT(argv); i++)
        assert_int_equal(is_path[i], i == 5 || i == 6);
}

static void an_unknown_option_keeps_its_value_to_itself(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    assert_int_equal(
        azml_match_unknown_option(&sample_start, "--password=hunter2", "password", &err), -1);
    assert_string_equal(err.message, "box start has no option --password");
    assert_null(strstr(err.hint, "hunter2"));
}

static void hidden_commands_run_but_are_no_prefix(void **state)
{
    (void)state;
    assert_ptr_equal(azml_table_find(&sample_table, "secret"), &sample_hidden);
    assert_null(azml_table_find(&sample_table, "box"));
    assert_true(azml_table_has_prefix(&sample_table, "box"));
    assert_true(azml_table_has_prefix(&sample_table, "box clock"));
    assert_false(azml_table_has_prefix(&sample_table, "bo"));
    assert_false(azml_table_has_prefix(&sample_table, "box start"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_names_match_whole_or_not_at_all),
        cmocka_unit_test(letters_are_the_commands_own_first),
        cmocka_unit_test(places_are_found),
        cmocka_unit_test(a_value_is_never_taken_for_a_command),
        cmocka_unit_test(an_unknown_option_keeps_its_value_to_itself),
        cmocka_unit_test(hidden_commands_run_but_are_no_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
