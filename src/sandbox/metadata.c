#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/entra.h"

#include <string.h>

/* What the sandbox has no service for keeps the public cloud's address. */
static const struct {
    const char *path, *value;
} public_part[] = {
    {"media",                                        "https://rest.media.azure.net"                     },
    {"graphAudience",                                "https://graph.windows.net/"                       },
    {"graph",                                        "https://graph.windows.net/"                       },
    {"batch",                                        "https://batch.core.windows.net/"                  },
    {"vmImageAliasDoc",                              "https://raw.githubusercontent.com/Azure/"
                        "azure-rest-api-specs/master/arm-compute/quickstart-"
                        "templates/aliases.json"                                 },
    {"activeDirectoryDataLake",                      "https://datalake.azure.net/"                      },
    {"sqlManagement",                                "https://management.core.windows.net:8443/"        },
    {"microsoftGraphResourceId",                     "https://graph.microsoft.com/"                     },
    {"appInsightsResourceId",                        "https://api.applicationinsights.io"               },
    {"appInsightsTelemetryChannelResourceId",        "https://dc.applicationinsights.azure.com/v2/track"},
    {"attestationResourceId",                        "https://attest.azure.net"                         },
    {"synapseAnalyticsResourceId",                   "https://dev.azuresynapse.net"                     },
    {"logAnalyticsResourceId",                       "https://api.loganalytics.io"                      },
    {"ossrDbmsResourceId",                           "https://ossrdbms-aad.database.windows.net"        },
    {"ossrdbmsResourceId",                           "https://ossrdbms-aad.database.windows.net"        },
    {"suffixes.azureDataLakeStoreFileSystem",        "azuredatalakestore.net"                           },
    {"suffixes.acrLoginServer",                      "azurecr.io"                                       },
    {"suffixes.sqlServerHostname",                   "database.windows.net"                             },
    {"suffixes.azureDataLakeAnalyticsCatalogAndJob", "azuredatalakeanalytics.net"                       },
    {"suffixes.keyVaultDns",                         "vault.azure.net"                                  },
    {"suffixes.storage",                             "core.windows.net"                                 },
    {"suffixes.azureFrontDoorEndpointSuffix",        "azurefd.net"                                      },
    {"suffixes.storageSyncEndpointSuffix",           "afs.azure.net"                                    },
    {"suffixes.mhsmDns",                             "managedhsm.azure.net"                             },
    {"suffixes.mysqlServerEndpoint",                 "mysql.database.azure.com"                         },
    {"suffixes.postgresqlServerEndpoint",            "postgres.database.azure.com"                      },
    {"suffixes.mariadbServerEndpoint",               "mariadb.database.azure.com"                       },
    {"suffixes.synapseAnalytics",                    "dev.azuresynapse.net"                             },
    {"suffixes.attestationEndpoint",                 "attest.azure.net"                                 },
};

/* The first audience decides the scope that some clients ask for: it is the sandbox's own. */
static cJSON *audiences(const struct sandbox *sandbox)
{
    auto_free char *own = azml_format(NULL, "%s/", sandbox->endpoint);
    const char *all[] = {own, "https://management.core.windows.net/",
                         "https://management.azure.com/"};
    return own ? cJSON_CreateStringArray(all, (int)AZML_COUNT(all)) : NULL;
}

static int put_authentication(cJSON *json, const struct sandbox *sandbox, bool is_full)
{
    if (azml_json_put_text(json, "authentication.loginEndpoint", sandbox->endpoint) < 0 ||
        azml_json_put(json, "authentication.audiences", audiences(sandbox)) < 0)
        return -1;
    if (!is_full)
        return 0;
    return azml_json_put_text(json, "authentication.tenant", "common") < 0
               ? -1
               : azml_json_put_text(json, "authentication.identityProvider", "AAD");
}

/* The cloud as 2019 and later describe it. */
static cJSON *cloud(const struct sandbox *sandbox)
{
    auto_json cJSON *json = cJSON_CreateObject();
    auto_free char *manager = azml_format(NULL, "%s/", sandbox->endpoint);
    if (!json || !manager || azml_json_put_text(json, "portal", "https://portal.azure.com") < 0 ||
        put_authentication(json, sandbox, true) < 0 ||
        azml_json_put_text(json, "name", "AzmlSandbox") < 0 ||
        azml_json_put_text(json, "resourceManager", manager) < 0)
        return NULL;
    for (size_t i = 0; i < AZML_COUNT(public_part); i++) {
        if (azml_json_put_text(json, public_part[i].path, public_part[i].value) < 0)
            return NULL;
    }
    return AZML_STEAL(json);
}

static cJSON *cloud_of_2015(const struct sandbox *sandbox)
{
    auto_json cJSON *json = cJSON_CreateObject();
    if (!json || azml_json_put_text(json, "galleryEndpoint", "https://gallery.azure.com/") < 0 ||
        azml_json_put_text(json, "graphEndpoint", "https://graph.windows.net/") < 0 ||
        azml_json_put_text(json, "portalEndpoint", "https://portal.azure.com/") < 0 ||
        put_authentication(json, sandbox, false) < 0)
        return NULL;
    return AZML_STEAL(json);
}

static cJSON *in_array(cJSON *item)
{
    auto_json cJSON *array = item ? cJSON_CreateArray() : NULL;
    if (!array) {
        cJSON_Delete(item);
        return NULL;
    }
    return azml_json_append(array, item) == 0 ? AZML_STEAL(array) : NULL;
}

static int endpoints(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    (void)err;
    const char *version = request->api_version;
    if (strcmp(version, "2015-01-01") == 0)
        return sandbox_reply_json(reply, 200, cloud_of_2015(sandbox));
    if (strcmp(version, "2019-05-01") == 0 || strcmp(version, "2020-06-01") == 0)
        return sandbox_reply_json(reply, 200, in_array(cloud(sandbox)));
    if (strcmp(version, "2022-09-01") == 0)
        return sandbox_reply_json(reply, 200, cloud(sandbox));
    if (!*version)
        return sandbox_reply_error(
            reply, 400, "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.");
    return sandbox_reply_error(reply, 400, "InvalidApiVersionParameter",
                               "The api-version '%s' is invalid. The supported versions are "
                               "'2022-09-01, 2020-06-01, 2019-05-01, 2015-01-01'.",
                               version);
}

static const struct sandbox_route routes[] = {
    {"GET",      "/metadata/endpoints", endpoints, NULL,
     SANDBOX_ROUTE_NO_AUTH | SANDBOX_ROUTE_NO_VERSION},
    {0},
};

const struct sandbox_provider sandbox_metadata = {.name = "metadata", .routes = routes};
