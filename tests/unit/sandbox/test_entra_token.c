#include "unit/test.h"

#include "entra_world.h"

#include "base/base64.h"
#include "sandbox/tokens.h"

#define V2  "/{T}/oauth2/v2.0/token"
#define V1  "/{T}/oauth2/token"
#define ARM "https%3A%2F%2Fmanagement.azure.com%2F.default"

/* {C} and {S} in a form are the client's id and secret. */
static char *fill(const struct sandbox *sandbox, const char *form)
{
    auto_str struct azml_str text = {0};
    for (const char *at = form; *at; at++) {
        bool is_place = at[0] == '{' && at[1] && at[2] == '}';
        if (is_place && at[1] == 'C')
            azml_str_add(&text, sandbox->client_id);
        else if (is_place && at[1] == 'S')
            azml_str_add_percent(&text, sandbox->client_secret, NULL);
        else
            azml_str_add_char(&text, *at);
        at += is_place ? 2 : 0;
    }
    return azml_str_take(&text, NULL);
}

static void ask(struct sandbox *sandbox, const char *path, const char *form,
                struct sandbox_reply *reply)
{
    auto_free char *filled = fill(sandbox, form);
    entra_send(sandbox, "POST", path, NULL, filled, reply);
}

static void every_mistake_has_its_code(void **state)
{
    static const struct {
        const char *path, *form;
        int status;
        const char *error;
        int code;
    } rows[] = {
        {"/00000000-0000-0000-0000-000000000000/oauth2/v2.0/token", "a=b",                                                                           400, "invalid_tenant",
         90002                                                                                                                                                                             },
        {"/common/oauth2/v2.0/token",                               "a=b",                                                                           400, "invalid_request",        50059  },
        {V2,                                                        "a=b",                                                                           400, "invalid_request",        900144 },
        {V2,                                                        "grant_type=%FF",                                                                400, "invalid_request",        900144 },
        {V2,                                                        "grant_type=password",                                                           400, "unsupported_grant_type", 70003  },
        {V2,                                                        "grant_type=client_credentials",                                                 400, "invalid_request",        900144 },
        {V2,                                                        "grant_type=client_credentials&client_id={C}",                                   400, "invalid_request",        900144 },
        {V2,                                                        "grant_type=client_credentials&client_id={C}&client_id={C}",                     400, "invalid_request",
         9000411                                                                                                                                                                           },
        {V2,                                                        "grant_type=client_credentials&client_id={C}&resource=x&client_secret={S}",      400,
         "invalid_request",                                                                                                                                                         901002 },
        {V2,                                                        "grant_type=client_credentials&client_id={C}&client_secret={S}&scope=user.read", 400,
         "invalid_scope",                                                                                                                                                           1002012},
        {V2,                                                        "grant_type=client_credentials&client_id={C}&client_secret={S}&scope=openid",    400,
         "invalid_scope",                                                                                                                                                           70011  },
        {V2,
         "grant_type=client_credentials&client_id={C}&client_secret={S}&scope=a/.default+b/"
         ".default",                                                                                                                                 400, "invalid_request",        28000  },
        {V2,                                                        "grant_type=client_credentials&client_id=nobody&client_secret={S}&scope=" ARM,   400,
         "unauthorized_client",                                                                                                                                                     700016 },
        {V2,                                                        "grant_type=client_credentials&client_id={C}&scope=" ARM,                        401, "invalid_client",
         7000218                                                                                                                                                                           },
        {V2,                                                        "grant_type=client_credentials&client_id={C}&client_secret=wrong&scope=" ARM,    401,
         "invalid_client",                                                                                                                                                          7000215},
        {V2,                                                        "grant_type=client_credentials&client_id={C}&client_secret={S}x&scope=" ARM,     401,
         "invalid_client",                                                                                                                                                          7000215},
        {V2,
         "grant_type=client_credentials&client_id={C}&client_secret={S}&scope=https://x/"
         ".default",                                                                                                                                 400, "invalid_resource",       500011 },
        {V1,                                                        "grant_type=client_credentials&client_id={C}&client_secret={S}",                 400,
         "invalid_request",                                                                                                                                                         900144 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        ask(*state, rows[i].path, rows[i].form, &reply);
        const char *error = azml_json_text(reply.json, "error");
        if (reply.status != rows[i].status || !error || strcmp(error, rows[i].error) != 0 ||
            azml_json_int_or(reply.json, "error_codes.0", 0) != rows[i].code)
            fail_msg("row %zu: %d %s", i, reply.status,
                     azml_json_text(reply.json, "error_description"));
    }
}

static void an_error_has_the_real_shape(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    auto_free char *form =
        fill(sandbox, "grant_type=client_credentials&client_id={C}&client_secret=wrong&scope=" ARM);
    entra_send(sandbox, "POST", V2, "client-request-id: my-own-id", form, &reply);
    assert_string_equal(azml_json_text(reply.json, "correlation_id"), "my-own-id");
    const char *trace = azml_json_text(reply.json, "trace_id");
    const char *time = azml_json_text(reply.json, "timestamp");
    auto_free char *wanted = azml_format(
        NULL,
        "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the "
        "request is the client secret value, not the client secret ID, for a secret added to app "
        "'%s'. Trace ID: %s Correlation ID: my-own-id Timestamp: %s",
        sandbox->client_id, trace, time);
    assert_string_equal(azml_json_text(reply.json, "error_description"), wanted);
    assert_string_equal(time, "2023-11-14 22:13:20Z");
    assert_string_equal(azml_json_text(reply.json, "error_uri"),
                        "https://127.0.0.1:4443/error?code=7000215");
}

static void other_methods_and_types_are_refused(void **state)
{
    auto_reply struct sandbox_reply get = {0}, json = {0};
    entra_send(*state, "GET", V2, NULL, NULL, &get);
    assert_int_equal(get.status, 405);
    assert_int_equal(azml_json_int_or(get.json, "error_codes.0", 0), 900561);
    entra_send(*state, "POST", V2, "Content-Type: application/json", "{}", &json);
    assert_int_equal(json.status, 400);
    assert_int_equal(azml_json_int_or(json.json, "error_codes.0", 0), 900144);
}

static void a_token_carries_the_claims_and_opens_the_resource_manager(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    ask(sandbox, V2, "grant_type=client_credentials&client_id={C}&client_secret={S}&scope=" ARM,
        &reply);
    assert_int_equal(reply.status, 200);
    assert_string_equal(azml_json_text(reply.json, "token_type"), "Bearer");
    assert_true(cJSON_IsNumber(azml_json_at(reply.json, "expires_in")));
    assert_null(azml_json_at(reply.json, "refresh_token"));
    const char *token = azml_json_text(reply.json, "access_token");
    auto_json cJSON *claims = sandbox_tokens_verify(sandbox->tokens, token);
    assert_non_null(claims);
    assert_string_equal(azml_json_text(claims, "aud"), "https://management.azure.com");
    auto_free char *issuer = azml_format(NULL, "https://sts.windows.net/%s/", sandbox->tenant_id);
    assert_string_equal(azml_json_text(claims, "iss"), issuer);
    assert_string_equal(azml_json_text(claims, "oid"), sandbox->object_id);
    assert_string_equal(azml_json_text(claims, "appid"), sandbox->client_id);
    assert_string_equal(azml_json_text(claims, "idtyp"), "app");
    assert_string_equal(azml_json_text(claims, "ver"), "1.0");
    assert_int_equal(azml_json_int_or(claims, "nbf", 0), toy_now_ms / 1000 - 300);
    assert_int_equal(azml_json_int_or(claims, "exp", 0), toy_now_ms / 1000 + 3599);

    auto_free char *header = azml_format(NULL, "Authorization: Bearer %s", token);
    auto_reply struct sandbox_reply opened = {0};
    entra_send(sandbox, "GET", "/providers/nothing?api-version=2022-12-01", header, NULL, &opened);
    assert_int_equal(opened.status, 404);
}

static void every_audience_of_the_resource_manager_is_taken(void **state)
{
    static const struct {
        const char *scope, *audience;
    } rows[] = {
        {"https://management.core.windows.net//.default",        "https://management.core.windows.net/"},
        {"https://127.0.0.1:4443/.default",                      "https://127.0.0.1:4443"              },
        {"https://127.0.0.1:4443//.default",                     "https://127.0.0.1:4443/"             },
        {"https://management.azure.com/.default openid profile", "https://management.azure.com"        },
    };
    struct sandbox *sandbox = *state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_str struct azml_str form = {0};
        azml_str_add(&form, "grant_type=client_credentials&client_id={C}&client_secret={S}&scope=");
        azml_str_add_percent(&form, rows[i].scope, NULL);
        auto_reply struct sandbox_reply reply = {0};
        ask(sandbox, V2, azml_str_text(&form), &reply);
        const char *token = azml_json_text(reply.json, "access_token");
        if (!token)
            fail_msg("%s: %s", rows[i].scope, azml_json_text(reply.json, "error_description"));
        auto_json cJSON *claims = sandbox_tokens_verify(sandbox->tokens, token);
        assert_string_equal(azml_json_text(claims, "aud"), rows[i].audience);
    }
}

static void the_old_endpoint_answers_in_texts(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    ask(*state, V1,
        "grant_type=client_credentials&client_id={C}&client_secret={S}&resource=https%3A%2F%"
        "2Fmanagement.core.windows.net%2F",
        &reply);
    assert_int_equal(reply.status, 200);
    assert_string_equal(azml_json_text(reply.json, "expires_in"), "3599");
    assert_string_equal(azml_json_text(reply.json, "expires_on"), "1700003599");
    assert_string_equal(azml_json_text(reply.json, "resource"),
                        "https://management.core.windows.net/");
}

static void the_secret_may_come_in_a_basic_header(void **state)
{
    struct sandbox *sandbox = *state;
    auto_str struct azml_str both = {0};
    azml_str_addf(&both, "%s:", sandbox->client_id);
    azml_str_add_percent(&both, sandbox->client_secret, NULL);
    auto_free char *encoded = azml_base64_encode(both.data, both.length, NULL);
    auto_free char *header = azml_format(NULL, "Authorization: Basic %s", encoded);
    auto_reply struct sandbox_reply reply = {0};
    entra_send(sandbox, "POST", V2, header, "grant_type=client_credentials&scope=" ARM, &reply);
    assert_int_equal(reply.status, 200);
}

static void the_azure_stack_door_takes_scope_or_resource_and_answers_in_numbers(void **state)
{
    struct sandbox *sandbox = *state;
    static const char *const rows[] = {
        "grant_type=client_credentials&client_id={C}&client_secret={S}&scope=" ARM,
        "grant_type=client_credentials&client_id={C}&client_secret={S}&resource=https%3A%2F%"
        "2Fmanagement.azure.com"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        ask(sandbox, "/adfs/oauth2/token", rows[i], &reply);
        assert_int_equal(reply.status, 200);
        assert_true(cJSON_IsNumber(azml_json_at(reply.json, "expires_in")));
        auto_json cJSON *claims =
            sandbox_tokens_verify(sandbox->tokens, azml_json_text(reply.json, "access_token"));
        assert_string_equal(azml_json_text(claims, "aud"), "https://management.azure.com");
        assert_string_equal(azml_json_text(claims, "tid"), sandbox->tenant_id);
    }
    auto_reply struct sandbox_reply neither = {0};
    ask(sandbox, "/adfs/oauth2/token",
        "grant_type=client_credentials&client_id={C}&client_secret={S}", &neither);
    assert_int_equal(azml_json_int_or(neither.json, "error_codes.0", 0), 900144);
    auto_reply struct sandbox_reply v2 = {0};
    ask(sandbox, "/adfs/oauth2/v2.0/token", rows[0], &v2);
    assert_int_equal(azml_json_int_or(v2.json, "error_codes.0", 0), 90002);
}

static void the_domain_stands_for_the_tenant(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    ask(*state, "/azmlsandbox.onmicrosoft.com/oauth2/v2.0/token",
        "grant_type=client_credentials&client_id={C}&client_secret={S}&scope=" ARM, &reply);
    assert_int_equal(reply.status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_has_its_code),
        cmocka_unit_test(an_error_has_the_real_shape),
        cmocka_unit_test(other_methods_and_types_are_refused),
        cmocka_unit_test(a_token_carries_the_claims_and_opens_the_resource_manager),
        cmocka_unit_test(every_audience_of_the_resource_manager_is_taken),
        cmocka_unit_test(the_old_endpoint_answers_in_texts),
        cmocka_unit_test(the_secret_may_come_in_a_basic_header),
        cmocka_unit_test(the_azure_stack_door_takes_scope_or_resource_and_answers_in_numbers),
        cmocka_unit_test(the_domain_stands_for_the_tenant),
    };
    return cmocka_run_group_tests(tests, entra_setup, entra_teardown);
}
