#include "unit/test.h"

#include "base/auto.h"
#include "support/identity.h"

#include <stdlib.h>
#include <string.h>

static void each_missing_part_is_named(void **state)
{
    (void)state;
    static const char *const names[] = {"AZURE_TENANT_ID", "AZURE_CLIENT_ID",
                                        "AZURE_CLIENT_SECRET"};
    for (size_t missing = 0; missing < 3; missing++) {
        const struct serve_row none[] = {{0}};
        struct identity_world world;
        identity_open(&world, none);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(setenv(names[i], i == missing ? "" : "value", 1), 0);
        struct azml_credential *credential = identity_credential(&world, "environment");
        const struct azml_secret *token = NULL;
        auto_error struct azml_error err = {0};
        assert_int_equal(azml_credential_token(credential, false, &token, &err), -1);
        auto_free char *want = azml_format(NULL, "environment: %s is not set", names[missing]);
        assert_string_equal(err.why, want);
        assert_int_equal(serve_count(world.serve, ""), 0);
        azml_credential_free(credential);
        identity_close(&world);
    }
}

static void all_three_sign_in(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /my-tenant/oauth2/v2.0/token", 0, 200, NULL, "{\"access_token\":\"t\"}", 0},
        {0                               }
    };
    struct identity_world world;
    identity_open(&world, script);
    assert_int_equal(setenv("AZURE_TENANT_ID", "my-tenant", 1), 0);
    assert_int_equal(setenv("AZURE_CLIENT_ID", "my-client", 1), 0);
    assert_int_equal(setenv("AZURE_CLIENT_SECRET", "my-secret", 1), 0);
    struct azml_credential *credential = identity_credential(&world, "environment");
    const struct azml_secret *token = NULL;
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    const char *body = serve_seen(world.serve, "POST ", 0)->body;
    assert_non_null(strstr(body, "client_id=my-client"));
    assert_non_null(strstr(body, "client_secret=my-secret"));
    azml_credential_free(credential);
    identity_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_missing_part_is_named),
        cmocka_unit_test(all_three_sign_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
