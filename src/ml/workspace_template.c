#include "ml/workspace_template.h"

#include "azml/ml_tags.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/api.h"

#include <string.h>

/* The ids that the workspace names: the given ones, or those of what the template makes. */
struct ids {
    char *storage, *vault, *logs, *insights;
};

static void ids_cleanup(struct ids *ids)
{
    free(ids->storage);
    free(ids->vault);
    free(ids->logs);
    free(ids->insights);
}

/* "/subscriptions/…/resourceGroups/G" of a resource id: the length of that part, 0 where none. */
static size_t group_length(const char *id)
{
    const char *providers = azml_find_nocase(id, "/providers/");
    return providers ? (size_t)(providers - id) : 0;
}

static char *id_of(const struct azml_workspace_template *what, const char *given, const char *type,
                   const char *name, struct azml_error *err)
{
    if (given)
        return azml_strdup(given, err);
    return azml_format(err, "%.*s/providers/%s/%s", (int)group_length(what->workspace_id),
                       what->workspace_id, type, name);
}

static int find_ids(const struct azml_workspace_template *what, struct ids *ids,
                    struct azml_error *err)
{
    ids->storage = id_of(what, what->storage_id, AZML_TYPE_STORAGE, what->names->storage, err);
    ids->vault = id_of(what, what->vault_id, AZML_TYPE_VAULT, what->names->vault, err);
    ids->logs = id_of(what, NULL, AZML_TYPE_LOGS, what->names->logs, err);
    ids->insights = id_of(what, what->insights_id, AZML_TYPE_INSIGHTS, what->names->insights, err);
    return ids->storage && ids->vault && ids->logs && ids->insights ? 0 : -1;
}

/* A leading "[" would be read as an expression; "[[" stands for the character itself. */
static int escape_texts(cJSON *object)
{
    cJSON *item;
    cJSON_ArrayForEach (item, object) {
        if (!cJSON_IsString(item) || item->valuestring[0] != '[')
            continue;
        auto_free char *escaped = azml_format(NULL, "[%s", item->valuestring);
        if (!escaped || !cJSON_SetValuestring(item, escaped))
            return -1;
    }
    return 0;
}

static cJSON *tags_of(const struct azml_workspace_template *what, bool dependent)
{
    auto_json cJSON *tags = NULL;
    if (dependent)
        tags = azml_tags_with_owner(what->tags, what->workspace_id);
    else
        tags = what->tags ? cJSON_Duplicate(what->tags, true) : cJSON_CreateObject();
    if (!tags || escape_texts(tags) < 0)
        return NULL;
    return AZML_STEAL(tags);
}

/* A resource with what all have: type, version, name, place and tags; NULL when memory ran out. */
static cJSON *resource(const struct azml_workspace_template *what, const char *type,
                       const char *version, const char *name, bool dependent)
{
    auto_json cJSON *made = cJSON_CreateObject();
    auto_json cJSON *tags = tags_of(what, dependent);
    if (!made || !tags)
        return NULL;
    if (azml_json_put_text(made, "type", type) < 0 ||
        azml_json_put_text(made, "apiVersion", version) < 0 ||
        azml_json_put_text(made, "name", name) < 0 ||
        azml_json_put_text(made, "location", what->location) < 0 ||
        azml_json_put(made, "tags", AZML_STEAL(tags)) < 0)
        return NULL;
    return AZML_STEAL(made);
}

static cJSON *storage(const struct azml_workspace_template *what)
{
    auto_json cJSON *made =
        resource(what, AZML_TYPE_STORAGE, AZML_API_STORAGE, what->names->storage, true);
    if (!made || azml_json_put_text(made, "kind", "StorageV2") < 0 ||
        azml_json_put_text(made, "sku.name", "Standard_LRS") < 0 ||
        azml_json_put_bool(made, "properties.supportsHttpsTrafficOnly", true) < 0 ||
        azml_json_put_text(made, "properties.minimumTlsVersion", "TLS1_2") < 0 ||
        azml_json_put_bool(made, "properties.allowBlobPublicAccess", false) < 0 ||
        /* creating a compute instance fails where shared keys are off */
        azml_json_put_bool(made, "properties.allowSharedKeyAccess", true) < 0 ||
        azml_json_put_text(made, "properties.accessTier", "Hot") < 0 ||
        azml_json_put_text(made, "properties.encryption.keySource", "Microsoft.Storage") < 0 ||
        azml_json_put_bool(made, "properties.encryption.services.blob.enabled", true) < 0 ||
        azml_json_put_bool(made, "properties.encryption.services.file.enabled", true) < 0)
        return NULL;
    return AZML_STEAL(made);
}

static cJSON *vault(const struct azml_workspace_template *what)
{
    auto_json cJSON *made =
        resource(what, AZML_TYPE_VAULT, AZML_API_VAULT, what->names->vault, true);
    if (!made || azml_json_put_text(made, "properties.tenantId", "[subscription().tenantId]") < 0 ||
        azml_json_put_text(made, "properties.sku.family", "A") < 0 ||
        azml_json_put_text(made, "properties.sku.name", "standard") < 0 ||
        azml_json_put(made, "properties.accessPolicies", cJSON_CreateArray()) < 0 ||
        /* said explicitly: the default changed with 2026-02-01, and the service adds its access
         * policy by itself */
        azml_json_put_bool(made, "properties.enableRbacAuthorization", false) < 0 ||
        azml_json_put_number(made, "properties.softDeleteRetentionInDays", 7) < 0)
        return NULL;
    return AZML_STEAL(made);
}

static cJSON *logs(const struct azml_workspace_template *what)
{
    auto_json cJSON *made = resource(what, AZML_TYPE_LOGS, AZML_API_LOGS, what->names->logs, true);
    if (!made || azml_json_put_text(made, "properties.sku.name", "PerGB2018") < 0 ||
        azml_json_put_number(made, "properties.retentionInDays", 30) < 0)
        return NULL;
    return AZML_STEAL(made);
}

static int put_depends(cJSON *made, const char *const *ids, size_t count)
{
    auto_json cJSON *depends = cJSON_CreateArray();
    if (!depends)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (ids[i] && azml_json_append(depends, cJSON_CreateString(ids[i])) < 0)
            return -1;
    return azml_json_put(made, "dependsOn", AZML_STEAL(depends));
}

static cJSON *insights(const struct azml_workspace_template *what, const struct ids *ids)
{
    auto_json cJSON *made =
        resource(what, AZML_TYPE_INSIGHTS, AZML_API_INSIGHTS, what->names->insights, true);
    const char *const depends[] = {ids->logs};
    if (!made || put_depends(made, depends, 1) < 0 || azml_json_put_text(made, "kind", "web") < 0 ||
        azml_json_put_text(made, "properties.Application_Type", "web") < 0 ||
        azml_json_put_text(made, "properties.WorkspaceResourceId", ids->logs) < 0 ||
        azml_json_put_text(made, "properties.IngestionMode", "LogAnalytics") < 0)
        return NULL;
    return AZML_STEAL(made);
}

static int put_workspace_properties(cJSON *made, const struct azml_workspace_template *what,
                                    const struct ids *ids)
{
    const char *name = strrchr(what->workspace_id, '/') + 1;
    if (azml_json_put_text(made, "properties.friendlyName", name) < 0 ||
        azml_json_put_text(made, "properties.storageAccount", ids->storage) < 0 ||
        azml_json_put_text(made, "properties.keyVault", ids->vault) < 0 ||
        azml_json_put_text(made, "properties.applicationInsights", ids->insights) < 0 ||
        azml_json_put_text(made, "properties.publicNetworkAccess", "Enabled") < 0 ||
        azml_json_put_bool(made, "properties.hbiWorkspace", false) < 0 ||
        azml_json_put_bool(made, "properties.v1LegacyMode", false) < 0)
        return -1;
    if (what->registry_id)
        return azml_json_put_text(made, "properties.containerRegistry", what->registry_id);
    return 0;
}

static cJSON *workspace(const struct azml_workspace_template *what, const struct ids *ids)
{
    const char *name = strrchr(what->workspace_id, '/') + 1;
    auto_json cJSON *made = resource(what, AZML_TYPE_WORKSPACE, AZML_API_ML, name, false);
    const char *const depends[] = {
        what->storage_id ? NULL : ids->storage,
        what->vault_id ? NULL : ids->vault,
        what->insights_id ? NULL : ids->insights,
    };
    if (!made || put_depends(made, depends, AZML_COUNT(depends)) < 0 ||
        azml_json_put_text(made, "kind", "Default") < 0 ||
        azml_json_put_text(made, "sku.name", "Basic") < 0 ||
        azml_json_put_text(made, "sku.tier", "Basic") < 0 ||
        azml_json_put_text(made, "identity.type", "SystemAssigned") < 0 ||
        put_workspace_properties(made, what, ids) < 0)
        return NULL;
    return AZML_STEAL(made);
}

static cJSON *resources(const struct azml_workspace_template *what, const struct ids *ids)
{
    auto_json cJSON *list = cJSON_CreateArray();
    if (!list || (!what->storage_id && azml_json_append(list, storage(what)) < 0) ||
        (!what->vault_id && azml_json_append(list, vault(what)) < 0) ||
        (!what->insights_id && (azml_json_append(list, logs(what)) < 0 ||
                                azml_json_append(list, insights(what, ids)) < 0)) ||
        azml_json_append(list, workspace(what, ids)) < 0)
        return NULL;
    return AZML_STEAL(list);
}

cJSON *azml_workspace_template_build(const struct azml_workspace_template *what,
                                     struct azml_error *err)
{
    if (group_length(what->workspace_id) == 0) {
        azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no workspace id"), what->workspace_id);
        return NULL;
    }
    __attribute__((cleanup(ids_cleanup))) struct ids ids = {0};
    if (find_ids(what, &ids, err) < 0)
        return NULL;

    auto_json cJSON *body = cJSON_CreateObject();
    if (!body || azml_json_put_text(body, "properties.mode", "Incremental") < 0 ||
        azml_json_put_text(body, "properties.template.$schema",
                           "https://schema.management.azure.com/schemas/2019-04-01/"
                           "deploymentTemplate.json#") < 0 ||
        azml_json_put_text(body, "properties.template.contentVersion", "1.0.0.0") < 0 ||
        azml_json_put(body, "properties.template.resources", resources(what, &ids)) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(body);
}
