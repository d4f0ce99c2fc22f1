#include "commands/rest_request.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/platform.h"
#include "http/url.h"

#include <string.h>

#define STDIN_FD 0

void azml_rest_request_cleanup(struct azml_rest_request *request)
{
    free(request->method);
    free(request->path);
    free(request->endpoint);
    free(request->body);
    for (size_t i = 0; i < AZML_REST_HEADERS; i++) {
        if (request->header_texts[i])
            azml_wipe(request->header_texts[i], strlen(request->header_texts[i]));
        free(request->header_texts[i]);
    }
}

/* --- the words of the command line --- */

static int take_method(struct azml_rest_request *request, const char *word, struct azml_error *err)
{
    static const char *const known[] = {"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < AZML_COUNT(known); i++) {
        if (!azml_same_text(word, known[i]))
            continue;
        request->method = azml_strdup(known[i], err);
        return request->method ? 0 : -1;
    }
    azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is not an HTTP method"), word);
    return azml_error_hint(err, "azml rest GET %s", request->args->path);
}

/* One "Name: value", cut in two in place. */
static int take_header(struct azml_rest_request *request, char *line, struct azml_error *err)
{
    char *colon = strchr(line, ':');
    if (!colon || colon == line) {
        azml_error_set(err, AZML_ERROR_USAGE, _("a header is written NAME:VALUE"));
        return azml_error_hint(err, "--header 'If-Match: *'");
    }
    if (request->header_count == AZML_REST_HEADERS)
        return azml_error_set(err, AZML_ERROR_USAGE, _("at most %d headers can be given"),
                              AZML_REST_HEADERS);
    *colon = '\0';
    const char *value = colon + 1 + strspn(colon + 1, " \t");
    request->headers[request->header_count++] =
        (struct azml_http_header){.name = line, .value = value, .secret = true};
    if (azml_same_text(line, "Authorization"))
        request->no_token = true;
    return 0;
}

/* All lines of a text, which the request keeps; empty ones are passed over. */
static int take_header_lines(struct azml_rest_request *request, char *text, struct azml_error *err)
{
    size_t slot = 0;
    while (slot < AZML_REST_HEADERS && request->header_texts[slot])
        slot++;
    if (slot == AZML_REST_HEADERS) {
        free(text);
        return azml_error_set(err, AZML_ERROR_USAGE, _("at most %d headers can be given"),
                              AZML_REST_HEADERS);
    }
    request->header_texts[slot] = text;
    char *rest = text;
    for (char *line; (line = azml_split(&rest, '\n'));) {
        size_t length = strlen(line);
        while (length && strchr(" \t\r", line[length - 1]))
            line[--length] = '\0';
        if (length && take_header(request, line, err) < 0)
            return -1;
    }
    return 0;
}

static int take_headers(struct azml_rest_request *request, struct azml_error *err)
{
    const struct azml_list *words = &request->args->headers;
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        char *text = word[0] == '@' ? azml_fs_read(word + 1, AZML_LIMIT_TOKEN_FILE, NULL, err)
                                    : azml_strdup(word, err);
        if (!text)
            return azml_error_context(err, _("could not read the headers"));
        if (take_header_lines(request, text, err) < 0)
            return -1;
    }
    return 0;
}

static char *read_stdin(struct azml_error *err)
{
    auto_str struct azml_str text = {.limit = AZML_LIMIT_BODY_FILE};
    char piece[16384];
    int64_t got = 0;
    while ((got = azml_platform_read(STDIN_FD, piece, sizeof(piece))) > 0)
        azml_str_add_bytes(&text, piece, (size_t)got);
    if (got < 0) {
        azml_error_set(err, AZML_ERROR_IO, _("could not read the body from stdin"));
        return NULL;
    }
    return azml_str_take(&text, err);
}

static const char *header_value(const struct azml_rest_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (azml_same_text(request->headers[i].name, name))
            return request->headers[i].value;
    }
    return NULL;
}

/* JSON as it stands, "-" for stdin, else a file. What is sent as JSON must be JSON. */
static int take_body(struct azml_rest_request *request, struct azml_error *err)
{
    const char *word = request->args->body;
    if (!word)
        return 0;
    const char *start = word + strspn(word, " \t\r\n");
    if (*start == '{' || *start == '[')
        request->body = azml_strdup(word, err);
    else if (strcmp(word, "-") == 0)
        request->body = read_stdin(err);
    else
        request->body = azml_fs_read(word, AZML_LIMIT_BODY_FILE, NULL, err);
    if (!request->body)
        return azml_error_context(err, _("could not read the body"));
    const char *type = header_value(request, "Content-Type");
    if (type && !azml_find_nocase(type, "json"))
        return 0;
    auto_json cJSON *json = azml_json_parse(request->body, strlen(request->body), err);
    if (json)
        return 0;
    azml_error_context(err, _("the body is no JSON"));
    if (err)
        err->code = AZML_ERROR_USAGE;
    return -1;
}

/* --- where it goes --- */

/* A whole address: at home it becomes a path, so that the api-version is completed; elsewhere it
 * is asked without our token, and only where that was said. */
static int take_address(struct azml_rest_request *request, const char *home, struct azml_error *err)
{
    const char *url = request->args->path;
    const char *base = request->endpoint ? request->endpoint : home;
    if (azml_url_check(url, err) < 0)
        return -1;
    if (azml_url_same_origin(url, base)) {
        const char *path = strchr(strstr(url, "://") + 3, '/');
        request->path = azml_strdup(path ? path : "/", err);
        return request->path ? 0 : -1;
    }
    if (!request->endpoint && request->args->skip_auth) {
        request->endpoint = azml_url_origin(url, err);
        request->path = azml_strdup(url, err);
        return request->endpoint && request->path ? 0 : -1;
    }
    azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is not at %s"), url, base);
    azml_error_why(err, "%s", _("the token belongs to that address and goes nowhere else"));
    return azml_error_hint(err, "azml rest %s %s --skip-auth", request->method, url);
}

static int take_path(struct azml_rest_request *request, const char *home, struct azml_error *err)
{
    const char *path = request->args->path;
    if (strstr(path, "://") && path[0] != '/')
        return take_address(request, home, err);
    if (path[0] != '/') {
        azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is neither a path nor an address"), path);
        return azml_error_hint(err, "azml rest %s /%s", request->method, path);
    }
    request->path = azml_strdup(path, err);
    return request->path ? 0 : -1;
}

static const char place[] = "{subscription}";

bool azml_rest_request_wants_subscription(const struct azml_rest_request *request)
{
    return strstr(request->path, place) != NULL;
}

int azml_rest_request_set_subscription(struct azml_rest_request *request, const char *subscription,
                                       struct azml_error *err)
{
    const char *at = strstr(request->path, place);
    char *filled = azml_format(err, "%.*s%s%s", (int)(at - request->path), request->path,
                               subscription, at + strlen(place));
    if (!filled)
        return -1;
    free(request->path);
    request->path = filled;
    return 0;
}

int azml_rest_request_fill(struct azml_rest_request *request, const struct azml_rest_args *args,
                           const char *home, struct azml_error *err)
{
    request->args = args;
    if (take_method(request, args->method, err) < 0)
        return -1;
    if (args->all_pages && strcmp(request->method, "GET") != 0)
        return azml_error_set(err, AZML_ERROR_USAGE, _("--all-pages goes with GET only"));
    if (args->all_pages && args->wait)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              _("--all-pages and --wait exclude each other"));
    if (args->endpoint) {
        request->endpoint = azml_strdup(args->endpoint, err);
        if (!request->endpoint)
            return -1;
    }
    request->no_token = args->skip_auth || args->endpoint;
    if (take_headers(request, err) < 0 || take_body(request, err) < 0)
        return -1;
    return take_path(request, home, err);
}
