/* template_text.c - the string functions of ARM templates. */
#include "sandbox/template_eval.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <ctype.h>
#include <openssl/sha.h>
#include <string.h>

#define MANY 1000 /* "any number of arguments" */

static cJSON *text_value(struct azml_str *text, struct azml_error *err)
{
    auto_free char *taken = azml_str_take(text, err);
    return taken ? azml_template_checked(cJSON_CreateString(taken), err) : NULL;
}

static cJSON *span_value(const char *start, size_t length, struct azml_error *err)
{
    auto_str struct azml_str text = {0};
    azml_str_add_bytes(&text, start, length);
    return text_value(&text, err);
}

/* What string(), concat() and format() print of a value. */
static int add_value(struct azml_str *text, const cJSON *value, struct azml_error *err)
{
    if (cJSON_IsString(value)) {
        azml_str_add(text, value->valuestring);
        return 0;
    }
    if (cJSON_IsBool(value)) {
        azml_str_add(text, cJSON_IsTrue(value) ? "True" : "False");
        return 0;
    }
    auto_free char *printed = azml_json_print(value, false, err);
    if (!printed)
        return -1;
    azml_str_add(text, printed);
    return 0;
}

static cJSON *concat_arrays(const struct azml_template_call *call, struct azml_error *err)
{
    auto_json cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < call->count; i++) {
        if (!cJSON_IsArray(call->args[i]))
            return azml_template_refuse(call, "arrays and strings cannot be mixed", err);
        const cJSON *item;
        cJSON_ArrayForEach (item, call->args[i]) {
            if (azml_json_append(out, cJSON_Duplicate(item, true)) < 0)
                return azml_template_checked(NULL, err);
        }
    }
    return azml_template_checked(AZML_STEAL(out), err);
}

static cJSON *run_concat(const struct azml_template_call *call, struct azml_error *err)
{
    if (cJSON_IsArray(call->args[0]))
        return concat_arrays(call, err);
    auto_str struct azml_str text = {0};
    for (size_t i = 0; i < call->count; i++) {
        if (cJSON_IsArray(call->args[i]) || cJSON_IsObject(call->args[i]))
            return azml_template_refuse(call, "arrays and strings cannot be mixed", err);
        if (add_value(&text, call->args[i], err) < 0)
            return NULL;
    }
    return text_value(&text, err);
}

/* The argument that "{3}" or "{3:…}" at `*at` names; NULL where it names none. */
static const cJSON *placeholder(const struct azml_template_call *call, const char **at)
{
    size_t index = 0;
    const char *digit = *at + 1;
    for (; *digit >= '0' && *digit <= '9' && index < MANY; digit++)
        index = index * 10 + (size_t)(*digit - '0');
    if (digit == *at + 1 || *digit != '}' || index + 1 >= call->count)
        return NULL;
    *at = digit;
    return call->args[index + 1];
}

static cJSON *run_format(const struct azml_template_call *call, struct azml_error *err)
{
    const char *pattern = azml_template_arg_text(call, 0, err);
    if (!pattern)
        return NULL;
    auto_str struct azml_str text = {0};
    for (const char *at = pattern; *at; at++) {
        if ((*at == '{' || *at == '}') && at[1] == *at) {
            azml_str_add_char(&text, *at++);
        } else if (*at == '{') {
            const cJSON *value = placeholder(call, &at);
            if (!value)
                return azml_template_refuse(call, "a placeholder of the format is wrong", err);
            if (add_value(&text, value, err) < 0)
                return NULL;
        } else {
            azml_str_add_char(&text, *at);
        }
    }
    return text_value(&text, err);
}

static cJSON *run_lower(const struct azml_template_call *call, struct azml_error *err)
{
    const char *text = azml_template_arg_text(call, 0, err);
    auto_free char *copy = text ? azml_strdup(text, err) : NULL;
    if (!copy)
        return NULL;
    azml_lower(copy);
    return azml_template_checked(cJSON_CreateString(copy), err);
}

static cJSON *run_upper(const struct azml_template_call *call, struct azml_error *err)
{
    const char *text = azml_template_arg_text(call, 0, err);
    if (!text)
        return NULL;
    auto_str struct azml_str out = {0};
    for (; *text; text++)
        azml_str_add_char(&out, (char)toupper((unsigned char)*text));
    return text_value(&out, err);
}

static cJSON *run_substring(const struct azml_template_call *call, struct azml_error *err)
{
    int64_t start;
    const char *text = azml_template_arg_text(call, 0, err);
    if (!text || azml_template_arg_number(call, 1, &start, err) < 0)
        return NULL;
    int64_t length = (int64_t)strlen(text);
    int64_t wanted = length - start;
    if (call->count > 2 && azml_template_arg_number(call, 2, &wanted, err) < 0)
        return NULL;
    if (start < 0 || wanted < 0 || start > length || wanted > length - start)
        return azml_template_refuse(
            call, "the index and length parameters must refer to a location within the string",
            err);
    return span_value(text + start, (size_t)wanted, err);
}

static cJSON *run_replace(const struct azml_template_call *call, struct azml_error *err)
{
    const char *text = azml_template_arg_text(call, 0, err);
    const char *old = text ? azml_template_arg_text(call, 1, err) : NULL;
    const char *new = old ? azml_template_arg_text(call, 2, err) : NULL;
    if (!new)
        return NULL;
    if (*old == '\0')
        return azml_template_refuse(call, "the text to replace is empty", err);
    auto_str struct azml_str out = {0};
    for (const char *found; (found = strstr(text, old)) != NULL; text = found + strlen(old)) {
        azml_str_add_bytes(&out, text, (size_t)(found - text));
        azml_str_add(&out, new);
    }
    azml_str_add(&out, text);
    return text_value(&out, err);
}

static cJSON *run_trim(const struct azml_template_call *call, struct azml_error *err)
{
    static const char blanks[] = " \t\r\n";
    const char *text = azml_template_arg_text(call, 0, err);
    if (!text)
        return NULL;
    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]))
        length--;
    return span_value(text, length, err);
}

static cJSON *run_starts_with(const struct azml_template_call *call, struct azml_error *err)
{
    const char *text = azml_template_arg_text(call, 0, err);
    const char *part = text ? azml_template_arg_text(call, 1, err) : NULL;
    if (!part)
        return NULL;
    return azml_template_checked(cJSON_CreateBool(azml_has_prefix_nocase(text, part)), err);
}

static cJSON *run_ends_with(const struct azml_template_call *call, struct azml_error *err)
{
    const char *text = azml_template_arg_text(call, 0, err);
    const char *part = text ? azml_template_arg_text(call, 1, err) : NULL;
    if (!part)
        return NULL;
    size_t length = strlen(text), tail = strlen(part);
    bool ends = tail <= length && azml_same_text(text + length - tail, part);
    return azml_template_checked(cJSON_CreateBool(ends), err);
}

static cJSON *run_split(const struct azml_template_call *call, struct azml_error *err)
{
    const char *text = azml_template_arg_text(call, 0, err);
    const char *separator = text ? azml_template_arg_text(call, 1, err) : NULL;
    if (!separator)
        return NULL;
    if (*separator == '\0')
        return azml_template_refuse(call, "the delimiter is empty", err);
    auto_json cJSON *out = cJSON_CreateArray();
    for (;;) {
        const char *end = strstr(text, separator);
        cJSON *part = span_value(text, end ? (size_t)(end - text) : strlen(text), err);
        if (azml_json_append(out, part) < 0)
            return azml_template_checked(NULL, err);
        if (!end)
            return AZML_STEAL(out);
        text = end + strlen(separator);
    }
}

static cJSON *run_join(const struct azml_template_call *call, struct azml_error *err)
{
    const char *separator = azml_template_arg_text(call, 1, err);
    if (!separator)
        return NULL;
    if (!cJSON_IsArray(call->args[0]))
        return azml_template_refuse(call, "the first argument must be an array", err);
    auto_str struct azml_str out = {0};
    const cJSON *item;
    cJSON_ArrayForEach (item, call->args[0]) {
        if (item != call->args[0]->child)
            azml_str_add(&out, separator);
        if (add_value(&out, item, err) < 0)
            return NULL;
    }
    return text_value(&out, err);
}

static int digest(const struct azml_template_call *call, unsigned char out[SHA256_DIGEST_LENGTH],
                  struct azml_error *err)
{
    auto_str struct azml_str seed = {0};
    for (size_t i = 0; i < call->count; i++) {
        const char *text = azml_template_arg_text(call, i, err);
        if (!text)
            return -1;
        azml_str_addf(&seed, "%zu:", strlen(text));
        azml_str_add(&seed, text);
    }
    auto_free char *taken = azml_str_take(&seed, err);
    if (!taken)
        return -1;
    SHA256((const unsigned char *)taken, strlen(taken), out);
    return 0;
}

/* 13 characters of a-z and 2-7, the same for the same arguments. */
static cJSON *run_unique_string(const struct azml_template_call *call, struct azml_error *err)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    if (digest(call, hash, err) < 0)
        return NULL;
    char text[14];
    for (size_t i = 0; i < 13; i++)
        text[i] = "abcdefghijklmnopqrstuvwxyz234567"[hash[i] & 31U];
    text[13] = '\0';
    return azml_template_checked(cJSON_CreateString(text), err);
}

static cJSON *run_guid(const struct azml_template_call *call, struct azml_error *err)
{
    unsigned char h[SHA256_DIGEST_LENGTH];
    if (digest(call, h, err) < 0)
        return NULL;
    auto_str struct azml_str text = {0};
    h[6] = (unsigned char)((h[6] & 0x0fU) | 0x50U); /* RFC 9562: version 5, made from a name */
    h[8] = (unsigned char)((h[8] & 0x3fU) | 0x80U);
    for (size_t i = 0; i < 16; i++)
        azml_str_addf(&text, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", h[i]);
    return text_value(&text, err);
}

static cJSON *run_string(const struct azml_template_call *call, struct azml_error *err)
{
    auto_str struct azml_str text = {0};
    return add_value(&text, call->args[0], err) < 0 ? NULL : text_value(&text, err);
}

const struct azml_template_function azml_template_text_functions[] = {
    {"concat",       1, MANY, run_concat},
    {"endsWith",          2, 2, run_ends_with},
    {"format",              1, MANY, run_format},
    {"guid",    1, MANY, run_guid},
    {"join", 2, 2, run_join},
    {"replace",       3, 3, run_replace},
    {"split",          2, 2, run_split},
    {"startsWith",              2, 2, run_starts_with},
    {"string",          1, 1, run_string},
    {"substring",      2, 3, run_substring},
    {"toLower",         1, 1, run_lower},
    {"toUpper",             1, 1, run_upper},
    {"trim",              1, 1, run_trim},
    {"uniqueString",       1, MANY, run_unique_string},
    {0  },
};
