/* rp_subscriptions.c - tenants, subscriptions and their locations, as a student's are.
 *
 * Reference section 3.1. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

#define TYPE "Microsoft.Resources/subscriptions"

static int put_subscription(struct sandbox *sandbox, struct sandbox_resource *resource)
{
    cJSON *body = resource->body;
    if (azml_json_put_text(body, "id", resource->id) < 0 ||
        azml_json_put_text(body, "subscriptionId", resource->name) < 0 ||
        azml_json_put_text(body, "tenantId", sandbox->tenant_id) < 0)
        return -1;
    return arm_add_defaults(body, "{\"displayName\":\"Azure for Students\",\"state\":\"Enabled\","
                                  "\"authorizationSource\":\"RoleBased\",\"managedByTenants\":[],"
                                  "\"tags\":{},\"subscriptionPolicies\":{"
                                  "\"locationPlacementId\":\"Public_2014-09-01\","
                                  "\"quotaId\":\"AzureForStudents_2018-01-01\","
                                  "\"spendingLimit\":\"On\"}}");
}

/* The subscription that is there from the start is a resource like others, so that it can be tagged
 * and edited. */
static int start(struct sandbox *sandbox, struct azml_error *err)
{
    auto_free char *id = azml_format(err, "/subscriptions/%s", sandbox->subscription_id);
    if (!id)
        return -1;
    if (sandbox_store_has(sandbox->store, id))
        return 0;
    auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, TYPE, err);
    if (!resource)
        return -1;
    if (put_subscription(sandbox, resource) < 0)
        return azml_error_memory(err);
    return arm_store(sandbox, resource, err);
}

static int get_subscription(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    auto_free char *id = azml_format(err, "/subscriptions/%s", sandbox_request_param(request, "s"));
    auto_resource struct sandbox_resource *resource = NULL;
    if (!id || sandbox_store_get(sandbox->store, id, &resource, err) < 0)
        return -1;
    if (!resource)
        return sandbox_reply_error(reply, 404, "SubscriptionNotFound",
                                   "The subscription '%s' could not be found.",
                                   sandbox_request_param(request, "s"));
    return sandbox_reply_json(reply, 200, AZML_STEAL(resource->body));
}

static int list_subscriptions(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resources struct sandbox_resources found = {0};
    struct sandbox_query query = {.type = TYPE};
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return -1;
    auto_json cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++)
        if (azml_json_append(items, AZML_STEAL(found.items[i]->body)) < 0)
            return azml_error_memory(err);
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

static int list_tenants(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, struct azml_error *err)
{
    auto_json cJSON *tenant = cJSON_CreateObject();
    auto_json cJSON *items = cJSON_CreateArray();
    auto_free char *id = azml_format(err, "/tenants/%s", sandbox->tenant_id);
    if (!id || azml_json_put_text(tenant, "id", id) < 0 ||
        azml_json_put_text(tenant, "tenantId", sandbox->tenant_id) < 0 ||
        arm_add_defaults(tenant, "{\"tenantCategory\":\"Home\",\"displayName\":\"Sandbox\","
                                 "\"defaultDomain\":\"sandbox.example.org\","
                                 "\"domains\":[\"sandbox.example.org\"],"
                                 "\"countryCode\":\"FR\",\"tenantType\":\"AAD\"}") < 0 ||
        azml_json_append(items, AZML_STEAL(tenant)) < 0)
        return azml_error_memory(err);
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

/* --- locations --- */

static int put_cell(cJSON *json, const char *path, const struct azml_data_row *row,
                    const char *column)
{
    char cell[128];
    return azml_data_cell(row, column, cell, sizeof(cell)) ? azml_json_put_text(json, path, cell)
                                                           : -1;
}

static int put_pair(cJSON *location, const char *subscription, const struct azml_data_row *row)
{
    char pair[64];
    if (!azml_data_cell(row, "paired_region", pair, sizeof(pair)) || !*pair)
        return azml_json_put(location, "metadata.pairedRegion", cJSON_CreateArray());
    auto_json cJSON *list = cJSON_CreateArray();
    auto_json cJSON *entry = cJSON_CreateObject();
    auto_free char *id = azml_format(NULL, "/subscriptions/%s/locations/%s", subscription, pair);
    if (!id || azml_json_put_text(entry, "name", pair) < 0 ||
        azml_json_put_text(entry, "id", id) < 0 || azml_json_append(list, AZML_STEAL(entry)) < 0)
        return -1;
    return azml_json_put(location, "metadata.pairedRegion", AZML_STEAL(list));
}

static int put_zones(cJSON *location, const char *name)
{
    auto_json cJSON *list = cJSON_CreateArray();
    for (int zone = 1; zone <= 3; zone++) {
        auto_json cJSON *entry = cJSON_CreateObject();
        auto_free char *logical = azml_format(NULL, "%d", zone);
        auto_free char *physical = azml_format(NULL, "%s-az%d", name, 4 - zone);
        if (!logical || !physical || azml_json_put_text(entry, "logicalZone", logical) < 0 ||
            azml_json_put_text(entry, "physicalZone", physical) < 0 ||
            azml_json_append(list, AZML_STEAL(entry)) < 0)
            return -1;
    }
    return azml_json_put(location, "availabilityZoneMappings", AZML_STEAL(list));
}

static cJSON *location_of(const char *subscription, const struct azml_data_row *row)
{
    char name[64], zones[8], access[32];
    auto_json cJSON *out = cJSON_CreateObject();
    if (!azml_data_cell(row, "name", name, sizeof(name)) ||
        !azml_data_cell(row, "zones", zones, sizeof(zones)) ||
        !azml_data_cell(row, "access", access, sizeof(access)))
        return NULL;
    auto_free char *id = azml_format(NULL, "/subscriptions/%s/locations/%s", subscription, name);
    if (!id || azml_json_put_text(out, "id", id) < 0 || azml_json_put_text(out, "name", name) < 0 ||
        azml_json_put_text(out, "type", "Region") < 0 ||
        put_cell(out, "displayName", row, "display_name") < 0 ||
        put_cell(out, "regionalDisplayName", row, "display_name") < 0 ||
        azml_json_put_text(out, "metadata.regionType", "Physical") < 0 ||
        azml_json_put_text(out, "metadata.regionCategory",
                           strcmp(access, "restricted") == 0 ? "Other" : "Recommended") < 0 ||
        put_cell(out, "metadata.geography", row, "geography") < 0 ||
        put_pair(out, subscription, row) < 0)
        return NULL;
    if (strcmp(zones, "yes") == 0 && put_zones(out, name) < 0)
        return NULL;
    return AZML_STEAL(out);
}

static int list_locations(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    auto_json cJSON *items = cJSON_CreateArray();
    for (struct azml_data_row row = {.table = azml_data_regions}; azml_data_next(&row);) {
        char cloud[32], name[64];
        if (!azml_data_cell(&row, "cloud", cloud, sizeof(cloud)) ||
            strcmp(cloud, "AzureCloud") != 0 || !azml_data_cell(&row, "name", name, sizeof(name)) ||
            !arm_location_exists(name))
            continue;
        if (azml_json_append(items, location_of(sandbox_request_param(request, "s"), &row)) < 0)
            return azml_error_memory(err);
    }
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

static const struct sandbox_route routes[] = {
    {"GET",               "/subscriptions", list_subscriptions, TYPE, 0},
    {"GET", "/subscriptions/{s}", get_subscription, TYPE, 0},
    {"GET",                  "/subscriptions/{s}/locations", list_locations, TYPE, 0},
    {"GET",               "/tenants", list_tenants, "Microsoft.Resources/tenants", 0},
    {0  },
};

const struct sandbox_provider sandbox_provider_subscriptions = {
    .name = "subscriptions", .routes = routes, .start = start};
