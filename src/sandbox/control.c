#include "sandbox/control.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/edit.h"
#include "sandbox/fault.h"
#include "sandbox/operation.h"
#include "sandbox/store.h"

#include <openssl/crypto.h>
#include <string.h>

/* --- the secret --- */

static int make_secret(const char *path, struct azml_error *err)
{
    uint8_t chance[32];
    azml_platform_random(chance, sizeof(chance));
    auto_str struct azml_str text = {0};
    for (size_t i = 0; i < sizeof(chance); i++)
        azml_str_addf(&text, "%02x", chance[i]);
    int result = text.failed ? azml_error_memory(err)
                             : azml_fs_write(path, text.data, text.length, 0600, err);
    if (text.data)
        azml_wipe(text.data, text.length);
    azml_wipe(chance, sizeof(chance));
    return result;
}

int sandbox_control_secret(const char *folder, bool may_make, struct azml_secret *out,
                           struct azml_error *err)
{
    auto_free char *path = azml_path_join(folder, "control.key", err);
    if (!path)
        return -1;
    if (may_make && !azml_fs_exists(path) && make_secret(path, err) < 0)
        return -1;
    size_t length;
    char *text = azml_fs_read(path, AZML_LIMIT_KEY_FILE, &length, err);
    if (!text)
        return -1;
    azml_secret_adopt(out, text, length);
    return 0;
}

bool sandbox_control_is_for(const struct sandbox_request *request, const struct azml_secret *secret)
{
    const char *given = sandbox_request_header(request, SANDBOX_CONTROL_HEADER);
    return strcmp(request->path, SANDBOX_CONTROL_PATH) == 0 &&
           strcmp(request->method, "POST") == 0 && given && secret->length > 0 &&
           strlen(given) == secret->length &&
           CRYPTO_memcmp(given, azml_secret_reveal(secret), secret->length) == 0;
}

/* --- what can be done: a document each, or NULL with `err` set --- */

static cJSON *do_status(struct sandbox *sandbox, const cJSON *what, struct azml_error *err)
{
    (void)what;
    auto_json cJSON *status = cJSON_CreateObject();
    auto_json cJSON *faults = sandbox_fault_list(sandbox, err);
    if (!faults)
        return NULL;
    if (!status ||
        azml_json_put_number(status, "resources", (double)sandbox_store_count(sandbox->store)) <
            0 ||
        azml_json_put_number(status, "operations", (double)sandbox_operations_count(sandbox)) < 0 ||
        azml_json_put_number(status, "faults", cJSON_GetArraySize(faults)) < 0 ||
        azml_json_put_number(status, "speed", sandbox->speed) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(status);
}

static cJSON *nothing(struct azml_error *err)
{
    cJSON *empty = cJSON_CreateObject();
    if (!empty)
        azml_error_memory(err);
    return empty;
}

static cJSON *do_advance(struct sandbox *sandbox, const cJSON *what, struct azml_error *err)
{
    int64_t seconds = azml_json_int_or(what, "seconds", 0);
    if (seconds <= 0) {
        azml_error_set(err, AZML_ERROR_USAGE, _("the clock only goes forward"));
        return NULL;
    }
    return sandbox_clock_advance(sandbox, seconds, err) == 0 ? nothing(err) : NULL;
}

static cJSON *do_edit(struct sandbox *sandbox, const cJSON *what, struct azml_error *err)
{
    return sandbox_edit(sandbox, what, err) == 0 ? nothing(err) : NULL;
}

static cJSON *do_fault_add(struct sandbox *sandbox, const cJSON *what, struct azml_error *err)
{
    int64_t id;
    const cJSON *rule = azml_json_at(what, "rule");
    if (sandbox_fault_add(sandbox, rule, &id, err) < 0)
        return NULL;
    auto_json cJSON *added = nothing(err);
    if (!added || azml_json_put_number(added, "id", (double)id) < 0)
        return NULL;
    return AZML_STEAL(added);
}

static cJSON *do_fault_list(struct sandbox *sandbox, const cJSON *what, struct azml_error *err)
{
    (void)what;
    return sandbox_fault_list(sandbox, err);
}

static cJSON *do_fault_clear(struct sandbox *sandbox, const cJSON *what, struct azml_error *err)
{
    return sandbox_fault_clear(sandbox, azml_json_int_or(what, "id", 0), err) == 0 ? nothing(err)
                                                                                   : NULL;
}

static const struct {
    const char *name;
    cJSON *(*act)(struct sandbox *sandbox, const cJSON *what, struct azml_error *err);
} actions[] = {
    {"status",      do_status     },
    {"advance",     do_advance    },
    {"edit",        do_edit       },
    {"fault-add",   do_fault_add  },
    {"fault-list",  do_fault_list },
    {"fault-clear", do_fault_clear},
};

static cJSON *act(struct sandbox *sandbox, const cJSON *what, struct azml_error *err)
{
    const char *name = azml_json_text(what, "do");
    for (size_t i = 0; i < AZML_COUNT(actions); i++) {
        if (name && strcmp(actions[i].name, name) == 0)
            return actions[i].act(sandbox, what, err);
    }
    azml_error_set(err, AZML_ERROR_USAGE, "the sandbox knows no such command");
    return NULL;
}

void sandbox_control_answer(struct sandbox *sandbox, struct sandbox_request *request,
                            struct sandbox_reply *reply)
{
    auto_error struct azml_error err = {0};
    auto_json cJSON *what = azml_json_parse(request->body, request->body_length, &err);
    cJSON *answer = what ? act(sandbox, what, &err) : NULL;
    if (answer) {
        sandbox_reply_json(reply, 200, answer);
        return;
    }
    auto_json cJSON *error = sandbox_error_json(azml_error_name(err.code), "%s",
                                                err.message ? err.message : "out of memory");
    if (error && err.why)
        azml_json_put_text(error, "why", err.why);
    if (error && err.hint)
        azml_json_put_text(error, "hint", err.hint);
    sandbox_reply_error_json(reply, 400, AZML_STEAL(error));
}
