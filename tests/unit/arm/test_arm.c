#include "unit/test.h"

#include "arm/handle.h"
#include "base/auto.h"
#include "support/world.h"

#include <string.h>

static void paths_are_encoded_piece_by_piece(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    auto_free char *path = azml_arm_path(&err, "/subscriptions/", "9", "/resourceGroups/",
                                         "lab (1) é/?", "/resources", (char *)NULL);
    assert_string_equal(path, "/subscriptions/9/resourceGroups/lab%20(1)%20%C3%A9%2F%3F/resources");
}

static void addresses_are_completed(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct world world;
    world_open(&world, none);
    const char *base = serve_base(world.serve);
    static const struct {
        const char *path, *version, *rest;
    } rows[] = {
        {"/subscriptions/9",                      NULL,         "/subscriptions/9?api-version=2022-12-01"       },
        {"/subscriptions/9",                      "2019-01-01", "/subscriptions/9?api-version=2019-01-01"       },
        {"/subscriptions/9?$top=1",               NULL,         "/subscriptions/9?$top=1&api-version=2022-12-01"},
        {"/x?API-VERSION=7",                      NULL,         "/x?API-VERSION=7"                              },
        {"/x?api-version=7&$filter=name eq 'é'", NULL,
         "/x?api-version=7&$filter=name%20eq%20'%C3%A9'"                                                        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_free char *url = azml_arm_url(world.arm, rows[i].path, rows[i].version, &err);
        auto_free char *want = azml_format(NULL, "%s%s", base, rows[i].rest);
        assert_non_null(url);
        assert_string_equal(url, want);
    }
    auto_error struct azml_error err = {0};
    assert_null(azml_arm_url(world.arm, "/nothing/known", NULL, &err));
    assert_string_equal(err.message, "no api-version is known for /nothing/known");
    assert_string_equal(err.hint, "/nothing/known?api-version=YYYY-MM-DD");
    assert_null(azml_arm_url(world.arm, "https://elsewhere.example/x", NULL, &err));
    assert_int_equal(err.code, AZML_ERROR_USAGE);
    world_close(&world);
}

static void another_endpoint_gets_the_headers_but_no_token(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /", 0, 200, NULL, "{}", 0},
        {0   }
    };
    struct world world;
    world_open(&world, script);
    struct serve *second = serve_start(script, false, NULL);
    const struct azml_http_header header = {
        .name = "Authorization", .value = "Basic abc", .secret = true};
    world_arm(&world, &(struct azml_arm_options){
                          .endpoint = serve_base(second), .headers = &header, .header_count = 1});
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_get(world.arm, "/subscriptions/9", NULL, &err), 0);
    assert_string_equal(serve_seen(second, "GET ", 0)->authorization, "Basic abc");
    assert_int_equal(serve_count(world.serve, ""), 0);
    assert_false(azml_arm_is_own(world.arm, serve_base(world.serve)));
    world_close(&world);
    serve_stop(second);
}

static void an_endpoint_without_encryption_must_be_on_loopback(void **state)
{
    (void)state;
    const struct azml_cloud cloud = {0};
    auto_error struct azml_error err = {0};
    const struct azml_arm_options options = {.cloud = &cloud, .endpoint = "http://10.0.0.1"};
    assert_null(azml_arm_new(&options, &err));
    assert_string_equal(err.message, "'http://10.0.0.1' is not encrypted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_encoded_piece_by_piece),
        cmocka_unit_test(addresses_are_completed),
        cmocka_unit_test(another_endpoint_gets_the_headers_but_no_token),
        cmocka_unit_test(an_endpoint_without_encryption_must_be_on_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
