#include "unit/test.h"

#include "base/auto.h"
#include "base/str.h"

#include <string.h>

static void text_grows_and_is_given_away(void **state)
{
    (void)state;
    auto_str struct azml_str str = {0};
    for (int i = 0; i < 100; i++)
        azml_str_addf(&str, "%d,", i);
    azml_str_add_char(&str, '!');
    auto_free char *text = azml_str_take(&str, NULL);
    assert_non_null(text);
    assert_int_equal(strlen(text), 291);
    assert_string_equal(azml_str_text(&str), "");
}

static void nothing_added_is_an_empty_text(void **state)
{
    (void)state;
    auto_str struct azml_str str = {0};
    auto_free char *text = azml_str_take(&str, NULL);
    assert_string_equal(text, "");
}

static void the_ceiling_fails_stickily(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    auto_str struct azml_str str = {.limit = 4};
    azml_str_add(&str, "1234");
    assert_false(str.failed);
    azml_str_add(&str, "5");
    azml_str_add(&str, "");
    assert_null(azml_str_take(&str, &err));
    assert_int_equal(err.code, AZML_ERROR_MEMORY);
}

static void percent_encoding_keeps_the_unreserved_and_undoes_itself(void **state)
{
    (void)state;
    static const struct {
        const char *plain, *keep, *encoded;
    } rows[] = {
        {"a b",               NULL, "a%20b"                },
        {"rg(1).x_y-~",       NULL, "rg%281%29.x_y-~"      },
        {"/sub/x",            "/",  "/sub/x"               },
        {"\xc3\xa9t\xc3\xa9", NULL, "%C3%A9t%C3%A9"        },
        {"100%+&=?#",         NULL, "100%25%2B%26%3D%3F%23"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_str struct azml_str str = {0};
        azml_str_add_percent(&str, rows[i].plain, rows[i].keep);
        assert_string_equal(azml_str_text(&str), rows[i].encoded);
        auto_free char *back = azml_strdup(azml_str_text(&str), NULL);
        assert_int_equal(azml_percent_decode(back, false), strlen(rows[i].plain));
        assert_string_equal(back, rows[i].plain);
    }
}

static void a_broken_escape_stays_and_plus_is_a_space_only_when_asked(void **state)
{
    (void)state;
    char broken[] = "100%zz%4";
    azml_percent_decode(broken, false);
    assert_string_equal(broken, "100%zz%4");
    char plus[] = "a+b";
    azml_percent_decode(plus, false);
    assert_string_equal(plus, "a+b");
    azml_percent_decode(plus, true);
    assert_string_equal(plus, "a b");
}

static void split_walks_over_empty_parts(void **state)
{
    (void)state;
    char text[] = "a,,b";
    char *rest = text;
    assert_string_equal(azml_split(&rest, ','), "a");
    assert_string_equal(azml_split(&rest, ','), "");
    assert_string_equal(azml_split(&rest, ','), "b");
    assert_null(azml_split(&rest, ','));
}

static void comparing_ignores_ascii_case_only(void **state)
{
    (void)state;
    assert_true(azml_same_text("ResourceGroups", "resourcegroups"));
    assert_false(azml_same_text("a", "ab"));
    assert_true(azml_same_text(NULL, NULL));
    assert_false(azml_same_text("a", NULL));
    assert_true(azml_has_prefix("Standard_E4", "Standard"));
    assert_false(azml_has_prefix("standard_E4", "Standard"));
    assert_true(azml_has_prefix_nocase("standard_E4", "Standard"));
    assert_false(azml_has_prefix_nocase("sta", "Standard"));
    assert_true(azml_has_suffix("a.pub", ".pub"));
    assert_false(azml_has_suffix("pub", ".pub"));
    assert_string_equal(azml_find_nocase("x Quota y", "quota"), "Quota y");
    assert_null(azml_find_nocase("quo", "quota"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_and_is_given_away),
        cmocka_unit_test(nothing_added_is_an_empty_text),
        cmocka_unit_test(the_ceiling_fails_stickily),
        cmocka_unit_test(percent_encoding_keeps_the_unreserved_and_undoes_itself),
        cmocka_unit_test(a_broken_escape_stays_and_plus_is_a_space_only_when_asked),
        cmocka_unit_test(split_walks_over_empty_parts),
        cmocka_unit_test(comparing_ignores_ascii_case_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
