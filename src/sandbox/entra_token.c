#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/authorize.h"
#include "sandbox/entra.h"
#include "sandbox/tokens.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#define LIFE 3599 /* seconds that an application's token lives */

/* One request for a token while it is judged. */
struct ask {
    struct sandbox *sandbox;
    const struct sandbox_request *request;
    struct sandbox_reply *reply;
    struct sandbox_pairs form;
    bool is_v1;
    bool is_adfs; /* v1 by its address, but numbers as numbers, and `scope` will do */
    char *client_id;
    struct azml_secret secret;
    char *resource; /* the audience asked for */
};

#define REFUSE(ask, status, error, code, ...)                                                  \
    sandbox_entra_refuse((ask)->sandbox, (ask)->request, &(ask)->form, (ask)->reply, (status), \
                         (error), (code), __VA_ARGS__)

static bool is_refused(const struct ask *ask)
{
    return ask->reply->status != 0;
}

static int require(struct ask *ask, const char *name)
{
    const char *value = sandbox_pairs_find(&ask->form, name);
    if (value && *value)
        return 0;
    return REFUSE(ask, 400, "invalid_request", 900144,
                  "The request body must contain the following parameter: '%s'.", name);
}

/* --- the form --- */

static int check_form(struct ask *ask)
{
    for (size_t i = 0; i < ask->form.count; i++) {
        const char *name = ask->form.items[i].name;
        if (sandbox_pairs_find(&ask->form, name) != ask->form.items[i].value)
            return REFUSE(ask, 400, "invalid_request", 9000411,
                          "The request is not properly formatted. The parameter '%s' is "
                          "duplicated.",
                          name);
    }
    return 0;
}

static int read_form(struct ask *ask, struct azml_error *err)
{
    const char *type = sandbox_request_header(ask->request, "Content-Type");
    if (!type || !azml_has_prefix_nocase(type, "application/x-www-form-urlencoded"))
        return REFUSE(ask, 400, "invalid_request", 900144,
                      "The request body must contain the following parameter: 'grant_type'.");
    auto_error struct azml_error why = {0};
    if (sandbox_pairs_parse(&ask->form, ask->request->body, &why) < 0)
        return why.code == AZML_ERROR_USAGE
                   ? REFUSE(ask, 400, "invalid_request", 900144,
                            "The request body must contain the following parameter: 'grant_type'.")
                   : azml_error_memory(err);
    return check_form(ask);
}

/* client_secret_basic: "Authorization: Basic base64(id:secret)", both form-encoded. */
static int read_basic(struct ask *ask, struct azml_error *err)
{
    const char *header = sandbox_request_header(ask->request, "Authorization");
    if (!header || !azml_has_prefix_nocase(header, "Basic "))
        return 0;
    size_t length;
    char *text = (char *)azml_base64_decode(header + 6, strlen(header + 6), &length, NULL);
    if (!text)
        return 0;
    auto_secret struct azml_secret both = {0};
    azml_secret_adopt(&both, text, length);
    char *secret = text;
    char *id = azml_split(&secret, ':');
    azml_percent_decode(id, true);
    if (!secret || !(ask->client_id = azml_strdup(id, err)))
        return secret ? -1 : 0;
    azml_percent_decode(secret, true);
    return azml_secret_set(&ask->secret, secret, strlen(secret), err);
}

static int read_client(struct ask *ask, struct azml_error *err)
{
    const char *id = sandbox_pairs_find(&ask->form, "client_id");
    const char *secret = sandbox_pairs_find(&ask->form, "client_secret");
    if (!id && read_basic(ask, err) < 0)
        return -1;
    if (!ask->client_id && require(ask, "client_id") == 0 && !is_refused(ask) &&
        !(ask->client_id = azml_strdup(id, err)))
        return -1;
    if (secret)
        return azml_secret_set(&ask->secret, secret, strlen(secret), err);
    return 0;
}

/* --- judging --- */

static int check_tenant(struct ask *ask)
{
    const char *tenant = sandbox_request_param(ask->request, "tenant");
    ask->is_adfs = ask->is_v1 && sandbox_entra_is_adfs(tenant);
    if (ask->is_adfs || sandbox_entra_is_tenant(ask->sandbox, tenant))
        return 0;
    if (!sandbox_entra_is_shared(tenant))
        return sandbox_entra_refuse_tenant(ask->sandbox, ask->request, ask->reply, tenant);
    return REFUSE(ask, 400, "invalid_request", 50059,
                  "No tenant-identifying information found in either the request or implied by any "
                  "provided credentials.");
}

static int check_grant(struct ask *ask)
{
    if (require(ask, "grant_type") < 0 || is_refused(ask))
        return 0;
    const char *grant = sandbox_pairs_find(&ask->form, "grant_type");
    if (strcmp(grant, "client_credentials") == 0)
        return 0;
    return REFUSE(ask, 400, "unsupported_grant_type", 70003,
                  "The app requested an unsupported grant type '%s'.", grant);
}

static int check_client(struct ask *ask)
{
    if (!azml_same_text(ask->client_id, ask->sandbox->client_id))
        return REFUSE(ask, 400, "unauthorized_client", 700016,
                      "Application with identifier '%s' was not found in the directory '%s'. This "
                      "can happen if the application has not been installed by the administrator "
                      "of the tenant or consented to by any user in the tenant. You may have sent "
                      "your authentication request to the wrong tenant.",
                      ask->client_id, SANDBOX_DOMAIN);
    if (azml_secret_is_empty(&ask->secret))
        return REFUSE(ask, 401, "invalid_client", 7000218,
                      "The request body must contain the following parameter: 'client_assertion' "
                      "or 'client_secret'.");
    const char *right = ask->sandbox->client_secret;
    if (ask->secret.length == strlen(right) &&
        CRYPTO_memcmp(azml_secret_reveal(&ask->secret), right, ask->secret.length) == 0)
        return 0;
    return REFUSE(ask, 401, "invalid_client", 7000215,
                  "Invalid client secret provided. Ensure the secret being sent in the request is "
                  "the client secret value, not the client secret ID, for a secret added to app "
                  "'%s'.",
                  ask->client_id);
}

static bool is_identity_scope(const char *scope)
{
    static const char *const own[] = {"", "openid", "profile", "email", "offline_access"};
    for (size_t i = 0; i < AZML_COUNT(own); i++) {
        if (azml_same_text(scope, own[i]))
            return true;
    }
    return false;
}

/* The one resource of a scope, cut off at its "/.default". */
static int take_scope(struct ask *ask, char *scopes, const char *scope_text, struct azml_error *err)
{
    while (scopes) {
        const char *scope = azml_split(&scopes, ' ');
        if (is_identity_scope(scope))
            continue;
        if (ask->resource)
            return REFUSE(ask, 400, "invalid_request", 28000,
                          "Provided value for the input parameter scope is not valid because it "
                          "contains more than one resource. Scope %s is not valid.",
                          scope_text);
        if (!azml_has_suffix(scope, "/.default"))
            return REFUSE(ask, 400, "invalid_scope", 1002012,
                          "The provided value for scope %s is not valid. Client credential flows "
                          "must have a scope value with /.default suffixed to the resource "
                          "identifier (application ID URI).",
                          scope);
        ask->resource = azml_strndup(scope, strlen(scope) - strlen("/.default"), err);
        if (!ask->resource)
            return -1;
    }
    if (ask->resource)
        return 0;
    return REFUSE(ask, 400, "invalid_scope", 70011,
                  "The provided request must include a 'scope' input parameter. The provided value "
                  "for the input parameter 'scope' is not valid. The scope %s is not valid.",
                  scope_text);
}

static int read_resource(struct ask *ask, struct azml_error *err)
{
    bool is_by_scope =
        !ask->is_v1 || (ask->is_adfs && !sandbox_pairs_find(&ask->form, "resource"));
    const char *name = is_by_scope ? "scope" : "resource";
    if (!ask->is_v1 && sandbox_pairs_find(&ask->form, "resource"))
        return REFUSE(ask, 400, "invalid_request", 901002,
                      "The 'resource' request parameter is not supported.");
    if (require(ask, name) < 0 || is_refused(ask))
        return 0;
    auto_free char *value = azml_strdup(sandbox_pairs_find(&ask->form, name), err);
    if (!value)
        return -1;
    if (is_by_scope)
        return take_scope(ask, value, sandbox_pairs_find(&ask->form, name), err);
    ask->resource = AZML_STEAL(value);
    return 0;
}

static int check_resource(struct ask *ask)
{
    if (sandbox_is_audience(ask->sandbox, ask->resource))
        return 0;
    return REFUSE(ask, 400, "invalid_resource", 500011,
                  "The resource principal named %s was not found in the tenant named %s. This can "
                  "happen if the application has not been installed by the administrator of the "
                  "tenant or consented to by any user in the tenant. You might have sent your "
                  "authentication request to the wrong tenant.",
                  ask->resource, SANDBOX_DOMAIN);
}

/* --- granting --- */

/* 16 random bytes, base64url: what Entra puts where nobody looks. */
static int put_chance(cJSON *claims, const char *name)
{
    uint8_t chance[16];
    azml_platform_random(chance, sizeof(chance));
    auto_free char *text = azml_base64url_encode(chance, sizeof(chance), NULL);
    return text ? azml_json_put_text(claims, name, text) : -1;
}

static cJSON *make_claims(const struct ask *ask, int64_t now)
{
    const struct sandbox *sandbox = ask->sandbox;
    auto_free char *issuer = azml_format(NULL, "https://sts.windows.net/%s/", sandbox->tenant_id);
    auto_json cJSON *claims = cJSON_CreateObject();
    if (!claims || !issuer || put_chance(claims, "aio") < 0 || put_chance(claims, "uti") < 0 ||
        put_chance(claims, "rh") < 0)
        return NULL;
    const struct {
        const char *name, *value;
    } texts[] = {
        {"aud",      ask->resource     },
        {"iss",      issuer            },
        {"appid",    sandbox->client_id},
        {"appidacr", "1"               },
        {"idp",      issuer            },
        {"idtyp",    "app"             },
        {"oid",      sandbox->object_id},
        {"sub",      sandbox->object_id},
        {"tid",      sandbox->tenant_id},
        {"ver",      "1.0"             },
    };
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        if (azml_json_put_text(claims, texts[i].name, texts[i].value) < 0)
            return NULL;
    }
    if (azml_json_put_number(claims, "iat", (double)(now - 300)) < 0 ||
        azml_json_put_number(claims, "nbf", (double)(now - 300)) < 0 ||
        azml_json_put_number(claims, "exp", (double)(now + LIFE)) < 0 ||
        azml_json_put_number(claims, "xms_tcdt", (double)(now - 86400)) < 0)
        return NULL;
    return AZML_STEAL(claims);
}

static int put_text_of(cJSON *json, const char *name, int64_t number)
{
    char text[32];
    snprintf(text, sizeof(text), "%lld", (long long)number);
    return azml_json_put_text(json, name, text);
}

/* Numbers in v2, texts in v1. */
static int put_times(const struct ask *ask, cJSON *json, int64_t now)
{
    if (!ask->is_v1 || ask->is_adfs)
        return azml_json_put_number(json, "expires_in", LIFE) < 0
                   ? -1
                   : azml_json_put_number(json, "ext_expires_in", LIFE);
    if (put_text_of(json, "expires_in", LIFE) < 0 ||
        put_text_of(json, "ext_expires_in", LIFE) < 0 ||
        put_text_of(json, "expires_on", now + LIFE) < 0 ||
        put_text_of(json, "not_before", now - 300) < 0)
        return -1;
    return azml_json_put_text(json, "resource", ask->resource);
}

static int grant(struct ask *ask, struct azml_error *err)
{
    int64_t now = sandbox_now_ms(ask->sandbox) / 1000;
    if (!ask->sandbox->tokens)
        return azml_error_set(err, AZML_ERROR_FAILED, "this sandbox has no token key");
    auto_json cJSON *claims = make_claims(ask, now);
    auto_free char *token = claims ? sandbox_tokens_sign(ask->sandbox->tokens, claims, err) : NULL;
    auto_json cJSON *json = cJSON_CreateObject();
    if (!token || !json || azml_json_put_text(json, "token_type", "Bearer") < 0 ||
        put_times(ask, json, now) < 0 || azml_json_put_text(json, "access_token", token) < 0)
        return azml_error_memory(err);
    sandbox_entra_headers(ask->request, ask->reply);
    return sandbox_reply_json(ask->reply, 200, AZML_STEAL(json));
}

/* In the order in which Entra ID finds fault. */
static int judge(struct ask *ask, struct azml_error *err)
{
    check_tenant(ask);
    if (!is_refused(ask) && read_form(ask, err) < 0)
        return -1;
    if (!is_refused(ask))
        check_grant(ask);
    if (!is_refused(ask) && read_client(ask, err) < 0)
        return -1;
    if (!is_refused(ask) && read_resource(ask, err) < 0)
        return -1;
    if (!is_refused(ask))
        check_client(ask);
    if (!is_refused(ask))
        check_resource(ask);
    return is_refused(ask) ? 0 : grant(ask, err);
}

static int give_token(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, bool is_v1, struct azml_error *err)
{
    struct ask ask = {.sandbox = sandbox, .request = request, .reply = reply, .is_v1 = is_v1};
    int result = judge(&ask, err);
    sandbox_pairs_cleanup(&ask.form);
    azml_secret_cleanup(&ask.secret);
    free(ask.client_id);
    free(ask.resource);
    return result;
}

static int post_v2(struct sandbox *sandbox, const struct sandbox_request *request,
                   struct sandbox_reply *reply, struct azml_error *err)
{
    return give_token(sandbox, request, reply, false, err);
}

static int post_v1(struct sandbox *sandbox, const struct sandbox_request *request,
                   struct sandbox_reply *reply, struct azml_error *err)
{
    return give_token(sandbox, request, reply, true, err);
}

static int refuse_method(struct sandbox *sandbox, const struct sandbox_request *request,
                         struct sandbox_reply *reply, struct azml_error *err)
{
    (void)err;
    return sandbox_entra_refuse(sandbox, request, NULL, reply, 405, "invalid_request", 900561,
                                "The endpoint only accepts POST requests. Received a %s request.",
                                request->method);
}

#define OPEN (SANDBOX_ROUTE_NO_AUTH | SANDBOX_ROUTE_NO_VERSION | SANDBOX_ROUTE_RAW_BODY)

static const struct sandbox_route routes[] = {
    {"POST",         "/{tenant}/oauth2/v2.0/token", post_v2, NULL, OPEN},
    {"*",       "/{tenant}/oauth2/v2.0/token", refuse_method, NULL, OPEN},
    {"POST",          "/{tenant}/oauth2/token", post_v1, NULL, OPEN},
    {"*",            "/{tenant}/oauth2/token", refuse_method, NULL, OPEN},
    {0},
};

const struct sandbox_provider sandbox_entra_token = {.name = "entra token", .routes = routes};
