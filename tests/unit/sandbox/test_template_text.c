#include "template_world.h"

static void mistakes_with_strings_are_named(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[toLower('a','b')]",
         "Unable to evaluate template language function 'toLower': the number of arguments is wrong."                                            },
        {"[substring('abc',2,5)]",
         "Unable to evaluate template language function 'substring': the index and length parameters must refer to a location within the string."},
        {"[format('{1}','a')]",
         "Unable to evaluate template language function 'format': a placeholder of the format is wrong."                                         },
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void strings_give_what_the_language_says(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[concat('a',1,true(),parameters('name'))]",   "\"a1TrueCourse\""         },
        {"[concat(createArray('a'),createArray('b'))]", "[\"a\",\"b\"]"            },
        {"[format('{0}-{1}{{}}','a',2)]",               "\"a-2{}\""                },
        {"[toUpper('aB1')]",                            "\"AB1\""                  },
        {"[substring('abcdef',2)]",                     "\"cdef\""                 },
        {"[substring('abcdef',0,3)]",                   "\"abc\""                  },
        {"[replace('a-b-c','-','')]",                   "\"abc\""                  },
        {"[string(parameters('count'))]",               "\"3\""                    },
        {"[string(parameters('tags'))]",                "\"{\\\"a\\\":\\\"1\\\"}\""},
        {"[split('a,b,,c',',')]",                       "[\"a\",\"b\",\"\",\"c\"]" },
        {"[join(createArray('a','b'),'-')]",            "\"a-b\""                  },
        {"[startsWith('Course','cou')]",                "true"                     },
        {"[endsWith('Course','RSE')]",                  "true"                     },
        {"[trim('  a b ')]",                            "\"a b\""                  },
    };
    check_values(rows, AZML_COUNT(rows));
}

static void unique_strings_are_short_and_always_the_same(void **state)
{
    (void)state;
    auto_free char *one = value_of("[uniqueString(resourceGroup().id,'a')]", false, NULL);
    auto_free char *same = value_of("[uniqueString(resourceGroup().id,'a')]", false, NULL);
    auto_free char *other = value_of("[uniqueString(resourceGroup().id,'b')]", false, NULL);
    assert_int_equal(strlen(one), 15); /* with its quotes */
    assert_int_equal(strspn(one + 1, "abcdefghijklmnopqrstuvwxyz234567"), 13);
    assert_string_equal(one, same);
    assert_string_not_equal(one, other);
    auto_free char *guid = value_of("[guid('a')]", false, NULL);
    auto_free char *twin = value_of("[guid('a')]", false, NULL);
    assert_int_equal(strlen(guid), 38);
    assert_int_equal(guid[15], '5');
    assert_string_equal(guid, twin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_with_strings_are_named),
        cmocka_unit_test(strings_give_what_the_language_says),
        cmocka_unit_test(unique_strings_are_short_and_always_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
