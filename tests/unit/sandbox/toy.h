/* toy.h - a small provider and a clock of one's own, for tests of the sandbox's core. */
#ifndef TEST_SANDBOX_TOY_H
#define TEST_SANDBOX_TOY_H

#include "base/auto.h"
#include "base/json.h"
#include "sandbox/provider.h"

#include <string.h>

#define TOY_VERSION "?api-version=2025-06-01"
#define TOY_ACCOUNT                                                       \
    "/subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.Storage/" \
    "storageAccounts/{name}"

/* A clock that stands until it is moved. */
static int64_t toy_now_ms = 1700000000000;

static inline int64_t toy_now(void *data)
{
    (void)data;
    return toy_now_ms;
}

static const struct azml_clock toy_clock = {.wall_ms = toy_now, .monotonic_ms = toy_now};

/* PUT keeps the body, and with ?slow starts an operation; GET shows it; DELETE removes it. */
static inline int toy_put(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *id = sandbox_request_id(request, 0, err);
    auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, NULL, err);
    cJSON_Delete(resource->body);
    resource->body = cJSON_Duplicate(request->json, true);
    if (sandbox_store_put(sandbox->store, resource, sandbox_now_ms(sandbox), err) < 0)
        return -1;
    const char *kind = sandbox_request_query(request, "slow");
    if (!kind) {
        if (sandbox_request_query(request, "refuse"))
            return sandbox_reply_error(reply, 409, "Conflict", "refused");
        return sandbox_reply_json(reply, 201, cJSON_Duplicate(request->json, true));
    }
    struct sandbox_operation_start start = {
        .kind = kind, .resource_id = id, .seconds = 120, .location = "westeurope"};
    if (sandbox_operation_start(sandbox, &start, request, reply, NULL, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

static inline int toy_get(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *found = NULL;
    if (sandbox_store_get(sandbox->store, request->path, &found, err) < 0)
        return -1;
    if (!found)
        return sandbox_reply_not_found(reply, "Microsoft.Storage/storageAccounts",
                                       sandbox_request_param(request, "name"),
                                       sandbox_request_param(request, "rg"));
    return sandbox_reply_json(reply, 200, cJSON_Duplicate(found->body, true));
}

static inline int toy_delete(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    if (sandbox_resource_remove(sandbox, request->path, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 204);
}

static inline int toy_echo(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err)
{
    (void)sandbox;
    (void)err;
    return sandbox_reply_text(reply, 200, "text/plain", request->route->pattern);
}

static inline int toy_group(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *group = sandbox_resource_new(request->path, NULL, err);
    cJSON_Delete(group->body);
    group->body = cJSON_Duplicate(request->json, true);
    if (sandbox_store_put(sandbox->store, group, sandbox_now_ms(sandbox), err) < 0)
        return -1;
    return sandbox_reply_json(reply, 201, cJSON_Duplicate(request->json, true));
}

static inline int toy_list(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err)
{
    (void)err;
    cJSON *items = cJSON_CreateArray();
    for (int i = 1; i <= 5; i++)
        azml_json_append(items, cJSON_CreateNumber(i));
    return sandbox_reply_list(sandbox, request, reply, items, 2, "$skiptoken");
}

static const struct sandbox_route toy_routes[] = {
    {"PUT",       "/subscriptions/{s}/resourceGroups/{rg}", toy_group,
     "Microsoft.Resources/resourceGroups", 0},
    {"PUT",  TOY_ACCOUNT, toy_put, "Microsoft.Storage/storageAccounts", 0},
    {"GET",          TOY_ACCOUNT, toy_get, "Microsoft.Storage/storageAccounts", 0},
    {"DELETE",       TOY_ACCOUNT, toy_delete, "Microsoft.Storage/storageAccounts", 0},
    {"PUT",    TOY_ACCOUNT "/blobServices/{child}", toy_put, "Microsoft.Storage/storageAccounts",
     SANDBOX_ROUTE_PARENT},
    {"GET",          TOY_ACCOUNT "/blobServices", toy_echo, "Microsoft.Storage/storageAccounts",
     SANDBOX_ROUTE_PARENT},
    {"GET",       "/subscriptions/{s}/providers/Microsoft.Storage/storageAccounts", toy_list,
     "Microsoft.Storage/storageAccounts", 0},
    {"GET",    "/subscriptions/{s}/resourceGroups/{rg}/providers/{ns}/{*rest}", toy_echo, NULL,
     SANDBOX_ROUTE_FALLBACK},
    {"GET",          "/{*scope}/providers/Microsoft.Authorization/locks/{lock}", toy_echo,
     "Microsoft.Authorization/locks", 0},
    {"GET",    "/toy/{word}", toy_echo, NULL, SANDBOX_ROUTE_NO_AUTH | SANDBOX_ROUTE_NO_VERSION},
    {0},
};

/* Succeeds with a result, fails, needs three steps, or breaks inside. */
static inline int toy_step_done(struct sandbox *sandbox, struct sandbox_operation *operation,
                                struct azml_error *err)
{
    (void)sandbox;
    (void)err;
    cJSON *result = cJSON_CreateObject();
    azml_json_put_text(result, "made", operation->resource_id);
    return sandbox_operation_result(operation, 200, result);
}

static inline int toy_step_fail(struct sandbox *sandbox, struct sandbox_operation *operation,
                                struct azml_error *err)
{
    (void)sandbox;
    (void)err;
    return sandbox_operation_fail(operation, 409, "QuotaExceeded", "no more than %d", 7);
}

static inline int toy_step_three(struct sandbox *sandbox, struct sandbox_operation *operation,
                                 struct azml_error *err)
{
    (void)err;
    azml_json_put_number(operation->data, "steps", (double)(operation->step + 1));
    return operation->step < 2 ? sandbox_operation_again(sandbox, operation, 60) : 0;
}

static inline int toy_step_break(struct sandbox *sandbox, struct sandbox_operation *operation,
                                 struct azml_error *err)
{
    sandbox_store_delete(sandbox->store, operation->resource_id, err);
    return azml_error_set(err, AZML_ERROR_IO, "the disk is full");
}

#define TOY_STATUS "/subscriptions/{s}/providers/Microsoft.Storage/locations/{l}/operations/{id}"

static const struct sandbox_operation_kind toy_operations[] = {
    {.name = "toy.done",
     .step = toy_step_done,
     .async_path = TOY_STATUS,
     .async_query = "type=async",
     .location_path = TOY_STATUS,
     .location_query = "type=location",
     .has_percent = true},
    {.name = "toy.signed",
     .step = toy_step_done,
     .async_path = TOY_STATUS,
     .is_signed = true,
     .has_details = true,
     .retry_after = 150},
    {.name = "toy.fail", .step = toy_step_fail, .location_path = TOY_STATUS},
    {.name = "toy.three",
     .step = toy_step_three,
     .async_path = TOY_STATUS,
     .running_word = "Creating"},
    {.name = "toy.break",        .step = toy_step_break, .async_path = TOY_STATUS},
    {.name = "toy.timer",    .step = toy_step_three},
    {0        },
};

static int toy_removed;

static inline int toy_removing(struct sandbox *sandbox, const struct sandbox_resource *resource,
                               struct azml_error *err)
{
    (void)sandbox;
    (void)resource;
    (void)err;
    toy_removed++;
    return 0;
}

static const struct sandbox_type toy_types[] = {
    {"microsoft.storage/STORAGEACCOUNTS", toy_removing},
    {"Microsoft.Storage/storageAccounts/blobServices",                                   toy_removing},
    {0},
};

/* Refuses every delete below a group called "locked". */
static inline int toy_guard(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    (void)sandbox;
    (void)err;
    if (strcmp(request->method, "DELETE") != 0 ||
        strcmp(sandbox_request_param(request, "rg"), "locked") != 0)
        return 0;
    return sandbox_reply_error(reply, 409, "ScopeLocked", "a lock stands on it");
}

static const struct sandbox_provider toy_provider = {.name = "toy",
                                                     .routes = toy_routes,
                                                     .operations = toy_operations,
                                                     .types = toy_types,
                                                     .guard = toy_guard};
static const struct sandbox_provider *const toy_providers[] = {&toy_provider, NULL};

static inline struct sandbox *toy_open(void)
{
    return sandbox_open(&(struct sandbox_world){.clock = &toy_clock, .providers = toy_providers},
                        NULL);
}

/* A call inside the sandbox, "{S}" in `target` being its subscription. */
static inline void toy_call(struct sandbox *sandbox, const char *method, const char *target,
                            const char *body, struct sandbox_reply *reply)
{
    auto_str struct azml_str full = {0};
    const char *place = strstr(target, "{S}");
    azml_str_add_bytes(&full, target, place ? (size_t)(place - target) : strlen(target));
    if (place) {
        azml_str_add(&full, sandbox->subscription_id);
        azml_str_add(&full, place + 3);
    }
    auto_json cJSON *json = body ? azml_json_parse(body, strlen(body), NULL) : NULL;
    struct sandbox_call call = {.method = method, .target = azml_str_text(&full), .body = json};
    sandbox_call(sandbox, &call, reply, NULL);
}

#endif
