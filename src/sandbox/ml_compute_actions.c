/* ml_compute_actions.c - POST on a compute: start, stop, restart, keys, idle shutdown. */
#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/ml_compute.h"
#include "sandbox/ml_machines.h"

#include <string.h>

/* Start, stop and restart take an instance in the right state. */
struct change {
    const char *name;  /* "Start" */
    const char *from;  /* states, separated by | */
    const char *state; /* "Starting" */
    const char *code, *wanted;
};

static int check_change(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, const struct sandbox_resource *compute,
                        const struct change *change)
{
    if (!sandbox_ml_is_instance(compute->body))
        return sandbox_ml_error(sandbox, request, reply, 400, "UserError",
                                "Compute%s with computeType AmlCompute is not supported.",
                                change->name);
    const char *state = azml_json_text(compute->body, "properties.properties.state");
    if (!sandbox_ml_is_word(state ? state : "", change->from))
        return sandbox_ml_error(sandbox, request, reply, 409, change->code,
                                "%s Azure ML Compute Instance is only allowed when the instance "
                                "%s is in '%s' state",
                                change->name, compute->name, change->wanted);
    return 0;
}

static int run_change(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, const struct change *change, double seconds,
                      struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_compute_find(sandbox, request, reply, &compute, err) < 0)
        return -1;
    if (!compute || check_change(sandbox, request, reply, compute, change) < 0 || reply->status)
        return 0;
    int bad = azml_json_put_text(compute->body, "properties.properties.state", change->state);
    bad |= sandbox_ml_instance_note(sandbox, compute->body, change->name, "InProgress", "User");
    if (bad)
        return azml_error_memory(err);
    if (sandbox_operation_cancel(sandbox, "ml.instance.idle", compute->id, err) < 0 ||
        sandbox_ml_put(sandbox, compute, err) < 0 ||
        sandbox_ml_compute_begin(sandbox, request, reply, compute, "ml.instance.start", seconds,
                                 err) < 0)
        return -1;
    sandbox_ml_machine_end(sandbox, compute, false);
    return sandbox_reply_empty(reply, 202);
}

int sandbox_ml_compute_start(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, struct azml_error *err)
{
    static const struct change change = {.name = "Start",
                                         .from = "Stopped",
                                         .state = "Starting",
                                         .code = "StartComputeInstanceOnlyAllowedInStoppedState",
                                         .wanted = "stopped"};
    return run_change(sandbox, request, reply, &change, 90, err);
}

int sandbox_ml_compute_restart(struct sandbox *sandbox, const struct sandbox_request *request,
                               struct sandbox_reply *reply, struct azml_error *err)
{
    static const struct change change = {.name = "Restart",
                                         .from = "Running|JobRunning|Unusable",
                                         .state = "Restarting",
                                         .code = "RestartComputeInstanceOnlyAllowedInRunningState",
                                         .wanted = "running"};
    return run_change(sandbox, request, reply, &change, 60, err);
}

int sandbox_ml_compute_stop(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    static const struct change change = {.name = "Stop",
                                         .from = "Running|JobRunning|Unusable",
                                         .code = "StopComputeInstanceOnlyAllowedInRunningState",
                                         .wanted = "running"};
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_compute_find(sandbox, request, reply, &compute, err) < 0)
        return -1;
    if (!compute || check_change(sandbox, request, reply, compute, &change) < 0 || reply->status)
        return 0;
    if (sandbox_ml_instance_stop(sandbox, compute, "User", request, reply, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 202);
}

int sandbox_ml_compute_keys(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_compute_find(sandbox, request, reply, &compute, err) < 0)
        return -1;
    if (!compute)
        return 0;
    return sandbox_ml_error(sandbox, request, reply, 400, "UserError",
                            "ComputeListKeys with computeType %s is not supported.",
                            azml_json_text(compute->body, "properties.computeType"));
}

int sandbox_ml_compute_idle(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, struct azml_error *err)
{
    if (!azml_has_suffix(request->api_version, "-preview") &&
        strcmp(request->api_version, "2021-07-01") != 0)
        return sandbox_ml_error(sandbox, request, reply, 404, "NotFound",
                                "The action updateIdleShutdownSetting is not known to api-version "
                                "'%s'.",
                                request->api_version);
    auto_resource struct sandbox_resource *compute = NULL;
    if (sandbox_ml_compute_find(sandbox, request, reply, &compute, err) < 0)
        return -1;
    if (!compute)
        return 0;
    if (!sandbox_ml_is_instance(compute->body))
        return sandbox_ml_error(sandbox, request, reply, 400, "UserError",
                                "UpdateIdleShutdownSetting with computeType AmlCompute is not "
                                "supported.");
    static const struct sandbox_ml_rule object[] = {
        {NULL, ML_TEXT, false, NULL}
    };
    if (!sandbox_ml_check(sandbox, request, reply, object) ||
        !sandbox_ml_idle_check(sandbox, request, reply, "idleTimeBeforeShutdown"))
        return 0;
    if (azml_json_put_text(compute->body, "properties.properties.idleTimeBeforeShutdown",
                           azml_json_text(request->json, "idleTimeBeforeShutdown")) < 0 ||
        sandbox_ml_stamp(sandbox, request, compute->body) < 0)
        return azml_error_memory(err);
    if (sandbox_ml_put(sandbox, compute, err) < 0 ||
        sandbox_ml_instance_arm(sandbox, compute, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, 200);
}
