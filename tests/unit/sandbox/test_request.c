#include "sandbox/request.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void paths_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "subscriptions/x",
        "https://127.0.0.1/",
        "/a%00b",
        "/a%FFb",
        "/a%C0%AFb",
        "/a%ED%A0%80b",
        "/a%E9",
        "/a?b=%00",
        "/a?%80=c",
        "/a?b=%F4%90%80%80",
        ("/1/2/3/4/5/6/7/8/9/1/2/3/4/5/6/7/8/9/1/2/3/4/5/6/7/8/9/1/2/3/4/5/6/7/8/9/1/2/3/4/5/6/7/8"
         "/9/1/2/3/4/5/6/7/8/9/1/2/3/4/5/6/7/8/9/1/2/3/4/5/6/7/8/9"),
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_request request = {.method = "GET"};
        auto_error struct azml_error err = {0};
        if (sandbox_request_set_target(&request, rows[i], &err) == 0)
            fail_msg("row %zu was taken", i);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        sandbox_request_cleanup(&request);
    }
}

static void paths_are_decoded_and_doubled_slashes_forgotten(void **state)
{
    (void)state;
    static const struct {
        const char *target, *path;
        size_t segments;
    } rows[] = {
        {"/",                                     "/",                                   0},
        {"//a///b/",                              "/a/b",                                2},
        {"/subscriptions/S/resourceGroups/a%20b", "/subscriptions/S/resourceGroups/a b", 4},
        {"/providers/Microsoft.Storage//x?a=1",   "/providers/Microsoft.Storage/x",      3},
        {"/a+b",                                  "/a+b",                                1},
        {"/%C3%A9%E9%9F%B3/%F0%9F%98%80",         "/é音/😀",                         2},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_request request = {.method = "GET"};
        assert_int_equal(sandbox_request_set_target(&request, rows[i].target, NULL), 0);
        assert_string_equal(request.path, rows[i].path);
        assert_int_equal(request.segment_count, rows[i].segments);
        assert_string_equal(request.target, rows[i].target);
        sandbox_request_cleanup(&request);
    }
}

static void query_and_headers_are_found_in_any_case(void **state)
{
    (void)state;
    struct sandbox_request request = {.method = "GET"};
    assert_int_equal(sandbox_request_set_target(
                         &request, "/x?API-Version=2025-04-01&%24filter=a%20eq%20'b'+c&flag", NULL),
                     0);
    assert_int_equal(sandbox_request_add_header(&request, "If-Match", "*", NULL), 0);
    assert_string_equal(request.api_version, "2025-04-01");
    assert_string_equal(sandbox_request_query(&request, "$FILTER"), "a eq 'b' c");
    assert_string_equal(sandbox_request_query(&request, "flag"), "");
    assert_null(sandbox_request_query(&request, "$top"));
    assert_string_equal(sandbox_request_header(&request, "if-match"), "*");
    assert_null(sandbox_request_header(&request, "Accept"));
    sandbox_request_cleanup(&request);
}

static void ids_are_built_from_the_first_segments(void **state)
{
    (void)state;
    struct sandbox_request request = {.method = "GET"};
    assert_int_equal(
        sandbox_request_set_target(&request, "/subscriptions/S//resourceGroups/G", NULL), 0);
    auto_free char *whole = sandbox_request_id(&request, 0, NULL);
    auto_free char *front = sandbox_request_id(&request, 2, NULL);
    assert_string_equal(whole, "/subscriptions/S/resourceGroups/G");
    assert_string_equal(front, "/subscriptions/S");
    sandbox_request_cleanup(&request);
}

static void writes_are_told_from_reads(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        bool is_write;
    } rows[] = {
        {"GET",     false},
        {"HEAD",    false},
        {"OPTIONS", false},
        {"PUT",     true },
        {"PATCH",   true },
        {"POST",    true },
        {"DELETE",  true }
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_request request = {.method = rows[i].method};
        if (sandbox_request_is_write(&request) != rows[i].is_write)
            fail_msg("%s", rows[i].method);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_that_are_none_are_refused),
        cmocka_unit_test(paths_are_decoded_and_doubled_slashes_forgotten),
        cmocka_unit_test(query_and_headers_are_found_in_any_case),
        cmocka_unit_test(ids_are_built_from_the_first_segments),
        cmocka_unit_test(writes_are_told_from_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
