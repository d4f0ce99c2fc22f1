#include "http/url.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/str.h"

#include <curl/curl.h>
#include <string.h>

static void free_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void free_part(char **part)
{
    curl_free(*part);
}

#define auto_url  __attribute__((cleanup(free_url)))
#define auto_part __attribute__((cleanup(free_part)))

/* NULL where it is no address; a user name in it is never meant well. */
static CURLU *parse(const char *text)
{
    auto_url CURLU *url = curl_url();
    if (!url || curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) != CURLUE_OK)
        return NULL;
    return AZML_STEAL(url);
}

static char *part_of(const char *text, CURLUPart which)
{
    auto_url CURLU *url = parse(text);
    char *part = NULL;
    if (!url || curl_url_get(url, which, &part, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return NULL;
    return part;
}

static int refuse(struct azml_error *err, const char *url)
{
    return azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is not an http or https address"), url);
}

char *azml_url_origin(const char *url, struct azml_error *err)
{
    auto_part char *scheme = part_of(url, CURLUPART_SCHEME);
    auto_part char *host = part_of(url, CURLUPART_HOST);
    auto_part char *port = part_of(url, CURLUPART_PORT);
    if (!scheme || !host || !port ||
        (!azml_same_text(scheme, "https") && !azml_same_text(scheme, "http"))) {
        refuse(err, url);
        return NULL;
    }
    char *origin = azml_format(err, "%s://%s:%s", scheme, host, port);
    if (origin)
        azml_lower(origin);
    return origin;
}

bool azml_url_same_origin(const char *a, const char *b)
{
    auto_free char *first = azml_url_origin(a, NULL);
    auto_free char *second = azml_url_origin(b, NULL);
    return first && second && strcmp(first, second) == 0;
}

char *azml_url_host(const char *url, struct azml_error *err)
{
    auto_url CURLU *parsed = parse(url);
    auto_part char *host = part_of(url, CURLUPART_HOST);
    auto_part char *port = NULL;
    if (!parsed || !host) {
        refuse(err, url);
        return NULL;
    }
    if (curl_url_get(parsed, CURLUPART_PORT, &port, 0) != CURLUE_OK)
        return azml_strdup(host, err);
    return azml_format(err, "%s:%s", host, port);
}

bool azml_url_is_loopback(const char *url)
{
    auto_part char *host = part_of(url, CURLUPART_HOST);
    if (!host)
        return false;
    if (azml_same_text(host, "localhost") || strcmp(host, "[::1]") == 0)
        return true;
    return azml_has_prefix(host, "127.") && strspn(host, "0123456789.") == strlen(host);
}

int azml_url_check(const char *url, struct azml_error *err)
{
    auto_part char *scheme = part_of(url, CURLUPART_SCHEME);
    if (!scheme || !strstr(url, "://"))
        return refuse(err, url);
    if (azml_same_text(scheme, "https"))
        return 0;
    if (!azml_same_text(scheme, "http"))
        return refuse(err, url);
    if (azml_url_is_loopback(url))
        return 0;
    azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is not encrypted"), url);
    return azml_error_why(err, "%s",
                          _("http is allowed on loopback addresses only, elsewhere it is https"));
}

char *azml_url_resolve(const char *base, const char *link, struct azml_error *err)
{
    if (azml_has_prefix_nocase(link, "https://") || azml_has_prefix_nocase(link, "http://"))
        return azml_strdup(link, err);
    auto_url CURLU *url = parse(base);
    auto_part char *whole = NULL;
    if (!url || curl_url_set(url, CURLUPART_URL, link, CURLU_DISALLOW_USER) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_URL, &whole, 0) != CURLUE_OK) {
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("a link in the reply is no address: '%.200s'"),
                       link);
        return NULL;
    }
    return azml_strdup(whole, err);
}

char *azml_url_path(const char *url, struct azml_error *err)
{
    auto_part char *path = part_of(url, CURLUPART_PATH);
    if (!path) {
        refuse(err, url);
        return NULL;
    }
    return azml_strdup(path, err);
}
