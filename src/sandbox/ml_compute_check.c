#include "sandbox/ml_compute.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/arm.h"
#include "sandbox/ml_key.h"
#include "sandbox/ml_quota.h"

#include <ctype.h>
#include <string.h>

#define INNER "properties.properties."

static const struct sandbox_ml_rule envelope_rules[] = {
    {"location",                                 ML_TEXT,   false, NULL},
    {"tags",                                     ML_OBJECT, false, NULL},
    {"identity",                                 ML_OBJECT, false, NULL},
    {"properties",                               ML_OBJECT, true,  NULL},
    {"properties.computeType",                   ML_TEXT,   true,
     "AKS|Kubernetes|AmlCompute|ComputeInstance|DataFactory|VirtualMachine|HDInsight|Databricks|"
     "DataLakeAnalytics|SynapseSpark"                                  },
    {"properties.computeLocation",               ML_TEXT,   false, NULL},
    {"properties.description",                   ML_TEXT,   false, NULL},
    {"properties.disableLocalAuth",              ML_BOOL,   false, NULL},
    {"properties.properties",                    ML_OBJECT, true,  NULL},
    {"properties.properties.vmSize",             ML_TEXT,   true,  NULL},
    {"properties.properties.subnet",             ML_OBJECT, false, NULL},
    {"properties.properties.subnet.id",          ML_TEXT,   false, NULL},
    {"properties.properties.enableNodePublicIp", ML_BOOL,   false, NULL},
    {NULL,                                       ML_TEXT,   false, NULL},
};

static const struct sandbox_ml_rule cluster_rules[] = {
    {"properties.properties.osType",                                       ML_TEXT,   false, "Linux|Windows"        },
    {"properties.properties.vmPriority",                                   ML_TEXT,   false, "Dedicated|LowPriority"},
    {"properties.properties.remoteLoginPortPublicAccess",                  ML_TEXT,   false,
     "Enabled|Disabled|NotSpecified"                                                                                },
    {"properties.properties.isolatedNetwork",                              ML_BOOL,   false, NULL                   },
    {"properties.properties.scaleSettings",                                ML_OBJECT, true,  NULL                   },
    {"properties.properties.userAccountCredentials",                       ML_OBJECT, false, NULL                   },
    {"properties.properties.userAccountCredentials.adminUserName",         ML_TEXT,   false, NULL                   },
    {"properties.properties.userAccountCredentials.adminUserPassword",     ML_TEXT,   false, NULL                   },
    {"properties.properties.userAccountCredentials.adminUserSshPublicKey", ML_TEXT,   false, NULL                   },
    {NULL,                                                                 ML_TEXT,   false, NULL                   },
};

static const struct sandbox_ml_rule scale_rules[] = {
    {"properties.properties.scaleSettings",                             ML_OBJECT,   true,  NULL},
    {"properties.properties.scaleSettings.maxNodeCount",                ML_NUMBER,   true,  NULL},
    {"properties.properties.scaleSettings.minNodeCount",                ML_NUMBER,   false, NULL},
    {"properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown", ML_DURATION, false, NULL},
    {NULL,                                                              ML_TEXT,     false, NULL},
};

bool sandbox_ml_refuse(const struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, const char *code, const char *message)
{
    sandbox_ml_error(sandbox, request, reply, 400, code, "%s", message);
    return false;
}

static bool is_plain(const char *name)
{
    for (; *name; name++) {
        if (!isalnum((unsigned char)*name) && *name != '-')
            return false;
    }
    return true;
}

/* A hyphen of an instance's name must have a letter somewhere behind it. */
static bool is_instance_name(const char *name)
{
    size_t length = strlen(name);
    if (length < 3 || length > 24 || !isalpha((unsigned char)*name) || !is_plain(name))
        return false;
    const char *hyphen = strrchr(name, '-');
    return !hyphen || hyphen[1 + strspn(hyphen + 1, "0123456789")] != '\0';
}

static bool is_cluster_name(const char *name)
{
    size_t length = strlen(name);
    return length >= 3 && length <= 32 && isalpha((unsigned char)*name) && is_plain(name) &&
           name[length - 1] != '-';
}

static bool check_name(const struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, bool is_instance)
{
    const char *name = sandbox_request_param(request, "c");
    if (is_instance ? is_instance_name(name) : is_cluster_name(name))
        return true;
    if (is_instance)
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "Compute name '%s' is not available. Reason: Invalid. Message: A name for "
                         "an Azure ML Compute Instance must be between 3 and 24 characters in "
                         "length, start with a letter, use letters, digits and '-' only, and a "
                         "'-' needs a letter behind it.",
                         name);
    else
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "Compute name '%s' is not available. Reason: Invalid. Message: It must "
                         "match the pattern '^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$'.",
                         name);
    return false;
}

/* The name of an instance is its host name in the region, whoever owns it. */
static bool check_free(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, const char *location)
{
    const char *name = sandbox_request_param(request, "c");
    const struct sandbox_query query = {
        .type = ML_COMPUTE, .name = name, .location = location, .with_hidden = true};
    auto_resources struct sandbox_resources found = {0};
    if (sandbox_store_list(sandbox->store, &query, &found, NULL) < 0)
        return sandbox_ml_refuse(sandbox, request, reply, "InternalServerError", "Names unknown.");
    for (size_t i = 0; i < found.count; i++) {
        if (!sandbox_ml_is_instance(found.items[i]->body))
            continue;
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "Compute name '%s' is not available. Reason: AlreadyExists. Message: The "
                         "specified name %s is already in use and is therefore unavailable",
                         name, name);
        return false;
    }
    return true;
}

static bool check_size(const struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, const char *type, struct sandbox_ml_size *out)
{
    const char *asked = azml_json_text(request->json, INNER "vmSize");
    if (sandbox_ml_size_find(asked, out) && sandbox_ml_size_serves(out, type))
        return true;
    auto_free char *names = sandbox_ml_size_names(type, NULL);
    sandbox_ml_error(sandbox, request, reply, 400, "InvalidPropertyValue",
                     "The specified value %s for property Cluster.Properties.VMSize is not a "
                     "supported VM size. Supported VM sizes: %s",
                     asked, names ? names : "");
    return false;
}

bool sandbox_ml_key_check(const struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, const char *path)
{
    const char *key = azml_json_text(request->json, path);
    if (!key || sandbox_ml_key_is_good(key))
        return true;
    return sandbox_ml_refuse(
        sandbox, request, reply, "BadRequest",
        "AdminUserSshPublicKey is not a valid SSH Public Key. A valid SSH Public Key "
        "must be a base64 encoded valid RSA key or DSA key");
}

static bool check_network(const struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, const struct sandbox_resource *workspace)
{
    const char *isolation =
        azml_json_text(workspace->body, "properties.managedNetwork.isolationMode");
    bool is_managed = isolation && !sandbox_ml_is_word(isolation, "Disabled");
    bool has_subnet = azml_json_text(request->json, INNER "subnet.id") != NULL;
    if (has_subnet && is_managed)
        return sandbox_ml_refuse(sandbox, request, reply, "BadRequest",
                                 "A subnet cannot be given in a workspace with a managed network.");
    if (!has_subnet && !is_managed &&
        !sandbox_ml_bool_or(request->json, INNER "enableNodePublicIp", true))
        return sandbox_ml_refuse(sandbox, request, reply, "BadRequest",
                                 "EnableNodePublicIp false needs a subnet or a managed network.");
    return true;
}

bool sandbox_ml_scale_check(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply)
{
    if (!sandbox_ml_check(sandbox, request, reply, scale_rules))
        return false;
    double least = azml_json_number_or(request->json, INNER "scaleSettings.minNodeCount", 0);
    double most = azml_json_number_or(request->json, INNER "scaleSettings.maxNodeCount", 0);
    if (least < 0 || most < 0 || least > most || most > 65000)
        return sandbox_ml_refuse(
            sandbox, request, reply, "BadRequest",
            "The scale settings are invalid: minNodeCount must be 0 or more and not "
            "above maxNodeCount.");
    return true;
}

static bool check_cluster(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply)
{
    if (!sandbox_ml_check(sandbox, request, reply, cluster_rules) ||
        !sandbox_ml_scale_check(sandbox, request, reply))
        return false;
    const cJSON *user = azml_json_at(request->json, INNER "userAccountCredentials");
    if (user && !azml_json_text(user, "adminUserName"))
        return sandbox_ml_refuse(sandbox, request, reply, "BadRequest",
                                 "UserAccountCredentials needs an AdminUserName.");
    return sandbox_ml_key_check(sandbox, request, reply,
                                INNER "userAccountCredentials.adminUserSshPublicKey");
}

/* An instance lives where its workspace does; a cluster may be elsewhere by computeLocation. */
static bool check_place(const struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, const struct sandbox_resource *workspace,
                        bool is_instance)
{
    const char *paths[] = {"location", "properties.computeLocation"};
    for (size_t i = 0; i < AZML_COUNT(paths); i++) {
        const char *asked = azml_json_text(request->json, paths[i]);
        char location[64];
        sandbox_ml_location(asked ? asked : workspace->location, location, sizeof(location));
        bool may_differ = i == 1 && !is_instance && sandbox_ml_is_region(location);
        if (may_differ || azml_same_text(location, workspace->location))
            continue;
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "The %s '%s' of the compute must be that of its workspace, '%s'.",
                         paths[i], asked, workspace->location);
        return false;
    }
    return true;
}

/* What cannot change once the compute is there. */
static bool check_same(const struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, const struct sandbox_resource *existing)
{
    static const char *const fixed[] = {"properties.computeType", INNER "vmSize",
                                        INNER "sshSettings.sshPublicAccess",
                                        INNER "sshSettings.adminPublicKey", INNER "vmPriority"};
    for (size_t i = 0; i < AZML_COUNT(fixed); i++) {
        const char *asked = azml_json_text(request->json, fixed[i]);
        const char *was = azml_json_text(existing->body, fixed[i]);
        size_t length = asked ? strcspn(asked, "\r\n") : 0;
        if (!asked || !was || (length == strlen(was) && azml_same_bytes(asked, was, length)))
            continue;
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "The property '%s' of the compute '%s' cannot be changed. Delete it and "
                         "create it again.",
                         fixed[i], existing->name);
        return false;
    }
    return true;
}

static bool check_room(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, const struct sandbox_resource *workspace,
                       const struct sandbox_resource *existing, const struct sandbox_ml_size *size)
{
    const char *priority = azml_json_text(request->json, INNER "vmPriority");
    const char *place = azml_json_text(request->json, "properties.computeLocation");
    char location[64];
    sandbox_ml_location(place ? place : workspace->location, location, sizeof(location));
    const struct sandbox_ml_ask ask = {
        .subscription_id = workspace->subscription_id,
        .location = location,
        .size = size,
        .nodes = azml_json_int_or(request->json, INNER "scaleSettings.minNodeCount", 1),
        .is_low_priority = priority && sandbox_ml_is_word(priority, "LowPriority"),
        .except_id = existing ? existing->id : NULL,
    };
    return sandbox_ml_quota_check(sandbox, request, reply, &ask);
}

bool sandbox_ml_compute_check(struct sandbox *sandbox, const struct sandbox_request *request,
                              struct sandbox_reply *reply, const struct sandbox_resource *workspace,
                              const struct sandbox_resource *existing)
{
    static const struct sandbox_ml_rule type_rules[] = {
        {"properties",             ML_OBJECT, true,  NULL},
        {"properties.computeType", ML_TEXT,   true,  NULL},
        {NULL,                     ML_TEXT,   false, NULL},
    };
    if (!sandbox_ml_check(sandbox, request, reply, type_rules))
        return false;
    const char *type = azml_json_text(request->json, "properties.computeType");
    bool is_instance = sandbox_ml_is_word(type, "ComputeInstance");
    if (!is_instance && !sandbox_ml_is_word(type, "AmlCompute")) {
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "The compute type '%s' is not supported.", type);
        return false;
    }
    struct sandbox_ml_size size;
    return sandbox_ml_check(sandbox, request, reply, envelope_rules) &&
           arm_check_tags(request->json, reply) &&
           check_name(sandbox, request, reply, is_instance) &&
           check_place(sandbox, request, reply, workspace, is_instance) &&
           (is_instance ? sandbox_ml_instance_check(sandbox, request, reply)
                        : check_cluster(sandbox, request, reply)) &&
           check_network(sandbox, request, reply, workspace) &&
           (!existing || check_same(sandbox, request, reply, existing)) &&
           check_size(sandbox, request, reply, type, &size) &&
           (existing || !is_instance || check_free(sandbox, request, reply, workspace->location)) &&
           check_room(sandbox, request, reply, workspace, existing, &size);
}
