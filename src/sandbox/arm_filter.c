#include "sandbox/arm_filter.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

#define WORD  64
#define DEPTH 32 /* parentheses within parentheses */

struct filter {
    const char *at;
    enum arm_filter_of of;
    const struct sandbox_resource *resource; /* NULL: only reading */
    char tag[512];                           /* the tag that the last tagName named */
    bool has_tags, has_others;
    unsigned depth;
    struct azml_error *err;
};

static int read_or(struct filter *filter, bool *out);

static int fail(struct filter *filter, const char *what)
{
    return azml_error_set(filter->err, AZML_ERROR_USAGE, "%s near '%.40s'", what, filter->at);
}

static void skip_blanks(struct filter *filter)
{
    while (*filter->at == ' ')
        filter->at++;
}

static bool take(struct filter *filter, char c)
{
    skip_blanks(filter);
    if (*filter->at != c)
        return false;
    filter->at++;
    return true;
}

/* The next word, "" where none stands there. */
static void read_word(struct filter *filter, char out[WORD])
{
    size_t length = 0;
    skip_blanks(filter);
    while ((isalnum((unsigned char)*filter->at) || *filter->at == '/' || *filter->at == '_') &&
           length + 1 < WORD)
        out[length++] = *filter->at++;
    out[length] = '\0';
}

static bool take_word(struct filter *filter, const char *word)
{
    const char *start = filter->at;
    char read[WORD];
    read_word(filter, read);
    if (azml_same_text(read, word))
        return true;
    filter->at = start;
    return false;
}

/* 'text', two quotes standing for one. */
static char *read_text(struct filter *filter)
{
    auto_str struct azml_str text = {0};
    if (!take(filter, '\'')) {
        fail(filter, "a text in quotes is expected");
        return NULL;
    }
    for (; *filter->at; filter->at++) {
        if (*filter->at == '\'' && *++filter->at != '\'')
            return azml_str_take(&text, filter->err);
        azml_str_add_char(&text, *filter->at);
    }
    fail(filter, "a text is not closed");
    return NULL;
}

static const char *const properties[][2] = {
  /* as written, in the body */
    {"resourceType",         "type"                        },
    {"name",                 "name"                        },
    {"location",             "location"                    },
    {"identity/principalId", "identity.principalId"        },
    {"plan/publisher",       "plan.publisher"              },
    {"plan/product",         "plan.product"                },
    {"plan/name",            "plan.name"                   },
    {"provisioningState",    "properties.provisioningState"},
};

/* The value of a property, NULL where the resource has none; false where it cannot be asked for. */
static bool value_of(const struct filter *filter, const char *name, const char **out)
{
    const struct sandbox_resource *resource = filter->resource;
    *out = NULL;
    bool is_state = azml_same_text(name, "provisioningState");
    if (filter->of == ARM_FILTER_GROUPS || is_state != (filter->of == ARM_FILTER_DEPLOYMENTS))
        return false;
    if (azml_same_text(name, "resourceGroup")) {
        *out = resource ? resource->group : NULL;
        return true;
    }
    for (size_t i = 0; i < AZML_COUNT(properties); i++) {
        if (!azml_same_text(properties[i][0], name))
            continue;
        *out = resource ? azml_json_text(resource->body, properties[i][1]) : NULL;
        return true;
    }
    return false;
}

static const cJSON *tags_of(const struct filter *filter)
{
    return filter->resource ? cJSON_GetObjectItem(filter->resource->body, "tags") : NULL;
}

static int compare_tag(struct filter *filter, const char *name, const char *value, bool *out)
{
    if (filter->of == ARM_FILTER_DEPLOYMENTS)
        return fail(filter, "tags cannot be asked for");
    filter->has_tags = true;
    if (azml_same_text(name, "tagName")) {
        if (strlen(value) >= sizeof(filter->tag))
            return fail(filter, "the name of a tag is too long");
        memcpy(filter->tag, value, strlen(value) + 1);
        *out = cJSON_GetObjectItem(tags_of(filter), value) != NULL;
        return 0;
    }
    const char *has = cJSON_GetStringValue(cJSON_GetObjectItem(tags_of(filter), filter->tag));
    *out = has && strcmp(has, value) == 0;
    return 0;
}

static int read_comparison(struct filter *filter, const char *name, bool *out)
{
    bool is_tag = azml_same_text(name, "tagName") || azml_same_text(name, "tagValue");
    bool differs = take_word(filter, "ne");
    if (!differs && !take_word(filter, "eq"))
        return fail(filter, "'eq' or 'ne' is expected");
    auto_free char *wanted = read_text(filter);
    if (!wanted)
        return -1;
    if (is_tag)
        return differs ? fail(filter, "tags are compared by 'eq'")
                       : compare_tag(filter, name, wanted, out);
    const char *value;
    if (!value_of(filter, name, &value))
        return fail(filter, "the property cannot be filtered by");
    filter->has_others = true;
    *out = (value && azml_same_text(value, wanted)) != differs;
    return 0;
}

/* substringof('x', name) and startswith(tagName, 'x'), behind their opening parenthesis. */
static int read_function(struct filter *filter, const char *name, bool *out)
{
    bool in_name = azml_same_text(name, "substringof");
    if (!in_name && !azml_same_text(name, "startswith"))
        return fail(filter, "the function is unknown");
    char property[WORD] = "";
    if (!in_name)
        read_word(filter, property);
    if (!in_name && !take(filter, ','))
        return fail(filter, "',' is expected");
    auto_free char *part = read_text(filter);
    if (!part)
        return -1;
    if (in_name && !take(filter, ','))
        return fail(filter, "',' is expected");
    if (in_name)
        read_word(filter, property);
    if (!take(filter, ')') || !azml_same_text(property, in_name ? "name" : "tagName") ||
        (in_name && filter->of != ARM_FILTER_RESOURCES))
        return fail(filter, "the arguments of the function are wrong");
    *out = false;
    if (in_name) {
        filter->has_others = true;
        *out = filter->resource && azml_find_nocase(filter->resource->name, part);
        return 0;
    }
    filter->has_tags = true;
    const cJSON *tag;
    cJSON_ArrayForEach (tag, tags_of(filter)) {
        if (azml_has_prefix_nocase(tag->string, part))
            *out = true;
    }
    return 0;
}

static int read_primary(struct filter *filter, bool *out)
{
    if (take(filter, '(')) {
        if (++filter->depth > DEPTH)
            return fail(filter, "it is nested too deeply");
        if (read_or(filter, out) < 0)
            return -1;
        filter->depth--;
        return take(filter, ')') ? 0 : fail(filter, "')' is expected");
    }
    char name[WORD];
    read_word(filter, name);
    if (*name == '\0')
        return fail(filter, "the name of a property is expected");
    return take(filter, '(') ? read_function(filter, name, out)
                             : read_comparison(filter, name, out);
}

static int read_and(struct filter *filter, bool *out)
{
    if (read_primary(filter, out) < 0)
        return -1;
    while (take_word(filter, "and")) {
        bool more = false;
        if (read_primary(filter, &more) < 0)
            return -1;
        *out = *out && more;
    }
    return 0;
}

static int read_or(struct filter *filter, bool *out)
{
    if (read_and(filter, out) < 0)
        return -1;
    while (take_word(filter, "or")) {
        bool more = false;
        if (read_and(filter, &more) < 0)
            return -1;
        *out = *out || more;
    }
    return 0;
}

int arm_filter_passes(const char *filter, enum arm_filter_of of,
                      const struct sandbox_resource *resource, bool *out, struct azml_error *err)
{
    if (!filter || *filter == '\0') {
        *out = true;
        return 0;
    }
    struct filter reader = {.at = filter, .of = of, .resource = resource, .err = err};
    bool passes = false;
    if (read_or(&reader, &passes) < 0)
        return -1;
    skip_blanks(&reader);
    if (*reader.at)
        return fail(&reader, "'and' or 'or' is expected");
    if (reader.has_tags && reader.has_others)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              "a filter by tags cannot be mixed with other filters");
    *out = passes;
    return 0;
}
