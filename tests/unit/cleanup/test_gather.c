#include "unit/test.h"

#include "azml/cleanup.h"
#include "base/auto.h"
#include "base/json.h"

#include <string.h>

#define S "/subscriptions/5"
#define G S "/resourceGroups/"

static cJSON *parse(const char *text)
{
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

static const char groups[] =
    "[{\"id\":\"" G "lab\",\"name\":\"lab\",\"location\":\"westeurope\",\"createdTime\":"
    "\"2026-11-14T16:00:00Z\",\"managedBy\":null,\"tags\":{\"azml-made-by\":\"azml/0.1.0\"},"
    "\"properties\":{\"provisioningState\":\"Succeeded\"}},"
    "{\"id\":\"" G "lab2\",\"name\":\"lab2\",\"managedBy\":\"/boss\"},{\"name\":\"no id\"}]";

/* The two groups of `groups`, gathered with these lists ("null": could not be read). */
static void gather(const char *resources, const char *graph, const char *locks,
                   void (*check)(const struct azml_cleanup_group *groups))
{
    auto_json cJSON *g = parse(groups);
    auto_json cJSON *r = parse(resources);
    auto_json cJSON *q = parse(graph);
    auto_json cJSON *l = parse(locks);
    const struct azml_cleanup_documents documents = {
        .groups = g, .resources = r, .graph = q, .locks = l};
    struct azml_cleanup_group *items = NULL;
    size_t count = 0;
    assert_int_equal(azml_cleanup_gather(&documents, &items, &count, NULL), 0);
    assert_int_equal(count, 2);
    check(items);
    free(items);
}

static void without_the_list_of_groups_nothing_can_be_said(void **state)
{
    (void)state;
    const struct azml_cleanup_documents documents = {0};
    struct azml_cleanup_group *items = NULL;
    size_t count = 0;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_cleanup_gather(&documents, &items, &count, &err), -1);
    assert_string_equal(err.message, "the list of groups could not be read");
}

static void check_unknown(const struct azml_cleanup_group *items)
{
    assert_int_equal(items[0].listed, -1);
    assert_int_equal(items[0].graphed, -1);
    assert_false(items[0].locks_known);
    assert_false(items[0].deployments_known);
}

static void check_no_id(const struct azml_cleanup_group *items)
{
    assert_int_equal(items[0].listed, -1);
    assert_int_equal(items[0].graphed, -1);
    assert_true(items[0].locks_known);
    assert_string_equal(items[0].lock_name, "?");
}

static void what_could_not_be_read_is_unknown(void **state)
{
    (void)state;
    gather("null", "null", "null", check_unknown);
    /* an item without an id could be anywhere */
    gather("[{}]", "[{\"id\":7}]", "[{}]", check_no_id);
}

/* A master of another type than text is still a master. */
static void a_master_that_cannot_be_read_is_not_none(void **state)
{
    (void)state;
    auto_json cJSON *g =
        parse("[{\"id\":\"" G "lab\",\"name\":\"lab\",\"managedBy\":{\"id\":\"/b\"}}]");
    const struct azml_cleanup_documents documents = {.groups = g};
    struct azml_cleanup_group *items = NULL;
    size_t count = 0;
    assert_int_equal(azml_cleanup_gather(&documents, &items, &count, NULL), 0);
    assert_int_equal(count, 1);
    assert_string_equal(items[0].managed_by, "?");
    free(items);
}

static void check_counts(const struct azml_cleanup_group *items)
{
    assert_string_equal(items[0].created, "2026-11-14T16:00:00Z");
    assert_string_equal(items[0].provisioning, "Succeeded");
    assert_null(items[0].managed_by);
    assert_string_equal(items[1].managed_by, "/boss");
    assert_null(items[1].created);
    assert_int_equal(items[0].listed, 1);
    assert_int_equal(items[1].listed, 0);
    assert_int_equal(items[0].graphed, 0);
    assert_int_equal(items[1].graphed, 2);
    assert_null(items[0].lock_name);
    assert_null(items[1].lock_name);
}

static void things_are_counted_in_their_own_group_in_any_case(void **state)
{
    (void)state;
    gather("[{\"id\":\"" S "/resourcegroups/LAB/providers/A.B/c/d\"},{\"id\":\"" S
           "/resourceGroups/other/providers/A.B/c/d\"}]",
           "[{\"id\":\"" G "lab2/providers/A.B/c/1\"},{\"id\":\"" G "lab2/providers/A.B/c/2\"}]",
           "[{\"id\":\"" G "lab22/providers/Microsoft.Authorization/locks/x\",\"name\":\"x\"}]",
           check_counts);
}

static void check_both_locked(const struct azml_cleanup_group *items)
{
    assert_string_equal(items[0].lock_name, "guard");
    assert_string_equal(items[0].lock_level, "CanNotDelete");
    assert_string_equal(items[1].lock_name, "guard");
}

static void check_first_locked(const struct azml_cleanup_group *items)
{
    assert_string_equal(items[0].lock_name, "guard");
    assert_null(items[1].lock_name);
}

#define LOCK(scope)                                                                            \
    "[{\"id\":\"" scope "/providers/Microsoft.Authorization/locks/guard\",\"name\":\"guard\"," \
    "\"properties\":{\"level\":\"CanNotDelete\"}}]"

static void a_lock_counts_on_above_and_inside_a_group(void **state)
{
    (void)state;
    gather("[]", "[]", LOCK(S), check_both_locked);
    gather("[]", "[]", LOCK(G "lab"), check_first_locked);
    gather("[]", "[]", LOCK(S "/resourcegroups/LAB/providers/A.B/c/d"), check_first_locked);
    gather("[]", "[]", LOCK(""), check_both_locked);
}

static void only_a_deployment_that_is_over_is_no_obstacle(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *deployments;
        bool known;
        const char *deploying;
    } rows[] = {
        {"null", false, NULL},
        {"[]", true, NULL},
        {"[{\"name\":\"a\",\"properties\":{\"provisioningState\":\"Succeeded\"}},"
         "{\"name\":\"b\",\"properties\":{\"provisioningState\":\"Running\"}}]",
         true, "b"},
        {"[{\"name\":\"a\",\"properties\":{\"provisioningState\":\"failed\"}},"
         "{\"name\":\"b\",\"properties\":{\"provisioningState\":\"Canceled\"}}]",
         true, NULL},
        {"[{\"name\":\"a\"}]", true, "a"},
    };
    /* clang-format on */
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *deployments = parse(rows[i].deployments);
        struct azml_cleanup_group group = {0};
        azml_cleanup_take_deployments(&group, deployments);
        if (group.deployments_known != rows[i].known ||
            !azml_same_text(group.deploying, rows[i].deploying))
            fail_msg("row %zu: %s", i, group.deploying ? group.deploying : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_list_of_groups_nothing_can_be_said),
        cmocka_unit_test(what_could_not_be_read_is_unknown),
        cmocka_unit_test(a_master_that_cannot_be_read_is_not_none),
        cmocka_unit_test(things_are_counted_in_their_own_group_in_any_case),
        cmocka_unit_test(a_lock_counts_on_above_and_inside_a_group),
        cmocka_unit_test(only_a_deployment_that_is_over_is_no_obstacle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
