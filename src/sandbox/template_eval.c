#include "sandbox/template_eval.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <math.h>
#include <string.h>

cJSON *azml_template_checked(cJSON *json, struct azml_error *err)
{
    if (!json)
        azml_error_memory(err);
    return json;
}

cJSON *azml_template_refuse(const struct azml_template_call *call, const char *what,
                            struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_USAGE, "Unable to evaluate template language function '%s': %s.",
                   call->name, what);
    return NULL;
}

static const cJSON *argument(const struct azml_template_call *call, size_t index)
{
    return index < call->count ? call->args[index] : NULL;
}

const char *azml_template_arg_text(const struct azml_template_call *call, size_t index,
                                   struct azml_error *err)
{
    const cJSON *arg = argument(call, index);
    if (!cJSON_IsString(arg)) {
        azml_template_refuse(call, "an argument must be a string", err);
        return NULL;
    }
    return arg->valuestring;
}

int azml_template_arg_number(const struct azml_template_call *call, size_t index, int64_t *out,
                             struct azml_error *err)
{
    const cJSON *arg = argument(call, index);
    if (!cJSON_IsNumber(arg) || fabs(arg->valuedouble) > 9e15) {
        azml_template_refuse(call, "an argument must be an integer", err);
        return -1;
    }
    *out = (int64_t)arg->valuedouble;
    return 0;
}

int azml_template_arg_bool(const struct azml_template_call *call, size_t index, bool *out,
                           struct azml_error *err)
{
    const cJSON *arg = argument(call, index);
    if (!cJSON_IsBool(arg)) {
        azml_template_refuse(call, "an argument must be a boolean", err);
        return -1;
    }
    *out = cJSON_IsTrue(arg);
    return 0;
}

static const struct azml_template_function *find_function(const char *name)
{
    static const struct azml_template_function *const tables[] = {
        azml_template_text_functions,
        azml_template_value_functions,
        azml_template_scope_functions,
    };
    for (size_t i = 0; i < AZML_COUNT(tables); i++)
        for (const struct azml_template_function *row = tables[i]; row->name; row++)
            if (azml_same_text(row->name, name))
                return row;
    return NULL;
}

/* The arguments of one call while it is evaluated. */
struct arguments {
    cJSON **values;
    size_t count;
};

static void arguments_cleanup(struct arguments *args)
{
    for (size_t i = 0; i < args->count; i++)
        cJSON_Delete(args->values[i]);
    free(args->values);
}

static int evaluate_arguments(const struct azml_template_scope *scope, const struct azml_expr *expr,
                              struct arguments *args, struct azml_error *err)
{
    args->values = calloc(expr->count + 1, sizeof(cJSON *));
    if (!args->values)
        return azml_error_memory(err);
    for (; args->count < expr->count; args->count++) {
        args->values[args->count] =
            azml_template_eval_expr(scope, expr->children[args->count], err);
        if (!args->values[args->count])
            return -1;
    }
    return 0;
}

/* if(condition, a, b) evaluates only the branch that it takes. */
static cJSON *run_if(const struct azml_template_scope *scope, const struct azml_expr *expr,
                     struct azml_error *err)
{
    struct azml_template_call call = {.scope = scope, .name = "if"};
    if (expr->count != 3)
        return azml_template_refuse(&call, "it takes 3 arguments", err);
    auto_json cJSON *condition = azml_template_eval_expr(scope, expr->children[0], err);
    if (!condition)
        return NULL;
    if (!cJSON_IsBool(condition))
        return azml_template_refuse(&call, "the condition must be a boolean", err);
    return azml_template_eval_expr(scope, expr->children[cJSON_IsTrue(condition) ? 1 : 2], err);
}

static cJSON *run_call(const struct azml_template_scope *scope, const struct azml_expr *expr,
                       struct azml_error *err)
{
    if (azml_same_text(expr->text, "if"))
        return run_if(scope, expr, err);
    const struct azml_template_function *function = find_function(expr->text);
    if (!function) {
        azml_error_set(err, AZML_ERROR_USAGE,
                       "The template function '%s' is not supported by this resource manager.",
                       expr->text);
        return NULL;
    }
    struct azml_template_call call = {.scope = scope, .name = function->name};
    if (expr->count < function->min || expr->count > function->max)
        return azml_template_refuse(&call, "the number of arguments is wrong", err);

    struct arguments args __attribute__((cleanup(arguments_cleanup))) = {0};
    if (evaluate_arguments(scope, expr, &args, err) < 0)
        return NULL;
    call.args = (const cJSON *const *)args.values;
    call.count = args.count;
    /* cppcheck-suppress returnDanglingLifetime ; the function keeps nothing of its call */
    return function->run(&call, err);
}

static cJSON *pick(const cJSON *target, const cJSON *index, struct azml_error *err)
{
    const cJSON *found = NULL;
    if (cJSON_IsObject(target) && cJSON_IsString(index))
        found = cJSON_GetObjectItem(target, index->valuestring);
    else if (cJSON_IsArray(target) && cJSON_IsNumber(index) && index->valuedouble >= 0 &&
             index->valuedouble < cJSON_GetArraySize(target))
        found = cJSON_GetArrayItem(target, (int)index->valuedouble);
    if (found)
        return azml_template_checked(cJSON_Duplicate(found, true), err);

    if (cJSON_IsString(index))
        azml_error_set(err, AZML_ERROR_USAGE,
                       "The language expression property '%s' doesn't exist.", index->valuestring);
    else
        azml_error_set(err, AZML_ERROR_USAGE,
                       "The language expression array index '%.0f' is out of bounds.",
                       cJSON_IsNumber(index) ? index->valuedouble : -1.0);
    return NULL;
}

static cJSON *run_index(const struct azml_template_scope *scope, const struct azml_expr *expr,
                        struct azml_error *err)
{
    auto_json cJSON *target = azml_template_eval_expr(scope, expr->children[0], err);
    if (!target)
        return NULL;
    auto_json cJSON *index = azml_template_eval_expr(scope, expr->children[1], err);
    return index ? pick(target, index, err) : NULL;
}

cJSON *azml_template_eval_expr(const struct azml_template_scope *scope,
                               const struct azml_expr *expr, struct azml_error *err)
{
    switch (expr->kind) {
    case AZML_EXPR_TEXT:
        return azml_template_checked(cJSON_CreateString(expr->text), err);
    case AZML_EXPR_NUMBER:
        return azml_template_checked(cJSON_CreateNumber((double)expr->number), err);
    case AZML_EXPR_CALL:
        return run_call(scope, expr, err);
    case AZML_EXPR_INDEX:
        return run_index(scope, expr, err);
    }
    return NULL;
}

static cJSON *eval_text(const struct azml_template_scope *scope, const char *text,
                        struct azml_error *err)
{
    if (!azml_expr_is(text)) {
        bool escaped = text[0] == '[' && text[1] == '[';
        return azml_template_checked(cJSON_CreateString(escaped ? text + 1 : text), err);
    }
    auto_expr struct azml_expr *expr = azml_expr_parse(text, err);
    return expr ? azml_template_eval_expr(scope, expr, err) : NULL;
}

/* Names of members may be expressions too (userAssignedIdentities has ids there). */
static int put_member(const struct azml_template_scope *scope, cJSON *object, const char *name,
                      cJSON *value, struct azml_error *err)
{
    auto_json cJSON *held = value;
    auto_json cJSON *key = eval_text(scope, name, err);
    if (!key)
        return -1;
    if (!cJSON_IsString(key))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The name of the property '%s' does not evaluate to a string.", name);
    if (azml_json_put_member(object, key->valuestring, AZML_STEAL(held)) < 0)
        return azml_error_memory(err);
    return 0;
}

static cJSON *eval_children(const struct azml_template_scope *scope, const cJSON *json,
                            struct azml_error *err)
{
    bool is_object = cJSON_IsObject(json);
    auto_json cJSON *out = is_object ? cJSON_CreateObject() : cJSON_CreateArray();
    if (!azml_template_checked(out, err))
        return NULL;
    const cJSON *child;
    cJSON_ArrayForEach (child, json) {
        cJSON *value = azml_template_eval(scope, child, err);
        if (!value)
            return NULL;
        if (is_object && put_member(scope, out, child->string, value, err) < 0)
            return NULL;
        if (!is_object && azml_json_append(out, value) < 0) {
            azml_error_memory(err);
            return NULL;
        }
    }
    return AZML_STEAL(out);
}

cJSON *azml_template_eval(const struct azml_template_scope *scope, const cJSON *json,
                          struct azml_error *err)
{
    if (cJSON_IsString(json))
        return eval_text(scope, json->valuestring, err);
    if (cJSON_IsObject(json) || cJSON_IsArray(json))
        return eval_children(scope, json, err);
    return azml_template_checked(cJSON_Duplicate(json, true), err);
}

static bool text_needs_runtime(const char *text)
{
    static const char *const names[] = {"reference", "listKeys", "list"};
    if (!azml_expr_is(text))
        return false;
    auto_expr struct azml_expr *expr = azml_expr_parse(text, NULL);
    for (size_t i = 0; expr && i < AZML_COUNT(names); i++)
        if (azml_expr_calls(expr, names[i]))
            return true;
    return false;
}

bool azml_template_needs_runtime(const cJSON *json)
{
    if (cJSON_IsString(json))
        return text_needs_runtime(json->valuestring);
    const cJSON *child;
    cJSON_ArrayForEach (child, json) {
        if (azml_template_needs_runtime(child))
            return true;
    }
    return false;
}
