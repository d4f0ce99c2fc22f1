#include "unit/test.h"

#include "base/auto.h"
#include "base/number.h"

static void only_whole_numbers_within_bounds_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"",                     "'' is not a whole number"                    },
        {"4x",                   "'4x' is not a whole number"                  },
        {" 4",                   "' 4' is not a whole number"                  },
        {"1e3",                  "'1e3' is not a whole number"                 },
        {"+4",                   "'+4' is not a whole number"                  },
        {"99999999999999999999", "'99999999999999999999' is not a whole number"},
        {"0",                    "0 is not between 1 and 64"                   },
        {"65",                   "65 is not between 1 and 64"                  },
        {"-1",                   "-1 is not between 1 and 64"                  },
    };
    for (size_t i = 0; i < AZML_COUNT(bad); i++) {
        uint32_t number = 7;
        auto_error struct azml_error err = {0};
        assert_int_equal(azml_number_parse_u32(bad[i].text, 1, 64, &number, &err), -1);
        assert_string_equal(err.message, bad[i].message);
        assert_int_equal(number, 7);
    }
    uint32_t number = 0;
    assert_int_equal(azml_number_parse_u32("64", 1, 64, &number, NULL), 0);
    assert_int_equal(number, 64);
    int64_t large = 0;
    assert_int_equal(azml_number_parse_i64("-9", -10, 10, &large, NULL), 0);
    assert_int_equal(large, -9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_whole_numbers_within_bounds_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
