#include "sandbox/entra.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool sandbox_entra_is_tenant(const struct sandbox *sandbox, const char *name)
{
    return azml_same_text(name, sandbox->tenant_id) || azml_same_text(name, SANDBOX_DOMAIN);
}

bool sandbox_entra_is_shared(const char *name)
{
    return azml_same_text(name, "common") || azml_same_text(name, "organizations") ||
           azml_same_text(name, "consumers");
}

bool sandbox_entra_is_adfs(const char *name)
{
    return azml_same_text(name, "adfs");
}

void sandbox_entra_headers(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    sandbox_reply_header(reply, "Cache-Control", "no-store, no-cache");
    sandbox_reply_header(reply, "x-ms-ests-server", "2.1.21000.5 - SANDBOX ProdSlices");
    const char *id = sandbox_request_header(request, "client-request-id");
    const char *wish = sandbox_request_header(request, "return-client-request-id");
    if (id && azml_same_text(wish, "true"))
        sandbox_reply_header(reply, "client-request-id", id);
}

/* The client's own id, wherever it sent it, else a new one. */
static void correlation_of(const struct sandbox_request *request, const struct sandbox_pairs *form,
                           char out[64])
{
    char fresh[37];
    azml_platform_uuid(fresh);
    const char *id = sandbox_request_header(request, "client-request-id");
    if (!id)
        id = sandbox_request_query(request, "client-request-id");
    if (!id && form)
        id = sandbox_pairs_find(form, "client-request-id");
    snprintf(out, 64, "%s", id && strlen(id) < 64 ? id : fresh);
}

/* "2025-04-20 07:49:19Z" */
static void timestamp_of(const struct sandbox *sandbox, char out[AZML_TIME_TEXT])
{
    azml_time_format_iso(out, sandbox_now_ms(sandbox), false);
    char *separator = strchr(out, 'T');
    if (separator)
        *separator = ' ';
}

struct refusal {
    const char *error;
    long code;
    const char *text;
    const char *trace_id;
    const char *correlation_id;
    const char *timestamp;
    const char *authority;
};

static cJSON *refusal_json(const struct refusal *what)
{
    auto_json cJSON *json = cJSON_CreateObject();
    auto_json cJSON *codes = cJSON_CreateArray();
    auto_free char *description =
        azml_format(NULL, "AADSTS%ld: %s Trace ID: %s Correlation ID: %s Timestamp: %s", what->code,
                    what->text, what->trace_id, what->correlation_id, what->timestamp);
    auto_free char *uri = azml_format(NULL, "%s/error?code=%ld", what->authority, what->code);
    if (!json || !codes || !description || !uri ||
        azml_json_append(codes, cJSON_CreateNumber((double)what->code)) < 0 ||
        azml_json_put_text(json, "error", what->error) < 0 ||
        azml_json_put_text(json, "error_description", description) < 0 ||
        azml_json_put(json, "error_codes", AZML_STEAL(codes)) < 0 ||
        azml_json_put_text(json, "timestamp", what->timestamp) < 0 ||
        azml_json_put_text(json, "trace_id", what->trace_id) < 0 ||
        azml_json_put_text(json, "correlation_id", what->correlation_id) < 0 ||
        azml_json_put_text(json, "error_uri", uri) < 0)
        return NULL;
    return AZML_STEAL(json);
}

int sandbox_entra_refuse(const struct sandbox *sandbox, const struct sandbox_request *request,
                         const struct sandbox_pairs *form, struct sandbox_reply *reply, int status,
                         const char *error, long code, const char *format, ...)
{
    auto_str struct azml_str text = {0};
    va_list args;
    va_start(args, format);
    azml_str_addv(&text, format, args);
    va_end(args);
    char correlation_id[64], timestamp[AZML_TIME_TEXT];
    correlation_of(request, form, correlation_id);
    timestamp_of(sandbox, timestamp);
    const struct refusal what = {.error = error,
                                 .code = code,
                                 .text = azml_str_text(&text),
                                 .trace_id = request->request_id,
                                 .correlation_id = correlation_id,
                                 .timestamp = timestamp,
                                 .authority = sandbox->endpoint};
    sandbox_entra_headers(request, reply);
    return sandbox_reply_json(reply, status, refusal_json(&what));
}

int sandbox_entra_refuse_tenant(const struct sandbox *sandbox,
                                const struct sandbox_request *request, struct sandbox_reply *reply,
                                const char *name)
{
    return sandbox_entra_refuse(
        sandbox, request, NULL, reply, 400, "invalid_tenant", 90002,
        "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing "
        "into the correct cloud. Check with your subscription administrator, this may happen if "
        "there are no active subscriptions for the tenant.",
        name);
}
