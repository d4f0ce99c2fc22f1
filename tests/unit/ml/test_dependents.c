#include "unit/test.h"

#include "base/auto.h"
#include "base/json.h"
#include "ml/dependents.h"

#include <string.h>

#define G      "/subscriptions/5/resourceGroups/lab/providers/"
#define COURSE G "Microsoft.MachineLearningServices/workspaces/course"
#define ITEM(type, name, tags)                                               \
    "{\"id\":\"" G type "/" name "\",\"type\":\"" type "\",\"name\":\"" name \
    "\",\"location\":\"westeurope\",\"tags\":" tags "}"
#define OURS "{\"azml-made-by\":\"azml/0.1.0\",\"azml-of\":\"" COURSE "\"}"

static cJSON *parse(const char *text)
{
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

/* The names of a list's items, joined. */
static void same_names(const cJSON *list, const char *expected)
{
    auto_str struct azml_str names = {0};
    const cJSON *item;
    cJSON_ArrayForEach (item, list) {
        const char *name = azml_json_text(item, "name");
        const char *id = azml_json_text(item, "id");
        azml_str_addf(&names, "%s ", name ? name : strrchr(id, '/') + 1);
    }
    assert_string_equal(azml_str_text(&names), expected);
}

static void choose(const char *resources, const char *workspaces, const char *components,
                   const char *chosen, const char *kept)
{
    auto_json cJSON *r = parse(resources);
    auto_json cJSON *w = parse(workspaces);
    auto_json cJSON *c = parse(components);
    const struct azml_dependents_lists lists = {.resources = r, .workspaces = w, .components = c};
    cJSON *chosen_list = NULL, *kept_list = NULL;
    assert_int_equal(azml_dependents_choose(&lists, COURSE, &chosen_list, &kept_list, NULL), 0);
    same_names(chosen_list, chosen);
    same_names(kept_list, kept);
    cJSON_Delete(chosen_list);
    cJSON_Delete(kept_list);
}

static const char mixed[] = "[" ITEM("Microsoft.Storage/storageAccounts", "foreign", "{}") "," //
    ITEM("Microsoft.Storage/storageAccounts", "unmade", "{\"azml-of\":\"" COURSE "\"}") ","    //
    ITEM("Microsoft.Storage/storageAccounts", "others",
         "{\"azml-made-by\":\"azml/0.1.0\",\"azml-of\":\"" COURSE "2\"}") "," //
    ITEM("Microsoft.MachineLearningServices/workspaces", "course", OURS) ","  //
    ITEM("Microsoft.KeyVault/vaults", "vault", OURS) ","                      //
    ITEM("Microsoft.Storage/storageAccounts", "store", OURS) ","              //
    ITEM("microsoft.insights/components", "insights", OURS) ","               //
    ITEM("Microsoft.OperationalInsights/workspaces", "logs", OURS) "]";

static void only_what_azml_made_for_it_goes_and_in_order(void **state)
{
    (void)state;
    choose(mixed, "[]", "[]", "logs insights store vault ", "");
}

static void what_another_workspace_uses_stays(void **state)
{
    (void)state;
    choose(mixed,
           "[{\"id\":\"" COURSE "\",\"name\":\"course\",\"properties\":{\"storageAccount\":\"" G
           "Microsoft.Storage/storageAccounts/store\"}},"
           "{\"id\":\"/x/second\",\"name\":\"second\",\"properties\":{\"keyVault\":\"" G
           "Microsoft.Keyvault/vaults/VAULT\"}}]",
           "[]", "logs insights store ", "vault ");
}

static void logs_that_other_insights_send_to_stay(void **state)
{
    (void)state;
    choose(mixed, "[]",
           "[{\"name\":\"insights\",\"tags\":" OURS ",\"properties\":{\"WorkspaceResourceId\":\"" G
           "Microsoft.OperationalInsights/workspaces/logs\"}}]",
           "logs insights store vault ", "");
    choose(mixed, "[]",
           "[{\"name\":\"web\",\"properties\":{\"WorkspaceResourceId\":\"" G
           "microsoft.operationalinsights/workspaces/logs\"}}]",
           "insights store vault ", "logs ");
}

static void a_user_without_a_name_is_a_user(void **state)
{
    (void)state;
    choose(mixed,
           "[{\"id\":\"/x/second\",\"properties\":{\"keyVault\":\"" G
           "Microsoft.Keyvault/vaults/vault\"}}]",
           "[{\"properties\":{\"WorkspaceResourceId\":\"" G
           "microsoft.operationalinsights/workspaces/logs\"}}]",
           "insights store ", "logs vault ");
}

static void side_effects(const char *resources, const char *expected)
{
    auto_json cJSON *r = parse(resources);
    auto_json cJSON *deleted =
        parse("[" ITEM("Microsoft.Insights/components", "insights", "{}") "]");
    auto_json cJSON *found = azml_dependents_side_effects(r, deleted, NULL);
    same_names(found, expected);
}

#define RULE(name) \
    ITEM("microsoft.alertsmanagement/smartDetectorAlertRules", "Failure Anomalies - " name, "{}")
#define ACTION ITEM("microsoft.insights/actiongroups", "Application Insights Smart Detection", "{}")

static void what_insights_made_by_themselves_goes_with_them(void **state)
{
    (void)state;
    side_effects("[" ACTION "," RULE("insights") "]",
                 "Application Insights Smart Detection Failure Anomalies - insights ");
    /* the action group serves every component of the group */
    side_effects("[" ACTION
                 "," RULE("insights") "," ITEM("Microsoft.Insights/components", "other", "{}") "]",
                 "Failure Anomalies - insights ");
    /* and whatever other alert may send through it */
    side_effects("[" ACTION
                 "," RULE("insights") "," ITEM("Microsoft.Insights/metricAlerts", "cpu", "{}") "]",
                 "Failure Anomalies - insights ");
    side_effects("[" ACTION "," RULE("insights") "," RULE("other") "]",
                 "Failure Anomalies - insights ");
    side_effects("[]", "");
}

static void without_deleted_insights_no_side_effect_is_ours(void **state)
{
    (void)state;
    auto_json cJSON *r = parse("[" ACTION "," RULE("insights") "]");
    auto_json cJSON *none = cJSON_CreateArray();
    auto_json cJSON *found = azml_dependents_side_effects(r, none, NULL);
    assert_int_equal(cJSON_GetArraySize(found), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_azml_made_for_it_goes_and_in_order),
        cmocka_unit_test(what_another_workspace_uses_stays),
        cmocka_unit_test(a_user_without_a_name_is_a_user),
        cmocka_unit_test(logs_that_other_insights_send_to_stay),
        cmocka_unit_test(what_insights_made_by_themselves_goes_with_them),
        cmocka_unit_test(without_deleted_insights_no_side_effect_is_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
