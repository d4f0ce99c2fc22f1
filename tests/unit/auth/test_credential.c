#include "unit/test.h"

#include "azml/credential.h"
#include "base/auto.h"
#include "support/identity.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN(text, life) \
    "{\"token_type\":\"Bearer\",\"expires_in\":" #life ",\"access_token\":\"" text "\"}"

static void use_environment(void)
{
    assert_int_equal(setenv("AZURE_TENANT_ID", "tenant", 1), 0);
    assert_int_equal(setenv("AZURE_CLIENT_ID", "client", 1), 0);
    assert_int_equal(setenv("AZURE_CLIENT_SECRET", "secret", 1), 0);
}

static void an_unknown_name_lists_the_known(void **state)
{
    (void)state;
    const struct azml_cloud cloud = {0};
    auto_error struct azml_error err = {0};
    const struct azml_credential_options options = {.cloud = &cloud, .name = "magic"};
    assert_null(azml_credential_new(&options, &err));
    assert_int_equal(err.code, AZML_ERROR_USAGE);
    assert_string_equal(err.message, "unknown credential 'magic'");
    assert_string_equal(err.why, "known are token, environment, az, sandbox");
    const char *const *names = azml_credential_names();
    assert_string_equal(names[0], "token");
}

static void nothing_at_all_tells_what_was_looked_for(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct identity_world world;
    identity_open(&world, none);
    struct azml_credential *credential = identity_credential(&world, NULL);
    const struct azml_secret *token = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_credential_token(credential, false, &token, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_SIGNED_OUT);
    assert_string_equal(err.message, "not signed in");
    assert_string_equal(err.why, "token: AZML_TOKEN_FILE is not set\n"
                                 "environment: AZURE_TENANT_ID is not set\n"
                                 "az: the Azure CLI (az) is not installed");
    assert_null(azml_credential_source(credential));
    azml_credential_free(credential);
    identity_close(&world);
}

static void a_source_that_is_complete_but_refused_ends_the_search(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /tenant", 0, 401, NULL, "{\"error\":\"invalid_client\",\"error_codes\":[7000215]}",
         0},
        {0          }
    };
    struct identity_world world;
    identity_open(&world, script);
    use_environment();
    identity_write(&world, "az", "#!/bin/sh\necho '{\"accessToken\":\"from-az\"}'\n", 0700);
    struct azml_credential *credential = identity_credential(&world, NULL);
    const struct azml_secret *token = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_credential_token(credential, false, &token, &err), -1);
    assert_string_equal(err.said_code, "AADSTS7000215");
    assert_non_null(strstr(world.notes, "credential environment: refused"));
    assert_null(strstr(world.notes, "credential az"));
    azml_credential_free(credential);
    identity_close(&world);
}

static void an_incomplete_source_gives_way_to_the_next(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct identity_world world;
    identity_open(&world, none);
    assert_int_equal(setenv("AZURE_CLIENT_ID", "left over", 1), 0);
    identity_write(&world, "az", "#!/bin/sh\necho '{\"accessToken\":\"from-az\"}'\n", 0700);
    struct azml_credential *credential = identity_credential(&world, NULL);
    const struct azml_secret *token = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_credential_token(credential, false, &token, &err), 0);
    assert_string_equal(azml_secret_reveal(token), "from-az");
    assert_string_equal(azml_credential_source(credential), "az");
    assert_non_null(strstr(world.notes, "credential environment: AZURE_TENANT_ID is not set"));
    assert_non_null(strstr(world.notes, "credential az: in use"));
    azml_credential_free(credential);
    identity_close(&world);
}

static void a_named_source_never_falls_through(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct identity_world world;
    identity_open(&world, none);
    identity_write(&world, "az", "#!/bin/sh\necho '{\"accessToken\":\"from-az\"}'\n", 0700);
    assert_int_equal(setenv("AZML_AUTH", "environment", 1), 0);
    struct azml_credential *credential = identity_credential(&world, NULL);
    const struct azml_secret *token = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_credential_token(credential, false, &token, &err), -1);
    assert_string_equal(err.why, "environment: AZURE_TENANT_ID is not set");
    azml_credential_free(credential);
    identity_close(&world);
}

static void a_cloud_s_own_identity_is_used_before_any_real_one(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /practice/", 0, 200, NULL, TOKEN("practice", 3600), 0},
        {0             }
    };
    struct identity_world world;
    identity_open(&world, script);
    use_environment();
    assert_int_equal(setenv("AZML_AUTH", "environment", 1), 0);
    world.cloud.tenant_id = azml_strdup("practice", NULL);
    world.cloud.client_id = azml_strdup("c", NULL);
    struct azml_credential *credential = identity_credential(&world, NULL);
    const struct azml_secret *token = NULL;
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token), "practice");
    assert_int_equal(serve_count(world.serve, "POST /tenant"), 0);
    azml_credential_free(credential);
    identity_close(&world);
}

static void a_token_is_kept_until_five_minutes_before_its_end(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /tenant", 1, 200, NULL, TOKEN("one", 3600), 0},
        {"POST /tenant",           1, 200, NULL, TOKEN("two", 3600), 0},
        {"POST /tenant",   0, 503, NULL, "", 0},
        {0            }
    };
    struct identity_world world;
    identity_open(&world, script);
    use_environment();
    struct azml_credential *credential = identity_credential(&world, NULL);
    const struct azml_secret *token = NULL;
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    world.clock.now_ms += INT64_C(1000) * (3600 - 301);
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token), "one");
    world.clock.now_ms += 2000;
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token), "two");
    /* the sign-in service is away: what is left of the old one is used */
    world.clock.now_ms += INT64_C(1000) * (3600 - 200);
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token), "two");
    /* but not when the service has refused it, and not after its end */
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_credential_token(credential, true, &token, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_SERVICE);
    azml_credential_free(credential);
    identity_close(&world);
}

static void the_token_says_who_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *claims, *name;
    } rows[] = {
        {"{\"oid\":\"o\",\"tid\":\"t\"}",                                       "o"        },
        {"{\"oid\":\"o\",\"tid\":\"t\",\"appid\":\"a\"}",                       "a"        },
        {"{\"oid\":\"o\",\"tid\":\"t\",\"appid\":\"a\",\"upn\":\"lea@x.org\"}", "lea@x.org"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct serve_row none[] = {{0}};
        struct identity_world world;
        identity_open(&world, none);
        auto_free char *text = identity_token(rows[i].claims);
        identity_write(&world, "token", text, 0600);
        auto_free char *path = azml_format(NULL, "%s/token", world.folder);
        assert_int_equal(setenv("AZML_TOKEN_FILE", path, 1), 0);
        struct azml_credential *credential = identity_credential(&world, NULL);
        struct azml_identity identity = {0};
        assert_int_equal(azml_credential_identity(credential, &identity, NULL), 0);
        assert_string_equal(identity.name, rows[i].name);
        assert_string_equal(identity.tenant_id, "t");
        assert_string_equal(identity.object_id, "o");
        azml_identity_cleanup(&identity);
        azml_credential_free(credential);
        identity_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_name_lists_the_known),
        cmocka_unit_test(nothing_at_all_tells_what_was_looked_for),
        cmocka_unit_test(a_source_that_is_complete_but_refused_ends_the_search),
        cmocka_unit_test(an_incomplete_source_gives_way_to_the_next),
        cmocka_unit_test(a_named_source_never_falls_through),
        cmocka_unit_test(a_cloud_s_own_identity_is_used_before_any_real_one),
        cmocka_unit_test(a_token_is_kept_until_five_minutes_before_its_end),
        cmocka_unit_test(the_token_says_who_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
