#include "sandbox/router.h"

#include "base/auto.h"
#include "base/log.h"
#include "base/str.h"
#include "sandbox/authorize.h"
#include "sandbox/gate.h"
#include "sandbox/match.h"
#include "sandbox/throttle.h"
#include "sandbox/versions.h"

#include <string.h>

bool sandbox_request_is_managed(const struct sandbox_request *request)
{
    return !request->route || !(request->route->flags & SANDBOX_ROUTE_NO_AUTH);
}

/* Nothing answers there: say which part of the path is the wrong one. */
static int answer_unknown(const struct sandbox_request *request, bool is_other_method,
                          struct sandbox_reply *reply)
{
    size_t at = request->segment_count;
    while (at > 0 && !azml_same_text(request->segments[at - 1], "providers"))
        at--;
    const char *provider = at > 0 && at < request->segment_count ? request->segments[at] : NULL;
    if (is_other_method)
        return sandbox_reply_error(reply, 405, "MethodNotAllowed",
                                   "The requested resource does not support http method '%s'.",
                                   request->method);
    if (!provider)
        return sandbox_reply_error(reply, 404, "NotFound",
                                   "No HTTP resource was found that matches the request URI '%s'.",
                                   request->path);
    if (!sandbox_provider_is_known(provider, NULL))
        return sandbox_reply_error(reply, 404, "InvalidResourceNamespace",
                                   "The resource namespace '%s' is invalid.", provider);
    const char *type = at + 1 < request->segment_count ? request->segments[at + 1] : "";
    return sandbox_reply_error(reply, 404, "InvalidResourceType",
                               "The resource type '%s' could not be found in the namespace '%s' "
                               "for api version '%s'.",
                               type, provider, request->api_version);
}

static int ask_guards(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err)
{
    if (request->route->flags & SANDBOX_ROUTE_NO_GUARD)
        return 0;
    for (const struct sandbox_provider *const *provider = sandbox->providers;
         *provider && reply->status == 0; provider++) {
        if ((*provider)->guard && (*provider)->guard(sandbox, request, reply, err) < 0)
            return -1;
    }
    return 0;
}

/* Whoever refuses must not have changed anything. */
static int run_handler(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    if (sandbox_store_begin(sandbox->store, err) < 0)
        return -1;
    int result = ask_guards(sandbox, request, reply, err);
    if (result == 0 && reply->status == 0)
        result = request->route->handle(sandbox, request, reply, err);
    if (result == 0 && reply->status > 0 && reply->status < 400 && !reply->failed)
        return sandbox_store_commit(sandbox->store, err);
    sandbox_store_rollback(sandbox->store);
    if (result == 0 && reply->status == 0)
        return azml_error_set(err, AZML_ERROR_FAILED, "the handler of %s did not answer",
                              request->route->pattern);
    return result;
}

/* Token, throttling and the addresses of operations, for what belongs to the resource manager. */
static int pass_front_door(struct sandbox *sandbox, struct sandbox_request *request,
                           struct sandbox_reply *reply, struct azml_error *err)
{
    if (request->is_internal || !sandbox_request_is_managed(request))
        return 0;
    if (sandbox_authorize(sandbox, request, reply, err) < 0)
        return -1;
    if (reply->status == 0)
        sandbox_throttle(sandbox, request, reply);
    if (reply->status == 0 && strcmp(request->method, "GET") == 0 &&
        sandbox_operation_poll(sandbox, request, reply, err) < 0)
        return -1;
    return 0;
}

static int answer(struct sandbox *sandbox, struct sandbox_request *request,
                  struct sandbox_reply *reply, struct azml_error *err)
{
    bool is_other_method = false;
    if (sandbox_match(sandbox, request, &is_other_method, err) < 0 ||
        pass_front_door(sandbox, request, reply, err) < 0)
        return -1;
    if (reply->status != 0)
        return 0;
    if (!request->route) {
        sandbox_gate_version(request, NULL, reply);
        return reply->status ? 0 : answer_unknown(request, is_other_method, reply);
    }
    if (sandbox_gate(sandbox, request, reply, err) < 0)
        return -1;
    return reply->status ? 0 : run_handler(sandbox, request, reply, err);
}

void sandbox_route(struct sandbox *sandbox, struct sandbox_request *request,
                   struct sandbox_reply *reply)
{
    auto_error struct azml_error err = {0};
    if (answer(sandbox, request, reply, &err) == 0 && !reply->failed)
        return;
    const char *why = err.message ? err.message : "memory ran out";
    azml_log(AZML_LOG_NORMAL, "%s %s failed inside the sandbox: %s", request->method,
             request->path ? request->path : "", why);
    sandbox_reply_cleanup(reply);
    sandbox_reply_error(reply, 500, "InternalServerError", "The sandbox itself failed: %s.", why);
}
