#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "sandbox/operation.h"
#include "sandbox/reply.h"
#include "sandbox/request.h"
#include "sandbox/signer.h"
#include "sandbox/store.h"
#include "sandbox/world.h"

#include <string.h>

/* --- addresses --- */

static const char *value_of(const char *name, size_t length, const struct sandbox_resource *on,
                            const struct sandbox_operation_start *start, const char *id)
{
    const struct {
        const char *name, *value;
    } values[] = {
        {"s",    on->subscription_id},
        {"rg",   on->group          },
        {"name", on->name           },
        {"l",    start->location    },
        {"id",   id                 }
    };
    for (size_t i = 0; i < AZML_COUNT(values); i++) {
        if (strlen(values[i].name) == length && memcmp(values[i].name, name, length) == 0)
            return values[i].value ? values[i].value : "";
    }
    return "";
}

char *sandbox_operation_path(const char *pattern, const struct sandbox_operation_start *start,
                             const char *id, struct azml_error *err)
{
    if (!pattern)
        return azml_strdup("", err);
    auto_resource struct sandbox_resource *on = sandbox_resource_new(start->resource_id, NULL, err);
    if (!on)
        return NULL;
    auto_str struct azml_str path = {0};
    while (*pattern) {
        size_t plain = strcspn(pattern, "{");
        azml_str_add_bytes(&path, pattern, plain);
        pattern += plain;
        if (!*pattern)
            break;
        size_t length = strcspn(++pattern, "}");
        azml_str_add(&path, value_of(pattern, length, on, start, id));
        pattern += length + (pattern[length] == '}');
    }
    return azml_str_take(&path, err);
}

static int add_address(struct sandbox *sandbox, const struct sandbox_operation_kind *kind,
                       const struct sandbox_operation *operation, bool is_async,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    const char *query = is_async ? kind->async_query : kind->location_query;
    auto_str struct azml_str text = {0};
    azml_str_add_percent(&text, is_async ? operation->async_path : operation->location_path, "/");
    azml_str_addf(&text, "?api-version=%s", operation->api_version);
    if (query)
        azml_str_addf(&text, "&%s", query);
    auto_free char *target = azml_str_take(&text, err);
    if (target && kind->is_signed) {
        char *with_signature = sandbox_sign(sandbox->signer, target, operation->started_ms, err);
        free(target);
        target = with_signature;
    }
    if (!target)
        return -1;
    return sandbox_reply_headerf(reply, is_async ? "Azure-AsyncOperation" : "Location", "%s%s",
                                 sandbox->endpoint, target);
}

int sandbox_operation_headers(struct sandbox *sandbox, const struct sandbox_operation_kind *kind,
                              const struct sandbox_operation *operation, bool is_first,
                              struct sandbox_reply *reply, struct azml_error *err)
{
    bool has_async = kind->async_path && !(is_first && kind->location_only_first);
    if (has_async && add_address(sandbox, kind, operation, true, reply, err) < 0)
        return -1;
    if (kind->location_path && add_address(sandbox, kind, operation, false, reply, err) < 0)
        return -1;
    if (kind->retry_after > 0)
        sandbox_reply_headerf(reply, "Retry-After", "%u",
                              sandbox_pace_retry_after(sandbox, kind->retry_after));
    return 0;
}

/* --- polling --- */

static bool is_running(const struct sandbox_operation *operation)
{
    return operation->ended_ms == 0;
}

static int put_details(cJSON *document, const struct sandbox_operation *operation)
{
    char time[AZML_TIME_TEXT];
    azml_time_format_iso(time, operation->started_ms, true);
    if (azml_json_put_text(document, "id", operation->async_path) < 0 ||
        azml_json_put_text(document, "name", operation->id) < 0 ||
        azml_json_put_text(document, "startTime", time) < 0)
        return -1;
    if (!is_running(operation)) {
        azml_time_format_iso(time, operation->ended_ms, true);
        if (azml_json_put_text(document, "endTime", time) < 0)
            return -1;
    }
    return azml_json_put(document, "properties", cJSON_CreateObject());
}

static cJSON *status_document(const struct sandbox_operation_kind *kind,
                              const struct sandbox_operation *operation)
{
    auto_json cJSON *document = cJSON_CreateObject();
    const char *running = kind->running_word ? kind->running_word : "InProgress";
    const char *status = is_running(operation) ? running : operation->status;
    if (!document || azml_json_put_text(document, "status", status) < 0)
        return NULL;
    if (kind->has_details && put_details(document, operation) < 0)
        return NULL;
    if (kind->has_percent && strcmp(status, "Succeeded") == 0 &&
        azml_json_put_number(document, "percentComplete", 100) < 0)
        return NULL;
    if (operation->error &&
        azml_json_put(document, "error", cJSON_Duplicate(operation->error, true)) < 0)
        return NULL;
    return AZML_STEAL(document);
}

/* What the call would have answered had it been done at once. */
static int answer_location(const struct sandbox_operation *operation, struct sandbox_reply *reply)
{
    if (strcmp(operation->status, "Canceled") == 0)
        return sandbox_reply_error(reply, 409, "OperationCanceled", "The operation was canceled.");
    if (strcmp(operation->status, "Failed") == 0 && operation->error)
        return sandbox_reply_error_json(reply, operation->error_status,
                                        cJSON_Duplicate(operation->error, true));
    if (strcmp(operation->status, "Failed") == 0)
        return sandbox_reply_empty(reply, operation->error_status);
    if (operation->result)
        return sandbox_reply_json(reply, operation->result_status,
                                  cJSON_Duplicate(operation->result, true));
    return sandbox_reply_empty(reply, operation->result_status);
}

/* Does the request carry `query` ("type=async")? None is always carried. */
static bool carries(const struct sandbox_request *request, const char *query)
{
    const char *equals = query ? strchr(query, '=') : NULL;
    if (!equals)
        return true;
    auto_free char *name = azml_strndup(query, (size_t)(equals - query), NULL);
    const char *value = name ? sandbox_request_query(request, name) : NULL;
    return value && azml_same_text(value, equals + 1);
}

static bool asks_status(const struct sandbox_request *request,
                        const struct sandbox_operation_kind *kind,
                        const struct sandbox_operation *operation)
{
    if (!azml_same_text(operation->async_path, request->path))
        return false;
    return !azml_same_text(operation->location_path, request->path) ||
           carries(request, kind->async_query);
}

static int answer(struct sandbox *sandbox, const struct sandbox_request *request,
                  const struct sandbox_operation_kind *kind,
                  const struct sandbox_operation *operation, struct sandbox_reply *reply,
                  struct azml_error *err)
{
    if (kind->is_signed && !sandbox_is_signed(sandbox->signer, request->target))
        return sandbox_reply_error(reply, 403, "AuthorizationFailed",
                                   "The signature of the operation's address is not valid.");
    if (asks_status(request, kind, operation)) {
        if (is_running(operation) && kind->retry_after > 0)
            sandbox_reply_headerf(reply, "Retry-After", "%u",
                                  sandbox_pace_retry_after(sandbox, kind->retry_after));
        return sandbox_reply_json(reply, 200, status_document(kind, operation));
    }
    if (!is_running(operation))
        return answer_location(operation, reply);
    sandbox_reply_empty(reply, 202);
    return sandbox_operation_headers(sandbox, kind, operation, false, reply, err);
}

int sandbox_operation_poll(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err)
{
    auto_operation struct sandbox_operation *operation = NULL;
    if (sandbox_operation_find(sandbox, request->path, &operation, err) < 0)
        return -1;
    const struct sandbox_operation_kind *kind =
        operation ? sandbox_operation_kind_find(sandbox, operation->kind) : NULL;
    if (!kind)
        return 0;
    return answer(sandbox, request, kind, operation, reply, err) < 0 ? -1 : 1;
}
