#include "sandbox/ml_workspace.h"

#include "ml_world.h"

static void actions_on_a_missing_workspace_are_404(void **state)
{
    (void)state;
    static const char *const actions[] = {"listKeys", "listNotebookKeys", "diagnose", "resyncKeys",
                                          "listStorageAccountKeys"};
    for (size_t i = 0; i < AZML_COUNT(actions); i++) {
        auto_free char *path = azml_format(NULL, ML_WS "/%s" ML_GA, actions[i]);
        ml_refused(404, "ResourceNotFound", "workspaces/demo", "POST", path, NULL);
    }
}

static void keys_name_the_account_and_the_telemetry(void **state)
{
    (void)state;
    ml_make_workspace();
    auto_reply struct sandbox_reply reply = ml_expect(200, "POST", ML_WS "/listKeys" ML_GA, NULL);
    assert_non_null(strstr(azml_json_text(reply.json, "userStorageArmId"), "demostore1"));
    assert_string_equal(azml_json_text(reply.json, "appInsightsInstrumentationKey"), "abc-key");
    const char *primary = azml_json_text(reply.json, "notebookAccessKeys.primaryAccessKey");
    assert_int_equal(strlen(primary), 36);
    auto_reply struct sandbox_reply notebook =
        ml_expect(200, "POST", ML_WS "/listNotebookKeys" ML_GA, NULL);
    assert_string_equal(azml_json_text(notebook.json, "primaryAccessKey"), primary);
    ml_do(200, "POST", ML_WS "/listStorageAccountKeys" ML_GA, NULL);
    auto_reply struct sandbox_reply shown = ml_expect(200, "GET", ML_WS ML_GA, NULL);
    auto_free char *text = cJSON_PrintUnformatted(shown.json);
    assert_null(strstr(text, primary));
}

static void a_diagnosis_comes_by_location_alone_and_names_what_is_gone(void **state)
{
    (void)state;
    ml_make_workspace();
    auto_free char *vault = ml_path(ML_VAULT);
    assert_int_equal(sandbox_store_delete(ml_sandbox->store, vault, NULL), 0);
    ml_refused(400, "BadRequest", "Path 'value'", "POST", ML_WS "/diagnose" ML_GA, "{\"value\":1}");
    auto_reply struct sandbox_reply reply =
        ml_expect(202, "POST", ML_WS "/diagnose" ML_GA, "{\"value\":{}}");
    assert_null(sandbox_pairs_find(&reply.headers, "Azure-AsyncOperation"));
    auto_reply struct sandbox_reply running = ml_poll(202, &reply, "Location");
    assert_int_equal(running.status, 202);
    ml_pass(20);
    auto_reply struct sandbox_reply done = ml_poll(200, &reply, "Location");
    assert_string_equal(azml_json_text(done.json, "value.keyVaultResults.0.code"),
                        "KeyVaultNotFound");
    assert_string_equal(azml_json_text(done.json, "value.keyVaultResults.0.level"), "Error");
    assert_int_equal(cJSON_GetArraySize(azml_json_at(done.json, "value.storageAccountResults")), 0);
    assert_non_null(azml_json_at(done.json, "value.otherResults"));
}

static void fresh_keys_are_an_operation(void **state)
{
    (void)state;
    ml_make_workspace();
    auto_reply struct sandbox_reply reply = ml_expect(202, "POST", ML_WS "/resyncKeys" ML_GA, NULL);
    ml_pass(20);
    ml_status(&reply, "Succeeded");
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, ml_open, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(actions_on_a_missing_workspace_are_404),
        ROW(keys_name_the_account_and_the_telemetry),
        ROW(a_diagnosis_comes_by_location_alone_and_names_what_is_gone),
        ROW(fresh_keys_are_an_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
