#include "azml/credential.h"

#include "auth/jwt.h"
#include "auth/source.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/platform.h"

#include <string.h>

static const int64_t margin_ms = 300000; /* a token with less life than this is not used again */

const struct azml_source *const azml_sources[] = {
    &azml_source_token, &azml_source_environment, &azml_source_az, &azml_source_sandbox, NULL,
};

struct azml_credential {
    struct azml_credential_options options;
    const struct azml_source *only;   /* named by the person or brought by the cloud */
    const struct azml_source *chosen; /* that the kept token is from */
    struct azml_token token;
};

void azml_token_cleanup(struct azml_token *token)
{
    azml_secret_cleanup(&token->value);
    free(token->subscription);
    *token = (struct azml_token){0};
}

const char *const *azml_credential_names(void)
{
    static const char *const names[] = {"token", "environment", "az", "sandbox", NULL};
    return names;
}

static const struct azml_source *find(const char *name)
{
    for (size_t i = 0; azml_sources[i]; i++) {
        if (azml_same_text(azml_sources[i]->name, name))
            return azml_sources[i];
    }
    return NULL;
}

static int refuse_name(const char *name, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_USAGE, _("unknown credential '%s'"), name);
    auto_str struct azml_str known = {0};
    for (size_t i = 0; azml_sources[i]; i++)
        azml_str_addf(&known, "%s%s", i ? ", " : "", azml_sources[i]->name);
    return azml_error_why(err, _("known are %s"), azml_str_text(&known));
}

/* By name; else what the cloud brings, so that practice never sends a real identity anywhere; else
 * the environment's word; else the chain (NULL). */
static int choose_only(struct azml_credential *credential, struct azml_error *err)
{
    const char *name = credential->options.name;
    if (!name && credential->options.cloud->client_id)
        name = azml_source_sandbox.name;
    if (!name)
        name = azml_platform_env("AZML_AUTH");
    if (!name)
        return 0;
    credential->only = find(name);
    return credential->only ? 0 : refuse_name(name, err);
}

struct azml_credential *azml_credential_new(const struct azml_credential_options *options,
                                            struct azml_error *err)
{
    struct azml_credential *credential = calloc(1, sizeof(*credential));
    if (!credential) {
        azml_error_memory(err);
        return NULL;
    }
    credential->options = *options;
    if (choose_only(credential, err) < 0) {
        azml_credential_free(credential);
        return NULL;
    }
    credential->options.name = NULL; /* was lent for the call only */
    return credential;
}

void azml_credential_free(struct azml_credential *credential)
{
    if (!credential)
        return;
    azml_token_cleanup(&credential->token);
    free(credential);
}

const char *azml_credential_source(const struct azml_credential *credential)
{
    return credential->chosen ? credential->chosen->name : NULL;
}

const char *azml_credential_subscription(const struct azml_credential *credential)
{
    return credential->token.subscription;
}

static void say(const struct azml_credential *credential, const char *name, const char *what)
{
    if (!credential->options.notice)
        return;
    auto_free char *line = azml_format(NULL, _("credential %s: %s"), name, what);
    if (line)
        credential->options.notice(credential->options.data, line);
}

/* Ask one source; on success its token is the kept one. */
static enum azml_source_answer ask(struct azml_credential *credential,
                                   const struct azml_source *source, struct azml_str *missing,
                                   struct azml_error *err)
{
    struct azml_token token = {0};
    bool again = credential->chosen == source;
    enum azml_source_answer answer =
        source->acquire(&credential->options, again, &token, missing, err);
    if (answer == AZML_SOURCE_TOKEN) {
        azml_token_cleanup(&credential->token);
        credential->token = token;
        if (!again)
            say(credential, source->name, _("in use"));
        credential->chosen = source;
        return answer;
    }
    azml_token_cleanup(&token);
    return answer;
}

static int nothing_found(const char *looked, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_SIGNED_OUT, _("not signed in"));
    azml_error_why(err, "%s", looked);
    return azml_error_hint(
        err, "%s",
        _("--cloud sandbox   (to practise), az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and "
          "AZURE_CLIENT_SECRET"));
}

/* Go through the sources that may be asked. 0, or -1 with `err` set. */
static int search(struct azml_credential *credential, struct azml_error *err)
{
    const struct azml_source *fixed = credential->chosen ? credential->chosen : credential->only;
    auto_str struct azml_str looked = {0};
    for (size_t i = 0; azml_sources[i]; i++) {
        const struct azml_source *source = azml_sources[i];
        if (fixed ? source != fixed : !source->is_in_chain)
            continue;
        auto_str struct azml_str missing = {0};
        enum azml_source_answer answer = ask(credential, source, &missing, err);
        if (answer == AZML_SOURCE_TOKEN)
            return 0;
        if (answer == AZML_SOURCE_REFUSED) {
            say(credential, source->name, _("refused"));
            return -1;
        }
        say(credential, source->name, azml_str_text(&missing));
        azml_str_addf(&looked, "%s%s: %s", looked.length ? "\n" : "", source->name,
                      azml_str_text(&missing));
    }
    return nothing_found(azml_str_text(&looked), err);
}

static bool is_passing(const struct azml_error *err)
{
    return err->code == AZML_ERROR_NETWORK || err->code == AZML_ERROR_SERVICE ||
           err->code == AZML_ERROR_THROTTLED;
}

int azml_credential_token(struct azml_credential *credential, bool fresh,
                          const struct azml_secret **token_out, struct azml_error *err)
{
    struct azml_token *token = &credential->token;
    if (fresh)
        azml_token_cleanup(token);
    int64_t now = azml_clock_wall_ms(azml_http_clock(credential->options.http));
    bool is_there = !azml_secret_is_empty(&token->value);
    if (!is_there || (token->expires_ms && token->expires_ms - now <= margin_ms)) {
        auto_error struct azml_error cause = {0};
        int done = search(credential, &cause);
        /* the old one is better than none while the sign-in service is away */
        bool still_good = is_there && token->expires_ms > now && is_passing(&cause);
        if (done < 0 && !still_good)
            return azml_error_move(err, &cause);
    }
    *token_out = &token->value;
    return 0;
}

/* --- who --- */

static int set_text(char **where, const cJSON *claims, const char *const *names,
                    struct azml_error *err)
{
    const char *text = "";
    for (size_t i = 0; claims && names[i] && !*text; i++) {
        const char *value = azml_json_text(claims, names[i]);
        text = value ? value : "";
    }
    *where = azml_strdup(text, err);
    return *where ? 0 : -1;
}

int azml_credential_identity(struct azml_credential *credential, struct azml_identity *identity_out,
                             struct azml_error *err)
{
    const struct azml_secret *token = NULL;
    if (azml_credential_token(credential, false, &token, err) < 0)
        return -1;
    auto_json cJSON *claims = azml_jwt_claims(token);
    static const char *const tenant[] = {"tid", NULL};
    static const char *const object[] = {"oid", NULL};
    static const char *const app[] = {"appid", "azp", NULL};
    static const char *const name[] = {
        "upn", "unique_name", "preferred_username", "email", "app_displayname", "appid",
        "oid", NULL};
    struct azml_identity identity = {0};
    if (set_text(&identity.tenant_id, claims, tenant, err) < 0 ||
        set_text(&identity.object_id, claims, object, err) < 0 ||
        set_text(&identity.app_id, claims, app, err) < 0 ||
        set_text(&identity.name, claims, name, err) < 0) {
        azml_identity_cleanup(&identity);
        return -1;
    }
    *identity_out = identity;
    return 0;
}

void azml_identity_cleanup(struct azml_identity *identity)
{
    if (!identity)
        return;
    free(identity->tenant_id);
    free(identity->object_id);
    free(identity->app_id);
    free(identity->name);
    *identity = (struct azml_identity){0};
}
