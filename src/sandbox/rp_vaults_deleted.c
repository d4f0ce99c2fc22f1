#include "sandbox/rp_vaults.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

#define DAY_MS        (24LL * 3600 * 1000)
#define PURGE_SECONDS 25

int vault_find_deleted(struct sandbox *sandbox, const char *name, struct sandbox_deleted **out,
                       struct azml_error *err)
{
    auto_deleted_list struct sandbox_deleted_list found = {0};
    if (arm_drop_expired(sandbox, VAULT_TYPE, err) < 0 ||
        sandbox_deleted_find(sandbox->store, VAULT_TYPE, NULL, name, &found, err) < 0)
        return -1;
    *out = found.count ? AZML_STEAL(found.items[0]) : NULL;
    return 0;
}

int vault_removing(struct sandbox *sandbox, const struct sandbox_resource *vault,
                   struct azml_error *err)
{
    int64_t now = sandbox_now_ms(sandbox);
    int64_t days = azml_json_int_or(vault->body, "properties.softDeleteRetentionInDays", 90);
    return sandbox_deleted_put(sandbox->store, vault, now, now + days * DAY_MS, err);
}

static cJSON *document_of(const struct sandbox_deleted *deleted)
{
    auto_json cJSON *out = cJSON_CreateObject();
    auto_free char *id = azml_format(
        NULL, "/subscriptions/%s/providers/Microsoft.KeyVault/locations/%s/deletedVaults/%s",
        deleted->subscription_id, deleted->location, deleted->name);
    const cJSON *tags = cJSON_GetObjectItem(deleted->body, "tags");
    if (!id || azml_json_put_text(out, "id", id) < 0 ||
        azml_json_put_text(out, "name", deleted->name) < 0 ||
        azml_json_put_text(out, "type", "Microsoft.KeyVault/deletedVaults") < 0 ||
        azml_json_put_text(out, "properties.vaultId", deleted->id) < 0 ||
        azml_json_put_text(out, "properties.location", deleted->location) < 0 ||
        arm_put_time(out, "properties.deletionDate", deleted->deleted_ms) < 0 ||
        arm_put_time(out, "properties.scheduledPurgeDate", deleted->purge_ms) < 0)
        return NULL;
    bool is_protected = azml_json_bool_or(deleted->body, "properties.enablePurgeProtection", false);
    if ((is_protected && azml_json_put_bool(out, "properties.purgeProtectionEnabled", true) < 0) ||
        azml_json_put(out, "properties.tags",
                      tags ? cJSON_Duplicate(tags, true) : cJSON_CreateObject()) < 0)
        return NULL;
    return AZML_STEAL(out);
}

int vault_list_deleted(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    const char *location = sandbox_request_param(request, "l");
    auto_deleted_list struct sandbox_deleted_list found = {0};
    if (arm_drop_expired(sandbox, VAULT_TYPE, err) < 0 ||
        sandbox_deleted_find(sandbox->store, VAULT_TYPE, *location ? location : NULL, NULL, &found,
                             err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++)
        if (azml_same_text(found.items[i]->subscription_id, sandbox_request_param(request, "s")) &&
            azml_json_append(items, document_of(found.items[i])) < 0)
            return azml_error_memory(err);
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

/* The deleted vault that the request names, or a reply that there is none. */
static int find_named(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_deleted **out, struct sandbox_reply *reply,
                      struct azml_error *err)
{
    const char *name = sandbox_request_param(request, "name");
    char location[ARM_LOCATION_ROOM];
    arm_location_normal(sandbox_request_param(request, "l"), location);
    auto_deleted struct sandbox_deleted *deleted = NULL;
    if (vault_find_deleted(sandbox, name, &deleted, err) < 0)
        return -1;
    if (!deleted || !azml_same_text(deleted->location, location) ||
        !azml_same_text(deleted->subscription_id, sandbox_request_param(request, "s")))
        return sandbox_reply_error(reply, 404, "DeletedVaultNotFound",
                                   "The specified deleted vault '%s' does not exist.", name);
    *out = AZML_STEAL(deleted);
    return 0;
}

int vault_get_deleted(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err)
{
    auto_deleted struct sandbox_deleted *deleted = NULL;
    if (find_named(sandbox, request, &deleted, reply, err) < 0)
        return -1;
    return deleted ? sandbox_reply_json(reply, 200, document_of(deleted)) : 0;
}

int vault_purge(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_reply *reply, struct azml_error *err)
{
    auto_deleted struct sandbox_deleted *deleted = NULL;
    if (find_named(sandbox, request, &deleted, reply, err) < 0)
        return -1;
    if (!deleted)
        return 0;
    if (azml_json_bool_or(deleted->body, "properties.enablePurgeProtection", false))
        return sandbox_reply_error(reply, 405, "MethodNotAllowed",
                                   "Operation 'DeletedVaultPurge' is not allowed.");
    auto_free char *id = sandbox_request_id(request, request->segment_count - 1, err);
    cJSON *data = cJSON_CreateObject();
    if (!id || azml_json_put_text(data, "vault", deleted->id) < 0) {
        cJSON_Delete(data);
        return azml_error_memory(err);
    }
    const struct sandbox_operation_start start = {.kind = "vault.purge",
                                                  .resource_id = id,
                                                  .seconds = PURGE_SECONDS,
                                                  .location = deleted->location,
                                                  .data = data};
    if (sandbox_operation_start(sandbox, &start, request, reply, NULL, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

int vault_finish_purge(struct sandbox *sandbox, struct sandbox_operation *operation,
                       struct azml_error *err)
{
    const char *id = azml_json_text(operation->data, "vault");
    return id ? sandbox_deleted_remove(sandbox->store, id, err) : 0;
}
