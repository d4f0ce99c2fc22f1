/* rp_insights.c - microsoft.insights/components, and what a component brings along unasked.
 *
 * Reference section 4.6: a component without a workspace gets one in a managed group of its own,
 * and some minutes after its creation a detector rule and an action group appear beside it. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"

#include <string.h>

#define TYPE         "microsoft.insights/components"
#define LOGS         "Microsoft.OperationalInsights/workspaces"
#define SIDE         "insights.side"
#define SIDE_SECONDS 300

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    return length >= 1 && length <= 260 && !strpbrk(name, "%&\\?/") && name[length - 1] != ' ' &&
           name[length - 1] != '.';
}

static bool check_body(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    static const char *const types[] = {"web", "other", NULL};
    static const char *const modes[] = {
        "ApplicationInsights", "ApplicationInsightsWithDiagnosticSettings", "LogAnalytics", NULL};
    const cJSON *json = request->json;
    if (!is_name(sandbox_request_param(request, "name"))) {
        sandbox_reply_error(reply, 400, "InvalidResourceName",
                            "The component name '%s' is invalid.",
                            sandbox_request_param(request, "name"));
        return false;
    }
    return arm_check_text(json, "kind", true, reply) && arm_check_tags(json, reply) &&
           arm_check_object(json, "properties", true, reply) &&
           arm_check_choice(json, "properties.Application_Type", types, true, reply) &&
           arm_check_text(json, "properties.WorkspaceResourceId", false, reply) &&
           arm_check_choice(json, "properties.IngestionMode", modes, false, reply);
}

/* The managed group "ai_NAME_GUID_managed" with its workspace; its id goes into the component. */
static int make_managed_workspace(struct sandbox *sandbox, struct sandbox_resource *component,
                                  struct azml_error *err)
{
    char uuid[37];
    azml_platform_uuid(uuid);
    auto_free char *group = azml_format(err, "/subscriptions/%s/resourceGroups/ai_%s_%s_managed",
                                        component->subscription_id, component->name, uuid);
    auto_free char *logs =
        group ? azml_format(err, "%s/providers/" LOGS "/managed-%.50s-ws", group, component->name)
              : NULL;
    auto_free char *target = logs ? azml_format(err, "%s?api-version=2023-09-01", logs) : NULL;
    auto_resource struct sandbox_resource *made =
        group ? sandbox_resource_new(group, NULL, err) : NULL;
    auto_json cJSON *body = cJSON_CreateObject();
    if (!target || !made)
        return -1;
    free(made->location);
    made->location = azml_strdup(component->location, err);
    if (!made->location || arm_begin_body(made) < 0 ||
        azml_json_put_text(made->body, "location", component->location) < 0 ||
        azml_json_put_text(made->body, "managedBy", component->id) < 0 ||
        azml_json_put_text(made->body, "properties.provisioningState", "Succeeded") < 0 ||
        azml_json_put_text(component->hidden, "managedGroup", group) < 0 ||
        azml_json_put_text(component->body, "properties.WorkspaceResourceId", logs) < 0 ||
        azml_json_put_text(body, "location", component->location) < 0)
        return azml_error_memory(err);
    if (arm_store(sandbox, made, err) < 0)
        return -1;
    auto_reply struct sandbox_reply reply = {0};
    const struct sandbox_call call = {.method = "PUT", .target = target, .body = body};
    return sandbox_call(sandbox, &call, &reply, err);
}

static int make_new(struct sandbox *sandbox, struct sandbox_resource *component,
                    struct azml_error *err)
{
    char key[37], app[37];
    azml_platform_uuid(key);
    azml_platform_uuid(app);
    cJSON *body = component->body;
    auto_free char *connection = azml_format(
        err,
        "InstrumentationKey=%s;IngestionEndpoint=https://%s-0.in.applicationinsights.azure.com/;"
        "LiveEndpoint=https://%s.livediagnostics.monitor.azure.com/;ApplicationId=%s",
        key, component->location, component->location, app);
    if (!connection || azml_json_put_text(body, "properties.InstrumentationKey", key) < 0 ||
        azml_json_put_text(body, "properties.AppId", app) < 0 ||
        azml_json_put_text(body, "properties.ApplicationId", component->name) < 0 ||
        azml_json_put_text(body, "properties.Name", component->name) < 0 ||
        azml_json_put_text(body, "properties.TenantId", component->subscription_id) < 0 ||
        azml_json_put_text(body, "properties.ConnectionString", connection) < 0 ||
        arm_put_time(body, "properties.CreationDate", sandbox_now_ms(sandbox)) < 0)
        return azml_error_memory(err);
    if (!azml_json_text(body, "properties.WorkspaceResourceId") &&
        make_managed_workspace(sandbox, component, err) < 0)
        return -1;
    const struct sandbox_operation_start start = {
        .kind = SIDE, .resource_id = component->id, .seconds = SIDE_SECONDS};
    return sandbox_operation_start(sandbox, &start, NULL, NULL, NULL, err);
}

static int apply(const struct sandbox_request *request, struct sandbox_resource *component)
{
    cJSON *body = component->body;
    if (!cJSON_GetObjectItem(body, "properties") && !cJSON_AddObjectToObject(body, "properties"))
        return -1;
    cJSON *properties = cJSON_GetObjectItem(body, "properties");
    if (arm_merge(properties, cJSON_GetObjectItem(request->json, "properties")) < 0 ||
        arm_copy(body, request->json, "kind") < 0 ||
        azml_json_put_text(body, "location", component->location) < 0)
        return -1;
    if (cJSON_GetObjectItem(request->json, "tags") && arm_copy(body, request->json, "tags") < 0)
        return -1;
    return arm_add_defaults(
        properties,
        "{\"Flow_Type\":\"Bluefield\",\"Request_Source\":\"rest\",\"RetentionInDays\":90,"
        "\"IngestionMode\":\"LogAnalytics\",\"provisioningState\":\"Succeeded\","
        "\"SamplingPercentage\":null,\"DisableIpMasking\":false,\"Ver\":\"v2\","
        "\"publicNetworkAccessForIngestion\":\"Enabled\","
        "\"publicNetworkAccessForQuery\":\"Enabled\"}");
}

/* The workspace that the body names must be one, and be there. */
static bool check_workspace(struct sandbox *sandbox, const cJSON *json, struct sandbox_reply *reply)
{
    const char *id = azml_json_text(json, "properties.WorkspaceResourceId");
    if (!id ||
        (azml_find_nocase(id, "/providers/" LOGS "/") && sandbox_store_has(sandbox->store, id)))
        return true;
    sandbox_reply_error(reply, 400, "BadRequest",
                        "The workspace '%s' of the component was not found.", id);
    return false;
}

static int put_component(struct sandbox *sandbox, const struct sandbox_request *request,
                         struct sandbox_reply *reply, struct azml_error *err)
{
    bool is_new;
    auto_resource struct sandbox_resource *component = arm_open(sandbox, request, &is_new, err);
    char location[ARM_LOCATION_ROOM];
    if (!component)
        return -1;
    if (!arm_check_location(request, is_new ? NULL : component, location, reply) ||
        !check_body(request, reply) || !check_workspace(sandbox, request->json, reply))
        return 0;
    free(component->location);
    component->location = azml_strdup(location, err);
    if (!component->location || apply(request, component) < 0)
        return azml_error_memory(err);
    if ((is_new && make_new(sandbox, component, err) < 0) || arm_store(sandbox, component, err) < 0)
        return -1;
    return sandbox_reply_json(reply, 200, AZML_STEAL(component->body));
}

/* --- what appears later --- */

/* Make one side resource of the component's group, unless it is there. */
static int make_side(struct sandbox *sandbox, const struct sandbox_resource *component,
                     const char *type, const char *name, const char *properties,
                     struct azml_error *err)
{
    auto_free char *id = azml_format(err, "/subscriptions/%s/resourceGroups/%s/providers/%s/%s",
                                     component->subscription_id, component->group, type, name);
    if (!id)
        return -1;
    if (sandbox_store_has(sandbox->store, id))
        return 0;
    auto_resource struct sandbox_resource *side = sandbox_resource_new(id, type, err);
    if (!side)
        return -1;
    free(side->location);
    side->location = azml_strdup("global", err);
    cJSON *parsed = azml_json_parse(properties, strlen(properties), err);
    if (!side->location || !parsed || arm_begin_body(side) < 0) {
        cJSON_Delete(parsed);
        return azml_error_memory(err);
    }
    if (azml_json_put(side->body, "properties", parsed) < 0 ||
        azml_json_put_text(side->body, "location", "global") < 0)
        return azml_error_memory(err);
    return arm_store(sandbox, side, err);
}

static int make_sides(struct sandbox *sandbox, struct sandbox_operation *operation,
                      struct azml_error *err)
{
    auto_resource struct sandbox_resource *component = NULL;
    if (sandbox_store_get(sandbox->store, operation->resource_id, &component, err) < 0)
        return -1;
    if (!component)
        return 0;
    auto_free char *rule = azml_format(err, "Failure Anomalies - %s", component->name);
    if (!rule ||
        make_side(sandbox, component, "microsoft.insights/actiongroups",
                  "Application Insights Smart Detection",
                  "{\"groupShortName\":\"SmartDetect\",\"enabled\":true,\"emailReceivers\":[],"
                  "\"armRoleReceivers\":[{\"name\":\"Monitoring Contributor\","
                  "\"roleId\":\"749f88d5-cbae-40b8-bcfc-e573ddc772fa\","
                  "\"useCommonAlertSchema\":true}]}",
                  err) < 0)
        return -1;
    return make_side(sandbox, component, "microsoft.alertsmanagement/smartDetectorAlertRules", rule,
                     "{\"state\":\"Enabled\",\"severity\":\"Sev3\",\"frequency\":\"PT1M\","
                     "\"detector\":{\"id\":\"FailureAnomaliesDetector\"}}",
                     err);
}

/* The managed group goes with its component; the detector rule stays, as it does in reality. */
static int removing(struct sandbox *sandbox, const struct sandbox_resource *component,
                    struct azml_error *err)
{
    const char *group = azml_json_text(component->hidden, "managedGroup");
    return group ? sandbox_resource_remove(sandbox, group, err) : 0;
}

#define IN_GROUP "/subscriptions/{s}/resourceGroups/{rg}/providers/" TYPE

static const struct sandbox_route routes[] = {
    {"PUT",          IN_GROUP "/{name}", put_component, TYPE, 0},
    {"GET", IN_GROUP "/{name}", arm_get, TYPE, 0},
    {"HEAD",             IN_GROUP "/{name}", arm_head, TYPE, 0},
    {"PATCH",          IN_GROUP "/{name}", arm_patch, TYPE, 0},
    {"DELETE",       IN_GROUP "/{name}", arm_delete, TYPE, 0},
    {"GET",             IN_GROUP, arm_list, TYPE, 0},
    {"GET",         "/subscriptions/{s}/providers/" TYPE, arm_list, TYPE, 0},
    {0     },
};

static const struct sandbox_operation_kind operations[] = {
    {.name = SIDE, .step = make_sides},
    {0           },
};

static const struct sandbox_type types[] = {
    {TYPE, removing},
    {0   },
};

const struct sandbox_provider sandbox_provider_insights = {
    .name = "insights", .routes = routes, .operations = operations, .types = types};
