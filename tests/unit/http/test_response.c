#include "unit/test.h"

#include "azml/http.h"
#include "base/auto.h"

#include <string.h>

#define WALL INT64_C(1795430000000) /* 2026-11-23T10:33:20Z */

static void waits_are_read_in_every_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        bool found;
        uint64_t ms;
    } rows[] = {
        {"X-Other",             "5",                             false, 0          },
        {"Retry-After",         "",                              false, 0          },
        {"Retry-After",         "soon",                          false, 0          },
        {"Retry-After",         "-5",                            false, 0          },
        {"Retry-After",         "1.5",                           false, 0          },
        {"Retry-After",         "99999999999999999999999999",    false, 0          },
        {"Retry-After",         "0",                             true,  0          },
        {"retry-after",         "17",                            true,  17000      },
        {"Retry-After",         "31536000",                      true,  31536000000},
        {"Retry-After-Ms",      "250",                           true,  250        },
        {"x-ms-retry-after-ms", "7",                             true,  7          },
        {"Retry-After",         "Mon, 23 Nov 2026 10:34:20 GMT", true,  60000      },
        {"Retry-After",         "Mon, 23 Nov 2026 10:00:00 GMT", true,  0          },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_http_header header = {.name = rows[i].name, .value = rows[i].value};
        const struct azml_http_response response = {.headers = &header, .header_count = 1};
        uint64_t ms = 0;
        if (azml_http_retry_after(&response, WALL, &ms) != rows[i].found || ms != rows[i].ms)
            fail_msg("%s: %s gave %lu", rows[i].name, rows[i].value, (unsigned long)ms);
    }
}

static void the_finer_spelling_comes_first(void **state)
{
    (void)state;
    struct azml_http_header headers[] = {
        {.name = "Retry-After",    .value = "60" },
        {.name = "retry-after-ms", .value = "100"}
    };
    const struct azml_http_response response = {.headers = headers, .header_count = 2};
    uint64_t ms = 0;
    assert_true(azml_http_retry_after(&response, WALL, &ms));
    assert_int_equal(ms, 100);
}

static void headers_are_found_in_any_case(void **state)
{
    (void)state;
    struct azml_http_header headers[] = {
        {.name = "x-ms-request-id", .value = "1"},
        {.name = "X-MS-Request-ID", .value = "2"}
    };
    const struct azml_http_response response = {.headers = headers, .header_count = 2};
    assert_string_equal(azml_http_response_header(&response, "X-Ms-Request-Id"), "1");
    assert_null(azml_http_response_header(&response, "x-ms"));
    azml_http_response_cleanup(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_are_read_in_every_spelling),
        cmocka_unit_test(the_finer_spelling_comes_first),
        cmocka_unit_test(headers_are_found_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
