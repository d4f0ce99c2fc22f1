#include "azml/cloud.h"

#include "auth/metadata.h"
#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/platform.h"
#include "http/url.h"

#include <string.h>

/* reference 1.1 of arm-ml-rest.md and entra-auth.md */
static const struct row {
    const char *name;
    const char *synonyms[3];
    const char *resource_manager, *authority, *portal, *studio, *storage_suffix, *key_vault_suffix;
} rows[] = {
    {
     .name = "public",
     .synonyms = {"AzureCloud", "AzurePublicCloud"},
     .resource_manager = "https://management.azure.com",
     .authority = "https://login.microsoftonline.com",
     .portal = "https://portal.azure.com",
     .studio = "https://ml.azure.com",
     .storage_suffix = "core.windows.net",
     .key_vault_suffix = "vault.azure.net",
     },
    {
     .name = "usgovernment",
     .synonyms = {"AzureUSGovernment", "AzureUSGovernmentCloud"},
     .resource_manager = "https://management.usgovcloudapi.net",
     .authority = "https://login.microsoftonline.us",
     .portal = "https://portal.azure.us",
     .studio = "https://ml.azure.us",
     .storage_suffix = "core.usgovcloudapi.net",
     .key_vault_suffix = "vault.usgovcloudapi.net",
     },
    {
     .name = "china",
     .synonyms = {"AzureChinaCloud"},
     .resource_manager = "https://management.chinacloudapi.cn",
     .authority = "https://login.partner.microsoftonline.cn",
     .portal = "https://portal.azure.cn",
     .studio = "https://ml.azure.cn",
     .storage_suffix = "core.chinacloudapi.cn",
     .key_vault_suffix = "vault.azure.cn",
     },
    {.name = "sandbox"              }, /* the rest is in its connection file */
};

static bool is_called(const struct row *row, const char *name)
{
    if (azml_same_text(row->name, name))
        return true;
    for (size_t i = 0; i < AZML_COUNT(row->synonyms); i++) {
        if (row->synonyms[i] && azml_same_text(row->synonyms[i], name))
            return true;
    }
    return false;
}

static const struct row *find(const char *name)
{
    for (size_t i = 0; name && i < AZML_COUNT(rows); i++) {
        if (is_called(&rows[i], name))
            return &rows[i];
    }
    return NULL;
}

const char *azml_cloud_canonical_name(const char *name)
{
    const struct row *row = find(name);
    return row ? row->name : NULL;
}

bool azml_cloud_names_sandbox(const char *name)
{
    const struct row *row = find(name);
    return row && !row->resource_manager;
}

void azml_cloud_cleanup(struct azml_cloud *cloud)
{
    if (!cloud)
        return;
    char *texts[] = {cloud->name,           cloud->resource_manager, cloud->authority,
                     cloud->audience,       cloud->portal,           cloud->studio,
                     cloud->storage_suffix, cloud->key_vault_suffix, cloud->ca_file,
                     cloud->tenant_id,      cloud->client_id,        cloud->subscription_id};
    for (size_t i = 0; i < AZML_COUNT(texts); i++)
        free(texts[i]);
    azml_secret_cleanup(&cloud->client_secret);
    *cloud = (struct azml_cloud){0};
}

int azml_cloud_set(char **where, const char *text, struct azml_error *err)
{
    free(*where);
    *where = azml_strdup(text ? text : "", err);
    return *where ? 0 : -1;
}

int azml_cloud_set_address(char **where, const char *what, const char *text, struct azml_error *err)
{
    if (!azml_has_prefix_nocase(text, "https://") || azml_url_check(text, NULL) < 0)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the %s '%.200s' is no https address"),
                              what, text);
    if (azml_cloud_set(where, text, err) < 0)
        return -1;
    for (size_t length = strlen(*where); length && (*where)[length - 1] == '/'; length--)
        (*where)[length - 1] = '\0';
    return 0;
}

static int open_row(const struct row *row, struct azml_cloud *cloud, struct azml_error *err)
{
    const struct {
        char **where;
        const char *text;
    } texts[] = {
        {&cloud->name,             row->name            },
        {&cloud->resource_manager, row->resource_manager},
        {&cloud->authority,        row->authority       },
        {&cloud->audience,         row->resource_manager},
        {&cloud->portal,           row->portal          },
        {&cloud->studio,           row->studio          },
        {&cloud->storage_suffix,   row->storage_suffix  },
        {&cloud->key_vault_suffix, row->key_vault_suffix},
    };
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        if (azml_cloud_set(texts[i].where, texts[i].text, err) < 0)
            return -1;
    }
    return 0;
}

static char *connection_path(struct azml_error *err)
{
    const char *name = azml_platform_env("AZML_SANDBOX");
    name = name ? name : "default";
    if (strchr(name, '/') || name[0] == '.') {
        azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no name of a sandbox"), name);
        return NULL;
    }
    auto_free char *state = azml_path_state(err);
    return state ? azml_format(err, "%s/sandbox/%s/connection.json", state, name) : NULL;
}

static int take_connection(const cJSON *json, struct azml_cloud *cloud, struct azml_error *err)
{
    const struct {
        const char *path;
        char **where;
    } texts[] = {
        {"ca",             &cloud->ca_file        },
        {"tenantId",       &cloud->tenant_id      },
        {"clientId",       &cloud->client_id      },
        {"subscriptionId", &cloud->subscription_id},
    };
    const char *text = NULL;
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        if (azml_json_string(json, texts[i].path, &text, err) < 0 ||
            azml_cloud_set(texts[i].where, text, err) < 0)
            return -1;
    }
    if (azml_json_string(json, "clientSecret", &text, err) < 0 ||
        azml_secret_set(&cloud->client_secret, text, strlen(text), err) < 0)
        return -1;
    if (azml_json_string(json, "authority", &text, err) < 0 ||
        azml_cloud_set_address(&cloud->authority, "authority", text, err) < 0)
        return -1;
    if (azml_json_string(json, "endpoint", &text, err) < 0 ||
        azml_cloud_set_address(&cloud->resource_manager, "endpoint", text, err) < 0)
        return -1;
    if (azml_url_is_loopback(cloud->resource_manager) && azml_url_is_loopback(cloud->authority))
        return azml_cloud_set(&cloud->audience, cloud->resource_manager, err);
    return azml_error_set(err, AZML_ERROR_PROTOCOL,
                          _("the sandbox's connection file names another machine"));
}

static int open_sandbox(const struct row *row, struct azml_cloud *cloud, struct azml_error *err)
{
    auto_free char *path = connection_path(err);
    if (!path || open_row(row, cloud, err) < 0)
        return -1;
    size_t length = 0;
    struct azml_error cause = {0};
    auto_free char *text = azml_fs_read(path, AZML_LIMIT_TOKEN_FILE, &length, &cause);
    if (!text) {
        bool is_missing = cause.code == AZML_ERROR_NOT_FOUND;
        azml_error_move(err, &cause);
        if (!is_missing)
            return -1;
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("the sandbox has not been started yet"));
        return azml_error_hint(err, "azml sandbox start");
    }
    auto_json cJSON *json = azml_json_parse(text, length, err);
    azml_wipe(text, length);
    if (!json || take_connection(json, cloud, err) < 0)
        return azml_error_context(err, _("could not read the sandbox's connection file %s"), path);
    cloud->is_sandbox = true;
    return 0;
}

static int refuse_name(const char *name, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_USAGE, _("unknown cloud '%s'"), name);
    azml_error_why(err, "%s",
                   _("known are public, usgovernment, china, sandbox, and the https "
                     "address of a resource manager"));
    return azml_error_hint(err, "--cloud public");
}

int azml_cloud_open(const char *name, struct azml_http *http, struct azml_cloud *cloud_out,
                    struct azml_error *err)
{
    const struct row *row = find(name ? name : "public");
    auto_cloud struct azml_cloud cloud = {0};
    int done = -1;
    if (row && row->resource_manager)
        done = open_row(row, &cloud, err);
    else if (row)
        done = open_sandbox(row, &cloud, err);
    else if (azml_has_prefix_nocase(name, "https://") && http)
        done = azml_cloud_fetch(name, http, &cloud, err);
    else
        done = refuse_name(name, err);
    if (done < 0)
        return -1;
    *cloud_out = cloud;
    cloud = (struct azml_cloud){0};
    return 0;
}

void azml_cloud_trust(const struct azml_cloud *cloud, struct azml_http_options *options)
{
    if (!cloud->ca_file)
        return;
    options->ca_file = cloud->ca_file;
    options->only_ca_file = true;
}
