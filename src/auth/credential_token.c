#include "auth/jwt.h"
#include "auth/source.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/platform.h"

#include <string.h>

static char *read_stdin(struct azml_error *err)
{
    auto_str struct azml_str text = {.limit = AZML_LIMIT_TOKEN_FILE};
    char piece[4096];
    int64_t got = 0;
    while ((got = azml_platform_read(0, piece, sizeof(piece))) > 0)
        azml_str_add_bytes(&text, piece, (size_t)got);
    azml_wipe(piece, sizeof(piece));
    if (got < 0) {
        azml_error_set(err, AZML_ERROR_IO, _("could not read a token from stdin"));
        return NULL;
    }
    return azml_str_take(&text, err);
}

/* What stands in `text` without the white space around it, as a token. */
static int take(char *text, const char *where, struct azml_token *token_out, struct azml_error *err)
{
    static const char blanks[] = " \t\r\n";
    const char *start = text + strspn(text, blanks);
    size_t length = strlen(start);
    while (length && strchr(blanks, start[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++) {
        if (start[i] <= ' ' || start[i] == 0x7f)
            return azml_error_set(err, AZML_ERROR_SIGNED_OUT, _("%s holds no access token"), where);
    }
    if (length == 0)
        return azml_error_set(err, AZML_ERROR_SIGNED_OUT, _("%s is empty"), where);
    if (azml_secret_set(&token_out->value, start, length, err) < 0)
        return -1;
    token_out->expires_ms = azml_jwt_expires_ms(&token_out->value);
    return 0;
}

static int refuse_old(const char *where, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_SIGNED_OUT, _("the access token of %s is no longer accepted"),
                   where);
    return azml_error_hint(err, "az account get-access-token --query accessToken -o tsv");
}

/* A token that somebody else fetched: a file that may be renewed, or stdin, which is read once. */
static enum azml_source_answer acquire(const struct azml_credential_options *options, bool again,
                                       struct azml_token *token_out, struct azml_str *missing,
                                       struct azml_error *err)
{
    const char *path = azml_platform_env("AZML_TOKEN_FILE");
    if (!path) {
        azml_str_add(missing, _("AZML_TOKEN_FILE is not set"));
        return AZML_SOURCE_NOTHING;
    }
    bool is_stdin = strcmp(path, "-") == 0;
    const char *where = is_stdin ? _("stdin") : path;
    if (is_stdin && again) {
        refuse_old(where, err);
        return AZML_SOURCE_REFUSED;
    }
    size_t length = 0;
    auto_free char *text =
        is_stdin ? read_stdin(err) : azml_fs_read(path, AZML_LIMIT_TOKEN_FILE, &length, err);
    if (!text) {
        azml_error_context(err, _("could not read the access token of %s"), where);
        if (err)
            err->code = AZML_ERROR_SIGNED_OUT;
        return AZML_SOURCE_REFUSED;
    }
    int done = take(text, where, token_out, err);
    azml_wipe(text, strlen(text));
    int64_t now = azml_clock_wall_ms(azml_http_clock(options->http));
    if (done == 0 && token_out->expires_ms && token_out->expires_ms <= now)
        done = refuse_old(where, err);
    return done < 0 ? AZML_SOURCE_REFUSED : AZML_SOURCE_TOKEN;
}

const struct azml_source azml_source_token = {
    .name = "token",
    .is_in_chain = true,
    .acquire = acquire,
};
