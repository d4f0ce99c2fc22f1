#include "sandbox/authorize.h"

#include "base/base64.h"
#include "folder.h"
#include "sandbox/tokens.h"
#include "toy.h"
#include "unit/test.h"

#define NOW 1541314982 /* 2018-11-04T07:03:02Z */
#define AUD "https://management.azure.com/"

static char *folder;

static int group_setup(void **state)
{
    folder = folder_make();
    if (!folder)
        return -1;
    toy_now_ms = NOW * INT64_C(1000);
    *state = sandbox_open(&(struct sandbox_world){.folder = folder,
                                                  .endpoint = "https://127.0.0.1:4711",
                                                  .clock = &toy_clock,
                                                  .providers = toy_providers},
                          NULL);
    return *state ? 0 : -1;
}

static int group_teardown(void **state)
{
    sandbox_close(*state);
    folder_remove(folder);
    return 0;
}

/* What a good token holds (entra-auth 7.2). */
static cJSON *claims_of(const struct sandbox *sandbox, const char *audience)
{
    cJSON *claims = cJSON_CreateObject();
    auto_free char *issuer = azml_format(NULL, "https://sts.windows.net/%s/", sandbox->tenant_id);
    azml_json_put_text(claims, "aud", audience);
    azml_json_put_text(claims, "iss", issuer);
    azml_json_put_text(claims, "oid", "the-object");
    azml_json_put_text(claims, "appid", "the-client");
    azml_json_put_text(claims, "tid", "the-tenant");
    azml_json_put_number(claims, "nbf", NOW - 300);
    azml_json_put_number(claims, "exp", NOW + 3600);
    return claims;
}

/* Ask with that Authorization header, or none. */
static void ask(struct sandbox *sandbox, const char *target, const char *header,
                struct sandbox_caller *caller, struct sandbox_reply *reply)
{
    struct sandbox_request request = {.method = "GET", .body = ""};
    assert_int_equal(sandbox_request_set_target(&request, target, NULL), 0);
    if (header)
        sandbox_request_add_header(&request, "authorization", header, NULL);
    assert_int_equal(sandbox_authorize(sandbox, &request, reply, NULL), 0);
    *caller = request.caller;
    sandbox_request_cleanup(&request);
}

static void ask_with(struct sandbox *sandbox, cJSON *claims, struct sandbox_caller *caller,
                     struct sandbox_reply *reply)
{
    auto_free char *token = sandbox_tokens_sign(sandbox->tokens, claims, NULL);
    auto_free char *header = azml_format(NULL, "Bearer %s", token);
    cJSON_Delete(claims);
    ask(sandbox, "/subscriptions", header, caller, reply);
}

/* Status, code and message, and the headers of every 401 (entra-auth 8.3, reference 1.4). */
static void is_refused(const struct sandbox *sandbox, const struct sandbox_reply *reply,
                       const struct sandbox_caller *caller, const char *code, const char *message)
{
    assert_int_equal(reply->status, 401);
    assert_string_equal(azml_json_text(reply->json, "error.code"), code);
    assert_string_equal(azml_json_text(reply->json, "error.message"), message);
    const char *challenge = sandbox_pairs_find(&reply->headers, "WWW-Authenticate");
    assert_non_null(challenge);
    auto_free char *begin = azml_format(NULL,
                                        "Bearer authorization_uri=\"https://127.0.0.1:4711/%s\", "
                                        "error=\"invalid_token\", error_description=\"",
                                        sandbox->tenant_id);
    assert_true(azml_has_prefix(challenge, begin));
    assert_true(azml_has_suffix(challenge, "\""));
    assert_string_equal(sandbox_pairs_find(&reply->headers, "x-ms-failure-cause"), "gateway");
    assert_string_equal(sandbox_pairs_find(&reply->headers, "Content-Type"),
                        "application/json; charset=utf-8");
    assert_string_equal(caller->object_id, "");
}

static void a_missing_header_is_told_with_the_tenant(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *own =
        azml_format(NULL, "/subscriptions/%s?api-version=2022-12-01", sandbox->subscription_id);
    const char *const targets[] = {"/subscriptions?api-version=2022-12-01", own, "/x"};
    for (size_t i = 0; i < 2 * AZML_COUNT(targets); i++) {
        auto_reply struct sandbox_reply reply = {0};
        struct sandbox_caller caller;
        ask(sandbox, targets[i / 2], i % 2 ? "" : NULL, &caller, &reply);
        is_refused(sandbox, &reply, &caller, "AuthenticationFailed",
                   "Authentication failed. The 'Authorization' header is missing.");
    }
}

static void an_unknown_subscription_is_told_without_a_token(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    struct sandbox_caller caller;
    ask(*state, "/subscriptions/00000000-0000-0000-0000-000000000000", NULL, &caller, &reply);
    assert_int_equal(reply.status, 404);
    assert_string_equal(azml_json_text(reply.json, "error.code"), "SubscriptionNotFound");
}

static void a_header_that_is_no_bearer_token_is_refused(void **state)
{
    static const char *const headers[] = {"Basic dXNlcjpwYXNz", "Bearer", "Bearertoken", "token"};
    for (size_t i = 0; i < AZML_COUNT(headers); i++) {
        auto_reply struct sandbox_reply reply = {0};
        struct sandbox_caller caller;
        ask(*state, "/subscriptions", headers[i], &caller, &reply);
        if (reply.status != 401 || !sandbox_pairs_find(&reply.headers, "WWW-Authenticate"))
            fail_msg("'%s' was taken", headers[i]);
    }
}

static void garbage_and_foreign_signatures_are_invalid_tokens(void **state)
{
    struct sandbox *sandbox = *state;
    char *other_folder = folder_make();
    struct sandbox_tokens *other = sandbox_tokens_open(other_folder, NULL);
    auto_json cJSON *claims = claims_of(sandbox, AUD);
    auto_free char *foreign = sandbox_tokens_sign(other, claims, NULL);
    auto_free char *unsigned_one = azml_strdup(foreign, NULL);
    strrchr(unsigned_one, '.')[1] = '\0';
    const char *const tokens[] = {"", "garbage", "a.b.c", foreign, unsigned_one};
    for (size_t i = 0; i < AZML_COUNT(tokens); i++) {
        auto_free char *header = azml_format(NULL, "Bearer %s", tokens[i]);
        auto_reply struct sandbox_reply reply = {0};
        struct sandbox_caller caller;
        ask(sandbox, "/subscriptions", header, &caller, &reply);
        is_refused(sandbox, &reply, &caller, "InvalidAuthenticationToken",
                   "The access token is invalid.");
    }
    sandbox_tokens_free(other);
    folder_remove(other_folder);
}

static void an_expired_token_is_told_with_both_times(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0}, just = {0};
    struct sandbox_caller caller;
    cJSON *claims = claims_of(sandbox, AUD);
    azml_json_put_number(claims, "exp", NOW - 154);
    ask_with(sandbox, claims, &caller, &reply);
    is_refused(sandbox, &reply, &caller, "ExpiredAuthenticationToken",
               "The access token expiry UTC time '11/4/2018 7:00:28 AM' is earlier than current "
               "UTC time '11/4/2018 7:03:02 AM'.");
    claims = claims_of(sandbox, AUD);
    azml_json_put_number(claims, "exp", NOW);
    ask_with(sandbox, claims, &caller, &just);
    assert_string_equal(azml_json_text(just.json, "error.code"), "ExpiredAuthenticationToken");
}

static void noon_and_midnight_are_twelve(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    struct sandbox_caller caller;
    cJSON *claims = claims_of(sandbox, AUD);
    azml_json_put_number(claims, "exp", 1541289600); /* 2018-11-04T00:00:00Z */
    toy_now_ms = 1541332805 * INT64_C(1000);         /* 12:00:05 */
    ask_with(sandbox, claims, &caller, &reply);
    toy_now_ms = NOW * INT64_C(1000);
    is_refused(sandbox, &reply, &caller, "ExpiredAuthenticationToken",
               "The access token expiry UTC time '11/4/2018 12:00:00 AM' is earlier than current "
               "UTC time '11/4/2018 12:00:05 PM'.");
}

static void a_token_of_tomorrow_is_invalid(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    struct sandbox_caller caller;
    cJSON *claims = claims_of(sandbox, AUD);
    azml_json_put_number(claims, "nbf", NOW + 86400);
    azml_json_put_number(claims, "exp", NOW + 90000);
    ask_with(sandbox, claims, &caller, &reply);
    is_refused(sandbox, &reply, &caller, "InvalidAuthenticationToken",
               "The access token is invalid.");
}

static void another_tenant_s_token_names_the_right_one(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    struct sandbox_caller caller;
    cJSON *claims = claims_of(sandbox, AUD);
    azml_json_put_text(claims, "iss", "https://sts.windows.net/other/");
    ask_with(sandbox, claims, &caller, &reply);
    auto_free char *message = azml_format(
        NULL,
        "The access token is from the wrong issuer 'https://sts.windows.net/other/'. It must match "
        "the tenant 'https://sts.windows.net/%s/' associated with this subscription. Please use "
        "the authority (URL) 'https://127.0.0.1:4711/%s' to get the token. Note, if the "
        "subscription is transferred to another tenant there is no impact to the services, but "
        "information about new tenant could take time to propagate (up to an hour). If you just "
        "transferred your subscription and see this error message, please try back later.",
        sandbox->tenant_id, sandbox->tenant_id);
    is_refused(sandbox, &reply, &caller, "InvalidAuthenticationTokenTenant", message);
}

static void an_issuer_must_match_to_the_slash(void **state)
{
    struct sandbox *sandbox = *state;
    static const char *const forms[] = {"https://sts.windows.net/%s", "http://sts.windows.net/%s/",
                                        "https://login.microsoftonline.com/%s/v2.0"};
    for (size_t i = 0; i < AZML_COUNT(forms); i++) {
        auto_str struct azml_str issuer = {0};
        azml_str_add_bytes(&issuer, forms[i], (size_t)(strchr(forms[i], '%') - forms[i]));
        azml_str_add(&issuer, sandbox->tenant_id);
        azml_str_add(&issuer, strchr(forms[i], '%') + 2);
        auto_reply struct sandbox_reply reply = {0};
        struct sandbox_caller caller;
        cJSON *claims = claims_of(sandbox, AUD);
        azml_json_put_text(claims, "iss", azml_str_text(&issuer));
        ask_with(sandbox, claims, &caller, &reply);
        assert_int_equal(reply.status, 401);
        assert_string_equal(azml_json_text(reply.json, "error.code"),
                            "InvalidAuthenticationTokenTenant");
    }
}

static void a_token_for_something_else_names_what_would_do(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    struct sandbox_caller caller;
    ask_with(sandbox, claims_of(sandbox, "https://graph.microsoft.com/"), &caller, &reply);
    const char *message = azml_json_text(reply.json, "error.message");
    assert_true(azml_has_prefix(message, "The access token has been obtained for wrong audience or "
                                         "resource 'https://graph.microsoft.com/'. It should "
                                         "exactly match with one of the allowed audiences '"));
    assert_non_null(strstr(message, "'https://127.0.0.1:4711/'"));
    assert_non_null(strstr(message, "'https://management.azure.com/'"));
    is_refused(sandbox, &reply, &caller, "InvalidAuthenticationTokenAudience", message);
}

static void the_resource_manager_has_these_audiences(void **state)
{
    static const struct {
        const char *audience;
        bool is_one;
    } rows[] = {
        {"",                                          false},
        {"https://graph.microsoft.com/",              false},
        {"https://management.azure.com.example.org/", false},
        {"https://management.azure.com//",            false},
        {"https://management.azure.com/x",            false},
        {"http://management.azure.com/",              false},
        {"https://127.0.0.1/",                        false},
        {"https://127.0.0.1:47110/",                  false},
        {"https://127.0.0.1:4712/",                   false},
        {"https://localhost/",                        false},
        {"https://127.0.0.1:4711",                    true },
        {"https://127.0.0.1:4711/",                   true },
        {"https://localhost:4711/",                   true },
        {"https://management.azure.com",              true },
        {"https://management.azure.com/",             true },
        {"https://management.core.windows.net",       true },
        {"https://management.core.windows.net/",      true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (sandbox_is_audience(*state, rows[i].audience) != rows[i].is_one)
            fail_msg("'%s'", rows[i].audience);
    }
}

static void a_good_token_says_who_calls(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    struct sandbox_caller caller;
    ask_with(sandbox, claims_of(sandbox, "https://127.0.0.1:4711/"), &caller, &reply);
    assert_int_equal(reply.status, 0);
    assert_int_equal(reply.headers.count, 0);
    assert_string_equal(caller.object_id, "the-object");
    assert_string_equal(caller.client_id, "the-client");
    assert_string_equal(caller.tenant_id, "the-tenant");
}

/* RFC 9110, section 11.1: schemes are compared without case. */
static void the_scheme_is_taken_in_any_case(void **state)
{
    struct sandbox *sandbox = *state;
    static const char *const schemes[] = {"bearer", "BEARER", "Bearer "};
    auto_json cJSON *claims = claims_of(sandbox, AUD);
    auto_free char *token = sandbox_tokens_sign(sandbox->tokens, claims, NULL);
    for (size_t i = 0; i < AZML_COUNT(schemes); i++) {
        auto_free char *header = azml_format(NULL, "%s %s", schemes[i], token);
        auto_reply struct sandbox_reply reply = {0};
        struct sandbox_caller caller;
        ask(sandbox, "/subscriptions", header, &caller, &reply);
        assert_int_equal(reply.status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_header_is_told_with_the_tenant),
        cmocka_unit_test(an_unknown_subscription_is_told_without_a_token),
        cmocka_unit_test(a_header_that_is_no_bearer_token_is_refused),
        cmocka_unit_test(garbage_and_foreign_signatures_are_invalid_tokens),
        cmocka_unit_test(an_expired_token_is_told_with_both_times),
        cmocka_unit_test(noon_and_midnight_are_twelve),
        cmocka_unit_test(a_token_of_tomorrow_is_invalid),
        cmocka_unit_test(another_tenant_s_token_names_the_right_one),
        cmocka_unit_test(an_issuer_must_match_to_the_slash),
        cmocka_unit_test(a_token_for_something_else_names_what_would_do),
        cmocka_unit_test(the_resource_manager_has_these_audiences),
        cmocka_unit_test(a_good_token_says_who_calls),
        cmocka_unit_test(the_scheme_is_taken_in_any_case),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
