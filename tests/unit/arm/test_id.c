#include "unit/test.h"

#include "azml/arm_id.h"
#include "base/auto.h"

#include <string.h>

#define S "/subscriptions/99999999-9999-9999-9999-999999999999"

static void what_is_no_id_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "/",
        "course",
        "subscriptions/1",
        "/resourceGroups/g",
        S "/resourceGroups/g/providers/Microsoft.Storage",
        S "/resourceGroups/g/providers/Microsoft.Storage/storageAccounts",
        S "/resourceGroups/g/providers/Microsoft.Storage//name",
        S "/resourceGroups/g/things/x",
        S "/resourceGroups",
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_arm_id id = {0};
        auto_error struct azml_error err = {0};
        if (azml_arm_id_parse(rows[i], &id, &err) == 0)
            fail_msg("'%s' was taken", rows[i]);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        assert_non_null(strstr(err.message, "is no resource id"));
    }
}

static void ids_come_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *group, *provider, *type, *name, *full_name, *scope;
    } rows[] = {
        {S,                                                                                          NULL,        "Microsoft.Resources",               "Microsoft.Resources/subscriptions",
         "99999999-9999-9999-9999-999999999999",                                                                                                                                                                   "99999999-9999-9999-9999-999999999999", NULL                 },
        {S "/resourcegroups/My(Group)",                                                              "My(Group)", "Microsoft.Resources",
         "Microsoft.Resources/resourceGroups",                                                                                                                                                        "My(Group)", "My(Group)",                            S                    },
        {S "/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",                        "g",
         "Microsoft.Storage",                                                                                                                          "Microsoft.Storage/storageAccounts",           "a",         "a",                                    S "/resourceGroups/g"},
        {S "/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c/",
         "g",                                                                                                     "Microsoft.MachineLearningServices",
         "Microsoft.MachineLearningServices/workspaces/computes",                                                                                                                                     "c",         "w/c",
         S "/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"                                                                                                                                                                                         },
        {S "/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/providers/"
           "Microsoft.Authorization/locks/l",                                               "g",         "Microsoft.Authorization",           "Microsoft.Authorization/locks",               "l",         "l",
         S "/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"                                                                                                                                                                                                            },
        {S "/providers/Microsoft.MachineLearningServices/locations/eastus",                          NULL,
         "Microsoft.MachineLearningServices",                                                                                                          "Microsoft.MachineLearningServices/locations",
         "eastus",                                                                                                                                                                                                 "eastus",                               S                    },
        {"/providers/Microsoft.Management/managementGroups/m",                                       NULL,        "Microsoft.Management",
         "Microsoft.Management/managementGroups",                                                                                                                                                     "m",         "m",                                    NULL                 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_arm_id id = {0};
        auto_error struct azml_error err = {0};
        if (azml_arm_id_parse(rows[i].text, &id, &err) < 0)
            fail_msg("'%s': %s", rows[i].text, err.message);
        const char *const got[] = {id.group, id.provider, id.type, id.name, id.full_name, id.scope};
        const char *const want[] = {rows[i].group, rows[i].provider,  rows[i].type,
                                    rows[i].name,  rows[i].full_name, rows[i].scope};
        for (size_t j = 0; j < AZML_COUNT(got); j++) {
            if ((got[j] == NULL) != (want[j] == NULL) || (got[j] && strcmp(got[j], want[j]) != 0))
                fail_msg("'%s' part %zu: '%s', not '%s'", rows[i].text, j,
                         got[j] ? got[j] : "(none)", want[j] ? want[j] : "(none)");
        }
        azml_arm_id_cleanup(&id);
    }
}

static void ids_are_the_same_whatever_their_case(void **state)
{
    (void)state;
    assert_false(azml_arm_id_same(NULL, NULL));
    assert_false(azml_arm_id_same(S, S "/resourceGroups/g"));
    assert_false(azml_arm_id_same(S "/resourceGroups/g", S "/resourceGroups/h"));
    assert_true(azml_arm_id_same(S "/resourceGroups/g", S "/RESOURCEGROUPS/G/"));
}

static void a_scope_ends_at_a_segment(void **state)
{
    (void)state;
    assert_false(azml_arm_id_is_under(S "/resourceGroups/group2", S "/resourceGroups/group"));
    assert_false(azml_arm_id_is_under(S, S "/resourceGroups/g"));
    assert_true(azml_arm_id_is_under(S "/resourceGroups/G/providers/A/b/c", S "/resourcegroups/g"));
    assert_true(azml_arm_id_is_under(S, S "/"));
    assert_string_equal(azml_arm_id_last(S "/resourceGroups/g"), "g");
    assert_string_equal(azml_arm_id_last("g"), "g");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_id_is_refused),
        cmocka_unit_test(ids_come_apart),
        cmocka_unit_test(ids_are_the_same_whatever_their_case),
        cmocka_unit_test(a_scope_ends_at_a_segment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
