/* graph_eval.c - operators and functions of a graph query, for one row at a time. */
#include "sandbox/graph_query.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

/* Evaluated arguments of one call. */
struct args {
    cJSON **values;
    size_t count;
};

static void args_cleanup(struct args *args)
{
    for (size_t i = 0; i < args->count; i++)
        cJSON_Delete(args->values[i]);
    free(args->values);
}

static int rank(const cJSON *json)
{
    if (cJSON_IsNull(json))
        return 0;
    if (cJSON_IsBool(json))
        return 1;
    if (cJSON_IsNumber(json))
        return 2;
    return cJSON_IsString(json) ? 3 : 4;
}

int graph_compare(const cJSON *a, const cJSON *b)
{
    int left = rank(a), right = rank(b);
    if (left != right)
        return left < right ? -1 : 1;
    if (left == 1)
        return cJSON_IsTrue(a) - cJSON_IsTrue(b);
    if (left == 2)
        return (a->valuedouble > b->valuedouble) - (a->valuedouble < b->valuedouble);
    if (left == 3) {
        int compared = strcmp(a->valuestring, b->valuestring);
        return (compared > 0) - (compared < 0);
    }
    auto_free char *first = left == 4 ? azml_json_print(a, false, NULL) : NULL;
    auto_free char *second = left == 4 ? azml_json_print(b, false, NULL) : NULL;
    int compared = first && second ? strcmp(first, second) : 0;
    return (compared > 0) - (compared < 0);
}

/* What tostring() makes of a value: "" of null. */
static char *text_of(const cJSON *json)
{
    if (cJSON_IsNull(json))
        return azml_strdup("", NULL);
    if (cJSON_IsString(json))
        return azml_strdup(json->valuestring, NULL);
    return azml_json_print(json, false, NULL);
}

static bool same_nocase(const cJSON *a, const cJSON *b)
{
    auto_free char *left = text_of(a);
    auto_free char *right = text_of(b);
    return left && right && azml_same_text(left, right);
}

typedef cJSON *eval_fn(const char *name, const struct args *args);

static cJSON *run_equals(const char *name, const struct args *args)
{
    bool same = strchr(name, '~') ? same_nocase(args->values[0], args->values[1])
                                  : graph_compare(args->values[0], args->values[1]) == 0;
    return cJSON_CreateBool(name[0] == '!' ? !same : same);
}

static cJSON *run_order(const char *name, const struct args *args)
{
    int compared = graph_compare(args->values[0], args->values[1]);
    bool or_equal = name[1] == '=';
    if (compared == 0)
        return cJSON_CreateBool(or_equal);
    return cJSON_CreateBool((name[0] == '<') == (compared < 0));
}

static cJSON *run_in(const char *name, const struct args *args)
{
    bool found = false;
    for (size_t i = 1; i < args->count && !found; i++)
        found = strchr(name, '~') ? same_nocase(args->values[0], args->values[i])
                                  : graph_compare(args->values[0], args->values[i]) == 0;
    return cJSON_CreateBool(name[0] == '!' ? !found : found);
}

static bool has_word(const char *text, const char *word)
{
    static const char parts[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (const char *at = text; (at = azml_find_nocase(at, word)) != NULL; at++) {
        char after = at[strlen(word)];
        if ((at == text || !strchr(parts, at[-1])) && (!after || !strchr(parts, after)))
            return true;
    }
    return false;
}

static cJSON *run_text_test(const char *name, const struct args *args)
{
    auto_free char *text = text_of(args->values[0]);
    auto_free char *part = text_of(args->values[1]);
    if (!text || !part)
        return NULL;
    const char *plain = name[0] == '!' ? name + 1 : name;
    size_t length = strlen(text), tail = strlen(part);
    bool found = false;
    if (plain[0] == 'c')
        found = azml_find_nocase(text, part) != NULL;
    else if (plain[0] == 's')
        found = azml_has_prefix_nocase(text, part);
    else if (plain[0] == 'e')
        found = tail <= length && azml_same_text(text + length - tail, part);
    else
        found = has_word(text, part);
    return cJSON_CreateBool(name[0] == '!' ? !found : found);
}

static cJSON *run_logic(const char *name, const struct args *args)
{
    bool a = cJSON_IsTrue(args->values[0]), b = cJSON_IsTrue(args->values[1]);
    return cJSON_CreateBool(name[0] == 'a' ? a && b : a || b);
}

static cJSON *run_not(const char *name, const struct args *args)
{
    (void)name;
    return cJSON_CreateBool(!cJSON_IsTrue(args->values[0]));
}

static cJSON *run_case(const char *name, const struct args *args)
{
    auto_free char *text = text_of(args->values[0]);
    if (!text)
        return NULL;
    azml_lower(text);
    for (char *at = text; name[2] == 'u' && *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    return cJSON_CreateString(text);
}

static cJSON *run_tostring(const char *name, const struct args *args)
{
    (void)name;
    auto_free char *text = text_of(args->values[0]);
    return text ? cJSON_CreateString(text) : NULL;
}

static cJSON *run_toint(const char *name, const struct args *args)
{
    (void)name;
    double number = azml_json_number_or(args->values[0], "", -1e300);
    return number > -1e300 ? cJSON_CreateNumber(number) : cJSON_CreateNull();
}

static cJSON *run_isnull(const char *name, const struct args *args)
{
    bool null = cJSON_IsNull(args->values[0]);
    return cJSON_CreateBool(name[2] == 'n' && name[3] == 'o' ? !null : null);
}

static cJSON *run_isempty(const char *name, const struct args *args)
{
    auto_free char *text = text_of(args->values[0]);
    if (!text)
        return NULL;
    bool empty = *text == '\0';
    return cJSON_CreateBool(name[2] == 'n' ? !empty : empty);
}

static cJSON *run_coalesce(const char *name, const struct args *args)
{
    (void)name;
    for (size_t i = 0; i < args->count; i++)
        if (!cJSON_IsNull(args->values[i]))
            return cJSON_Duplicate(args->values[i], true);
    return cJSON_CreateNull();
}

static cJSON *run_array_length(const char *name, const struct args *args)
{
    (void)name;
    if (!cJSON_IsArray(args->values[0]))
        return cJSON_CreateNull();
    return cJSON_CreateNumber(cJSON_GetArraySize(args->values[0]));
}

static cJSON *run_strcat(const char *name, const struct args *args)
{
    (void)name;
    auto_str struct azml_str out = {0};
    for (size_t i = 0; i < args->count; i++) {
        auto_free char *text = text_of(args->values[i]);
        azml_str_add(&out, text ? text : "");
    }
    return cJSON_CreateString(azml_str_text(&out));
}

static const struct {
    const char *name;
    size_t min, max;
    eval_fn *run;
} functions[] = {
    {"==",           2, 2,    run_equals      },
    {"=~",           2, 2,    run_equals      },
    {"!=",           2, 2,    run_equals      },
    {"!~",           2, 2,    run_equals      },
    {"<",            2, 2,    run_order       },
    {"<=",           2, 2,    run_order       },
    {">",            2, 2,    run_order       },
    {">=",           2, 2,    run_order       },
    {"in",           1, 1000, run_in          },
    {"in~",          1, 1000, run_in          },
    {"!in",          1, 1000, run_in          },
    {"!in~",         1, 1000, run_in          },
    {"contains",     2, 2,    run_text_test   },
    {"!contains",    2, 2,    run_text_test   },
    {"startswith",   2, 2,    run_text_test   },
    {"!startswith",  2, 2,    run_text_test   },
    {"endswith",     2, 2,    run_text_test   },
    {"!endswith",    2, 2,    run_text_test   },
    {"has",          2, 2,    run_text_test   },
    {"and",          2, 2,    run_logic       },
    {"or",           2, 2,    run_logic       },
    {"not",          1, 1,    run_not         },
    {"tolower",      1, 1,    run_case        },
    {"toupper",      1, 1,    run_case        },
    {"tostring",     1, 1,    run_tostring    },
    {"toint",        1, 1,    run_toint       },
    {"tolong",       1, 1,    run_toint       },
    {"isnull",       1, 1,    run_isnull      },
    {"isnotnull",    1, 1,    run_isnull      },
    {"isempty",      1, 1,    run_isempty     },
    {"isnotempty",   1, 1,    run_isempty     },
    {"coalesce",     1, 64,   run_coalesce    },
    {"array_length", 1, 1,    run_array_length},
    {"strcat",       1, 64,   run_strcat      },
};

static size_t find_function(const char *name)
{
    size_t i = 0;
    while (i < AZML_COUNT(functions) && !azml_same_text(functions[i].name, name))
        i++;
    return i;
}

bool graph_knows(const char *name, size_t count)
{
    size_t i = find_function(name);
    return i < AZML_COUNT(functions) && count >= functions[i].min && count <= functions[i].max;
}

static cJSON *call(const struct graph_expr *expr, const cJSON *row, struct azml_error *err)
{
    size_t found = find_function(expr->name);
    if (found == AZML_COUNT(functions)) {
        azml_error_set(err, AZML_ERROR_USAGE, "the function '%s' is unknown", expr->name);
        return NULL;
    }
    struct args args __attribute__((cleanup(args_cleanup))) = {
        .values = calloc(expr->count + 1, sizeof(cJSON *))};
    if (!args.values) {
        azml_error_memory(err);
        return NULL;
    }
    for (; args.count < expr->count; args.count++)
        if (!(args.values[args.count] = graph_eval(expr->children[args.count], row, err)))
            return NULL;
    /* cppcheck-suppress returnDanglingLifetime ; the function keeps nothing of its arguments */
    return functions[found].run(functions[found].name, &args);
}

static cJSON *copy_or_null(const cJSON *json)
{
    return json ? cJSON_Duplicate(json, true) : cJSON_CreateNull();
}

cJSON *graph_eval(const struct graph_expr *expr, const cJSON *row, struct azml_error *err)
{
    cJSON *value = NULL;
    switch (expr->kind) {
    case GRAPH_VALUE:
        value = cJSON_Duplicate(expr->value, true);
        break;
    case GRAPH_COLUMN:
        value = copy_or_null(cJSON_GetObjectItemCaseSensitive(row, expr->name));
        break;
    case GRAPH_MEMBER: {
        auto_json cJSON *target = graph_eval(expr->children[0], row, err);
        if (!target)
            return NULL;
        value = copy_or_null(cJSON_GetObjectItemCaseSensitive(target, expr->name));
        break;
    }
    case GRAPH_CALL:
        value = call(expr, row, err);
        if (!value)
            return NULL;
        break;
    }
    if (!value)
        azml_error_memory(err);
    return value;
}
