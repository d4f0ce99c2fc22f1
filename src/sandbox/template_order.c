#include "sandbox/template_order.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

#define NOWHERE SIZE_MAX

static bool is_called(const struct azml_template_resource *resource, const char *text)
{
    if (azml_same_text(resource->id, text) || azml_same_text(resource->name, text))
        return true;
    size_t id = strlen(resource->id), part = strlen(text);
    return strchr(text, '/') != NULL && part + strlen("/providers/") < id &&
           azml_same_text(resource->id + id - part, text) &&
           azml_same_bytes(resource->id + id - part - strlen("/providers/"), "/providers/",
                           strlen("/providers/"));
}

static size_t find(const struct azml_template *template, const char *text)
{
    for (size_t i = 0; i < template->count; i++)
        if (is_called(&template->resources[i], text))
            return i;
    return NOWHERE;
}

static int add_need(struct azml_template_resource *resource, size_t need, struct azml_error *err)
{
    for (size_t i = 0; i < resource->need_count; i++)
        if (resource->needs[i] == need)
            return 0;
    size_t *grown = reallocarray(resource->needs, resource->need_count + 1, sizeof(*grown));
    if (!grown)
        return azml_error_memory(err);
    resource->needs = grown;
    resource->needs[resource->need_count++] = need;
    return 0;
}

static int read_depends_on(struct azml_template *template, size_t index, struct azml_error *err)
{
    struct azml_template_resource *resource = &template->resources[index];
    const cJSON *written = cJSON_GetObjectItem(resource->source, "dependsOn");
    if (!written)
        return 0;
    auto_json cJSON *names = azml_template_eval(&template->scope, written, err);
    if (!names)
        return -1;
    if (!cJSON_IsArray(names))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "The 'dependsOn' of the resource '%s' is not an array.",
                              resource->name);
    const cJSON *name;
    cJSON_ArrayForEach (name, names) {
        size_t need = cJSON_IsString(name) ? find(template, name->valuestring) : NOWHERE;
        if (need == NOWHERE)
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  "The resource '%s' is not defined in the template. Please see "
                                  "https://aka.ms/arm-syntax for usage details.",
                                  cJSON_IsString(name) ? name->valuestring : "?");
        if (add_need(resource, need, err) < 0)
            return -1;
    }
    return 0;
}

/* Every reference(what) within `expr` needs the resource that `what` names, if it is ours. */
static int imply_from_expr(struct azml_template *template, size_t index,
                           const struct azml_expr *expr, struct azml_error *err)
{
    if (expr->kind == AZML_EXPR_CALL && azml_same_text(expr->text, "reference") && expr->count) {
        auto_json cJSON *what = azml_template_eval_expr(&template->scope, expr->children[0], NULL);
        size_t need = cJSON_IsString(what) ? find(template, what->valuestring) : NOWHERE;
        if (need != NOWHERE && need != index &&
            add_need(&template->resources[index], need, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < expr->count; i++)
        if (imply_from_expr(template, index, expr->children[i], err) < 0)
            return -1;
    return 0;
}

static int imply(struct azml_template *template, size_t index, const cJSON *json,
                 struct azml_error *err)
{
    if (cJSON_IsString(json) && azml_expr_is(json->valuestring)) {
        auto_expr struct azml_expr *expr = azml_expr_parse(json->valuestring, err);
        return expr ? imply_from_expr(template, index, expr, err) : -1;
    }
    const cJSON *child;
    cJSON_ArrayForEach (child, json) {
        if (imply(template, index, child, err) < 0)
            return -1;
    }
    return 0;
}

static bool is_ready(const struct azml_template_resource *resource, const bool *done)
{
    for (size_t i = 0; i < resource->need_count; i++)
        if (!done[resource->needs[i]])
            return false;
    return true;
}

/* order[new place] = old place. */
static int choose_order(const struct azml_template *template, size_t *order, struct azml_error *err)
{
    auto_free bool *done = calloc(template->count + 1, sizeof(*done));
    if (!done)
        return azml_error_memory(err);
    for (size_t place = 0; place < template->count; place++) {
        size_t next = 0;
        while (next < template->count &&
               (done[next] || !is_ready(&template->resources[next], done)))
            next++;
        if (next == template->count) {
            next = 0;
            while (done[next])
                next++;
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  "Circular dependency detected on resource: '%s'.",
                                  template->resources[next].id);
        }
        done[next] = true;
        order[place] = next;
    }
    return 0;
}

static int apply_order(struct azml_template *template, const size_t *order, struct azml_error *err)
{
    auto_free struct azml_template_resource *sorted = calloc(template->count + 1, sizeof(*sorted));
    auto_free size_t *place_of = calloc(template->count + 1, sizeof(*place_of));
    if (!sorted || !place_of)
        return azml_error_memory(err);
    for (size_t place = 0; place < template->count; place++) {
        sorted[place] = template->resources[order[place]];
        place_of[order[place]] = place;
    }
    for (size_t i = 0; i < template->count; i++)
        for (size_t n = 0; n < sorted[i].need_count; n++)
            sorted[i].needs[n] = place_of[sorted[i].needs[n]];
    free(template->resources);
    template->resources = AZML_STEAL(sorted);
    return 0;
}

int azml_template_sort(struct azml_template *template, struct azml_error *err)
{
    for (size_t i = 0; i < template->count; i++)
        if (read_depends_on(template, i, err) < 0 ||
            imply(template, i, template->resources[i].source, err) < 0)
            return -1;
    auto_free size_t *order = calloc(template->count + 1, sizeof(*order));
    if (!order)
        return azml_error_memory(err);
    return choose_order(template, order, err) < 0 ? -1 : apply_order(template, order, err);
}
