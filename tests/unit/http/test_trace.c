#include "unit/test.h"

#include "azml/http.h"
#include "base/auto.h"
#include "support/serve.h"

#include <string.h>

#define auto_response __attribute__((cleanup(azml_http_response_cleanup)))

static void note(void *data, const char *line)
{
    azml_str_addf(data, "%s\n", line);
}

static void trace_one(const struct serve_row *row, struct azml_http_request request,
                      struct azml_str *trace)
{
    const struct serve_row script[] = {*row, {0}};
    struct serve *serve = serve_start(script, false, NULL);
    struct azml_http *http =
        azml_http_new(&(struct azml_http_options){.trace = note, .data = trace}, NULL);
    request.url = serve_base(serve);
    auto_response struct azml_http_response response = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_http_send(http, &request, &response, &err), 0);
    azml_http_free(http);
    serve_stop(serve);
}

static void no_secret_reaches_the_trace(void **state)
{
    (void)state;
    auto_secret struct azml_secret token = {0};
    assert_int_equal(azml_secret_set(&token, "tok3n", 5, NULL), 0);
    const struct azml_http_header headers[] = {
        {.name = "X-Own", .value = "hidd3n", .secret = true},
        {.name = "Authorization",               .value = "Basic pa55"         },
    };
    const struct serve_row row = {
        "POST /", 0, 200, "Set-Cookie: fpc=c00kie\r\n", "{\"access_token\":\"t0ken\"}", 0};
    auto_str struct azml_str trace = {0};
    trace_one(&row,
              (struct azml_http_request){.method = "POST",
                                         .headers = headers,
                                         .header_count = 2,
                                         .body = "client_secret=s3cret",
                                         .body_length = 20,
                                         .bearer = &token},
              &trace);
    static const char *const secrets[] = {"tok3n", "hidd3n", "pa55", "c00kie", "t0ken", "s3cret"};
    for (size_t i = 0; i < AZML_COUNT(secrets); i++) {
        if (strstr(azml_str_text(&trace), secrets[i]))
            fail_msg("%s is in:\n%s", secrets[i], azml_str_text(&trace));
    }
    assert_non_null(strstr(azml_str_text(&trace), "> X-Own: (redacted)\n"));
    assert_non_null(strstr(azml_str_text(&trace), "> POST http://127.0.0.1:"));
    assert_non_null(strstr(azml_str_text(&trace), "< 200\n"));
}

static void private_bodies_are_only_counted(void **state)
{
    (void)state;
    const struct serve_row row = {"POST /", 0, 200, NULL, "answer", 0};
    auto_str struct azml_str trace = {0};
    trace_one(&row,
              (struct azml_http_request){
                  .method = "POST", .body = "question", .body_length = 8, .private_bodies = true},
              &trace);
    assert_null(strstr(azml_str_text(&trace), "question"));
    assert_null(strstr(azml_str_text(&trace), "answer"));
    assert_non_null(strstr(azml_str_text(&trace), "> (8 bytes, not shown)\n"));
    assert_non_null(strstr(azml_str_text(&trace), "< (6 bytes, not shown)\n"));
}

static void bodies_headers_and_ids_are_shown(void **state)
{
    (void)state;
    const struct serve_row row = {"GET /", 0, 200, "x-ms-request-id: r1\r\n", "{\"a\":1}", 0};
    auto_str struct azml_str trace = {0};
    trace_one(&row, (struct azml_http_request){.client_request_id = "my-id"}, &trace);
    assert_non_null(strstr(azml_str_text(&trace), "> x-ms-client-request-id: my-id\n"));
    assert_non_null(strstr(azml_str_text(&trace), "< x-ms-request-id: r1\n"));
    assert_non_null(strstr(azml_str_text(&trace), "< {\"a\":1}\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_secret_reaches_the_trace),
        cmocka_unit_test(private_bodies_are_only_counted),
        cmocka_unit_test(bodies_headers_and_ids_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
