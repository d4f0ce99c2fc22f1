#include "unit/test.h"

#include "azml/http.h"
#include "base/auto.h"
#include "support/fake_clock.h"
#include "support/serve.h"

#include <stdlib.h>
#include <string.h>

#define auto_response __attribute__((cleanup(azml_http_response_cleanup)))

static struct serve *serve;
static struct fake_clock waits;
static struct azml_http *http;

static void open_world(const struct serve_row *rows)
{
    serve = serve_start(rows, false, NULL);
    fake_clock_init(&waits);
    http = azml_http_new(&(struct azml_http_options){.clock = &waits.clock}, NULL);
    assert_non_null(http);
}

static void close_world(void)
{
    azml_http_free(http);
    serve_stop(serve);
}

static int send(const char *method, const char *path, const char *body,
                struct azml_http_response *response_out, struct azml_error *err)
{
    auto_free char *url = azml_format(NULL, "%s%s", serve_base(serve), path);
    const struct azml_http_request request = {
        .method = method, .url = url, .body = body, .body_length = body ? strlen(body) : 0};
    return azml_http_send(http, &request, response_out, err);
}

static void replies_without_end_cost_an_error_and_no_memory(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum serve_trick trick;
        const char *part;
    } rows[] = {
        {"a body without end",    SERVE_ENDLESS_BODY,    "is larger than 64 MiB"  },
        {"headers without end",   SERVE_ENDLESS_HEADERS, "are larger than 256 KiB"},
        {"one header of 320 KiB", SERVE_LONG_HEADER,     "are larger than 256 KiB"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct serve_row script[] = {
            {"GET /", 0, 200, NULL, NULL, rows[i].trick},
            {0   }
        };
        open_world(script);
        auto_error struct azml_error err = {0};
        auto_response struct azml_http_response response = {0};
        int done = send("GET", "/", NULL, &response, &err);
        size_t requests = serve_count(serve, "");
        close_world();
        if (done == 0 || err.code != AZML_ERROR_PROTOCOL || !strstr(err.message, rows[i].part) ||
            requests != 1)
            fail_msg("%s: %d '%s', %zu requests", rows[i].name, (int)err.code,
                     err.message ? err.message : "", requests);
    }
}

static void each_method_says_how_long_its_body_is(void **state)
{
    (void)state;
    static const struct {
        const char *method, *body, *header;
        bool has_type;
    } rows[] = {
        {"GET",    NULL,  NULL,                  false},
        {"DELETE", NULL,  NULL,                  false},
        {"POST",   NULL,  "Content-Length: 0\r", false},
        {"PUT",    NULL,  "Content-Length: 0\r", false},
        {"PATCH",  NULL,  "Content-Length: 0\r", false},
        {"POST",   "{}",  "Content-Length: 2\r", true },
        {"PUT",    "{}",  "Content-Length: 2\r", true },
        {"DELETE", "[1]", "Content-Length: 3\r", true },
        {"GET",    "[1]", "Content-Length: 3\r", true },
    };
    const struct serve_row script[] = {
        {"",   0, 200, NULL, "{}", 0},
        {0}
    };
    open_world(script);
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_response struct azml_http_response response = {0};
        assert_int_equal(send(rows[i].method, "/", rows[i].body, &response, &err), 0);
        const struct serve_seen *seen = serve_seen(serve, "", i);
        bool has_length = rows[i].header ? strstr(seen->head, rows[i].header) != NULL
                                         : strstr(seen->head, "Content-Length") == NULL;
        bool has_type = strstr(seen->head, "Content-Type: application/json; charset=utf-8") != NULL;
        if (strncmp(seen->line, rows[i].method, strlen(rows[i].method)) != 0 || !has_length ||
            has_type != rows[i].has_type || strstr(seen->head, "Expect:"))
            fail_msg("%s %s:\n%s", rows[i].method, rows[i].body ? rows[i].body : "", seen->head);
    }
    close_world();
}

static void a_head_has_headers_and_no_body(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"HEAD /", 0, 200, "X-A:  b c \r\n", "ignored", 0},
        {0    }
    };
    open_world(script);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(send("HEAD", "/", NULL, &response, &err), 0);
    assert_string_equal(azml_http_response_header(&response, "x-a"), "b c");
    assert_string_equal(response.body, "");
    close_world();
}

static void the_caller_s_headers_win(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"PUT /", 0, 200, NULL, "", 0},
        {0   }
    };
    open_world(script);
    auto_secret struct azml_secret token = {0};
    assert_int_equal(azml_secret_set(&token, "tok", 3, NULL), 0);
    const struct azml_http_header headers[] = {
        {.name = "Content-Type",  .value = "text/csv"},
        {.name = "authorization", .value = "Basic x" },
        {.name = "X-Empty",       .value = ""        },
        {.name = "User-Agent",    .value = "me"      }
    };
    const struct azml_http_request request = {.method = "PUT",
                                              .url = serve_base(serve),
                                              .headers = headers,
                                              .header_count = 4,
                                              .body = "a",
                                              .body_length = 1,
                                              .bearer = &token};
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(azml_http_send(http, &request, &response, &err), 0);
    const char *head = serve_seen(serve, "PUT", 0)->head;
    assert_non_null(strstr(head, "Content-Type: text/csv\r\n"));
    assert_null(strstr(head, "application/json; charset"));
    assert_non_null(strstr(head, "authorization: Basic x\r\n"));
    assert_null(strstr(head, "tok"));
    assert_non_null(strstr(head, "X-Empty:\r\n"));
    assert_non_null(strstr(head, "User-Agent: me\r\n"));
    close_world();
}

static void compression_is_offered(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /", 0, 200, NULL, "{}", 0},
        {0   }
    };
    open_world(script);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(send("GET", "/", NULL, &response, &err), 0);
    assert_non_null(strstr(serve_seen(serve, "GET", 0)->head, "Accept-Encoding: gzip\r\n"));
    close_world();
}

static void a_proxy_is_not_used_for_loopback_unless_told(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /",   0, 200, NULL, "direct", 0},
        {"GET http://",      0, 200, NULL, "by proxy", 0},
        {0}
    };
    open_world(script);
    assert_int_equal(setenv("http_proxy", serve_base(serve), 1), 0);
    assert_int_equal(setenv("no_proxy", "", 1), 0);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(send("GET", "/", NULL, &response, &err), 0);
    assert_string_equal(response.body, "direct");
    azml_http_free(http);
    http = azml_http_new(&(struct azml_http_options){.clock = &waits.clock, .proxy_loopback = true},
                         NULL);
    auto_response struct azml_http_response second = {0};
    assert_int_equal(send("GET", "/", NULL, &second, &err), 0);
    assert_string_equal(second.body, "by proxy");
    assert_int_equal(unsetenv("http_proxy"), 0);
    close_world();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_without_end_cost_an_error_and_no_memory),
        cmocka_unit_test(each_method_says_how_long_its_body_is),
        cmocka_unit_test(a_head_has_headers_and_no_body),
        cmocka_unit_test(the_caller_s_headers_win),
        cmocka_unit_test(compression_is_offered),
        cmocka_unit_test(a_proxy_is_not_used_for_loopback_unless_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
