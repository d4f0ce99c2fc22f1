#include "sandbox/authorize.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/gate.h"
#include "sandbox/tokens.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static bool is_with_slash(const char *audience, const char *base)
{
    size_t length = strlen(base);
    return azml_has_prefix_nocase(audience, base) &&
           (audience[length] == '\0' || strcmp(audience + length, "/") == 0);
}

bool sandbox_is_audience(const struct sandbox *sandbox, const char *audience)
{
    const char *colon = strrchr(sandbox->endpoint, ':');
    auto_free char *by_name = azml_format(NULL, "https://localhost%s", colon ? colon : "");
    return is_with_slash(audience, sandbox->endpoint) ||
           (by_name && is_with_slash(audience, by_name)) ||
           is_with_slash(audience, "https://management.azure.com") ||
           is_with_slash(audience, "https://management.core.windows.net");
}

static int refuse(const struct sandbox *sandbox, struct sandbox_reply *reply, const char *code,
                  const char *message)
{
    sandbox_reply_headerf(reply, "WWW-Authenticate",
                          "Bearer authorization_uri=\"%s/%s\", error=\"invalid_token\", "
                          "error_description=\"%s\"",
                          sandbox->endpoint, sandbox->tenant_id, message);
    sandbox_reply_header(reply, "x-ms-failure-cause", "gateway");
    return sandbox_reply_error(reply, 401, code, "%s", message);
}

/* "11/4/2018 7:00:28 AM", as the service writes it. */
static void us_time(char out[80], int64_t unix_seconds)
{
    time_t at = (time_t)unix_seconds;
    struct tm parts;
    gmtime_r(&at, &parts);
    int hour = parts.tm_hour % 12;
    snprintf(out, 80, "%d/%d/%d %d:%02d:%02d %s", parts.tm_mon + 1, parts.tm_mday,
             parts.tm_year + 1900, hour ? hour : 12, parts.tm_min, parts.tm_sec,
             parts.tm_hour < 12 ? "AM" : "PM");
}

static int refuse_expired(const struct sandbox *sandbox, struct sandbox_reply *reply,
                          int64_t expiry, int64_t now)
{
    char then_text[80], now_text[80];
    us_time(then_text, expiry);
    us_time(now_text, now);
    auto_free char *message = azml_format(
        NULL, "The access token expiry UTC time '%s' is earlier than current UTC time '%s'.",
        then_text, now_text);
    return refuse(sandbox, reply, "ExpiredAuthenticationToken", message ? message : "");
}

static int refuse_tenant(const struct sandbox *sandbox, struct sandbox_reply *reply,
                         const char *issuer)
{
    auto_free char *message = azml_format(
        NULL,
        "The access token is from the wrong issuer '%s'. It must match the tenant "
        "'https://sts.windows.net/%s/' associated with this subscription. Please use the authority "
        "(URL) '%s/%s' to get the token. Note, if the subscription is transferred to another "
        "tenant there is no impact to the services, but information about new tenant could take "
        "time to propagate (up to an hour). If you just transferred your subscription and see this "
        "error message, please try back later.",
        issuer, sandbox->tenant_id, sandbox->endpoint, sandbox->tenant_id);
    return refuse(sandbox, reply, "InvalidAuthenticationTokenTenant", message ? message : "");
}

static int refuse_audience(const struct sandbox *sandbox, struct sandbox_reply *reply,
                           const char *audience)
{
    auto_free char *message = azml_format(
        NULL,
        "The access token has been obtained for wrong audience or resource '%s'. It should exactly "
        "match with one of the allowed audiences '%s/','https://management.core.windows.net/',"
        "'https://management.azure.com/'.",
        audience, sandbox->endpoint);
    return refuse(sandbox, reply, "InvalidAuthenticationTokenAudience", message ? message : "");
}

static void keep(char *out, size_t room, const cJSON *claims, const char *name)
{
    const char *value = azml_json_text(claims, name);
    snprintf(out, room, "%s", value ? value : "");
}

static int judge(const struct sandbox *sandbox, struct sandbox_request *request,
                 const cJSON *claims, struct sandbox_reply *reply)
{
    int64_t now = sandbox_now_ms(sandbox) / 1000;
    int64_t expiry = azml_json_int_or(claims, "exp", 0);
    const char *audience = azml_json_text(claims, "aud");
    const char *issuer = azml_json_text(claims, "iss");
    if (!audience || !issuer || azml_json_int_or(claims, "nbf", 0) > now + 300)
        return refuse(sandbox, reply, "InvalidAuthenticationToken", "The access token is invalid.");
    if (expiry <= now)
        return refuse_expired(sandbox, reply, expiry, now);
    auto_free char *own = azml_format(NULL, "https://sts.windows.net/%s/", sandbox->tenant_id);
    if (!own || strcmp(own, issuer) != 0)
        return refuse_tenant(sandbox, reply, issuer);
    if (!sandbox_is_audience(sandbox, audience))
        return refuse_audience(sandbox, reply, audience);
    keep(request->caller.object_id, sizeof(request->caller.object_id), claims, "oid");
    keep(request->caller.client_id, sizeof(request->caller.client_id), claims, "appid");
    keep(request->caller.tenant_id, sizeof(request->caller.tenant_id), claims, "tid");
    return 0;
}

/* Without a token an unknown subscription is told apart, so that its tenant can be looked up. */
static int refuse_missing(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply)
{
    if (request->segment_count >= 2 && azml_same_text(request->segments[0], "subscriptions") &&
        !sandbox_subscription_exists(sandbox, request->segments[1]))
        return sandbox_reply_error(reply, 404, "SubscriptionNotFound",
                                   "The subscription '%s' could not be found.",
                                   request->segments[1]);
    return refuse(sandbox, reply, "AuthenticationFailed",
                  "Authentication failed. The 'Authorization' header is missing.");
}

int sandbox_authorize(struct sandbox *sandbox, struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err)
{
    const char *header = sandbox_request_header(request, "Authorization");
    if (!header || !*header)
        return refuse_missing(sandbox, request, reply);
    if (!azml_has_prefix_nocase(header, "Bearer "))
        return refuse(sandbox, reply, "AuthenticationFailedInvalidHeader",
                      "Authentication failed. The 'Authorization' header is provided in an invalid "
                      "format.");
    if (!sandbox->tokens)
        return azml_error_set(err, AZML_ERROR_FAILED, "this sandbox has no token key");
    auto_json cJSON *claims = sandbox_tokens_verify(
        sandbox->tokens, header + strlen("Bearer ") + strspn(header + strlen("Bearer "), " "));
    if (!claims)
        return refuse(sandbox, reply, "InvalidAuthenticationToken", "The access token is invalid.");
    return judge(sandbox, request, claims, reply);
}
