#include "sandbox/entra.h"

#include "unit/test.h"

#include "toy.h"

static void tenants_go_by_id_and_domain_in_any_case(void **state)
{
    (void)state;
    char id[] = "1DA34B10-5ade-4838-b011-b111533a8803";
    const struct sandbox sandbox = {.tenant_id = id};
    static const struct {
        const char *name;
        bool is_tenant, is_shared;
    } rows[] = {
        {"",                                     false, false},
        {"contoso.onmicrosoft.com",              false, false},
        {"common",                               false, true },
        {"Organizations",                        false, true },
        {"consumers",                            false, true },
        {"1da34b10-5ade-4838-b011-b111533a8803", true,  false},
        {"AzmlSandbox.onmicrosoft.com",          true,  false},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (sandbox_entra_is_tenant(&sandbox, rows[i].name) != rows[i].is_tenant ||
            sandbox_entra_is_shared(rows[i].name) != rows[i].is_shared)
            fail_msg("'%s'", rows[i].name);
    }
}

static void the_clients_id_is_echoed_only_where_it_asks(void **state)
{
    (void)state;
    static const char *const wishes[] = {"false", "true"};
    for (size_t i = 0; i < AZML_COUNT(wishes); i++) {
        struct sandbox_request request = {.method = "POST"};
        auto_reply struct sandbox_reply reply = {0};
        assert_int_equal(sandbox_request_add_header(&request, "client-request-id", "me", NULL), 0);
        assert_int_equal(
            sandbox_request_add_header(&request, "return-client-request-id", wishes[i], NULL), 0);
        sandbox_entra_headers(&request, &reply);
        assert_string_equal(sandbox_pairs_find(&reply.headers, "cache-control"),
                            "no-store, no-cache");
        const char *echo = sandbox_pairs_find(&reply.headers, "client-request-id");
        assert_int_equal(echo != NULL, i == 1);
        sandbox_request_cleanup(&request);
    }
}

static void the_correlation_id_is_taken_from_wherever_it_stands(void **state)
{
    (void)state;
    char endpoint[] = "https://127.0.0.1:1";
    const struct sandbox sandbox = {.endpoint = endpoint, .clock = &toy_clock};
    struct sandbox_request request = {.method = "POST"};
    struct sandbox_pairs form = {0};
    assert_int_equal(sandbox_pairs_add(&form, "client-request-id", "in-form", NULL), 0);
    assert_int_equal(sandbox_request_set_target(&request, "/x?client-request-id=in-query", NULL),
                     0);
    auto_reply struct sandbox_reply reply = {0};
    sandbox_entra_refuse(&sandbox, &request, &form, &reply, 400, "e", 7, "no %s", "way");
    assert_string_equal(azml_json_text(reply.json, "correlation_id"), "in-query");
    sandbox_pairs_cleanup(&request.query);
    sandbox_entra_refuse(&sandbox, &request, &form, &reply, 400, "e", 7, "no %s", "way");
    assert_string_equal(azml_json_text(reply.json, "correlation_id"), "in-form");
    assert_true(azml_has_prefix(azml_json_text(reply.json, "error_description"),
                                "AADSTS7: no way Trace ID: "));
    sandbox_pairs_cleanup(&form);
    sandbox_request_cleanup(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tenants_go_by_id_and_domain_in_any_case),
        cmocka_unit_test(the_clients_id_is_echoed_only_where_it_asks),
        cmocka_unit_test(the_correlation_id_is_taken_from_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
