#include "ml/follow.h"

#include "azml/arm_error.h"
#include "base/auto.h"
#include "base/json.h"

void azml_follow_tick(void *watch, const struct azml_arm_progress *progress)
{
    (void)progress;
    azml_watch_tick(watch);
}

char *azml_follow_path(const char *id, struct azml_error *err)
{
    auto_str struct azml_str path = {0};
    azml_str_add_percent(&path, id, "/()");
    return azml_str_take(&path, err);
}

static bool says_little(const struct azml_error *err)
{
    const char *code = err->said_code;
    return err->code == AZML_ERROR_SERVICE || err->code == AZML_ERROR_FAILED
               ? !code || azml_same_text(code, "DeploymentFailed") ||
                     azml_same_text(code, "ResourceDeploymentFailure") ||
                     azml_same_text(code, "Failed")
               : false;
}

/* The error of an operation that failed; NULL where it did not. */
static const cJSON *operation_error(const cJSON *operation)
{
    if (!azml_same_text(azml_json_text(operation, "properties.provisioningState"), "Failed"))
        return NULL;
    const cJSON *error = azml_json_at(operation, "properties.statusMessage.error");
    return error ? error : azml_json_at(operation, "properties.statusMessage");
}

void azml_follow_deployment_error(struct azml_arm *arm, const char *deployment,
                                  struct azml_error *err)
{
    if (!err || !says_little(err))
        return;
    auto_error struct azml_error ignored = {0};
    auto_free char *path = azml_format(&ignored, "%s/operations", deployment);
    auto_json cJSON *operations = path ? azml_arm_list(arm, path, &ignored) : NULL;
    const cJSON *operation;
    cJSON_ArrayForEach (operation, operations) {
        const cJSON *error = operation_error(operation);
        struct azml_error inner = {0};
        if (!error)
            continue;
        azml_arm_error_from_json(&inner, err->http_status, error, err->request_id);
        if (inner.code != AZML_ERROR_NONE)
            azml_error_move(err, &inner);
        azml_error_cleanup(&inner);
        return;
    }
}
