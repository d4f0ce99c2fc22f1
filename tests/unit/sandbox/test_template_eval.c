#include "template_world.h"

static void mistakes_with_expressions_are_named(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[frobnicate(1)]",
         "The template function 'frobnicate' is not supported by this resource manager."       },
        {"[listKeys('a','b')]",
         "The template function 'listKeys' is not supported by this resource manager."         },
        {"[parameters('tags').b]",  "The language expression property 'b' doesn't exist."      },
        {"[parameters('list')[3]]", "The language expression array index '3' is out of bounds."},
        {"[if('x',1,2)]",
         "Unable to evaluate template language function 'if': the condition must be a boolean."},
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void expressions_give_what_the_language_says(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"plain",                                                       "\"plain\""    },
        {"[[not one]",                                                  "\"[not one]\""},
        {"[open",                                                       "\"[open\""    },
        {"[if(equals(parameters('count'),3),'y',reference('broken'))]", "\"y\""        },
        {"[parameters('list')[2].z]",                                   "7"            },
        {"[parameters('tags')['a']]",                                   "\"1\""        },
    };
    check_values(rows, AZML_COUNT(rows));
}

static void names_of_members_are_evaluated_too(void **state)
{
    (void)state;
    struct azml_template_scope scope = {.subscription_id = SUB, .tenant_id = "t", .group = "lab"};
    auto_json cJSON *json =
        parse("{\"a\":[{\"[resourceId('N/t','x')]\":{}}],\"b\":true,\"c\":null,\"d\":1.5}");
    auto_json cJSON *value = azml_template_eval(&scope, json, NULL);
    auto_free char *text = azml_json_print(value, false, NULL);
    assert_string_equal(text, "{\"a\":[{\"/subscriptions/" SUB "/resourceGroups/lab/providers/N/t/x"
                              "\":{}}],\"b\":true,\"c\":null,\"d\":1.5}");
}

static void runtime_needs_are_seen(void **state)
{
    (void)state;
    auto_json cJSON *later = parse("{\"a\":[\"[concat('x', Reference('y').z)]\"]}");
    auto_json cJSON *now = parse("{\"a\":[\"[concat('reference(', 'y')]\", \"reference('y')\"]}");
    assert_true(azml_template_needs_runtime(later));
    assert_false(azml_template_needs_runtime(now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_with_expressions_are_named),
        cmocka_unit_test(expressions_give_what_the_language_says),
        cmocka_unit_test(names_of_members_are_evaluated_too),
        cmocka_unit_test(runtime_needs_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
