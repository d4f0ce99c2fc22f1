#include "sandbox/template_parameters.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    const char *wire;
    int kind; /* of cJSON */
    bool is_secret;
} types[] = {
    {"string",       "String",       cJSON_String, false},
    {"securestring", "SecureString", cJSON_String, true },
    {"int",          "Int",          cJSON_Number, false},
    {"bool",         "Bool",         cJSON_True,   false},
    {"array",        "Array",        cJSON_Array,  false},
    {"object",       "Object",       cJSON_Object, false},
    {"secureobject", "SecureObject", cJSON_Object, true },
};

static size_t find_type(const char *name)
{
    size_t i = 0;
    while (i < AZML_COUNT(types) && !azml_same_text(types[i].name, name))
        i++;
    return i;
}

static bool fits(const cJSON *value, size_t type)
{
    int kind = types[type].kind;
    if (kind == cJSON_True)
        return cJSON_IsBool(value);
    if (kind == cJSON_Number)
        return cJSON_IsNumber(value) && floor(value->valuedouble) >= value->valuedouble;
    return (value->type & 0xff) == kind;
}

bool azml_template_fits_type(const cJSON *value, const char *type, const char **type_out)
{
    size_t found = type ? find_type(type) : AZML_COUNT(types);
    if (found == AZML_COUNT(types) || !fits(value, found))
        return false;
    *type_out = types[found].wire;
    return true;
}

/* How long or how large a value is, for min/maxLength. */
static double extent(const cJSON *value)
{
    return cJSON_IsString(value) ? (double)strlen(value->valuestring) : cJSON_GetArraySize(value);
}

static int check_bound(const char *name, const cJSON *declared, const char *bound, double actual,
                       struct azml_error *err)
{
    const cJSON *limit = cJSON_GetObjectItem(declared, bound);
    if (!limit)
        return 0;
    if (!cJSON_IsNumber(limit))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The '%s' of the template parameter '%s' is not an integer.", bound,
                              name);
    bool is_min = azml_has_prefix_nocase(bound, "min");
    if (is_min ? actual >= limit->valuedouble : actual <= limit->valuedouble)
        return 0;
    return azml_error_set(
        err, AZML_ERROR_USAGE,
        "The provided value for the template parameter '%s' is not valid. %s of the value should "
        "be %s than or equal to '%.0f'.",
        name, strstr(bound, "Length") ? "Length" : "The size", is_min ? "greater" : "less",
        limit->valuedouble);
}

static int check_allowed(const char *name, const cJSON *declared, const cJSON *value,
                         struct azml_error *err)
{
    const cJSON *allowed = cJSON_GetObjectItem(declared, "allowedValues");
    if (!allowed)
        return 0;
    const cJSON *each;
    cJSON_ArrayForEach (each, allowed) {
        if (cJSON_Compare(each, value, true) ||
            (cJSON_IsString(each) && cJSON_IsString(value) &&
             azml_same_text(each->valuestring, value->valuestring)))
            return 0;
    }
    auto_free char *list = azml_json_print(allowed, false, NULL);
    return azml_error_set(err, AZML_ERROR_USAGE,
                          "The provided value for the template parameter '%s' is not valid. The "
                          "value is not part of the allowed value(s): '%s'.",
                          name, list ? list : "");
}

static int check_value(const char *name, const cJSON *declared, size_t type, const cJSON *value,
                       struct azml_error *err)
{
    if (!fits(value, type))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The provided value for the template parameter '%s' is not valid. "
                              "Expected a value of type '%s'.",
                              name, types[type].wire);
    if (check_allowed(name, declared, value, err) < 0)
        return -1;
    if (cJSON_IsNumber(value))
        return check_bound(name, declared, "minValue", value->valuedouble, err) < 0
                   ? -1
                   : check_bound(name, declared, "maxValue", value->valuedouble, err);
    if (cJSON_IsBool(value) || cJSON_IsObject(value))
        return 0;
    return check_bound(name, declared, "minLength", extent(value), err) < 0
               ? -1
               : check_bound(name, declared, "maxLength", extent(value), err);
}

/* The value of one parameter, the caller's. */
static cJSON *choose(const struct azml_template_scope *scope, const cJSON *declared,
                     const cJSON *given, struct azml_error *err)
{
    const char *name = declared->string;
    const cJSON *entry = cJSON_GetObjectItem(given, name);
    if (entry) {
        const cJSON *value = cJSON_GetObjectItem(entry, "value");
        if (value && !cJSON_IsNull(value))
            return azml_template_checked(cJSON_Duplicate(value, true), err);
        if (cJSON_GetObjectItem(entry, "reference")) {
            azml_error_set(err, AZML_ERROR_USAGE,
                           "The parameter '%s' refers to a key vault, which is not supported.",
                           name);
            return NULL;
        }
    }
    const cJSON *fallback = cJSON_GetObjectItem(declared, "defaultValue");
    if (!fallback) {
        azml_error_set(err, AZML_ERROR_USAGE,
                       "The value for the template parameter '%s' is not provided.", name);
        return NULL;
    }
    struct azml_template_scope inner = *scope;
    inner.in_default = true;
    inner.reference = NULL;
    return azml_template_eval(&inner, fallback, err);
}

static int add_one(const struct azml_template_scope *scope, const cJSON *declared,
                   const cJSON *given, cJSON *values, cJSON *echo, struct azml_error *err)
{
    const char *name = declared->string;
    const char *type_name = cJSON_GetStringValue(cJSON_GetObjectItem(declared, "type"));
    size_t type = type_name ? find_type(type_name) : AZML_COUNT(types);
    if (type == AZML_COUNT(types))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The template parameter '%s' has no known type.", name);
    auto_json cJSON *value = choose(scope, declared, given, err);
    if (!value || check_value(name, declared, type, value, err) < 0)
        return -1;

    auto_json cJSON *entry = cJSON_CreateObject();
    if (!entry || azml_json_put_text(entry, "type", types[type].wire) < 0 ||
        (!types[type].is_secret &&
         azml_json_put(entry, "value", cJSON_Duplicate(value, true)) < 0) ||
        azml_json_put_member(echo, name, AZML_STEAL(entry)) < 0 ||
        azml_json_put_member(values, name, AZML_STEAL(value)) < 0)
        return azml_error_memory(err);
    return 0;
}

static int refuse_unknown(const cJSON *declared, const cJSON *given, struct azml_error *err)
{
    const cJSON *each;
    cJSON_ArrayForEach (each, given) {
        if (!cJSON_GetObjectItem(declared, each->string))
            return azml_error_set(
                err, AZML_ERROR_USAGE,
                "The following parameters were supplied, but do not correspond to any parameters "
                "defined in the template: '%s'.",
                each->string);
        if (!cJSON_IsObject(each))
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  "The parameter '%s' must be an object with a 'value'.",
                                  each->string);
    }
    return 0;
}

int azml_template_parameters(const struct azml_template_scope *scope, const cJSON *declared,
                             const cJSON *given, cJSON *values, cJSON *echo, struct azml_error *err)
{
    if (refuse_unknown(declared, given, err) < 0)
        return -1;
    struct azml_template_scope inner = *scope;
    inner.parameters = values; /* a default may use the parameters before it */
    const cJSON *each;
    cJSON_ArrayForEach (each, declared) {
        if (add_one(&inner, each, given, values, echo, err) < 0)
            return -1;
    }
    return 0;
}
