#include "unit/test.h"

#include "auth/jwt.h"
#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"

#include <string.h>

static struct azml_secret token_of(const char *claims)
{
    auto_free char *middle = azml_base64url_encode(claims, strlen(claims), NULL);
    auto_free char *text = azml_format(NULL, "e30.%s.sig", middle);
    struct azml_secret token = {0};
    assert_int_equal(azml_secret_set(&token, text, strlen(text), NULL), 0);
    return token;
}

static void opaque_tokens_are_fine(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "abc", "a.b", "a.!!!.c", "e30.bm90IGpzb24.x"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_secret struct azml_secret token = {0};
        assert_int_equal(azml_secret_set(&token, rows[i], strlen(rows[i]), NULL), 0);
        assert_null(azml_jwt_claims(&token));
        assert_int_equal(azml_jwt_expires_ms(&token), 0);
    }
}

static void the_end_is_read_as_number_text_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *claims;
        int64_t ms;
    } rows[] = {
        {"{}",                       0            },
        {"{\"exp\":-1}",             0            },
        {"{\"exp\":\"1795000000\"}", 1795000000000},
        {"{\"exp\":1795000000}",     1795000000000},
        {"{\"exp\":1795000000.25}",  1795000000000},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_secret struct azml_secret token = token_of(rows[i].claims);
        assert_int_equal(azml_jwt_expires_ms(&token), rows[i].ms);
    }
    auto_secret struct azml_secret token = token_of("{\"oid\":\"o\"}");
    auto_json cJSON *claims = azml_jwt_claims(&token);
    assert_string_equal(azml_json_text(claims, "oid"), "o");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opaque_tokens_are_fine),
        cmocka_unit_test(the_end_is_read_as_number_text_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
