#include "auth/entra.h"
#include "auth/jwt.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/platform.h"

#include <string.h>

static const uint64_t patience_ms =
    30000; /* az is a large Python program, slow at its first start */

static int take_token(const char *text, struct azml_token *token_out, struct azml_error *err)
{
    auto_json cJSON *json = azml_json_parse(text, strlen(text), err);
    const char *value = NULL;
    if (!json || azml_json_string(json, "accessToken", &value, err) < 0)
        return azml_error_context(err, _("could not read what az printed"));
    if (azml_secret_set(&token_out->value, value, strlen(value), err) < 0)
        return -1;
    /* expiresOn is local time without a zone, so the token's own word comes before it */
    int64_t seconds = azml_json_int_or(json, "expires_on", 0);
    token_out->expires_ms = seconds > 0 ? seconds * 1000 : azml_jwt_expires_ms(&token_out->value);
    const char *subscription = azml_json_text(json, "subscription");
    if (subscription) {
        token_out->subscription = azml_strdup(subscription, err);
        if (!token_out->subscription)
            return -1;
    }
    cJSON *held = cJSON_GetObjectItemCaseSensitive(json, "accessToken");
    azml_wipe(held->valuestring, strlen(held->valuestring));
    return 0;
}

/* az signed in, but its sign-in was refused: that is the answer. */
static enum azml_source_answer refuse(const char *text, struct azml_error *err)
{
    const char *mark = strstr(text, "AADSTS");
    long code = mark ? strtol(mark + strlen("AADSTS"), NULL, 10) : 0;
    auto_free char *name = code ? azml_format(NULL, "AADSTS%ld", code) : NULL;
    auto_free char *line =
        azml_strndup(mark ? mark : text, strcspn(mark ? mark : text, "\r\n"), err);
    azml_error_set(err, AZML_ERROR_SIGNED_OUT, _("the Azure CLI could not get a token"));
    azml_error_said(err, name, line, NULL);
    struct azml_entra_advice advice = azml_entra_advice(code);
    if (advice.why)
        azml_error_why(err, "%s", advice.why);
    azml_error_hint(err, "%s", advice.hint ? advice.hint : "az login");
    return AZML_SOURCE_REFUSED;
}

static enum azml_source_answer judge(int status, const char *out, const char *complaint,
                                     struct azml_token *token_out, struct azml_str *missing,
                                     struct azml_error *err)
{
    if (status == 0)
        return take_token(out, token_out, err) < 0 ? AZML_SOURCE_REFUSED : AZML_SOURCE_TOKEN;
    if (strstr(complaint, "AADSTS") || strstr(complaint, "Interactive authentication is needed"))
        return refuse(complaint, err);
    if (strstr(complaint, "az login")) {
        azml_str_add(missing, _("the Azure CLI is not signed in"));
        return AZML_SOURCE_NOTHING;
    }
    azml_str_addf(missing, _("the Azure CLI failed: %.*s"), (int)strcspn(complaint, "\r\n"),
                  complaint);
    return AZML_SOURCE_NOTHING;
}

/* The sign-in of an installed az; an array of words, so that no shell reads any of them. */
static enum azml_source_answer acquire(const struct azml_credential_options *options, bool again,
                                       struct azml_token *token_out, struct azml_str *missing,
                                       struct azml_error *err)
{
    (void)again;
    auto_free char *program = azml_platform_find_program("az");
    if (!program || program[0] != '/') { /* never one of the current folder */
        azml_str_add(missing, _("the Azure CLI (az) is not installed"));
        return AZML_SOURCE_NOTHING;
    }
    const char *const argv[] = {program, "account",    "get-access-token",       "-o",
                                "json",  "--resource", options->cloud->audience, NULL};
    auto_free char *out = NULL;
    auto_free char *complaint = NULL;
    int status =
        azml_platform_capture(argv, patience_ms, AZML_LIMIT_TOKEN_FILE, &out, &complaint, err);
    if (status < 0) {
        azml_error_context(err, _("could not ask the Azure CLI for a token"));
        return AZML_SOURCE_REFUSED;
    }
    enum azml_source_answer answer =
        judge(status, out ? out : "", complaint ? complaint : "", token_out, missing, err);
    if (out)
        azml_wipe(out, strlen(out));
    return answer;
}

const struct azml_source azml_source_az = {
    .name = "az",
    .is_in_chain = true,
    .acquire = acquire,
};
