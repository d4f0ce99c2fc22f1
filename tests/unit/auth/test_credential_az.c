#include "unit/test.h"

#include "azml/arm.h"
#include "base/auto.h"
#include "support/identity.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A stand-in for az and what comes of asking it. */
static const struct {
    const char *name, *script;
    enum azml_error_code code; /* 0: a token */
    const char *part;          /* of why, or of message, or the token */
    const char *said;
} rows[] = {
    {"not installed",          NULL,                                                                           AZML_ERROR_SIGNED_OUT, "az: the Azure CLI (az) is not installed", NULL         },
    {"not signed in",          "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
     AZML_ERROR_SIGNED_OUT,                                                                                                           "az: the Azure CLI is not signed in",      NULL         },
    {"another failure",        "echo 'broken python' >&2; exit 1",                                             AZML_ERROR_SIGNED_OUT,
     "az: the Azure CLI failed: broken python",                                                                                                                                  NULL         },
    {"refused",                "echo 'AADSTS50076: Due to a configuration change' >&2; exit 1",
     AZML_ERROR_SIGNED_OUT,                                                                                                           "a second factor is needed",               "AADSTS50076"},
    {"no JSON",                "echo hello",                                                                   AZML_ERROR_PROTOCOL,   "could not read what az printed",          NULL         },
    {"no token",               "echo '{}'",                                                                    AZML_ERROR_PROTOCOL,   "could not read what az printed",          NULL         },
    {"a token, with warnings",
     "echo 'WARNING: old' >&2; echo '{\"accessToken\":\"tok\",\"expiresOn\":\"2026-11-23 09:23:03.000000\"}'",
     AZML_ERROR_NONE,                                                                                                                 "tok",                                     NULL         },
    {"a newer az",             "echo '{\"accessToken\":\"tok\",\"expires_on\":1895000000}'",                   AZML_ERROR_NONE,
     "tok",                                                                                                                                                                      NULL         },
};

static void what_az_says_is_understood(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct serve_row none[] = {{0}};
        struct identity_world world;
        identity_open(&world, none);
        auto_free char *script =
            azml_format(NULL, "#!/bin/sh\n%s\n", rows[i].script ? rows[i].script : "");
        if (rows[i].script)
            identity_write(&world, "az", script, 0700);
        struct azml_credential *credential = identity_credential(&world, "az");
        const struct azml_secret *token = NULL;
        auto_error struct azml_error err = {0};
        int done = azml_credential_token(credential, false, &token, &err);
        bool is_there = done == 0 ? strcmp(azml_secret_reveal(token), rows[i].part) == 0
                                  : (err.why && strstr(err.why, rows[i].part)) ||
                                        strstr(err.message, rows[i].part);
        azml_credential_free(credential);
        identity_close(&world);
        if (!is_there || err.code != rows[i].code ||
            (rows[i].said && !azml_same_text(err.said_code, rows[i].said)))
            fail_msg("%s: %d '%s' '%s'", rows[i].name, (int)err.code,
                     err.message ? err.message : "", err.why ? err.why : "");
    }
}

static void az_is_asked_for_the_cloud_s_resource_without_a_shell(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct identity_world world;
    identity_open(&world, none);
    free(world.cloud.audience);
    world.cloud.audience = azml_strdup("https://x; touch hurt", NULL);
    identity_write(
        &world, "az",
        "#!/bin/sh\nprintf '{\"accessToken\":\"%s\"}' \"$(echo \"$#:$1:$2:$5:$6\" | /usr/bin/tr ' ' _)\"\n",
        0700);
    struct azml_credential *credential = identity_credential(&world, "az");
    const struct azml_secret *token = NULL;
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token),
                        "6:account:get-access-token:--resource:https://x;_touch_hurt");
    azml_credential_free(credential);
    identity_close(&world);
}

static void the_default_subscription_of_az_comes_along(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct identity_world world;
    identity_open(&world, none);
    identity_write(&world, "az",
                   "#!/bin/sh\necho '{\"accessToken\":\"tok\",\"subscription\":\"99-sub\"}'\n",
                   0700);
    struct azml_credential *credential = identity_credential(&world, "az");
    assert_null(azml_credential_subscription(credential));
    const struct azml_arm_options options = {
        .cloud = &world.cloud, .credential = credential, .http = world.http};
    struct azml_arm *arm = azml_arm_new(&options, NULL);
    assert_string_equal(azml_arm_subscription(arm, NULL), "99-sub");
    assert_int_equal(serve_count(world.serve, ""), 0);
    azml_arm_free(arm);
    azml_credential_free(credential);
    identity_close(&world);
}

static void an_az_of_the_current_folder_is_not_run(void **state)
{
    (void)state;
    const struct serve_row none[] = {{0}};
    struct identity_world world;
    identity_open(&world, none);
    identity_write(&world, "az", "#!/bin/sh\necho '{\"accessToken\":\"hostile\"}'\n", 0700);
    assert_int_equal(chdir(world.folder), 0);
    assert_int_equal(setenv("PATH", ".:", 1), 0);
    struct azml_credential *credential = identity_credential(&world, "az");
    const struct azml_secret *token = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_credential_token(credential, false, &token, &err), -1);
    assert_string_equal(err.why, "az: the Azure CLI (az) is not installed");
    assert_int_equal(chdir("/"), 0);
    azml_credential_free(credential);
    identity_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_az_says_is_understood),
        cmocka_unit_test(az_is_asked_for_the_cloud_s_resource_without_a_shell),
        cmocka_unit_test(the_default_subscription_of_az_comes_along),
        cmocka_unit_test(an_az_of_the_current_folder_is_not_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
