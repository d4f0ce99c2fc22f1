/* template_values.c - logic, comparison, numbers, arrays and objects of ARM templates. */
#include "sandbox/template_eval.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/number.h"
#include "base/str.h"

#include <string.h>

#define MANY 1000 /* "any number of arguments" */

static cJSON *bool_value(bool value, struct azml_error *err)
{
    return azml_template_checked(cJSON_CreateBool(value), err);
}

static cJSON *copy(const cJSON *value, struct azml_error *err)
{
    return azml_template_checked(cJSON_Duplicate(value, true), err);
}

/* Texts differ by case here: equals('a', 'A') is false. */
static cJSON *run_equals(const struct azml_template_call *call, struct azml_error *err)
{
    return bool_value(cJSON_Compare(call->args[0], call->args[1], true), err);
}

static cJSON *run_not(const struct azml_template_call *call, struct azml_error *err)
{
    bool value;
    return azml_template_arg_bool(call, 0, &value, err) < 0 ? NULL : bool_value(!value, err);
}

static cJSON *all_or_any(const struct azml_template_call *call, bool stop, struct azml_error *err)
{
    bool found = false;
    for (size_t i = 0; i < call->count; i++) {
        bool value;
        if (azml_template_arg_bool(call, i, &value, err) < 0)
            return NULL;
        found = found || value == stop;
    }
    return bool_value(found ? stop : !stop, err);
}

static cJSON *run_and(const struct azml_template_call *call, struct azml_error *err)
{
    return all_or_any(call, false, err);
}

static cJSON *run_or(const struct azml_template_call *call, struct azml_error *err)
{
    return all_or_any(call, true, err);
}

static cJSON *run_true(const struct azml_template_call *call, struct azml_error *err)
{
    (void)call;
    return bool_value(true, err);
}

static cJSON *run_false(const struct azml_template_call *call, struct azml_error *err)
{
    (void)call;
    return bool_value(false, err);
}

static cJSON *run_null(const struct azml_template_call *call, struct azml_error *err)
{
    (void)call;
    return azml_template_checked(cJSON_CreateNull(), err);
}

static cJSON *run_bool(const struct azml_template_call *call, struct azml_error *err)
{
    const cJSON *arg = call->args[0];
    if (cJSON_IsBool(arg))
        return copy(arg, err);
    if (cJSON_IsNumber(arg))
        return bool_value(arg->valuedouble < 0 || arg->valuedouble > 0, err);
    if (cJSON_IsString(arg) && azml_same_text(arg->valuestring, "true"))
        return bool_value(true, err);
    if (cJSON_IsString(arg) && azml_same_text(arg->valuestring, "false"))
        return bool_value(false, err);
    return azml_template_refuse(call, "the value cannot be converted to a boolean", err);
}

static cJSON *run_int(const struct azml_template_call *call, struct azml_error *err)
{
    const cJSON *arg = call->args[0];
    if (cJSON_IsNumber(arg))
        return copy(arg, err);
    int64_t number;
    bool negative = cJSON_IsString(arg) && arg->valuestring[0] == '-';
    if (!cJSON_IsString(arg) || azml_number_parse_i64(arg->valuestring + (negative ? 1 : 0), 0,
                                                      9000000000000000, &number, NULL) < 0)
        return azml_template_refuse(call, "the value cannot be converted to an integer", err);
    return azml_template_checked(cJSON_CreateNumber((double)(negative ? -number : number)), err);
}

static cJSON *run_arithmetic(const struct azml_template_call *call, struct azml_error *err)
{
    int64_t a, b;
    if (azml_template_arg_number(call, 0, &a, err) < 0 ||
        azml_template_arg_number(call, 1, &b, err) < 0)
        return NULL;
    bool divides = call->name[0] == 'd' || call->name[1] == 'o';
    if (divides && b == 0)
        return azml_template_refuse(call, "it divides by zero", err);
    double result = 0;
    if (strcmp(call->name, "add") == 0)
        result = (double)(a + b);
    else if (strcmp(call->name, "sub") == 0)
        result = (double)(a - b);
    else if (strcmp(call->name, "mul") == 0)
        result = (double)a * (double)b;
    else
        result = (double)(call->name[0] == 'd' ? a / b : a % b);
    return azml_template_checked(cJSON_CreateNumber(result), err);
}

/* -1, 0 or 1 for two numbers or two texts; 2 with `err` set for anything else. */
static int order(const struct azml_template_call *call, struct azml_error *err)
{
    const cJSON *a = call->args[0], *b = call->args[1];
    if (cJSON_IsNumber(a) && cJSON_IsNumber(b))
        return (a->valuedouble > b->valuedouble) - (a->valuedouble < b->valuedouble);
    if (cJSON_IsString(a) && cJSON_IsString(b)) {
        int compared = strcmp(a->valuestring, b->valuestring);
        return (compared > 0) - (compared < 0);
    }
    azml_template_refuse(call, "it compares two integers or two strings", err);
    return 2;
}

static cJSON *run_compare(const struct azml_template_call *call, struct azml_error *err)
{
    int ordered = order(call, err);
    if (ordered == 2)
        return NULL;
    bool or_equals = strlen(call->name) > strlen("greater");
    if (ordered == 0)
        return bool_value(or_equals, err);
    return bool_value((call->name[0] == 'l') == (ordered < 0), err);
}

static bool is_empty(const cJSON *value)
{
    if (cJSON_IsNull(value))
        return true;
    if (cJSON_IsString(value))
        return value->valuestring[0] == '\0';
    return (cJSON_IsArray(value) || cJSON_IsObject(value)) && !value->child;
}

static cJSON *run_empty(const struct azml_template_call *call, struct azml_error *err)
{
    const cJSON *arg = call->args[0];
    if (cJSON_IsNumber(arg) || cJSON_IsBool(arg))
        return azml_template_refuse(call, "it takes an array, an object or a string", err);
    return bool_value(is_empty(arg), err);
}

static cJSON *run_length(const struct azml_template_call *call, struct azml_error *err)
{
    const cJSON *arg = call->args[0];
    if (cJSON_IsString(arg))
        return azml_template_checked(cJSON_CreateNumber((double)strlen(arg->valuestring)), err);
    if (!cJSON_IsArray(arg) && !cJSON_IsObject(arg))
        return azml_template_refuse(call, "it takes an array, an object or a string", err);
    return azml_template_checked(cJSON_CreateNumber(cJSON_GetArraySize(arg)), err);
}

static cJSON *run_create_array(const struct azml_template_call *call, struct azml_error *err)
{
    auto_json cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < call->count; i++)
        if (azml_json_append(out, cJSON_Duplicate(call->args[i], true)) < 0)
            return azml_template_checked(NULL, err);
    return azml_template_checked(AZML_STEAL(out), err);
}

static cJSON *run_array(const struct azml_template_call *call, struct azml_error *err)
{
    return cJSON_IsArray(call->args[0]) ? copy(call->args[0], err) : run_create_array(call, err);
}

static cJSON *run_create_object(const struct azml_template_call *call, struct azml_error *err)
{
    if (call->count % 2 != 0)
        return azml_template_refuse(call, "it takes pairs of a name and a value", err);
    auto_json cJSON *out = cJSON_CreateObject();
    for (size_t i = 0; i < call->count; i += 2) {
        const char *name = azml_template_arg_text(call, i, err);
        if (!name)
            return NULL;
        if (azml_json_put_member(out, name, cJSON_Duplicate(call->args[i + 1], true)) < 0)
            return azml_template_checked(NULL, err);
    }
    return azml_template_checked(AZML_STEAL(out), err);
}

static bool holds(const cJSON *array, const cJSON *item)
{
    const cJSON *each;
    cJSON_ArrayForEach (each, array) {
        if (cJSON_Compare(each, item, true))
            return true;
    }
    return false;
}

/* Add the members or items of `from`; items that are there already are left out. */
static int unite(cJSON *into, const cJSON *from)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, from) {
        if (cJSON_IsArray(into) && holds(into, item))
            continue;
        cJSON *twin = cJSON_Duplicate(item, true);
        if ((cJSON_IsArray(into) ? azml_json_append(into, twin)
                                 : azml_json_put_member(into, item->string, twin)) < 0)
            return -1;
    }
    return 0;
}

static cJSON *run_union(const struct azml_template_call *call, struct azml_error *err)
{
    bool arrays = cJSON_IsArray(call->args[0]);
    auto_json cJSON *out = arrays ? cJSON_CreateArray() : cJSON_CreateObject();
    for (size_t i = 0; i < call->count; i++) {
        const cJSON *arg = call->args[i];
        if (arrays ? !cJSON_IsArray(arg) : !cJSON_IsObject(arg))
            return azml_template_refuse(call, "it takes arrays only or objects only", err);
        if (unite(out, arg) < 0)
            return azml_template_checked(NULL, err);
    }
    return azml_template_checked(AZML_STEAL(out), err);
}

static cJSON *run_contains(const struct azml_template_call *call, struct azml_error *err)
{
    const cJSON *in = call->args[0], *what = call->args[1];
    if (cJSON_IsArray(in))
        return bool_value(holds(in, what), err);
    const char *text = azml_template_arg_text(call, 1, err);
    if (!text)
        return NULL;
    if (cJSON_IsObject(in))
        return bool_value(cJSON_GetObjectItem(in, text) != NULL, err);
    if (!cJSON_IsString(in))
        return azml_template_refuse(call, "it takes an array, an object or a string", err);
    return bool_value(strstr(in->valuestring, text) != NULL, err);
}

static cJSON *run_coalesce(const struct azml_template_call *call, struct azml_error *err)
{
    for (size_t i = 0; i < call->count; i++)
        if (!cJSON_IsNull(call->args[i]))
            return copy(call->args[i], err);
    return run_null(call, err);
}

/* `count` items or characters of the first argument from `start` on, as far as there are. */
static cJSON *slice(const struct azml_template_call *call, int64_t start, int64_t count,
                    struct azml_error *err)
{
    const cJSON *from = call->args[0];
    if (cJSON_IsString(from)) {
        int64_t length = (int64_t)strlen(from->valuestring);
        int64_t first = start < length ? start : length;
        int64_t taken = count < length - first ? count : length - first;
        auto_free char *text = azml_strndup(from->valuestring + first, (size_t)taken, err);
        return text ? azml_template_checked(cJSON_CreateString(text), err) : NULL;
    }
    if (!cJSON_IsArray(from))
        return azml_template_refuse(call, "it takes an array or a string", err);
    auto_json cJSON *out = cJSON_CreateArray();
    int64_t index = 0;
    const cJSON *item;
    cJSON_ArrayForEach (item, from) {
        if (index >= start && index - start < count &&
            azml_json_append(out, cJSON_Duplicate(item, true)) < 0)
            return azml_template_checked(NULL, err);
        index++;
    }
    return azml_template_checked(AZML_STEAL(out), err);
}

static cJSON *run_take(const struct azml_template_call *call, struct azml_error *err)
{
    int64_t count;
    if (azml_template_arg_number(call, 1, &count, err) < 0)
        return NULL;
    return slice(call, 0, count > 0 ? count : 0, err);
}

static cJSON *run_skip(const struct azml_template_call *call, struct azml_error *err)
{
    int64_t count;
    if (azml_template_arg_number(call, 1, &count, err) < 0)
        return NULL;
    return slice(call, count > 0 ? count : 0, INT64_MAX, err);
}

static cJSON *end_of(const struct azml_template_call *call, bool last, struct azml_error *err)
{
    const cJSON *from = call->args[0];
    if (cJSON_IsArray(from)) {
        int size = cJSON_GetArraySize(from);
        if (size == 0)
            return azml_template_refuse(call, "the array is empty", err);
        return copy(cJSON_GetArrayItem(from, last ? size - 1 : 0), err);
    }
    int64_t length = cJSON_IsString(from) ? (int64_t)strlen(from->valuestring) : 0;
    return slice(call, last && length > 0 ? length - 1 : 0, 1, err);
}

static cJSON *run_first(const struct azml_template_call *call, struct azml_error *err)
{
    return end_of(call, false, err);
}

static cJSON *run_last(const struct azml_template_call *call, struct azml_error *err)
{
    return end_of(call, true, err);
}

static cJSON *run_json(const struct azml_template_call *call, struct azml_error *err)
{
    const char *text = azml_template_arg_text(call, 0, err);
    if (!text)
        return NULL;
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    return json ? json : azml_template_refuse(call, "the text is not JSON", err);
}

const struct azml_template_function azml_template_value_functions[] = {
    {"add",              2, 2, run_arithmetic},
    {"and",                 2, MANY, run_and},
    {"array",                  1, 1, run_array},
    {"bool", 1, 1, run_bool},
    {"coalesce",           1, MANY, run_coalesce},
    {"contains",            2, 2, run_contains},
    {"createArray",                 0, MANY, run_create_array},
    {"createObject",                  0, MANY, run_create_object},
    {"div",                 2, 2, run_arithmetic},
    {"empty",          1, 1, run_empty},
    {"equals",         2, 2, run_equals},
    {"false",              0, 0, run_false},
    {"first",                  1, 1, run_first},
    {"greater",      2, 2, run_compare},
    {"greaterOrEquals",      2, 2, run_compare},
    {"int",      1, 1, run_int},
    {"json",              1, 1, run_json},
    {"last",                  1, 1, run_last},
    {"length",1, 1, run_length},
    {"less", 2, 2, run_compare},
    {"lessOrEquals",              2, 2, run_compare},
    {"mod",                 2, 2, run_arithmetic},
    {"mul",                  2, 2, run_arithmetic},
    {"not",        1, 1, run_not},
    {"null",         0, 0, run_null},
    {"or",           2, MANY, run_or},
    {"skip",                 2, 2, run_skip},
    {"sub",                  2, 2, run_arithmetic},
    {"take",    2, 2, run_take},
    {"true",         0, 0, run_true},
    {"union",            2, MANY, run_union},
    {0                },
};
