#include "unit/test.h"

#include "entra_world.h"

#define ORIGIN "https://127.0.0.1:4443"

static void text_is(const cJSON *json, const char *path, const char *format, const char *tenant)
{
    auto_str struct azml_str wanted = {0};
    const char *place = strstr(format, "{T}");
    azml_str_add_bytes(&wanted, format, place ? (size_t)(place - format) : strlen(format));
    if (place) {
        azml_str_add(&wanted, tenant);
        azml_str_add(&wanted, place + 3);
    }
    const char *text = azml_json_text(json, path);
    if (!text || strcmp(text, azml_str_text(&wanted)) != 0)
        fail_msg("%s is %s", path, text ? text : "missing");
}

static void an_unknown_tenant_is_90002(void **state)
{
    static const char *const rows[] = {"/contoso.com/v2.0/.well-known/openid-configuration",
                                       "/contoso.com/.well-known/openid-configuration",
                                       "/contoso.com/discovery/v2.0/keys"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        entra_send(*state, "GET", rows[i], NULL, NULL, &reply);
        assert_int_equal(reply.status, 400);
        assert_int_equal(azml_json_int_or(reply.json, "error_codes.0", 0), 90002);
    }
}

static void the_tenant_is_told_by_its_id_even_when_asked_by_domain(void **state)
{
    struct sandbox *sandbox = *state;
    static const char *const rows[] = {
        "/{T}/v2.0/.well-known/openid-configuration",
        "/azmlsandbox.onmicrosoft.com/v2.0/.well-known/openid-configuration"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        entra_send(sandbox, "GET", rows[i], NULL, NULL, &reply);
        assert_int_equal(reply.status, 200);
        text_is(reply.json, "issuer", ORIGIN "/{T}/v2.0", sandbox->tenant_id);
        text_is(reply.json, "token_endpoint", ORIGIN "/{T}/oauth2/v2.0/token", sandbox->tenant_id);
        text_is(reply.json, "jwks_uri", ORIGIN "/{T}/discovery/v2.0/keys", sandbox->tenant_id);
        text_is(reply.json, "tenant_region_scope", "WW", "");
    }
}

static void shared_names_keep_a_literal_issuer(void **state)
{
    static const char *const names[] = {"common", "organizations", "consumers"};
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        auto_free char *path =
            azml_format(NULL, "/%s/v2.0/.well-known/openid-configuration", names[i]);
        auto_reply struct sandbox_reply reply = {0};
        entra_send(*state, "GET", path, NULL, NULL, &reply);
        text_is(reply.json, "issuer", ORIGIN "/{tenantid}/v2.0", "");
        text_is(reply.json, "token_endpoint", ORIGIN "/{T}/oauth2/v2.0/token", names[i]);
        assert_true(
            cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(reply.json, "tenant_region_scope")));
    }
}

static void the_old_document_has_the_old_issuer(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    entra_send(sandbox, "GET", "/{T}/.well-known/openid-configuration", NULL, NULL, &reply);
    text_is(reply.json, "issuer", "https://sts.windows.net/{T}/", sandbox->tenant_id);
    text_is(reply.json, "token_endpoint", ORIGIN "/{T}/oauth2/token", sandbox->tenant_id);
}

static void the_azure_stack_door_has_the_old_endpoints_and_no_v2(void **state)
{
    auto_reply struct sandbox_reply reply = {0}, v2 = {0}, keys = {0};
    entra_send(*state, "GET", "/adfs/.well-known/openid-configuration", NULL, NULL, &reply);
    assert_int_equal(reply.status, 200);
    text_is(reply.json, "issuer", ORIGIN "/adfs", "");
    text_is(reply.json, "token_endpoint", ORIGIN "/adfs/oauth2/token", "");
    text_is(reply.json, "authorization_endpoint", ORIGIN "/adfs/oauth2/authorize", "");
    entra_send(*state, "GET", "/adfs/v2.0/.well-known/openid-configuration", NULL, NULL, &v2);
    assert_int_equal(v2.status, 400);
    entra_send(*state, "GET", "/adfs/discovery/keys", NULL, NULL, &keys);
    assert_int_equal(keys.status, 200);
}

static void keys_are_published_with_their_certificate(void **state)
{
    static const char *const rows[] = {"/{T}/discovery/v2.0/keys", "/common/discovery/keys"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        entra_send(*state, "GET", rows[i], NULL, NULL, &reply);
        assert_int_equal(reply.status, 200);
        text_is(reply.json, "keys.0.kty", "RSA", "");
        text_is(reply.json, "keys.0.e", "AQAB", "");
        text_is(reply.json, "keys.0.x5t", azml_json_text(reply.json, "keys.0.kid"), "");
        assert_true(azml_has_prefix(azml_json_text(reply.json, "keys.0.x5c.0"), "MII"));
        text_is(reply.json, "keys.0.issuer", ORIGIN "/{tenantid}/v2.0", "");
    }
}

static void only_the_own_host_is_a_known_instance(void **state)
{
    static const struct {
        const char *endpoint;
        int status;
    } rows[] = {
        {"",                                               400},
        {"https://evil.example/t/oauth2/v2.0/authorize",   400},
        {"https://127.0.0.1.evil.example/t/x",             400},
        {"http://127.0.0.1:4443/t/oauth2/v2.0/authorize",  400},
        {"https://127.0.0.1:4443/",                        400},
        {"https://127.0.0.1:4443/t/oauth2/v2.0/authorize", 200},
        {"https://127.0.0.1/t/oauth2/v2.0/authorize",      200},
        {"https://localhost:4443/t/oauth2/v2.0/authorize", 200},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_str struct azml_str path = {0};
        azml_str_add(&path, "/common/discovery/instance?api-version=1.1&authorization_endpoint=");
        azml_str_add_percent(&path, rows[i].endpoint, NULL);
        auto_reply struct sandbox_reply reply = {0};
        entra_send(*state, "GET", azml_str_text(&path), NULL, NULL, &reply);
        if (reply.status != rows[i].status)
            fail_msg("row %zu: %d", i, reply.status);
        if (reply.status == 400)
            text_is(reply.json, "error", "invalid_instance", "");
        else
            text_is(reply.json, "tenant_discovery_endpoint",
                    ORIGIN "/t/v2.0/.well-known/openid-configuration", "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_tenant_is_90002),
        cmocka_unit_test(the_tenant_is_told_by_its_id_even_when_asked_by_domain),
        cmocka_unit_test(shared_names_keep_a_literal_issuer),
        cmocka_unit_test(the_old_document_has_the_old_issuer),
        cmocka_unit_test(the_azure_stack_door_has_the_old_endpoints_and_no_v2),
        cmocka_unit_test(keys_are_published_with_their_certificate),
        cmocka_unit_test(only_the_own_host_is_a_known_instance),
    };
    return cmocka_run_group_tests(tests, entra_setup, entra_teardown);
}
