#include "unit/test.h"

#include "base/auto.h"
#include "base/base64.h"

#include <string.h>

static void the_vectors_of_rfc_4648_hold_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *plain, *padded, *url;
    } rows[] = {
        {"",         "",         ""        },
        {"f",        "Zg==",     "Zg"      },
        {"fo",       "Zm8=",     "Zm8"     },
        {"foo",      "Zm9v",     "Zm9v"    },
        {"foob",     "Zm9vYg==", "Zm9vYg"  },
        {"fooba",    "Zm9vYmE=", "Zm9vYmE" },
        {"foobar",   "Zm9vYmFy", "Zm9vYmFy"},
        {"\xfb\xff", "+/8=",     "-_8"     },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        size_t length = strlen(rows[i].plain), back = 99;
        auto_free char *padded = azml_base64_encode(rows[i].plain, length, NULL);
        auto_free char *url = azml_base64url_encode(rows[i].plain, length, NULL);
        assert_string_equal(padded, rows[i].padded);
        assert_string_equal(url, rows[i].url);
        auto_free uint8_t *one = azml_base64_decode(padded, strlen(padded), &back, NULL);
        assert_int_equal(back, length);
        assert_memory_equal(one, rows[i].plain, length);
        auto_free uint8_t *two = azml_base64_decode(url, strlen(url), &back, NULL);
        assert_memory_equal(two, rows[i].plain, length);
    }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"Z", "Zg=", "Zg===", "Z g=", "Zm9v=", "====", "Zm\n8"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        size_t length = 7;
        auto_error struct azml_error err = {0};
        assert_null(azml_base64_decode(rows[i], strlen(rows[i]), &length, &err));
        assert_string_equal(err.message, "the text is not base64");
        assert_int_equal(length, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_4648_hold_both_ways),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
