#include "auth/metadata.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "http/url.h"

#include <string.h>

/* The first of several spellings that is there, or NULL. */
static const char *either(const cJSON *json, const char *first, const char *second)
{
    const char *text = azml_json_text(json, first);
    return text ? text : azml_json_text(json, second);
}

/* Of a list of clouds, the one that `base` is; a document that is no list is the only one. */
static const cJSON *pick(const cJSON *json, const char *base)
{
    if (!cJSON_IsArray(json))
        return json;
    const cJSON *cloud = NULL;
    cJSON_ArrayForEach (cloud, json) {
        const char *manager = azml_json_text(cloud, "resourceManager");
        if (!manager || azml_url_same_origin(manager, base))
            return cloud;
    }
    return NULL;
}

/* The audience that names the resource manager itself, else the first (kept as it is: a trailing
 * slash is part of it). */
static int set_audience(struct azml_cloud *cloud, const cJSON *json, struct azml_error *err)
{
    const cJSON *audience = NULL;
    cJSON_ArrayForEach (audience, azml_json_at(json, "authentication.audiences")) {
        size_t length = strlen(cloud->resource_manager);
        const char *text = cJSON_GetStringValue(audience);
        if (text && azml_same_bytes(text, cloud->resource_manager, length) &&
            (text[length] == '\0' || strcmp(text + length, "/") == 0))
            return azml_cloud_set(&cloud->audience, cloud->resource_manager, err);
    }
    const char *first = azml_json_text(json, "authentication.audiences.0");
    return azml_cloud_set(&cloud->audience, first ? first : cloud->resource_manager, err);
}

static int set_texts(struct azml_cloud *cloud, const cJSON *json, struct azml_error *err)
{
    const struct {
        char **where;
        const char *text;
    } texts[] = {
        {&cloud->portal,           either(json,         "portal",            "portalEndpoint")},
        {&cloud->studio,                        ""                             },
        {&cloud->storage_suffix,   azml_json_text(json, "suffixes.storage")                       },
        {&cloud->key_vault_suffix, azml_json_text(json, "suffixes.keyVaultDns")},
    };
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        if (azml_cloud_set(texts[i].where, texts[i].text, err) < 0)
            return -1;
    }
    return 0;
}

static int take(struct azml_cloud *cloud, const cJSON *json, const char *base,
                struct azml_error *err)
{
    const char *manager = azml_json_text(json, "resourceManager");
    const char *login = NULL;
    if (azml_json_string(json, "authentication.loginEndpoint", &login, err) < 0)
        return -1;
    auto_free char *origin = manager ? NULL : azml_url_origin(base, err);
    if (!manager && !origin)
        return -1;
    if (azml_cloud_set_address(&cloud->resource_manager, "resource manager",
                               manager ? manager : origin, err) < 0 ||
        azml_cloud_set_address(&cloud->authority, "sign-in address", login, err) < 0)
        return -1;
    if (azml_cloud_set(&cloud->name, base, err) < 0 || set_audience(cloud, json, err) < 0)
        return -1;
    return set_texts(cloud, json, err);
}

int azml_cloud_from_metadata(const char *text, size_t length, const char *base,
                             struct azml_cloud *cloud_out, struct azml_error *err)
{
    auto_json cJSON *json = azml_json_parse(text, length, err);
    if (!json)
        return -1;
    const cJSON *which = pick(json, base);
    if (!which)
        return azml_error_set(err, AZML_ERROR_PROTOCOL,
                              _("none of the clouds in the metadata is at %s"), base);
    auto_cloud struct azml_cloud cloud = {0};
    if (take(&cloud, which, base, err) < 0)
        return -1;
    *cloud_out = cloud;
    cloud = (struct azml_cloud){0};
    return 0;
}

/* 1 read, 0 the server does not know this version, -1 failed. */
static int fetch_one(const char *url, const char *base, struct azml_http *http,
                     struct azml_cloud *cloud_out, struct azml_error *err)
{
    const struct azml_http_request request = {.url = url};
    struct azml_http_response response = {0};
    if (azml_http_send(http, &request, &response, err) < 0)
        return -1;
    int done = 0;
    if (response.status == 200)
        done =
            azml_cloud_from_metadata(response.body, response.body_length, base, cloud_out, err) < 0
                ? -1
                : 1;
    else if (response.status != 400 && response.status != 404)
        done = azml_error_set(err, AZML_ERROR_PROTOCOL, _("%s answered with status %d"), url,
                              response.status);
    azml_http_response_cleanup(&response);
    return done;
}

static int fetch_any(const char *base, struct azml_http *http, struct azml_cloud *cloud_out,
                     struct azml_error *err)
{
    static const char *const versions[] = {"2022-09-01", "2020-06-01", "2015-01-01"};
    for (size_t i = 0; i < AZML_COUNT(versions); i++) {
        auto_free char *url =
            azml_format(err, "%s/metadata/endpoints?api-version=%s", base, versions[i]);
        int done = url ? fetch_one(url, base, http, cloud_out, err) : -1;
        if (done != 0)
            return done;
    }
    return 0;
}

int azml_cloud_fetch(const char *address, struct azml_http *http, struct azml_cloud *cloud_out,
                     struct azml_error *err)
{
    auto_free char *base = azml_url_origin(address, err);
    if (!base)
        return -1;
    bool is_whole = azml_find_nocase(address, "/metadata/endpoints?") != NULL;
    int done = is_whole ? fetch_one(address, base, http, cloud_out, err)
                        : fetch_any(base, http, cloud_out, err);
    if (done > 0)
        return 0;
    if (done == 0)
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("%s has no cloud metadata"), address);
    return azml_error_context(err, _("could not read what cloud is at %s"), address);
}
