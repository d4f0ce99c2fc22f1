#include "sandbox/arm.h"

#include "arm_world.h"

static cJSON *parse(const char *text)
{
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

static void merging_goes_into_objects_and_null_takes_away(void **state)
{
    (void)state;
    auto_json cJSON *json = parse("{\"a\":{\"Kept\":1,\"b\":2},\"c\":[1],\"d\":3}");
    auto_json cJSON *patch = parse("{\"A\":{\"B\":5,\"new\":6},\"c\":[2],\"d\":null,\"e\":null}");
    assert_int_equal(arm_merge(json, patch), 0);
    auto_free char *text = azml_json_print(json, false, NULL);
    assert_string_equal(text, "{\"a\":{\"Kept\":1,\"b\":5,\"new\":6},\"c\":[2]}");
}

static void defaults_only_fill_gaps(void **state)
{
    (void)state;
    auto_json cJSON *json = parse("{\"a\":{\"b\":2},\"c\":null}");
    assert_int_equal(arm_add_defaults(json, "{\"a\":{\"b\":9,\"x\":1},\"c\":7,\"d\":8}"), 0);
    auto_free char *text = azml_json_print(json, false, NULL);
    assert_string_equal(text, "{\"a\":{\"b\":2,\"x\":1},\"c\":7,\"d\":8}");
}

static void copying_replaces_or_removes(void **state)
{
    (void)state;
    auto_json cJSON *json = parse("{\"a\":1,\"b\":2}");
    auto_json cJSON *from = parse("{\"a\":{\"x\":1},\"b\":null}");
    assert_int_equal(arm_copy(json, from, "a"), 0);
    assert_int_equal(arm_copy(json, from, "b"), 0);
    assert_int_equal(arm_copy(json, from, "c"), 0);
    auto_free char *text = azml_json_print(json, false, NULL);
    assert_string_equal(text, "{\"a\":{\"x\":1}}");
}

static void settling_leaves_what_is_going_alone(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *id = arm_text(sandbox, "~/Microsoft.Storage/storageAccounts/a1", ' ', ' ');
    static const char *const states[][2] = {
        {"Creating", "Succeeded"},
        {"Deleting", "Deleting" }
    };
    for (size_t i = 0; i < AZML_COUNT(states); i++) {
        auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, NULL, NULL);
        azml_json_put_text(resource->body, "properties.provisioningState", states[i][0]);
        assert_int_equal(arm_store(sandbox, resource, NULL), 0);
        assert_int_equal(arm_settle_later(sandbox, id, 10, NULL), 0);
        arm_wait(sandbox, 20);
        auto_resource struct sandbox_resource *after = NULL;
        assert_int_equal(sandbox_store_get(sandbox->store, id, &after, NULL), 0);
        assert_string_equal(azml_json_text(after->body, "properties.provisioningState"),
                            states[i][1]);
    }
    assert_int_equal(sandbox_store_delete(sandbox->store, id, NULL), 0);
    assert_int_equal(arm_settle_later(sandbox, id, 10, NULL), 0);
    arm_wait(sandbox, 20);
    assert_false(sandbox_store_has(sandbox->store, id));
}

static void ids_keep_the_group_as_it_was_made(void **state)
{
    static const struct step steps[] = {
        {"PUT",
         "/subscriptions/{S}/resourceGroups/LAB/providers/microsoft.storage/STORAGEACCOUNTS/a11", "{'location':'westeurope','kind':'StorageV2','sku':{'name':'Standard_LRS'}}", 202, NULL},
        {"GET", "~/Microsoft.Storage/storageAccounts/A11",                                        NULL,                                                                         200,
         "'id':'/subscriptions/{S}/resourceGroups/lab/providers/Microsoft.Storage/storageAccounts/"
         "a11'"                                                                                                                                                                          },
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merging_goes_into_objects_and_null_takes_away),
        cmocka_unit_test(defaults_only_fill_gaps),
        cmocka_unit_test(copying_replaces_or_removes),
        ARM_TEST(settling_leaves_what_is_going_alone),
        ARM_TEST(ids_keep_the_group_as_it_was_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
