#include "template_text.h"

static void wrong_templates_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"parameters:{}",                                                                                     NULL, "Required property 'resources' not found in JSON. Path ''."},
        {"resources:{}",                                                                                      NULL, "named resources are not supported"                        },
        {"resources:[],extra:1",                                                                              NULL,
         "Could not find member 'extra' on object of type 'Template'"                                                                                                          },
        {"resources:[],functions:[{}]",                                                                       NULL, "The template's own functions are not supported"           },
        {"resources:[3]",                                                                                     NULL, "A template resource is not an object."                    },
        {"resources:[{type:\"N/t\",name:\"a\"}]",                                                             NULL, "Required property 'apiVersion' not found"                 },
        {"resources:[{type:\"N/t\",apiVersion:\"1\"}]",                                                       NULL, "Required property 'name' not found"                       },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"\"}]",                                             NULL,
         "The 'name' of a template resource is not a non-empty string."                                                                                                        },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a\",copy:{}}]",                                    NULL,
         "The property 'copy' of a template resource is not supported"                                                                                                         },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a\",resources:[]}]",                               NULL,
         "The property 'resources' of a template resource is not supported"                                                                                                    },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a/b\"}]",                                          NULL,
         "has incorrect segment lengths"                                                                                                                                       },
        {"resources:[{type:\"N/t/u\",apiVersion:\"1\",name:\"a\"}]",                                          NULL,
         "has incorrect segment lengths"                                                                                                                                       },
        {"resources:[{type:\"N\",apiVersion:\"1\",name:\"a\"}]",                                              NULL,
         "has incorrect segment lengths"                                                                                                                                       },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a\"},{type:\"n/T\",apiVersion:\"1\",name:\"A\"}]",
         NULL,                                                                                                      "is defined multiple times in a template."                 },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a\",condition:\"yes\"}]",                          NULL,
         "The condition of a template resource is not a boolean."                                                                                                              },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a\",properties:{x:\"[broken(]\"}}]",
         NULL,                                                                                                      "Unable to parse language expression"                      },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"[reference('x').name]\"}]",                        NULL,
         "it is not expected at this location"                                                                                                                                 },
    };
    check_refused(rows, AZML_COUNT(rows));
}

static cJSON *refer(void *data, const char *id, bool full, struct azml_error *err)
{
    (void)data, (void)full, (void)err;
    cJSON *json = cJSON_CreateObject();
    azml_json_put_text(json, "id", id);
    return json;
}

static void bodies_and_outputs_are_evaluated(void **state)
{
    (void)state;
    struct azml_template template = {0};
    assert_int_equal(read_text(&template, workspace, "{w:{value:\"course\"}}", NULL), 0);
    struct azml_template_scope scope = template.scope;
    auto_error struct azml_error err = {0};
    assert_null(azml_template_body(&template, 4, &scope, &err));
    scope.reference = refer;

    auto_json cJSON *body = azml_template_body(&template, 4, &scope, NULL);
    auto_free char *text = azml_json_print(body, false, NULL);
    assert_string_equal(text, "{\"location\":\"westeurope\",\"kind\":\"Default\","
                              "\"identity\":{\"type\":\"SystemAssigned\"},\"properties\":"
                              "{\"applicationInsights\":\"" GROUP
                              "/providers/Microsoft.Insights/components/ai\"}}");
    auto_json cJSON *store = azml_template_body(&template, 0, &scope, NULL);
    auto_free char *plain = azml_json_print(store, false, NULL);
    assert_string_equal(plain, "{\"sku\":{\"name\":\"Standard_LRS\"}}");

    auto_json cJSON *outputs = azml_template_outputs(&template, &scope, NULL);
    auto_free char *shown = azml_json_print(outputs, false, NULL);
    assert_string_equal(shown, "{\"id\":{\"type\":\"String\",\"value\":\"" GROUP
                               "/providers/Microsoft.KeyVault/vaults/kv\"},"
                               "\"key\":{\"type\":\"SecureString\"}}");
    azml_template_cleanup(&template);
}

static void wrong_outputs_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *output, *message;
    } rows[] = {
        {"{type:\"string\"}",                     "The template output 'o' needs a 'type' and a 'value'."},
        {"{type:\"int\",value:\"x\"}",            "the value does not fit the type 'int'."               },
        {"{type:\"int\",value:1,condition:true}", "Conditions of outputs are not supported"              },
        {"{type:\"int\",value:\"[nope()]\"}",     "The template function 'nope' is not supported"        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_template template = {0};
        auto_error struct azml_error err = {0};
        auto_free char *inside = azml_format(NULL, "resources:[],outputs:{o:%s}", rows[i].output);
        assert_int_equal(read_text(&template, inside, NULL, NULL), 0);
        assert_null(azml_template_outputs(&template, &template.scope, &err));
        assert_non_null(strstr(err.message, rows[i].message));
        azml_template_cleanup(&template);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_templates_are_refused_with_a_reason),
        cmocka_unit_test(bodies_and_outputs_are_evaluated),
        cmocka_unit_test(wrong_outputs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
