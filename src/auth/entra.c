#include "auth/entra.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* contracts: 3 tries, 1 and 2 seconds between them, Retry-After up to a minute */
static const struct azml_http_retry token_retry = {
    .max_tries = 3, .base_ms = 1000, .cap_ms = 2000, .patience_ms = 60000};

/* --- what was refused --- */

/* The description in one line, with what identifies the case to Azure's support. */
static char *describe(const cJSON *json)
{
    auto_str struct azml_str text = {0};
    const char *description = azml_json_text(json, "error_description");
    for (const char *at = description ? description : ""; *at; at++) {
        if (*at == '\n')
            azml_str_add_char(&text, ' ');
        else if (*at != '\r')
            azml_str_add_char(&text, *at);
    }
    static const struct {
        const char *label, *path;
    } ids[] = {
        {"Trace ID: ",       "trace_id"      },
        {"Correlation ID: ", "correlation_id"},
        {"Timestamp: ",      "timestamp"     }
    };
    for (size_t i = 0; i < AZML_COUNT(ids); i++) {
        const char *id = azml_json_text(json, ids[i].path);
        if (id && !strstr(azml_str_text(&text), ids[i].label))
            azml_str_addf(&text, " %s%s", ids[i].label, id);
    }
    return azml_str_take(&text, NULL);
}

/* The number of the case: of error_codes, else out of the text. 0 where there is none. */
static long code_of(const cJSON *json)
{
    int64_t code = azml_json_int_or(json, "error_codes.0", 0);
    const char *description = azml_json_text(json, "error_description");
    const char *mark = description ? strstr(description, "AADSTS") : NULL;
    if (code == 0 && mark)
        code = strtol(mark + strlen("AADSTS"), NULL, 10);
    return (long)code;
}

static int set_from_json(struct azml_error *err, const cJSON *json)
{
    long code = code_of(json);
    auto_free char *name = code ? azml_format(NULL, "AADSTS%ld", code) : NULL;
    auto_free char *text = describe(json);
    azml_error_said(err, name ? name : azml_json_text(json, "error"), text,
                    azml_json_text(json, "correlation_id"));
    struct azml_entra_advice advice = azml_entra_advice(code);
    if (advice.why)
        azml_error_why(err, "%s", advice.why);
    else if (code)
        azml_error_why(err, _("https://login.microsoftonline.com/error?code=%ld explains it"),
                       code);
    if (advice.hint)
        azml_error_hint(err, "%s", advice.hint);
    return -1;
}

int azml_entra_refusal(struct azml_error *err, const struct azml_http_response *response)
{
    if (response->refused_wait_ms)
        azml_error_set(err, AZML_ERROR_THROTTLED,
                       _("the sign-in service asks to come back in %.0f s"),
                       (double)response->refused_wait_ms / 1000.0);
    else if (response->status >= 500 || response->status == 429 || response->status == 408)
        azml_error_set(err, AZML_ERROR_SERVICE, _("the sign-in service failed with status %d"),
                       response->status);
    else if (response->status >= 300 && response->status < 400)
        azml_error_set(err, AZML_ERROR_PROTOCOL,
                       _("the sign-in service points elsewhere, which is not followed"));
    else
        azml_error_set(err, AZML_ERROR_SIGNED_OUT, _("sign-in was refused"));
    if (err)
        err->http_status = response->status;
    auto_json cJSON *json = azml_json_parse(response->body, response->body_length, NULL);
    return json ? set_from_json(err, json) : -1;
}

/* --- what is asked --- */

static int check_tenant(const char *tenant, struct azml_error *err)
{
    static const char *const shared[] = {"common", "organizations", "consumers"};
    for (size_t i = 0; i < AZML_COUNT(shared); i++) {
        if (!azml_same_text(tenant, shared[i]))
            continue;
        azml_error_set(err, AZML_ERROR_SIGNED_OUT,
                       _("a service principal cannot sign in to the tenant '%s'"), tenant);
        return azml_error_hint(err, "%s", _("set AZURE_TENANT_ID to a tenant id"));
    }
    static const char allowed[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.";
    if (*tenant && strspn(tenant, allowed) == strlen(tenant))
        return 0;
    return azml_error_set(err, AZML_ERROR_USAGE, _("'%.100s' is no tenant id"), tenant);
}

static void add_field(struct azml_str *form, const char *name, const char *value)
{
    azml_str_addf(form, "%s%s=", form->length ? "&" : "", name);
    azml_str_add_percent(form, value, NULL);
}

static char *make_form(const struct azml_cloud *cloud, const char *client,
                       const struct azml_secret *secret, struct azml_error *err)
{
    auto_str struct azml_str form = {0};
    auto_free char *scope = azml_format(err, "%s/.default", cloud->audience);
    if (!scope)
        return NULL;
    add_field(&form, "grant_type", "client_credentials");
    add_field(&form, "client_id", client);
    add_field(&form, "scope", scope);
    add_field(&form, "client_secret", azml_secret_reveal(secret));
    return azml_str_take(&form, err);
}

static int take_token(const struct azml_http_response *response, int64_t wall_ms,
                      struct azml_token *token_out, struct azml_error *err)
{
    auto_json cJSON *json = azml_json_parse(response->body, response->body_length, err);
    if (!json)
        return azml_error_context(err, _("the sign-in service's answer makes no sense"));
    if (azml_json_at(json, "error"))
        return azml_entra_refusal(err, response);
    const char *value = NULL;
    if (azml_json_string(json, "access_token", &value, err) < 0)
        return azml_error_context(err, _("the sign-in service's answer holds no token"));
    int64_t seconds = azml_json_int_or(json, "expires_in", 600);
    token_out->expires_ms = wall_ms + (seconds > 0 && seconds < 864000 ? seconds : 600) * 1000;
    int done = azml_secret_set(&token_out->value, value, strlen(value), err);
    cJSON *held = cJSON_GetObjectItemCaseSensitive(json, "access_token");
    if (cJSON_IsString(held))
        azml_wipe(held->valuestring, strlen(held->valuestring));
    return done;
}

static int post_form(const struct azml_credential_options *options, const char *url,
                     const char *form, struct azml_token *token_out, struct azml_error *err)
{
    static const struct azml_http_header headers[] = {
        {.name = "return-client-request-id", .value = "true"      },
        {.name = "x-client-sku",             .value = "azml"      },
        {.name = "x-client-ver",             .value = AZML_VERSION},
    };
    const struct azml_http_request request = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .header_count = AZML_COUNT(headers),
        .body = form,
        .body_length = strlen(form),
        .content_type = "application/x-www-form-urlencoded",
        .repeat = AZML_HTTP_REPEAT_SAFE,
        .retry = &token_retry,
        .private_bodies = true,
    };
    struct azml_http_response response = {0};
    if (azml_http_send(options->http, &request, &response, err) < 0)
        return azml_error_context(err, _("could not reach the sign-in service"));
    int64_t wall_ms = azml_clock_wall_ms(azml_http_clock(options->http));
    int done = response.status == 200 ? take_token(&response, wall_ms, token_out, err)
                                      : azml_entra_refusal(err, &response);
    azml_http_response_cleanup(&response);
    return done;
}

int azml_entra_client_secret(const struct azml_credential_options *options, const char *tenant,
                             const char *client, const struct azml_secret *secret,
                             struct azml_token *token_out, struct azml_error *err)
{
    if (check_tenant(tenant, err) < 0)
        return -1;
    auto_free char *url =
        azml_format(err, "%s/%s/oauth2/v2.0/token", options->cloud->authority, tenant);
    if (!url)
        return -1;
    auto_free char *form = make_form(options->cloud, client, secret, err);
    if (!form)
        return -1;
    int done = post_form(options, url, form, token_out, err);
    azml_wipe(form, strlen(form));
    return done;
}
