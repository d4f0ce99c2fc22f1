#include "unit/test.h"

#include "azml/clock.h"

static int64_t fixed(void *data)
{
    return *(int64_t *)data;
}

static int jump(void *data, uint64_t ms)
{
    *(int64_t *)data += (int64_t)ms;
    return 0;
}

static void a_scripted_clock_jumps_instead_of_waiting(void **state)
{
    (void)state;
    int64_t now = 1000;
    const struct azml_clock clock = {fixed, fixed, jump, &now};
    assert_int_equal(azml_clock_wait(&clock, 3600000), 0);
    assert_int_equal(azml_clock_wall_ms(&clock), 3601000);
    assert_int_equal(azml_clock_monotonic_ms(&clock), 3601000);
}

static void the_systems_clock_goes_forward(void **state)
{
    (void)state;
    int64_t before = azml_clock_monotonic_ms(&azml_clock_system);
    assert_int_equal(azml_clock_wait(&azml_clock_system, 2), 0);
    assert_true(azml_clock_monotonic_ms(&azml_clock_system) >= before + 1);
    assert_true(azml_clock_wall_ms(&azml_clock_system) > 1700000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scripted_clock_jumps_instead_of_waiting),
        cmocka_unit_test(the_systems_clock_goes_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
