/* ml_cluster.c - the life of a cluster (AmlCompute): its document, its nodes, its size.
 *
 * Nothing runs jobs here, so a cluster settles at its least number of nodes. Nodes are shown but
 * nothing stands behind them: none has an address that could be entered. */
#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "sandbox/ml_compute.h"
#include "sandbox/ml_quota.h"

#include <inttypes.h>
#include <string.h>

#define INNER "properties.properties."

static const char skeleton[] =
    "{\"osType\":\"Linux\",\"vmSize\":null,\"vmPriority\":\"Dedicated\","
    "\"virtualMachineImage\":null,\"isolatedNetwork\":null,\"scaleSettings\":{"
    "\"maxNodeCount\":0,\"minNodeCount\":0,\"nodeIdleTimeBeforeScaleDown\":\"PT2M\"},"
    "\"subnet\":null,\"remoteLoginPortPublicAccess\":\"Enabled\","
    "\"allocationState\":\"Steady\",\"allocationStateTransitionTime\":null,\"errors\":null,"
    "\"currentNodeCount\":0,\"targetNodeCount\":0,\"nodeStateCounts\":{\"preparingNodeCount\":0,"
    "\"runningNodeCount\":0,\"idleNodeCount\":0,\"unusableNodeCount\":0,\"leavingNodeCount\":0,"
    "\"preemptedNodeCount\":0},\"enableNodePublicIp\":true,\"propertyBag\":null}";

/* NotSpecified is Enabled without a virtual network and Disabled in one. */
static const char *login_access(const cJSON *asked)
{
    const char *access = azml_json_text(asked, INNER "remoteLoginPortPublicAccess");
    if (access && sandbox_ml_is_word(access, "Enabled"))
        return "Enabled";
    if (access && sandbox_ml_is_word(access, "Disabled"))
        return "Disabled";
    return azml_json_text(asked, INNER "subnet.id") ? "Disabled" : "Enabled";
}

static int put_scale(cJSON *body, const cJSON *asked)
{
    const char *idle = azml_json_text(asked, INNER "scaleSettings.nodeIdleTimeBeforeScaleDown");
    char shown[AZML_TIME_TEXT];
    int64_t seconds = 120;
    if (idle)
        (void)azml_duration_parse(idle, &seconds, NULL);
    azml_duration_format_iso(shown, seconds);
    int bad = azml_json_put_number(
        body, INNER "scaleSettings.maxNodeCount",
        (double)azml_json_int_or(asked, INNER "scaleSettings.maxNodeCount", 0));
    bad |= azml_json_put_number(
        body, INNER "scaleSettings.minNodeCount",
        (double)azml_json_int_or(asked, INNER "scaleSettings.minNodeCount", 0));
    return azml_json_put_text(body, INNER "scaleSettings.nodeIdleTimeBeforeScaleDown", shown) | bad;
}

int sandbox_ml_cluster_fill(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_resource *compute, bool is_new)
{
    static const char *const taken[] = {INNER "osType", INNER "vmPriority", INNER "subnet",
                                        INNER "isolatedNetwork", INNER "virtualMachineImage"};
    const cJSON *asked = request->json;
    cJSON *body = compute->body;
    int bad = 0;
    if (is_new) {
        char now[AZML_TIME_TEXT];
        sandbox_ml_now(sandbox, now);
        bad |= azml_json_put(body, "properties.properties",
                             azml_json_parse(skeleton, strlen(skeleton), NULL));
        bad |= sandbox_ml_compute_put_size(body, azml_json_text(asked, INNER "vmSize"));
        for (size_t i = 0; i < AZML_COUNT(taken); i++)
            bad |= sandbox_ml_copy(body, taken[i], asked, taken[i]);
        bad |= azml_json_put_text(body, INNER "remoteLoginPortPublicAccess", login_access(asked));
        bad |= azml_json_put_bool(body, INNER "enableNodePublicIp",
                                  sandbox_ml_bool_or(asked, INNER "enableNodePublicIp", true));
        bad |= azml_json_put_text(body, INNER "allocationStateTransitionTime", now);
    }
    return put_scale(body, asked) | bad;
}

static int64_t number(const cJSON *body, const char *path)
{
    return azml_json_int_or(body, path, 0);
}

/* Let the cluster go to its least number of nodes, in time: growing takes a while, and a node
 * leaves once it was idle for long enough. */
static int resize(struct sandbox *sandbox, struct sandbox_resource *compute, struct azml_error *err)
{
    cJSON *body = compute->body;
    int64_t now = number(body, INNER "currentNodeCount");
    int64_t least = number(body, INNER "scaleSettings.minNodeCount");
    char time[AZML_TIME_TEXT];
    sandbox_ml_now(sandbox, time);
    int bad = azml_json_put_number(body, INNER "targetNodeCount", (double)least);
    if (now != least) {
        bad |= azml_json_put_text(body, INNER "allocationState", "Resizing");
        bad |= azml_json_put_text(body, INNER "allocationStateTransitionTime", time);
    }
    if (bad)
        return azml_error_memory(err);
    if (sandbox_ml_put(sandbox, compute, err) < 0 || now == least)
        return now == least ? 0 : -1;
    int64_t idle = 120;
    (void)azml_duration_parse(
        azml_json_text(body, INNER "scaleSettings.nodeIdleTimeBeforeScaleDown"), &idle, NULL);
    const struct sandbox_operation_start start = {
        .kind = "ml.cluster.resize",
        .resource_id = compute->id,
        .seconds = least > now ? 120 : (double)idle + 30,
    };
    if (sandbox_operation_cancel(sandbox, "ml.cluster.resize", compute->id, err) < 0)
        return -1;
    return sandbox_operation_start(sandbox, &start, NULL, NULL, NULL, err);
}

static int find(struct sandbox *sandbox, struct sandbox_operation *operation,
                struct sandbox_resource **out, struct azml_error *err)
{
    if (sandbox_store_get(sandbox->store, operation->resource_id, out, err) < 0)
        return -1;
    if (!*out)
        return sandbox_operation_fail(operation, 404, "NotFound", "The compute is gone.");
    return 0;
}

int sandbox_ml_cluster_created(struct sandbox *sandbox, struct sandbox_operation *operation,
                               struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (find(sandbox, operation, &compute, err) < 0)
        return -1;
    if (!compute)
        return 0;
    if (azml_json_put_text(compute->body, "properties.provisioningState", "Succeeded") < 0)
        return azml_error_memory(err);
    return resize(sandbox, compute, err);
}

int sandbox_ml_cluster_scaled(struct sandbox *sandbox, struct sandbox_operation *operation,
                              struct azml_error *err)
{
    return sandbox_ml_cluster_created(sandbox, operation, err);
}

/* Are there cores for so many nodes? Nothing is allocated where not, and the cluster says why. */
static int put_shortage(cJSON *body, int64_t nodes)
{
    cJSON *item = cJSON_CreateObject();
    auto_free char *message = azml_format(
        NULL,
        "The specified subscription has a total low-priority vCPU quota of 0 and cannot accomodate "
        "for at least %" PRId64 " requested managed compute nodes.",
        nodes);
    int bad = azml_json_put_text(item, "error.code", "ClusterMinNodesExceedCoreQuota");
    bad |= azml_json_put_text(item, "error.message", message);
    cJSON *errors = cJSON_CreateArray();
    bad |= azml_json_append(errors, item);
    return azml_json_put(body, INNER "errors", errors) | bad;
}

int sandbox_ml_cluster_resized(struct sandbox *sandbox, struct sandbox_operation *operation,
                               struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (find(sandbox, operation, &compute, err) < 0)
        return -1;
    if (!compute)
        return 0;
    cJSON *body = compute->body;
    int64_t nodes = number(body, INNER "targetNodeCount");
    int bad = 0;
    /* Asking for low-priority nodes is always taken; they never come where the offer has none. */
    if (nodes > 0 && azml_same_text(azml_json_text(body, INNER "vmPriority"), "LowPriority") &&
        !sandbox_ml_quota_has_low_priority(sandbox, compute->subscription_id)) {
        bad |= put_shortage(body, nodes);
        nodes = 0;
    }
    char now[AZML_TIME_TEXT];
    sandbox_ml_now(sandbox, now);
    bad |= azml_json_put_number(body, INNER "currentNodeCount", (double)nodes);
    bad |= azml_json_put_number(body, INNER "nodeStateCounts.idleNodeCount", (double)nodes);
    bad |= azml_json_put_text(body, INNER "allocationState", "Steady");
    bad |= azml_json_put_text(body, INNER "allocationStateTransitionTime", now);
    return bad ? azml_error_memory(err) : sandbox_ml_put(sandbox, compute, err);
}

static cJSON *node_json(const struct sandbox_resource *compute, int64_t i)
{
    const char *guid = azml_json_text(compute->hidden, "machine");
    auto_free char *id = azml_format(NULL, "tvmps_%.8s%02" PRId64 "_d", guid ? guid : "", i);
    auto_free char *ip = azml_format(NULL, "10.0.%" PRId64 ".%" PRId64, i / 200, 4 + i % 200);
    cJSON *node = cJSON_CreateObject();
    int bad = azml_json_put_text(node, "nodeId", id);
    bad |= azml_json_put_text(node, "privateIpAddress", ip);
    bad |= azml_json_put(node, "publicIpAddress", cJSON_CreateNull());
    bad |= azml_json_put(node, "port", cJSON_CreateNull());
    bad |= azml_json_put_text(node, "nodeState", "idle");
    bad |= azml_json_put(node, "runId", cJSON_CreateNull());
    if (bad) {
        cJSON_Delete(node);
        return NULL;
    }
    return node;
}

int sandbox_ml_compute_nodes(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_get_compute(sandbox, request, &compute, err) < 0)
        return -1;
    if (!compute)
        return sandbox_reply_not_found(reply, ML_COMPUTE, sandbox_request_param(request, "c"),
                                       sandbox_request_param(request, "rg"));
    if (sandbox_ml_is_instance(compute->body))
        return sandbox_ml_error(
            sandbox, request, reply, 400, "UserError",
            "ComputeListNodes with computeType ComputeInstance is not supported.");
    auto_json cJSON *list = cJSON_CreateObject();
    cJSON *nodes = cJSON_CreateArray();
    int bad = azml_json_put(list, "nodes", nodes);
    int64_t count = number(compute->body, INNER "currentNodeCount");
    for (int64_t i = 0; !bad && i < count; i++)
        bad |= azml_json_append(nodes, node_json(compute, i));
    bad |= azml_json_put(list, "nextLink", cJSON_CreateNull());
    return bad ? azml_error_memory(err) : sandbox_reply_json(reply, 200, AZML_STEAL(list));
}
