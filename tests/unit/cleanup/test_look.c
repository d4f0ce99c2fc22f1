#include "unit/cleanup/subscription.h"

static enum azml_cleanup_reason reason_of_lab(const struct serve_row *rows)
{
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_cleanup_inventory inventory = {0};
    auto_error struct azml_error err = {0};
    if (azml_cleanup_look(world.arm, SUB_ID, &rules, &inventory, &err) < 0)
        fail_msg("%s", err.message);
    assert_int_equal(inventory.count, 2);
    enum azml_cleanup_reason reason = inventory.verdicts[0].reason;
    assert_int_equal(inventory.verdicts[1].reason, AZML_CLEANUP_FOREIGN);
    assert_int_equal(inventory.unused, reason == AZML_CLEANUP_UNUSED ? 1 : 0);
    azml_cleanup_inventory_cleanup(&inventory);
    scripted_close(&world);
    return reason;
}

static void without_the_groups_it_fails(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"GET " SUBSCRIPTION "/resourcegroups", 0, 403, NULL,
         "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\"}}", 0},
        {0                                 },
    };
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_cleanup_inventory inventory = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_cleanup_look(world.arm, SUB_ID, &rules, &inventory, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_FORBIDDEN);
    scripted_close(&world);
}

static void what_cannot_be_read_keeps_a_group(void **state)
{
    (void)state;
    static const struct serve_row groups = GROUPS_ROW(LAB "," HOUSE), resources = RESOURCES_ROW,
                                  locks = LOCKS_ROW, graph = GRAPH_ROW, inside = INSIDE_ROW;
    static const char no[] = "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\"}}";
    const struct serve_row refused = {"", 0, 403, NULL, no, 0};
    assert_int_equal(
        reason_of_lab((const struct serve_row[]){groups, resources, locks, graph, inside, {0}}),
        AZML_CLEANUP_UNUSED);
    /* the second source has to be there for the foreign one, too: only lab is looked at here */
    struct scripted world;
    const struct {
        struct serve_row rows[6];
        enum azml_cleanup_reason reason;
    } cases[] = {
        {{groups, locks, graph, inside, refused},     AZML_CLEANUP_LIST_UNKNOWN },
        {{groups, resources, graph, inside, refused}, AZML_CLEANUP_LOCKS_UNKNOWN},
        {{groups, resources, locks, inside, refused}, AZML_CLEANUP_GRAPH_UNKNOWN},
        {{groups, resources, locks, graph, refused},  AZML_CLEANUP_LIST_UNKNOWN },
        {{groups,
          resources,
          locks,
          graph,
          {"GET " GROUP "/providers/Microsoft.Resources/deployments", 0, 200, NULL,
           "{\"value\":[{\"name\":\"d\",\"properties\":{\"provisioningState\":\"Running\"}}]}", 0},
          inside},
         AZML_CLEANUP_DEPLOYING                                                 },
        {{groups,
          resources,
          locks,
          graph,
          {"GET " GROUP "/resources", 0, 200, NULL, "{\"value\":[{\"id\":\"/x\"}]}", 0},
          inside},
         AZML_CLEANUP_HOLDS                                                     },
    };
    for (size_t i = 0; i < AZML_COUNT(cases); i++) {
        struct serve_row rows[7] = {{0}};
        memcpy(rows, cases[i].rows, sizeof(cases[i].rows));
        scripted_open(&world, rows);
        struct azml_cleanup_inventory inventory = {0};
        assert_int_equal(azml_cleanup_look(world.arm, SUB_ID, &rules, &inventory, NULL), 0);
        if (inventory.verdicts[0].reason != cases[i].reason)
            fail_msg("case %zu: %s", i, inventory.verdicts[0].text);
        assert_int_equal(inventory.unused, 0);
        azml_cleanup_inventory_cleanup(&inventory);
        scripted_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_groups_it_fails),
        cmocka_unit_test(what_cannot_be_read_keeps_a_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
