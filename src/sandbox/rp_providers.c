/* rp_providers.c - the resource providers of a subscription and their registration.
 *
 * Reference section 3.2: register answers at once with "Registering"; "Registered" comes later. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

#define TYPE             "Microsoft.Resources/resourceGroups" /* as groups: the same versions */
#define REGISTER_SECONDS 75
#define VERSIONS_ROOM    8192

static cJSON *versions_of(const struct azml_data_row *row)
{
    char list[VERSIONS_ROOM];
    if (!azml_data_cell(row, "api_versions", list, sizeof(list)))
        return NULL;
    auto_json cJSON *out = cJSON_CreateArray();
    char *rest = *list ? list : NULL;
    while (rest)
        if (azml_json_append(out, cJSON_CreateString(azml_split(&rest, ','))) < 0)
            return NULL;
    return AZML_STEAL(out);
}

static cJSON *all_locations(void)
{
    auto_json cJSON *out = cJSON_CreateArray();
    for (struct azml_data_row row = {.table = azml_data_regions}; azml_data_next(&row);) {
        char cloud[32], access[32], name[64];
        if (!azml_data_cell(&row, "cloud", cloud, sizeof(cloud)) ||
            strcmp(cloud, "AzureCloud") != 0 ||
            !azml_data_cell(&row, "access", access, sizeof(access)) ||
            strcmp(access, "available") != 0 ||
            !azml_data_cell(&row, "display_name", name, sizeof(name)))
            continue;
        if (azml_json_append(out, cJSON_CreateString(name)) < 0)
            return NULL;
    }
    return AZML_STEAL(out);
}

static cJSON *type_of(const struct azml_data_row *row)
{
    char name[128];
    auto_json cJSON *out = cJSON_CreateObject();
    if (!azml_data_cell(row, "type", name, sizeof(name)) ||
        azml_json_put_text(out, "resourceType", name) < 0 ||
        azml_json_put(out, "locations", all_locations()) < 0 ||
        azml_json_put(out, "apiVersions", versions_of(row)) < 0 ||
        azml_json_put_text(out, "capabilities",
                           strchr(name, '/') ? "None" : "SupportsTags, SupportsLocation") < 0)
        return NULL;
    return AZML_STEAL(out);
}

/* The document of a namespace, spelled as the table does; `name` in any case. */
static cJSON *provider_of(struct sandbox *sandbox, const char *subscription, const char *name)
{
    auto_json cJSON *out = cJSON_CreateObject();
    auto_json cJSON *types = cJSON_CreateArray();
    char spelled[128] = "", policy[64] = "";
    for (struct azml_data_row row = {.table = azml_data_providers}; azml_data_next(&row);) {
        char cell[128];
        if (!azml_data_cell(&row, "namespace", cell, sizeof(cell)) || !azml_same_text(cell, name))
            continue;
        memcpy(spelled, cell, sizeof(spelled));
        azml_data_cell(&row, "registration_policy", policy, sizeof(policy));
        if (azml_json_append(types, type_of(&row)) < 0)
            return NULL;
    }
    const char *state = sandbox_registration(sandbox, subscription, spelled);
    auto_free char *id = azml_format(NULL, "/subscriptions/%s/providers/%s", subscription, spelled);
    if (!id || azml_json_put_text(out, "id", id) < 0 ||
        azml_json_put_text(out, "namespace", spelled) < 0 ||
        azml_json_put_text(out, "registrationState", state ? state : "NotRegistered") < 0 ||
        azml_json_put_text(out, "registrationPolicy", policy) < 0 ||
        azml_json_put(out, "resourceTypes", AZML_STEAL(types)) < 0)
        return NULL;
    return AZML_STEAL(out);
}

/* The request's namespace as the table spells it: false, and a reply, where there is none. */
static bool spell(const struct sandbox_request *request, char out[128], struct sandbox_reply *reply)
{
    struct azml_data_row row = {.table = azml_data_providers};
    const char *name = sandbox_request_param(request, "ns");
    if (azml_data_find(&row, "namespace", name) && azml_data_cell(&row, "namespace", out, 128))
        return true;
    sandbox_reply_error(reply, 404, "InvalidResourceNamespace",
                        "The resource namespace '%s' is invalid.", name);
    return false;
}

static int get_provider(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, struct azml_error *err)
{
    char name[128];
    (void)err;
    if (!spell(request, name, reply))
        return 0;
    return sandbox_reply_json(reply, 200,
                              provider_of(sandbox, sandbox_request_param(request, "s"), name));
}

static int list_providers(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    const char *subscription = sandbox_request_param(request, "s");
    auto_json cJSON *items = cJSON_CreateArray();
    char last[128] = "";
    for (struct azml_data_row row = {.table = azml_data_providers}; azml_data_next(&row);) {
        char name[128];
        if (!azml_data_cell(&row, "namespace", name, sizeof(name)) || strcmp(name, last) == 0)
            continue;
        memcpy(last, name, sizeof(last));
        if (azml_json_append(items, provider_of(sandbox, subscription, name)) < 0)
            return azml_error_memory(err);
    }
    return arm_reply_list(sandbox, request, reply, AZML_STEAL(items));
}

/* Set the state on the way, and start what leads to the last one. */
static int change(struct sandbox *sandbox, const struct sandbox_request *request,
                  const char *under_way, const char *last, struct sandbox_reply *reply,
                  struct azml_error *err)
{
    char name[128];
    const char *subscription = sandbox_request_param(request, "s");
    if (!spell(request, name, reply))
        return 0;
    const char *now = sandbox_registration(sandbox, subscription, name);
    auto_free char *id = azml_format(err, "/subscriptions/%s/providers/%s", subscription, name);
    if (!id)
        return -1;
    if (!now || !azml_same_text(now, last)) {
        cJSON *data = cJSON_CreateObject();
        if (azml_json_put_text(data, "namespace", name) < 0 ||
            azml_json_put_text(data, "subscription", subscription) < 0 ||
            azml_json_put_text(data, "state", last) < 0) {
            cJSON_Delete(data);
            return azml_error_memory(err);
        }
        const struct sandbox_operation_start start = {.kind = "provider.register",
                                                      .resource_id = id,
                                                      .seconds = REGISTER_SECONDS,
                                                      .data = data};
        if (sandbox_operation_cancel(sandbox, "provider.register", id, err) < 0 ||
            sandbox_operation_start(sandbox, &start, NULL, NULL, NULL, err) < 0 ||
            sandbox_registration_set(sandbox, subscription, name, under_way, err) < 0)
            return -1;
    }
    return sandbox_reply_json(reply, 200, provider_of(sandbox, subscription, name));
}

static int register_provider(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    return change(sandbox, request, "Registering", "Registered", reply, err);
}

static int unregister_provider(struct sandbox *sandbox, const struct sandbox_request *request,
                               struct sandbox_reply *reply, struct azml_error *err)
{
    return change(sandbox, request, "Unregistering", "Unregistered", reply, err);
}

static int finish(struct sandbox *sandbox, struct sandbox_operation *operation,
                  struct azml_error *err)
{
    return sandbox_registration_set(sandbox, azml_json_text(operation->data, "subscription"),
                                    azml_json_text(operation->data, "namespace"),
                                    azml_json_text(operation->data, "state"), err);
}

#define PROVIDERS "/subscriptions/{s}/providers"

static const struct sandbox_route routes[] = {
    {"GET",           PROVIDERS, list_providers, TYPE, 0},
    {"GET", PROVIDERS "/{ns}", get_provider, TYPE, 0},
    {"POST",              PROVIDERS "/{ns}/register", register_provider, TYPE, 0},
    {"POST",           PROVIDERS "/{ns}/unregister", unregister_provider, TYPE, 0},
    {0  },
};

static const struct sandbox_operation_kind operations[] = {
    {.name = "provider.register", .step = finish},
    {0                          },
};

const struct sandbox_provider sandbox_provider_providers = {
    .name = "providers", .routes = routes, .operations = operations};
