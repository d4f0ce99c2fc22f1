#include "deployment_world.h"

static void a_template_may_be_wrong_and_a_group_gone(void **state)
{
    struct sandbox *sandbox = *state;
    auto_plan struct deployment_plan plan = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(plan_of(sandbox, &plan, "{'type':'x'}", &err), -1);
    assert_int_equal(err.code, AZML_ERROR_USAGE);
    assert_int_equal(deployment_plan_read(sandbox, &plan, "/subscriptions/x/resourceGroups/y", "d",
                                          NULL, NULL, &err),
                     -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
}

static void the_scope_knows_its_group(void **state)
{
    struct sandbox *sandbox = *state;
    auto_plan struct deployment_plan plan = {0};
    assert_int_equal(plan_of(sandbox, &plan, STORE, NULL), 0);
    assert_string_equal(plan.template.scope.location, "westeurope");
    assert_string_equal(plan.template.scope.subscription_name, "Azure for Students");
    assert_string_equal(plan.template.scope.tenant_id, sandbox->tenant_id);
}

static void preflight_changes_nothing(void **state)
{
    static const struct {
        const char *resources, *code, *detail;
    } rows[] = {
        {"{'type':'Microsoft.Storage/storageAccounts','apiVersion':'2023-05-01','name':'Bad'}",
         "InvalidTemplateDeployment",                                                                   "AccountNameInvalid"},
        {"{'type':'Microsoft.Storage/storageAccounts','apiVersion':'2001-01-01','name':'good1'}",
         "NoRegisteredProviderFound",                                                                   NULL                },
        {STORE,                                                                                   NULL, NULL                },
        {"{'type':'Microsoft.Storage/storageAccounts','apiVersion':'2023-05-01','name':'Bad',"
         "'condition':false}",                                                           NULL, NULL                },
    };
    struct sandbox *sandbox = *state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_plan struct deployment_plan plan = {0};
        auto_reply struct sandbox_reply reply = {0};
        assert_int_equal(plan_of(sandbox, &plan, rows[i].resources, NULL), 0);
        assert_int_equal(deployment_preflight(sandbox, &plan, "d1", &reply, NULL), 0);
        assert_int_equal(reply.status, rows[i].code ? 400 : 0);
        if (rows[i].code)
            assert_string_equal(azml_json_text(reply.json, "error.code"), rows[i].code);
        if (rows[i].detail)
            assert_string_equal(azml_json_text(reply.json, "error.details.0.details.0.code"),
                                rows[i].detail);
        arm_step(sandbox, &(struct step){"GET", "~/Microsoft.Storage/storageAccounts/good1", NULL,
                                         404, NULL});
    }
}

static void providers_are_registered_for_what_is_wanted(void **state)
{
    struct sandbox *sandbox = *state;
    auto_plan struct deployment_plan plan = {0};
    assert_int_equal(
        plan_of(sandbox, &plan,
                STORE ",{'type':'MICROSOFT.insights/components','apiVersion':'1','name':'ai'},"
                      "{'type':'Microsoft.KeyVault/vaults','apiVersion':'1','name':'kv',"
                      "'condition':false}",
                NULL),
        0);
    assert_int_equal(deployment_register(sandbox, &plan, NULL), 0);
    static const char *const states[][2] = {
        {"Microsoft.Storage",  "Registered"   },
        {"microsoft.insights", "Registered"   },
        {"Microsoft.KeyVault", "NotRegistered"}
    };
    for (size_t i = 0; i < AZML_COUNT(states); i++)
        assert_string_equal(sandbox_registration(sandbox, sandbox->subscription_id, states[i][0]),
                            states[i][1]);
}

static void targets_are_encoded(void **state)
{
    (void)state;
    struct azml_template_resource resource = {.id = (char[]){"/a/b c/d?"},
                                              .api_version = (char[]){"1&2"}};
    auto_free char *target = deployment_target(&resource, NULL);
    assert_string_equal(target, "/a/b%20c/d%3F?api-version=1%262");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(a_template_may_be_wrong_and_a_group_gone),
        ARM_TEST(the_scope_knows_its_group),
        ARM_TEST(preflight_changes_nothing),
        ARM_TEST(providers_are_registered_for_what_is_wanted),
        cmocka_unit_test(targets_are_encoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
