#include "sandbox/tls_client.h"

#include "unit/test.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "support/serve.h"

#include <string.h>

static struct sandbox_tls_post post_to(const struct serve *serve, const struct azml_secret *secret)
{
    return (struct sandbox_tls_post){.endpoint = serve_base(serve),
                                     .ca_file = serve_ca_file(serve),
                                     .path = "/control",
                                     .header = "x-secret",
                                     .secret = secret,
                                     .body = "{\"do\":\"status\"}"};
}

static void every_broken_answer_is_an_error(void **state)
{
    (void)state;
    static const struct {
        struct serve_row row;
        enum azml_error_code code;
    } rows[] = {
        {{.match = "POST /control", .status = 200, .body = "no json"}, AZML_ERROR_PROTOCOL},
        {{.match = "POST /control", .trick = SERVE_RESET},             AZML_ERROR_NETWORK },
    };
    auto_secret struct azml_secret secret = {0};
    assert_int_equal(azml_secret_set(&secret, "s", 1, NULL), 0);
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct serve_row script[] = {rows[i].row, {0}};
        struct serve *serve = serve_start(script, true, NULL);
        const struct sandbox_tls_post post = post_to(serve, &secret);
        auto_error struct azml_error err = {0};
        int status = 0;
        auto_json cJSON *answer = sandbox_tls_post(&post, &status, &err);
        if (answer || err.code != rows[i].code)
            fail_msg("row %zu: %d %s", i, (int)err.code, err.message ? err.message : "");
        serve_stop(serve);
    }
}

static void only_the_one_with_the_right_ca_is_the_sandbox(void **state)
{
    (void)state;
    auto_secret struct azml_secret secret = {0};
    assert_int_equal(azml_secret_set(&secret, "s", 1, NULL), 0);
    const struct serve_row rows[] = {
        {.match = "POST /control", .status = 200, .body = "{}"},
        {0           }
    };
    struct serve *serve = serve_start(rows, true, NULL), *other = serve_start(rows, true, NULL);
    struct sandbox_tls_post post = post_to(serve, &secret);
    post.ca_file = serve_ca_file(other);
    auto_error struct azml_error err = {0};
    int status = 0;
    assert_null(sandbox_tls_post(&post, &status, &err));
    assert_int_equal(err.code, AZML_ERROR_TLS);
    assert_string_equal(err.message, "what answers at the sandbox's address is not the sandbox");
    assert_int_equal(serve_count(serve, "POST"), 0); /* the secret stayed here */
    serve_stop(serve);
    serve_stop(other);
}

static void nobody_there_and_no_address_are_told_apart(void **state)
{
    (void)state;
    auto_free char *closed =
        azml_format(NULL, "https://127.0.0.1:%u", 1U);
    const struct {
        const char *endpoint;
        enum azml_error_code code;
    } rows[] = {
        {NULL,                      AZML_ERROR_IO     },
        {"https",                   AZML_ERROR_IO     },
        {"https://127.0.0.1:70000", AZML_ERROR_IO     },
        {closed,                    AZML_ERROR_NETWORK},
    };
    auto_secret struct azml_secret secret = {0};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct sandbox_tls_post post = {.endpoint = rows[i].endpoint,
                                              .ca_file = "/nowhere",
                                              .path = "/",
                                              .header = "x",
                                              .secret = &secret,
                                              .body = "{}"};
        auto_error struct azml_error err = {0};
        int status = 0;
        assert_null(sandbox_tls_post(&post, &status, &err));
        if (err.code != rows[i].code)
            fail_msg("row %zu: %s", i, err.message);
    }
}

static void the_secret_and_the_body_arrive_and_the_status_comes_back(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {.match = "POST /control",                    .status = 400, .body = "{\"error\":{\"code\":\"usage\"}}"},
        {0}
    };
    struct serve *serve = serve_start(rows, true, NULL);
    auto_secret struct azml_secret secret = {0};
    assert_int_equal(azml_secret_set(&secret, "hush", 4, NULL), 0);
    const struct sandbox_tls_post post = post_to(serve, &secret);
    int status = 0;
    auto_json cJSON *answer = sandbox_tls_post(&post, &status, NULL);
    assert_int_equal(status, 400);
    assert_string_equal(azml_json_text(answer, "error.code"), "usage");
    const struct serve_seen *seen = serve_seen(serve, "POST /control", 0);
    assert_non_null(seen);
    assert_non_null(azml_find_nocase(seen->head, "x-secret: hush"));
    assert_string_equal(seen->body, "{\"do\":\"status\"}");
    serve_stop(serve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_broken_answer_is_an_error),
        cmocka_unit_test(only_the_one_with_the_right_ca_is_the_sandbox),
        cmocka_unit_test(nobody_there_and_no_address_are_told_apart),
        cmocka_unit_test(the_secret_and_the_body_arrive_and_the_status_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
