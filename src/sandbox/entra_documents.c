#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/entra.h"
#include "sandbox/tokens.h"

#include <string.h>

#define OPEN (SANDBOX_ROUTE_NO_AUTH | SANDBOX_ROUTE_NO_VERSION | SANDBOX_ROUTE_RAW_BODY)

/* "endpoint/tenant" followed by `rest`. */
static int put_address(cJSON *json, const char *name, const char *endpoint, const char *tenant,
                       const char *rest)
{
    auto_free char *text = azml_format(NULL, "%s/%s%s", endpoint, tenant, rest);
    return text ? azml_json_put_text(json, name, text) : -1;
}

static int put_words(cJSON *json, const char *name, const char *words)
{
    auto_json cJSON *array = cJSON_CreateArray();
    auto_free char *copy = azml_strdup(words, NULL);
    if (!array || !copy)
        return -1;
    char *rest = copy;
    while (rest) {
        if (azml_json_append(array, cJSON_CreateString(azml_split(&rest, ','))) < 0)
            return -1;
    }
    return azml_json_put(json, name, AZML_STEAL(array));
}

/* --- OpenID configuration (entra-auth 2.2) --- */

static int put_endpoints(cJSON *json, const char *endpoint, const char *tenant, bool is_v1)
{
    static const struct {
        const char *name, *v2, *v1;
    } rows[] = {
        {"token_endpoint",                "/oauth2/v2.0/token",      "/oauth2/token"     },
        {"jwks_uri",                      "/discovery/v2.0/keys",    "/discovery/keys"   },
        {"authorization_endpoint",        "/oauth2/v2.0/authorize",  "/oauth2/authorize" },
        {"device_authorization_endpoint", "/oauth2/v2.0/devicecode", "/oauth2/devicecode"},
        {"end_session_endpoint",          "/oauth2/v2.0/logout",     "/oauth2/logout"    },
        {"kerberos_endpoint",             "/kerberos",               "/kerberos"         },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (put_address(json, rows[i].name, endpoint, tenant, is_v1 ? rows[i].v1 : rows[i].v2) < 0)
            return -1;
    }
    return 0;
}

static int put_lists(cJSON *json)
{
    static const struct {
        const char *name, *words;
    } rows[] = {
        {"token_endpoint_auth_methods_supported", "client_secret_post,client_secret_basic"                     },
        {"response_modes_supported",              "query,fragment,form_post"                                   },
        {"subject_types_supported",               "pairwise"                                                   },
        {"id_token_signing_alg_values_supported", "RS256"                                                      },
        {"response_types_supported",              "code,id_token,code id_token,id_token token"                 },
        {"scopes_supported",                      "openid,profile,email,offline_access"                        },
        {"claims_supported",                      "sub,iss,aud,exp,iat,auth_time,acr,nonce,"
                             "preferred_username,name,tid,ver,at_hash,c_hash,email"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (put_words(json, rows[i].name, rows[i].words) < 0)
            return -1;
    }
    return 0;
}

static int put_constants(cJSON *json, bool is_shared)
{
    if (azml_json_put_text(json, "userinfo_endpoint", "https://graph.microsoft.com/oidc/userinfo") <
            0 ||
        azml_json_put_text(json, "cloud_instance_name", "microsoftonline.com") < 0 ||
        azml_json_put_text(json, "cloud_graph_host_name", "graph.windows.net") < 0 ||
        azml_json_put_text(json, "msgraph_host", "graph.microsoft.com") < 0 ||
        azml_json_put_text(json, "rbac_url", "https://pas.windows.net") < 0 ||
        azml_json_put_text(json, "tenant_region_scope", is_shared ? NULL : "WW") < 0 ||
        azml_json_put_bool(json, "http_logout_supported", true) < 0 ||
        azml_json_put_bool(json, "frontchannel_logout_supported", true) < 0)
        return -1;
    return azml_json_put_bool(json, "request_uri_parameter_supported", false);
}

/* On a shared name the endpoints keep that name and the issuer is literally "{tenantid}". */
static int put_issuer(cJSON *json, const char *endpoint, const char *tenant, bool is_v1)
{
    const char *in_issuer = sandbox_entra_is_shared(tenant) ? "{tenantid}" : tenant;
    if (sandbox_entra_is_adfs(tenant))
        return put_address(json, "issuer", endpoint, tenant, "");
    if (!is_v1)
        return put_address(json, "issuer", endpoint, in_issuer, "/v2.0");
    return put_address(json, "issuer", "https://sts.windows.net", in_issuer, "/");
}

static int openid(struct sandbox *sandbox, const struct sandbox_request *request,
                  struct sandbox_reply *reply, bool is_v1)
{
    const char *name = sandbox_request_param(request, "tenant");
    bool is_adfs = is_v1 && sandbox_entra_is_adfs(name);
    bool is_shared = sandbox_entra_is_shared(name);
    if (!is_adfs && !is_shared && !sandbox_entra_is_tenant(sandbox, name))
        return sandbox_entra_refuse_tenant(sandbox, request, reply, name);
    const char *tenant = is_shared || is_adfs ? name : sandbox->tenant_id;
    auto_json cJSON *json = cJSON_CreateObject();
    bool ok = json && put_endpoints(json, sandbox->endpoint, tenant, is_v1) == 0 &&
              put_lists(json) == 0 && put_issuer(json, sandbox->endpoint, tenant, is_v1) == 0 &&
              put_constants(json, is_shared) == 0;
    sandbox_entra_headers(request, reply);
    sandbox_reply_header(reply, "Cache-Control", "max-age=86400, private");
    sandbox_reply_header(reply, "Access-Control-Allow-Origin", "*");
    return sandbox_reply_json(reply, 200, ok ? AZML_STEAL(json) : NULL);
}

static int openid_v2(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    (void)err;
    return openid(sandbox, request, reply, false);
}

static int openid_v1(struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, struct azml_error *err)
{
    (void)err;
    return openid(sandbox, request, reply, true);
}

/* --- keys (2.4) --- */

static int keys(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_reply *reply, struct azml_error *err)
{
    const char *name = sandbox_request_param(request, "tenant");
    if (!sandbox_entra_is_shared(name) && !sandbox_entra_is_adfs(name) &&
        !sandbox_entra_is_tenant(sandbox, name))
        return sandbox_entra_refuse_tenant(sandbox, request, reply, name);
    if (!sandbox->tokens)
        return azml_error_set(err, AZML_ERROR_FAILED, "this sandbox has no token key");
    auto_json cJSON *json = cJSON_CreateObject();
    auto_json cJSON *list = cJSON_CreateArray();
    auto_json cJSON *jwk = sandbox_tokens_jwk(sandbox->tokens);
    if (!json || !list || !jwk ||
        azml_json_put_text(jwk, "cloud_instance_name", "microsoftonline.com") < 0 ||
        put_address(jwk, "issuer", sandbox->endpoint, "{tenantid}", "/v2.0") < 0 ||
        azml_json_append(list, AZML_STEAL(jwk)) < 0 ||
        azml_json_put(json, "keys", AZML_STEAL(list)) < 0)
        return azml_error_memory(err);
    sandbox_entra_headers(request, reply);
    sandbox_reply_header(reply, "Cache-Control", "max-age=86400, private");
    return sandbox_reply_json(reply, 200, AZML_STEAL(json));
}

/* --- instance discovery (2.1) --- */

/* Host and tenant of "https://host[:port]/tenant/…", in place; false where it is no such URL. */
static bool cut_authority(char *url, char **host_out, char **tenant_out)
{
    if (!azml_has_prefix_nocase(url, "https://"))
        return false;
    char *rest = url + strlen("https://");
    *host_out = azml_split(&rest, '/');
    *tenant_out = azml_split(&rest, '/');
    return **host_out && *tenant_out && **tenant_out;
}

/* Some clients lose the port, so that the host alone counts as known. */
static bool is_own_host(const char *host)
{
    static const char *const own[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; i < AZML_COUNT(own); i++) {
        size_t length = strlen(own[i]);
        if (azml_has_prefix_nocase(host, own[i]) && (host[length] == '\0' || host[length] == ':'))
            return true;
    }
    return false;
}

static cJSON *instance_json(const struct sandbox *sandbox, const char *tenant, const char *version)
{
    const char *host = sandbox->endpoint + strlen("https://");
    auto_free char *aliases = azml_format(NULL, "%s,127.0.0.1,localhost", host);
    auto_json cJSON *json = cJSON_CreateObject();
    auto_json cJSON *entry = cJSON_CreateObject();
    auto_json cJSON *metadata = cJSON_CreateArray();
    if (!aliases || !json || !entry || !metadata ||
        azml_json_put_text(entry, "preferred_network", host) < 0 ||
        azml_json_put_text(entry, "preferred_cache", host) < 0 ||
        put_words(entry, "aliases", aliases) < 0 ||
        azml_json_append(metadata, AZML_STEAL(entry)) < 0 ||
        put_address(json, "tenant_discovery_endpoint", sandbox->endpoint, tenant,
                    "/v2.0/.well-known/openid-configuration") < 0 ||
        azml_json_put_member(json, "api-version", cJSON_CreateString(version)) < 0 ||
        azml_json_put(json, "metadata", AZML_STEAL(metadata)) < 0)
        return NULL;
    return AZML_STEAL(json);
}

static int instance(struct sandbox *sandbox, const struct sandbox_request *request,
                    struct sandbox_reply *reply, struct azml_error *err)
{
    const char *asked = sandbox_request_query(request, "authorization_endpoint");
    auto_free char *url = azml_strdup(asked ? asked : "", err);
    char *host = NULL, *tenant = NULL;
    if (!url)
        return -1;
    if (!cut_authority(url, &host, &tenant) || !is_own_host(host))
        return sandbox_entra_refuse(sandbox, request, NULL, reply, 400, "invalid_instance", 50049,
                                    "Unknown or invalid instance.");
    const char *version = *request->api_version ? request->api_version : "1.1";
    sandbox_entra_headers(request, reply);
    return sandbox_reply_json(reply, 200, instance_json(sandbox, tenant, version));
}

static const struct sandbox_route routes[] = {
    {"GET",      "/{tenant}/v2.0/.well-known/openid-configuration", openid_v2, NULL, OPEN},
    {"GET", "/{tenant}/.well-known/openid-configuration", openid_v1, NULL, OPEN},
    {"GET",      "/{tenant}/discovery/v2.0/keys", keys, NULL, OPEN},
    {"GET",      "/{tenant}/discovery/keys", keys, NULL, OPEN},
    {"GET", "/{tenant}/discovery/instance", instance, NULL, OPEN},
    {0     },
};

const struct sandbox_provider sandbox_entra_documents = {.name = "entra documents",
                                                         .routes = routes};
