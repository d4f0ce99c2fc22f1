#include "template_text.h"

static void wrong_parameters_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"resources:[],parameters:{p:{type:\"string\"}}",                             NULL,
         "The value for the template parameter 'p' is not provided."                                                                                                            },
        {"resources:[],parameters:{p:{}}",                                            "{p:{value:1}}",
         "The template parameter 'p' has no known type."                                                                                                                        },
        {"resources:[],parameters:{p:{type:\"string\"}}",                             "{p:{value:1}}",
         "Expected a value of type 'String'."                                                                                                                                   },
        {"resources:[],parameters:{p:{type:\"int\"}}",                                "{p:{value:1.5}}",
         "Expected a value of type 'Int'."                                                                                                                                      },
        {"resources:[],parameters:{p:{type:\"bool\"}}",                               "{p:{value:\"false\"}}",
         "Expected a value of type 'Bool'."                                                                                                                                     },
        {"resources:[],parameters:{p:{type:\"string\"}}",                             "{p:{reference:{}}}",
         "refers to a key vault, which is not supported"                                                                                                                        },
        {"resources:[],parameters:{p:{type:\"string\"}}",                             "{p:\"x\"}",
         "must be an object with a 'value'"                                                                                                                                     },
        {"resources:[]",                                                              "{q:{value:1}}",
         "do not correspond to any parameters defined in the template: 'q'."                                                                                                    },
        {"resources:[],parameters:{p:{type:\"string\",allowedValues:[\"a\",\"b\"]}}",
         "{p:{value:\"c\"}}",                                                                                  "The value is not part of the allowed value(s): '[\"a\",\"b\"]'."},
        {"resources:[],parameters:{p:{type:\"string\",minLength:3}}",                 "{p:{value:\"ab\"}}",
         "Length of the value should be greater than or equal to '3'."                                                                                                          },
        {"resources:[],parameters:{p:{type:\"array\",maxLength:1}}",                  "{p:{value:[1,2]}}",
         "Length of the value should be less than or equal to '1'."                                                                                                             },
        {"resources:[],parameters:{p:{type:\"int\",maxValue:5}}",                     "{p:{value:6}}",
         "The size of the value should be less than or equal to '5'."                                                                                                           },
        {"resources:[],parameters:{p:{type:\"int\",minValue:5}}",                     "{p:{value:4}}",
         "The size of the value should be greater than or equal to '5'."                                                                                                        },
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void parameters_are_given_or_defaulted_and_echoed(void **state)
{
    (void)state;
    struct azml_template template = {0};
    auto_error struct azml_error err = {0};
    int done =
        read_text(&template,
                  "parameters:{name:{type:\"String\"},size:{type:\"int\",defaultValue:4},"
                  "store:{type:\"string\",defaultValue:\"[concat(parameters('name'),'st')]\"},"
                  "word:{type:\"secureString\"},kind:{type:\"string\",defaultValue:\"A\","
                  "allowedValues:[\"a\"]}},resources:[]",
                  "{NAME:{value:\"Course\"},word:{value:\"hush\"}}", &err);
    if (done < 0)
        fail_msg("%s", err.message);
    auto_free char *values = azml_json_print(template.parameters, false, NULL);
    assert_string_equal(values, "{\"name\":\"Course\",\"size\":4,\"store\":\"Coursest\","
                                "\"word\":\"hush\",\"kind\":\"A\"}");
    auto_free char *echo = azml_json_print(template.echo, false, NULL);
    assert_non_null(strstr(echo, "\"size\":{\"type\":\"Int\",\"value\":4}"));
    assert_non_null(strstr(echo, "\"word\":{\"type\":\"SecureString\"}"));
    assert_null(strstr(echo, "hush"));
    azml_template_cleanup(&template);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters_are_refused_with_a_reason),
        cmocka_unit_test(parameters_are_given_or_defaulted_and_echoed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
