#include "unit/test.h"

#include "azml/ml_watch.h"

static int calls;

static void count(void *data)
{
    assert_ptr_equal(data, &calls);
    calls++;
}

static void nobody_has_to_listen(void **state)
{
    (void)state;
    const struct azml_watch deaf = {0};
    azml_watch_change(NULL, "a", "b", NULL, NULL);
    azml_watch_done(&deaf, "a", "b", NULL);
    azml_watch_note(&deaf, "a");
    azml_watch_tick(&deaf);
    azml_watch_tick(NULL);
}

static void who_listens_is_told_with_its_own_data(void **state)
{
    (void)state;
    const struct azml_watch watch = {.tick = count, .data = &calls};
    calls = 0;
    azml_watch_tick(&watch);
    azml_watch_note(&watch, "not heard");
    assert_int_equal(calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(who_listens_is_told_with_its_own_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
