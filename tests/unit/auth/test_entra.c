#include "unit/test.h"

#include "auth/entra.h"
#include "base/auto.h"
#include "support/fake_clock.h"
#include "support/serve.h"

#include <stdlib.h>
#include <string.h>

struct endpoint {
    struct serve *serve;
    struct fake_clock clock;
    struct azml_http *http;
    struct azml_cloud cloud;
};

static int ask(struct endpoint *endpoint, const char *tenant, const char *secret_text,
               struct azml_token *token_out, struct azml_error *err)
{
    auto_secret struct azml_secret secret = {0};
    assert_int_equal(azml_secret_set(&secret, secret_text, strlen(secret_text), NULL), 0);
    const struct azml_credential_options options = {.cloud = &endpoint->cloud,
                                                    .http = endpoint->http};
    return azml_entra_client_secret(&options, tenant, "app", &secret, token_out, err);
}

static void open_endpoint(struct endpoint *endpoint, const struct serve_row *rows)
{
    *endpoint = (struct endpoint){.serve = serve_start(rows, true, NULL)};
    fake_clock_init(&endpoint->clock);
    const struct azml_http_options options = {.clock = &endpoint->clock.clock,
                                              .ca_file = serve_ca_file(endpoint->serve),
                                              .only_ca_file = true};
    endpoint->http = azml_http_new(&options, NULL);
    assert_non_null(endpoint->http);
    endpoint->cloud.authority = azml_strdup(serve_base(endpoint->serve), NULL);
    endpoint->cloud.audience = azml_strdup("https://management.azure.com", NULL);
}

static void close_endpoint(struct endpoint *endpoint)
{
    azml_http_free(endpoint->http);
    azml_cloud_cleanup(&endpoint->cloud);
    serve_stop(endpoint->serve);
}

/* One answer of the token endpoint and what becomes of it. */
static const struct {
    const char *name;
    struct serve_row row;
    enum azml_error_code code;
    const char *said, *why, *hint;
    size_t requests;
} refusals[] = {
    {"a wrong secret",
     {"POST /", 0, 401, NULL,
      "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret "
      "provided.\\r\\nTrace ID: t-1\\r\\nCorrelation ID: c-1\\r\\nTimestamp: 2026\",\"error_codes\":"
      "[7000215],\"correlation_id\":\"c-1\",\"trace_id\":\"t-1\"}",
      0},
     AZML_ERROR_SIGNED_OUT,                                                                           "AADSTS7000215",
     "the client secret is wrong: its value is needed, not its id",                                                           "az ad app credential reset --id CLIENT_ID",
     1                                                                                                                                                                      },
    {"a code that only the text has",
     {"POST /", 0, 400, NULL,
      "{\"error\":\"invalid_request\",\"error_description\":\"AADSTS90002: Tenant 'x' not found.\",\"trace_id\":\"t-1\",\"correlation_id\":\"c-1\"}",
      0},
     AZML_ERROR_SIGNED_OUT,                                                                           "AADSTS90002",
     NULL,                                                                                                                    "check AZURE_TENANT_ID and --cloud",
     1                                                                                                                                                                      },
    {"an unknown code",
     {"POST /", 0, 400, NULL,
      "{\"error\":\"invalid_grant\",\"error_codes\":[12345],\"trace_id\":\"t-1\",\"correlation_id\":\"c-1\"}",
      0},
     AZML_ERROR_SIGNED_OUT,                                                                           "AADSTS12345",
     "https://login.microsoftonline.com/error?code=12345 explains it",                                                        NULL,
     1                                                                                                                                                                      },
    {"an error with status 200",
     {"POST /", 0, 200, NULL,
      "{\"error\":\"invalid_client\",\"access_token\":\"x\",\"trace_id\":\"t-1\",\"correlation_id\":\"c-1\"}",
      0},
     AZML_ERROR_SIGNED_OUT,                                                                           "invalid_client",
     NULL,                                                                                                                    NULL,
     1                                                                                                                                                                      },
    {"no token",
     {"POST /", 0, 200, NULL, "{\"token_type\":\"Bearer\"}", 0},
     AZML_ERROR_PROTOCOL,                                                                             NULL,
     NULL,                                                                                                                    NULL,
     1                                                                                                                                                                      },
    {"no JSON",                       {"POST /", 0, 200, NULL, "<html>", 0},     AZML_ERROR_PROTOCOL, NULL,             NULL, NULL,                                        1},
    {"a redirect",
     {"POST /", 0, 302, "Location: https://127.0.0.1/\r\n", NULL, 0},
     AZML_ERROR_PROTOCOL,                                                                             NULL,
     NULL,                                                                                                                    NULL,
     1                                                                                                                                                                      },
    {"a 503 for ever",                {"POST /", 0, 503, NULL, "", 0},           AZML_ERROR_SERVICE,  NULL,             NULL, NULL,                                        3},
    {"a wait of two minutes",
     {"POST /", 0, 429, "Retry-After: 120\r\n", "", 0},
     AZML_ERROR_THROTTLED,                                                                            NULL,
     NULL,                                                                                                                    NULL,
     1                                                                                                                                                                      },
    {"silence",                       {"POST /", 0, 0, NULL, NULL, SERVE_RESET}, AZML_ERROR_NETWORK,  NULL,             NULL, NULL,                                        3},
};

static void refusals_are_explained(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(refusals); i++) {
        const struct serve_row script[] = {refusals[i].row, {0}};
        struct endpoint endpoint;
        open_endpoint(&endpoint, script);
        struct azml_token token = {0};
        auto_error struct azml_error err = {0};
        int done = ask(&endpoint, "tenant", "s", &token, &err);
        size_t requests = serve_count(endpoint.serve, "");
        azml_token_cleanup(&token);
        close_endpoint(&endpoint);
        if (done == 0 || err.code != refusals[i].code || requests != refusals[i].requests ||
            (refusals[i].said && !azml_same_text(err.said_code, refusals[i].said)) ||
            (refusals[i].why && !azml_same_text(err.why, refusals[i].why)) ||
            (refusals[i].hint && !azml_same_text(err.hint, refusals[i].hint)))
            fail_msg("%s: %d '%s' said '%s' why '%s' hint '%s', %zu requests", refusals[i].name,
                     (int)err.code, err.message ? err.message : "",
                     err.said_code ? err.said_code : "", err.why ? err.why : "",
                     err.hint ? err.hint : "", requests);
        if (refusals[i].said) {
            assert_string_equal(err.request_id, "c-1");
            assert_non_null(strstr(err.said_message, "Trace ID: t-1"));
            assert_non_null(strstr(err.said_message, "Correlation ID: c-1"));
            assert_null(strchr(err.said_message, '\r'));
        }
    }
}

static void shared_and_broken_tenants_are_refused_without_a_request(void **state)
{
    (void)state;
    static const char *const tenants[] = {"common", "Organizations", "consumers", "a/b", "a b", ""};
    const struct serve_row script[] = {{0}};
    struct endpoint endpoint;
    open_endpoint(&endpoint, script);
    for (size_t i = 0; i < AZML_COUNT(tenants); i++) {
        struct azml_token token = {0};
        auto_error struct azml_error err = {0};
        assert_int_equal(ask(&endpoint, tenants[i], "s", &token, &err), -1);
    }
    assert_int_equal(serve_count(endpoint.serve, ""), 0);
    close_endpoint(&endpoint);
}

static void the_secret_arrives_byte_for_byte(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /tenant/oauth2/v2.0/token", 1, 503, NULL, "", 0},
        {"POST /tenant/oauth2/v2.0/token",                             0, 200, NULL,
         "{\"token_type\":\"bearer\",\"expires_in\":\"3599\",\"access_token\":\"tok\"}", 0},
        {0                             }
    };
    struct endpoint endpoint;
    open_endpoint(&endpoint, script);
    struct azml_token token = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(ask(&endpoint, "tenant", "a+b&c=d%/ \xc3\xa9~", &token, &err), 0);
    assert_string_equal(azml_secret_reveal(&token.value), "tok");
    int64_t now = azml_clock_wall_ms(&endpoint.clock.clock);
    assert_int_equal(token.expires_ms, now + 3599000);
    const struct serve_seen *seen = serve_seen(endpoint.serve, "POST ", 1);
    assert_string_equal(
        seen->body, "grant_type=client_credentials&client_id=app&scope=https%3A%2F%2F"
                    "management.azure.com%2F.default&client_secret=a%2Bb%26c%3Dd%25%2F%20%C3%A9~");
    assert_non_null(strstr(seen->head, "Content-Type: application/x-www-form-urlencoded\r\n"));
    azml_token_cleanup(&token);
    close_endpoint(&endpoint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_are_explained),
        cmocka_unit_test(shared_and_broken_tenants_are_refused_without_a_request),
        cmocka_unit_test(the_secret_arrives_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
