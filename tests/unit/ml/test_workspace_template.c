#include "ml/workspace_template.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define GROUP     "/subscriptions/5/resourceGroups/lab"
#define WORKSPACE GROUP "/providers/Microsoft.MachineLearningServices/workspaces/course"

static cJSON *build(struct azml_workspace_template what)
{
    static struct azml_dependent_names names;
    azml_dependent_names_derive(WORKSPACE, 0, &names);
    what.workspace_id = WORKSPACE;
    what.location = "westeurope";
    what.names = &names;
    auto_json cJSON *tags = cJSON_CreateObject();
    azml_json_put_text(tags, "azml-made-by", "azml/0.1.0");
    azml_json_put_text(tags, "azml-owner", "[lea]");
    what.tags = tags;
    cJSON *body = azml_workspace_template_build(&what, NULL);
    assert_non_null(body);
    return body;
}

static const cJSON *find(const cJSON *body, const char *type)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, azml_json_at(body, "properties.template.resources")) {
        if (strcmp(azml_json_text(item, "type"), type) == 0)
            return item;
    }
    return NULL;
}

static void a_workspace_id_that_is_none_is_refused(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    struct azml_workspace_template what = {.workspace_id = "course", .location = "westeurope"};
    assert_null(azml_workspace_template_build(&what, &err));
    assert_string_equal(err.message, "'course' is no workspace id");
}

static void nothing_outside_the_template_is_ever_deleted(void **state)
{
    (void)state;
    auto_json cJSON *body = build((struct azml_workspace_template){0});
    assert_string_equal(azml_json_text(body, "properties.mode"), "Incremental");
}

static void the_workspace_comes_with_all_it_needs(void **state)
{
    (void)state;
    auto_json cJSON *body = build((struct azml_workspace_template){0});
    const cJSON *resources = azml_json_at(body, "properties.template.resources");
    assert_int_equal(cJSON_GetArraySize(resources), 5);

    const cJSON *workspace = find(body, "Microsoft.MachineLearningServices/workspaces");
    assert_string_equal(azml_json_text(workspace, "name"), "course");
    assert_string_equal(azml_json_text(workspace, "location"), "westeurope");
    assert_string_equal(azml_json_text(workspace, "identity.type"), "SystemAssigned");
    assert_string_equal(azml_json_text(workspace, "apiVersion"), "2025-12-01");
    assert_int_equal(cJSON_GetArraySize(azml_json_at(workspace, "dependsOn")), 3);
    assert_null(azml_json_at(workspace, "properties.containerRegistry"));

    const cJSON *vault = find(body, "Microsoft.KeyVault/vaults");
    assert_true(cJSON_IsFalse(azml_json_at(vault, "properties.enableRbacAuthorization")));
    assert_true(cJSON_IsArray(azml_json_at(vault, "properties.accessPolicies")));
    assert_string_equal(azml_json_text(vault, "properties.tenantId"), "[subscription().tenantId]");

    const cJSON *storage = find(body, "Microsoft.Storage/storageAccounts");
    assert_true(cJSON_IsTrue(azml_json_at(storage, "properties.allowSharedKeyAccess")));
    assert_true(cJSON_IsFalse(azml_json_at(storage, "properties.allowBlobPublicAccess")));
    assert_string_equal(azml_json_text(storage, "kind"), "StorageV2");
}

static void insights_name_the_log_workspace_that_is_made_with_them(void **state)
{
    (void)state;
    auto_json cJSON *body = build((struct azml_workspace_template){0});
    const cJSON *logs = find(body, "Microsoft.OperationalInsights/workspaces");
    const cJSON *insights = find(body, "Microsoft.Insights/components");
    const char *id = azml_json_text(insights, "properties.WorkspaceResourceId");
    assert_non_null(id);
    assert_string_equal(strrchr(id, '/') + 1, azml_json_text(logs, "name"));
    assert_string_equal(azml_json_text(insights, "dependsOn.0"), id);
}

static void everything_is_tagged_and_dependents_name_their_workspace(void **state)
{
    (void)state;
    auto_json cJSON *body = build((struct azml_workspace_template){0});
    const cJSON *item;
    cJSON_ArrayForEach (item, azml_json_at(body, "properties.template.resources")) {
        const char *type = azml_json_text(item, "type");
        assert_string_equal(azml_json_text(item, "tags.azml-made-by"), "azml/0.1.0");
        /* a text that begins like an expression must not be one */
        assert_string_equal(azml_json_text(item, "tags.azml-owner"), "[[lea]");
        const char *of = azml_json_text(item, "tags.azml-of");
        if (strstr(type, "MachineLearning"))
            assert_null(of);
        else
            assert_string_equal(of, WORKSPACE);
    }
}

static void what_is_given_is_used_and_not_made(void **state)
{
    (void)state;
    auto_json cJSON *body = build((struct azml_workspace_template){
        .storage_id = "/their/storage",
        .insights_id = "/their/insights",
        .registry_id = "/their/registry",
    });
    assert_null(find(body, "Microsoft.Storage/storageAccounts"));
    assert_null(find(body, "Microsoft.Insights/components"));
    assert_null(find(body, "Microsoft.OperationalInsights/workspaces"));
    assert_non_null(find(body, "Microsoft.KeyVault/vaults"));
    const cJSON *workspace = find(body, "Microsoft.MachineLearningServices/workspaces");
    assert_string_equal(azml_json_text(workspace, "properties.storageAccount"), "/their/storage");
    assert_string_equal(azml_json_text(workspace, "properties.applicationInsights"),
                        "/their/insights");
    assert_string_equal(azml_json_text(workspace, "properties.containerRegistry"),
                        "/their/registry");
    assert_int_equal(cJSON_GetArraySize(azml_json_at(workspace, "dependsOn")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_workspace_id_that_is_none_is_refused),
        cmocka_unit_test(nothing_outside_the_template_is_ever_deleted),
        cmocka_unit_test(the_workspace_comes_with_all_it_needs),
        cmocka_unit_test(insights_name_the_log_workspace_that_is_made_with_them),
        cmocka_unit_test(everything_is_tagged_and_dependents_name_their_workspace),
        cmocka_unit_test(what_is_given_is_used_and_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
