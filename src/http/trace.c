#include "base/auto.h"
#include "base/i18n.h"
#include "base/log.h"
#include "http/call.h"

#include <string.h>

static const size_t shown_body = 16384; /* of each body; the rest is counted */

static void say(const struct azml_http *http, const char *mark, const char *text)
{
    auto_free char *safe = azml_log_redact(text, NULL);
    auto_free char *line = safe ? azml_format(NULL, "%s %s", mark, safe) : NULL;
    if (line)
        http->options.trace(http->options.data, line);
}

static void say_header(const struct azml_http *http, const char *mark,
                       const struct azml_http_header *header)
{
    bool hide = header->secret || azml_log_is_secret_name(header->name);
    auto_free char *line =
        azml_format(NULL, "%s: %s", header->name, hide ? "(redacted)" : header->value);
    if (line)
        say(http, mark, line);
}

static void say_body(const struct azml_http *http, const char *mark, bool is_private,
                     const char *body, size_t length)
{
    if (!body || length == 0)
        return;
    auto_free char *text = NULL;
    if (is_private)
        text = azml_format(NULL, _("(%zu bytes, not shown)"), length);
    else if (length > shown_body)
        text = azml_format(NULL, _("%.*s… (%zu bytes)"), (int)shown_body, body, length);
    else
        text = azml_strndup(body, length, NULL);
    if (text)
        say(http, mark, text);
}

void azml_http_trace_request(const struct azml_http *http, const struct azml_http_call *call)
{
    if (!http->options.trace)
        return;
    const struct azml_http_request *request = &call->request;
    auto_free char *line = azml_format(NULL, "%s %s", request->method, request->url);
    if (line)
        say(http, ">", line);
    for (size_t i = 0; i < request->header_count; i++)
        say_header(http, ">", &call->headers[i]);
    struct azml_http_header own[] = {
        {.name = "x-ms-client-request-id", .value = request->client_request_id},
        { .name = "Authorization",                     .value = "",                      .secret = true},
    };
    say_header(http, ">", &own[0]);
    if (!azml_secret_is_empty(&call->bearer))
        say_header(http, ">", &own[1]);
    say_body(http, ">", request->private_bodies, request->body, request->body_length);
}

void azml_http_trace_response(const struct azml_http *http, const struct azml_http_call *call)
{
    if (!http->options.trace)
        return;
    const struct azml_http_response *response = &call->response;
    auto_free char *line = azml_format(NULL, "%d", response->status);
    if (line)
        say(http, "<", line);
    for (size_t i = 0; i < response->header_count; i++)
        say_header(http, "<", &response->headers[i]);
    say_body(http, "<", call->request.private_bodies, response->body, response->body_length);
}
