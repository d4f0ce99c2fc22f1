#include "sandbox/arm_filter.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct sandbox_resource thing = {
    .name = (char[]){"Store1"},
    .group = (char[]){"Lab"},
};

static int make_thing(void **state)
{
    (void)state;
    static const char text[] =
        "{\"type\":\"Microsoft.Storage/storageAccounts\",\"name\":\"Store1\",\"location\":\"eastus\","
        "\"tags\":{\"owner\":\"lea\",\"azml-made-by\":\"azml/0.1.0\"},"
        "\"properties\":{\"provisioningState\":\"Failed\"},\"identity\":{\"principalId\":\"p1\"}}";
    thing.body = azml_json_parse(text, strlen(text), NULL);
    return thing.body ? 0 : -1;
}

static int drop_thing(void **state)
{
    (void)state;
    cJSON_Delete(thing.body);
    return 0;
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum arm_filter_of of;
        const char *filter, *message;
    } rows[] = {
        {ARM_FILTER_RESOURCES,   "name",                           "'eq' or 'ne' is expected"               },
        {ARM_FILTER_RESOURCES,   "name eq x",                      "a text in quotes is expected"           },
        {ARM_FILTER_RESOURCES,   "name eq 'x",                     "a text is not closed"                   },
        {ARM_FILTER_RESOURCES,   "size eq 'x'",                    "the property cannot be filtered by"     },
        {ARM_FILTER_RESOURCES,   "name eq 'x' xor name eq 'y'",    "'and' or 'or' is expected"              },
        {ARM_FILTER_RESOURCES,   "(name eq 'x'",                   "')' is expected"                        },
        {ARM_FILTER_RESOURCES,   "endswith(name,'x')",             "the function is unknown"                },
        {ARM_FILTER_RESOURCES,   "substringof('x',location)",
         "the arguments of the function are wrong"                                                          },
        {ARM_FILTER_RESOURCES,   "startswith(tagName 'x')",        "',' is expected"                        },
        {ARM_FILTER_RESOURCES,   "tagName ne 'x'",                 "tags are compared by 'eq'"              },
        {ARM_FILTER_RESOURCES,   "tagName eq 'x' and name eq 'y'", "cannot be mixed"                        },
        {ARM_FILTER_RESOURCES,   "provisioningState eq 'Failed'",
         "the property cannot be filtered by"                                                               },
        {ARM_FILTER_RESOURCES,   "and name eq 'x'",                "'eq' or 'ne' is expected"               },
        {ARM_FILTER_RESOURCES,   "= 'x'",                          "the name of a property is expected"     },
        {ARM_FILTER_GROUPS,      "name eq 'x'",                    "the property cannot be filtered by"     },
        {ARM_FILTER_GROUPS,      "substringof('x',name)",          "the arguments of the function are wrong"},
        {ARM_FILTER_DEPLOYMENTS, "tagName eq 'x'",                 "tags cannot be asked for"               },
        {ARM_FILTER_DEPLOYMENTS, "name eq 'x'",                    "the property cannot be filtered by"     },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        bool passes;
        if (arm_filter_passes(rows[i].filter, rows[i].of, NULL, &passes, &err) == 0)
            fail_msg("%s was read", rows[i].filter);
        if (!strstr(err.message, rows[i].message))
            fail_msg("%s: %s", rows[i].filter, err.message);
    }
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    auto_str struct azml_str text = {0};
    for (int i = 0; i < 100000; i++)
        azml_str_add_char(&text, '(');
    auto_error struct azml_error err = {0};
    bool passes;
    assert_int_equal(
        arm_filter_passes(azml_str_text(&text), ARM_FILTER_RESOURCES, NULL, &passes, &err), -1);
    assert_non_null(strstr(err.message, "nested too deeply"));
}

static void comparisons_hold_or_not(void **state)
{
    (void)state;
    static const struct {
        enum arm_filter_of of;
        bool passes;
        const char *filter;
    } rows[] = {
        {ARM_FILTER_RESOURCES,   true,  NULL                                                      },
        {ARM_FILTER_RESOURCES,   true,  ""                                                        },
        {ARM_FILTER_RESOURCES,   true,  "name eq 'STORE1'"                                        },
        {ARM_FILTER_RESOURCES,   false, "name ne 'store1'"                                        },
        {ARM_FILTER_RESOURCES,   true,  "resourceType eq 'microsoft.storage/storageaccounts'"     },
        {ARM_FILTER_RESOURCES,   true,  "resourceGroup eq 'lab' and location eq 'eastus'"         },
        {ARM_FILTER_RESOURCES,   false, "resourceGroup eq 'lab' and location eq 'west'"           },
        {ARM_FILTER_RESOURCES,   true,  "location eq 'west' or (name eq 'store1' and name ne 'x')"},
        {ARM_FILTER_RESOURCES,   true,  "substringof('TORE',name)"                                },
        {ARM_FILTER_RESOURCES,   true,  "identity/principalId eq 'p1'"                            },
        {ARM_FILTER_RESOURCES,   false, "plan/name eq 'it''s'"                                    },
        {ARM_FILTER_RESOURCES,   true,  "tagName eq 'OWNER' and tagValue eq 'lea'"                },
        {ARM_FILTER_RESOURCES,   false, "tagName eq 'owner' and tagValue eq 'Lea'"                },
        {ARM_FILTER_GROUPS,      true,  "tagName eq 'azml-made-by'"                               },
        {ARM_FILTER_GROUPS,      true,  "startswith(tagName,'azml-')"                             },
        {ARM_FILTER_GROUPS,      false, "startswith(tagName,'zz')"                                },
        {ARM_FILTER_DEPLOYMENTS, true,  "provisioningState eq 'Failed'"                           },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        bool passes;
        if (arm_filter_passes(rows[i].filter, rows[i].of, &thing, &passes, &err) < 0)
            fail_msg("%s: %s", rows[i].filter, err.message);
        if (passes != rows[i].passes)
            fail_msg("%s gave %d", rows[i].filter, passes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(comparisons_hold_or_not),
    };
    return cmocka_run_group_tests(tests, make_thing, drop_thing);
}
