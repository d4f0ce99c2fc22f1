/* subscription.h - a scripted subscription of two groups for the tests of look and run. */
#ifndef AZML_TEST_SUBSCRIPTION_H
#define AZML_TEST_SUBSCRIPTION_H

#include "unit/scripted.h"

#include "azml/cleanup_run.h"

#define NOW INT64_C(1795449600000) /* 2026-11-23T16:00:00Z */

#define LAB                                                                                      \
    "{\"id\":\"" GROUP "\",\"name\":\"lab\",\"createdTime\":\"2026-11-14T16:00:00Z\",\"tags\":{" \
    "\"azml-made-by\":\"azml/0.1.0\"},\"properties\":{\"provisioningState\":\"Succeeded\"}}"
#define HOUSE                                                                               \
    "{\"id\":\"" SUBSCRIPTION "/resourceGroups/house\",\"name\":\"house\",\"createdTime\":" \
    "\"2026-11-14T16:00:00Z\",\"properties\":{\"provisioningState\":\"Succeeded\"}}"
#define EMPTY "{\"value\":[]}"

#define GROUPS_ROW(groups)                                                                         \
    {                                                                                              \
        "GET " SUBSCRIPTION "/resourcegroups?$expand", 0, 200, NULL, "{\"value\":[" groups "]}", 0 \
    }
#define RESOURCES_ROW                                             \
    {                                                             \
        "GET " SUBSCRIPTION "/resources?", 0, 200, NULL, EMPTY, 0 \
    }
#define LOCKS "GET " SUBSCRIPTION "/providers/Microsoft.Authorization/locks"
#define LOCKS_ROW                     \
    {                                 \
        LOCKS, 0, 200, NULL, EMPTY, 0 \
    }
#define GRAPH "POST /providers/Microsoft.ResourceGraph/resources"
#define GRAPH_ROW                                                             \
    {                                                                         \
        GRAPH, 0, 200, NULL, "{\"data\":[],\"resultTruncated\":\"false\"}", 0 \
    }
#define INSIDE_ROW                               \
    {                                            \
        "GET " GROUP "/", 0, 200, NULL, EMPTY, 0 \
    }

static const struct azml_cleanup_rules rules = {.now_ms = NOW, .older_than_s = 3600};

#endif
