#include "sandbox/store.h"

#include "base/auto.h"
#include "base/json.h"
#include "folder.h"
#include "unit/test.h"

#include <string.h>

#define SUB        "/subscriptions/11111111-1111-1111-1111-111111111111"
#define KEY_VAULTS SUB "/resourceGroups/Lab/providers/Microsoft.KeyVault/vaults"
#define WORKSPACES SUB "/resourceGroups/Lab/providers/Microsoft.MachineLearningServices/workspaces"

static int setup(void **state)
{
    *state = sandbox_store_open(":memory:", NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sandbox_store_close(*state);
    return 0;
}

static void keep(struct sandbox_store *store, const char *id, const char *location, double mark)
{
    auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, NULL, NULL);
    assert_non_null(resource);
    free(resource->location);
    resource->location = azml_strdup(location, NULL);
    azml_json_put_number(resource->body, "properties.mark", mark);
    azml_json_put_text(resource->hidden, "secret", "s3cret");
    assert_int_equal(sandbox_deleted_put(store, resource, 1000, 8000, NULL), 0);
}

static size_t count(struct sandbox_store *store, const char *type, const char *location,
                    const char *name)
{
    auto_deleted_list struct sandbox_deleted_list list = {0};
    assert_int_equal(sandbox_deleted_find(store, type, location, name, &list, NULL), 0);
    return list.count;
}

static void what_was_never_deleted_is_no_error(void **state)
{
    struct sandbox_deleted *found = (struct sandbox_deleted *)state; /* anything but NULL */
    assert_int_equal(sandbox_deleted_get(*state, KEY_VAULTS "/v", &found, NULL), 0);
    assert_null(found);
    assert_int_equal(sandbox_deleted_remove(*state, KEY_VAULTS "/v", NULL), 0);
    assert_int_equal(count(*state, NULL, NULL, NULL), 0);
}

static void it_is_kept_whole_and_found_in_any_case(void **state)
{
    keep(*state, KEY_VAULTS "/MyVault", "westeurope", 7);
    auto_deleted struct sandbox_deleted *found = NULL;
    auto_free char *asked = azml_strdup(KEY_VAULTS "/MyVault", NULL);
    azml_lower(asked);
    assert_int_equal(sandbox_deleted_get(*state, asked, &found, NULL), 0);
    assert_non_null(found);
    assert_string_equal(found->id, KEY_VAULTS "/MyVault");
    assert_string_equal(found->type, "Microsoft.KeyVault/vaults");
    assert_string_equal(found->name, "MyVault");
    assert_string_equal(found->subscription_id, "11111111-1111-1111-1111-111111111111");
    assert_string_equal(found->location, "westeurope");
    assert_int_equal(azml_json_int_or(found->body, "properties.mark", 0), 7);
    assert_string_equal(azml_json_text(found->hidden, "secret"), "s3cret");
    assert_int_equal(found->deleted_ms, 1000);
    assert_int_equal(found->purge_ms, 8000);
}

static void keeping_it_does_not_touch_the_living(void **state)
{
    keep(*state, KEY_VAULTS "/v", "westeurope", 1);
    assert_false(sandbox_store_has(*state, KEY_VAULTS "/v"));
    auto_resource struct sandbox_resource *again =
        sandbox_resource_new(KEY_VAULTS "/v", NULL, NULL);
    assert_int_equal(sandbox_store_put(*state, again, 1, NULL), 0);
    assert_int_equal(sandbox_deleted_remove(*state, KEY_VAULTS "/V", NULL), 0);
    assert_int_equal(count(*state, NULL, NULL, NULL), 0);
    assert_true(sandbox_store_has(*state, KEY_VAULTS "/v"));
}

static void deleting_it_again_replaces_what_was_kept(void **state)
{
    keep(*state, KEY_VAULTS "/v", "westeurope", 1);
    keep(*state, KEY_VAULTS "/V", "westeurope", 2);
    auto_deleted struct sandbox_deleted *found = NULL;
    assert_int_equal(sandbox_deleted_get(*state, KEY_VAULTS "/v", &found, NULL), 0);
    assert_int_equal(azml_json_int_or(found->body, "properties.mark", 0), 2);
    assert_int_equal(count(*state, NULL, NULL, NULL), 1);
}

static void finding_filters_by_type_place_and_name(void **state)
{
    keep(*state, KEY_VAULTS "/a", "westeurope", 1);
    keep(*state, KEY_VAULTS "/b", "eastus", 2);
    keep(*state, WORKSPACES "/a", "westeurope", 3);
    static const struct {
        const char *type, *location, *name;
        size_t count;
    } rows[] = {
        {"Microsoft.KeyVault",        NULL,          NULL, 0},
        {"Microsoft.KeyVault/vaults", "northeurope", NULL, 0},
        {NULL,                        NULL,          "aa", 0},
        {NULL,                        "eastus",      "a",  0},
        {NULL,                        NULL,          NULL, 3},
        {"MICROSOFT.KEYVAULT/VAULTS", NULL,          NULL, 2},
        {NULL,                        "WestEurope",  NULL, 2},
        {NULL,                        NULL,          "A",  2},
        {"Microsoft.KeyVault/vaults", "westeurope",  "a",  1},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        size_t found = count(*state, rows[i].type, rows[i].location, rows[i].name);
        if (found != rows[i].count)
            fail_msg("row %zu found %zu", i, found);
    }
}

static void they_come_in_the_order_of_their_deletion(void **state)
{
    static const char *const names[] = {"c", "a", "b"};
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        auto_free char *id = azml_format(NULL, KEY_VAULTS "/%s", names[i]);
        keep(*state, id, "eastus", 0);
    }
    auto_deleted_list struct sandbox_deleted_list list = {0};
    assert_int_equal(sandbox_deleted_find(*state, NULL, NULL, NULL, &list, NULL), 0);
    assert_int_equal(list.count, AZML_COUNT(names));
    for (size_t i = 0; i < AZML_COUNT(names); i++)
        assert_string_equal(list.items[i]->name, names[i]);
}

static void they_are_still_deleted_after_a_restart(void **state)
{
    (void)state;
    char *folder = folder_make();
    assert_non_null(folder);
    auto_free char *path = azml_path_join(folder, "state.db", NULL);
    struct sandbox_store *store = sandbox_store_open(path, NULL);
    keep(store, KEY_VAULTS "/v", "westeurope", 5);
    sandbox_store_close(store);
    store = sandbox_store_open(path, NULL);
    assert_int_equal(count(store, NULL, NULL, "v"), 1);
    sandbox_store_close(store);
    folder_remove(folder);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(what_was_never_deleted_is_no_error),
        WITH_STORE(it_is_kept_whole_and_found_in_any_case),
        WITH_STORE(keeping_it_does_not_touch_the_living),
        WITH_STORE(deleting_it_again_replaces_what_was_kept),
        WITH_STORE(finding_filters_by_type_place_and_name),
        WITH_STORE(they_come_in_the_order_of_their_deletion),
        cmocka_unit_test(they_are_still_deleted_after_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
