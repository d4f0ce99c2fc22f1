#include "sandbox/ml_workspace.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/arm.h"

#include <ctype.h>
#include <string.h>

static const struct sandbox_ml_rule common_rules[] = {
    {"tags",                                    ML_OBJECT, false, NULL                                  },
    {"kind",                                    ML_TEXT,   false, "Default|Hub|Project|FeatureStore"    },
    {"sku",                                     ML_OBJECT, false, NULL                                  },
    {"sku.name",                                ML_TEXT,   false, NULL                                  },
    {"identity",                                ML_OBJECT, false, NULL                                  },
    {"identity.type",                           ML_TEXT,   false, NULL                                  },
    {"identity.userAssignedIdentities",         ML_OBJECT, false, NULL                                  },
    {"properties",                              ML_OBJECT, false, NULL                                  },
    {"properties.friendlyName",                 ML_TEXT,   false, NULL                                  },
    {"properties.description",                  ML_TEXT,   false, NULL                                  },
    {"properties.storageAccount",               ML_TEXT,   false, NULL                                  },
    {"properties.keyVault",                     ML_TEXT,   false, NULL                                  },
    {"properties.applicationInsights",          ML_TEXT,   false, NULL                                  },
    {"properties.containerRegistry",            ML_TEXT,   false, NULL                                  },
    {"properties.imageBuildCompute",            ML_TEXT,   false, NULL                                  },
    {"properties.publicNetworkAccess",          ML_TEXT,   false, "Enabled|Disabled"                    },
    {"properties.hbiWorkspace",                 ML_BOOL,   false, NULL                                  },
    {"properties.v1LegacyMode",                 ML_BOOL,   false, NULL                                  },
    {"properties.enableDataIsolation",          ML_BOOL,   false, NULL                                  },
    {"properties.systemDatastoresAuthMode",     ML_TEXT,   false, "AccessKey|Identity|UserDelegationSAS"},
    {"properties.managedNetwork",               ML_OBJECT, false, NULL                                  },
    {"properties.managedNetwork.isolationMode", ML_TEXT,   false,
     "Disabled|AllowInternetOutbound|AllowOnlyApprovedOutbound"                                         },
    {"properties.encryption",                   ML_OBJECT, false, NULL                                  },
    {NULL,                                      ML_TEXT,   false, NULL                                  },
};

static const struct sandbox_ml_rule put_rules[] = {
    {"location",   ML_TEXT,   true,  NULL},
    {"properties", ML_OBJECT, true,  NULL},
    {NULL,         ML_TEXT,   false, NULL},
};

/* The three that a classic workspace cannot be without, and what may be wrong with them. */
static const struct {
    const char *path, *type, *what;
} dependents[] = {
    {"properties.storageAccount",      "Microsoft.Storage/storageAccounts",      "storage account"},
    {"properties.keyVault",            "Microsoft.KeyVault/vaults",              "key vault"      },
    {"properties.applicationInsights", "Microsoft.Insights/components",          "app insights"   },
    {"properties.containerRegistry",   "Microsoft.ContainerRegistry/registries",
     "container registry"                                                                         },
};
#define DEPENDENTS_NEEDED 3

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    if (length < 3 || length > 33 || !isalnum((unsigned char)*name))
        return false;
    for (const char *c = name; *c; c++) {
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            return false;
    }
    return true;
}

struct sandbox_resource *sandbox_ml_dependent(struct sandbox *sandbox, const char *id)
{
    struct sandbox_resource *found = NULL;
    if (!id || sandbox_store_get(sandbox->store, id, &found, NULL) < 0)
        return NULL;
    return found;
}

/* What the service refuses of a storage account; NULL where it takes it. */
static const char *storage_flaw(const cJSON *body)
{
    const char *kind = azml_json_text(body, "kind"), *sku = azml_json_text(body, "sku.name");
    if (kind && sandbox_ml_is_word(kind, "BlobStorage|BlockBlobStorage|FileStorage"))
        return kind;
    if (sku && azml_has_prefix_nocase(sku, "Premium"))
        return sku;
    if (azml_json_bool_or(body, "properties.isHnsEnabled", false))
        return "hierarchical namespace";
    return NULL;
}

static bool check_dependent(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, size_t i, const char *id)
{
    auto_resource struct sandbox_resource *found = sandbox_ml_dependent(sandbox, id);
    if (!found || !azml_same_text(found->type, dependents[i].type)) {
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "The %s '%s' of the workspace could not be found.", dependents[i].what,
                         id);
        return false;
    }
    const char *flaw = i == 0 ? storage_flaw(found->body) : NULL;
    if (flaw)
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "Storage account '%s' is not supported as the default storage of a "
                         "workspace: %s.",
                         id, flaw);
    return flaw == NULL;
}

static bool check_dependents(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_reply *reply, const struct sandbox_resource *existing)
{
    const char *kind = azml_json_text(request->json, "kind");
    bool is_project = kind && sandbox_ml_is_word(kind, "Project");
    if (is_project && !azml_json_text(request->json, "properties.hubResourceId")) {
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "A workspace of kind Project needs hubResourceId.");
        return false;
    }
    for (size_t i = 0; i < AZML_COUNT(dependents); i++) {
        const char *id = azml_json_text(request->json, dependents[i].path);
        if (id && *id) {
            if (!check_dependent(sandbox, request, reply, i, id))
                return false;
        } else if (i < DEPENDENTS_NEEDED && !is_project && !existing) {
            sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                             "Missing dependent resources in workspace json");
            return false;
        }
    }
    return true;
}

static bool check_identity(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply)
{
    const char *type = azml_json_text(request->json, "identity.type");
    char bare[64];
    sandbox_ml_location(type ? type : "none", bare, sizeof(bare));
    if (!sandbox_ml_is_word(bare, "None|SystemAssigned|UserAssigned|SystemAssigned,UserAssigned")) {
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "The identity type '%s' is not supported.", type);
        return false;
    }
    return true;
}

static bool check_location(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, const struct sandbox_resource *existing)
{
    const char *asked = azml_json_text(request->json, "location");
    char location[64];
    sandbox_ml_location(asked, location, sizeof(location));
    (void)sandbox;
    if (!sandbox_ml_is_region(location)) {
        sandbox_reply_error(reply, 400, "LocationNotAvailableForResourceType",
                            "The provided location '%s' is not available for resource type "
                            "'" ML_WORKSPACE "'.",
                            asked);
        return false;
    }
    if (existing && !azml_same_text(existing->location, location)) {
        sandbox_reply_error(reply, 409, "InvalidResourceLocation",
                            "The resource '%s' already exists in location '%s' in resource group "
                            "'%s'. A resource with the same name cannot be created in location "
                            "'%s'. Please select a new resource name.",
                            existing->name, existing->location, existing->group, location);
        return false;
    }
    return true;
}

static bool check_unchanged(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, const struct sandbox_resource *existing)
{
    for (size_t i = 0; i < 2; i++) {
        const char *was = azml_json_text(existing->body, dependents[i].path);
        const char *asked = azml_json_text(request->json, dependents[i].path);
        if (was && asked && *asked && !azml_same_text(was, asked)) {
            sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                             "The %s of a workspace cannot be changed.", dependents[i].what);
            return false;
        }
    }
    return true;
}

bool sandbox_ml_workspace_check(struct sandbox *sandbox, const struct sandbox_request *request,
                                struct sandbox_reply *reply,
                                const struct sandbox_resource *existing)
{
    const char *name = sandbox_request_param(request, "w");
    if (!is_name(name)) {
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "Workspace name '%s' is invalid. It must match the pattern "
                         "'^[a-zA-Z0-9][\\w-]{2,32}$'.",
                         name);
        return false;
    }
    if (cJSON_IsObject(request->json) && !azml_json_at(request->json, "location")) {
        sandbox_reply_error(reply, 400, "LocationRequired",
                            "The location property is required for this definition.");
        return false;
    }
    return sandbox_ml_check(sandbox, request, reply, put_rules) &&
           sandbox_ml_check(sandbox, request, reply, common_rules) &&
           arm_check_tags(request->json, reply) &&
           check_location(sandbox, request, reply, existing) &&
           check_identity(sandbox, request, reply) &&
           (!existing || check_unchanged(sandbox, request, reply, existing)) &&
           check_dependents(sandbox, request, reply, existing);
}

bool sandbox_ml_workspace_check_patch(struct sandbox *sandbox,
                                      const struct sandbox_request *request,
                                      struct sandbox_reply *reply)
{
    if (!sandbox_ml_check(sandbox, request, reply, common_rules) ||
        !arm_check_tags(request->json, reply) || !check_identity(sandbox, request, reply))
        return false;
    for (size_t i = 2; i < AZML_COUNT(dependents); i++) {
        const char *id = azml_json_text(request->json, dependents[i].path);
        if (id && *id && !check_dependent(sandbox, request, reply, i, id))
            return false;
    }
    return true;
}
