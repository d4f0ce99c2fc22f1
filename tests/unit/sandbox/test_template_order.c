#include "template_text.h"

static void wrong_needs_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a\",dependsOn:\"b\"}]",                                                                NULL,
         "The 'dependsOn' of the resource 'a' is not an array."                                                                                                                                                                 },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a\",dependsOn:[\"b\"]}]",                                                              NULL,
         "The resource 'b' is not defined in the template."                                                                                                                                                                     },
        {"resources:[{type:\"N/t\",apiVersion:\"1\",name:\"a\",dependsOn:[\"b\"]},{type:\"N/t\",apiVersion:\"1\",name:\"b\",dependsOn:[\"a\"]}]",
         NULL,                                                                                                                                          "Circular dependency detected on resource: '" GROUP "/providers/N/t/a'."},
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void resources_come_in_the_order_of_their_needs(void **state)
{
    (void)state;
    struct azml_template template = {0};
    auto_error struct azml_error err = {0};
    if (read_text(&template, workspace, "{w:{value:\"course\"}}", &err) < 0)
        fail_msg("%s", err.message);
    assert_int_equal(template.count, 6);
    static const char *const names[] = {"coursest", "kv", "ai", "extra", "course", "hold"};
    for (size_t i = 0; i < template.count; i++)
        assert_string_equal(template.resources[i].name, names[i]);
    const struct azml_template_resource *w = &template.resources[4];
    assert_int_equal(w->need_count, 4); /* the fourth is what reference() implies */
    for (size_t n = 0; n < w->need_count; n++)
        assert_true(w->needs[n] < 4);
    assert_string_equal(w->id,
                        GROUP "/providers/Microsoft.MachineLearningServices/workspaces/course");
    assert_string_equal(w->api_version, "2025-12-01");
    assert_false(template.resources[3].is_wanted);
    assert_string_equal(template.resources[5].id,
                        GROUP "/providers/Microsoft.KeyVault/vaults/kv"
                              "/providers/Microsoft.Authorization/locks/hold");
    azml_template_cleanup(&template);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_needs_are_refused_with_a_reason),
        cmocka_unit_test(resources_come_in_the_order_of_their_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
