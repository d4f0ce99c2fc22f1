#include "template_world.h"

static void mistakes_with_values_are_named(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[int('4x')]",
         "Unable to evaluate template language function 'int': the value cannot be converted to an integer."                    },
        {"[div(1,0)]",                                "Unable to evaluate template language function 'div': it divides by zero."},
        {"[not('true')]",
         "Unable to evaluate template language function 'not': an argument must be a boolean."                                  },
        {"[union(createArray(),parameters('tags'))]",
         "Unable to evaluate template language function 'union': it takes arrays only or objects only."                         },
        {"[json('{')]",
         "Unable to evaluate template language function 'json': the text is not JSON."                                          },
        {"[less('a',1)]",
         "Unable to evaluate template language function 'less': it compares two integers or two strings."                       },
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void values_give_what_the_language_says(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[take('abc',2)]",                                    "\"ab\""               },
        {"[take('abc',9)]",                                    "\"abc\""              },
        {"[take(parameters('list'),1)]",                       "[\"x\"]"              },
        {"[skip(parameters('list'),2)]",                       "[{\"z\":7}]"          },
        {"[first(parameters('list'))]",                        "\"x\""                },
        {"[last('abc')]",                                      "\"c\""                },
        {"[length(parameters('list'))]",                       "3"                    },
        {"[length('abcd')]",                                   "4"                    },
        {"[equals('a','A')]",                                  "false"                },
        {"[equals(parameters('tags'),createObject('a','1'))]", "true"                 },
        {"[and(parameters('on'),not(false()))]",               "true"                 },
        {"[or(false(),false(),true())]",                       "true"                 },
        {"[empty('')]",                                        "true"                 },
        {"[empty(parameters('none'))]",                        "true"                 },
        {"[empty(parameters('list'))]",                        "false"                },
        {"[int('-42')]",                                       "-42"                  },
        {"[bool('True')]",                                     "true"                 },
        {"[bool(0)]",                                          "false"                },
        {"[union(createArray('a','b'),createArray('b','c'))]", "[\"a\",\"b\",\"c\"]"  },
        {"[union(parameters('tags'),createObject('b',2))]",    "{\"a\":\"1\",\"b\":2}"},
        {"[coalesce(parameters('none'),null(),'c')]",          "\"c\""                },
        {"[contains('abc','bc')]",                             "true"                 },
        {"[contains(parameters('tags'),'A')]",                 "true"                 },
        {"[contains(parameters('list'),'q')]",                 "false"                },
        {"[add(mul(2,3),sub(10,mod(7,4)))]",                   "13"                   },
        {"[greaterOrEquals(2,2)]",                             "true"                 },
        {"[less('a','b')]",                                    "true"                 },
        {"[json('null')]",                                     "null"                 },
    };
    check_values(rows, AZML_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_with_values_are_named),
        cmocka_unit_test(values_give_what_the_language_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
