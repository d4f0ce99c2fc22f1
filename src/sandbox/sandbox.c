#include "sandbox/sandbox.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/connection.h"

#include <string.h>

/* --- status and environment --- */

static int put_last_run(cJSON *status, const cJSON *connection, const cJSON *run)
{
    static const struct {
        const char *from, *to;
    } texts[] = {
        {"endpoint",       "endpoint"      },
        {"subscriptionId", "subscriptionId"},
        {"tenantId",       "tenantId"      },
        {"clientId",       "clientId"      }
    };
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        if (azml_json_put_text(status, texts[i].to, azml_json_text(connection, texts[i].from)) < 0)
            return -1;
    }
    const char *started = azml_json_text(run, "startedAt");
    if (started && azml_json_put_text(status, "startedAt", started) < 0)
        return -1;
    return azml_json_put_number(status, "speed", azml_json_number_or(run, "speed", 0));
}

static int put_live(cJSON *status, const cJSON *connection, const cJSON *answer)
{
    static const char *const counts[] = {"resources", "operations", "faults"};
    for (size_t i = 0; i < AZML_COUNT(counts); i++) {
        if (azml_json_put_number(status, counts[i], azml_json_number_or(answer, counts[i], 0)) < 0)
            return -1;
    }
    return azml_json_put_number(status, "pid", azml_json_number_or(connection, "pid", 0));
}

static cJSON *ask(const struct sandbox_place *place, const char *what, struct azml_error *err)
{
    auto_json cJSON *request = cJSON_CreateObject();
    if (!request || azml_json_put_text(request, "do", what) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return sandbox_connection_ask(place, request, err);
}

/* What has served at least once. */
static int describe(const struct sandbox_place *place, const cJSON *connection, cJSON *status,
                    struct azml_error *err)
{
    auto_json cJSON *run = sandbox_run_read(place, err);
    if (!run)
        return -1;
    if (put_last_run(status, connection, run) < 0)
        return azml_error_memory(err);
    if (!sandbox_connection_is_alive(connection))
        return 0;
    auto_json cJSON *answer = ask(place, "status", err);
    if (!answer)
        return -1;
    if (azml_json_put_bool(status, "running", true) < 0 || put_live(status, connection, answer) < 0)
        return azml_error_memory(err);
    return 0;
}

cJSON *azml_sandbox_status(const char *name, struct azml_error *err)
{
    auto_place struct sandbox_place place = {0};
    auto_json cJSON *status = cJSON_CreateObject();
    if (sandbox_place_find(name, &place, err) < 0)
        return NULL;
    if (!status || azml_json_put_text(status, "name", place.name) < 0 ||
        azml_json_put_bool(status, "running", false) < 0 ||
        azml_json_put_text(status, "folder", place.folder) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    auto_json cJSON *connection = sandbox_connection_read(&place, NULL);
    if (connection && describe(&place, connection, status, err) < 0)
        return NULL;
    return AZML_STEAL(status);
}

int azml_sandbox_env(const char *name, struct azml_sandbox_env *out, struct azml_error *err)
{
    static const struct {
        const char *name, *member;
        bool is_secret;
    } rows[AZML_SANDBOX_VARIABLES] = {
        {"AZML_SANDBOX_ENDPOINT",  "endpoint",       false},
        {"AZML_SANDBOX_AUTHORITY", "authority",      false},
        {"AZML_SANDBOX_METADATA",  "metadata",       false},
        {"AZML_SANDBOX_CA",        "ca",             false},
        {"AZURE_TENANT_ID",        "tenantId",       false},
        {"AZURE_CLIENT_ID",        "clientId",       false},
        {"AZURE_CLIENT_SECRET",    "clientSecret",   true },
        {"AZURE_SUBSCRIPTION_ID",  "subscriptionId", false},
    };
    auto_place struct sandbox_place place = {0};
    if (sandbox_place_find(name, &place, err) < 0)
        return -1;
    auto_json cJSON *connection = sandbox_connection_read(&place, err);
    if (!connection)
        return -1;
    struct azml_sandbox_env env = {0};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const char *value;
        if (azml_json_string(connection, rows[i].member, &value, err) == 0)
            env.variables[i].value = azml_strdup(value, err);
        if (!env.variables[i].value) {
            azml_sandbox_env_cleanup(&env);
            return -1;
        }
        env.variables[i].name = rows[i].name;
        env.variables[i].is_secret = rows[i].is_secret;
    }
    *out = env;
    return 0;
}

void azml_sandbox_env_cleanup(struct azml_sandbox_env *env)
{
    for (size_t i = 0; i < AZML_SANDBOX_VARIABLES; i++) {
        char *value = env->variables[i].value;
        if (value)
            azml_wipe(value, strlen(value));
        free(value);
    }
    *env = (struct azml_sandbox_env){0};
}

/* --- what the running sandbox is asked to do --- */

static cJSON *tell(const char *name, const cJSON *what, struct azml_error *err)
{
    auto_place struct sandbox_place place = {0};
    if (sandbox_place_find(name, &place, err) < 0)
        return NULL;
    return sandbox_connection_ask(&place, what, err);
}

static cJSON *command(const char *word)
{
    auto_json cJSON *what = cJSON_CreateObject();
    return what && azml_json_put_text(what, "do", word) == 0 ? AZML_STEAL(what) : NULL;
}

int azml_sandbox_clock_advance(const char *name, int64_t seconds, struct azml_error *err)
{
    auto_json cJSON *what = command("advance");
    if (!what || azml_json_put_number(what, "seconds", (double)seconds) < 0)
        return azml_error_memory(err);
    auto_json cJSON *answer = tell(name, what, err);
    return answer ? 0 : -1;
}

static int put_hiding(cJSON *what, const char *name, int wish)
{
    return wish == 0 ? 0 : azml_json_put_bool(what, name, wish > 0);
}

static int put_edit(cJSON *what, const struct azml_sandbox_edit *edit)
{
    if (azml_json_put_text(what, "id", edit->id) < 0 ||
        put_hiding(what, "hideFromList", edit->hide_from_list) < 0 ||
        put_hiding(what, "hideFromGraph", edit->hide_from_graph) < 0)
        return -1;
    if (edit->created == AZML_SANDBOX_CREATED_NONE &&
        azml_json_put_text(what, "createdMs", NULL) < 0)
        return -1;
    if (edit->created == AZML_SANDBOX_CREATED_AT &&
        azml_json_put_number(what, "createdMs", (double)edit->created_ms) < 0)
        return -1;
    if (edit->state && azml_json_put_text(what, "state", edit->state) < 0)
        return -1;
    return edit->managed_by ? azml_json_put_text(what, "managedBy", edit->managed_by) : 0;
}

int azml_sandbox_edit(const char *name, const struct azml_sandbox_edit *edit,
                      struct azml_error *err)
{
    auto_json cJSON *what = command("edit");
    if (!what || put_edit(what, edit) < 0)
        return azml_error_memory(err);
    auto_json cJSON *answer = tell(name, what, err);
    return answer ? 0 : -1;
}

static const char *kind_name(enum azml_sandbox_fault_kind kind)
{
    switch (kind) {
    case AZML_SANDBOX_FAULT_STATUS:
        return "status";
    case AZML_SANDBOX_FAULT_DELAY:
        return "delay";
    case AZML_SANDBOX_FAULT_RESET:
        return "reset";
    case AZML_SANDBOX_FAULT_CUT:
        return "cut";
    }
    return "";
}

static int put_headers(cJSON *rule, const char *const *headers)
{
    auto_json cJSON *array = cJSON_CreateArray();
    for (; array && headers && *headers; headers++) {
        if (azml_json_append(array, cJSON_CreateString(*headers)) < 0)
            return -1;
    }
    return azml_json_put(rule, "headers", AZML_STEAL(array));
}

static cJSON *rule_of(const struct azml_sandbox_fault *fault)
{
    auto_json cJSON *rule = cJSON_CreateObject();
    if (!rule || azml_json_put_text(rule, "kind", kind_name(fault->kind)) < 0 ||
        (fault->method && azml_json_put_text(rule, "method", fault->method) < 0) ||
        (fault->path && azml_json_put_text(rule, "path", fault->path) < 0) ||
        azml_json_put_number(rule, "nth", fault->nth ? fault->nth : 1) < 0 ||
        azml_json_put_number(rule, "times", fault->times) < 0 ||
        azml_json_put_bool(rule, "after", fault->after) < 0)
        return NULL;
    if (fault->delay_ms && azml_json_put_number(rule, "delayMs", (double)fault->delay_ms) < 0)
        return NULL;
    if (fault->kind == AZML_SANDBOX_FAULT_CUT &&
        azml_json_put_number(rule, "cutBytes", fault->cut_bytes) < 0)
        return NULL;
    if (fault->kind == AZML_SANDBOX_FAULT_STATUS &&
        (azml_json_put_number(rule, "status", fault->status) < 0 ||
         put_headers(rule, fault->headers) < 0 ||
         (fault->body && azml_json_put_text(rule, "body", fault->body) < 0)))
        return NULL;
    return AZML_STEAL(rule);
}

int azml_sandbox_fault_add(const char *name, const struct azml_sandbox_fault *fault,
                           int64_t *id_out, struct azml_error *err)
{
    auto_json cJSON *what = command("fault-add");
    cJSON *rule = rule_of(fault);
    if (!what || azml_json_put(what, "rule", rule) < 0)
        return azml_error_memory(err);
    auto_json cJSON *answer = tell(name, what, err);
    if (!answer)
        return -1;
    if (id_out)
        *id_out = azml_json_int_or(answer, "id", 0);
    return 0;
}

cJSON *azml_sandbox_fault_list(const char *name, struct azml_error *err)
{
    auto_json cJSON *what = command("fault-list");
    if (!what) {
        azml_error_memory(err);
        return NULL;
    }
    return tell(name, what, err);
}

int azml_sandbox_fault_clear(const char *name, int64_t id, struct azml_error *err)
{
    auto_json cJSON *what = command("fault-clear");
    if (!what || azml_json_put_number(what, "id", (double)id) < 0)
        return azml_error_memory(err);
    auto_json cJSON *answer = tell(name, what, err);
    return answer ? 0 : -1;
}
