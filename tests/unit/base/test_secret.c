#include "unit/test.h"

#include "azml/secret.h"
#include "base/auto.h"

#include <string.h>

static void a_secret_keeps_a_copy_and_may_hold_any_byte(void **state)
{
    (void)state;
    auto_secret struct azml_secret secret = {0};
    assert_int_equal(azml_secret_set(&secret, "a\0b", 3, NULL), 0);
    assert_memory_equal(azml_secret_reveal(&secret), "a\0b", 4);
    assert_false(azml_secret_is_empty(&secret));
}

static void an_empty_secret_reveals_an_empty_text(void **state)
{
    (void)state;
    struct azml_secret secret = {0};
    assert_string_equal(azml_secret_reveal(&secret), "");
    assert_true(azml_secret_is_empty(&secret));
    assert_true(azml_secret_is_empty(NULL));
    azml_secret_cleanup(&secret);
    azml_secret_cleanup(NULL);
}

static void wipe_overwrites_every_byte(void **state)
{
    (void)state;
    char text[] = "password";
    azml_wipe(text, sizeof(text));
    for (size_t i = 0; i < sizeof(text); i++)
        assert_int_equal(text[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_keeps_a_copy_and_may_hold_any_byte),
        cmocka_unit_test(an_empty_secret_reveals_an_empty_text),
        cmocka_unit_test(wipe_overwrites_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
