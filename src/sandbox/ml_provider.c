/* ml_provider.c - what the Machine Learning provider serves: its routes, operations and hooks. */
#include "sandbox/ml.h"
#include "sandbox/ml_compute.h"
#include "sandbox/ml_machines.h"
#include "sandbox/ml_quota.h"
#include "sandbox/ml_sizes.h"
#include "sandbox/ml_workspace.h"

#define IN_SUBSCRIPTION "/subscriptions/{s}/providers/" ML_NAMESPACE
#define IN_GROUP        "/subscriptions/{s}/resourceGroups/{rg}/providers/" ML_NAMESPACE
#define W               IN_GROUP "/workspaces/{w}"
#define C               W "/computes/{c}"
#define BELOW           SANDBOX_ROUTE_PARENT
#define LOCATION        IN_SUBSCRIPTION "/locations/{l}"

/* clang-format 14 cannot align rows whose words are glued from parts. */
/* clang-format off */
static const struct sandbox_route routes[] = {
    {"GET", IN_SUBSCRIPTION "/workspaces", sandbox_ml_workspace_list, ML_WORKSPACE, 0},
    {"GET", IN_GROUP "/workspaces", sandbox_ml_workspace_list, ML_WORKSPACE, 0},
    {"PUT", W, sandbox_ml_workspace_put, ML_WORKSPACE, 0},
    {"GET", W, sandbox_ml_workspace_get, ML_WORKSPACE, 0},
    {"PATCH", W, sandbox_ml_workspace_patch, ML_WORKSPACE, 0},
    {"DELETE", W, sandbox_ml_workspace_delete, ML_WORKSPACE, 0},
    {"POST", W "/listKeys", sandbox_ml_workspace_keys, ML_WORKSPACE, 0},
    {"POST", W "/listNotebookKeys", sandbox_ml_workspace_notebook_keys, ML_WORKSPACE, 0},
    {"POST", W "/listStorageAccountKeys", sandbox_ml_workspace_storage_keys, ML_WORKSPACE, 0},
    {"POST", W "/diagnose", sandbox_ml_workspace_diagnose, ML_WORKSPACE, SANDBOX_ROUTE_IS_READ},
    {"POST", W "/resyncKeys", sandbox_ml_workspace_resync, ML_WORKSPACE, 0},
    {"GET", W "/computes", sandbox_ml_compute_list, ML_COMPUTE, BELOW},
    {"PUT", C, sandbox_ml_compute_put, ML_COMPUTE, BELOW},
    {"GET", C, sandbox_ml_compute_get, ML_COMPUTE, BELOW},
    {"PATCH", C, sandbox_ml_compute_patch, ML_COMPUTE, BELOW},
    {"DELETE", C, sandbox_ml_compute_delete, ML_COMPUTE, BELOW},
    {"POST", C "/start", sandbox_ml_compute_start, ML_COMPUTE, 0},
    {"POST", C "/stop", sandbox_ml_compute_stop, ML_COMPUTE, 0},
    {"POST", C "/restart", sandbox_ml_compute_restart, ML_COMPUTE, 0},
    {"POST", C "/listNodes", sandbox_ml_compute_nodes, ML_COMPUTE, 0},
    {"POST", C "/listKeys", sandbox_ml_compute_keys, ML_COMPUTE, 0},
    {"POST", C "/updateIdleShutdownSetting", sandbox_ml_compute_idle, ML_COMPUTE, 0},
    {"GET", LOCATION "/vmSizes", sandbox_ml_size_list, ML_NAMESPACE "/locations/vmSizes", 0},
    {"GET", LOCATION "/usages", sandbox_ml_usage_list, ML_NAMESPACE "/locations/usages", 0},
    {"GET", LOCATION "/quotas", sandbox_ml_quota_list, ML_NAMESPACE "/locations/quotas", 0},
    {0},
};
/* clang-format on */

#define WORKSPACE_STATUS LOCATION "/workspaceOperationsStatus/{id}"
#define COMPUTE_STATUS   LOCATION "/computeOperationsStatus/{id}"

/* A workspace's operations have both addresses, a compute's only a long signed one. */
#define WORKSPACE_KIND(kind, run)                                                               \
    .name = (kind), .step = (run), .async_path = WORKSPACE_STATUS, .async_query = "type=async", \
    .location_path = WORKSPACE_STATUS, .location_query = "type=location", .has_percent = true
#define COMPUTE_KIND(kind, run)                                                                \
    .name = (kind), .step = (run), .async_path = COMPUTE_STATUS, .async_query = "service=new", \
    .is_signed = true, .has_percent = true

/* clang-format off */
static const struct sandbox_operation_kind operations[] = {
    {WORKSPACE_KIND("ml.workspace.put", sandbox_ml_workspace_created)},
    {WORKSPACE_KIND("ml.workspace.delete", sandbox_ml_workspace_deleted)},
    {WORKSPACE_KIND("ml.workspace.resync", sandbox_ml_workspace_resynced)},
    {WORKSPACE_KIND("ml.workspace.diagnose", sandbox_ml_workspace_diagnosed),
     .location_only_first = true},
    {COMPUTE_KIND("ml.instance.create", sandbox_ml_instance_created)},
    {COMPUTE_KIND("ml.instance.start", sandbox_ml_instance_started)},
    {COMPUTE_KIND("ml.instance.stop", sandbox_ml_instance_stopped)},
    {COMPUTE_KIND("ml.compute.update", sandbox_ml_compute_updated)},
    {COMPUTE_KIND("ml.compute.delete", sandbox_ml_compute_deleted)},
    {COMPUTE_KIND("ml.cluster.create", sandbox_ml_cluster_created)},
    {COMPUTE_KIND("ml.cluster.scale", sandbox_ml_cluster_scaled)},
    {.name = "ml.cluster.resize", .step = sandbox_ml_cluster_resized},
    {.name = "ml.instance.idle", .step = sandbox_ml_instance_idled},
    {0},
};
/* clang-format on */

static const struct sandbox_type types[] = {
    {ML_WORKSPACE,                 sandbox_ml_workspace_removing},
    {ML_COMPUTE,                            sandbox_ml_compute_removing},
    {0},
};

extern const struct sandbox_provider sandbox_provider_ml;
const struct sandbox_provider sandbox_provider_ml = {
    .name = "machine learning",
    .routes = routes,
    .operations = operations,
    .types = types,
    .start = sandbox_ml_machines_start,
    .stop = sandbox_ml_machines_stop,
    .tick = sandbox_ml_machines_tick,
};
