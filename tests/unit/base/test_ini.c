#include "base/ini.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void value_names_the_line_that_is_no_setting(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"cloud\n",               "line 1 is neither a section nor a setting"},
        {"a = 1\n[broken\nb=2\n", "line 2 is neither a section nor a setting"},
        {"# fine\n\n = 3\n",      "line 3 is neither a section nor a setting"},
        {"[]\n",                  "line 1 is neither a section nor a setting"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        print_message("row %zu\n", i);
        assert_null(azml_ini_value(rows[i].text, "", "cloud", &err));
        assert_string_equal(err.message, rows[i].message);
    }
}

static void value_finds_the_last_one_of_its_section(void **state)
{
    (void)state;
    static const struct {
        const char *text, *section, *key, *value;
    } rows[] = {
        {"",                                    "",      "cloud", NULL        },
        {"cloud = public\n",                    "cloud", "cloud", NULL        },
        {"cloud = public",                      "",      "cloud", "public"    },
        {"Cloud=public\r\ncloud=\"a = b\"\r\n", "",      "cloud", "a = b"     },
        {"[cloud]\nname = AzureCloud\n",        "cloud", "name",  "AzureCloud"},
        {"\xef\xbb\xbf; c\n[ a ]\nx=\n",        "a",     "x",     ""          },
        {"group = \"\n",                        "",      "group", "\""        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        print_message("row %zu\n", i);
        auto_free char *value = azml_ini_value(rows[i].text, rows[i].section, rows[i].key, &err);
        assert_int_equal(err.code, AZML_ERROR_NONE);
        if (!rows[i].value) {
            assert_null(value);
            continue;
        }
        assert_non_null(value);
        assert_string_equal(value, rows[i].value);
    }
}

static int stop_at_second(void *data, const char *section, const char *key, const char *value,
                          struct azml_error *err)
{
    (void)section;
    (void)key;
    (void)value;
    (void)err;
    return ++*(int *)data == 2 ? 7 : 0;
}

static void read_ends_when_the_caller_has_enough(void **state)
{
    (void)state;
    int calls = 0;
    assert_int_equal(azml_ini_read("a=1\nb=2\nc=3\n", stop_at_second, &calls, NULL), 7);
    assert_int_equal(calls, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_names_the_line_that_is_no_setting),
        cmocka_unit_test(value_finds_the_last_one_of_its_section),
        cmocka_unit_test(read_ends_when_the_caller_has_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
