#include "unit/test.h"

#include "base/auto.h"
#include "cli/help.h"
#include "cli/text.h"
#include "unit/cli/sample_table.h"

#include <stdio.h>
#include <string.h>

static void unknown_topics_are_an_error(void **state)
{
    (void)state;
    auto_str struct azml_str page = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_help_page(&sample_table, "bxo", &page, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_USAGE);
    assert_string_equal(err.message, "there is no help about 'bxo'");
    assert_int_equal(page.length, 0);
}

static void usage_shows_words_in_their_places(void **state)
{
    (void)state;
    auto_str struct azml_str one = {0}, many = {0};
    azml_help_usage(&sample_start, &one);
    azml_help_usage(&sample_delete, &many);
    assert_string_equal(azml_str_text(&one), "azml box start BOX [options] [-- COMMAND…]\n");
    assert_string_equal(azml_str_text(&many), "azml box delete BOX… [options]\n");
}

static void a_commands_page_has_all_its_parts_in_order(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "Start a box.\n\n",
        "Usage: azml box start BOX",
        "Examples:\n  azml box start one\n",
        "It goes on where it was stopped.\n",
        "Options:\n",
        "  -n, --name BOX            Box to start.\n",
        "  -s, --size SIZE           How large it is. Default: small.\n",
        "      --label K=V           A label.\n",
        "  COMMAND                   What to run.\n",
        "Common options:\n",
        "  -g, --resource-group GROUP\n                            Resource group",
        "  -h, --help                Show this help.\n",
    };
    auto_str struct azml_str page = {0};
    assert_int_equal(azml_help_page(&sample_table, "box start", &page, NULL), 0);
    const char *text = azml_str_text(&page);
    for (size_t i = 0; i < AZML_COUNT(parts); i++) {
        print_message("part %zu: %s\n", i, parts[i]);
        text = strstr(text, parts[i]);
        assert_non_null(text);
    }
    assert_null(strstr(azml_str_text(&page), "--workspace")); /* not one that it takes */
}

static void an_overview_names_each_noun_once_and_nothing_hidden(void **state)
{
    (void)state;
    auto_str struct azml_str page = {0}, noun = {0}, deep = {0};
    assert_int_equal(azml_help_page(&sample_table, "", &page, NULL), 0);
    const char *box = strstr(azml_str_text(&page), "\n  box ");
    assert_non_null(box);
    assert_null(strstr(box + 1, "\n  box "));
    assert_null(strstr(azml_str_text(&page), "secret"));
    assert_int_equal(azml_help_page(&sample_table, "box", &noun, NULL), 0);
    assert_non_null(strstr(azml_str_text(&noun), "Boxes.\n\nUsage: azml box COMMAND"));
    assert_non_null(strstr(azml_str_text(&noun), "\n  clock advance       Age a box\n"));
    assert_int_equal(azml_help_page(&sample_table, "box clock", &deep, NULL), 0);
    assert_non_null(strstr(azml_str_text(&deep), "\n  advance             Age a box\n"));
}

static void no_line_is_wider_than_a_page(void **state)
{
    (void)state;
    auto_str struct azml_str page = {0};
    assert_int_equal(azml_help_page(&sample_table, "box start", &page, NULL), 0);
    azml_help_exit_codes(&page);
    char *rest = page.data;
    while (rest) {
        const char *line = azml_split(&rest, '\n');
        print_message("%s\n", line);
        assert_true(azml_text_width(line) <= 96);
        assert_false(azml_has_suffix(line, " "));
    }
}

static void every_exit_status_is_explained_once(void **state)
{
    (void)state;
    auto_str struct azml_str text = {0}, markdown = {0};
    azml_help_exit_codes(&text);
    azml_help_exit_codes_markdown(&markdown);
    for (int code = 0; code < AZML_ERROR_COUNT; code++) {
        char line[40], word[60];
        int status = azml_error_exit((enum azml_error_code)code);
        (void)snprintf(line, sizeof(line), "%s%-5d ", code ? "\n" : "", status);
        (void)snprintf(word, sizeof(word), "`%s`", azml_error_name((enum azml_error_code)code));
        print_message("%s %s\n", line, word);
        const char *found = strstr(azml_str_text(&text), line);
        assert_non_null(found);
        assert_null(strstr(found + 1, line));
        assert_true(code == AZML_ERROR_NONE || strstr(azml_str_text(&markdown), word));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_topics_are_an_error),
        cmocka_unit_test(usage_shows_words_in_their_places),
        cmocka_unit_test(a_commands_page_has_all_its_parts_in_order),
        cmocka_unit_test(an_overview_names_each_noun_once_and_nothing_hidden),
        cmocka_unit_test(no_line_is_wider_than_a_page),
        cmocka_unit_test(every_exit_status_is_explained_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
