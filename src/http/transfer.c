#include "http/call.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "http/url.h"

#include <string.h>

/* libcurl calls it with pieces of the decoded body. */
static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    struct azml_http_call *call = data;
    size_t length = size * count;
    if (call->body.length + length > AZML_LIMIT_REPLY) {
        call->trouble = AZML_HTTP_BODY_TOO_LARGE;
        return 0;
    }
    azml_str_add_bytes(&call->body, bytes, length);
    if (call->body.failed) {
        call->trouble = AZML_HTTP_NO_MEMORY;
        return 0;
    }
    return length;
}

/* Keep "name\0value\0"; a new status line begins a new answer (100 Continue, a proxy's). */
static void keep_line(struct azml_http_call *call, const char *line, size_t length)
{
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        azml_str_reset(&call->head);
        return;
    }
    const char *colon = memchr(line, ':', length);
    if (!colon)
        return;
    const char *value = colon + 1;
    const char *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && strchr(" \t\r\n", end[-1]))
        end--;
    azml_str_add_bytes(&call->head, line, (size_t)(colon - line));
    azml_str_add_char(&call->head, '\0');
    azml_str_add_bytes(&call->head, value, (size_t)(end - value));
    azml_str_add_char(&call->head, '\0');
}

/* libcurl calls it with whole lines. */
static size_t on_header(char *bytes, size_t size, size_t count, void *data)
{
    struct azml_http_call *call = data;
    size_t length = size * count;
    call->head_bytes += length;
    if (call->head_bytes > AZML_LIMIT_HEADERS) {
        call->trouble = AZML_HTTP_HEADERS_TOO_LARGE;
        return 0;
    }
    keep_line(call, bytes, length);
    if (call->head.failed) {
        call->trouble = AZML_HTTP_NO_MEMORY;
        return 0;
    }
    return length;
}

static int add_line(struct azml_http_call *call, const char *line, struct azml_error *err)
{
    struct curl_slist *longer = curl_slist_append(call->lines, line);
    if (!longer)
        return azml_error_memory(err);
    call->lines = longer;
    return 0;
}

static int add_header(struct azml_http_call *call, const char *name, const char *value,
                      struct azml_error *err)
{
    auto_str struct azml_str line = {0};
    /* "Name:" would take libcurl's own header away, "Name;" sends it empty */
    if (*value)
        azml_str_addf(&line, "%s: %s", name, value);
    else
        azml_str_addf(&line, "%s;", name);
    if (line.failed)
        return azml_error_memory(err);
    int done = add_line(call, azml_str_text(&line), err);
    azml_wipe(line.data, line.length);
    return done;
}

static bool has_own(const struct azml_http_call *call, const char *name)
{
    for (size_t i = 0; i < call->request.header_count; i++) {
        if (azml_same_text(call->headers[i].name, name))
            return true;
    }
    return false;
}

/* A header of azml's unless the caller has brought one of that name. */
static int add_default(struct azml_http_call *call, const char *name, const char *value,
                       struct azml_error *err)
{
    return has_own(call, name) ? 0 : add_header(call, name, value, err);
}

static int add_bearer(struct azml_http_call *call, struct azml_error *err)
{
    if (azml_secret_is_empty(&call->bearer))
        return 0;
    auto_str struct azml_str value = {0};
    azml_str_addf(&value, "Bearer %s", azml_secret_reveal(&call->bearer));
    if (value.failed)
        return azml_error_memory(err);
    int done = add_default(call, "Authorization", azml_str_text(&value), err);
    azml_wipe(value.data, value.length);
    return done;
}

static int add_lines(struct azml_http_call *call, struct azml_error *err)
{
    const struct azml_http_request *request = &call->request;
    for (size_t i = 0; i < request->header_count; i++) {
        if (add_header(call, call->headers[i].name, call->headers[i].value, err) < 0)
            return -1;
    }
    /* no "Expect: 100-continue", and no form type that libcurl gives every body */
    if (add_line(call, "Expect:", err) < 0 || add_bearer(call, err) < 0)
        return -1;
    if (!request->body && !has_own(call, "Content-Type") &&
        add_line(call, "Content-Type:", err) < 0)
        return -1;
    if (request->body && add_default(call, "Content-Type", request->content_type, err) < 0)
        return -1;
    if (add_default(call, "Accept", "application/json", err) < 0)
        return -1;
    return add_default(call, "x-ms-client-request-id", request->client_request_id, err);
}

static bool wants_body(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
           strcmp(method, "PATCH") == 0;
}

static void set_request(const struct azml_http_call *call)
{
    const struct azml_http_request *request = &call->request;
    if (strcmp(request->method, "HEAD") == 0) {
        curl_easy_setopt(call->easy, CURLOPT_NOBODY, 1L);
    } else if (request->body || wants_body(request->method)) {
        curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, request->body ? request->body : "");
        curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)(request->body ? request->body_length : 0));
        curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, request->method);
    } else {
        curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, request->method);
    }
    curl_easy_setopt(call->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->lines);
    curl_easy_setopt(call->easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(call->easy, CURLOPT_USERAGENT, "azml/" AZML_VERSION);
    curl_easy_setopt(call->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(call->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(call->easy, CURLOPT_PROTOCOLS_STR, "http,https");
}

static void set_connection(const struct azml_http *http, const struct azml_http_call *call)
{
    CURL *easy = call->easy;
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)http->options.connect_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)((http->options.idle_ms + 999) / 1000));
    /* libcurl sends anew by itself where a kept connection turns out dead, whatever the method */
    if (!call->is_repeatable)
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    if (azml_url_is_loopback(call->request.url) && !http->options.proxy_loopback)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_SHARE, http->share);
}

static void set_tls(const struct azml_http *http, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca.file);
    curl_easy_setopt(easy, CURLOPT_CAPATH, http->ca.folder);
    if (http->ca.blob) {
        struct curl_blob blob = {
            .data = http->ca.blob, .len = http->ca.blob_length, .flags = CURL_BLOB_NOCOPY};
        curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    }
}

static void set_callbacks(struct azml_http_call *call)
{
    curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->curl_error);
    curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(call->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(call->easy, CURLOPT_HEADERDATA, call);
}

int azml_http_transfer_begin(struct azml_http *http, struct azml_http_call *call,
                             struct azml_error *err)
{
    azml_http_transfer_end(call);
    call->easy = curl_easy_init();
    if (!call->easy)
        return azml_error_memory(err);
    if (add_lines(call, err) < 0)
        return -1;
    call->body.limit = AZML_LIMIT_REPLY + 1;
    set_callbacks(call);
    set_request(call);
    set_connection(http, call);
    set_tls(http, call->easy);
    return 0;
}

static int take_headers(struct azml_http_call *call, struct azml_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < call->head.length; i++)
        count += call->head.data[i] == '\0';
    count /= 2;
    struct azml_http_response *response = &call->response;
    response->headers = calloc(count ? count : 1, sizeof(*response->headers));
    if (!response->headers)
        return azml_error_memory(err);
    response->header_text = azml_str_take(&call->head, err);
    if (!response->header_text)
        return -1;
    const char *at = response->header_text;
    for (size_t i = 0; i < count; i++) {
        response->headers[i].name = at;
        at += strlen(at) + 1;
        response->headers[i].value = at;
        at += strlen(at) + 1;
    }
    response->header_count = count;
    return 0;
}

int azml_http_transfer_take(struct azml_http_call *call, struct azml_error *err)
{
    struct azml_http_response *response = &call->response;
    azml_http_response_cleanup(response);
    long status = 0;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    response->status = (int)status;
    response->tries = call->tries;
    response->body_length = call->body.length;
    response->body = azml_str_take(&call->body, err);
    response->url = azml_strdup(call->request.url, err);
    response->client_request_id = azml_strdup(call->request.client_request_id, err);
    if (!response->body || !response->url || !response->client_request_id)
        return -1;
    return take_headers(call, err);
}

void azml_http_transfer_end(struct azml_http_call *call)
{
    curl_easy_cleanup(call->easy);
    call->easy = NULL;
    for (struct curl_slist *line = call->lines; line; line = line->next)
        azml_wipe(line->data, strlen(line->data));
    curl_slist_free_all(call->lines);
    call->lines = NULL;
    if (call->body.data)
        azml_wipe(call->body.data, call->body.length);
    azml_str_cleanup(&call->body);
    azml_str_cleanup(&call->head);
    call->head_bytes = 0;
    call->trouble = AZML_HTTP_FINE;
    call->curl_error[0] = '\0';
}
