#include "http/call.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "http/retry.h"
#include "http/url.h"

#include <string.h>

static void free_call(struct azml_http_call **call)
{
    azml_http_call_free(*call);
}

#define auto_call __attribute__((cleanup(free_call)))

enum { METHOD, URL, TYPE, ID, BODY };

void azml_http_call_free(struct azml_http_call *call)
{
    if (!call)
        return;
    azml_http_transfer_end(call);
    if (call->texts[BODY])
        azml_wipe(call->texts[BODY], call->request.body_length);
    for (size_t i = 0; i < AZML_COUNT(call->texts); i++)
        free(call->texts[i]);
    for (size_t i = 0; i < call->request.header_count && call->headers; i++) {
        /* name and value are one block that begins with the name */
        char *block = NULL;
        memcpy(&block, &call->headers[i].name, sizeof(block));
        if (block)
            azml_wipe(block, strlen(block) + 1 + strlen(call->headers[i].value));
        free(block);
    }
    free(call->headers);
    azml_secret_cleanup(&call->bearer);
    azml_http_response_cleanup(&call->response);
    azml_error_cleanup(&call->error);
    free(call);
}

static bool is_token(const char *text)
{
    return *text && strcspn(text, " \t\r\n:\"(),/;<=>?@[\\]{}") == strlen(text);
}

static int copy_header(struct azml_http_header *to, const struct azml_http_header *from,
                       struct azml_error *err)
{
    if (!is_token(from->name))
        return azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is not a header name"), from->name);
    if (strpbrk(from->value, "\r\n"))
        return azml_error_set(err, AZML_ERROR_USAGE, _("the header %s has more than one line"),
                              from->name);
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

static int copy_headers(struct azml_http_call *call, const struct azml_http_request *request,
                        struct azml_error *err)
{
    if (request->header_count == 0)
        return 0;
    call->headers = calloc(request->header_count, sizeof(*call->headers));
    if (!call->headers)
        return azml_error_memory(err);
    call->request.headers = call->headers;
    call->request.header_count = request->header_count;
    for (size_t i = 0; i < request->header_count; i++) {
        if (copy_header(&call->headers[i], &request->headers[i], err) < 0)
            return -1;
    }
    return 0;
}

static int copy_body(struct azml_http_call *call, const struct azml_http_request *request,
                     struct azml_error *err)
{
    if (!request->body)
        return 0;
    call->texts[BODY] = malloc(request->body_length + 1);
    if (!call->texts[BODY])
        return azml_error_memory(err);
    memcpy(call->texts[BODY], request->body, request->body_length);
    call->texts[BODY][request->body_length] = '\0';
    call->request.body = call->texts[BODY];
    call->request.body_length = request->body_length;
    return 0;
}

static int copy_texts(struct azml_http_call *call, const struct azml_http_request *request,
                      struct azml_error *err)
{
    char id[37];
    azml_platform_uuid(id);
    const char *const from[] = {
        [METHOD] = request->method ? request->method : "GET",
        [URL] = request->url,
        [TYPE] = request->content_type ? request->content_type : "application/json; charset=utf-8",
        [ID] = request->client_request_id ? request->client_request_id : id,
    };
    for (size_t i = 0; i < AZML_COUNT(from); i++) {
        call->texts[i] = azml_strdup(from[i], err);
        if (!call->texts[i])
            return -1;
    }
    call->request.method = call->texts[METHOD];
    call->request.url = call->texts[URL];
    call->request.content_type = call->texts[TYPE];
    call->request.client_request_id = call->texts[ID];
    return 0;
}

static int check(const struct azml_http_request *request, struct azml_error *err)
{
    if (request->method && !is_token(request->method))
        return azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is not an HTTP method"),
                              request->method);
    if (request->content_type && strpbrk(request->content_type, "\r\n"))
        return azml_error_set(err, AZML_ERROR_USAGE, _("the content type has more than one line"));
    return azml_url_check(request->url, err);
}

struct azml_http_call *azml_http_call_new(const struct azml_http_request *request,
                                          const struct azml_http_retry *retry,
                                          struct azml_error *err)
{
    if (check(request, err) < 0)
        return NULL;
    auto_call struct azml_http_call *call = calloc(1, sizeof(*call));
    if (!call) {
        azml_error_memory(err);
        return NULL;
    }
    call->request.private_bodies = request->private_bodies;
    if (copy_texts(call, request, err) < 0 || copy_headers(call, request, err) < 0 ||
        copy_body(call, request, err) < 0)
        return NULL;
    if (request->bearer && azml_secret_set(&call->bearer, azml_secret_reveal(request->bearer),
                                           request->bearer->length, err) < 0)
        return NULL;
    call->retry = azml_http_retry_fill(request->retry ? request->retry : retry);
    call->is_repeatable = azml_http_is_repeatable(call->request.method, request->repeat);
    return AZML_STEAL(call);
}
