#include "azml/ml_names.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <string.h>

typedef int (*check_fn)(const char *name, struct azml_error *err);

struct row {
    check_fn check;
    const char *name;
    const char *why; /* NULL: allowed */
};

static const char length_instance[] = "characters; allowed are 3 to 24";

/* clang-format off */
static const struct row rows[] = {
    {azml_name_check_workspace, "", "allowed are 3 to 33"},
    {azml_name_check_workspace, "ab", "it has 2 characters"},
    {azml_name_check_workspace, "abcdefghijklmnopqrstuvwxyz01234567", "it has 34 characters"},
    {azml_name_check_workspace, "-abc", "begin with a letter or"},
    {azml_name_check_workspace, "_abc", "begin with a letter or"},
    {azml_name_check_workspace, "a b c", "only letters, digits, - and _"},
    {azml_name_check_workspace, "caf\xc3\xa9", "only letters, digits, - and _"},
    {azml_name_check_workspace, "a.b", "only letters, digits, - and _"},
    {azml_name_check_workspace, "abc", NULL},
    {azml_name_check_workspace, "1_-", NULL},
    {azml_name_check_workspace, "abcdefghijklmnopqrstuvwxyz0123456", NULL},
    {azml_name_check_instance, "ci", length_instance},
    {azml_name_check_instance, "abcdefghijklmnopqrstuvwxy", length_instance},
    {azml_name_check_instance, "1ci", "must begin with a letter"},
    {azml_name_check_instance, "-ci", "must begin with a letter"},
    {azml_name_check_instance, "my_ci", "only letters, digits and -"},
    {azml_name_check_instance, "ci-01", "not only digits"},
    {azml_name_check_instance, "a-b-2", "not only digits"},
    {azml_name_check_instance, "lab-", "end in a letter or a digit"},
    {azml_name_check_instance, "ci-1a", NULL},
    {azml_name_check_instance, "ci-01-a", NULL},
    {azml_name_check_instance, "a1--b", NULL},
    {azml_name_check_instance, "trainer", NULL},
    {azml_name_check_cluster, "c1", length_instance},
    {azml_name_check_cluster, "c_1", "only letters, digits and -"},
    {azml_name_check_cluster, "cl-", "end in a letter or a digit"},
    {azml_name_check_cluster, "9cl", "must begin with a letter"},
    {azml_name_check_cluster, "gpu-01", NULL},
    {azml_name_check_group, "", "allowed are 1 to 90"},
    {azml_name_check_group, "a.", "not end in a dot"},
    {azml_name_check_group, "a/b", "only letters, digits and ."},
    {azml_name_check_group, "a b", "only letters, digits and ."},
    {azml_name_check_group, "caf\xc3\xa9", NULL},
    {azml_name_check_group, "a.b_(c)-1", NULL},
};
/* clang-format on */

static void names_are_judged_before_any_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        int result = rows[i].check(rows[i].name, &err);
        if (!rows[i].why) {
            if (result != 0)
                fail_msg("row %zu: '%s' refused: %s", i, rows[i].name, err.message);
            continue;
        }
        if (result != -1 || err.code != AZML_ERROR_USAGE || !strstr(err.message, "is no name for"))
            fail_msg("row %zu: '%s' taken", i, rows[i].name);
        if (!strstr(err.why, rows[i].why))
            fail_msg("row %zu: '%s': %s", i, rows[i].name, err.why);
    }
}

static void a_name_that_ends_in_digits_gets_a_better_one(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_name_check_instance("ci-01", &err), -1);
    assert_string_equal(err.hint, "ci01");
}

#define ID(group, name)                                                         \
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/" group \
    "/providers/Microsoft.MachineLearningServices/workspaces/" name

static void is_storage_name(const char *name)
{
    size_t length = strlen(name);
    assert_in_range(length, 3, 24);
    for (const char *at = name; *at; at++)
        assert_true(islower((unsigned char)*at) || isdigit((unsigned char)*at));
}

static void is_vault_name(const char *name)
{
    size_t length = strlen(name);
    assert_in_range(length, 3, 24);
    assert_true(isalpha((unsigned char)name[0]));
    assert_true(isalnum((unsigned char)name[length - 1]));
    assert_null(strstr(name, "--"));
    assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), length);
}

static void dependents_have_names_that_their_types_take(void **state)
{
    (void)state;
    static const char *const ids[] = {
        ID("g", "abc"),
        ID("g", "1-_"),
        ID("g", "A_very-long_WORKSPACE_name_of_33xx"),
        ID("g", "9__________________________________"),
        ID("g", "a--b__c"),
    };
    for (size_t i = 0; i < AZML_COUNT(ids); i++) {
        for (unsigned attempt = 0; attempt < 5; attempt++) {
            struct azml_dependent_names names;
            azml_dependent_names_derive(ids[i], attempt, &names);
            is_storage_name(names.storage);
            is_vault_name(names.vault);
            assert_in_range(strlen(names.logs), 4, 63);
            assert_null(strchr(names.logs, '_'));
            assert_in_range(strlen(names.insights), 1, 63);
            assert_in_range(strlen(names.deployment), 1, 64);
        }
    }
}

static void the_same_workspace_gets_the_same_names_whatever_the_case(void **state)
{
    (void)state;
    struct azml_dependent_names a, b;
    azml_dependent_names_derive(ID("tensorflow", "course"), 0, &a);
    azml_dependent_names_derive(ID("TensorFlow", "course"), 0, &b);
    assert_memory_equal(a.storage, b.storage, strlen(a.storage) + 1);
    assert_string_equal(a.vault, b.vault);
    assert_string_equal(a.logs, b.logs);
    assert_string_equal(a.deployment, b.deployment);
}

static void another_group_or_attempt_gets_other_global_names(void **state)
{
    (void)state;
    struct azml_dependent_names a, b, c;
    azml_dependent_names_derive(ID("one", "course"), 0, &a);
    azml_dependent_names_derive(ID("two", "course"), 0, &b);
    azml_dependent_names_derive(ID("one", "course"), 1, &c);
    assert_string_not_equal(a.storage, b.storage);
    assert_string_not_equal(a.vault, b.vault);
    assert_string_not_equal(a.storage, c.storage);
    assert_string_not_equal(a.vault, c.vault);
    assert_string_equal(a.logs, c.logs);
    assert_string_equal(a.insights, c.insights);
    assert_string_equal(a.deployment, c.deployment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_judged_before_any_request),
        cmocka_unit_test(a_name_that_ends_in_digits_gets_a_better_one),
        cmocka_unit_test(dependents_have_names_that_their_types_take),
        cmocka_unit_test(the_same_workspace_gets_the_same_names_whatever_the_case),
        cmocka_unit_test(another_group_or_attempt_gets_other_global_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
