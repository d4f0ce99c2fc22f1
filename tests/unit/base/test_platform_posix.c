#include "unit/test.h"

#include "base/auto.h"
#include "base/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void uuids_have_the_form_of_version_4_and_differ(void **state)
{
    (void)state;
    char one[37], two[37];
    azml_platform_uuid(one);
    azml_platform_uuid(two);
    assert_int_equal(strlen(one), 36);
    assert_int_equal(one[14], '4');
    assert_non_null(strchr("89ab", one[19]));
    assert_string_not_equal(one, two);
}

static void an_empty_variable_counts_as_unset(void **state)
{
    (void)state;
    (void)setenv("AZML_TEST_EMPTY", "", 1);
    assert_null(azml_platform_env("AZML_TEST_EMPTY"));
    (void)setenv("AZML_TEST_EMPTY", "x", 1);
    assert_string_equal(azml_platform_env("AZML_TEST_EMPTY"), "x");
}

static void the_current_folder_is_absolute_and_followed(void **state)
{
    (void)state;
    auto_free char *before = azml_platform_current_folder(NULL);
    assert_non_null(before);
    assert_int_equal(before[0], '/');
    assert_int_equal(chdir("/"), 0);
    auto_free char *root = azml_platform_current_folder(NULL);
    assert_string_equal(root, "/");
    assert_int_equal(chdir(before), 0);
}

static void programs_are_found_on_the_path(void **state)
{
    (void)state;
    auto_free char *found = azml_platform_find_program("sh");
    assert_non_null(found);
    assert_int_equal(found[0], '/');
    assert_null(azml_platform_find_program("no-such-program-here"));
    assert_null(azml_platform_find_program("/etc/passwd"));
}

static void a_lock_keeps_others_out_until_it_is_let_go(void **state)
{
    (void)state;
    char path[] = "/tmp/azml-lock-XXXXXX";
    int made = mkstemp(path);
    assert_true(made >= 0);
    azml_platform_close(made);
    auto_error struct azml_error err = {0};
    int first = azml_platform_lock(path, 0, &err);
    assert_true(first >= 0);
    assert_int_equal(azml_platform_lock(path, 0, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_TIMEOUT);
    azml_platform_unlock(first);
    int second = azml_platform_lock(path, 0, NULL);
    assert_true(second >= 0);
    azml_platform_unlock(second);
    (void)azml_platform_unlink(path);
}

static void files_that_exist_are_not_created_again(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_platform_create_file("/dev/null", 0600, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_CONFLICT);
    assert_int_equal(azml_platform_create_file("/no/such/folder/file", 0600, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_IO);
    assert_string_equal(err.why, "No such file or directory");
}

static void a_new_name_is_only_given_where_none_is(void **state)
{
    (void)state;
    char folder[] = "/tmp/azml-names-XXXXXX";
    assert_non_null(mkdtemp(folder));
    auto_free char *one = azml_format(NULL, "%s/one", folder);
    auto_free char *two = azml_format(NULL, "%s/two", folder);
    azml_platform_close(azml_platform_create_file(one, 0600, NULL));
    azml_platform_close(azml_platform_create_file(two, 0600, NULL));
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_platform_rename_new(one, two, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_CONFLICT);
    struct azml_platform_stat info;
    assert_int_equal(azml_platform_stat(one, &info), 0);
    assert_int_equal(azml_platform_unlink(two), 0);
    assert_int_equal(azml_platform_rename_new(one, two, NULL), 0);
    assert_int_equal(azml_platform_stat(one, &info), -1);
    assert_int_equal(azml_platform_rename_new(one, two, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_IO);
    assert_int_equal(azml_platform_unlink(two), 0);
    assert_int_equal(azml_platform_rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uuids_have_the_form_of_version_4_and_differ),
        cmocka_unit_test(an_empty_variable_counts_as_unset),
        cmocka_unit_test(the_current_folder_is_absolute_and_followed),
        cmocka_unit_test(programs_are_found_on_the_path),
        cmocka_unit_test(a_lock_keeps_others_out_until_it_is_let_go),
        cmocka_unit_test(files_that_exist_are_not_created_again),
        cmocka_unit_test(a_new_name_is_only_given_where_none_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
