#include "sandbox/ml.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sandbox_ml_now(const struct sandbox *sandbox, char *out)
{
    azml_time_format_iso(out, sandbox_now_ms(sandbox), true);
}

void sandbox_ml_location(const char *text, char *out, size_t room)
{
    size_t length = 0;
    for (; *text && length + 1 < room; text++) {
        if (*text != ' ')
            out[length++] = (char)tolower((unsigned char)*text);
    }
    out[length] = '\0';
}

bool sandbox_ml_is_region(const char *location)
{
    struct azml_data_row row = {.table = azml_data_regions};
    while (azml_data_next(&row)) {
        char name[64], access[32];
        if (azml_data_cell(&row, "name", name, sizeof(name)) && azml_same_text(name, location))
            return azml_data_cell(&row, "access", access, sizeof(access)) &&
                   strcmp(access, "announced") != 0;
    }
    return false;
}

char *sandbox_ml_group_id(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct azml_error *err)
{
    auto_free char *asked = sandbox_request_id(request, 4, err);
    auto_resource struct sandbox_resource *group = NULL;
    if (!asked || sandbox_store_get(sandbox->store, asked, &group, err) < 0)
        return NULL;
    return group ? azml_strdup(group->id, err) : AZML_STEAL(asked);
}

int sandbox_ml_get_workspace(struct sandbox *sandbox, const struct sandbox_request *request,
                             struct sandbox_resource **out, struct azml_error *err)
{
    auto_free char *id = sandbox_request_id(request, ML_WORKSPACE_SEGMENTS, err);
    return id ? sandbox_store_get(sandbox->store, id, out, err) : -1;
}

int sandbox_ml_get_compute(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_resource **out, struct azml_error *err)
{
    auto_free char *id = sandbox_request_id(request, ML_COMPUTE_SEGMENTS, err);
    return id ? sandbox_store_get(sandbox->store, id, out, err) : -1;
}

int sandbox_ml_put(struct sandbox *sandbox, struct sandbox_resource *resource,
                   struct azml_error *err)
{
    return sandbox_store_put(sandbox->store, resource, sandbox_now_ms(sandbox), err);
}

int sandbox_ml_copy(cJSON *to, const char *to_path, const cJSON *from, const char *from_path)
{
    const cJSON *value = azml_json_at(from, from_path);
    return value ? azml_json_put(to, to_path, cJSON_Duplicate(value, 1)) : 0;
}

int sandbox_ml_stamp(const struct sandbox *sandbox, const struct sandbox_request *request,
                     cJSON *body)
{
    char now[AZML_TIME_TEXT];
    sandbox_ml_now(sandbox, now);
    const char *who = request->caller.client_id[0] ? request->caller.client_id : sandbox->client_id;
    int bad = 0;
    if (!azml_json_text(body, "systemData.createdAt")) {
        bad |= azml_json_put_text(body, "systemData.createdAt", now);
        bad |= azml_json_put_text(body, "systemData.createdBy", who);
        bad |= azml_json_put_text(body, "systemData.createdByType", "Application");
    }
    bad |= azml_json_put_text(body, "systemData.lastModifiedAt", now);
    bad |= azml_json_put_text(body, "systemData.lastModifiedBy", who);
    bad |= azml_json_put_text(body, "systemData.lastModifiedByType", "Application");
    return bad;
}

/* Add {"type":type,"info":{"value":value}}; takes over `value`. */
static int add_info(cJSON *infos, const char *type, cJSON *value)
{
    cJSON *info = cJSON_CreateObject();
    if (!info) {
        cJSON_Delete(value);
        return -1;
    }
    int bad = azml_json_put_text(info, "type", type);
    bad |= azml_json_put(info, "info.value", value);
    return azml_json_append(infos, info) | bad;
}

static cJSON *correlation(const struct sandbox_request *request)
{
    cJSON *value = cJSON_CreateObject();
    if (value && (azml_json_put_text(value, "operation", request->request_id) < 0 ||
                  azml_json_put_text(value, "request", request->request_id) < 0)) {
        cJSON_Delete(value);
        return NULL;
    }
    return value;
}

int sandbox_ml_error(const struct sandbox *sandbox, const struct sandbox_request *request,
                     struct sandbox_reply *reply, int status, const char *code, const char *format,
                     ...)
{
    auto_str struct azml_str message = {0};
    va_list args;
    va_start(args, format);
    azml_str_addv(&message, format, args);
    va_end(args);

    char now[AZML_TIME_TEXT];
    sandbox_ml_now(sandbox, now);
    cJSON *error = sandbox_error_json(code, "%s", azml_str_text(&message));
    cJSON *infos = cJSON_CreateArray();
    int bad = add_info(infos, "ComponentName", cJSON_CreateString("managementfrontend"));
    bad |= add_info(infos, "Correlation", correlation(request));
    bad |= add_info(infos, "Time", cJSON_CreateString(now));
    bad |= add_info(infos, "MessageFormat", cJSON_CreateNull());
    bad |= azml_json_put(error, "details", cJSON_CreateArray());
    bad |= azml_json_put(error, "additionalInfo", infos);
    if (bad) {
        cJSON_Delete(error);
        error = NULL;
    }
    sandbox_reply_header(reply, "x-ms-response-type", "error");
    return sandbox_reply_error_json(reply, status, error);
}

bool sandbox_ml_is_word(const char *text, const char *words)
{
    size_t length = strlen(text);
    for (const char *word = words; word; word = strchr(word, '|')) {
        if (*word == '|')
            word++;
        if (strcspn(word, "|") == length && azml_same_bytes(word, text, length))
            return true;
    }
    return false;
}

bool sandbox_ml_bool_or(const cJSON *json, const char *path, bool otherwise)
{
    const char *text = azml_json_text(json, path);
    if (text)
        return azml_same_text(text, "true");
    return azml_json_bool_or(json, path, otherwise);
}

static bool fits(const cJSON *value, const struct sandbox_ml_rule *rule)
{
    int64_t seconds;
    switch (rule->type) {
    case ML_TEXT:
        return cJSON_IsString(value);
    case ML_BOOL:
        return cJSON_IsBool(value) ||
               (cJSON_IsString(value) && sandbox_ml_is_word(value->valuestring, "true|false"));
    case ML_NUMBER:
        return cJSON_IsNumber(value);
    case ML_OBJECT:
        return cJSON_IsObject(value);
    case ML_ARRAY:
        return cJSON_IsArray(value);
    case ML_DURATION:
        return cJSON_IsString(value) && value->valuestring[0] == 'P' &&
               azml_duration_parse(value->valuestring, &seconds, NULL) == 0;
    }
    return false;
}

static const char *type_name(enum sandbox_ml_type type)
{
    static const char *const names[] = {"System.String", "System.Boolean", "System.Int32",
                                        "System.Object", "System.Array",   "System.TimeSpan"};
    return names[type];
}

/* Does the value at the rule's path fit? Fills in the reply where it does not. */
static bool check_one(const struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, const struct sandbox_ml_rule *rule)
{
    const cJSON *value = azml_json_at(request->json, rule->path);
    if (!value) {
        if (rule->is_required)
            sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                             "The request is invalid. Required property '%s' not found in JSON.",
                             rule->path);
        return !rule->is_required;
    }
    auto_free char *shown = cJSON_PrintUnformatted(value);
    if (!fits(value, rule)) {
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "Error converting value %.200s to type '%s'. Path '%s'.",
                         shown ? shown : "", type_name(rule->type), rule->path);
        return false;
    }
    if (rule->words && !sandbox_ml_is_word(value->valuestring, rule->words)) {
        sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                         "The value %.200s of '%s' is not valid. Allowed values: %s.",
                         shown ? shown : "", rule->path, rule->words);
        return false;
    }
    return true;
}

bool sandbox_ml_check(const struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, const struct sandbox_ml_rule *rules)
{
    if (!cJSON_IsObject(request->json)) {
        sandbox_reply_bad_content(
            reply, "The request content was invalid and could not be deserialized: a JSON object "
                   "is expected.");
        return false;
    }
    for (; rules->path; rules++) {
        if (!check_one(sandbox, request, reply, rules))
            return false;
    }
    return true;
}
