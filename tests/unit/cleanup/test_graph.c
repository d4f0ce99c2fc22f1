#include "unit/scripted.h"

#include "base/json.h"
#include "cleanup/look.h"

static void a_page_says_whether_there_is_another(void **state)
{
    (void)state;
    static const struct {
        const char *reply;
        int more;
    } rows[] = {
        {"{}",                                                              -1},
        {"{\"data\":[],\"resultTruncated\":\"true\"}",                      -1},
        {"{\"data\":[],\"resultTruncated\":true,\"$skipToken\":\"\"}",      -1},
        {"{\"data\":[],\"resultTruncated\":\"true\",\"$skipToken\":\"t\"}", 1 },
        {"{\"data\":[],\"resultTruncated\":\"false\"}",                     0 },
        {"{\"data\":[]}",                                                   0 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *reply = azml_json_parse(rows[i].reply, strlen(rows[i].reply), NULL);
        const char *token = NULL;
        auto_error struct azml_error err = {0};
        if (azml_cleanup_graph_page(reply, &token, &err) != rows[i].more)
            fail_msg("row %zu: %s", i, rows[i].reply);
    }
}

static void every_page_is_asked_for_with_the_token_of_the_one_before(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"POST /providers/Microsoft.ResourceGraph/resources", 1, 200, NULL,
         "{\"data\":[{\"id\":\"/a\"}],\"resultTruncated\":\"true\",\"$skipToken\":\"two\"}", 0},
        {"POST /providers/Microsoft.ResourceGraph/resources", 1, 200, NULL,
         "{\"data\":[{\"id\":\"/b\"}],\"resultTruncated\":\"false\"}", 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    auto_json cJSON *list = azml_cleanup_graph(world.arm, SUB_ID, NULL);
    assert_int_equal(cJSON_GetArraySize(list), 2);
    const struct serve_seen *first = serve_seen(world.serve, "POST", 0);
    assert_non_null(strstr(first->body, SUB_ID));
    assert_null(strstr(first->body, "$skipToken"));
    assert_non_null(strstr(serve_seen(world.serve, "POST", 1)->body, "\"$skipToken\":\"two\""));
    scripted_close(&world);
}

static void rows_that_are_left_out_are_an_error_not_an_end(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"POST ", 0, 200, NULL, "{\"data\":[],\"resultTruncated\":\"true\"}", 0},
        {0   }
    };
    struct scripted world;
    scripted_open(&world, rows);
    auto_error struct azml_error err = {0};
    assert_null(azml_cleanup_graph(world.arm, SUB_ID, &err));
    assert_string_equal(err.message, "Resource Graph left rows out and names no further page");
    scripted_close(&world);
}

static void a_token_that_comes_again_is_an_error_not_a_loop(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"POST ",                                                 5, 200, NULL, "{\"data\":[{\"id\":\"/a\"}],\"$skipToken\":\"same\"}", 0},
        {"POST ",                                                    0, 200, NULL, "{\"data\":[]}", 0},
        {0}
    };
    struct scripted world;
    scripted_open(&world, rows);
    auto_error struct azml_error err = {0};
    assert_null(azml_cleanup_graph(world.arm, SUB_ID, &err));
    assert_string_equal(err.message, "Resource Graph's pages lead in a circle");
    assert_int_equal(serve_count(world.serve, "POST"), 2);
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_says_whether_there_is_another),
        cmocka_unit_test(every_page_is_asked_for_with_the_token_of_the_one_before),
        cmocka_unit_test(rows_that_are_left_out_are_an_error_not_an_end),
        cmocka_unit_test(a_token_that_comes_again_is_an_error_not_a_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
