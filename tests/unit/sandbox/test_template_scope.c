#include "template_world.h"

static void mistakes_with_surroundings_are_named(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[parameters('nope')]",        "The template parameter 'nope' is not found."                                                  },
        {"[variables('nope')]",         "The template variable 'nope' is not found."                                                   },
        {"[variables('loop')]",
         "Unable to evaluate template language function 'variables': a variable refers to itself."                                     },
        {"[parameters(1)]",
         "Unable to evaluate template language function 'parameters': an argument must be a string."                                   },
        {"[resourceId('x')]",
         "Unable to evaluate template language function 'resourceId': the number of arguments is wrong."                               },
        {"[resourceId('x','y')]",
         "Unable to evaluate template language function 'resourceId': no argument is a resource type."                                 },
        {"[resourceId('N/a/b','y')]",
         "Unable to evaluate template language function 'resourceId': the type and the number of resource name arguments do not match."},
        {"[resourceId('N/a','y','z')]",
         "Unable to evaluate template language function 'resourceId': the type and the number of resource name arguments do not match."},
        {"[utcNow()]",
         "Unable to evaluate template language function 'utcNow': it can only be used in the default value of a parameter."            },
        {"[reference('zz')]",           "The resource 'zz' is not defined in the template."                                            },
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void surroundings_give_what_the_language_says(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[parameters('NAME')]",                       "\"Course\""                                   },
        {"[variables('store')]",                       "\"coursest\""                                 },
        {"[resourceGroup().location]",                 "\"westeurope\""                               },
        {"[resourceGroup().id]",                       "\"/subscriptions/" SUB "/resourceGroups/lab\""},
        {"[subscription().tenantId]",                  "\"tenant\""                                   },
        {"[deployment().name]",                        "\"first\""                                    },
        {"[resourceId('N.S/t','x')]",
         "\"/subscriptions/" SUB "/resourceGroups/lab/providers/N.S/t/x\""                            },
        {"[resourceId('g2','N.S/t/u','x','y')]",
         "\"/subscriptions/" SUB "/resourceGroups/g2/providers/N.S/t/x/u/y\""                         },
        {"[resourceId('" OTHER "','g2','N.S/t','x')]",
         "\"/subscriptions/" OTHER "/resourceGroups/g2/providers/N.S/t/x\""                           },
        {"[subscriptionResourceId('N.S/t','x')]",      "\"/subscriptions/" SUB "/providers/N.S/t/x\"" },
        {"[extensionResourceId('/a/b','N.S/t','x')]",  "\"/a/b/providers/N.S/t/x\""                   },
        {"[reference('kv').id]",                       "\"/subscriptions/s/providers/N/t/kv\""        },
        {"[reference('/x/y','2020-01-01','Full').id]", "\"/x/y\""                                     },
    };
    check_values(rows, AZML_COUNT(rows));
}

static void defaults_may_ask_the_time(void **state)
{
    (void)state;
    auto_free char *plain = value_of("[utcNow()]", true, NULL);
    assert_string_equal(plain, "\"20251120T100000Z\"");
    auto_free char *own = value_of("[utcNow('dd/MM yyyy')]", true, NULL);
    assert_string_equal(own, "\"20/11 2025\"");
    auto_free char *guid = value_of("[newGuid()]", true, NULL);
    assert_int_equal(strlen(guid), 38);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_with_surroundings_are_named),
        cmocka_unit_test(surroundings_give_what_the_language_says),
        cmocka_unit_test(defaults_may_ask_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
