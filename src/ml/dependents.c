#include "ml/dependents.h"

#include "azml/arm_id.h"
#include "azml/ml_tags.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/api.h"

#include <string.h>

/* In this order: what can only be purged while it lives comes first. */
static const char *const order[] = {
    AZML_TYPE_LOGS, AZML_TYPE_INSIGHTS, AZML_TYPE_STORAGE, AZML_TYPE_VAULT, NULL /* the rest */
};

static bool is_of_type(const cJSON *item, const char *type)
{
    return azml_same_text(azml_json_text(item, "type"), type);
}

static bool is_known_type(const cJSON *item)
{
    for (size_t i = 0; order[i]; i++)
        if (is_of_type(item, order[i]))
            return true;
    return false;
}

static const char *const user_paths[] = {"properties.storageAccount", "properties.keyVault",
                                         "properties.applicationInsights",
                                         "properties.containerRegistry"};

/* Somebody without a name is somebody all the same. */
static const char *name_of(const cJSON *item)
{
    const char *name = azml_json_text(item, "name");
    return name ? name : "?";
}

/* The other workspace that names this resource; NULL where none does. */
static const char *workspace_using(const cJSON *workspaces, const char *id, const char *ours)
{
    const cJSON *workspace;
    cJSON_ArrayForEach (workspace, workspaces) {
        if (azml_arm_id_same(azml_json_text(workspace, "id"), ours))
            continue;
        for (size_t i = 0; i < AZML_COUNT(user_paths); i++)
            if (azml_arm_id_same(azml_json_text(workspace, user_paths[i]), id))
                return name_of(workspace);
    }
    return NULL;
}

/* Another component that sends to this Log Analytics workspace and was not made for ours. */
static const char *component_using(const cJSON *components, const char *id, const char *ours)
{
    const cJSON *component;
    cJSON_ArrayForEach (component, components) {
        if (azml_arm_id_same(azml_json_text(component, "properties.WorkspaceResourceId"), id) &&
            !azml_tags_belong_to(azml_json_at(component, "tags"), ours))
            return name_of(component);
    }
    return NULL;
}

static cJSON *entry(const cJSON *item)
{
    auto_json cJSON *made = cJSON_CreateObject();
    if (!made || azml_json_put_text(made, "id", azml_json_text(item, "id")) < 0 ||
        azml_json_put_text(made, "type", azml_json_text(item, "type")) < 0 ||
        azml_json_put_text(made, "name", azml_json_text(item, "name")) < 0 ||
        azml_json_put_text(made, "location", azml_json_text(item, "location")) < 0)
        return NULL;
    return AZML_STEAL(made);
}

static cJSON *kept_entry(const cJSON *item, const char *user)
{
    auto_json cJSON *made = cJSON_CreateObject();
    auto_free char *why = azml_format(NULL, _("%s uses it too"), user);
    if (!made || !why || azml_json_put_text(made, "id", azml_json_text(item, "id")) < 0 ||
        azml_json_put_text(made, "why", why) < 0)
        return NULL;
    return AZML_STEAL(made);
}

/* Take over one candidate: among the chosen, or among the kept with who uses it. */
static int choose_one(const struct azml_dependents_lists *lists, const char *ours,
                      const cJSON *item, cJSON *chosen, cJSON *kept)
{
    const char *id = azml_json_text(item, "id");
    const char *user = workspace_using(lists->workspaces, id, ours);
    if (!user && is_of_type(item, AZML_TYPE_LOGS))
        user = component_using(lists->components, id, ours);
    return user ? azml_json_append(kept, kept_entry(item, user))
                : azml_json_append(chosen, entry(item));
}

static bool is_candidate(const cJSON *item, const char *ours, const char *type)
{
    const char *id = azml_json_text(item, "id");
    if (!id || azml_arm_id_same(id, ours) || is_of_type(item, AZML_TYPE_WORKSPACE))
        return false;
    const cJSON *tags = azml_json_at(item, "tags");
    if (!azml_tags_are_ours(tags) || !azml_tags_belong_to(tags, ours))
        return false;
    return type ? is_of_type(item, type) : !is_known_type(item);
}

int azml_dependents_choose(const struct azml_dependents_lists *lists, const char *id,
                           cJSON **chosen_out, cJSON **kept_out, struct azml_error *err)
{
    auto_json cJSON *chosen = cJSON_CreateArray();
    auto_json cJSON *kept = cJSON_CreateArray();
    if (!chosen || !kept)
        return azml_error_memory(err);
    for (size_t i = 0; i < AZML_COUNT(order); i++) {
        const cJSON *item;
        cJSON_ArrayForEach (item, lists->resources) {
            if (is_candidate(item, id, order[i]) && choose_one(lists, id, item, chosen, kept) < 0)
                return azml_error_memory(err);
        }
    }
    *chosen_out = AZML_STEAL(chosen);
    *kept_out = AZML_STEAL(kept);
    return 0;
}

static bool is_rule_of(const cJSON *item, const cJSON *deleted)
{
    static const char prefix[] = "Failure Anomalies - ";
    const char *name = azml_json_text(item, "name");
    if (!is_of_type(item, AZML_TYPE_DETECTOR_RULE) || !name ||
        !azml_has_prefix_nocase(name, prefix))
        return false;
    const cJSON *component;
    cJSON_ArrayForEach (component, deleted) {
        if (is_of_type(component, AZML_TYPE_INSIGHTS) &&
            azml_same_text(azml_json_text(component, "name"), name + strlen(prefix)))
            return true;
    }
    return false;
}

static bool holds_component(const cJSON *resources, const cJSON *deleted)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, resources) {
        if (!is_of_type(item, AZML_TYPE_INSIGHTS))
            continue;
        bool gone = false;
        const cJSON *component;
        cJSON_ArrayForEach (component, deleted) {
            gone = gone ||
                   azml_arm_id_same(azml_json_text(component, "id"), azml_json_text(item, "id"));
        }
        if (!gone)
            return true;
    }
    return false;
}

/* Alert rules that may send through the action group, beyond those that go. */
static bool holds_alerts(const cJSON *resources, const cJSON *deleted)
{
    static const char *const types[] = {
        "Microsoft.Insights/metricAlerts", "Microsoft.Insights/activityLogAlerts",
        "Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/alertRules"};
    const cJSON *item;
    cJSON_ArrayForEach (item, resources) {
        const char *type = azml_json_text(item, "type");
        bool alert = type && azml_has_prefix_nocase(type, "Microsoft.AlertsManagement/");
        for (size_t i = 0; i < AZML_COUNT(types); i++)
            alert = alert || is_of_type(item, types[i]);
        if (alert && !is_rule_of(item, deleted))
            return true;
    }
    return false;
}

static bool deleted_component(const cJSON *deleted)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, deleted) {
        if (is_of_type(item, AZML_TYPE_INSIGHTS))
            return true;
    }
    return false;
}

cJSON *azml_dependents_side_effects(const cJSON *resources, const cJSON *deleted,
                                    struct azml_error *err)
{
    auto_json cJSON *found = cJSON_CreateArray();
    bool last = deleted_component(deleted) && !holds_component(resources, deleted) &&
                !holds_alerts(resources, deleted);
    const cJSON *item;
    cJSON_ArrayForEach (item, resources) {
        bool group =
            last && is_of_type(item, AZML_TYPE_ACTION_GROUP) &&
            azml_same_text(azml_json_text(item, "name"), "Application Insights Smart Detection");
        if (!group && !is_rule_of(item, deleted))
            continue;
        if (azml_json_append(found, entry(item)) < 0) {
            azml_error_memory(err);
            return NULL;
        }
    }
    if (!found)
        azml_error_memory(err);
    return AZML_STEAL(found);
}
