#include "sandbox/template.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/template_order.h"
#include "sandbox/template_parameters.h"

#include <string.h>

#define RESOURCE_LIMIT 800 /* of one template, as the service has it */

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (azml_same_text(name, *names))
            return true;
    return false;
}

static int check_shape(const cJSON *document, struct azml_error *err)
{
    static const char *const known[] = {
        "$schema",   "contentVersion", "apiProfile", "parameters", "variables",
        "functions", "resources",      "outputs",    "metadata",   NULL};
    static const char *const required[] = {"$schema", "contentVersion", "resources", NULL};
    const cJSON *member;
    cJSON_ArrayForEach (member, document) {
        if (!is_one_of(member->string, known))
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  "Could not find member '%s' on object of type 'Template', or it "
                                  "is not supported by this resource manager.",
                                  member->string);
    }
    for (size_t i = 0; required[i]; i++)
        if (!cJSON_GetObjectItem(document, required[i]))
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  "Required property '%s' not found in JSON. Path ''.",
                                  required[i]);
    const cJSON *functions = cJSON_GetObjectItem(document, "functions");
    if (functions && functions->child)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The template's own functions are not supported by this resource "
                              "manager.");
    if (!cJSON_IsArray(cJSON_GetObjectItem(document, "resources")))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The template's 'resources' must be an array; named resources are "
                              "not supported by this resource manager.");
    return 0;
}

/* "/providers/Ns/a/NAME/b/NAME" for a type and a name of as many segments. */
static int add_id(struct azml_str *id, const char *type, const char *name, struct azml_error *err)
{
    auto_free char *types = azml_strdup(type, err);
    auto_free char *names = azml_strdup(name, err);
    if (!types || !names)
        return -1;
    char *type_rest = types, *name_rest = names;
    azml_str_addf(id, "/providers/%s", azml_split(&type_rest, '/'));
    while (type_rest && name_rest) {
        const char *segment = azml_split(&type_rest, '/');
        const char *value = azml_split(&name_rest, '/');
        if (*segment == '\0' || *value == '\0')
            break;
        azml_str_addf(id, "/%s/%s", segment, value);
        if (!type_rest && !name_rest)
            return 0;
    }
    return azml_error_set(
        err, AZML_ERROR_USAGE,
        "The template resource '%s' for type '%s' has incorrect segment lengths. "
        "A nested resource type must have identical number of segments as its "
        "resource name. A root resource type must have segment length one greater "
        "than its resource name. Please see https://aka.ms/arm-syntax-resources "
        "for usage details.",
        name, type);
}

/* Where the resource hangs: on its scope, else on the group or subscription. */
static int add_parent(const struct azml_template_scope *scope, const cJSON *source,
                      struct azml_str *id, struct azml_error *err)
{
    const cJSON *written = cJSON_GetObjectItem(source, "scope");
    auto_json cJSON *value = written ? azml_template_eval(scope, written, err) : NULL;
    if (written && !value)
        return -1;
    if (value && !cJSON_IsString(value))
        return azml_error_set(err, AZML_ERROR_USAGE, "The 'scope' of a resource is not a string.");
    if (value && value->valuestring[0] == '/') {
        azml_str_add(id, value->valuestring);
        return 0;
    }
    azml_str_addf(id, "/subscriptions/%s", scope->subscription_id);
    if (scope->group)
        azml_str_addf(id, "/resourceGroups/%s", scope->group);
    if (value)
        azml_str_addf(id, "/providers/%s", value->valuestring);
    return 0;
}

/* A required string member of a resource, evaluated; the caller's. */
static char *resource_text(const struct azml_template_scope *scope, const cJSON *source,
                           const char *member, struct azml_error *err)
{
    const cJSON *written = cJSON_GetObjectItem(source, member);
    if (!written) {
        azml_error_set(err, AZML_ERROR_USAGE,
                       "Required property '%s' not found in JSON of a template resource.", member);
        return NULL;
    }
    auto_json cJSON *value = azml_template_eval(scope, written, err);
    if (!value)
        return NULL;
    if (!cJSON_IsString(value) || value->valuestring[0] == '\0') {
        azml_error_set(err, AZML_ERROR_USAGE,
                       "The '%s' of a template resource is not a non-empty string.", member);
        return NULL;
    }
    return azml_strdup(value->valuestring, err);
}

static int check_members(const cJSON *source, struct azml_error *err)
{
    static const char *const known[] = {
        "type",     "apiVersion", "name",  "location",   "dependsOn", "tags",
        "kind",     "sku",        "plan",  "identity",   "metadata",  "condition",
        "comments", "zones",      "scope", "properties", NULL};
    if (!cJSON_IsObject(source))
        return azml_error_set(err, AZML_ERROR_USAGE, "A template resource is not an object.");
    const cJSON *member;
    cJSON_ArrayForEach (member, source) {
        if (!is_one_of(member->string, known))
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  "The property '%s' of a template resource is not supported by "
                                  "this resource manager.",
                                  member->string);
    }
    return 0;
}

static int read_condition(const struct azml_template_scope *scope, const cJSON *source,
                          bool *wanted_out, struct azml_error *err)
{
    const cJSON *written = cJSON_GetObjectItem(source, "condition");
    *wanted_out = true;
    if (!written)
        return 0;
    auto_json cJSON *value = azml_template_eval(scope, written, err);
    if (!value)
        return -1;
    if (!cJSON_IsBool(value))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The condition of a template resource is not a boolean.");
    *wanted_out = cJSON_IsTrue(value);
    return 0;
}

static int read_resource(struct azml_template *template, const cJSON *source,
                         struct azml_template_resource *resource, struct azml_error *err)
{
    const struct azml_template_scope *scope = &template->scope;
    if (check_members(source, err) < 0)
        return -1;
    resource->source = source;
    if (!(resource->type = resource_text(scope, source, "type", err)) ||
        !(resource->name = resource_text(scope, source, "name", err)) ||
        !(resource->api_version = resource_text(scope, source, "apiVersion", err)) ||
        read_condition(scope, source, &resource->is_wanted, err) < 0)
        return -1;
    auto_str struct azml_str id = {0};
    if (add_parent(scope, source, &id, err) < 0 ||
        add_id(&id, resource->type, resource->name, err) < 0)
        return -1;
    resource->id = azml_str_take(&id, err);
    if (!resource->id)
        return -1;
    for (size_t i = 0; i + 1 < template->count; i++)
        if (azml_same_text(template->resources[i].id, resource->id))
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  "The resource '%s' is defined multiple times in a template.",
                                  resource->id);
    if (azml_json_put_member(template->ids, resource->name, cJSON_CreateString(resource->id)) < 0)
        return azml_error_memory(err);
    return 0;
}

static int read_resources(struct azml_template *template, struct azml_error *err)
{
    const cJSON *list = cJSON_GetObjectItem(template->document, "resources");
    int count = cJSON_GetArraySize(list);
    if (count > RESOURCE_LIMIT)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The number of template resources limit exceeded. Limit: '%d' and "
                              "actual: '%d'.",
                              RESOURCE_LIMIT, count);
    template->resources = calloc((size_t)count + 1, sizeof(*template->resources));
    if (!template->resources)
        return azml_error_memory(err);
    const cJSON *source;
    cJSON_ArrayForEach (source, list) {
        template->count++;
        if (read_resource(template, source, &template->resources[template->count - 1], err) < 0)
            return -1;
    }
    return azml_template_sort(template, err);
}

static int read_all(struct azml_template *template, const cJSON *document, const cJSON *parameters,
                    struct azml_error *err)
{
    if (!cJSON_IsObject(document))
        return azml_error_set(err, AZML_ERROR_USAGE, "The template is not an object.");
    template->document = cJSON_Duplicate(document, true);
    template->parameters = cJSON_CreateObject();
    template->echo = cJSON_CreateObject();
    template->ids = cJSON_CreateObject();
    if (!template->document || !template->parameters || !template->echo || !template->ids)
        return azml_error_memory(err);
    if (check_shape(template->document, err) < 0)
        return -1;

    struct azml_template_scope *scope = &template->scope;
    scope->document = template->document;
    scope->variables = cJSON_GetObjectItem(template->document, "variables");
    scope->resource_ids = template->ids;
    scope->reference = NULL;
    if (azml_template_parameters(scope, cJSON_GetObjectItem(template->document, "parameters"),
                                 parameters, template->parameters, template->echo, err) < 0)
        return -1;
    scope->parameters = template->parameters;
    return read_resources(template, err);
}

int azml_template_read(struct azml_template *template, const cJSON *document,
                       const cJSON *parameters, const struct azml_template_scope *scope,
                       struct azml_error *err)
{
    struct azml_template fresh = {.scope = *scope};
    if (read_all(&fresh, document, parameters, err) < 0) {
        azml_template_cleanup(&fresh);
        return -1;
    }
    *template = fresh;
    return 0;
}

cJSON *azml_template_body(const struct azml_template *template, size_t index,
                          const struct azml_template_scope *scope, struct azml_error *err)
{
    static const char *const left_out[] = {"type",      "apiVersion", "name",     "dependsOn",
                                           "condition", "comments",   "metadata", "scope"};
    auto_json cJSON *written = cJSON_Duplicate(template->resources[index].source, true);
    if (!azml_template_checked(written, err))
        return NULL;
    for (size_t i = 0; i < AZML_COUNT(left_out); i++)
        cJSON_DeleteItemFromObject(written, left_out[i]);
    return azml_template_eval(scope, written, err);
}

static int add_output(const struct azml_template_scope *scope, const cJSON *declared, cJSON *out,
                      struct azml_error *err)
{
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItem(declared, "type"));
    const cJSON *written = cJSON_GetObjectItem(declared, "value");
    if (!type || !written)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The template output '%s' needs a 'type' and a 'value'.",
                              declared->string);
    auto_json cJSON *value = azml_template_eval(scope, written, err);
    if (!value)
        return -1;
    const char *wire;
    if (!azml_template_fits_type(value, type, &wire))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The template output '%s' is not valid: the value does not fit the "
                              "type '%s'.",
                              declared->string, type);
    bool is_secret = azml_has_prefix(wire, "Secure");
    auto_json cJSON *entry = cJSON_CreateObject();
    if (!entry || azml_json_put_text(entry, "type", wire) < 0 ||
        (!is_secret && azml_json_put(entry, "value", AZML_STEAL(value)) < 0) ||
        azml_json_put_member(out, declared->string, AZML_STEAL(entry)) < 0)
        return azml_error_memory(err);
    return 0;
}

cJSON *azml_template_outputs(const struct azml_template *template,
                             const struct azml_template_scope *scope, struct azml_error *err)
{
    auto_json cJSON *out = cJSON_CreateObject();
    if (!azml_template_checked(out, err))
        return NULL;
    const cJSON *declared;
    cJSON_ArrayForEach (declared, cJSON_GetObjectItem(template->document, "outputs")) {
        const cJSON *condition = cJSON_GetObjectItem(declared, "condition");
        if (condition) {
            azml_error_set(err, AZML_ERROR_USAGE,
                           "Conditions of outputs are not supported by this resource manager.");
            return NULL;
        }
        if (add_output(scope, declared, out, err) < 0)
            return NULL;
    }
    return AZML_STEAL(out);
}

void azml_template_cleanup(struct azml_template *template)
{
    if (!template)
        return;
    for (size_t i = 0; i < template->count; i++) {
        struct azml_template_resource *resource = &template->resources[i];
        free(resource->id);
        free(resource->type);
        free(resource->name);
        free(resource->api_version);
        free(resource->needs);
    }
    free(template->resources);
    cJSON_Delete(template->document);
    cJSON_Delete(template->parameters);
    cJSON_Delete(template->echo);
    cJSON_Delete(template->ids);
    *template = (struct azml_template){0};
}
