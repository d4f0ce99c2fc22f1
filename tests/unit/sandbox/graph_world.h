/* graph_world.h - runs a graph query over a few rows, for the tests of its parts. */
#ifndef AZML_TEST_GRAPH_WORLD_H
#define AZML_TEST_GRAPH_WORLD_H

#include "sandbox/graph_query.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A query and its rows as JSON, or the (part of the) sentence of its error. */
struct row {
    const char *query, *wanted;
};

static inline char *answer(const char *text, struct azml_error *err)
{
    static const char rows[] =
        "[{\"id\":\"/1\",\"name\":\"B\",\"type\":\"n/t\",\"resourceGroup\":\"Lab\",\"location\":"
        "\"westeurope\",\"tags\":{\"a\":\"1\",\"my tag\":\"x\"},\"properties\":{\"n\":2,\"list\":[1,2],"
        "\"storage\":\"/S/One\"}},"
        "{\"id\":\"/2\",\"name\":\"a\",\"type\":\"n/u\",\"resourceGroup\":\"lab\",\"location\":"
        "\"eastus\",\"tags\":null,\"properties\":{\"n\":10}},"
        "{\"id\":\"/3\",\"name\":\"c\",\"type\":\"n/t\",\"resourceGroup\":\"other\",\"location\":"
        "\"eastus\",\"tags\":{},\"properties\":{}}]";
    auto_json cJSON *table = azml_json_parse(rows, strlen(rows), NULL);
    assert_non_null(table);
    struct graph_query query = {0};
    if (graph_query_parse(&query, text, err) < 0)
        return NULL;
    auto_json cJSON *out = graph_query_run(&query, table, err);
    graph_query_cleanup(&query);
    return out ? azml_json_print(out, false, NULL) : NULL;
}

static inline void check_answers(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        auto_error struct azml_error err = {0};
        auto_free char *text = answer(rows[i].query, &err);
        if (!text)
            fail_msg("%s: %s", rows[i].query, err.message);
        if (strcmp(text, rows[i].wanted) != 0)
            fail_msg("%s gave %s", rows[i].query, text);
    }
}

static inline void check_refused(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        auto_error struct azml_error err = {0};
        auto_free char *text = answer(rows[i].query, &err);
        if (text)
            fail_msg("%s gave %s", rows[i].query, text);
        if (!strstr(err.message, rows[i].wanted))
            fail_msg("%s: %s", rows[i].query, err.message);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
    }
}

#endif
