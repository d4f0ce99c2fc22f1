#include "unit/test.h"

#include "toy.h"

#include "sandbox/entra.h"

static const struct sandbox_provider *const providers[] = {&sandbox_metadata, NULL};

static int setup(void **state)
{
    *state = sandbox_open(&(struct sandbox_world){.endpoint = "https://127.0.0.1:4443",
                                                  .clock = &toy_clock,
                                                  .providers = providers},
                          NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

static void other_versions_are_refused(void **state)
{
    static const struct {
        const char *target, *code;
    } rows[] = {
        {"/metadata/endpoints",                        "MissingApiVersionParameter"},
        {"/metadata/endpoints?api-version=2000-01-01", "InvalidApiVersionParameter"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        toy_call(*state, "GET", rows[i].target, NULL, &reply);
        assert_int_equal(reply.status, 400);
        assert_string_equal(azml_json_text(reply.json, "error.code"), rows[i].code);
    }
}

static void each_version_has_its_form(void **state)
{
    static const struct {
        const char *version, *login, *manager, *graph;
    } rows[] = {
        {"2015-01-01", "authentication.loginEndpoint",   NULL,                "graphEndpoint"},
        {"2019-05-01", "0.authentication.loginEndpoint", "0.resourceManager", "0.graph"      },
        {"2020-06-01", "0.authentication.loginEndpoint", "0.resourceManager", "0.graph"      },
        {"2022-09-01", "authentication.loginEndpoint",   "resourceManager",   "graph"        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_free char *target =
            azml_format(NULL, "/metadata/endpoints?api-version=%s", rows[i].version);
        auto_reply struct sandbox_reply reply = {0};
        toy_call(*state, "GET", target, NULL, &reply);
        assert_int_equal(reply.status, 200);
        assert_string_equal(azml_json_text(reply.json, rows[i].login), "https://127.0.0.1:4443");
        if (rows[i].manager)
            assert_string_equal(azml_json_text(reply.json, rows[i].manager),
                                "https://127.0.0.1:4443/");
        assert_string_equal(azml_json_text(reply.json, rows[i].graph),
                            "https://graph.windows.net/");
    }
}

static void the_first_audience_is_its_own(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    toy_call(*state, "GET", "/metadata/endpoints?api-version=2022-09-01", NULL, &reply);
    assert_string_equal(azml_json_text(reply.json, "authentication.audiences.0"),
                        "https://127.0.0.1:4443/");
    assert_string_equal(azml_json_text(reply.json, "name"), "AzmlSandbox");
    assert_string_equal(azml_json_text(reply.json, "suffixes.keyVaultDns"), "vault.azure.net");
    assert_string_equal(azml_json_text(reply.json, "microsoftGraphResourceId"),
                        "https://graph.microsoft.com/");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(other_versions_are_refused),
        WITH_WORLD(each_version_has_its_form),
        WITH_WORLD(the_first_audience_is_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
