/* rp_graph.c - Microsoft.ResourceGraph/resources: the store as a table, pages and quota headers.
 *
 * Reference section 8.1. The language is graph_query.h's; what the graph does not see yet is up to
 * `azml sandbox edit`. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/number.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/graph_query.h"

#include <string.h>

#define TYPE        "Microsoft.ResourceGraph/resources"
#define TOP_DEFAULT 100
#define TOP_MAX     1000

/* One row: the columns of graph_columns, null where the resource has none. */
static cJSON *row_of(const struct sandbox *sandbox, const struct sandbox_resource *resource)
{
    auto_json cJSON *out = cJSON_CreateObject();
    auto_free char *type = azml_strdup(resource->type, NULL);
    if (!type)
        return NULL;
    azml_lower(type);
    bool is_group = azml_same_text(type, "microsoft.resources/resourcegroups");
    bool is_subscription = azml_same_text(type, "microsoft.resources/subscriptions");
    const char *shown = is_group ? "microsoft.resources/subscriptions/resourcegroups" : type;
    for (size_t i = 0; graph_columns[i]; i++) {
        const cJSON *value = cJSON_GetObjectItem(resource->body, graph_columns[i]);
        if (azml_json_put_member(out, graph_columns[i],
                                 value ? cJSON_Duplicate(value, true) : cJSON_CreateNull()) < 0)
            return NULL;
    }
    const char *display = azml_json_text(resource->body, "displayName");
    if (azml_json_put_text(out, "type", shown) < 0 ||
        azml_json_put_text(out, "id", resource->id) < 0 ||
        azml_json_put_text(out, "name", is_subscription && display ? display : resource->name) <
            0 ||
        azml_json_put_text(out, "tenantId", sandbox->tenant_id) < 0 ||
        azml_json_put_text(out, "subscriptionId", resource->subscription_id) < 0 ||
        azml_json_put_text(out, "resourceGroup", resource->group) < 0 ||
        azml_json_put_text(out, "location", resource->location) < 0)
        return NULL;
    const char *kind = azml_json_text(resource->body, "kind");
    const char *managed = azml_json_text(resource->body, "managedBy");
    if (azml_json_put_text(out, "kind", kind ? kind : "") < 0 ||
        azml_json_put_text(out, "managedBy", managed ? managed : "") < 0)
        return NULL;
    return AZML_STEAL(out);
}

static bool is_asked(const cJSON *subscriptions, const char *id)
{
    if (!cJSON_IsArray(subscriptions) || !subscriptions->child)
        return true;
    const cJSON *each;
    cJSON_ArrayForEach (each, subscriptions) {
        if (cJSON_IsString(each) && azml_same_text(each->valuestring, id))
            return true;
    }
    return false;
}

static bool is_container(const struct sandbox_resource *resource)
{
    return azml_same_text(resource->type, "Microsoft.Resources/resourceGroups") ||
           azml_same_text(resource->type, "Microsoft.Resources/subscriptions");
}

/* Every row of the table, by id. */
static cJSON *table(struct sandbox *sandbox, bool of_containers, const cJSON *subscriptions,
                    struct azml_error *err)
{
    auto_resources struct sandbox_resources found = {0};
    struct sandbox_query query = {.for_graph = true};
    if (sandbox_store_list(sandbox->store, &query, &found, err) < 0)
        return NULL;
    auto_json cJSON *rows = cJSON_CreateArray();
    for (size_t i = 0; i < found.count; i++) {
        const struct sandbox_resource *resource = found.items[i];
        if (!is_asked(subscriptions, resource->subscription_id) ||
            !(of_containers ? is_container(resource) : arm_is_tracked(resource)))
            continue;
        if (azml_json_append(rows, row_of(sandbox, resource)) < 0) {
            azml_error_memory(err);
            return NULL;
        }
    }
    return AZML_STEAL(rows);
}

static int refuse(struct sandbox_reply *reply, const char *code, const char *what)
{
    char correlation[37];
    azml_platform_uuid(correlation);
    cJSON *error = sandbox_error_json("BadRequest",
                                      "Please provide below info when asking for support: "
                                      "correlationId = %s.",
                                      correlation);
    cJSON *details = error ? cJSON_AddArrayToObject(error, "details") : NULL;
    if (details) {
        azml_json_append(details, sandbox_error_json("InvalidQuery",
                                                     "Query is invalid. Please refer to the "
                                                     "documentation for the Azure Resource Graph "
                                                     "service and fix the error before retrying."));
        azml_json_append(details, sandbox_error_json(code, "%s: %s", code, what));
    }
    return sandbox_reply_error_json(reply, 400, error);
}

/* What of the rows is asked for. */
struct page {
    uint32_t top, skip;
};

static int read_page(const cJSON *options, struct page *page, struct sandbox_reply *reply)
{
    const cJSON *top = cJSON_GetObjectItem(options, "$top");
    const cJSON *skip = cJSON_GetObjectItem(options, "$skip");
    const char *token = cJSON_GetStringValue(cJSON_GetObjectItem(options, "$skipToken"));
    *page = (struct page){.top = TOP_DEFAULT};
    if (cJSON_IsNumber(top)) {
        if (top->valuedouble < 1 || top->valuedouble > TOP_MAX) {
            refuse(reply, "InvalidOptions", "$top must be between 1 and 1000");
            return -1;
        }
        page->top = (uint32_t)top->valuedouble;
    }
    if (cJSON_IsNumber(skip) && skip->valuedouble > 0 && skip->valuedouble < 1e9)
        page->skip = (uint32_t)skip->valuedouble;
    if (!token || !*token)
        return 0;
    size_t length = 0;
    auto_free char *text = (char *)azml_base64_decode(token, strlen(token), &length, NULL);
    if (!text || !azml_has_prefix(text, "skip:") ||
        azml_number_parse_u32(text + strlen("skip:"), 0, UINT32_MAX, &page->skip, NULL) < 0) {
        refuse(reply, "InvalidOptions", "$skipToken is not one of this service's");
        return -1;
    }
    return 0;
}

/* {"columns":[{"name","type"}],"rows":[[…]]} */
static cJSON *as_table(const cJSON *rows)
{
    auto_json cJSON *out = cJSON_CreateObject();
    cJSON *columns = cJSON_AddArrayToObject(out, "columns");
    cJSON *lines = cJSON_AddArrayToObject(out, "rows");
    const cJSON *cell, *row;
    cJSON_ArrayForEach (cell, rows->child) {
        cJSON *column = cJSON_CreateObject();
        const char *type = cJSON_IsNumber(cell)   ? "integer"
                           : cJSON_IsString(cell) ? "string"
                                                  : "object";
        if (azml_json_put_text(column, "name", cell->string) < 0 ||
            azml_json_put_text(column, "type", type) < 0) {
            cJSON_Delete(column);
            return NULL;
        }
        if (azml_json_append(columns, column) < 0)
            return NULL;
    }
    cJSON_ArrayForEach (row, rows) {
        auto_json cJSON *line = cJSON_CreateArray();
        cJSON_ArrayForEach (cell, row) {
            if (azml_json_append(line, cJSON_Duplicate(cell, true)) < 0)
                return NULL;
        }
        if (azml_json_append(lines, AZML_STEAL(line)) < 0)
            return NULL;
    }
    return AZML_STEAL(out);
}

static cJSON *cut(const cJSON *all, const struct page *page)
{
    auto_json cJSON *out = cJSON_CreateArray();
    uint32_t index = 0;
    const cJSON *row;
    cJSON_ArrayForEach (row, all) {
        if (index >= page->skip && index - page->skip < page->top &&
            azml_json_append(out, cJSON_Duplicate(row, true)) < 0)
            return NULL;
        index++;
    }
    return AZML_STEAL(out);
}

/* Where more rows follow, a token leads on, but only if the rows keep their ids. */
static int put_rest(cJSON *document, const cJSON *all, const struct page *page, int count)
{
    uint32_t behind = page->skip + (uint32_t)count;
    bool is_cut = behind < (uint32_t)cJSON_GetArraySize(all);
    if (azml_json_put_text(document, "resultTruncated", is_cut ? "true" : "false") < 0)
        return -1;
    if (!is_cut || !cJSON_GetObjectItemCaseSensitive(all->child, "id"))
        return 0;
    auto_free char *text = azml_format(NULL, "skip:%u", (unsigned)behind);
    auto_free char *token = text ? azml_base64_encode(text, strlen(text), NULL) : NULL;
    return token ? azml_json_put_member(document, "$skipToken", cJSON_CreateString(token)) : -1;
}

static int answer(const cJSON *all, const struct page *page, bool is_table,
                  struct sandbox_reply *reply)
{
    auto_json cJSON *rows = cut(all, page);
    auto_json cJSON *document = cJSON_CreateObject();
    int count = cJSON_GetArraySize(rows);
    if (!rows || azml_json_put_number(document, "totalRecords", cJSON_GetArraySize(all)) < 0 ||
        azml_json_put_number(document, "count", count) < 0 ||
        azml_json_put(document, "data", is_table ? as_table(rows) : AZML_STEAL(rows)) < 0 ||
        azml_json_put(document, "facets", cJSON_CreateArray()) < 0 ||
        put_rest(document, all, page, count) < 0)
        return sandbox_reply_json(reply, 200, NULL);
    sandbox_reply_header(reply, "x-ms-user-quota-remaining", "14");
    sandbox_reply_header(reply, "x-ms-user-quota-resets-after", "00:00:05");
    return sandbox_reply_json(reply, 200, AZML_STEAL(document));
}

static int post_query(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply, struct azml_error *err)
{
    static const char *const formats[] = {"objectArray", "table", NULL};
    const cJSON *json = request->json;
    struct page page;
    if (!arm_check_text(json, "query", true, reply) ||
        !arm_check_object(json, "options", false, reply) ||
        !arm_check_choice(json, "options.resultFormat", formats, false, reply) ||
        read_page(cJSON_GetObjectItem(json, "options"), &page, reply) < 0)
        return 0;
    struct graph_query query = {0};
    auto_error struct azml_error why = {0};
    if (graph_query_parse(&query, azml_json_text(json, "query"), &why) < 0)
        return refuse(reply, "ParserFailure", why.message ? why.message : "");
    auto_json cJSON *rows =
        table(sandbox, query.of_containers, cJSON_GetObjectItem(json, "subscriptions"), err);
    auto_json cJSON *out = rows ? graph_query_run(&query, rows, &why) : NULL;
    graph_query_cleanup(&query);
    if (!rows)
        return -1;
    if (!out)
        return refuse(reply, "InvalidQuery", why.message ? why.message : "");
    const char *format = azml_json_text(json, "options.resultFormat");
    return answer(out, &page, format && azml_same_text(format, "table"), reply);
}

static const struct sandbox_route routes[] = {
    {"POST",      "/providers/Microsoft.ResourceGraph/resources", post_query, TYPE,
     SANDBOX_ROUTE_IS_READ},
    {0},
};

const struct sandbox_provider sandbox_provider_graph = {.name = "graph", .routes = routes};
