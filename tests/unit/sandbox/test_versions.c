#include "sandbox/versions.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/str.h"
#include "unit/test.h"

#include <string.h>

#define ML "Microsoft.MachineLearningServices"

static void a_version_has_one_form(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        bool is_well_formed;
    } rows[] = {
        {"",                          false},
        {"2025",                      false},
        {"2025-12",                   false},
        {"2025-12-1",                 false},
        {"2025-12-01-",               false},
        {"2025-12-01 ",               false},
        {"2025-12-01-preview2",       false},
        {"2025-12-01-nightly",        false},
        {"v2025-12-01",               false},
        {"2025/12/01",                false},
        {"latest",                    false},
        {"2025-12-01",                true },
        {"2025-12-01-preview",        true },
        {"2025-12-01-PREVIEW",        true },
        {"2025-12-01-alpha",          true },
        {"2015-11-01-privatepreview", true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (sandbox_version_is_well_formed(rows[i].version) != rows[i].is_well_formed)
            fail_msg("'%s'", rows[i].version);
    }
}

static void an_invented_version_is_not_known(void **state)
{
    (void)state;
    static const struct {
        const char *type, *version;
        bool is_known;
    } rows[] = {
        {ML "/workspaces",                               "",                      false},
        {ML "/workspaces",                               "2025-12",               false},
        {ML "/workspaces",                               "2025-12-01,2025-10-01", false},
        {ML "/workspaces",                               "2099-01-01",            false},
        {ML "/workspaces",                               "2025-12-01-preview",    false},
        {"Microsoft.Storage/storageAccounts",            "2025-12-01",            false}, /* another's */
        {ML "Two/workspaces",                            "2025-12-01",            false},
        {"Microsoft.Nothing/things",                     "2025-12-01",            false},
        {ML "/workspaces/datasets",                      "2025-12-01",            false}, /* a sibling's */
        {NULL,                                           "2025-12",               false},
        {ML "/workspaces",                               "2025-12-01",            true },
        {"microsoft.machinelearningservices/WORKSPACES", "2025-12-01",            true },
        {ML "/workspaces/computes",                      "2025-10-01-PREVIEW",    true },
        {ML "/workspaces/inventions",                    "2025-12-01",            true }, /* the namespace's */
        {"Microsoft.Storage/storageAccounts",            "2025-06-01",            true },
        {"Microsoft.Resources/resourceGroups",           "2025-04-01",            true },
        {NULL,                                           "2099-01-01",            true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (sandbox_version_is_known(rows[i].type, rows[i].version) != rows[i].is_known)
            fail_msg("row %zu: '%s'", i, rows[i].version);
    }
}

/* The one after the other, as the table has them; every one must be taken for its type. */
static size_t check_versions(const char *type, char *list)
{
    size_t count = 0;
    for (char *rest = list; rest; count++) {
        const char *version = azml_split(&rest, ',');
        if (!sandbox_version_is_known(type, version))
            fail_msg("%s does not take %s", type, version);
    }
    return count;
}

static void every_published_version_of_every_type_is_known(void **state)
{
    (void)state;
    size_t count = 0;
    for (struct azml_data_row row = {.table = azml_data_providers}; azml_data_next(&row);) {
        char name[256], type[256], list[4096];
        assert_true(azml_data_cell(&row, "namespace", name, sizeof(name)));
        assert_true(azml_data_cell(&row, "type", type, sizeof(type)));
        assert_true(azml_data_cell(&row, "api_versions", list, sizeof(list)));
        auto_free char *full = azml_format(NULL, "%s/%s", name, type);
        if (*list)
            count += check_versions(full, list);
    }
    assert_true(count > 1000);
}

static void the_list_for_a_message_is_the_type_s_own(void **state)
{
    (void)state;
    static const struct {
        const char *type, *versions;
    } rows[] = {
        {"Microsoft.Nothing/things",      ""                                              },
        {"Microsoft.Authorization/locks", "2020-05-01, 2017-04-01, 2016-09-01, 2015-01-01"},
        {"microsoft.authorization/LOCKS", "2020-05-01, 2017-04-01, 2016-09-01, 2015-01-01"},
        {ML "/workspaces/datasets",       "2020-05-01-preview"                            },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_free char *versions = sandbox_versions_of(rows[i].type);
        assert_string_equal(versions, rows[i].versions);
    }
    auto_free char *others = sandbox_versions_of(ML "/inventions");
    assert_true(strlen(others) > 0);
}

static void providers_begin_as_a_new_subscription_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *provider, *begins;
    } rows[] = {
        {"Microsoft.Nothing",       NULL           },
        {"Microsoft",               NULL           },
        {"",                        NULL           },
        {ML,                        "NotRegistered"},
        {"MICROSOFT.STORAGE",       "NotRegistered"},
        {"Microsoft.Resources",     "Registered"   },
        {"Microsoft.Authorization", "Registered"   },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        char begins[32] = "untouched";
        bool is_known = sandbox_provider_is_known(rows[i].provider, begins);
        if (is_known != (rows[i].begins != NULL))
            fail_msg("'%s'", rows[i].provider);
        assert_string_equal(begins, is_known ? rows[i].begins : "untouched");
        assert_true(sandbox_provider_is_known(rows[i].provider, NULL) == is_known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_has_one_form),
        cmocka_unit_test(an_invented_version_is_not_known),
        cmocka_unit_test(every_published_version_of_every_type_is_known),
        cmocka_unit_test(the_list_for_a_message_is_the_type_s_own),
        cmocka_unit_test(providers_begin_as_a_new_subscription_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
