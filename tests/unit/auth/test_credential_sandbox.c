#include "unit/test.h"

#include "base/auto.h"
#include "support/identity.h"

#include <string.h>

static void it_belongs_to_its_own_cloud_only(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct identity_world world;
    identity_open(&world, none);
    struct azml_credential *credential = identity_credential(&world, "sandbox");
    const struct azml_secret *token = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_credential_token(credential, false, &token, &err), -1);
    assert_string_equal(err.why, "sandbox: the cloud test has no identity of its own");
    azml_credential_free(credential);
    identity_close(&world);
}

static void it_signs_in_with_what_the_cloud_brings(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /t/", 0, 200, NULL, "{\"access_token\":\"tok\"}", 0},
        {0      }
    };
    struct identity_world world;
    identity_open(&world, script);
    world.cloud.tenant_id = azml_strdup("t", NULL);
    world.cloud.client_id = azml_strdup("c", NULL);
    assert_int_equal(azml_secret_set(&world.cloud.client_secret, "s", 1, NULL), 0);
    struct azml_credential *credential = identity_credential(&world, "sandbox");
    const struct azml_secret *token = NULL;
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token), "tok");
    assert_non_null(strstr(serve_seen(world.serve, "POST ", 0)->body, "client_secret=s"));
    azml_credential_free(credential);
    identity_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_belongs_to_its_own_cloud_only),
        cmocka_unit_test(it_signs_in_with_what_the_cloud_brings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
