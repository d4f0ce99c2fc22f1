/* rp_storage.c - Microsoft.Storage/storageAccounts: names unique in the world, keys, no data.
 *
 * Reference section 4.6. PUT of a new account answers 202 with a Location; soft delete of accounts
 * is not seen by anybody and is left out. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"

#include <string.h>

#define TYPE           "Microsoft.Storage/storageAccounts"
#define CREATE         "storage.create"
#define CREATE_SECONDS 22

static const char defaults[] =
    "{\"supportsHttpsTrafficOnly\":true,\"minimumTlsVersion\":\"TLS1_0\","
    "\"allowBlobPublicAccess\":false,\"accessTier\":\"Hot\",\"publicNetworkAccess\":\"Enabled\","
    "\"networkAcls\":{\"bypass\":\"AzureServices\",\"virtualNetworkRules\":[],\"ipRules\":[],"
    "\"defaultAction\":\"Allow\"},"
    "\"encryption\":{\"keySource\":\"Microsoft.Storage\",\"services\":{"
    "\"blob\":{\"enabled\":true,\"keyType\":\"Account\"},"
    "\"file\":{\"enabled\":true,\"keyType\":\"Account\"}}},"
    "\"privateEndpointConnections\":[]}";

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    return length >= 3 && length <= 24 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789") == length;
}

/* The account of that name anywhere in the world, NULL where it is free. */
static int find_by_name(struct sandbox *sandbox, const char *name, struct sandbox_resources *found,
                        struct azml_error *err)
{
    struct sandbox_query query = {.type = TYPE, .name = name, .with_hidden = true};
    return sandbox_store_list(sandbox->store, &query, found, err);
}

static bool check_body(const cJSON *json, struct sandbox_reply *reply)
{
    static const char *const kinds[] = {"Storage",          "StorageV2",   "BlobStorage",
                                        "BlockBlobStorage", "FileStorage", NULL};
    static const char *const skus[] = {
        "Standard_LRS",    "Standard_GRS", "Standard_RAGRS", "Standard_ZRS",   "Standard_GZRS",
        "Standard_RAGZRS", "Premium_LRS",  "Premium_ZRS",    "StandardV2_LRS", NULL};
    static const char *const tiers[] = {"Hot", "Cool", "Cold", "Premium", NULL};
    static const char *const tls[] = {"TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3", NULL};
    return arm_check_choice(json, "kind", kinds, true, reply) &&
           arm_check_object(json, "sku", true, reply) &&
           arm_check_choice(json, "sku.name", skus, true, reply) && arm_check_tags(json, reply) &&
           arm_check_object(json, "properties", false, reply) &&
           arm_check_bool(json, "properties.supportsHttpsTrafficOnly", reply) &&
           arm_check_bool(json, "properties.allowBlobPublicAccess", reply) &&
           arm_check_bool(json, "properties.allowSharedKeyAccess", reply) &&
           arm_check_bool(json, "properties.isHnsEnabled", reply) &&
           arm_check_choice(json, "properties.accessTier", tiers, false, reply) &&
           arm_check_choice(json, "properties.minimumTlsVersion", tls, false, reply) &&
           arm_check_object(json, "properties.encryption", false, reply);
}

/* May this request have that name? */
static int check_name(struct sandbox *sandbox, const struct sandbox_request *request,
                      const struct sandbox_resource *own, struct sandbox_reply *reply,
                      struct azml_error *err)
{
    const char *name = sandbox_request_param(request, "name");
    if (!is_name(name))
        return sandbox_reply_error(reply, 400, "AccountNameInvalid",
                                   "%s is not a valid storage account name. Storage account name "
                                   "must be between 3 and 24 characters in length and use numbers "
                                   "and lower-case letters only.",
                                   name);
    auto_resources struct sandbox_resources others = {0};
    if (find_by_name(sandbox, name, &others, err) < 0)
        return -1;
    for (size_t i = 0; i < others.count; i++) {
        if (own && azml_same_text(own->id, others.items[i]->id))
            continue;
        bool is_ours =
            azml_same_text(others.items[i]->subscription_id, sandbox_request_param(request, "s"));
        if (is_ours)
            return sandbox_reply_error(reply, 409, "StorageAccountAlreadyExists",
                                       "The storage account named %s already exists under the "
                                       "subscription.",
                                       name);
        return sandbox_reply_error(reply, 409, "StorageAccountAlreadyTaken",
                                   "The storage account named %s is already taken.", name);
    }
    return 0;
}

static int put_endpoints(cJSON *properties, const char *name)
{
    static const char *const services[] = {"blob", "file", "queue", "table", "dfs", "web"};
    auto_json cJSON *endpoints = cJSON_CreateObject();
    for (size_t i = 0; i < AZML_COUNT(services); i++) {
        auto_free char *address =
            azml_format(NULL, "https://%s.%s%s.core.windows.net/", name,
                        strcmp(services[i], "web") == 0 ? "z6." : "", services[i]);
        if (!address || azml_json_put_text(endpoints, services[i], address) < 0)
            return -1;
    }
    return azml_json_put(properties, "primaryEndpoints", AZML_STEAL(endpoints));
}

static int put_new_key(cJSON *hidden, const char *name)
{
    unsigned char bytes[64];
    azml_platform_random(bytes, sizeof(bytes));
    auto_free char *key = azml_base64_encode(bytes, sizeof(bytes), NULL);
    return key ? azml_json_put_text(hidden, name, key) : -1;
}

/* What a new account has from the beginning. */
static int make_new(struct sandbox *sandbox, struct sandbox_resource *account)
{
    cJSON *properties = cJSON_GetObjectItem(account->body, "properties");
    if (put_endpoints(properties, account->name) < 0 ||
        arm_put_time(properties, "creationTime", sandbox_now_ms(sandbox)) < 0 ||
        azml_json_put_text(properties, "primaryLocation", account->location) < 0 ||
        azml_json_put_text(properties, "statusOfPrimary", "available") < 0 ||
        azml_json_put_text(properties, "provisioningState", "Creating") < 0)
        return -1;
    return put_new_key(account->hidden, "key1") < 0 ? -1 : put_new_key(account->hidden, "key2");
}

/* Lay the request's body over the account. */
static int apply(struct sandbox_resource *account, const cJSON *json)
{
    static const char *const copied[] = {"kind", "sku", "tags", "identity"};
    for (size_t i = 0; i < AZML_COUNT(copied); i++)
        if (arm_copy(account->body, json, copied[i]) < 0)
            return -1;
    if (!cJSON_GetObjectItem(account->body, "tags") &&
        azml_json_put(account->body, "tags", cJSON_CreateObject()) < 0)
        return -1;
    bool premium = azml_has_prefix_nocase(azml_json_text(json, "sku.name"), "Premium");
    cJSON *properties = cJSON_GetObjectItem(account->body, "properties");
    if (!properties && !(properties = cJSON_AddObjectToObject(account->body, "properties")))
        return -1;
    if (azml_json_put_text(account->body, "sku.tier", premium ? "Premium" : "Standard") < 0 ||
        azml_json_put_text(account->body, "location", account->location) < 0 ||
        arm_merge(properties, cJSON_GetObjectItem(json, "properties")) < 0)
        return -1;
    return arm_add_defaults(properties, defaults);
}

static int start_creation(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_resource *account, struct sandbox_reply *reply,
                          struct azml_error *err)
{
    if (make_new(sandbox, account) < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, account, err) < 0)
        return -1;
    const struct sandbox_operation_start start = {.kind = CREATE,
                                                  .resource_id = account->id,
                                                  .seconds = CREATE_SECONDS,
                                                  .location = account->location};
    if (sandbox_operation_start(sandbox, &start, request, reply, NULL, err) < 0)
        return -1;
    sandbox_reply_header(reply, "Content-Type", "text/plain; charset=utf-8");
    return sandbox_reply_empty(reply, 202);
}

static int put_account(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    bool is_new;
    auto_resource struct sandbox_resource *account = arm_open(sandbox, request, &is_new, err);
    char location[ARM_LOCATION_ROOM];
    if (!account || check_name(sandbox, request, is_new ? NULL : account, reply, err) < 0)
        return -1;
    if (reply->status != 0 ||
        !arm_check_location(request, is_new ? NULL : account, location, reply) ||
        !check_body(request->json, reply))
        return 0;
    if (!is_new &&
        azml_same_text(azml_json_text(account->body, "properties.provisioningState"), "Creating"))
        return sandbox_reply_error(reply, 409, "StorageAccountOperationInProgress",
                                   "An operation is currently performing on this storage account "
                                   "that requires exclusive access.");
    free(account->location);
    account->location = azml_strdup(location, err);
    if (!account->location || apply(account, request->json) < 0)
        return azml_error_memory(err);
    if (is_new)
        return start_creation(sandbox, request, account, reply, err);
    if (azml_json_put_text(account->body, "properties.provisioningState", "Succeeded") < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, account, err) < 0)
        return -1;
    return sandbox_reply_json(reply, 200, AZML_STEAL(account->body));
}

static int finish_creation(struct sandbox *sandbox, struct sandbox_operation *operation,
                           struct azml_error *err)
{
    auto_resource struct sandbox_resource *account = NULL;
    if (arm_settle_step(sandbox, operation, err) < 0 ||
        sandbox_store_get(sandbox->store, operation->resource_id, &account, err) < 0)
        return -1;
    if (!account)
        return sandbox_operation_fail(operation, 404, "ResourceNotFound",
                                      "The storage account was deleted while it was being made.");
    return sandbox_operation_result(operation, 200, AZML_STEAL(account->body));
}

static cJSON *key_list(const struct sandbox_resource *account)
{
    static const char *const names[] = {"key1", "key2"};
    auto_json cJSON *document = cJSON_CreateObject();
    cJSON *keys = document ? cJSON_AddArrayToObject(document, "keys") : NULL;
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        auto_json cJSON *key = cJSON_CreateObject();
        const char *value = azml_json_text(account->hidden, names[i]);
        if (azml_json_put_text(key, "keyName", names[i]) < 0 ||
            azml_json_put_text(key, "value", value ? value : "") < 0 ||
            azml_json_put_text(key, "permissions", "FULL") < 0 ||
            azml_json_append(keys, AZML_STEAL(key)) < 0)
            return NULL;
    }
    return AZML_STEAL(document);
}

static int list_keys(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *account = NULL;
    if (arm_find(sandbox, request, &account, err) < 0)
        return -1;
    if (!account)
        return sandbox_reply_not_found(reply, TYPE, sandbox_request_param(request, "name"),
                                       sandbox_request_param(request, "rg"));
    return sandbox_reply_json(reply, 200, key_list(account));
}

static int regenerate_key(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    static const char *const names[] = {"key1", "key2", NULL};
    auto_resource struct sandbox_resource *account = NULL;
    if (arm_find(sandbox, request, &account, err) < 0)
        return -1;
    if (!account)
        return sandbox_reply_not_found(reply, TYPE, sandbox_request_param(request, "name"),
                                       sandbox_request_param(request, "rg"));
    if (!arm_check_choice(request->json, "keyName", names, true, reply))
        return 0;
    const char *name = azml_json_text(request->json, "keyName");
    if (put_new_key(account->hidden, azml_same_text(name, "key1") ? "key1" : "key2") < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, account, err) < 0)
        return -1;
    return sandbox_reply_json(reply, 200, key_list(account));
}

static int check_availability(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply, struct azml_error *err)
{
    static const char *const types[] = {TYPE, NULL};
    if (!arm_check_text(request->json, "name", true, reply) ||
        !arm_check_choice(request->json, "type", types, true, reply))
        return 0;
    const char *name = azml_json_text(request->json, "name");
    auto_resources struct sandbox_resources others = {0};
    if (find_by_name(sandbox, name, &others, err) < 0)
        return -1;
    bool valid = is_name(name);
    auto_json cJSON *answer = cJSON_CreateObject();
    auto_free char *why =
        valid ? azml_format(err, "The storage account named %s is already taken.", name)
              : azml_format(err,
                            "%s is not a valid storage account name. Storage account name must be "
                            "between 3 and 24 characters in length and use numbers and lower-case "
                            "letters only.",
                            name);
    bool available = valid && others.count == 0;
    if (!why || azml_json_put_bool(answer, "nameAvailable", available) < 0 ||
        (!available && (azml_json_put_text(answer, "reason",
                                           valid ? "AlreadyExists" : "AccountNameInvalid") < 0 ||
                        azml_json_put_text(answer, "message", why) < 0)))
        return azml_error_memory(err);
    return sandbox_reply_json(reply, 200, AZML_STEAL(answer));
}

#define IN_GROUP        "/subscriptions/{s}/resourceGroups/{rg}/providers/" TYPE
#define IN_SUBSCRIPTION "/subscriptions/{s}/providers/"

static const struct sandbox_route routes[] = {
    {"PUT",        IN_GROUP "/{name}", put_account, TYPE, 0},
    {"GET", IN_GROUP "/{name}", arm_get, TYPE, 0},
    {"HEAD",           IN_GROUP "/{name}", arm_head, TYPE, 0},
    {"PATCH",        IN_GROUP "/{name}", arm_patch, TYPE, 0},
    {"DELETE",     IN_GROUP "/{name}", arm_delete, TYPE, 0},
    {"POST",           IN_GROUP "/{name}/listKeys", list_keys, TYPE, 0},
    {"POST",       IN_GROUP "/{name}/regenerateKey", regenerate_key, TYPE, 0},
    {"GET",    IN_GROUP, arm_list, TYPE, 0},
    {"GET",           IN_SUBSCRIPTION TYPE, arm_list, TYPE, 0},
    {"POST",      IN_SUBSCRIPTION "Microsoft.Storage/checkNameAvailability", check_availability, TYPE,
     SANDBOX_ROUTE_IS_READ},
    {0  },
};

static const struct sandbox_operation_kind operations[] = {
    {.name = CREATE,
     .step = finish_creation,
     .location_path =
         "/subscriptions/{s}/providers/Microsoft.Storage/locations/{l}/asyncoperations/{id}", .location_query = "monitor=true",
     .retry_after = 17},
    {.name = ARM_SETTLE, .step = arm_settle_step},
    {0                                                                      },
};

const struct sandbox_provider sandbox_provider_storage = {
    .name = "storage", .routes = routes, .operations = operations};
