#include "arm/version.h"

#include "azml/arm.h"
#include "base/auto.h"
#include "base/data.h"

#include <stdio.h>
#include <string.h>

/* The first row whose words the path's provider part begins with. */
static const struct {
    const char *type;
    const char *version;
} rows[] = {
    {"Microsoft.MachineLearningServices", "2025-12-01"},
    {"Microsoft.Resources/deployments",   "2025-04-01"},
    {"Microsoft.Resources",               "2025-04-01"},
    {"Microsoft.Authorization/locks",     "2020-05-01"},
    {"Microsoft.Authorization",           "2022-04-01"},
    {"Microsoft.Storage",                 "2025-08-01"},
    {"Microsoft.KeyVault",                "2026-02-01"},
    {"Microsoft.Insights/components",     "2020-02-02"},
    {"Microsoft.Insights/eventtypes",     "2015-04-01"},
    {"Microsoft.Insights/actionGroups",   "2023-01-01"},
    {"Microsoft.AlertsManagement",        "2021-04-01"},
    {"Microsoft.OperationalInsights",     "2025-07-01"},
    {"Microsoft.ContainerRegistry",       "2025-11-01"},
    {"Microsoft.ManagedIdentity",         "2024-11-30"},
    {"Microsoft.Compute/skus",            "2021-07-01"},
    {"Microsoft.Compute/locations",       "2024-11-01"},
    {"Microsoft.Compute/sshPublicKeys",   "2026-03-01"},
    {"Microsoft.Quota",                   "2025-03-01"},
    {"Microsoft.ResourceGraph",           "2024-04-01"},
    {"Microsoft.CostManagement",          "2025-03-01"},
};

static const char groups[] = "2025-04-01";        /* groups, resources, providers, tags */
static const char subscriptions[] = "2022-12-01"; /* subscriptions, tenants, locations */

static size_t path_length(const char *path)
{
    return strcspn(path, "?");
}

/* "Ns/type/…" behind the last /providers/, up to the query; NULL where none is. */
static const char *provider_part(const char *path, size_t *length_out)
{
    static const char marker[] = "/providers/";
    const char *found = NULL;
    const char *end = path + path_length(path);
    for (const char *at = path; (at = azml_find_nocase(at, marker)) && at < end; at++)
        found = at + strlen(marker);
    *length_out = found ? (size_t)(end - found) : 0;
    return found;
}

static bool begins(const char *text, size_t length, const char *prefix)
{
    size_t wanted = strlen(prefix);
    return length >= wanted && azml_same_bytes(text, prefix, wanted) &&
           (length == wanted || text[wanted] == '/');
}

/* A provider's own document and its (un)registration belong to Microsoft.Resources. */
static bool is_about_provider(const char *part, size_t length)
{
    const char *slash = memchr(part, '/', length);
    if (!slash)
        return true;
    size_t rest = length - (size_t)(slash + 1 - part);
    return rest == 0 || begins(slash + 1, rest, "register") ||
           begins(slash + 1, rest, "unregister");
}

static const char *without_provider(const char *path)
{
    size_t length = path_length(path);
    while (length && path[length - 1] == '/')
        length--;
    if (begins(path, length, "/tenants"))
        return subscriptions;
    if (!begins(path, length, "/subscriptions"))
        return begins(path, length, "/providers") ? groups : NULL;
    const char *third = path;
    for (int i = 0; i < 3 && third; i++) {
        third = memchr(third, '/', length - (size_t)(third - path));
        third = third ? third + 1 : NULL;
    }
    if (!third || begins(third, length - (size_t)(third - path), "locations"))
        return subscriptions;
    return groups;
}

const char *azml_arm_api_version(const char *path)
{
    size_t length = 0;
    const char *part = provider_part(path, &length);
    if (!part || length == 0)
        return without_provider(path);
    if (is_about_provider(part, length))
        return groups;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (begins(part, length, rows[i].type))
            return rows[i].version;
    }
    return NULL;
}

/* The first of "2026-01-01,2025-10-01-preview,…" that is no preview. */
static bool newest(const char *versions, char out[AZML_VERSION_TEXT])
{
    for (const char *at = versions; *at; at += strcspn(at, ","), at += *at == ',') {
        size_t length = strcspn(at, ",");
        if (length != strlen("2026-01-01"))
            continue;
        (void)snprintf(out, AZML_VERSION_TEXT, "%.*s", (int)length, at);
        return true;
    }
    return false;
}

static bool find_published(const char *part, size_t length, char out[AZML_VERSION_TEXT])
{
    struct azml_data_row row = {.table = azml_data_providers};
    while (azml_data_next(&row)) {
        char namespace[128];
        char type[128];
        char versions[4096];
        char whole[260];
        if (!azml_data_cell(&row, "namespace", namespace, sizeof(namespace)) ||
            !azml_data_cell(&row, "type", type, sizeof(type)))
            continue;
        (void)snprintf(whole, sizeof(whole), "%s/%s", namespace, type);
        if (begins(part, length, whole) &&
            azml_data_cell(&row, "api_versions", versions, sizeof(versions)))
            return newest(versions, out);
    }
    return false;
}

bool azml_arm_find_version(const char *path, char out[AZML_VERSION_TEXT])
{
    const char *known = azml_arm_api_version(path);
    if (known) {
        (void)snprintf(out, AZML_VERSION_TEXT, "%s", known);
        return true;
    }
    size_t length = 0;
    const char *part = provider_part(path, &length);
    return part && find_published(part, length, out);
}
