#include "unit/test.h"

#include "arm/handle.h"
#include "azml/arm.h"
#include "azml/arm_error.h"
#include "base/auto.h"
#include "base/json.h"
#include "support/world.h"

#include <string.h>

#define GROUP "/subscriptions/9/resourceGroups/g"

static void a_redirect_to_another_server_never_sees_the_token(void **state)
{
    (void)state;
    static const struct {
        const char *name, *location;
    } rows[] = {
        {"another port",                         "Location: $OTHER/x\r\n"                                   },
        {"another host",                         "Location: https://management.azure.com.evil.example/x\r\n"},
        {"a user name that looks like our host", "Location: $BASE@evil.example/x\r\n"                       },
        {"without a scheme",                     "Location: //evil.example/x\r\n"                           },
        {"another scheme",                       "Location: ftp://127.0.0.1/x\r\n"                          },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct serve_row script[] = {
            {"GET /", 0, 307, rows[i].location, NULL, 0},
            {0   }
        };
        struct world world;
        world_open(&world, script);
        struct azml_arm_reply reply = {0};
        auto_error struct azml_error err = {0};
        int done = azml_arm_send(world.arm, &(struct azml_arm_call){.path = GROUP}, &reply, &err);
        size_t elsewhere = serve_count(world.other, "");
        world_close(&world);
        azml_arm_reply_cleanup(&reply);
        if (done == 0 || err.code != AZML_ERROR_PROTOCOL || elsewhere != 0)
            fail_msg("%s: %d, %zu requests elsewhere", rows[i].name, (int)err.code, elsewhere);
    }
}

static void redirects_without_end_are_an_error(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /", 0, 302, "Location: /round\r\n", NULL, 0},
        {0   }
    };
    struct world world;
    world_open(&world, script);
    auto_reply struct azml_arm_reply reply = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_send(world.arm, &(struct azml_arm_call){.path = GROUP}, &reply, &err),
                     -1);
    assert_string_equal(err.message, "the service redirects without end");
    world_close(&world);
}

static void a_redirect_at_home_keeps_method_body_and_token(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"PUT /subscriptions", 0, 307, "Location: $BASE/new?a=b\r\n", NULL, 0},
        {"PUT /new",                 0, 200, NULL, "{}", 0},
        {"POST /subscriptions",                0, 302, "Location: /new\r\n", NULL, 0},
        {0                   }
    };
    struct world world;
    world_open(&world, script);
    auto_error struct azml_error err = {0};
    auto_json cJSON *body = cJSON_CreateObject();
    assert_int_equal(azml_arm_put(world.arm, GROUP, body, NULL, &err), 0);
    const struct serve_seen *seen = serve_seen(world.serve, "PUT /new?a=b", 0);
    assert_string_equal(seen->authorization, "Bearer token-1");
    assert_string_equal(seen->body, "{}");
    /* a 302 would turn a POST into a GET, which nobody asked for */
    auto_reply struct azml_arm_reply reply = {0};
    const struct azml_arm_call post = {.method = "POST", .path = GROUP "/x"};
    assert_int_equal(azml_arm_send(world.arm, &post, &reply, &err), 0);
    assert_int_equal(reply.status, 302);
    world_close(&world);
}

static void a_401_is_tried_once_more_with_a_fresh_token(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /",                                                                   1, 401, NULL,
         "{\"error\":{\"code\":\"ExpiredAuthenticationToken\",\"message\":\"m\"}}", 0},
        {"GET /",                                                                      0, 200, NULL, "{}", 0},
        {0}
    };
    struct world world;
    world_open(&world, script);
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_get(world.arm, GROUP, NULL, &err), 0);
    assert_int_equal(serve_count(world.serve, WORLD_TOKEN_LINE), 2);
    assert_int_equal(serve_count(world.serve, "GET "), 2);
    /* the token is kept for the next call */
    assert_int_equal(azml_arm_get(world.arm, GROUP, NULL, &err), 0);
    assert_int_equal(serve_count(world.serve, WORLD_TOKEN_LINE), 2);
    world_close(&world);
}

static void a_second_401_is_the_answer(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /", 0, 401, "x-ms-request-id: r1\r\n",
         "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"m\"}}", 0},
        {0   }
    };
    struct world world;
    world_open(&world, script);
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_get(world.arm, GROUP, NULL, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_SIGNED_OUT);
    assert_string_equal(err.said_code, "InvalidAuthenticationToken");
    assert_string_equal(err.request_id, "r1");
    assert_int_equal(serve_count(world.serve, "GET "), 2);
    world_close(&world);
}

static void many_401_at_once_fetch_one_fresh_token(void **state)
{
    (void)state;
    static const char *const paths[] = {"/a?api-version=1", "/b?api-version=1", "/c?api-version=1",
                                        "/d?api-version=1"};
    const struct serve_row script[] = {
        {"GET /a", 1, 401, NULL, "{}", 0},
        {"GET /b",     1, 401, NULL, "{}", 0},
        {"GET /c",    1, 401, NULL, "{}", 0},
        {"GET /d",        1, 401, NULL, "{}", 0},
        {"GET /",   0, 200, NULL, "{}", 0},
        {0   },
    };
    struct world world;
    world_open(&world, script);
    struct azml_arm_read reads[4] = {0};
    for (size_t i = 0; i < 4; i++)
        reads[i].path = paths[i];
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_read_all(world.arm, reads, 4, &err), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(reads[i].json);
        cJSON_Delete(reads[i].json);
    }
    assert_int_equal(serve_count(world.serve, WORLD_TOKEN_LINE), 2);
    world_close(&world);
}

static void a_reply_that_is_no_json_is_told(void **state)
{
    (void)state;
    auto_str struct azml_str deep = {0};
    for (int i = 0; i < 300; i++)
        azml_str_add_char(&deep, '[');
    const struct serve_row script[] = {
        {"GET /deep",           0, 200, NULL, azml_str_text(&deep), 0},
        {"GET /cut",                  0, 200, NULL, "{\"a\":", 0},
        {"GET /text", 0, 200, NULL, "hello", 0},
        {0                    }
    };
    struct world world;
    world_open(&world, script);
    static const char *const paths[] = {"/deep?api-version=1", "/cut?api-version=1"};
    for (size_t i = 0; i < 2; i++) {
        auto_error struct azml_error err = {0};
        auto_reply struct azml_arm_reply reply = {0};
        assert_int_equal(azml_arm_get(world.arm, paths[i], &reply, &err), -1);
        assert_int_equal(err.code, AZML_ERROR_PROTOCOL);
        assert_string_equal(err.message, "the service's reply makes no sense");
    }
    auto_error struct azml_error err = {0};
    auto_reply struct azml_arm_reply reply = {0};
    assert_int_equal(azml_arm_get(world.arm, "/text?api-version=1", &reply, &err), 0);
    assert_null(reply.body);
    assert_string_equal(reply.http.body, "hello");
    assert_null(azml_arm_get_json(world.arm, "/text?api-version=1", &err));
    assert_int_equal(err.code, AZML_ERROR_PROTOCOL);
    world_close(&world);
}

static void note_line(void *data, const char *line)
{
    azml_str_addf(data, "%s\n", line);
}

static void keys_are_kept_out_of_the_trace(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /", 0, 200, NULL, "{\"keys\":[{\"value\":\"abc123\"}]}", 0},
        {0    }
    };
    struct world world;
    world_open(&world, script);
    auto_str struct azml_str trace = {0};
    azml_http_set_say(world.http, NULL, note_line, &trace);
    auto_error struct azml_error err = {0};
    auto_reply struct azml_arm_reply reply = {0};
    static const char account[] = GROUP "/providers/Microsoft.Storage/storageAccounts/a";
    static const char *const verbs[] = {"listKeys", "regenerateKey", "getAccessToken"};
    for (size_t i = 0; i < AZML_COUNT(verbs); i++) {
        azml_arm_reply_cleanup(&reply);
        auto_free char *path = azml_format(NULL, "%s/%s", account, verbs[i]);
        assert_int_equal(azml_arm_post(world.arm, path, NULL, AZML_HTTP_REPEAT_SAFE, &reply, &err),
                         0);
        assert_string_equal(azml_json_text(reply.body, "keys.0.value"), "abc123");
    }
    assert_null(strstr(azml_str_text(&trace), "abc123"));
    assert_null(strstr(azml_str_text(&trace), "token-1"));
    assert_non_null(strstr(azml_str_text(&trace), "< (29 bytes, not shown)"));
    const struct serve_seen *seen = serve_seen(world.serve, "POST /subscriptions", 0);
    assert_non_null(strstr(seen->head, "Content-Length: 0\r\n"));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_redirect_to_another_server_never_sees_the_token),
        cmocka_unit_test(redirects_without_end_are_an_error),
        cmocka_unit_test(a_redirect_at_home_keeps_method_body_and_token),
        cmocka_unit_test(a_401_is_tried_once_more_with_a_fresh_token),
        cmocka_unit_test(a_second_401_is_the_answer),
        cmocka_unit_test(many_401_at_once_fetch_one_fresh_token),
        cmocka_unit_test(a_reply_that_is_no_json_is_told),
        cmocka_unit_test(keys_are_kept_out_of_the_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
