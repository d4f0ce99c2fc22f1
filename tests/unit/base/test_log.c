#include "unit/test.h"

#include "base/auto.h"
#include "base/log.h"

static void secrets_are_taken_out_of_traces(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"Authorization: Bearer abc.def",                             "Authorization: (redacted)"},
        {"x Bearer abc.def, y",                                       "x Bearer (redacted), y"   },
        {"WWW-Authenticate: Bearer authorization_uri=\"https://x\"",
         "WWW-Authenticate: Bearer authorization_uri=\"https://x\""                              },
        {"grant_type=client_credentials&client_secret=p%26w&scope=s",
         "grant_type=client_credentials&client_secret=(redacted)&scope=s"                        },
        {"{\"access_token\":\"a\\\"b\",\"expires_in\":1}",
         "{\"access_token\":\"(redacted)\",\"expires_in\":1}"                                    },
        {"{\"primaryKey\": \"abc\", \"name\": \"n\"}",
         "{\"primaryKey\": \"(redacted)\", \"name\": \"n\"}"                                     },
        {"grant_type=authorization_code&code=0.AX4&x=1",
         "grant_type=authorization_code&code=(redacted)&x=1"                                     },
        {"{\"code\":\"NotFound\"}",                                   "{\"code\":\"NotFound\"}"  },
        {"nothing here",                                              "nothing here"             },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_free char *shown = azml_log_redact(rows[i].text, NULL);
        assert_string_equal(shown, rows[i].shown);
    }
}

static void secret_names_are_known_in_any_case(void **state)
{
    (void)state;
    assert_true(azml_log_is_secret_name("AUTHORIZATION"));
    assert_true(azml_log_is_secret_name("Client_Secret"));
    assert_false(azml_log_is_secret_name("Content-Type"));
}

static void levels_include_the_lower_ones(void **state)
{
    (void)state;
    azml_log_set_level(AZML_LOG_VERBOSE);
    assert_true(azml_log_enabled(AZML_LOG_NORMAL));
    assert_true(azml_log_enabled(AZML_LOG_VERBOSE));
    assert_false(azml_log_enabled(AZML_LOG_DEBUG));
    assert_int_equal(azml_log_level(), AZML_LOG_VERBOSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_taken_out_of_traces),
        cmocka_unit_test(secret_names_are_known_in_any_case),
        cmocka_unit_test(levels_include_the_lower_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
