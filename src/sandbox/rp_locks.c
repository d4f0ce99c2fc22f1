/* rp_locks.c - Microsoft.Authorization/locks and permissions, and the guard that makes locks hold.
 */
#include "sandbox/locks.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/arm.h"

#include <ctype.h>
#include <string.h>

#define TYPE   "Microsoft.Authorization/locks"
#define MARKER "/providers/" TYPE "/"

/* --- which locks hold --- */

/* Is `id` the scope, or below it? */
static bool is_within(const char *id, const char *scope, size_t scope_length)
{
    return strlen(id) >= scope_length && azml_same_bytes(id, scope, scope_length) &&
           (id[scope_length] == '\0' || id[scope_length] == '/');
}

static bool holds(const struct sandbox_resource *lock, const char *id, enum locks_against against,
                  size_t *scope_length_out)
{
    const char *marker = azml_find_nocase(lock->id, MARKER);
    const char *level = azml_json_text(lock->body, "properties.level");
    if (!marker || !level)
        return false;
    size_t length = (size_t)(marker - lock->id);
    *scope_length_out = length;
    if (against == LOCKS_WRITE)
        return azml_same_text(level, "ReadOnly") && is_within(id, lock->id, length);
    if (is_within(id, lock->id, length))
        return true;
    return length > strlen(id) && is_within(lock->id, id, strlen(id));
}

int locks_blocking(struct sandbox *sandbox, const char *id, enum locks_against against, char **out,
                   struct azml_error *err)
{
    auto_resources struct sandbox_resources locks = {0};
    struct sandbox_query query = {.type = TYPE, .with_hidden = true};
    if (sandbox_store_list(sandbox->store, &query, &locks, err) < 0)
        return -1;
    auto_str struct azml_str scopes = {0};
    for (size_t i = 0; i < locks.count; i++) {
        size_t length;
        if (!holds(locks.items[i], id, against, &length))
            continue;
        azml_str_add(&scopes, scopes.length ? ", " : "");
        azml_str_add_bytes(&scopes, locks.items[i]->id, length);
    }
    if (scopes.length == 0) {
        *out = NULL;
        return 0;
    }
    *out = azml_str_take(&scopes, err);
    return *out ? 0 : -1;
}

static int guard(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_reply *reply, struct azml_error *err)
{
    if (!sandbox_request_is_write(request) || request->segment_count < 2 ||
        !azml_same_text(request->segments[0], "subscriptions") ||
        (request->route->flags & SANDBOX_ROUTE_IS_READ))
        return 0;
    bool deletes = strcmp(request->method, "DELETE") == 0;
    auto_free char *id = sandbox_request_id(request, 0, err);
    auto_free char *scopes = NULL;
    if (!id || locks_blocking(sandbox, id, deletes ? LOCKS_DELETE : LOCKS_WRITE, &scopes, err) < 0)
        return -1;
    if (!scopes)
        return 0;
    return sandbox_reply_error(reply, 409, "ScopeLocked",
                               "The scope '%s' cannot perform %s operation because following "
                               "scope(s) are locked: '%s'. Please remove the lock and try again.",
                               id, deletes ? "delete" : "write", scopes);
}

/* --- the locks themselves --- */

static char *lock_id(struct sandbox *sandbox, const struct sandbox_request *request,
                     char **scope_out, struct azml_error *err)
{
    auto_free char *asked = arm_scope(request, err);
    auto_resource struct sandbox_resource *at = NULL;
    if (!asked || sandbox_store_get(sandbox->store, asked, &at, err) < 0)
        return NULL;
    auto_free char *scope = at ? azml_strdup(at->id, err) : AZML_STEAL(asked);
    if (!scope)
        return NULL;
    char *id = azml_format(err, "%s" MARKER "%s", scope, sandbox_request_param(request, "name"));
    if (id && scope_out)
        *scope_out = AZML_STEAL(scope);
    return id;
}

/* A subscription is always there once the router let the request pass. */
static bool scope_exists(const struct sandbox *sandbox, const char *scope)
{
    bool is_subscription = azml_has_prefix_nocase(scope, "/subscriptions/") &&
                           !strchr(scope + strlen("/subscriptions/"), '/');
    return is_subscription || sandbox_store_has(sandbox->store, scope);
}

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > 90 || name[length - 1] == '.')
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && !strchr("._-()", *name))
            return false;
    return true;
}

static bool check_put(const struct sandbox *sandbox, const struct sandbox_request *request,
                      const char *scope, struct sandbox_reply *reply)
{
    static const char *const levels[] = {"CanNotDelete", "ReadOnly", NULL};
    const char *name = sandbox_request_param(request, "name");
    if (!is_name(name)) {
        sandbox_reply_error(reply, 400, "InvalidLockName", "The lock name '%s' is invalid.", name);
        return false;
    }
    if (!scope_exists(sandbox, scope)) {
        sandbox_reply_error(reply, 404, "ResourceNotFound",
                            "The resource '%s' of the lock was not found.", scope);
        return false;
    }
    if (!arm_check_object(request->json, "properties", true, reply) ||
        !arm_check_choice(request->json, "properties.level", levels, true, reply) ||
        !arm_check_text(request->json, "properties.notes", false, reply))
        return false;
    const char *notes = azml_json_text(request->json, "properties.notes");
    if (notes && strlen(notes) > 512) {
        sandbox_reply_bad_content(reply, "The notes of a lock are at most 512 characters long");
        return false;
    }
    return true;
}

static int put_lock(struct sandbox *sandbox, const struct sandbox_request *request,
                    struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *scope = NULL;
    auto_free char *id = lock_id(sandbox, request, &scope, err);
    if (!id)
        return -1;
    if (!check_put(sandbox, request, scope, reply))
        return 0;
    auto_resource struct sandbox_resource *lock = NULL;
    if (sandbox_store_get(sandbox->store, id, &lock, err) < 0)
        return -1;
    bool is_new = lock == NULL;
    if (is_new && !(lock = sandbox_resource_new(id, TYPE, err)))
        return -1;
    if (arm_begin_body(lock) < 0 || arm_copy(lock->body, request->json, "properties") < 0)
        return azml_error_memory(err);
    cJSON_DeleteItemFromObject(lock->body, "tags");
    if (arm_store(sandbox, lock, err) < 0)
        return -1;
    return sandbox_reply_json(reply, is_new ? 201 : 200, AZML_STEAL(lock->body));
}

static int get_lock(struct sandbox *sandbox, const struct sandbox_request *request,
                    struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *id = lock_id(sandbox, request, NULL, err);
    auto_resource struct sandbox_resource *lock = NULL;
    if (!id || sandbox_store_get(sandbox->store, id, &lock, err) < 0)
        return -1;
    if (!lock)
        return sandbox_reply_error(reply, 404, "LockNotFound", "The lock '%s' could not be found.",
                                   sandbox_request_param(request, "name"));
    return sandbox_reply_json(reply, 200, AZML_STEAL(lock->body));
}

static int delete_lock(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *id = lock_id(sandbox, request, NULL, err);
    if (!id)
        return -1;
    if (!sandbox_store_has(sandbox->store, id))
        return sandbox_reply_empty(reply, 204);
    if (sandbox_store_delete(sandbox->store, id, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 200);
}

/* Locks at the scope, above it and below it; with atScope() those below are left out. */
static int list_locks(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err)
{
    const char *filter = sandbox_request_query(request, "$filter");
    if (filter && *filter && !azml_same_text(filter, "atScope()"))
        return sandbox_reply_error(reply, 400, "InvalidFilterInQueryString",
                                   "Invalid $filter '%s' specified in the query string.", filter);
    bool with_below = !filter || !*filter;
    auto_free char *scope = arm_scope(request, err);
    auto_resources struct sandbox_resources locks = {0};
    struct sandbox_query query = {.type = TYPE};
    if (!scope || sandbox_store_list(sandbox->store, &query, &locks, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < locks.count; i++) {
        const char *marker = azml_find_nocase(locks.items[i]->id, MARKER);
        size_t length = marker ? (size_t)(marker - locks.items[i]->id) : 0;
        bool above = is_within(scope, locks.items[i]->id, length);
        bool below = with_below && is_within(locks.items[i]->id, scope, strlen(scope));
        if ((above || below) && azml_json_append(items, AZML_STEAL(locks.items[i]->body)) < 0)
            return azml_error_memory(err);
    }
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

static int list_permissions(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    static const char owner[] = "[{\"actions\":[\"*\"],\"notActions\":[],\"dataActions\":[],"
                                "\"notDataActions\":[]}]";
    cJSON *items = azml_json_parse(owner, strlen(owner), err);
    return items ? arm_reply_list(sandbox, request, reply, items) : -1;
}

/* A lock's own rows are not guarded: it is taken off under itself. */
static const struct sandbox_route routes[] = {
    {"PUT",                   "/{*scope}/providers/" TYPE "/{name}", put_lock, TYPE, SANDBOX_ROUTE_NO_GUARD},
    {"GET",               "/{*scope}/providers/" TYPE "/{name}", get_lock, TYPE, 0},
    {"DELETE", "/{*scope}/providers/" TYPE "/{name}", delete_lock, TYPE, SANDBOX_ROUTE_NO_GUARD},
    {"GET",                   "/{*scope}/providers/" TYPE, list_locks, TYPE, 0},
    {"GET",               "/{*scope}/providers/Microsoft.Authorization/permissions", list_permissions,
     "Microsoft.Authorization/permissions", 0},
    {0                     },
};

const struct sandbox_provider sandbox_provider_locks = {
    .name = "locks", .routes = routes, .guard = guard};
