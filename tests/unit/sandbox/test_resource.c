#include "sandbox/store.h"

#include "base/auto.h"
#include "base/json.h"
#include "unit/test.h"

#include <string.h>

#define SUB       "/subscriptions/11111111-1111-1111-1111-111111111111"
#define GROUP     SUB "/resourceGroups/Lab"
#define ML        GROUP "/providers/Microsoft.MachineLearningServices/workspaces"
#define LOCK      "/providers/Microsoft.Authorization/locks/l"
#define LOCK_TYPE "Microsoft.Authorization/locks"
#define DEPLOYED  "/providers/Microsoft.Resources/deployments/d"

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

static void put(struct sandbox_store *store, const char *id, const char *location, int64_t now_ms)
{
    auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, NULL, NULL);
    assert_non_null(resource);
    free(resource->location);
    resource->location = azml_strdup(location, NULL);
    assert_int_equal(sandbox_store_put(store, resource, now_ms, NULL), 0);
}

static void a_text_that_is_no_id_is_named(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",        "lab",      SUB "/resourceGroups", ML,  ML "/",
        ML "//ws", ML "/ws/x", "/providers/A/b",      "/", "//",
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_resource struct sandbox_resource *made = sandbox_resource_new(rows[i], NULL, &err);
        if (made || err.code != AZML_ERROR_USAGE)
            fail_msg("'%s' was taken", rows[i]);
        auto_free char *message = azml_format(NULL, "'%s' is no resource id", rows[i]);
        assert_string_equal(err.message, message);
    }
}

/* The grammar of reference 1.2. */
static void an_id_says_what_it_is_and_what_it_stands_below(void **state)
{
    (void)state;
    static const struct {
        const char *id, *type, *name, *group, *parent;
    } rows[] = {
        {SUB,                                                             "Microsoft.Resources/subscriptions",                     "11111111-1111-1111-1111-111111111111", "",    ""                       },
        {GROUP,                                                           "Microsoft.Resources/resourceGroups",                    "Lab",                                  "Lab", SUB                      },
        {ML "/ws",                                                        "Microsoft.MachineLearningServices/workspaces",          "ws",                                   "Lab", GROUP                    },
        {ML "/ws/computes/ci",                                            "Microsoft.MachineLearningServices/workspaces/computes", "ci",                                   "Lab",
         ML "/ws"                                                                                                                                                                                          },
        {SUB LOCK,                                                        LOCK_TYPE,                                               "l",                                    "",    SUB                      },
        {GROUP LOCK,                                                      LOCK_TYPE,                                               "l",                                    "Lab", GROUP                    },
        {ML "/ws" LOCK,                                                   LOCK_TYPE,                                               "l",                                    "Lab", ML "/ws"                 },
        {ML "/ws/computes/ci" LOCK,                                       LOCK_TYPE,                                               "l",                                    "Lab", ML "/ws/computes/ci"     },
        {SUB DEPLOYED,                                                    "Microsoft.Resources/deployments",                       "d",                                    "",    SUB                      },
        {DEPLOYED,                                                        "Microsoft.Resources/deployments",                       "d",                                    "",    ""                       },
        {SUB "/resourcegroups/lab/PROVIDERS/Microsoft.Keyvault/vaults/v",
         "Microsoft.Keyvault/vaults",                                                                                              "v",                                    "lab", SUB "/resourcegroups/lab"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_resource struct sandbox_resource *made = sandbox_resource_new(rows[i].id, NULL, NULL);
        assert_non_null(made);
        if (strcmp(made->type, rows[i].type) != 0 || strcmp(made->name, rows[i].name) != 0 ||
            strcmp(made->group, rows[i].group) != 0 || strcmp(made->parent, rows[i].parent) != 0)
            fail_msg("%s: type %s, name %s, group %s, parent %s", rows[i].id, made->type,
                     made->name, made->group, made->parent);
        assert_string_equal(made->id, rows[i].id);
        assert_string_equal(made->location, "");
        assert_true(cJSON_IsObject(made->body) && cJSON_IsObject(made->hidden));
    }
}

static void the_spelling_of_the_type_can_be_given(void **state)
{
    (void)state;
    auto_resource struct sandbox_resource *made =
        sandbox_resource_new(ML "/ws", "Microsoft.MachineLearningServices/Workspaces", NULL);
    assert_string_equal(made->type, "Microsoft.MachineLearningServices/Workspaces");
}

static void everything_comes_back_as_it_was_kept(void **state)
{
    auto_resource struct sandbox_resource *made = sandbox_resource_new(ML "/ws", NULL, NULL);
    free(made->location);
    made->location = azml_strdup("westeurope", NULL);
    azml_json_put_text(made->body, "tags.owner", "Zoë \"Q\" O'Neill");
    azml_json_put_number(made->hidden, "pid", 4711);
    made->created_ms = SANDBOX_NO_TIME;
    made->is_hidden_from_graph = true;
    assert_int_equal(sandbox_store_put(*state, made, 5000, NULL), 0);
    assert_int_equal(made->changed_ms, 5000);

    auto_resource struct sandbox_resource *found = NULL;
    assert_int_equal(sandbox_store_get(*state, ML "/WS", &found, NULL), 0);
    assert_non_null(found);
    assert_string_equal(found->id, ML "/ws");
    assert_string_equal(found->location, "westeurope");
    assert_string_equal(azml_json_text(found->body, "tags.owner"), "Zoë \"Q\" O'Neill");
    assert_int_equal(azml_json_int_or(found->hidden, "pid", 0), 4711);
    assert_int_equal(found->created_ms, SANDBOX_NO_TIME);
    assert_int_equal(found->changed_ms, 5000);
    assert_false(found->is_hidden_from_list);
    assert_true(found->is_hidden_from_graph);
}

static void a_new_one_is_born_now_and_keeps_its_birthday(void **state)
{
    put(*state, ML "/ws", "westeurope", 1000);
    auto_resource struct sandbox_resource *first = NULL, *second = NULL;
    assert_int_equal(sandbox_store_get(*state, ML "/ws", &first, NULL), 0);
    assert_int_equal(first->created_ms, 1000);
    assert_int_equal(sandbox_store_put(*state, first, 2000, NULL), 0);
    assert_int_equal(sandbox_store_get(*state, ML "/ws", &second, NULL), 0);
    assert_int_equal(second->created_ms, 1000);
    assert_int_equal(second->changed_ms, 2000);
    assert_int_equal(sandbox_store_count(*state), 1);
}

static void a_new_spelling_is_shown_in_every_part(void **state)
{
    put(*state, GROUP "/providers/Microsoft.Storage/storageAccounts/a", "", 1);
    put(*state, SUB "/resourceGroups/LAB/providers/Microsoft.Storage/storageAccounts/A", "", 2);
    assert_int_equal(sandbox_store_count(*state), 1);
    auto_resource struct sandbox_resource *found = NULL;
    assert_int_equal(sandbox_store_get(*state,
                                       GROUP "/providers/Microsoft.Storage/storageAccounts/a",
                                       &found, NULL),
                     0);
    assert_string_equal(found->id,
                        SUB "/resourceGroups/LAB/providers/Microsoft.Storage/storageAccounts/A");
    assert_string_equal(found->name, "A");
    assert_string_equal(found->group, "LAB");
    assert_string_equal(found->parent, SUB "/resourceGroups/LAB");
}

static void deleting_takes_that_one_alone(void **state)
{
    put(*state, ML "/ws", "", 1);
    put(*state, ML "/ws/computes/c", "", 1);
    assert_int_equal(sandbox_store_delete(*state, ML "/other", NULL), 0);
    assert_int_equal(sandbox_store_count(*state), 2);
    assert_int_equal(sandbox_store_delete(*state, ML "/WS", NULL), 0);
    assert_false(sandbox_store_has(*state, ML "/ws"));
    assert_true(sandbox_store_has(*state, ML "/ws/computes/c"));
}

static void names_hold_no_wildcards(void **state)
{
    put(*state, ML "/a_b", "", 1);
    put(*state, ML "/a_b/computes/c", "", 1);
    put(*state, ML "/axb/computes/c", "", 1);
    put(*state, ML "/a_bc/computes/c", "", 1);
    auto_resources struct sandbox_resources below = {0};
    const struct sandbox_query query = {.under = ML "/A_b"};
    assert_int_equal(sandbox_store_list(*state, &query, &below, NULL), 0);
    assert_int_equal(below.count, 1);
    assert_string_equal(below.items[0]->id, ML "/a_b/computes/c");
    assert_false(sandbox_store_has(*state, ML "/%"));
}

static void lists_take_every_filter_at_once(void **state)
{
    put(*state, GROUP, "westeurope", 1);
    put(*state, ML "/ws", "westeurope", 1);
    put(*state, ML "/ws2", "eastus", 1);
    put(*state, ML "/ws/computes/c", "westeurope", 1);
    put(*state, ML "/ws" LOCK, "", 1);
    static const struct {
        struct sandbox_query query;
        size_t count;
    } rows[] = {
        {{.subscription_id = "22222222-2222-2222-2222-222222222222"}, 0},
        {{.type = "Microsoft.MachineLearningServices"},               0},
        {{.group = "La"},                                             0},
        {{.name = "ws", .location = "eastus"},                        0},
        {{0},                                                         5},
        {{.type = "microsoft.machinelearningservices/WORKSPACES"},    2},
        {{.type_prefix = "microsoft.machinelearningservices/"},       3},
        {{.subscription_id = "11111111-1111-1111-1111-111111111111"}, 5},
        {{.group = "LAB"},                                            5},
        {{.parent = ML "/WS"},                                        2},
        {{.parent = GROUP},                                           2},
        {{.under = GROUP},                                            4},
        {{.under = ML "/ws"},                                         2},
        {{.location = "WESTEUROPE"},                                  3},
        {{.name = "WS2"},                                             1},
        {{.type_prefix = "Microsoft.MachineLearningServices/",
          .location = "westeurope",
          .under = ML "/ws"},
         1                                                             },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_resources struct sandbox_resources found = {0};
        assert_int_equal(sandbox_store_list(*state, &rows[i].query, &found, NULL), 0);
        if (found.count != rows[i].count)
            fail_msg("row %zu found %zu", i, found.count);
    }
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_is_no_id_is_named),
        cmocka_unit_test(an_id_says_what_it_is_and_what_it_stands_below),
        cmocka_unit_test(the_spelling_of_the_type_can_be_given),
        WITH_STORE(everything_comes_back_as_it_was_kept),
        WITH_STORE(a_new_one_is_born_now_and_keeps_its_birthday),
        WITH_STORE(a_new_spelling_is_shown_in_every_part),
        WITH_STORE(deleting_takes_that_one_alone),
        WITH_STORE(names_hold_no_wildcards),
        WITH_STORE(lists_take_every_filter_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
