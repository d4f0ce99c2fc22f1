/* template_scope.c - the functions by which an ARM template asks about its surroundings. */
#include "sandbox/template_eval.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"

#include <string.h>

#define MANY           1000 /* "any number of arguments" */
#define VARIABLE_DEPTH 32   /* variables that use variables */

static cJSON *run_parameters(const struct azml_template_call *call, struct azml_error *err)
{
    const char *name = azml_template_arg_text(call, 0, err);
    if (!name)
        return NULL;
    const cJSON *value = cJSON_GetObjectItem(call->scope->parameters, name);
    if (value)
        return azml_template_checked(cJSON_Duplicate(value, true), err);
    azml_error_set(err, AZML_ERROR_USAGE, "The template parameter '%s' is not found.", name);
    return NULL;
}

static cJSON *run_variables(const struct azml_template_call *call, struct azml_error *err)
{
    const char *name = azml_template_arg_text(call, 0, err);
    if (!name)
        return NULL;
    const cJSON *value = cJSON_GetObjectItem(call->scope->variables, name);
    if (!value) {
        azml_error_set(err, AZML_ERROR_USAGE, "The template variable '%s' is not found.", name);
        return NULL;
    }
    struct azml_template_scope inner = *call->scope;
    if (++inner.depth > VARIABLE_DEPTH)
        return azml_template_refuse(call, "a variable refers to itself", err);
    return azml_template_eval(&inner, value, err);
}

static bool is_guid(const char *text)
{
    return strlen(text) == 36 && text[8] == '-' && text[13] == '-' &&
           strspn(text, "0123456789abcdefABCDEF-") == 36;
}

/* Add "/providers/Ns/a/NAME/b/NAME" from the type at argument `at` and the names behind it. */
static int add_type_and_names(const struct azml_template_call *call, size_t at, struct azml_str *id,
                              struct azml_error *err)
{
    const char *type = azml_template_arg_text(call, at, err);
    auto_free char *copy = type ? azml_strdup(type, err) : NULL;
    if (!copy)
        return -1;
    char *rest = copy;
    azml_str_addf(id, "/providers/%s", azml_split(&rest, '/'));
    while (rest) {
        const char *name = ++at < call->count ? azml_template_arg_text(call, at, err) : NULL;
        if (!name)
            break;
        azml_str_addf(id, "/%s/%s", azml_split(&rest, '/'), name);
    }
    if (rest || at + 1 != call->count) {
        azml_template_refuse(
            call, "the type and the number of resource name arguments do not match", err);
        return -1;
    }
    return 0;
}

static cJSON *id_value(struct azml_str *id, struct azml_error *err)
{
    auto_free char *text = azml_str_take(id, err);
    return text ? azml_template_checked(cJSON_CreateString(text), err) : NULL;
}

/* The place of the resource type among the arguments: the first with a slash. */
static size_t type_position(const struct azml_template_call *call)
{
    size_t at = 0;
    while (at < call->count &&
           !(cJSON_IsString(call->args[at]) && strchr(call->args[at]->valuestring, '/') != NULL))
        at++;
    return at;
}

static cJSON *run_resource_id(const struct azml_template_call *call, struct azml_error *err)
{
    size_t at = type_position(call);
    const char *subscription = call->scope->subscription_id;
    const char *group = call->scope->group;
    if (at >= call->count || at > 2)
        return azml_template_refuse(call, "no argument is a resource type", err);
    for (size_t i = 0; i < at; i++) {
        const char *text = azml_template_arg_text(call, i, err);
        if (!text)
            return NULL;
        if (i == 0 && is_guid(text))
            subscription = text;
        else
            group = text;
    }
    auto_str struct azml_str id = {0};
    azml_str_addf(&id, "/subscriptions/%s", subscription);
    if (group)
        azml_str_addf(&id, "/resourceGroups/%s", group);
    return add_type_and_names(call, at, &id, err) < 0 ? NULL : id_value(&id, err);
}

static cJSON *run_subscription_resource_id(const struct azml_template_call *call,
                                           struct azml_error *err)
{
    size_t at = type_position(call);
    if (at >= call->count || at > 1)
        return azml_template_refuse(call, "no argument is a resource type", err);
    const char *subscription = call->scope->subscription_id;
    if (at == 1 && !(subscription = azml_template_arg_text(call, 0, err)))
        return NULL;
    auto_str struct azml_str id = {0};
    azml_str_addf(&id, "/subscriptions/%s", subscription);
    return add_type_and_names(call, at, &id, err) < 0 ? NULL : id_value(&id, err);
}

static cJSON *run_extension_resource_id(const struct azml_template_call *call,
                                        struct azml_error *err)
{
    const char *scope = azml_template_arg_text(call, 0, err);
    if (!scope)
        return NULL;
    auto_str struct azml_str id = {0};
    azml_str_add(&id, scope);
    return add_type_and_names(call, 1, &id, err) < 0 ? NULL : id_value(&id, err);
}

static cJSON *run_reference(const struct azml_template_call *call, struct azml_error *err)
{
    const struct azml_template_scope *scope = call->scope;
    const char *what = azml_template_arg_text(call, 0, err);
    if (!what)
        return NULL;
    if (!scope->reference)
        return azml_template_refuse(
            call, "it is not expected at this location, where resources do not exist yet", err);
    const char *mode = call->count > 2 ? azml_template_arg_text(call, 2, err) : "";
    if (!mode)
        return NULL;
    if (what[0] != '/') {
        const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(scope->resource_ids, what));
        if (!id) {
            azml_error_set(err, AZML_ERROR_USAGE,
                           "The resource '%s' is not defined in the template.", what);
            return NULL;
        }
        what = id;
    }
    return scope->reference(scope->reference_data, what, azml_same_text(mode, "Full"), err);
}

static cJSON *run_resource_group(const struct azml_template_call *call, struct azml_error *err)
{
    const struct azml_template_scope *scope = call->scope;
    if (!scope->group)
        return azml_template_refuse(call, "the deployment is not at resource group scope", err);
    auto_free char *id = azml_format(err, "/subscriptions/%s/resourceGroups/%s",
                                     scope->subscription_id, scope->group);
    auto_json cJSON *out = cJSON_CreateObject();
    if (!id || !azml_template_checked(out, err))
        return NULL;
    if (azml_json_put_text(out, "id", id) < 0 ||
        azml_json_put_text(out, "name", scope->group) < 0 ||
        azml_json_put_text(out, "type", "Microsoft.Resources/resourceGroups") < 0 ||
        azml_json_put_text(out, "location", scope->location) < 0 ||
        azml_json_put(out, "tags",
                      scope->tags ? cJSON_Duplicate(scope->tags, true) : cJSON_CreateObject()) <
            0 ||
        azml_json_put_text(out, "properties.provisioningState", "Succeeded") < 0)
        return azml_template_checked(NULL, err);
    return AZML_STEAL(out);
}

static cJSON *run_subscription(const struct azml_template_call *call, struct azml_error *err)
{
    const struct azml_template_scope *scope = call->scope;
    auto_free char *id = azml_format(err, "/subscriptions/%s", scope->subscription_id);
    auto_json cJSON *out = cJSON_CreateObject();
    if (!id || !azml_template_checked(out, err))
        return NULL;
    if (azml_json_put_text(out, "id", id) < 0 ||
        azml_json_put_text(out, "subscriptionId", scope->subscription_id) < 0 ||
        azml_json_put_text(out, "tenantId", scope->tenant_id) < 0 ||
        azml_json_put_text(out, "displayName", scope->subscription_name) < 0)
        return azml_template_checked(NULL, err);
    return AZML_STEAL(out);
}

static cJSON *run_tenant(const struct azml_template_call *call, struct azml_error *err)
{
    auto_json cJSON *out = cJSON_CreateObject();
    if (!azml_template_checked(out, err))
        return NULL;
    if (azml_json_put_text(out, "tenantId", call->scope->tenant_id) < 0)
        return azml_template_checked(NULL, err);
    return AZML_STEAL(out);
}

static cJSON *run_deployment(const struct azml_template_call *call, struct azml_error *err)
{
    auto_json cJSON *out = cJSON_CreateObject();
    if (!azml_template_checked(out, err))
        return NULL;
    const cJSON *document = call->scope->document;
    if (azml_json_put_text(out, "name", call->scope->deployment) < 0 ||
        azml_json_put_text(out, "properties.mode", "Incremental") < 0 ||
        (document &&
         azml_json_put(out, "properties.template", cJSON_Duplicate(document, true)) < 0))
        return azml_template_checked(NULL, err);
    return AZML_STEAL(out);
}

/* "yyyy-MM-dd" and the like; what is no such word is copied. */
static void add_time(struct azml_str *text, const char *format, const char *iso)
{
    static const struct {
        const char *word;
        size_t at; /* in 2025-11-20T10:00:00Z */
    } words[] = {
        {"yyyy", 0 },
        {"MM",   5 },
        {"dd",   8 },
        {"HH",   11},
        {"mm",   14},
        {"ss",   17}
    };
    while (*format) {
        size_t i = 0;
        while (i < AZML_COUNT(words) && !azml_has_prefix(format, words[i].word))
            i++;
        if (i < AZML_COUNT(words)) {
            azml_str_add_bytes(text, iso + words[i].at, strlen(words[i].word));
            format += strlen(words[i].word);
        } else {
            azml_str_add_char(text, *format++);
        }
    }
}

static cJSON *run_utc_now(const struct azml_template_call *call, struct azml_error *err)
{
    if (!call->scope->in_default)
        return azml_template_refuse(call, "it can only be used in the default value of a parameter",
                                    err);
    const char *format = call->count ? azml_template_arg_text(call, 0, err) : "yyyyMMddTHHmmssZ";
    if (!format)
        return NULL;
    char iso[AZML_TIME_TEXT];
    azml_time_format_iso(iso, call->scope->now_ms, false);
    auto_str struct azml_str text = {0};
    add_time(&text, format, iso);
    return id_value(&text, err);
}

static cJSON *run_new_guid(const struct azml_template_call *call, struct azml_error *err)
{
    if (!call->scope->in_default)
        return azml_template_refuse(call, "it can only be used in the default value of a parameter",
                                    err);
    char uuid[37];
    azml_platform_uuid(uuid);
    return azml_template_checked(cJSON_CreateString(uuid), err);
}

const struct azml_template_function azml_template_scope_functions[] = {
    {"deployment",               0, 0, run_deployment},
    {"extensionResourceId",                         3, MANY, run_extension_resource_id},
    {"newGuid",                          0, 0, run_new_guid},
    {"parameters", 1, 1, run_parameters},
    {"reference", 1, 3, run_reference},
    {"resourceGroup",                  0, 0, run_resource_group},
    {"resourceId",                         2, MANY, run_resource_id},
    {"subscription",                          0, 0, run_subscription},
    {"subscriptionResourceId",                         2, MANY, run_subscription_resource_id},
    {"tenant",            0, 0, run_tenant},
    {"utcNow",                0, 1, run_utc_now},
    {"variables",                         1, 1, run_variables},
    {0                         },
};
