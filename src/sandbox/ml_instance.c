/* ml_instance.c - the life of a compute instance: its document, its states, its idle timer. */
#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "sandbox/ml_compute.h"
#include "sandbox/ml_machines.h"

#include <string.h>

#define INNER           "properties.properties."
#define SSH_PORT_UNUSED 50000 /* what the service shows where SSH is closed */
#define ADDRESS_AFTER_S 30    /* the address appears a little after Running, as it does in Azure */

static const char skeleton[] =
    "{\"vmSize\":null,\"subnet\":null,\"applicationSharingPolicy\":\"Personal\","
    "\"computeInstanceAuthorizationType\":\"personal\",\"enableNodePublicIp\":true,"
    "\"enableSSO\":true,\"sshSettings\":{\"sshPublicAccess\":\"Disabled\","
    "\"adminUserName\":\"azureuser\",\"sshPort\":null,\"adminPublicKey\":null},"
    "\"idleTimeBeforeShutdown\":null,\"schedules\":null,\"setupScripts\":null,"
    "\"personalComputeInstanceSettings\":null,\"customServices\":null,"
    "\"connectivityEndpoints\":null,\"applications\":[],\"createdBy\":{},\"errors\":[],"
    "\"state\":\"Creating\",\"lastOperation\":null,\"osImageMetadata\":{"
    "\"currentImageVersion\":\"25.11.02\",\"latestImageVersion\":\"25.11.02\","
    "\"isLatestOsImageVersion\":true},\"containers\":[],\"dataDisks\":[],\"dataMounts\":[],"
    "\"versions\":{\"runtime\":\"1.61.0.post2\"},\"imageVersion\":null,"
    "\"autologgerSettings\":null,\"enableBatchPrivateLink\":false,\"enableOSPatching\":false,"
    "\"releaseQuotaOnStop\":false,\"updateStatus\":null}";

int sandbox_ml_instance_note(const struct sandbox *sandbox, cJSON *body, const char *name,
                             const char *status, const char *trigger)
{
    char now[AZML_TIME_TEXT];
    sandbox_ml_now(sandbox, now);
    int bad = 0;
    if (name)
        bad |= azml_json_put_text(body, INNER "lastOperation.operationName", name);
    bad |= azml_json_put_text(body, INNER "lastOperation.operationTime", now);
    bad |= azml_json_put_text(body, INNER "lastOperation.operationStatus", status);
    if (trigger)
        bad |= azml_json_put_text(body, INNER "lastOperation.operationTrigger", trigger);
    return bad;
}

static int put_application(cJSON *list, const char *label, const char *compute,
                           const char *location, const char *path)
{
    auto_free char *address =
        azml_format(NULL, "https://%s.%s.instances.azureml.ms/%s", compute, location, path);
    cJSON *item = cJSON_CreateObject();
    int bad = azml_json_put_text(item, "displayName", label);
    bad |= azml_json_put_text(item, "endpointUri", address);
    return azml_json_append(list, item) | bad;
}

static int put_applications(cJSON *body, const char *compute, const char *location)
{
    cJSON *list = cJSON_CreateArray();
    int bad = put_application(list, "Jupyter", compute, location, "tree/");
    bad |= put_application(list, "Jupyter Lab", compute, location, "lab");
    return azml_json_put(body, INNER "applications", list) | bad;
}

static int put_creator(const struct sandbox *sandbox, const struct sandbox_request *request,
                       cJSON *body)
{
    const char *client = request->caller.client_id, *object = request->caller.object_id;
    int bad =
        azml_json_put_text(body, INNER "createdBy.userName", *client ? client : sandbox->client_id);
    bad |= azml_json_put_text(body, INNER "createdBy.userOrgId", sandbox->tenant_id);
    return azml_json_put_text(body, INNER "createdBy.userId",
                              *object ? object : sandbox->object_id) |
           bad;
}

static int put_ssh(cJSON *body, const cJSON *asked)
{
    const char *access = azml_json_text(asked, INNER "sshSettings.sshPublicAccess");
    const char *key = azml_json_text(asked, INNER "sshSettings.adminPublicKey");
    bool is_open = access && sandbox_ml_is_word(access, "Enabled");
    int bad = azml_json_put_text(body, INNER "sshSettings.sshPublicAccess",
                                 is_open ? "Enabled" : "Disabled");
    if (!is_open)
        bad |= azml_json_put_number(body, INNER "sshSettings.sshPort", SSH_PORT_UNUSED);
    if (!key)
        return bad;
    auto_free char *line = azml_strndup(key, strcspn(key, "\r\n"), NULL);
    return line ? azml_json_put_text(body, INNER "sshSettings.adminPublicKey", line) | bad : -1;
}

/* Schedules get what the service adds: an id, and that they are set up. */
static int put_schedules(cJSON *body, const cJSON *asked)
{
    const cJSON *given = azml_json_at(asked, INNER "schedules");
    if (!given)
        return 0;
    int bad = azml_json_put(body, INNER "schedules", cJSON_Duplicate(given, 1));
    cJSON *inner = cJSON_GetObjectItem(cJSON_GetObjectItem(body, "properties"), "properties");
    cJSON *list = cJSON_GetObjectItem(cJSON_GetObjectItem(inner, "schedules"), "computeStartStop");
    cJSON *schedule;
    cJSON_ArrayForEach (schedule, list) {
        char id[37];
        azml_platform_uuid(id);
        bad |= azml_json_put_text(schedule, "id", id);
        bad |= azml_json_put_text(schedule, "provisioningStatus", "Completed");
        if (!azml_json_text(schedule, "status"))
            bad |= azml_json_put_text(schedule, "status", "Enabled");
    }
    return bad;
}

int sandbox_ml_instance_fill(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_resource *compute, bool is_new)
{
    static const char *const taken[] = {
        INNER "subnet",         INNER "applicationSharingPolicy",
        INNER "setupScripts",   INNER "personalComputeInstanceSettings",
        INNER "customServices",
    };
    const cJSON *asked = request->json;
    cJSON *body = compute->body;
    int bad = 0;
    if (is_new) {
        bad |= azml_json_put(body, "properties.properties",
                             azml_json_parse(skeleton, strlen(skeleton), NULL));
        bad |= sandbox_ml_compute_put_size(body, azml_json_text(asked, INNER "vmSize"));
        bad |= put_ssh(body, asked);
        bad |= put_creator(sandbox, request, body);
        bad |= put_applications(body, compute->name, compute->location);
        bad |= azml_json_put_bool(body, INNER "enableNodePublicIp",
                                  sandbox_ml_bool_or(asked, INNER "enableNodePublicIp", true));
        bad |= azml_json_put_bool(body, INNER "enableSSO",
                                  sandbox_ml_bool_or(asked, INNER "enableSSO", true));
        bad |= sandbox_ml_instance_note(sandbox, body, "Create", "InProgress", "User");
    }
    for (size_t i = 0; i < AZML_COUNT(taken); i++)
        bad |= sandbox_ml_copy(body, taken[i], asked, taken[i]);
    if (sandbox_ml_version_knows_idle(request->api_version))
        bad |= sandbox_ml_copy(body, INNER "idleTimeBeforeShutdown", asked,
                               INNER "idleTimeBeforeShutdown");
    return put_schedules(body, asked) | bad;
}

/* Has it been Running for long enough that its address is known? */
static bool has_address(const struct sandbox *sandbox, const cJSON *body)
{
    int64_t since = 0;
    const char *state = azml_json_text(body, INNER "state");
    const char *time = azml_json_text(body, INNER "lastOperation.operationTime");
    if (!state || !sandbox_ml_is_word(state, "Running|JobRunning") ||
        !azml_json_bool_or(body, INNER "enableNodePublicIp", true))
        return false;
    return !time || azml_time_parse_iso(time, &since) < 0 ||
           sandbox_now_ms(sandbox) - since >= sandbox_pace_ms(sandbox, ADDRESS_AFTER_S);
}

static int put_address(cJSON *body)
{
    int bad = azml_json_put_text(body, INNER "connectivityEndpoints.publicIpAddress", "127.0.0.1");
    return azml_json_put_text(body, INNER "connectivityEndpoints.privateIpAddress", "10.0.0.4") |
           bad;
}

cJSON *sandbox_ml_instance_show(struct sandbox *sandbox, const struct sandbox_resource *compute)
{
    auto_json cJSON *body = cJSON_Duplicate(compute->body, 1);
    const char *access = azml_json_text(compute->body, INNER "sshSettings.sshPublicAccess");
    bool is_open = azml_same_text(access, "Enabled");
    struct sandbox_ml_machine machine = sandbox_ml_machine_settle(sandbox, compute);
    int bad = body ? 0 : -1;
    if (machine.is_ready)
        bad |= azml_json_put_number(body, INNER "sshSettings.sshPort", machine.port);
    if (machine.why) {
        auto_free char *text =
            azml_format(NULL, "This compute runs but cannot be entered by SSH: %s", machine.why);
        bad |= azml_json_put_text(body, "properties.provisioningWarnings.ssh", text);
    }
    if (has_address(sandbox, compute->body) && (!is_open || machine.is_ready))
        bad |= put_address(body);
    return bad ? NULL : AZML_STEAL(body);
}

int sandbox_ml_instance_arm(struct sandbox *sandbox, const struct sandbox_resource *compute,
                            struct azml_error *err)
{
    if (sandbox_operation_cancel(sandbox, "ml.instance.idle", compute->id, err) < 0)
        return -1;
    const char *idle = azml_json_text(compute->body, INNER "idleTimeBeforeShutdown");
    const char *state = azml_json_text(compute->body, INNER "state");
    int64_t seconds = 0;
    if (!idle || !azml_same_text(state, "Running") || azml_duration_parse(idle, &seconds, NULL) < 0)
        return 0;
    const struct sandbox_operation_start start = {
        .kind = "ml.instance.idle",
        .resource_id = compute->id,
        .seconds = (double)seconds,
        .is_real_time = true,
    };
    return sandbox_operation_start(sandbox, &start, NULL, NULL, NULL, err);
}

/* The instance of a step; *out is NULL, and the operation failed, where it is not to be had. */
static int find(struct sandbox *sandbox, struct sandbox_operation *operation,
                struct sandbox_resource **out, struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_store_get(sandbox->store, operation->resource_id, &compute, err) < 0)
        return -1;
    if (compute && !azml_same_text(azml_json_text(compute->body, INNER "state"), "Deleting")) {
        *out = AZML_STEAL(compute);
        return 0;
    }
    return sandbox_operation_fail(operation, 409, "Conflict", "The compute is being deleted.");
}

static int set_state(struct sandbox *sandbox, struct sandbox_resource *compute, const char *state,
                     bool is_end, struct azml_error *err)
{
    int bad = azml_json_put_text(compute->body, INNER "state", state);
    if (is_end) {
        bad |= azml_json_put_text(compute->body, "properties.provisioningState", "Succeeded");
        bad |= sandbox_ml_instance_note(sandbox, compute->body, NULL, "Succeeded", NULL);
    }
    return bad ? azml_error_memory(err) : sandbox_ml_put(sandbox, compute, err);
}

static int become_running(struct sandbox *sandbox, struct sandbox_resource *compute,
                          struct azml_error *err)
{
    if (set_state(sandbox, compute, "Running", true, err) < 0)
        return -1;
    (void)sandbox_ml_machine_settle(sandbox, compute);
    return sandbox_ml_instance_arm(sandbox, compute, err);
}

static bool has_script(const cJSON *body, const char *which)
{
    auto_free char *path = azml_format(NULL, INNER "setupScripts.scripts.%s", which);
    return path && azml_json_at(body, path);
}

/* Creating → SettingUp → [UserSettingUp] → Running. */
int sandbox_ml_instance_created(struct sandbox *sandbox, struct sandbox_operation *operation,
                                struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (find(sandbox, operation, &compute, err) < 0)
        return -1;
    if (!compute)
        return 0;
    bool has_scripts =
        has_script(compute->body, "creationScript") || has_script(compute->body, "startupScript");
    if (operation->step == 0) {
        if (set_state(sandbox, compute, "SettingUp", false, err) < 0)
            return -1;
        return sandbox_operation_again(sandbox, operation, 60);
    }
    if (operation->step == 1 && has_scripts) {
        if (set_state(sandbox, compute, "UserSettingUp", false, err) < 0)
            return -1;
        return sandbox_operation_again(sandbox, operation, 60);
    }
    return become_running(sandbox, compute, err);
}

/* Starting or Restarting → [UserSettingUp] → Running. */
int sandbox_ml_instance_started(struct sandbox *sandbox, struct sandbox_operation *operation,
                                struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (find(sandbox, operation, &compute, err) < 0)
        return -1;
    if (!compute)
        return 0;
    if (operation->step == 0 && has_script(compute->body, "startupScript")) {
        if (set_state(sandbox, compute, "UserSettingUp", false, err) < 0)
            return -1;
        return sandbox_operation_again(sandbox, operation, 30);
    }
    return become_running(sandbox, compute, err);
}

int sandbox_ml_instance_stop(struct sandbox *sandbox, struct sandbox_resource *compute,
                             const char *trigger, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    int bad = azml_json_put_text(compute->body, INNER "state", "Stopping");
    bad |= sandbox_ml_instance_note(sandbox, compute->body, "Stop", "InProgress", trigger);
    if (bad)
        return azml_error_memory(err);
    const struct sandbox_operation_start start = {
        .kind = "ml.instance.stop",
        .resource_id = compute->id,
        .seconds = 90,
        .location = compute->location,
    };
    if (sandbox_operation_cancel(sandbox, "ml.instance.idle", compute->id, err) < 0 ||
        sandbox_ml_put(sandbox, compute, err) < 0 ||
        sandbox_operation_start(sandbox, &start, request, reply, NULL, err) < 0)
        return -1;
    sandbox_ml_machine_end(sandbox, compute, false);
    return 0;
}

int sandbox_ml_instance_stopped(struct sandbox *sandbox, struct sandbox_operation *operation,
                                struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (find(sandbox, operation, &compute, err) < 0)
        return -1;
    return compute ? set_state(sandbox, compute, "Stopped", true, err) : 0;
}

int sandbox_ml_instance_idled(struct sandbox *sandbox, struct sandbox_operation *operation,
                              struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (find(sandbox, operation, &compute, err) < 0)
        return -1;
    if (!compute || !azml_same_text(azml_json_text(compute->body, INNER "state"), "Running"))
        return 0;
    return sandbox_ml_instance_stop(sandbox, compute, "IdleShutdown", NULL, NULL, err);
}
