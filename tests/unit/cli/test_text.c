#include "unit/test.h"

#include "base/auto.h"
#include "cli/text.h"

static const struct {
    const char *raw, *clean;
    size_t width;
} rows[] = {
    {"",                         "",                         0},
    {"plain",                    "plain",                    5},
    {"a\nb\tc",                  "a b c",                    5},
    {"line\r\n",                 "line ",                    5},
    {"\x1b[31mred\x07",          "?[31mred?",                9},
    {"bad \xff\xfe",             "bad ??",                   6},
    {"cut \xe2\x82",             "cut ??",                   6},
    {"\xc2\x9b"
     "2J",                  "?2J",                      3}, /* CSI as one character */
    {"a\xe2\x80\xae"
     "b",                   "a?b",                      3}, /* right-to-left override */
    {"a\xe2\x80\xa8"
     "b",                   "a?b",                      3}, /* line separator */
    {"\xc3\xa9t\xc3\xa9",        "\xc3\xa9t\xc3\xa9",        3},
    {"e\xcc\x81",                "e\xcc\x81",                1}, /* a combining accent */
    {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac", 4},
};

static void text_is_made_harmless_and_measured(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_str struct azml_str clean = {0};
        print_message("row %zu\n", i);
        azml_text_add_clean(&clean, rows[i].raw);
        assert_string_equal(azml_str_text(&clean), rows[i].clean);
        assert_int_equal(azml_text_width(azml_str_text(&clean)), rows[i].width);
    }
}

static void a_line_is_cut_between_characters(void **state)
{
    (void)state;
    assert_int_equal(azml_text_fit("plain", 3), 3);
    assert_int_equal(azml_text_fit("plain", 9), 5);
    assert_int_equal(azml_text_fit("\xc3\xa9t\xc3\xa9", 2), 3);
    assert_int_equal(azml_text_fit("\xe6\x97\xa5\xe6\x9c\xac", 3),
                     3); /* half of a wide one is none */
    assert_int_equal(azml_text_fit("\xe6\x97\xa5", 0), 0);
}

static void a_word_survives_the_shell(void **state)
{
    (void)state;
    static const struct {
        const char *word, *quoted;
    } words[] = {
        {"",               "''"            },
        {"it's",           "'it'\\''s'"    },
        {"my key.pub",     "'my key.pub'"  },
        {"$HOME",          "'$HOME'"       },
        {"~/.ssh/key.pub", "~/.ssh/key.pub"},
        {"plain",          "plain"         },
    };
    for (size_t i = 0; i < AZML_COUNT(words); i++) {
        auto_str struct azml_str out = {0};
        azml_text_add_word(&out, words[i].word);
        assert_string_equal(azml_str_text(&out), words[i].quoted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_made_harmless_and_measured),
        cmocka_unit_test(a_line_is_cut_between_characters),
        cmocka_unit_test(a_word_survives_the_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
