#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/provider.h"
#include "sandbox/router.h"
#include "sandbox/versions.h"

#include <stdio.h>
#include <string.h>

static void set_caller(const struct sandbox *sandbox, struct sandbox_request *request,
                       const struct sandbox_caller *caller)
{
    if (caller) {
        request->caller = *caller;
        return;
    }
    struct sandbox_caller *own = &request->caller;
    snprintf(own->object_id, sizeof(own->object_id), "%s", sandbox->object_id);
    snprintf(own->client_id, sizeof(own->client_id), "%s", sandbox->client_id);
    snprintf(own->tenant_id, sizeof(own->tenant_id), "%s", sandbox->tenant_id);
}

int sandbox_call(struct sandbox *sandbox, const struct sandbox_call *call,
                 struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *body = NULL;
    if (call->body && !(body = azml_json_print(call->body, false, err)))
        return -1;
    struct sandbox_request request = {
        .method = call->method,
        .body = body ? body : "",
        .body_length = body ? strlen(body) : 0,
        .is_internal = true,
    };
    azml_platform_uuid(request.request_id);
    set_caller(sandbox, &request, call->caller);
    int result = sandbox_request_set_target(&request, call->target, err);
    if (result == 0)
        sandbox_route(sandbox, &request, reply);
    sandbox_request_cleanup(&request);
    return result;
}

/* --- removing with all that is below --- */

static int tell_types(struct sandbox *sandbox, const struct sandbox_resource *resource,
                      struct azml_error *err)
{
    for (const struct sandbox_provider *const *provider = sandbox->providers; *provider;
         provider++) {
        const struct sandbox_type *type = (*provider)->types;
        for (; type && type->type; type++) {
            if (azml_same_text(type->type, resource->type) && type->removing &&
                type->removing(sandbox, resource, err) < 0)
                return -1;
        }
    }
    return 0;
}

static int remove_one(struct sandbox *sandbox, const struct sandbox_resource *resource,
                      struct azml_error *err)
{
    if (tell_types(sandbox, resource, err) < 0)
        return -1;
    return sandbox_store_delete(sandbox->store, resource->id, err);
}

static int deepest_first(const void *a, const void *b)
{
    const struct sandbox_resource *const *first = (const struct sandbox_resource *const *)a;
    const struct sandbox_resource *const *second = (const struct sandbox_resource *const *)b;
    size_t slashes[2] = {0, 0};
    for (const char *at = (*first)->id; *at; at++)
        slashes[0] += *at == '/';
    for (const char *at = (*second)->id; *at; at++)
        slashes[1] += *at == '/';
    return slashes[0] > slashes[1] ? -1 : slashes[0] < slashes[1];
}

int sandbox_resource_remove(struct sandbox *sandbox, const char *id, struct azml_error *err)
{
    auto_resource struct sandbox_resource *top = NULL;
    auto_resources struct sandbox_resources below = {0};
    struct sandbox_query query = {.under = id, .with_hidden = true};
    if (sandbox_store_get(sandbox->store, id, &top, err) < 0 ||
        sandbox_store_list(sandbox->store, &query, &below, err) < 0)
        return -1;
    if (below.count > 1)
        qsort(below.items, below.count, sizeof(struct sandbox_resource *), deepest_first);
    for (size_t i = 0; i < below.count; i++) {
        if (remove_one(sandbox, below.items[i], err) < 0)
            return -1;
    }
    return top ? remove_one(sandbox, top, err) : 0;
}

/* --- registration of providers --- */

static char *bucket_of(const char *subscription_id)
{
    char *bucket = azml_format(NULL, "registration:%s", subscription_id);
    if (bucket)
        azml_lower(bucket);
    return bucket;
}

const char *sandbox_registration(struct sandbox *sandbox, const char *subscription_id,
                                 const char *provider_namespace)
{
    static char state[32]; /* lent until the next call */
    if (!sandbox_provider_is_known(provider_namespace, state))
        return NULL;
    auto_free char *bucket = bucket_of(subscription_id);
    auto_free char *set = NULL;
    if (bucket && sandbox_value_get(sandbox->store, bucket, provider_namespace, &set, NULL) == 0 &&
        set)
        snprintf(state, sizeof(state), "%s", set);
    return state;
}

int sandbox_registration_set(struct sandbox *sandbox, const char *subscription_id,
                             const char *provider_namespace, const char *state,
                             struct azml_error *err)
{
    auto_free char *bucket = bucket_of(subscription_id);
    if (!bucket)
        return azml_error_memory(err);
    return sandbox_value_set(sandbox->store, bucket, provider_namespace, state, err);
}
