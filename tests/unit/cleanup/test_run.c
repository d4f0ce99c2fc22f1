#include "unit/cleanup/subscription.h"

/* One look with `rows`, then a run; the result for the first group. */
static int run(struct scripted *world, struct azml_cleanup_inventory *inventory,
               struct azml_cleanup_result results[2], struct azml_error *err)
{
    assert_int_equal(azml_cleanup_look(world->arm, SUB_ID, &rules, inventory, err), 0);
    assert_int_equal(inventory->unused, 1);
    const struct azml_cleanup_delete what = {
        .subscription = SUB_ID, .rules = &rules, .watch = &world->watch};
    return azml_cleanup_run(world->arm, &what, inventory, results, err);
}

static void a_lock_that_came_meanwhile_keeps_the_group(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        GROUPS_ROW(LAB "," HOUSE),
        RESOURCES_ROW,
        {LOCKS,  1, 200, NULL, EMPTY, 0},
        {LOCKS,   0, 200, NULL,
          "{\"value\":[{\"id\":\"" GROUP
         "/providers/Microsoft.Authorization/locks/nightly\",\"name\":\"nightly\",\"properties\":{"
         "\"level\":\"CanNotDelete\"}}]}", 0},
        GRAPH_ROW,
        INSIDE_ROW,
        {0},
    };
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_cleanup_inventory inventory = {0};
    struct azml_cleanup_result results[2] = {0};
    assert_int_equal(run(&world, &inventory, results, NULL), 0);
    assert_int_equal(results[0].end, AZML_CLEANUP_KEPT);
    assert_true(results[0].changed);
    assert_string_equal(inventory.verdicts[0].text, "kept: locked (CanNotDelete: nightly)");
    assert_int_equal(serve_count(world.serve, "DELETE"), 0);
    azml_cleanup_inventory_cleanup(&inventory);
    scripted_close(&world);
}

static void a_refusal_is_the_groups_result(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        GROUPS_ROW(LAB "," HOUSE),
        RESOURCES_ROW,
        LOCKS_ROW,
        GRAPH_ROW,
        INSIDE_ROW,
        {"DELETE " GROUP, 0, 409, NULL,
          "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"a lock was added\"}}", 0},
        {0           },
    };
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_cleanup_inventory inventory = {0};
    struct azml_cleanup_result results[2] = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(run(&world, &inventory, results, &err), -1);
    assert_int_equal(results[0].end, AZML_CLEANUP_FAILED);
    assert_string_equal(results[0].error.said_code, "ScopeLocked");
    assert_int_equal(err.code, AZML_ERROR_LOCKED);
    assert_string_equal(err.said_code, "ScopeLocked");
    azml_cleanup_results_cleanup(results, 2);
    azml_cleanup_inventory_cleanup(&inventory);
    scripted_close(&world);
}

static void only_the_unused_one_goes_and_is_followed_until_it_is_gone(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        GROUPS_ROW(LAB "," HOUSE),
        RESOURCES_ROW,
        LOCKS_ROW,
        GRAPH_ROW,
        {"GET " GROUP "?", 2, 200, NULL, "{\"properties\":{\"provisioningState\":\"Deleting\"}}",
         0},
        {"GET " GROUP "?", 0, 404, NULL, "{}", 0},
        INSIDE_ROW,
        {"DELETE " GROUP "?", 0, 202, "Location: $BASE/done?x=1\r\n", NULL, 0},
        {"GET /done", 0, 200, NULL, NULL, 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_cleanup_inventory inventory = {0};
    struct azml_cleanup_result results[2] = {0};
    auto_error struct azml_error err = {0};
    if (run(&world, &inventory, results, &err) < 0)
        fail_msg("%s", err.message);
    assert_int_equal(results[0].end, AZML_CLEANUP_DELETED);
    assert_int_equal(results[1].end, AZML_CLEANUP_KEPT);
    assert_int_equal(serve_count(world.serve, "DELETE"), 1);
    assert_int_equal(serve_count(world.serve, "GET " GROUP "?"), 3);
    assert_string_equal(world.heard, "group lab: deleting\ngroup lab: deleted\n");
    azml_cleanup_inventory_cleanup(&inventory);
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_that_came_meanwhile_keeps_the_group),
        cmocka_unit_test(a_refusal_is_the_groups_result),
        cmocka_unit_test(only_the_unused_one_goes_and_is_followed_until_it_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
