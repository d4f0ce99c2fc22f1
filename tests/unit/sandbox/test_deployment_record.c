#include "deployment_world.h"

static struct sandbox_resource *new_record(struct sandbox *sandbox)
{
    auto_free char *id = arm_text(sandbox, "~/Microsoft.Resources/deployments/d1", ' ', ' ');
    struct sandbox_resource *record = sandbox_resource_new(id, DEPLOYMENT_TYPE, NULL);
    assert_non_null(record);
    record->created_ms = arm_now_ms;
    return record;
}

static void a_record_tells_of_its_template(void **state)
{
    struct sandbox *sandbox = *state;
    auto_plan struct deployment_plan plan = {0};
    auto_resource struct sandbox_resource *record = new_record(sandbox);
    assert_int_equal(plan_of(sandbox, &plan,
                             STORE
                             ",{'type':'Microsoft.KeyVault/vaults','apiVersion':'1','name':'kv',"
                             "'dependsOn':['good1']}",
                             NULL),
                     0);
    assert_int_equal(deployment_describe(sandbox, record, &plan, "Accepted"), 0);
    assert_true(deployment_is_active(record));
    static const char *const texts[][2] = {
        {"properties.mode",                                     "Incremental"       },
        {"properties.providers.0.namespace",                    "Microsoft.Storage" },
        {"properties.providers.0.resourceTypes.0.resourceType", "storageAccounts"   },
        {"properties.providers.1.namespace",                    "Microsoft.KeyVault"},
        {"properties.dependencies.0.resourceName",              "kv"                },
        {"properties.dependencies.0.dependsOn.0.resourceName",  "good1"             },
        {"properties.duration",                                 "PT0.0000000S"      },
    };
    for (size_t i = 0; i < AZML_COUNT(texts); i++)
        assert_string_equal(azml_json_text(record->body, texts[i][0]), texts[i][1]);
}

static void states_move_time_and_duration(void **state)
{
    struct sandbox *sandbox = *state;
    auto_resource struct sandbox_resource *record = new_record(sandbox);
    arm_now_ms += 2500;
    assert_int_equal(deployment_set_state(sandbox, record, "Succeeded"), 0);
    assert_string_equal(azml_json_text(record->body, "properties.duration"), "PT2.5000000S");
    assert_false(deployment_is_active(record));
}

static void operations_begin_and_end(void **state)
{
    struct sandbox *sandbox = *state;
    auto_plan struct deployment_plan plan = {0};
    auto_resource struct sandbox_resource *record = new_record(sandbox);
    auto_json cJSON *error = sandbox_error_json("Conflict", "taken");
    assert_int_equal(plan_of(sandbox, &plan, STORE, NULL), 0);
    const struct azml_template_resource *store = &plan.template.resources[0];
    assert_int_equal(deployment_add_operation(sandbox, record, store, "Create"), 0);
    assert_int_equal(deployment_add_operation(sandbox, record, NULL, "EvaluateDeploymentOutput"),
                     1);
    assert_int_equal(deployment_end_operation(sandbox, record, 0, "Failed", "Conflict", error), 0);
    assert_int_equal(deployment_end_operation(sandbox, record, 1, "Succeeded", "OK", NULL), 0);
    static const char *const texts[][2] = {
        {"operations.0.properties.provisioningState",           "Failed"},
        {"operations.0.properties.statusMessage.error.message", "taken" },
        {"operations.0.properties.targetResource.resourceName", "good1" },
        {"operations.1.properties.statusCode",                  "OK"    },
    };
    for (size_t i = 0; i < AZML_COUNT(texts); i++)
        assert_string_equal(azml_json_text(record->hidden, texts[i][0]), texts[i][1]);
    assert_null(azml_json_at(record->hidden, "operations.1.properties.targetResource"));
    assert_null(azml_json_at(record->hidden, "operations.1.properties.statusMessage"));
}

static void statuses_have_their_words(void **state)
{
    (void)state;
    assert_string_equal(deployment_status_word(409), "Conflict");
    assert_string_equal(deployment_status_word(404), "NotFound");
    assert_string_equal(deployment_status_word(499), "BadRequest");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(a_record_tells_of_its_template),
        ARM_TEST(states_move_time_and_duration),
        ARM_TEST(operations_begin_and_end),
        cmocka_unit_test(statuses_have_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
