/* rp_vaults.c - Microsoft.KeyVault/vaults: names unique in the world, also among deleted ones.
 *
 * Control plane only: no keys, no secrets. Reference section 4.5. */
#include "sandbox/rp_vaults.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

#define TYPE           VAULT_TYPE
#define CREATE_SECONDS 12
#define RBAC_SINCE     "2026-02-01" /* from this api-version on, new vaults default to RBAC */

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    if (length < 3 || length > 24 || !isalpha((unsigned char)name[0]) || name[length - 1] == '-' ||
        strstr(name, "--"))
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '-')
            return false;
    return true;
}

static bool is_recovery(const cJSON *json)
{
    const char *mode = azml_json_text(json, "properties.createMode");
    return mode && azml_same_text(mode, "recover");
}

static bool is_rbac(const struct sandbox_request *request)
{
    bool otherwise = strcmp(request->api_version, RBAC_SINCE) >= 0;
    return azml_json_bool_or(request->json, "properties.enableRbacAuthorization", otherwise);
}

static bool check_policies(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const cJSON *policies = azml_json_at(request->json, "properties.accessPolicies");
    if (!policies && is_rbac(request))
        return true;
    if (!policies) {
        sandbox_reply_error(reply, 400, "BadRequest",
                            "The parameter accessPolicies is not specified.");
        return false;
    }
    if (cJSON_IsArray(policies))
        return true;
    sandbox_reply_bad_content(reply, "The property 'properties.accessPolicies' must be an array");
    return false;
}

static bool check_retention(const cJSON *json, struct sandbox_reply *reply)
{
    const cJSON *days = azml_json_at(json, "properties.softDeleteRetentionInDays");
    if (days && (!cJSON_IsNumber(days) || days->valuedouble < 7 || days->valuedouble > 90)) {
        sandbox_reply_error(reply, 400, "BadRequest",
                            "The property \"softDeleteRetentionInDays\" must be between 7 and 90.");
        return false;
    }
    const cJSON *kept = azml_json_at(json, "properties.enableSoftDelete");
    const cJSON *protected = azml_json_at(json, "properties.enablePurgeProtection");
    const char *wrong = cJSON_IsFalse(kept)        ? "enableSoftDelete"
                        : cJSON_IsFalse(protected) ? "enablePurgeProtection"
                                                   : NULL;
    if (!wrong)
        return true;
    sandbox_reply_error(reply, 400, "BadRequest", "The property \"%s\" cannot be set to false.",
                        wrong);
    return false;
}

static bool check_body(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    static const char *const families[] = {"A", NULL};
    static const char *const skus[] = {"standard", "premium", NULL};
    static const char *const modes[] = {"default", "recover", NULL};
    const cJSON *json = request->json;
    bool fits = arm_check_tags(json, reply) && arm_check_object(json, "properties", true, reply) &&
                arm_check_choice(json, "properties.createMode", modes, false, reply) &&
                arm_check_text(json, "properties.tenantId", true, reply) &&
                arm_check_object(json, "properties.sku", true, reply) &&
                arm_check_choice(json, "properties.sku.family", families, true, reply) &&
                arm_check_choice(json, "properties.sku.name", skus, true, reply) &&
                arm_check_bool(json, "properties.enableRbacAuthorization", reply) &&
                arm_check_bool(json, "properties.enableSoftDelete", reply) &&
                arm_check_bool(json, "properties.enablePurgeProtection", reply) &&
                check_retention(json, reply);
    return fits && (is_recovery(json) || check_policies(request, reply));
}

static bool check_tenant(const struct sandbox *sandbox, const cJSON *json,
                         struct sandbox_reply *reply)
{
    const char *tenant = azml_json_text(json, "properties.tenantId");
    if (azml_same_text(tenant, sandbox->tenant_id))
        return true;
    sandbox_reply_error(reply, 400, "BadRequest",
                        "An invalid value was provided for 'tenantId'. The tenant '%s' is not that "
                        "of the subscription.",
                        tenant);
    return false;
}

/* Is the name free for a new vault, also among the deleted? Fills in `reply` where not. */
static int check_name(struct sandbox *sandbox, const struct sandbox_request *request,
                      const struct sandbox_deleted *deleted, struct sandbox_reply *reply,
                      struct azml_error *err)
{
    const char *name = sandbox_request_param(request, "name");
    if (!is_name(name))
        return sandbox_reply_error(reply, 400, "VaultNameNotValid",
                                   "The vault name '%s' is invalid. A vault's name must be between "
                                   "3-24 alphanumeric characters. The name must begin with a "
                                   "letter, end with a letter or digit, and not contain "
                                   "consecutive hyphens.",
                                   name);
    auto_resources struct sandbox_resources others = {0};
    struct sandbox_query query = {.type = TYPE, .name = name, .with_hidden = true};
    if (sandbox_store_list(sandbox->store, &query, &others, err) < 0)
        return -1;
    bool is_foreign =
        deleted && !azml_same_text(deleted->subscription_id, sandbox_request_param(request, "s"));
    if (others.count > 0 || is_foreign)
        return sandbox_reply_error(reply, 409, "VaultAlreadyExists",
                                   "The vault name '%s' is already in use. Vault names are "
                                   "globally unique so it is possible that the name is already "
                                   "taken. If you are sure that the vault name was not taken then "
                                   "it is possible that a vault with the same name was recently "
                                   "deleted but not purged after being placed in a recoverable "
                                   "state.",
                                   name);
    if (deleted && !is_recovery(request->json))
        return sandbox_reply_error(reply, 409, "ConflictError",
                                   "A vault with the same name already exists in deleted state. "
                                   "You need to either recover or purge existing key vault. Follow "
                                   "this link https://go.microsoft.com/fwlink/?linkid=2149745 for "
                                   "more information on soft delete.");
    if (!deleted && is_recovery(request->json))
        return sandbox_reply_error(reply, 404, "SoftDeletedVaultDoesNotExist",
                                   "A soft deleted vault with the given name does not exist. "
                                   "Ensure that the name for the vault that is being attempted to "
                                   "recover is in a recoverable state.");
    return 0;
}

/* Lay the request over the vault's properties, keeping what was fixed at its creation. */
static int apply(const struct sandbox_request *request, struct sandbox_resource *vault, bool is_new)
{
    const cJSON *json = request->json;
    if (!cJSON_GetObjectItem(vault->body, "properties") &&
        !cJSON_AddObjectToObject(vault->body, "properties"))
        return -1;
    cJSON *properties = cJSON_GetObjectItem(vault->body, "properties");
    auto_free char *uri = azml_format(NULL, "https://%s.vault.azure.net/", vault->name);
    if (!uri || arm_merge(properties, cJSON_GetObjectItem(json, "properties")) < 0)
        return -1;
    cJSON_DeleteItemFromObject(properties, "createMode");
    if ((is_new &&
         azml_json_put_bool(properties, "enableRbacAuthorization", is_rbac(request)) < 0) ||
        azml_json_put_text(vault->body, "location", vault->location) < 0 ||
        azml_json_put_text(properties, "vaultUri", uri) < 0 ||
        azml_json_put_bool(properties, "enableSoftDelete", true) < 0)
        return -1;
    if (cJSON_GetObjectItem(json, "tags") && arm_copy(vault->body, json, "tags") < 0)
        return -1;
    return arm_add_defaults(properties,
                            "{\"accessPolicies\":[],\"enabledForDeployment\":false,"
                            "\"enabledForTemplateDeployment\":false,"
                            "\"enabledForDiskEncryption\":false,\"softDeleteRetentionInDays\":90,"
                            "\"publicNetworkAccess\":\"Enabled\"}");
}

/* Bring back what the deleted vault had. */
static int recover(struct sandbox *sandbox, const struct sandbox_deleted *deleted,
                   struct sandbox_resource *vault, struct azml_error *err)
{
    auto_json cJSON *body = cJSON_Duplicate(deleted->body, true);
    if (!body || azml_json_put_text(body, "id", vault->id) < 0)
        return azml_error_memory(err);
    cJSON_Delete(vault->body);
    vault->body = AZML_STEAL(body);
    return sandbox_deleted_remove(sandbox->store, deleted->id, err);
}

static int keep(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_resource *vault, bool is_new, struct sandbox_reply *reply,
                struct azml_error *err)
{
    const char *state = is_new ? "RegisteringDns" : "Succeeded";
    if (apply(request, vault, is_new) < 0 ||
        azml_json_put_text(vault->body, "properties.provisioningState", state) < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, vault, err) < 0 ||
        (is_new && arm_settle_later(sandbox, vault->id, CREATE_SECONDS, err) < 0))
        return -1;
    return sandbox_reply_json(reply, is_new ? 201 : 200, AZML_STEAL(vault->body));
}

static int make(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_resource *vault, const char *location, struct sandbox_reply *reply,
                struct azml_error *err)
{
    auto_deleted struct sandbox_deleted *deleted = NULL;
    if (vault_find_deleted(sandbox, vault->name, &deleted, err) < 0 ||
        check_name(sandbox, request, deleted, reply, err) < 0)
        return -1;
    if (reply->status != 0)
        return 0;
    if (deleted && recover(sandbox, deleted, vault, err) < 0)
        return -1;
    free(vault->location);
    vault->location = azml_strdup(location, err);
    return vault->location ? keep(sandbox, request, vault, true, reply, err) : -1;
}

static bool check_unchanged(const struct sandbox_resource *vault, const cJSON *json,
                            struct sandbox_reply *reply)
{
    int64_t had = azml_json_int_or(vault->body, "properties.softDeleteRetentionInDays", 90);
    if (azml_json_int_or(json, "properties.softDeleteRetentionInDays", had) == had)
        return true;
    sandbox_reply_error(reply, 400, "BadRequest",
                        "The property \"softDeleteRetentionInDays\" has been set already and it "
                        "can't be modified.");
    return false;
}

static int put_vault(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    bool is_new;
    auto_resource struct sandbox_resource *vault = arm_open(sandbox, request, &is_new, err);
    char location[ARM_LOCATION_ROOM];
    if (!vault)
        return -1;
    if (!arm_check_location(request, is_new ? NULL : vault, location, reply) ||
        !check_body(request, reply) || !check_tenant(sandbox, request->json, reply) ||
        (!is_new && !check_unchanged(vault, request->json, reply)))
        return 0;
    if (is_new)
        return make(sandbox, request, vault, location, reply, err);
    return keep(sandbox, request, vault, false, reply, err);
}

static int check_availability(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply, struct azml_error *err)
{
    static const char *const types[] = {TYPE, NULL};
    if (!arm_check_text(request->json, "name", true, reply) ||
        !arm_check_choice(request->json, "type", types, true, reply))
        return 0;
    const char *name = azml_json_text(request->json, "name");
    auto_deleted struct sandbox_deleted *deleted = NULL;
    auto_resources struct sandbox_resources others = {0};
    struct sandbox_query query = {.type = TYPE, .name = name, .with_hidden = true};
    if (vault_find_deleted(sandbox, name, &deleted, err) < 0 ||
        sandbox_store_list(sandbox->store, &query, &others, err) < 0)
        return -1;
    const char *reason = !is_name(name)                ? "AccountNameInvalid"
                         : deleted || others.count > 0 ? "AlreadyExists"
                                                       : NULL;
    auto_json cJSON *answer = cJSON_CreateObject();
    if (azml_json_put_bool(answer, "nameAvailable", reason == NULL) < 0 ||
        (reason && (azml_json_put_text(answer, "reason", reason) < 0 ||
                    azml_json_put_text(answer, "message",
                                       "The vault name is invalid or already in use.") < 0)))
        return azml_error_memory(err);
    return sandbox_reply_json(reply, 200, AZML_STEAL(answer));
}

#define IN_GROUP        "/subscriptions/{s}/resourceGroups/{rg}/providers/" TYPE
#define IN_SUBSCRIPTION "/subscriptions/{s}/providers/Microsoft.KeyVault"
#define DELETED         TYPE /* every version of vaults knows them */

static const struct sandbox_route routes[] = {
    {"PUT",      IN_GROUP "/{name}", put_vault, TYPE, 0},
    {"GET", IN_GROUP "/{name}", arm_get, TYPE, 0},
    {"HEAD",         IN_GROUP "/{name}", arm_head, TYPE, 0},
    {"PATCH",      IN_GROUP "/{name}", arm_patch, TYPE, 0},
    {"DELETE",   IN_GROUP "/{name}", arm_delete, TYPE, 0},
    {"GET",         IN_GROUP, arm_list, TYPE, 0},
    {"GET",     IN_SUBSCRIPTION "/vaults", arm_list, TYPE, 0},
    {"POST",  IN_SUBSCRIPTION "/checkNameAvailability", check_availability, TYPE,
     SANDBOX_ROUTE_IS_READ},
    {"GET",         IN_SUBSCRIPTION "/deletedVaults", vault_list_deleted, DELETED, 0},
    {"GET",    IN_SUBSCRIPTION "/locations/{l}/deletedVaults", vault_list_deleted, DELETED, 0},
    {"GET", IN_SUBSCRIPTION "/locations/{l}/deletedVaults/{name}", vault_get_deleted, DELETED, 0},
    {"POST",         IN_SUBSCRIPTION "/locations/{l}/deletedVaults/{name}/purge", vault_purge, DELETED, 0},
    {0  },
};

static const struct sandbox_operation_kind operations[] = {
    {.name = "vault.purge",
     .step = vault_finish_purge,
     .location_path = IN_SUBSCRIPTION "/locations/{l}/operationResults/{id}",
     .retry_after = 5},
    {0},
};

static const struct sandbox_type types[] = {
    {TYPE, vault_removing},
    {0   },
};

const struct sandbox_provider sandbox_provider_vaults = {
    .name = "vaults", .routes = routes, .operations = operations, .types = types};
