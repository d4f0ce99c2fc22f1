#include "unit/test.h"

#include "azml/error.h"
#include "base/auto.h"

#include <string.h>

static void set_keeps_everything_that_was_said(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_error_set(&err, AZML_ERROR_QUOTA, "no quota for %s", "E4"), -1);
    assert_int_equal(azml_error_said(&err, "QuotaExceeded", "too much", "id-1"), -1);
    assert_int_equal(azml_error_hint(&err, "ask for %d", 4), -1);
    assert_string_equal(err.message, "no quota for E4");
    assert_string_equal(err.said_code, "QuotaExceeded");
    assert_string_equal(err.said_message, "too much");
    assert_string_equal(err.request_id, "id-1");
    assert_string_equal(err.hint, "ask for 4");
}

static void context_turns_the_first_message_into_the_reason(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    azml_error_set(&err, AZML_ERROR_QUOTA, "the quota is 0");
    azml_error_context(&err, "could not create compute %s", "a");
    azml_error_context(&err, "could not prepare the course");
    assert_string_equal(err.message, "could not prepare the course");
    assert_string_equal(err.why, "could not create compute a\nthe quota is 0");
    assert_int_equal(err.code, AZML_ERROR_QUOTA);
}

static void a_new_failure_replaces_the_old_one_even_with_its_own_text(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    azml_error_set(&err, AZML_ERROR_IO, "first");
    azml_error_hint(&err, "do this");
    azml_error_set(&err, AZML_ERROR_FAILED, "after %s", err.message);
    assert_string_equal(err.message, "after first");
    assert_null(err.hint);
}

static void null_errors_are_accepted_everywhere(void **state)
{
    (void)state;
    assert_int_equal(azml_error_set(NULL, AZML_ERROR_IO, "x"), -1);
    assert_int_equal(azml_error_context(NULL, "x"), -1);
    assert_int_equal(azml_error_hint(NULL, "x"), -1);
    assert_int_equal(azml_error_why(NULL, "x"), -1);
    assert_int_equal(azml_error_said(NULL, "x", NULL, NULL), -1);
    assert_int_equal(azml_error_memory(NULL), -1);
    azml_error_cleanup(NULL);
}

static void move_leaves_the_source_empty(void **state)
{
    (void)state;
    auto_error struct azml_error from = {0};
    auto_error struct azml_error to = {0};
    azml_error_set(&from, AZML_ERROR_LOCKED, "locked");
    azml_error_set(&to, AZML_ERROR_IO, "old");
    azml_error_move(&to, &from);
    assert_string_equal(to.message, "locked");
    assert_null(from.message);
    assert_int_equal(from.code, AZML_ERROR_NONE);
}

static void out_of_memory_can_be_cleaned_up(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    azml_error_memory(&err);
    assert_string_equal(err.message, "out of memory");
    azml_error_context(&err, "could not do it");
    assert_string_equal(err.why, "out of memory");
}

static void every_code_has_a_name_a_meaning_and_the_documented_status(void **state)
{
    (void)state;
    for (int code = 0; code < AZML_ERROR_COUNT; code++) {
        assert_true(strlen(azml_error_name((enum azml_error_code)code)) > 0);
        assert_true(strlen(azml_error_meaning((enum azml_error_code)code)) > 0);
    }
    assert_int_equal(azml_error_exit(AZML_ERROR_USAGE), 2);
    assert_int_equal(azml_error_exit(AZML_ERROR_NOT_FOUND), 3);
    assert_int_equal(azml_error_exit(AZML_ERROR_SIGNED_OUT), 4);
    assert_int_equal(azml_error_exit(AZML_ERROR_FORBIDDEN), 4);
    assert_int_equal(azml_error_exit(AZML_ERROR_QUOTA), 5);
    assert_int_equal(azml_error_exit(AZML_ERROR_TIMEOUT), 6);
    assert_int_equal(azml_error_exit(AZML_ERROR_PARTIAL), 7);
    assert_int_equal(azml_error_exit(AZML_ERROR_STALE), 8);
    assert_int_equal(azml_error_exit(AZML_ERROR_FOUND), 10);
    assert_int_equal(azml_error_exit(AZML_ERROR_INTERRUPTED), 130);
    assert_int_equal(azml_error_exit((enum azml_error_code)999), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_keeps_everything_that_was_said),
        cmocka_unit_test(context_turns_the_first_message_into_the_reason),
        cmocka_unit_test(a_new_failure_replaces_the_old_one_even_with_its_own_text),
        cmocka_unit_test(null_errors_are_accepted_everywhere),
        cmocka_unit_test(move_leaves_the_source_empty),
        cmocka_unit_test(out_of_memory_can_be_cleaned_up),
        cmocka_unit_test(every_code_has_a_name_a_meaning_and_the_documented_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
