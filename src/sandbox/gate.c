#include "sandbox/gate.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/versions.h"

#include <string.h>

int sandbox_gate_version(const struct sandbox_request *request, const char *type,
                         struct sandbox_reply *reply)
{
    if (!*request->api_version)
        return sandbox_reply_error(
            reply, 400, "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.");
    if (sandbox_version_is_known(type, request->api_version) &&
        sandbox_version_is_well_formed(request->api_version))
        return 0;
    auto_free char *versions = sandbox_versions_of(type ? type : "Microsoft.Resources");
    bool is_core = !type || azml_has_prefix_nocase(type, "Microsoft.Resources/");
    if (is_core || !sandbox_version_is_well_formed(request->api_version))
        return sandbox_reply_error(reply, 400, "InvalidApiVersionParameter",
                                   "The api-version '%s' is invalid. The supported versions are "
                                   "'%s'.",
                                   request->api_version, versions ? versions : "");
    const char *location = azml_json_text(request->json, "location");
    return sandbox_reply_error(reply, 400, "NoRegisteredProviderFound",
                               "No registered resource provider found for location '%s' and API "
                               "version '%s' for type '%s'. The supported api-versions are '%s'.",
                               location ? location : "", request->api_version,
                               type + strcspn(type, "/") + 1, versions ? versions : "");
}

bool sandbox_subscription_exists(struct sandbox *sandbox, const char *subscription_id)
{
    if (azml_same_text(subscription_id, sandbox->subscription_id))
        return true;
    auto_free char *id = azml_format(NULL, "/subscriptions/%s", subscription_id);
    return id && sandbox_store_has(sandbox->store, id);
}

static bool is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    for (size_t i = 0; i < sizeof(shape) - 1; i++) {
        bool fits =
            shape[i] == 'x' ? text[i] && strchr("0123456789abcdefABCDEF", text[i]) : text[i] == '-';
        if (!fits)
            return false;
    }
    return text[sizeof(shape) - 1] == '\0';
}

/* Subscription and group are read from the path itself, so that they are checked under {*scope}
 * patterns as well. */
static const char *after(const struct sandbox_request *request, size_t at, const char *word)
{
    return request->segment_count > at + 1 && azml_same_text(request->segments[at], word)
               ? request->segments[at + 1]
               : NULL;
}

static int check_subscription(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply)
{
    const char *id = after(request, 0, "subscriptions");
    if (!id)
        return 0;
    if (!is_uuid(id))
        return sandbox_reply_error(reply, 400, "InvalidSubscriptionId",
                                   "The provided subscription identifier '%s' is malformed or "
                                   "invalid.",
                                   id);
    if (sandbox_subscription_exists(sandbox, id))
        return 0;
    return sandbox_reply_error(reply, 404, "SubscriptionNotFound",
                               "The subscription '%s' could not be found.", id);
}

static bool needs_registration(const struct sandbox_request *request)
{
    unsigned flags = request->route->flags;
    if (request->is_internal || !request->route->type || (flags & SANDBOX_ROUTE_ANY_REGISTRATION) ||
        !after(request, 0, "subscriptions"))
        return false;
    if (flags & SANDBOX_ROUTE_READ_REGISTRATION)
        return true;
    return sandbox_request_is_write(request) && strcmp(request->method, "DELETE") != 0 &&
           !(flags & SANDBOX_ROUTE_IS_READ);
}

static int check_registration(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply)
{
    if (!needs_registration(request))
        return 0;
    auto_free char *name =
        azml_strndup(request->route->type, strcspn(request->route->type, "/"), NULL);
    const char *state =
        name ? sandbox_registration(sandbox, request->segments[1], name) : "Registered";
    if (!state || azml_same_text(state, "Registered") || azml_same_text(state, "Registering"))
        return 0;
    return sandbox_reply_error(reply, 409, "MissingSubscriptionRegistration",
                               "The subscription is not registered to use namespace '%s'. See "
                               "https://aka.ms/rps-not-found for how to register subscriptions.",
                               name);
}

static bool is_creation(const struct sandbox_request *request)
{
    return strcmp(request->method, "PUT") == 0 || strcmp(request->method, "PATCH") == 0 ||
           (strcmp(request->method, "POST") == 0 &&
            !(request->route->flags & SANDBOX_ROUTE_IS_READ));
}

static int check_group(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    const char *name = after(request, 2, "resourceGroups");
    if (!name || !after(request, 0, "subscriptions"))
        return 0;
    auto_free char *id = sandbox_request_id(request, 4, err);
    auto_resource struct sandbox_resource *group = NULL;
    if (!id || sandbox_store_get(sandbox->store, id, &group, err) < 0)
        return -1;
    bool is_itself = request->segment_count == 4;
    if (!group)
        return is_itself ? 0
                         : sandbox_reply_error(reply, 404, "ResourceGroupNotFound",
                                               "Resource group '%s' could not be found.", name);
    const char *state = azml_json_text(group->body, "properties.provisioningState");
    if (!azml_same_text(state, "Deleting") || !is_creation(request))
        return 0;
    return sandbox_reply_error(reply, 409, "ResourceGroupBeingDeleted",
                               "The resource group '%s' is in deprovisioning state and cannot "
                               "perform this operation.",
                               group->name);
}

/* Segments of the parent's id: without type and name, or without the last word alone for a list or
 * an action. */
static size_t parent_segments(const struct sandbox_request *request)
{
    size_t providers = request->segment_count;
    while (providers > 0 && !azml_same_text(request->segments[providers - 1], "providers"))
        providers--;
    size_t behind = request->segment_count - providers; /* Ns/type/name/type/name… */
    return request->segment_count - (behind % 2 == 1 ? 2 : 1);
}

static int check_parent(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, struct azml_error *err)
{
    if (!(request->route->flags & SANDBOX_ROUTE_PARENT))
        return 0;
    auto_free char *id = sandbox_request_id(request, parent_segments(request), err);
    if (!id)
        return -1;
    if (sandbox_store_has(sandbox->store, id))
        return 0;
    auto_resource struct sandbox_resource *parent = sandbox_resource_new(id, NULL, err);
    if (!parent)
        return -1;
    if (strcmp(request->method, "PUT") == 0 || strcmp(request->method, "PATCH") == 0)
        return sandbox_reply_error(reply, 404, "ParentResourceNotFound",
                                   "Failed to perform '%s' on resource(s) of type '%s', because "
                                   "the parent resource '%s' could not be found.",
                                   azml_has_prefix(request->method, "PUT") ? "write" : "update",
                                   request->route->type, id);
    return sandbox_reply_not_found(reply, parent->type, parent->name, parent->group);
}

/* The body is parsed early, so that errors can name its location, but judged last. */
static int check_body(const struct sandbox_request *request, const struct azml_error *parse_error,
                      struct sandbox_reply *reply)
{
    if (parse_error->code != AZML_ERROR_NONE)
        return sandbox_reply_bad_content(reply, "%s",
                                         parse_error->message ? parse_error->message : "");
    bool needs_object =
        strcmp(request->method, "PUT") == 0 || strcmp(request->method, "PATCH") == 0;
    if (!needs_object || (request->route->flags & SANDBOX_ROUTE_RAW_BODY) ||
        cJSON_IsObject(request->json))
        return 0;
    return sandbox_reply_error(reply, 400, "InvalidRequestContent",
                               "The request content was invalid and could not be deserialized: "
                               "'A JSON object is required in the body of a %s request.'.",
                               request->method);
}

static void parse_body(struct sandbox_request *request, struct azml_error *err)
{
    if (request->json || request->body_length == 0 ||
        (request->route->flags & SANDBOX_ROUTE_RAW_BODY))
        return;
    if (!sandbox_text_is_clean(request->body, request->body_length)) {
        azml_error_set(err, AZML_ERROR_PROTOCOL, "the text is not in UTF-8");
        return;
    }
    request->json = azml_json_parse(request->body, request->body_length, err);
}

int sandbox_gate(struct sandbox *sandbox, struct sandbox_request *request,
                 struct sandbox_reply *reply, struct azml_error *err)
{
    auto_error struct azml_error parse_error = {0};
    parse_body(request, &parse_error);
    if (!(request->route->flags & SANDBOX_ROUTE_NO_VERSION))
        sandbox_gate_version(request, request->route->type, reply);
    if (reply->status == 0)
        check_subscription(sandbox, request, reply);
    if (reply->status == 0)
        check_registration(sandbox, request, reply);
    if (reply->status == 0 && check_group(sandbox, request, reply, err) < 0)
        return -1;
    if (reply->status == 0 && check_parent(sandbox, request, reply, err) < 0)
        return -1;
    if (reply->status == 0)
        check_body(request, &parse_error, reply);
    return 0;
}
