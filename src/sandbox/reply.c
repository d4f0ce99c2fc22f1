#include "sandbox/reply.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/number.h"
#include "base/str.h"
#include "sandbox/world.h"

#include <stdarg.h>
#include <string.h>

int sandbox_reply_header(struct sandbox_reply *reply, const char *name, const char *value)
{
    for (size_t i = 0; i < reply->headers.count; i++) {
        if (!azml_same_text(reply->headers.items[i].name, name))
            continue;
        char *copy = azml_strdup(value, NULL);
        reply->failed |= !copy;
        if (copy) {
            free(reply->headers.items[i].value);
            reply->headers.items[i].value = copy;
        }
        return 0;
    }
    reply->failed |= sandbox_pairs_add(&reply->headers, name, value, NULL) < 0;
    return 0;
}

int sandbox_reply_headerf(struct sandbox_reply *reply, const char *name, const char *format, ...)
{
    auto_str struct azml_str value = {0};
    va_list args;
    va_start(args, format);
    azml_str_addv(&value, format, args);
    va_end(args);
    reply->failed |= value.failed;
    return sandbox_reply_header(reply, name, azml_str_text(&value));
}

static void drop_body(struct sandbox_reply *reply)
{
    cJSON_Delete(reply->json);
    reply->json = NULL;
    free(reply->text);
    reply->text = NULL;
}

int sandbox_reply_empty(struct sandbox_reply *reply, int status)
{
    drop_body(reply);
    reply->status = status;
    return 0;
}

int sandbox_reply_json(struct sandbox_reply *reply, int status, cJSON *json)
{
    drop_body(reply);
    reply->status = status;
    reply->json = json;
    reply->failed |= !json;
    return sandbox_reply_header(reply, "Content-Type", "application/json; charset=utf-8");
}

int sandbox_reply_text(struct sandbox_reply *reply, int status, const char *content_type,
                       const char *text)
{
    drop_body(reply);
    reply->status = status;
    reply->text = azml_strdup(text, NULL);
    reply->failed |= !reply->text;
    return sandbox_reply_header(reply, "Content-Type", content_type);
}

__attribute__((format(printf, 2, 0))) static cJSON *error_json(const char *code, const char *format,
                                                               va_list args)
{
    auto_str struct azml_str message = {0};
    azml_str_addv(&message, format, args);
    auto_json cJSON *error = cJSON_CreateObject();
    if (!error || message.failed || azml_json_put_text(error, "code", code) < 0 ||
        azml_json_put_text(error, "message", azml_str_text(&message)) < 0)
        return NULL;
    return AZML_STEAL(error);
}

cJSON *sandbox_error_json(const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    cJSON *error = error_json(code, format, args);
    va_end(args);
    return error;
}

int sandbox_reply_error_json(struct sandbox_reply *reply, int status, cJSON *error)
{
    auto_json cJSON *document = cJSON_CreateObject();
    bool ok = azml_json_put(document, "error", error) == 0;
    return sandbox_reply_json(reply, status, ok ? AZML_STEAL(document) : NULL);
}

int sandbox_reply_error(struct sandbox_reply *reply, int status, const char *code,
                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    cJSON *error = error_json(code, format, args);
    va_end(args);
    return sandbox_reply_error_json(reply, status, error);
}

int sandbox_reply_not_found(struct sandbox_reply *reply, const char *type, const char *name,
                            const char *group)
{
    return sandbox_reply_error(reply, 404, "ResourceNotFound",
                               "The Resource '%s/%s' under resource group '%s' was not found. For "
                               "more details please go to https://aka.ms/ARMResourceNotFoundFix",
                               type, name, group);
}

int sandbox_reply_bad_content(struct sandbox_reply *reply, const char *format, ...)
{
    auto_str struct azml_str why = {0};
    va_list args;
    va_start(args, format);
    azml_str_addv(&why, format, args);
    va_end(args);
    return sandbox_reply_error(reply, 400, "InvalidRequestContent",
                               "The request content was invalid and could not be deserialized: "
                               "'%s'.",
                               azml_str_text(&why));
}

/* --- pages --- */

/* The token is the position of the first entry, wrapped so that clients take it as opaque. */
static char *token_encode(size_t position)
{
    auto_free char *text = azml_format(NULL, "next:%zu", position);
    return text ? azml_base64url_encode(text, strlen(text), NULL) : NULL;
}

static int token_decode(const char *token, size_t *position_out)
{
    size_t length;
    auto_free uint8_t *text = azml_base64_decode(token, strlen(token), &length, NULL);
    uint32_t position;
    if (!text || !azml_has_prefix((const char *)text, "next:") ||
        azml_number_parse_u32((const char *)text + 5, 0, UINT32_MAX, &position, NULL) < 0)
        return -1;
    *position_out = position;
    return 0;
}

static char *next_link(const struct sandbox *sandbox, const struct sandbox_request *request,
                       const char *token_name, size_t position)
{
    auto_free char *token = token_encode(position);
    if (!token)
        return NULL;
    auto_str struct azml_str link = {0};
    azml_str_add(&link, sandbox->endpoint);
    azml_str_add_percent(&link, request->path, "/");
    char separator = '?';
    for (size_t i = 0; i < request->query.count; i++) {
        const struct sandbox_pair *pair = &request->query.items[i];
        if (azml_same_text(pair->name, token_name))
            continue;
        azml_str_add_char(&link, separator);
        azml_str_add_percent(&link, pair->name, NULL);
        azml_str_add_char(&link, '=');
        azml_str_add_percent(&link, pair->value, NULL);
        separator = '&';
    }
    azml_str_add_char(&link, separator);
    azml_str_add_percent(&link, token_name, NULL);
    azml_str_addf(&link, "=%s", token);
    return azml_str_take(&link, NULL);
}

/* Cut `items` down to [start, start + size). */
static cJSON *slice(cJSON *items, size_t start, size_t size)
{
    auto_json cJSON *page = cJSON_CreateArray();
    while (page && start > 0 && items->child) {
        cJSON_Delete(cJSON_DetachItemViaPointer(items, items->child));
        start--;
    }
    while (page && size > 0 && items->child) {
        if (azml_json_append(page, cJSON_DetachItemViaPointer(items, items->child)) < 0)
            return NULL;
        size--;
    }
    return AZML_STEAL(page);
}

int sandbox_reply_list(const struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, cJSON *items, size_t page_size,
                       const char *token_name)
{
    auto_json cJSON *all = items;
    bool is_forced = sandbox->page_size > 0;
    if (is_forced)
        page_size = sandbox->page_size;
    size_t start = 0;
    const char *token = sandbox_request_query(request, token_name);
    if (token && token_decode(token, &start) < 0)
        return sandbox_reply_error(reply, 400, "InvalidSkipToken",
                                   "The provided skip token is invalid: '%s'.", token);
    size_t total = all ? (size_t)cJSON_GetArraySize(all) : 0;
    bool is_last = is_forced ? start >= total : start + page_size >= total;

    auto_json cJSON *document = cJSON_CreateObject();
    auto_free char *link = NULL;
    if (!is_last) {
        link = next_link(sandbox, request, token_name, start + page_size);
        if (!link)
            return sandbox_reply_json(reply, 200, NULL);
    }
    bool ok = all && document;
    if (ok && link && is_forced)
        ok = azml_json_put_text(document, "nextLink", link) == 0;
    if (ok)
        ok = azml_json_put(document, "value", slice(all, start, page_size)) == 0;
    if (ok && link && !is_forced)
        ok = azml_json_put_text(document, "nextLink", link) == 0;
    return sandbox_reply_json(reply, 200, ok ? AZML_STEAL(document) : NULL);
}

void sandbox_reply_cleanup(struct sandbox_reply *reply)
{
    drop_body(reply);
    sandbox_pairs_cleanup(&reply->headers);
    *reply = (struct sandbox_reply){0};
}
