#include "unit/test.h"

#include "arm/version.h"
#include "azml/arm.h"
#include "base/auto.h"

#include <string.h>

#define S "/subscriptions/9"

static void each_provider_gets_its_version(void **state)
{
    (void)state;
    static const struct {
        const char *path, *version;
    } rows[] = {
        {"/elsewhere",                                                                                               NULL        },
        {S "/providers/Microsoft.Nowhere/things",                                                                    NULL        },
        {"/subscriptions",                                                                                           "2022-12-01"},
        {"/subscriptions?a=b/providers/Microsoft.Storage/x",                                                         "2022-12-01"},
        {S,                                                                                                          "2022-12-01"},
        {S "/locations",                                                                                             "2022-12-01"},
        {"/tenants",                                                                                                 "2022-12-01"},
        {S "/resourceGroups",                                                                                        "2025-04-01"},
        {S "/resourcegroups/g",                                                                                      "2025-04-01"},
        {S "/resources?$filter=x",                                                                                   "2025-04-01"},
        {S "/providers",                                                                                             "2025-04-01"},
        {S "/providers/Microsoft.MachineLearningServices",                                                           "2025-04-01"},
        {S "/providers/Microsoft.MachineLearningServices/register",                                                  "2025-04-01"},
        {S "/providers/microsoft.machinelearningservices/workspaces",                                                "2025-12-01"},
        {S "/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w",
         "2025-12-01"                                                                                                            },
        {S "/resourceGroups/g/providers/Microsoft.Resources/deployments/d",                                          "2025-04-01"},
        {S
         "/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/providers/Microsoft.Authorization/locks",
         "2020-05-01"                                                                                                            },
        {S "/providers/Microsoft.Authorization/roleAssignments",                                                     "2022-04-01"},
        {"/providers/Microsoft.ResourceGraph/resources",                                                             "2024-04-01"},
        {S "/providers/Microsoft.Compute/skus",                                                                      "2021-07-01"},
        {S "/resourceGroups/g/providers/microsoft.insights/components/c",                                            "2020-02-02"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const char *version = azml_arm_api_version(rows[i].path);
        if ((version == NULL) != (rows[i].version == NULL) ||
            (version && strcmp(version, rows[i].version) != 0))
            fail_msg("%s: %s", rows[i].path, version ? version : "(none)");
    }
}

static void other_providers_get_their_newest_that_is_no_preview(void **state)
{
    (void)state;
    char version[AZML_VERSION_TEXT] = "";
    assert_false(azml_arm_find_version(S "/providers/Microsoft.Nowhere/things", version));
    assert_true(azml_arm_find_version(S "/providers/Microsoft.Databricks/workspaces", version));
    assert_string_equal(version, "2026-01-01");
    assert_true(
        azml_arm_find_version(S "/providers/Microsoft.ContainerInstance/containerGroups", version));
    assert_string_equal(version, "2026-07-01");
    assert_true(azml_arm_find_version(S "/resourceGroups", version));
    assert_string_equal(version, "2025-04-01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_provider_gets_its_version),
        cmocka_unit_test(other_providers_get_their_newest_that_is_no_preview),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
