#include "sandbox/store.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/platform.h"
#include "sandbox/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SUB       "/subscriptions/11111111-1111-1111-1111-111111111111"
#define GROUP     SUB "/resourceGroups/Lab"
#define WORKSPACE GROUP "/providers/Microsoft.MachineLearningServices/workspaces/ws"

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

static void put(struct sandbox_store *store, const char *id, int64_t now_ms)
{
    auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, NULL, NULL);
    assert_non_null(resource);
    assert_int_equal(azml_json_put_text(resource->body, "id", id), 0);
    assert_int_equal(sandbox_store_put(store, resource, now_ms, NULL), 0);
}

static void texts_that_are_no_ids_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"",
                                       "/",
                                       "/subscriptions",
                                       "subscriptions/x",
                                       "/a//b",
                                       "/subscriptions/x/",
                                       GROUP "/providers/Microsoft.Storage"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_resource struct sandbox_resource *made = sandbox_resource_new(rows[i], NULL, &err);
        if (made)
            fail_msg("'%s' was taken", rows[i]);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
    }
}

static void ids_tell_type_name_group_and_parent(void **state)
{
    (void)state;
    static const struct {
        const char *id, *type, *name, *group, *parent;
    } rows[] = {
        {SUB,                                                    "Microsoft.Resources/subscriptions",                     "11111111-1111-1111-1111-111111111111", "",    ""       },
        {GROUP,                                                  "Microsoft.Resources/resourceGroups",                    "Lab",                                  "Lab", SUB      },
        {WORKSPACE,                                              "Microsoft.MachineLearningServices/workspaces",          "ws",                                   "Lab", GROUP    },
        {WORKSPACE "/computes/c",                                "Microsoft.MachineLearningServices/workspaces/computes", "c",
         "Lab",                                                                                                                                                          WORKSPACE},
        {WORKSPACE "/providers/Microsoft.Authorization/locks/l", "Microsoft.Authorization/locks",
         "l",                                                                                                                                                     "Lab", WORKSPACE},
        {SUB "/providers/Microsoft.Authorization/locks/l",       "Microsoft.Authorization/locks",                         "l",                                    "",
         SUB                                                                                                                                                                      },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_resource struct sandbox_resource *made = sandbox_resource_new(rows[i].id, NULL, NULL);
        assert_non_null(made);
        assert_string_equal(made->type, rows[i].type);
        assert_string_equal(made->name, rows[i].name);
        assert_string_equal(made->group, rows[i].group);
        assert_string_equal(made->parent, rows[i].parent);
    }
}

static void a_resource_is_found_in_any_case_and_shown_as_given(void **state)
{
    struct sandbox_store *store = *state;
    put(store, WORKSPACE, 1000);
    auto_resource struct sandbox_resource *found = NULL;
    assert_int_equal(
        sandbox_store_get(store,
                          "/SUBSCRIPTIONS/11111111-1111-1111-1111-111111111111/resourcegroups/LAB/"
                          "providers/microsoft.machinelearningservices/workspaces/WS",
                          &found, NULL),
        0);
    assert_non_null(found);
    assert_string_equal(found->id, WORKSPACE);
    assert_string_equal(azml_json_text(found->body, "id"), WORKSPACE);
    assert_int_equal(found->created_ms, 1000);
}

static void what_is_not_there_is_no_error(void **state)
{
    struct sandbox_resource *found = NULL;
    assert_int_equal(sandbox_store_get(*state, WORKSPACE, &found, NULL), 0);
    assert_null(found);
    assert_false(sandbox_store_has(*state, WORKSPACE));
    assert_int_equal(sandbox_store_delete(*state, WORKSPACE, NULL), 0);
}

static void keeping_again_replaces_and_keeps_the_creation_time(void **state)
{
    struct sandbox_store *store = *state;
    put(store, WORKSPACE, 1000);
    auto_resource struct sandbox_resource *found = NULL;
    assert_int_equal(sandbox_store_get(store, WORKSPACE, &found, NULL), 0);
    assert_int_equal(azml_json_put_text(found->hidden, "key", "k"), 0);
    assert_int_equal(sandbox_store_put(store, found, 5000, NULL), 0);
    auto_resource struct sandbox_resource *again = NULL;
    assert_int_equal(sandbox_store_get(store, WORKSPACE, &again, NULL), 0);
    assert_int_equal(again->created_ms, 1000);
    assert_int_equal(again->changed_ms, 5000);
    assert_string_equal(azml_json_text(again->hidden, "key"), "k");
    assert_int_equal(sandbox_store_count(store), 1);
}

static size_t count(struct sandbox_store *store, const struct sandbox_query *query)
{
    auto_resources struct sandbox_resources list = {0};
    assert_int_equal(sandbox_store_list(store, query, &list, NULL), 0);
    return list.count;
}

static void lists_filter_by_what_is_asked(void **state)
{
    struct sandbox_store *store = *state;
    static const char *const ids[] = {SUB,
                                      GROUP,
                                      WORKSPACE,
                                      WORKSPACE "/computes/a",
                                      WORKSPACE "/computes/b",
                                      SUB "/resourceGroups/Lab2"};
    for (size_t i = 0; i < AZML_COUNT(ids); i++)
        put(store, ids[i], 1);
    const struct {
        struct sandbox_query query;
        size_t count;
    } rows[] = {
        {{.name = "nobody"},                                             0},
        {{.location = "westeurope"},                                     0},
        {{0},                                                            6},
        {{.type = "microsoft.machinelearningservices/WORKSPACES"},       1},
        {{.type_prefix = "microsoft.machineLearningServices/"},          3},
        {{.group = "lab"},                                               4},
        {{.parent = GROUP},                                              1},
        {{.under = GROUP},                                               3},
        {{.under = SUB "/RESOURCEGROUPS"},                               5},
        {{.type = "Microsoft.Resources/resourceGroups", .name = "LAB2"}, 1},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        size_t found = count(store, &rows[i].query);
        if (found != rows[i].count)
            fail_msg("row %zu: %zu found", i, found);
    }
}

static void hidden_things_stay_out_of_lists_or_the_graph(void **state)
{
    struct sandbox_store *store = *state;
    put(store, GROUP, 1);
    auto_resource struct sandbox_resource *group = NULL;
    assert_int_equal(sandbox_store_get(store, GROUP, &group, NULL), 0);
    group->is_hidden_from_list = true;
    assert_int_equal(sandbox_store_put(store, group, 2, NULL), 0);
    assert_int_equal(count(store, &(struct sandbox_query){0}), 0);
    assert_int_equal(count(store, &(struct sandbox_query){.with_hidden = true}), 1);
    assert_int_equal(count(store, &(struct sandbox_query){.for_graph = true}), 1);
    group->is_hidden_from_list = false;
    group->is_hidden_from_graph = true;
    assert_int_equal(sandbox_store_put(store, group, 2, NULL), 0);
    assert_int_equal(count(store, &(struct sandbox_query){0}), 1);
    assert_int_equal(count(store, &(struct sandbox_query){.for_graph = true}), 0);
}

static void undoing_the_inner_step_keeps_the_outer_one(void **state)
{
    struct sandbox_store *store = *state;
    assert_int_equal(sandbox_store_begin(store, NULL), 0);
    put(store, SUB, 1);
    assert_int_equal(sandbox_store_begin(store, NULL), 0);
    put(store, GROUP, 1);
    sandbox_store_rollback(store);
    assert_int_equal(sandbox_store_commit(store, NULL), 0);
    assert_true(sandbox_store_has(store, SUB));
    assert_false(sandbox_store_has(store, GROUP));
}

static void soft_deleted_things_are_kept_apart(void **state)
{
    struct sandbox_store *store = *state;
    auto_resource struct sandbox_resource *vault =
        sandbox_resource_new(GROUP "/providers/Microsoft.KeyVault/vaults/kv", NULL, NULL);
    assert_int_equal(sandbox_deleted_put(store, vault, 100, 200, NULL), 0);
    auto_deleted_list struct sandbox_deleted_list list = {0};
    assert_int_equal(
        sandbox_deleted_find(store, "microsoft.keyvault/VAULTS", NULL, "KV", &list, NULL), 0);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0]->purge_ms, 200);
    assert_false(sandbox_store_has(store, vault->id));
    assert_int_equal(sandbox_deleted_remove(store, vault->id, NULL), 0);
    struct sandbox_deleted *gone = NULL;
    assert_int_equal(sandbox_deleted_get(store, vault->id, &gone, NULL), 0);
    assert_null(gone);
}

static int collect(void *data, const char *key, const char *value)
{
    azml_str_addf(data, "%s=%s;", key, value);
    return 0;
}

static void values_are_kept_in_buckets(void **state)
{
    struct sandbox_store *store = *state;
    assert_int_equal(sandbox_value_set(store, "one", "b", "2", NULL), 0);
    assert_int_equal(sandbox_value_set(store, "one", "a", "1", NULL), 0);
    assert_int_equal(sandbox_value_set(store, "one", "A", "3", NULL), 0);
    assert_int_equal(sandbox_value_set(store, "two", "a", "4", NULL), 0);
    assert_int_equal(sandbox_value_set(store, "one", "b", NULL, NULL), 0);
    auto_str struct azml_str text = {0};
    assert_int_equal(sandbox_value_each(store, "one", collect, &text, NULL), 0);
    assert_string_equal(azml_str_text(&text), "a=3;");
    char *none = NULL;
    assert_int_equal(sandbox_value_get(store, "one", "b", &none, NULL), 0);
    assert_null(none);
}

static void ageing_moves_times_in_columns_and_documents(void **state)
{
    struct sandbox_store *store = *state;
    auto_resource struct sandbox_resource *group = sandbox_resource_new(GROUP, NULL, NULL);
    assert_int_equal(
        azml_json_put_text(group->body, "properties.createdOn", "2025-11-20T10:00:00.1230000Z"), 0);
    assert_int_equal(azml_json_put_text(group->body, "properties.note", "2025-11-20 is a day"), 0);
    assert_int_equal(sandbox_store_put(store, group, 7200000, NULL), 0);
    auto_resource struct sandbox_resource *timeless = sandbox_resource_new(SUB, NULL, NULL);
    timeless->created_ms = SANDBOX_NO_TIME;
    assert_int_equal(sandbox_store_put(store, timeless, 7200000, NULL), 0);

    assert_int_equal(sandbox_store_age(store, 3600000, NULL), 0);
    auto_resource struct sandbox_resource *aged = NULL;
    assert_int_equal(sandbox_store_get(store, GROUP, &aged, NULL), 0);
    assert_int_equal(aged->created_ms, 3600000);
    assert_string_equal(azml_json_text(aged->body, "properties.createdOn"),
                        "2025-11-20T09:00:00.1230000Z");
    assert_string_equal(azml_json_text(aged->body, "properties.note"), "2025-11-20 is a day");
    auto_resource struct sandbox_resource *still = NULL;
    assert_int_equal(sandbox_store_get(store, SUB, &still, NULL), 0);
    assert_int_equal(still->created_ms, SANDBOX_NO_TIME);
}

static void what_was_committed_survives_a_kill(void **state)
{
    (void)state;
    char folder[] = "/tmp/azml-store-XXXXXX";
    assert_non_null(mkdtemp(folder));
    auto_free char *path = azml_path_join(folder, "state.db", NULL);
    pid_t child = fork();
    if (child == 0) {
        struct sandbox_store *store = sandbox_store_open(path, NULL);
        put(store, SUB, 1);
        sandbox_store_begin(store, NULL);
        put(store, GROUP, 1);
        azml_platform_kill(azml_platform_pid());
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    struct sandbox_store *store = sandbox_store_open(path, NULL);
    assert_non_null(store);
    assert_true(sandbox_store_has(store, SUB));
    assert_false(sandbox_store_has(store, GROUP));
    sandbox_store_close(store);
    assert_int_equal(azml_fs_remove_tree(folder, NULL), 0);
}

static void a_newer_state_is_refused(void **state)
{
    (void)state;
    char folder[] = "/tmp/azml-store-XXXXXX";
    assert_non_null(mkdtemp(folder));
    auto_free char *path = azml_path_join(folder, "state.db", NULL);
    struct sandbox_store *store = sandbox_store_open(path, NULL);
    assert_int_equal(sandbox_sql_run(store, NULL, "PRAGMA user_version = 99", ""), 0);
    sandbox_store_close(store);
    auto_error struct azml_error err = {0};
    assert_null(sandbox_store_open(path, &err));
    assert_string_equal(err.message, "the sandbox's state was written by a newer azml");
    assert_int_equal(azml_fs_remove_tree(folder, NULL), 0);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_are_no_ids_are_refused),
        cmocka_unit_test(ids_tell_type_name_group_and_parent),
        WITH_STORE(a_resource_is_found_in_any_case_and_shown_as_given),
        WITH_STORE(what_is_not_there_is_no_error),
        WITH_STORE(keeping_again_replaces_and_keeps_the_creation_time),
        WITH_STORE(lists_filter_by_what_is_asked),
        WITH_STORE(hidden_things_stay_out_of_lists_or_the_graph),
        WITH_STORE(undoing_the_inner_step_keeps_the_outer_one),
        WITH_STORE(soft_deleted_things_are_kept_apart),
        WITH_STORE(values_are_kept_in_buckets),
        WITH_STORE(ageing_moves_times_in_columns_and_documents),
        cmocka_unit_test(what_was_committed_survives_a_kill),
        cmocka_unit_test(a_newer_state_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
