#include "unit/test.h"

#include "arm/handle.h"
#include "base/auto.h"
#include "base/json.h"
#include "support/world.h"

#include <string.h>

#define GROUP "/subscriptions/9/resourceGroups/g"

static void calls_that_fail_carry_what_the_service_said(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"",   0, 409, "x-ms-request-id: r9\r\n",
         "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"locked\"}}", 0},
        {0}
    };
    struct world world;
    world_open(&world, script);
    auto_json cJSON *body = cJSON_CreateObject();
    for (int i = 0; i < 5; i++) {
        auto_error struct azml_error err = {0};
        int done = i == 0   ? azml_arm_get(world.arm, GROUP, NULL, &err)
                   : i == 1 ? azml_arm_put(world.arm, GROUP, body, NULL, &err)
                   : i == 2 ? azml_arm_patch(world.arm, GROUP, body, NULL, &err)
                   : i == 3 ? azml_arm_post(world.arm, GROUP, body, 0, NULL, &err)
                            : azml_arm_delete(world.arm, GROUP, NULL, &err);
        assert_int_equal(done, -1);
        assert_int_equal(err.code, AZML_ERROR_LOCKED);
        assert_string_equal(err.said_message, "locked");
        assert_string_equal(err.request_id, "r9");
        assert_int_equal(err.http_status, 409);
    }
    world_close(&world);
}

static void what_is_not_there_is_no_error_to_find(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /subscriptions/9/resourceGroups/there", 0, 200, NULL, "{\"name\":\"there\"}", 0},
        {"GET /subscriptions/9/resourceGroups/secret",                                        0, 403, NULL, "{}", 0},
        {0                    }
    };
    struct world world;
    world_open(&world, script);
    auto_error struct azml_error err = {0};
    auto_json cJSON *json = NULL;
    assert_int_equal(azml_arm_find(world.arm, GROUP, &json, &err), 0);
    assert_null(json);
    assert_int_equal(
        azml_arm_find(world.arm, "/subscriptions/9/resourceGroups/secret", &json, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_FORBIDDEN);
    assert_int_equal(azml_arm_find(world.arm, "/subscriptions/9/resourceGroups/there", &json, &err),
                     1);
    assert_string_equal(azml_json_text(json, "name"), "there");
    assert_int_equal(azml_arm_find(world.arm, "/subscriptions/9/resourceGroups/there", NULL, &err),
                     1);
    world_close(&world);
}

static void a_reply_brings_status_headers_and_id(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"PUT /", 0, 201, "x-ms-request-id: r1\r\nETag: \"e\"\r\n", "{\"name\":\"g\"}", 0},
        {0   }
    };
    struct world world;
    world_open(&world, script);
    auto_json cJSON *body = cJSON_CreateObject();
    azml_json_put_text(body, "location", "westeurope");
    auto_reply struct azml_arm_reply reply = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_put(world.arm, GROUP, body, &reply, &err), 0);
    assert_int_equal(reply.status, 201);
    assert_string_equal(reply.request_id, "r1");
    assert_string_equal(azml_arm_reply_header(&reply, "etag"), "\"e\"");
    const struct serve_seen *seen = serve_seen(world.serve, "PUT ", 0);
    assert_string_equal(seen->body, "{\"location\":\"westeurope\"}");
    assert_non_null(strstr(seen->head, "Content-Type: application/json; charset=utf-8\r\n"));
    assert_non_null(strstr(seen->head, "User-Agent: azml/"));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_that_fail_carry_what_the_service_said),
        cmocka_unit_test(what_is_not_there_is_no_error_to_find),
        cmocka_unit_test(a_reply_brings_status_headers_and_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
