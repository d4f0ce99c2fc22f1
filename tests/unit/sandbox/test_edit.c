#include "sandbox/edit.h"

#include "unit/test.h"

#include "toy.h"

#define GROUP   "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/Lab"
#define COMPUTE GROUP "/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c"

static int setup(void **state)
{
    struct sandbox *sandbox = toy_open();
    *state = sandbox;
    if (!sandbox)
        return -1;
    static const struct {
        const char *id, *body;
    } rows[] = {
        {GROUP,   "{\"properties\":{\"provisioningState\":\"Succeeded\"}}"                },
        {COMPUTE,
         "{\"systemData\":{\"createdAt\":\"2025-01-01T00:00:00Z\"},\"properties\":{"
         "\"createdOn\":\"2025-01-01T00:00:00Z\",\"properties\":{\"state\":\"Running\"}}}"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_resource struct sandbox_resource *made = sandbox_resource_new(rows[i].id, NULL, NULL);
        cJSON_Delete(made->body);
        made->body = azml_json_parse(rows[i].body, strlen(rows[i].body), NULL);
        if (sandbox_store_put(sandbox->store, made, 5000, NULL) < 0)
            return -1;
    }
    return 0;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

static struct sandbox_resource *edited(struct sandbox *sandbox, const char *id, const char *rest)
{
    auto_free char *text = azml_format(NULL, "{\"id\":\"%s\"%s}", id, rest);
    auto_json cJSON *edit = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(edit);
    assert_int_equal(sandbox_edit(sandbox, edit, NULL), 0);
    struct sandbox_resource *found = NULL;
    assert_int_equal(sandbox_store_get(sandbox->store, id, &found, NULL), 0);
    assert_non_null(found);
    return found;
}

static void what_is_not_there_cannot_be_edited(void **state)
{
    auto_json cJSON *edit = cJSON_CreateObject();
    auto_error struct azml_error nameless = {0}, missing = {0};
    assert_int_equal(sandbox_edit(*state, edit, &nameless), -1);
    assert_int_equal(nameless.code, AZML_ERROR_USAGE);
    assert_int_equal(azml_json_put_text(edit, "id", GROUP "x"), 0);
    assert_int_equal(sandbox_edit(*state, edit, &missing), -1);
    assert_int_equal(missing.code, AZML_ERROR_NOT_FOUND);
}

static void what_is_left_out_stays(void **state)
{
    auto_resource struct sandbox_resource *same = edited(*state, COMPUTE, "");
    assert_int_equal(same->created_ms, 5000);
    assert_int_equal(same->changed_ms, 5000);
    assert_string_equal(azml_json_text(same->body, "systemData.createdAt"), "2025-01-01T00:00:00Z");
    assert_string_equal(azml_json_text(same->body, "properties.properties.state"), "Running");
    assert_false(same->is_hidden_from_list);
}

static void the_creation_time_moves_or_goes_everywhere(void **state)
{
    auto_resource struct sandbox_resource *moved =
        edited(*state, COMPUTE, ",\"createdMs\":1700000000000");
    assert_int_equal(moved->created_ms, 1700000000000);
    assert_true(azml_has_prefix(azml_json_text(moved->body, "properties.createdOn"),
                                "2023-11-14T22:13:20"));
    auto_resource struct sandbox_resource *timeless =
        edited(*state, COMPUTE, ",\"createdMs\":null");
    assert_int_equal(timeless->created_ms, SANDBOX_NO_TIME);
    assert_null(azml_json_at(timeless->body, "systemData.createdAt"));
    assert_null(azml_json_at(timeless->body, "properties.createdOn"));
}

static void a_state_is_shown_where_the_thing_shows_it(void **state)
{
    auto_resource struct sandbox_resource *group = edited(*state, GROUP, ",\"state\":\"Deleting\"");
    assert_string_equal(azml_json_text(group->body, "properties.provisioningState"), "Deleting");
    auto_resource struct sandbox_resource *compute =
        edited(*state, COMPUTE, ",\"state\":\"SetupFailed\"");
    assert_string_equal(azml_json_text(compute->body, "properties.properties.state"),
                        "SetupFailed");
}

static void hiding_and_owning_can_be_taken_back(void **state)
{
    auto_resource struct sandbox_resource *hidden =
        edited(*state, GROUP, ",\"hideFromList\":true,\"hideFromGraph\":true,\"managedBy\":\"/x\"");
    assert_true(hidden->is_hidden_from_list && hidden->is_hidden_from_graph);
    assert_string_equal(azml_json_text(hidden->body, "managedBy"), "/x");
    auto_resource struct sandbox_resource *shown =
        edited(*state, GROUP, ",\"hideFromList\":false,\"managedBy\":\"\"");
    assert_false(shown->is_hidden_from_list);
    assert_true(shown->is_hidden_from_graph);
    assert_null(azml_json_at(shown->body, "managedBy"));
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(what_is_not_there_cannot_be_edited),
        WITH_WORLD(what_is_left_out_stays),
        WITH_WORLD(the_creation_time_moves_or_goes_everywhere),
        WITH_WORLD(a_state_is_shown_where_the_thing_shows_it),
        WITH_WORLD(hiding_and_owning_can_be_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
