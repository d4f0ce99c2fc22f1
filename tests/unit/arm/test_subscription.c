#include "unit/test.h"

#include "azml/arm.h"
#include "base/auto.h"
#include "base/json.h"
#include "support/world.h"

#include <string.h>

#define ONE \
    "{\"subscriptionId\":\"aaaaaaaa-0000-0000-0000-000000000001\",\"displayName\":\"Azure for Students\",\"state\":\"Enabled\"}"
#define TWO \
    "{\"subscriptionId\":\"aaaaaaaa-0000-0000-0000-000000000002\",\"displayName\":\"Research\",\"state\":\"Enabled\"}"
#define OLD \
    "{\"subscriptionId\":\"aaaaaaaa-0000-0000-0000-000000000003\",\"displayName\":\"Old\",\"state\":\"Disabled\"}"

static void the_subscription_is_found_or_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *name, *wanted, *list, *id, *message;
        enum azml_error_code code;
    } rows[] = {
        {"none at all",         NULL,       "{\"value\":[]}",                NULL,
         "the identity sees no subscription that it could use",                          AZML_ERROR_NOT_FOUND},
        {"only a disabled one", NULL,       "{\"value\":[" OLD "]}",         NULL,
         "the identity sees no subscription that it could use",                          AZML_ERROR_NOT_FOUND},
        {"several",             NULL,       "{\"value\":[" ONE "," TWO "]}", NULL,
         "several subscriptions could be meant",                                         AZML_ERROR_USAGE    },
        {"a wrong name",        "Other",    "{\"value\":[" ONE "]}",         NULL,
         "the identity sees no subscription 'Other'",                                    AZML_ERROR_NOT_FOUND},
        {"the only one",        NULL,       "{\"value\":[" ONE "," OLD "]}",
         "aaaaaaaa-0000-0000-0000-000000000001",                                   NULL, 0                   },
        {"by name",             "research", "{\"value\":[" ONE "," TWO "]}",
         "aaaaaaaa-0000-0000-0000-000000000002",                                   NULL, 0                   },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct serve_row script[] = {
            {"GET /subscriptions?", 0, 200, NULL, rows[i].list, 0},
            {0                 }
        };
        struct world world;
        world_open(&world, script);
        world_arm(&world, &(struct azml_arm_options){.subscription = rows[i].wanted});
        auto_error struct azml_error err = {0};
        const char *id = azml_arm_subscription(world.arm, &err);
        bool is_fine = err.code == rows[i].code && azml_same_text(id, rows[i].id) &&
                       azml_same_text(err.message, rows[i].message);
        auto_free char *wrong =
            is_fine ? NULL
                    : azml_format(NULL, "%s: %s", rows[i].name, err.message ? err.message : id);
        world_close(&world);
        if (wrong)
            fail_msg("%s", wrong);
    }
}

static void several_are_listed(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /subscriptions?", 0, 200, NULL, "{\"value\":[" ONE "," TWO "]}", 0},
        {0                 }
    };
    struct world world;
    world_open(&world, script);
    auto_error struct azml_error err = {0};
    assert_null(azml_arm_subscription(world.arm, &err));
    assert_string_equal(err.why, "Azure for Students (aaaaaaaa-0000-0000-0000-000000000001)\n"
                                 "Research (aaaaaaaa-0000-0000-0000-000000000002)");
    assert_string_equal(err.hint, "--subscription ID");
    world_close(&world);
}

static void an_id_needs_no_request(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /subscriptions/" WORLD_SUBSCRIPTION "?", 0, 200, NULL, "{\"displayName\":\"S\"}", 0},
        {0                                        }
    };
    struct world world;
    world_open(&world, script);
    world_arm(&world, &(struct azml_arm_options){.subscription = WORLD_SUBSCRIPTION});
    auto_error struct azml_error err = {0};
    assert_string_equal(azml_arm_subscription(world.arm, &err), WORLD_SUBSCRIPTION);
    assert_int_equal(serve_count(world.serve, ""), 0);
    auto_json cJSON *document = azml_arm_subscription_document(world.arm, &err);
    assert_string_equal(azml_json_text(document, "displayName"), "S");
    world_close(&world);
}

static void a_practice_cloud_brings_its_own(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct world world;
    world_open(&world, none);
    world.cloud.subscription_id = azml_strdup(WORLD_SUBSCRIPTION, NULL);
    auto_error struct azml_error err = {0};
    assert_string_equal(azml_arm_subscription(world.arm, &err), WORLD_SUBSCRIPTION);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_subscription_is_found_or_asked_for),
        cmocka_unit_test(several_are_listed),
        cmocka_unit_test(an_id_needs_no_request),
        cmocka_unit_test(a_practice_cloud_brings_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
