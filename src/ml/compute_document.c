#include "azml/compute.h"

#include "azml/arm_id.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/timefmt.h"

#define PUBLIC_SSH_PORT \
    50000 /* what the service uses at a public address and sometimes leaves out */
#define PRIVATE_SSH_PORT 22

static enum azml_compute_kind kind_of(const char *type)
{
    if (azml_same_text(type, "ComputeInstance"))
        return AZML_COMPUTE_INSTANCE;
    if (azml_same_text(type, "AmlCompute"))
        return AZML_COMPUTE_CLUSTER;
    return AZML_COMPUTE_OTHER;
}

/* The deepest code and message of an error object: its last level is what really happened. */
static void read_error(const cJSON *error, struct azml_compute *out)
{
    for (int depth = 0; error && depth < 20; depth++) {
        const cJSON *inner = azml_json_at(error, "error");
        const char *code = azml_json_text(error, "code");
        const char *message = azml_json_text(error, "message");
        if (code || message) {
            out->error_code = code;
            out->error_message = message;
        }
        error = inner ? inner : azml_json_at(error, "details.0");
    }
}

static void read_errors(const cJSON *properties, struct azml_compute *out)
{
    read_error(azml_json_at(properties, "provisioningErrors.0"), out);
    read_error(azml_json_at(properties, "properties.errors.0"), out);
}

static const char *first_text(const cJSON *json)
{
    if (cJSON_IsString(json))
        return json->valuestring;
    const char *message = azml_json_text(json, "message");
    if (message)
        return message;
    const cJSON *item;
    cJSON_ArrayForEach (item, json) {
        const char *text =
            cJSON_IsString(item) ? item->valuestring : azml_json_text(item, "message");
        if (text)
            return text;
    }
    return NULL;
}

static void read_instance(const cJSON *inner, struct azml_compute *out)
{
    out->state = azml_json_text(inner, "state");
    out->ssh_enabled =
        azml_same_text(azml_json_text(inner, "sshSettings.sshPublicAccess"), "Enabled");
    out->ssh_key = azml_json_text(inner, "sshSettings.adminPublicKey");
    out->ssh_user = azml_json_text(inner, "sshSettings.adminUserName");
    int64_t port = azml_json_int_or(inner, "sshSettings.sshPort", 0);
    out->ssh_port = port > 0 && port <= UINT16_MAX ? (uint16_t)port : 0;
    out->public_ip = azml_json_text(inner, "connectivityEndpoints.publicIpAddress");
    out->private_ip = azml_json_text(inner, "connectivityEndpoints.privateIpAddress");
    out->last_operation = azml_json_text(inner, "lastOperation.operationName");
    out->last_status = azml_json_text(inner, "lastOperation.operationStatus");
    out->last_trigger = azml_json_text(inner, "lastOperation.operationTrigger");
    const char *idle = azml_json_text(inner, "idleTimeBeforeShutdown");
    int64_t seconds;
    if (idle && azml_duration_parse(idle, &seconds, NULL) == 0)
        out->idle_s = seconds;
}

static void read_cluster(const cJSON *inner, struct azml_compute *out)
{
    out->allocation = azml_json_text(inner, "allocationState");
    out->min_nodes = azml_json_int_or(inner, "scaleSettings.minNodeCount", 0);
    out->max_nodes = azml_json_int_or(inner, "scaleSettings.maxNodeCount", 0);
    out->nodes = azml_json_int_or(inner, "currentNodeCount", 0);
}

int azml_compute_read(const cJSON *document, struct azml_compute *out, struct azml_error *err)
{
    const cJSON *properties;
    if (azml_json_object(document, "properties", &properties, err) < 0)
        return azml_error_context(err, _("the service's reply describes no compute"));

    struct azml_compute compute = {0};
    compute.id = azml_json_text(document, "id");
    compute.name = azml_json_text(document, "name");
    compute.type = azml_json_text(properties, "computeType");
    compute.kind = kind_of(compute.type);
    compute.attached = azml_json_bool_or(properties, "isAttachedCompute", false);
    compute.location = azml_json_text(properties, "computeLocation");
    if (!compute.location)
        compute.location = azml_json_text(document, "location");
    compute.provisioning = azml_json_text(properties, "provisioningState");
    compute.created_on = azml_json_text(properties, "createdOn");
    if (compute.created_on && azml_time_parse_iso(compute.created_on, &compute.created_ms) < 0)
        compute.created_ms = 0;
    const cJSON *inner = azml_json_at(properties, "properties");
    compute.size = azml_json_text(inner, "vmSize");
    if (compute.kind == AZML_COMPUTE_INSTANCE)
        read_instance(inner, &compute);
    if (compute.kind == AZML_COMPUTE_CLUSTER)
        read_cluster(inner, &compute);
    read_errors(properties, &compute);
    compute.warning = first_text(azml_json_at(properties, "provisioningWarnings"));
    *out = compute;
    return 0;
}

static const struct {
    const char *word;
    enum azml_compute_phase phase;
} states[] = {
    {"Creating",        AZML_COMPUTE_BUSY   },
    {"SettingUp",       AZML_COMPUTE_BUSY   },
    {"UserSettingUp",   AZML_COMPUTE_BUSY   },
    {"Running",         AZML_COMPUTE_READY  },
    {"JobRunning",      AZML_COMPUTE_READY  },
    {"Stopping",        AZML_COMPUTE_BUSY   },
    {"Stopped",         AZML_COMPUTE_STOPPED},
    {"Starting",        AZML_COMPUTE_BUSY   },
    {"Restarting",      AZML_COMPUTE_BUSY   },
    {"Resizing",        AZML_COMPUTE_BUSY   },
    {"Deleting",        AZML_COMPUTE_BUSY   },
    {"CreateFailed",    AZML_COMPUTE_BROKEN },
    {"SetupFailed",     AZML_COMPUTE_BROKEN },
    {"UserSetupFailed", AZML_COMPUTE_BROKEN },
    {"Unusable",        AZML_COMPUTE_BROKEN },
};

static const struct {
    const char *word;
    enum azml_compute_phase phase;
} provisionings[] = {
    {"Creating",  AZML_COMPUTE_BUSY  },
    {"Updating",  AZML_COMPUTE_BUSY  },
    {"Deleting",  AZML_COMPUTE_BUSY  },
    {"Failed",    AZML_COMPUTE_BROKEN},
    {"Canceled",  AZML_COMPUTE_BROKEN},
    {"Cancelled", AZML_COMPUTE_BROKEN},
};

static enum azml_compute_phase by_provisioning(const struct azml_compute *compute)
{
    for (size_t i = 0; i < AZML_COUNT(provisionings); i++)
        if (azml_same_text(compute->provisioning, provisionings[i].word))
            return provisionings[i].phase;
    return azml_same_text(compute->provisioning, "Succeeded") ? AZML_COMPUTE_READY
                                                              : AZML_COMPUTE_UNKNOWN;
}

enum azml_compute_phase azml_compute_phase(const struct azml_compute *compute)
{
    enum azml_compute_phase control = by_provisioning(compute);
    if (compute->kind != AZML_COMPUTE_INSTANCE) {
        if (control == AZML_COMPUTE_READY && compute->error_message && compute->nodes == 0 &&
            compute->min_nodes > 0)
            return AZML_COMPUTE_BROKEN;
        return control;
    }
    for (size_t i = 0; i < AZML_COUNT(states); i++)
        if (azml_same_text(compute->state, states[i].word)) {
            /* a control operation that still runs, or went wrong while it was being made */
            bool deleting = azml_same_text(compute->provisioning, "Deleting");
            return deleting ? AZML_COMPUTE_BUSY : states[i].phase;
        }
    /* no state yet: a new compute has none in its first answer */
    if (control == AZML_COMPUTE_READY)
        return compute->error_message ? AZML_COMPUTE_BROKEN : AZML_COMPUTE_UNKNOWN;
    return control;
}

const char *azml_compute_word(const struct azml_compute *compute)
{
    const char *word = compute->state;
    if (compute->kind == AZML_COMPUTE_CLUSTER && azml_same_text(compute->provisioning, "Succeeded"))
        word = compute->allocation;
    if (!word)
        word = compute->provisioning;
    return word ? word : "?";
}

const char *azml_compute_address(const struct azml_compute *compute, uint16_t *port_out)
{
    bool public_known = compute->public_ip && compute->public_ip[0] != '\0';
    if (public_known) {
        *port_out = compute->ssh_port ? compute->ssh_port : PUBLIC_SSH_PORT;
        return compute->public_ip;
    }
    if (!compute->private_ip || compute->private_ip[0] == '\0')
        return NULL;
    *port_out = PRIVATE_SSH_PORT;
    return compute->private_ip;
}

bool azml_compute_is_ssh_ready(const struct azml_compute *compute)
{
    return azml_compute_phase(compute) == AZML_COMPUTE_READY && compute->ssh_enabled &&
           compute->public_ip && compute->public_ip[0] != '\0';
}

int azml_compute_hint(const struct azml_compute *compute, const char *verb, struct azml_error *err)
{
    const char *name = compute->name ? compute->name : "?";
    struct azml_arm_id id = {0}, workspace = {0};
    if (compute->id && azml_arm_id_parse(compute->id, &id, NULL) == 0 && id.scope && id.group &&
        azml_arm_id_parse(id.scope, &workspace, NULL) == 0 && workspace.name)
        azml_error_hint(err, "azml compute %s %s -w %s -g %s", verb, name, workspace.name,
                        id.group);
    else
        azml_error_hint(err, "azml compute %s %s", verb, name);
    azml_arm_id_cleanup(&workspace);
    azml_arm_id_cleanup(&id);
    return -1;
}

int azml_compute_fail(const struct azml_compute *compute, struct azml_error *err)
{
    const char *name = compute->name ? compute->name : "?";
    azml_error_set(err, AZML_ERROR_SERVICE, _("compute %s is %s"), name,
                   azml_compute_word(compute));
    if (azml_same_text(compute->state, "Unusable")) {
        azml_error_why(err, _("the service lost hold of its machine"));
        azml_error_hint(err, "azml compute restart %s   (or delete it and create it again)", name);
    } else {
        azml_error_why(err, _("its creation failed and cannot be taken up again"));
        azml_error_hint(err, "azml compute delete %s   (then create it again)", name);
    }
    if (compute->error_code || compute->error_message)
        azml_error_said(err, compute->error_code, compute->error_message, NULL);
    return -1;
}
