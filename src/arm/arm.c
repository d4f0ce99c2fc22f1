#include "azml/arm.h"

#include "arm/handle.h"
#include "arm/version.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "http/url.h"

#include <string.h>

/* --- making and freeing --- */

static void free_header(const struct azml_http_header *header)
{
    char *block = NULL;
    if (!header->name || !header->value)
        return;
    memcpy(&block, &header->name, sizeof(block)); /* the one owned pointer of the pair */
    azml_wipe(block, strlen(header->name) + 1 + strlen(header->value));
    free(block);
}

static int copy_header(struct azml_http_header *to, const struct azml_http_header *from,
                       struct azml_error *err)
{
    size_t name = strlen(from->name) + 1;
    size_t value = strlen(from->value) + 1;
    char *block = malloc(name + value);
    if (!block)
        return azml_error_memory(err);
    memcpy(block, from->name, name);
    memcpy(block + name, from->value, value);
    *to = (struct azml_http_header){.name = block, .value = block + name, .secret = from->secret};
    return 0;
}

static int copy_headers(struct azml_arm *arm, const struct azml_arm_options *options,
                        struct azml_error *err)
{
    if (options->header_count == 0)
        return 0;
    arm->headers = calloc(options->header_count, sizeof(*arm->headers));
    if (!arm->headers)
        return azml_error_memory(err);
    for (; arm->header_count < options->header_count; arm->header_count++) {
        if (copy_header(&arm->headers[arm->header_count], &options->headers[arm->header_count],
                        err) < 0)
            return -1;
    }
    return 0;
}

static int fill(struct azml_arm *arm, const struct azml_arm_options *options,
                struct azml_error *err)
{
    arm->cloud = options->cloud;
    arm->credential = options->endpoint ? NULL : options->credential;
    arm->http = options->http;
    arm->most_pages = AZML_LIMIT_PAGES;
    arm->most_polls = AZML_LIMIT_POLLS;
    if (options->endpoint && azml_url_check(options->endpoint, err) < 0)
        return -1;
    arm->base =
        azml_strdup(options->endpoint ? options->endpoint : arm->cloud->resource_manager, err);
    if (!arm->base)
        return -1;
    for (size_t length = strlen(arm->base); length && arm->base[length - 1] == '/'; length--)
        arm->base[length - 1] = '\0';
    if (options->subscription) {
        arm->wanted = azml_strdup(options->subscription, err);
        if (!arm->wanted)
            return -1;
    }
    return copy_headers(arm, options, err);
}

struct azml_arm *azml_arm_new(const struct azml_arm_options *options, struct azml_error *err)
{
    struct azml_arm *arm = calloc(1, sizeof(*arm));
    if (!arm) {
        azml_error_memory(err);
        return NULL;
    }
    if (fill(arm, options, err) < 0) {
        azml_arm_free(arm);
        return NULL;
    }
    return arm;
}

void azml_arm_free(struct azml_arm *arm)
{
    if (!arm)
        return;
    for (size_t i = 0; i < arm->header_count; i++)
        free_header(&arm->headers[i]);
    free(arm->headers);
    free(arm->base);
    free(arm->wanted);
    free(arm->subscription);
    free(arm);
}

const struct azml_cloud *azml_arm_cloud(const struct azml_arm *arm)
{
    return arm->cloud;
}

struct azml_http *azml_arm_http(const struct azml_arm *arm)
{
    return arm->http;
}

struct azml_credential *azml_arm_credential(const struct azml_arm *arm)
{
    return arm->credential;
}

/* --- addresses --- */

char *azml_arm_path_of(struct azml_error *err, const char *const *pieces)
{
    auto_str struct azml_str path = {0};
    for (size_t i = 0; pieces[i]; i++) {
        if (i % 2)
            azml_str_add_percent(&path, pieces[i], "()");
        else
            azml_str_add(&path, pieces[i]);
    }
    return azml_str_take(&path, err);
}

bool azml_arm_is_own(const struct azml_arm *arm, const char *url)
{
    return azml_url_same_origin(url, arm->base);
}

static int add_version(struct azml_str *url, const char *path, const char *api_version,
                       struct azml_error *err)
{
    char found[AZML_VERSION_TEXT];
    const char *query = strchr(path, '?');
    if (query && azml_find_nocase(query, "api-version="))
        return 0;
    if (!api_version && !azml_arm_find_version(path, found)) {
        azml_error_set(err, AZML_ERROR_USAGE, _("no api-version is known for %s"), path);
        return azml_error_hint(err, "%s%sapi-version=YYYY-MM-DD", path, query ? "&" : "?");
    }
    azml_str_addf(url, "%sapi-version=%s", query ? "&" : "?", api_version ? api_version : found);
    return 0;
}

/* What may not stand in an address as it is: blanks (filters are typed with them) and bytes beyond
 * ASCII. Escapes that are there stay. */
static void add_escaped(struct azml_str *url, const char *path)
{
    for (const char *at = path; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte <= ' ' || byte >= 0x7f || strchr("\"<>\\^`{|}", byte))
            azml_str_addf(url, "%%%02X", byte);
        else
            azml_str_add_char(url, *at);
    }
}

char *azml_arm_url(const struct azml_arm *arm, const char *path, const char *api_version,
                   struct azml_error *err)
{
    if (path[0] != '/') {
        if (azml_arm_is_own(arm, path))
            return azml_strdup(path, err);
        azml_error_set(err, AZML_ERROR_USAGE, _("'%.200s' is not at %s"), path, arm->base);
        azml_error_why(err, "%s", _("the token belongs to that address and goes nowhere else"));
        return NULL;
    }
    auto_str struct azml_str url = {0};
    azml_str_add(&url, arm->base);
    add_escaped(&url, path);
    if (add_version(&url, path, api_version, err) < 0)
        return NULL;
    return azml_str_take(&url, err);
}

char *azml_arm_link(const struct azml_arm *arm, const char *from, const char *link,
                    struct azml_error *err)
{
    auto_free char *url = azml_url_resolve(from, link, err);
    if (!url)
        return NULL;
    if (azml_arm_is_own(arm, url))
        return AZML_STEAL(url);
    auto_free char *origin = azml_url_origin(url, NULL);
    azml_error_set(err, AZML_ERROR_PROTOCOL, _("the reply points to another server, %s"),
                   origin ? origin : _("which cannot be read"));
    azml_error_why(err, _("the token belongs to %s and goes nowhere else"), arm->base);
    return NULL;
}
