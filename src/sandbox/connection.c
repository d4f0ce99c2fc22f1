#include "sandbox/connection.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "sandbox/control.h"
#include "sandbox/tls_client.h"

#include <string.h>

/* --- the place --- */

static int check_name(const char *name, struct azml_error *err)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = strlen(name);
    if (length > 0 && length <= 64 && strspn(name, letters) == length && *name != '.')
        return 0;
    azml_error_set(err, AZML_ERROR_USAGE, _("'%s' cannot be the name of a sandbox"), name);
    return azml_error_hint(err, _("choose up to 64 letters, digits, '.', '_' and '-'"));
}

int sandbox_place_find(const char *name, struct sandbox_place *out, struct azml_error *err)
{
    const char *wanted = name ? name : azml_platform_env("AZML_SANDBOX");
    if (!wanted)
        wanted = "default";
    auto_free char *state = azml_path_state(err);
    auto_free char *all = state ? azml_path_join(state, "sandbox", err) : NULL;
    if (!all || check_name(wanted, err) < 0)
        return -1;
    struct sandbox_place place = {
        .name = azml_strdup(wanted, err),
        .folder = azml_path_join(all, wanted, err),
        .lock = azml_format(err, "%s/.%s.lock", all, wanted),
    };
    if (!place.name || !place.folder || !place.lock) {
        sandbox_place_cleanup(&place);
        return -1;
    }
    *out = place;
    return 0;
}

void sandbox_place_cleanup(struct sandbox_place *place)
{
    free(place->name);
    free(place->folder);
    free(place->lock);
    *place = (struct sandbox_place){0};
}

/* --- files --- */

static int write_json(const char *folder, const char *name, const cJSON *json,
                      struct azml_error *err)
{
    auto_free char *path = azml_path_join(folder, name, err);
    auto_secret struct azml_secret text = {0};
    char *printed = path ? azml_json_print(json, true, err) : NULL;
    if (!printed)
        return -1;
    azml_secret_adopt(&text, printed, strlen(printed));
    return azml_fs_write(path, printed, text.length, 0600, err);
}

static cJSON *read_json(const char *folder, const char *name, struct azml_error *err)
{
    auto_free char *path = azml_path_join(folder, name, err);
    size_t length = 0;
    char *text = path ? azml_fs_read(path, AZML_LIMIT_TOKEN_FILE, &length, err) : NULL;
    if (!text)
        return NULL;
    auto_secret struct azml_secret keeper = {0};
    azml_secret_adopt(&keeper, text, length);
    return azml_json_parse(text, length, err);
}

static cJSON *describe(const struct sandbox *sandbox, struct azml_error *err)
{
    auto_json cJSON *json = cJSON_CreateObject();
    auto_free char *ca = azml_path_join(sandbox->folder, "ca.pem", err);
    auto_free char *metadata =
        azml_format(err, "%s/metadata/endpoints?api-version=2022-09-01", sandbox->endpoint);
    const struct {
        const char *name, *value;
    } texts[] = {
        {"endpoint",       sandbox->endpoint       },
        {"authority",      sandbox->endpoint       },
        {"metadata",       metadata                },
        {"ca",             ca                      },
        {"tenantId",       sandbox->tenant_id      },
        {"clientId",       sandbox->client_id      },
        {"clientSecret",   sandbox->client_secret  },
        {"subscriptionId", sandbox->subscription_id},
    };
    int64_t pid = azml_platform_pid();
    bool ok = json && ca && metadata && azml_json_put_number(json, "v", 1) == 0;
    for (size_t i = 0; ok && i < AZML_COUNT(texts); i++)
        ok = azml_json_put_text(json, texts[i].name, texts[i].value) == 0;
    ok = ok && azml_json_put_number(json, "pid", (double)pid) == 0 &&
         azml_json_put_number(json, "startTicks", (double)azml_platform_start_ticks(pid)) == 0;
    if (ok)
        return AZML_STEAL(json);
    azml_error_memory(err);
    return NULL;
}

int sandbox_connection_write(const struct sandbox *sandbox, struct azml_error *err)
{
    auto_json cJSON *json = describe(sandbox, err);
    return json ? write_json(sandbox->folder, "connection.json", json, err) : -1;
}

cJSON *sandbox_connection_read(const struct sandbox_place *place, struct azml_error *err)
{
    auto_error struct azml_error why = {0};
    cJSON *json = read_json(place->folder, "connection.json", &why);
    if (json)
        return json;
    if (why.code == AZML_ERROR_NOT_FOUND) {
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("the sandbox %s has never been started"),
                       place->name);
        azml_error_hint(err, "azml sandbox start");
    } else {
        azml_error_move(err, &why);
    }
    return NULL;
}

bool sandbox_connection_is_alive(const cJSON *connection)
{
    int64_t pid = azml_json_int_or(connection, "pid", 0);
    int64_t ticks = azml_json_int_or(connection, "startTicks", 0);
    return pid > 0 && ticks > 0 && (int64_t)azml_platform_start_ticks(pid) == ticks;
}

int sandbox_run_write(const struct sandbox *sandbox, uint16_t port, struct azml_error *err)
{
    char now[AZML_TIME_TEXT];
    azml_time_format_iso(now, sandbox_now_ms(sandbox), false);
    auto_json cJSON *json = cJSON_CreateObject();
    if (!json || azml_json_put_number(json, "port", port) < 0 ||
        azml_json_put_number(json, "speed", sandbox->speed) < 0 ||
        azml_json_put_number(json, "pageSize", sandbox->page_size) < 0 ||
        azml_json_put_text(json, "startedAt", now) < 0)
        return azml_error_memory(err);
    return write_json(sandbox->folder, "run.json", json, err);
}

cJSON *sandbox_run_read(const struct sandbox_place *place, struct azml_error *err)
{
    auto_error struct azml_error why = {0};
    cJSON *json = read_json(place->folder, "run.json", &why);
    if (json)
        return json;
    if (why.code == AZML_ERROR_NOT_FOUND)
        return cJSON_CreateObject();
    azml_error_move(err, &why);
    return NULL;
}

/* --- asking --- */

static enum azml_error_code code_of(const char *name)
{
    for (int code = AZML_ERROR_FAILED; name && code < AZML_ERROR_COUNT; code++) {
        if (strcmp(azml_error_name((enum azml_error_code)code), name) == 0)
            return (enum azml_error_code)code;
    }
    return AZML_ERROR_FAILED;
}

/* What the sandbox said no to, as if it had been said here. */
static void take_error(const cJSON *answer, struct azml_error *err)
{
    const char *message = azml_json_text(answer, "error.message");
    const char *why = azml_json_text(answer, "error.why");
    const char *hint = azml_json_text(answer, "error.hint");
    azml_error_set(err, code_of(azml_json_text(answer, "error.code")), "%s",
                   message ? message : _("the sandbox refused it"));
    if (why)
        azml_error_why(err, "%s", why);
    if (hint)
        azml_error_hint(err, "%s", hint);
}

static cJSON *post(const struct sandbox_place *place, const cJSON *connection, const cJSON *what,
                   struct azml_error *err)
{
    auto_secret struct azml_secret secret = {0};
    auto_free char *body = azml_json_print(what, false, err);
    if (!body || sandbox_control_secret(place->folder, false, &secret, err) < 0)
        return NULL;
    const struct sandbox_tls_post post = {.endpoint = azml_json_text(connection, "endpoint"),
                                          .ca_file = azml_json_text(connection, "ca"),
                                          .path = SANDBOX_CONTROL_PATH,
                                          .header = SANDBOX_CONTROL_HEADER,
                                          .secret = &secret,
                                          .body = body};
    int status = 0;
    auto_json cJSON *answer = sandbox_tls_post(&post, &status, err);
    if (!answer || status == 200)
        return AZML_STEAL(answer);
    take_error(answer, err);
    return NULL;
}

cJSON *sandbox_connection_ask(const struct sandbox_place *place, const cJSON *what,
                              struct azml_error *err)
{
    auto_json cJSON *connection = sandbox_connection_read(place, err);
    if (!connection)
        return NULL;
    if (sandbox_connection_is_alive(connection))
        return post(place, connection, what, err);
    azml_error_set(err, AZML_ERROR_NOT_FOUND, _("the sandbox %s does not run"), place->name);
    azml_error_hint(err, "azml sandbox start");
    return NULL;
}
