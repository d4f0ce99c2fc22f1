#include "unit/test.h"

#include "arm/handle.h"
#include "base/auto.h"
#include "base/json.h"
#include "support/world.h"

#include <stdio.h>
#include <string.h>

#define LIST "/subscriptions/9/resourceGroups"

static void lists_that_lead_astray_are_errors(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct serve_row script[4];
        const char *message;
    } rows[] = {
        {"no list",
         {{"GET /", 0, 200, NULL, "{\"name\":\"g\"}", 0}},
         "the reply for " LIST " is no list"                              },
        {"value of another type",
         {{"GET /", 0, 200, NULL, "{\"value\":{}}", 0}},
         "the reply for " LIST " is no list"                              },
        {"an empty reply",
         {{"GET /", 0, 200, NULL, "", 0}},
         "the reply for " LIST " holds no document"                       },
        {"a nextLink of another type",
         {{"GET /", 0, 200, NULL, "{\"value\":[1],\"nextLink\":{\"href\":\"/page\"}}", 0}},
         "the reply for " LIST " has a nextLink that is no address"       },
        {"a nextLink in a circle",
         {{"GET /", 0, 200, NULL, "{\"value\":[1],\"nextLink\":\"$BASE/page?a=1\"}", 0}},
         "the list leads in a circle: a nextLink came again after 1 pages"},
        {"a larger circle",
         {{"GET /a", 0, 200, NULL, "{\"value\":[1],\"nextLink\":\"$BASE/b?x=1\"}", 0},
          {"GET /b", 0, 200, NULL, "{\"value\":[1],\"nextLink\":\"$BASE/a?x=1\"}", 0},
          {"GET /", 0, 200, NULL, "{\"value\":[1],\"nextLink\":\"$BASE/a?x=1\"}", 0}},
         "the list leads in a circle: a nextLink came again after 2 pages"},
        {"an error on the second page",
         {{"GET /page", 0, 409, NULL, "{\"error\":{\"code\":\"Conflict\",\"message\":\"m\"}}", 0},
          {"GET /", 0, 200, NULL, "{\"value\":[1],\"nextLink\":\"/page\"}", 0}},
         "it does not go together with what is there now"                 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct world world;
        world_open(&world, rows[i].script);
        auto_error struct azml_error err = {0};
        auto_json cJSON *list = azml_arm_list(world.arm, LIST, &err);
        world_close(&world);
        if (list || !err.message || strcmp(err.message, rows[i].message) != 0)
            fail_msg("%s: %s", rows[i].name, err.message ? err.message : "no error");
    }
}

static void a_next_link_to_another_server_is_not_asked(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /", 0, 200, NULL, "{\"value\":[1],\"nextLink\":\"$OTHER/page\"}", 0},
        {0   }
    };
    struct world world;
    world_open(&world, script);
    auto_error struct azml_error err = {0};
    assert_null(azml_arm_list(world.arm, LIST, &err));
    assert_int_equal(err.code, AZML_ERROR_PROTOCOL);
    assert_non_null(strstr(err.message, "the reply points to another server"));
    assert_non_null(strstr(err.why, "goes nowhere else"));
    assert_int_equal(serve_count(world.other, ""), 0);
    world_close(&world);
}

static void pages_without_end_stop_at_the_bound(void **state)
{
    (void)state;
    /* every page links to another address, so that none comes twice */
    struct serve_row script[42] = {0};
    char matches[41][32], bodies[41][96];
    for (int i = 0; i < 41; i++) {
        (void)snprintf(matches[i], sizeof(matches[i]), "GET /p%d?", i);
        (void)snprintf(bodies[i], sizeof(bodies[i]), "{\"value\":[],\"nextLink\":\"/p%d?x=y\"}",
                       i + 1);
        script[i] = (struct serve_row){matches[i], 0, 200, NULL, bodies[i], 0};
    }
    struct world world;
    world_open(&world, script);
    world.arm->most_pages = 30;
    auto_error struct azml_error err = {0};
    assert_null(azml_arm_list(world.arm, "/p0?api-version=1", &err));
    assert_string_equal(err.message, "the list has more than 30 pages");
    assert_int_equal(serve_count(world.serve, "GET "), 31);
    world_close(&world);
}

static void all_pages_become_one_array(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /third",                         0, 200, NULL, "{\"value\":[4],\"nextLink\":\"\"}", 0},
        {"GET /second?%24skiptoken=a%20b",                                 0, 200, NULL,
         "{\"value\":[],\"nextLink\":\"/third?x=y\"}", 0},
        {"GET /", 0, 200, NULL,
         "{\"nextLink\":\"$BASE/second?%24skiptoken=a%20b\\u0026c=d\",\"value\":[1,2,3]}", 0},
        {0                                   }
    };
    struct world world;
    world_open(&world, script);
    auto_error struct azml_error err = {0};
    auto_json cJSON *list = azml_arm_list(world.arm, LIST, &err);
    assert_non_null(list);
    assert_int_equal(cJSON_GetArraySize(list), 4);
    assert_int_equal(cJSON_GetArrayItem(list, 3)->valueint, 4);
    /* followed as it came, with the token, without another api-version */
    const struct serve_seen *seen = serve_seen(world.serve, "GET /second", 0);
    assert_string_equal(seen->line, "GET /second?%24skiptoken=a%20b&c=d");
    assert_string_equal(seen->authorization, "Bearer token-1");
    assert_non_null(serve_seen(world.serve, "GET " LIST "?api-version=2025-04-01", 0));
    world_close(&world);
}

static void many_reads_each_have_their_own_end(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /subscriptions/9/resourceGroups?", 0, 200, NULL, "{\"value\":[1,2]}", 0},
        {"GET /subscriptions/9?",                                   0, 200, NULL, "{\"displayName\":\"s\"}", 0},
        {"POST /providers/Microsoft.ResourceGraph/resources",                   1, 503, NULL, "", 0},
        {"POST /providers/Microsoft.ResourceGraph/resources",                                      0, 200, NULL, "{\"count\":0}", 0},
        {0  }
    };
    struct world world;
    world_open(&world, script);
    struct azml_arm_read reads[] = {
        {.path = LIST,                      .is_list = true},
        {.path = "/subscriptions/9/resourceGroups/missing"                                },
        {.path = "/subscriptions/9"},
        {.path = "/providers/Microsoft.ResourceGraph/resources",                                 .post_body = "{\"query\":\"r\"}"},
        {.path = "https://elsewhere.example/x"},
    };
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_read_all(world.arm, reads, 5, &err), 0);
    assert_int_equal(cJSON_GetArraySize(reads[0].json), 2);
    assert_int_equal(reads[1].error.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(azml_json_text(reads[2].json, "displayName"), "s");
    assert_int_equal(azml_json_int_or(reads[3].json, "count", -1), 0);
    assert_int_equal(reads[4].error.code, AZML_ERROR_USAGE);
    const struct serve_seen *graph = serve_seen(world.serve, "POST /providers", 1);
    assert_string_equal(graph->body, "{\"query\":\"r\"}");
    for (size_t i = 0; i < 5; i++) {
        cJSON_Delete(reads[i].json);
        azml_error_cleanup(&reads[i].error);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_that_lead_astray_are_errors),
        cmocka_unit_test(a_next_link_to_another_server_is_not_asked),
        cmocka_unit_test(pages_without_end_stop_at_the_bound),
        cmocka_unit_test(all_pages_become_one_array),
        cmocka_unit_test(many_reads_each_have_their_own_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
