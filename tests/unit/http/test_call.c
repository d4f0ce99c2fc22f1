#include "unit/test.h"

#include "base/auto.h"
#include "http/call.h"

#include <string.h>

static void what_cannot_be_sent_is_refused(void **state)
{
    (void)state;
    const struct azml_http_header split = {.name = "X-A", .value = "b\r\nEvil: yes"};
    const struct azml_http_header colon = {.name = "X:A", .value = "b"};
    const struct azml_http_header empty = {.name = "", .value = "b"};
    const struct {
        const char *name;
        struct azml_http_request request;
        const char *message;
    } rows[] = {
        {"no address",            {.url = "nowhere"},                 "'nowhere' is not an http or https address"},
        {"no encryption",         {.url = "http://arm.example/"},     "'http://arm.example/' is not encrypted"   },
        {"a method of two words",
         {.url = "https://x/", .method = "GET /evil"},
         "'GET /evil' is not an HTTP method"                                                                     },
        {"two lines",
         {.url = "https://x/", .headers = &split, .header_count = 1},
         "the header X-A has more than one line"                                                                 },
        {"a colon",
         {.url = "https://x/", .headers = &colon, .header_count = 1},
         "'X:A' is not a header name"                                                                            },
        {"no name",
         {.url = "https://x/", .headers = &empty, .header_count = 1},
         "'' is not a header name"                                                                               },
        {"a type of two lines",
         {.url = "https://x/", .content_type = "a\nb"},
         "the content type has more than one line"                                                               },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        struct azml_http_call *call = azml_http_call_new(&rows[i].request, NULL, &err);
        azml_http_call_free(call);
        if (call || err.code != AZML_ERROR_USAGE || strcmp(err.message, rows[i].message) != 0)
            fail_msg("%s: '%s'", rows[i].name, err.message ? err.message : "");
    }
}

static void a_call_owns_copies_of_everything(void **state)
{
    (void)state;
    char url[] = "https://arm.example/x";
    char value[] = "v";
    char body[] = "{}";
    auto_secret struct azml_secret token = {0};
    assert_int_equal(azml_secret_set(&token, "tok", 3, NULL), 0);
    const struct azml_http_header header = {.name = "X-A", .value = value};
    const struct azml_http_request request = {.method = "POST",
                                              .url = url,
                                              .headers = &header,
                                              .header_count = 1,
                                              .body = body,
                                              .body_length = 2,
                                              .bearer = &token,
                                              .repeat = AZML_HTTP_REPEAT_SAFE};
    struct azml_http_call *call = azml_http_call_new(&request, NULL, NULL);
    assert_non_null(call);
    memset(url, 'z', sizeof(url) - 1);
    memset(value, 'z', 1);
    memset(body, 'z', 2);
    azml_secret_cleanup(&token);
    assert_string_equal(call->request.url, "https://arm.example/x");
    assert_string_equal(call->request.headers[0].value, "v");
    assert_memory_equal(call->request.body, "{}", 2);
    assert_string_equal(azml_secret_reveal(&call->bearer), "tok");
    assert_string_equal(call->request.content_type, "application/json; charset=utf-8");
    assert_true(call->is_repeatable);
    assert_int_equal(call->retry.max_tries, 5);
    azml_http_call_free(call);
    azml_http_call_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_sent_is_refused),
        cmocka_unit_test(a_call_owns_copies_of_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
