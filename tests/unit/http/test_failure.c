#include "unit/test.h"

#include "azml/http.h"
#include "base/auto.h"
#include "support/fake_clock.h"
#include "support/serve.h"

#include <stdlib.h>
#include <string.h>

static struct fake_clock waits;

/* Ask for an address with these options; what failed is in `err`. */
static void fail_with(const char *url, struct azml_http_options options, struct azml_error *err)
{
    fake_clock_init(&waits);
    options.clock = &waits.clock;
    struct azml_http *http = azml_http_new(&options, NULL);
    assert_non_null(http);
    struct azml_http_response response = {0};
    assert_int_equal(azml_http_send(http, &(struct azml_http_request){.url = url}, &response, err),
                     -1);
    azml_http_free(http);
}

static void a_stranger_s_certificate_is_told_and_not_tried_again(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct serve *serve = serve_start(none, true, NULL);
    struct serve *other = serve_start(none, true, NULL);
    auto_error struct azml_error err = {0};
    fail_with(serve_base(serve),
              (struct azml_http_options){.ca_file = serve_ca_file(other), .only_ca_file = true},
              &err);
    assert_int_equal(err.code, AZML_ERROR_TLS);
    assert_non_null(strstr(err.message, "could not prove that it is who it should be"));
    assert_non_null(strstr(err.hint, "--ca-file FILE"));
    assert_int_equal(fake_clock_waited_ms(&waits), 0);
    assert_int_equal(serve_count(serve, ""), 0);
    serve_stop(serve);
    serve_stop(other);
}

static void the_system_s_cas_do_not_know_a_stranger_either(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct serve *serve = serve_start(none, true, NULL);
    static const char *const names[] = {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
                                        "CURL_CA_BUNDLE", "AZML_CA_FILE"};
    for (size_t i = 0; i < AZML_COUNT(names); i++)
        (void)unsetenv(names[i]);
    auto_error struct azml_error err = {0};
    fail_with(serve_base(serve), (struct azml_http_options){0}, &err);
    assert_int_equal(err.code, AZML_ERROR_TLS);
    /* the folder and, as the one retry, the bundle */
    assert_in_range(serve_connections(serve), 1, 2);
    serve_stop(serve);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct serve *serve = serve_start(none, true, NULL);
    auto_free char *url =
        azml_format(NULL, "https://127.0.0.2:%s/", strrchr(serve_base(serve), ':') + 1);
    auto_error struct azml_error err = {0};
    fail_with(url,
              (struct azml_http_options){.ca_file = serve_ca_file(serve), .only_ca_file = true},
              &err);
    /* nobody listens there, or somebody who is not who the certificate says */
    assert_true(err.code == AZML_ERROR_NETWORK || err.code == AZML_ERROR_TLS);
    assert_int_equal(serve_count(serve, ""), 0);
    serve_stop(serve);
}

static void a_host_that_does_not_exist_is_named(void **state)
{
    (void)state;
    (void)unsetenv("https_proxy");
    (void)unsetenv("HTTPS_PROXY");
    auto_error struct azml_error err = {0};
    fail_with("https://nowhere.invalid/", (struct azml_http_options){0}, &err);
    assert_int_equal(err.code, AZML_ERROR_NETWORK);
    assert_string_equal(err.message, "could not find the host nowhere.invalid");
    assert_in_range(fake_clock_waited_ms(&waits), 3750, 7500);
}

static void a_proxy_that_wants_a_password_is_told(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"CONNECT ", 0, 407, "Proxy-Authenticate: Basic\r\n", "", 0},
        {0      }
    };
    struct serve *proxy = serve_start(script, false, NULL);
    assert_int_equal(setenv("https_proxy", serve_base(proxy), 1), 0);
    assert_int_equal(setenv("no_proxy", "", 1), 0);
    auto_error struct azml_error err = {0};
    fail_with("https://arm.invalid/", (struct azml_http_options){0}, &err);
    assert_string_equal(err.message, "the proxy wants a name and password");
    assert_int_equal(serve_count(proxy, "CONNECT arm.invalid:443"), 1);
    assert_int_equal(unsetenv("https_proxy"), 0);
    serve_stop(proxy);
}

static void what_speaks_no_http_makes_no_sense(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /", 0, 200, "Content-Encoding: gzip\r\n", "not gzip", 0},
        {0   }
    };
    struct serve *serve = serve_start(script, false, NULL);
    auto_error struct azml_error err = {0};
    fail_with(serve_base(serve), (struct azml_http_options){0}, &err);
    assert_int_equal(err.code, AZML_ERROR_PROTOCOL);
    assert_non_null(strstr(err.message, "makes no sense"));
    assert_int_equal(serve_count(serve, ""), 1);
    serve_stop(serve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stranger_s_certificate_is_told_and_not_tried_again),
        cmocka_unit_test(the_system_s_cas_do_not_know_a_stranger_either),
        cmocka_unit_test(a_certificate_for_another_name_is_refused),
        cmocka_unit_test(a_host_that_does_not_exist_is_named),
        cmocka_unit_test(a_proxy_that_wants_a_password_is_told),
        cmocka_unit_test(what_speaks_no_http_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
