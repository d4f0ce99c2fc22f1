/* template_world.h - evaluates one text in a small world, for the tests of template functions. */
#ifndef AZML_TEST_TEMPLATE_WORLD_H
#define AZML_TEST_TEMPLATE_WORLD_H

#include "sandbox/template_eval.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SUB   "11111111-2222-3333-4444-555555555555"
#define OTHER "99999999-2222-3333-4444-555555555555"

/* What a text should give: its JSON, or the sentence of its error. */
struct row {
    const char *text, *wanted;
};

static inline cJSON *parse(const char *text)
{
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

static inline cJSON *refer(void *data, const char *id, bool full, struct azml_error *err)
{
    (void)err;
    *(bool *)data = full;
    cJSON *json = cJSON_CreateObject();
    azml_json_put_text(json, "id", id);
    return json;
}

/* Evaluate one text in a small world; prints the result. */
static inline char *value_of(const char *text, bool in_default, struct azml_error *err)
{
    auto_json cJSON *parameters =
        parse("{\"name\":\"Course\",\"count\":3,\"on\":true,\"tags\":{\"a\":\"1\"},"
              "\"list\":[\"x\",\"y\",{\"z\":7}],\"none\":null}");
    auto_json cJSON *variables = parse("{\"base\":\"[toLower(parameters('name'))]\","
                                       "\"store\":\"[concat(variables('base'), 'st')]\","
                                       "\"loop\":\"[variables('loop')]\"}");
    auto_json cJSON *ids = parse("{\"kv\":\"/subscriptions/s/providers/N/t/kv\"}");
    bool full = false;
    struct azml_template_scope scope = {
        .subscription_id = SUB,
        .tenant_id = "tenant",
        .subscription_name = "Students",
        .group = "lab",
        .location = "westeurope",
        .deployment = "first",
        .parameters = parameters,
        .variables = variables,
        .resource_ids = ids,
        .now_ms = 1763632800000, /* 2025-11-20T10:00:00Z */
        .in_default = in_default,
        .reference = refer,
        .reference_data = &full,
    };
    auto_json cJSON *json = cJSON_CreateString(text);
    auto_json cJSON *value = azml_template_eval(&scope, json, err);
    return value ? azml_json_print(value, false, err) : NULL;
}

static inline void check_refused(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        auto_error struct azml_error err = {0};
        auto_free char *value = value_of(rows[i].text, false, &err);
        if (value)
            fail_msg("%s gave %s", rows[i].text, value);
        if (strcmp(err.message, rows[i].wanted) != 0)
            fail_msg("%s: %s", rows[i].text, err.message);
    }
}

static inline void check_values(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        auto_error struct azml_error err = {0};
        auto_free char *value = value_of(rows[i].text, false, &err);
        if (!value)
            fail_msg("%s: %s", rows[i].text, err.message);
        if (strcmp(value, rows[i].wanted) != 0)
            fail_msg("%s gave %s", rows[i].text, value);
    }
}

#endif
