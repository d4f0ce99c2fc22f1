#include "base/json.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

/* Is the text nested no deeper than allowed? cJSON itself would go on to a thousand. */
static bool depth_is_bounded(const char *text, size_t length)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > AZML_LIMIT_JSON_DEPTH)
                return false;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return true;
}

static bool only_space(const char *text, const char *end)
{
    for (; text < end; text++)
        if (!strchr(" \t\r\n", *text))
            return false;
    return true;
}

cJSON *azml_json_parse(const char *text, size_t length, struct azml_error *err)
{
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (!depth_is_bounded(text, length)) {
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("the JSON document is nested deeper than %d"),
                       AZML_LIMIT_JSON_DEPTH);
        return NULL;
    }
    const char *end = NULL;
    auto_json cJSON *json = cJSON_ParseWithLengthOpts(text, length, &end, 0);
    if (json && !only_space(end, text + length))
        end = NULL;
    if (!json || !end) {
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("the text is no valid JSON document"));
        return NULL;
    }
    return AZML_STEAL(json);
}

static void new_line(struct azml_str *out, size_t depth)
{
    azml_str_add_char(out, '\n');
    for (size_t i = 0; i < depth; i++)
        azml_str_add(out, "  ");
}

/* Length of the string literal that begins here, quotes included. */
static size_t literal_length(const char *text)
{
    size_t length = 1;
    while (text[length] != '"')
        length += text[length] == '\\' ? 2 : 1;
    return length + 1;
}

/* Take one piece of compact JSON, lay it out, and return its length. */
static size_t lay_out(struct azml_str *out, const char *text, size_t *depth)
{
    size_t length = *text == '"' ? literal_length(text) : 1;
    bool opens = *text == '{' || *text == '[', closes = *text == '}' || *text == ']';
    bool is_empty = opens && (text[1] == '}' || text[1] == ']');
    if (closes)
        new_line(out, --*depth);
    azml_str_add_bytes(out, text, is_empty ? 2 : length);
    if ((opens && !is_empty) || *text == ',')
        new_line(out, opens ? ++*depth : *depth);
    if (*text == ':')
        azml_str_add_char(out, ' ');
    return is_empty ? 2 : length;
}

char *azml_json_print(const cJSON *json, bool pretty, struct azml_error *err)
{
    char *compact = cJSON_PrintUnformatted(json);
    if (!compact) {
        azml_error_memory(err);
        return NULL;
    }
    if (!pretty)
        return compact;
    auto_free char *held = compact;
    auto_str struct azml_str out = {0};
    size_t depth = 0;
    for (const char *at = held; *at;)
        at += lay_out(&out, at, &depth);
    return azml_str_take(&out, err);
}

/* The member called by the first `length` bytes of `name`: the exact one, else in any case. */
static cJSON *member(const cJSON *object, const char *name, size_t length)
{
    cJSON *found = NULL;
    for (cJSON *item = object->child; item; item = item->next) {
        if (!item->string || strlen(item->string) != length)
            continue;
        if (memcmp(item->string, name, length) == 0)
            return item;
        if (!found && azml_same_bytes(item->string, name, length))
            found = item;
    }
    return found;
}

static cJSON *element(const cJSON *array, const char *digits, size_t length)
{
    int index = 0;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9' || index > 100000000)
            return NULL;
        index = index * 10 + (digits[i] - '0');
    }
    return length ? cJSON_GetArrayItem(array, index) : NULL;
}

static cJSON *step(const cJSON *json, const char *name, size_t length)
{
    if (cJSON_IsObject(json))
        return member(json, name, length);
    return cJSON_IsArray(json) ? element(json, name, length) : NULL;
}

const cJSON *azml_json_at(const cJSON *json, const char *path)
{
    while (json && *path) {
        size_t length = strcspn(path, ".");
        json = step(json, path, length);
        path += length + (path[length] == '.');
    }
    return json && !cJSON_IsNull(json) ? json : NULL;
}

const char *azml_json_text(const cJSON *json, const char *path)
{
    return cJSON_GetStringValue(azml_json_at(json, path));
}

/* Complain that `path` is missing, or is no `type`. */
static int unexpected(const cJSON *found, const char *path, const char *type,
                      struct azml_error *err)
{
    if (!found)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the JSON document has no '%s'"), path);
    return azml_error_set(err, AZML_ERROR_PROTOCOL,
                          _("'%s' of the JSON document is not of the type '%s'"), path, type);
}

int azml_json_string(const cJSON *json, const char *path, const char **out, struct azml_error *err)
{
    const cJSON *found = azml_json_at(json, path);
    if (!cJSON_IsString(found))
        return unexpected(found, path, "string", err);
    *out = found->valuestring;
    return 0;
}

int azml_json_number(const cJSON *json, const char *path, double *out, struct azml_error *err)
{
    const cJSON *found = azml_json_at(json, path);
    if (!cJSON_IsNumber(found))
        return unexpected(found, path, "number", err);
    *out = found->valuedouble;
    return 0;
}

int azml_json_array(const cJSON *json, const char *path, const cJSON **out, struct azml_error *err)
{
    const cJSON *found = azml_json_at(json, path);
    if (!cJSON_IsArray(found))
        return unexpected(found, path, "array", err);
    *out = found;
    return 0;
}

int azml_json_object(const cJSON *json, const char *path, const cJSON **out, struct azml_error *err)
{
    const cJSON *found = azml_json_at(json, path);
    if (!cJSON_IsObject(found))
        return unexpected(found, path, "object", err);
    *out = found;
    return 0;
}

double azml_json_number_or(const cJSON *json, const char *path, double otherwise)
{
    const cJSON *found = azml_json_at(json, path);
    if (cJSON_IsNumber(found))
        return found->valuedouble;
    int64_t number;
    if (cJSON_IsString(found) &&
        azml_number_parse_i64(found->valuestring, 0, INT64_MAX, &number, NULL) == 0)
        return (double)number;
    return otherwise;
}

int64_t azml_json_int_or(const cJSON *json, const char *path, int64_t otherwise)
{
    double number = azml_json_number_or(json, path, (double)NAN);
    if (isnan(number) || number < -9e18 || number > 9e18)
        return otherwise;
    return (int64_t)number;
}

bool azml_json_bool_or(const cJSON *json, const char *path, bool otherwise)
{
    const cJSON *found = azml_json_at(json, path);
    return cJSON_IsBool(found) ? cJSON_IsTrue(found) : otherwise;
}

/* The object called by `name`, made where missing or null; NULL where something else is there. */
static cJSON *descend(cJSON *object, const char *name, size_t length)
{
    cJSON *found = member(object, name, length);
    if (found && !cJSON_IsNull(found))
        return cJSON_IsObject(found) ? found : NULL;
    auto_free char *key = azml_strndup(name, length, NULL);
    cJSON *made = key ? cJSON_CreateObject() : NULL;
    return made && azml_json_put_member(object, key, made) == 0 ? made : NULL;
}

int azml_json_put(cJSON *json, const char *path, cJSON *value)
{
    for (size_t length = strcspn(path, "."); json && path[length]; length = strcspn(path, ".")) {
        json = descend(json, path, length);
        path += length + 1;
    }
    return azml_json_put_member(json, path, value);
}

int azml_json_put_member(cJSON *object, const char *name, cJSON *value)
{
    auto_json cJSON *held = value;
    if (!object || !value || !cJSON_IsObject(object))
        return -1;
    cJSON *old = member(object, name, strlen(name));
    if (!cJSON_AddItemToObject(object, name, held))
        return -1;
    held = NULL;
    if (old)
        cJSON_Delete(cJSON_DetachItemViaPointer(object, old));
    return 0;
}

int azml_json_put_text(cJSON *json, const char *path, const char *text)
{
    return azml_json_put(json, path, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

int azml_json_put_number(cJSON *json, const char *path, double number)
{
    return azml_json_put(json, path, cJSON_CreateNumber(number));
}

int azml_json_put_bool(cJSON *json, const char *path, bool value)
{
    return azml_json_put(json, path, cJSON_CreateBool(value));
}

int azml_json_append(cJSON *array, cJSON *item)
{
    if (item && cJSON_AddItemToArray(array, item))
        return 0;
    cJSON_Delete(item);
    return -1;
}

void azml_json_remove(cJSON *json, const char *path)
{
    const char *last = strrchr(path, '.');
    while (json && last && path < last) {
        size_t length = strcspn(path, ".");
        json = step(json, path, length);
        path += length + 1;
    }
    cJSON *found = json ? step(json, path, strlen(path)) : NULL;
    if (found)
        cJSON_Delete(cJSON_DetachItemViaPointer(json, found));
}
