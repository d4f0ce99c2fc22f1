#include "azml/compute.h"

#include "azml/ml_names.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/timefmt.h"

#include <inttypes.h>
#include <string.h>

#define IDLE_MIN_S INT64_C(900)
#define IDLE_MAX_S INT64_C(259200)

static int check_idle(int64_t seconds, struct azml_error *err)
{
    if (seconds == 0)
        return 0;
    if (seconds < IDLE_MIN_S || seconds > IDLE_MAX_S) {
        char given[AZML_TIME_TEXT];
        azml_duration_format(given, seconds);
        azml_error_set(err, AZML_ERROR_USAGE, _("idle shutdown after %s is not possible"), given);
        azml_error_why(err, _("the service takes 15m to 3d"));
        return azml_error_hint(err, "--idle-shutdown 60m   (or off)");
    }
    if (seconds % 60 != 0) {
        azml_error_set(err, AZML_ERROR_USAGE, _("idle shutdown takes whole minutes"));
        return azml_error_hint(err, "--idle-shutdown %" PRId64 "m", (seconds + 59) / 60);
    }
    return 0;
}

int azml_compute_idle_parse(const char *text, int64_t *seconds_out, struct azml_error *err)
{
    if (azml_same_text(text, "off")) {
        *seconds_out = 0;
        return 0;
    }
    int64_t seconds;
    if (azml_duration_parse(text, &seconds, err) < 0) {
        azml_error_context(err, _("'%s' is no time for --idle-shutdown"), text);
        return azml_error_hint(err, "--idle-shutdown 60m   (or off)");
    }
    /* nought typed as a time is a mistake: to switch it off there is a word */
    if (check_idle(seconds == 0 ? 1 : seconds, err) < 0)
        return -1;
    *seconds_out = seconds;
    return 0;
}

static int check_nodes(const struct azml_compute_spec *spec, struct azml_error *err)
{
    if (spec->max_nodes < 1)
        return azml_error_set(err, AZML_ERROR_USAGE, _("a cluster needs --max-nodes of 1 or more"));
    if (spec->min_nodes < 0 || spec->min_nodes > spec->max_nodes)
        return azml_error_set(
            err, AZML_ERROR_USAGE,
            _("--min-nodes %" PRId64 " is not between 0 and --max-nodes %" PRId64), spec->min_nodes,
            spec->max_nodes);
    if (spec->node_idle_s < 0)
        return azml_error_set(err, AZML_ERROR_USAGE, _("--idle-seconds must not be negative"));
    return 0;
}

int azml_compute_spec_check(const struct azml_compute_spec *spec, struct azml_error *err)
{
    if (!spec->size || spec->size[0] == '\0')
        return azml_error_set(err, AZML_ERROR_USAGE, _("a compute needs a size"));
    if (spec->kind == AZML_COMPUTE_CLUSTER) {
        if (azml_name_check_cluster(spec->name, err) < 0)
            return -1;
        return check_nodes(spec, err);
    }
    if (azml_name_check_instance(spec->name, err) < 0)
        return -1;
    return check_idle(spec->idle_s, err);
}

static int put_minutes(cJSON *body, const char *path, int64_t seconds)
{
    auto_free char *text = azml_format(NULL, "PT%" PRId64 "M", seconds / 60);
    return text ? azml_json_put_text(body, path, text) : -1;
}

static int put_instance(cJSON *body, const struct azml_compute_spec *spec)
{
    if (azml_json_put_text(body, "properties.properties.applicationSharingPolicy", "Personal") <
            0 ||
        azml_json_put_bool(body, "properties.properties.enableNodePublicIp", true) < 0 ||
        azml_json_put_text(body, "properties.properties.sshSettings.sshPublicAccess",
                           spec->ssh_key ? "Enabled" : "Disabled") < 0)
        return -1;
    if (spec->ssh_key &&
        azml_json_put_text(body, "properties.properties.sshSettings.adminPublicKey",
                           spec->ssh_key) < 0)
        return -1;
    if (spec->idle_s == 0)
        return 0;
    return put_minutes(body, "properties.properties.idleTimeBeforeShutdown", spec->idle_s);
}

static int put_scale(cJSON *body, const struct azml_compute_spec *spec)
{
    auto_json cJSON *scale = cJSON_CreateObject();
    auto_free char *idle = azml_format(NULL, "PT%" PRId64 "S", spec->node_idle_s);
    if (!scale || !idle ||
        azml_json_put_number(scale, "minNodeCount", (double)spec->min_nodes) < 0 ||
        azml_json_put_number(scale, "maxNodeCount", (double)spec->max_nodes) < 0 ||
        azml_json_put_text(scale, "nodeIdleTimeBeforeScaleDown", idle) < 0)
        return -1;
    return azml_json_put(body, "properties.properties.scaleSettings", AZML_STEAL(scale));
}

static int put_cluster(cJSON *body, const struct azml_compute_spec *spec)
{
    if (azml_json_put_text(body, "properties.properties.osType", "Linux") < 0 ||
        azml_json_put_text(body, "properties.properties.vmPriority",
                           spec->low_priority ? "LowPriority" : "Dedicated") < 0 ||
        azml_json_put_text(body, "properties.properties.remoteLoginPortPublicAccess",
                           spec->ssh_key ? "Enabled" : "Disabled") < 0 ||
        put_scale(body, spec) < 0)
        return -1;
    if (!spec->ssh_key)
        return 0;
    if (azml_json_put_text(body, "properties.properties.userAccountCredentials.adminUserName",
                           "azureuser") < 0)
        return -1;
    return azml_json_put_text(
        body, "properties.properties.userAccountCredentials.adminUserSshPublicKey", spec->ssh_key);
}

cJSON *azml_compute_body(const struct azml_compute_spec *spec, struct azml_error *err)
{
    bool cluster = spec->kind == AZML_COMPUTE_CLUSTER;
    auto_json cJSON *body = cJSON_CreateObject();
    cJSON *tags = spec->tags ? cJSON_Duplicate(spec->tags, true) : cJSON_CreateObject();
    if (!body || azml_json_put(body, "tags", tags) < 0 ||
        azml_json_put_text(body, "location", spec->location) < 0 ||
        azml_json_put_text(body, "properties.computeType",
                           cluster ? "AmlCompute" : "ComputeInstance") < 0 ||
        azml_json_put_text(body, "properties.computeLocation", spec->location) < 0 ||
        azml_json_put_bool(body, "properties.disableLocalAuth", false) < 0 ||
        azml_json_put_text(body, "properties.properties.vmSize", spec->size) < 0 ||
        (cluster ? put_cluster(body, spec) : put_instance(body, spec)) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(body);
}

/* The length of an OpenSSH public key line up to its comment: type and base64. */
static size_t key_length(const char *line)
{
    size_t type = strcspn(line, " \t");
    size_t gap = strspn(line + type, " \t");
    return type + gap + strcspn(line + type + gap, " \t\r\n");
}

static bool is_same_key(const char *a, const char *b)
{
    size_t length = key_length(a);
    return length == key_length(b) && strncmp(a, b, length) == 0;
}

int azml_compute_matches(const struct azml_compute *compute, const struct azml_compute_spec *spec,
                         struct azml_error *err)
{
    if (compute->kind != spec->kind) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s exists and is of type %s"),
                       spec->name, compute->type ? compute->type : "?");
        return azml_compute_hint(compute, "show", err);
    }
    if (compute->size && !azml_same_text(compute->size, spec->size)) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s exists with size %s, not %s"),
                       spec->name, compute->size, spec->size);
        azml_error_why(err, _("the size of a compute cannot be changed"));
        return azml_error_hint(err, "azml compute delete %s   (then create it again)", spec->name);
    }
    if (spec->ssh_key && compute->ssh_key && !is_same_key(compute->ssh_key, spec->ssh_key)) {
        azml_error_set(err, AZML_ERROR_CONFLICT,
                       _("compute %s exists and lets another SSH key in, not the one given"),
                       spec->name);
        azml_error_why(err, _("its key cannot be changed; more can be added from inside it"));
        return azml_compute_hint(compute, "ssh", err);
    }
    return 0;
}
