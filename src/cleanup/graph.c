#include "cleanup/look.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"

#include <string.h>

#define PAGE 1000

int azml_cleanup_graph_page(const cJSON *reply, const char **token_out, struct azml_error *err)
{
    if (!cJSON_IsArray(azml_json_at(reply, "data")))
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("Resource Graph's reply has no data"));
    const char *token = azml_json_text(reply, "$skipToken");
    const char *truncated = azml_json_text(reply, "resultTruncated");
    bool cut =
        azml_same_text(truncated, "true") || azml_json_bool_or(reply, "resultTruncated", false);
    if (token && token[0] != '\0') {
        *token_out = token;
        return 1;
    }
    if (cut)
        return azml_error_set(err, AZML_ERROR_PROTOCOL,
                              _("Resource Graph left rows out and names no further page"));
    return 0;
}

static cJSON *query(const char *subscription, const char *token)
{
    auto_json cJSON *body = cJSON_CreateObject();
    cJSON *subscriptions = cJSON_CreateArray();
    if (azml_json_append(subscriptions, cJSON_CreateString(subscription)) < 0) {
        cJSON_Delete(subscriptions);
        return NULL;
    }
    if (!body || azml_json_put(body, "subscriptions", subscriptions) < 0 ||
        azml_json_put_text(body, "query",
                           "Resources | project id, resourceGroup | order by id asc") < 0 ||
        azml_json_put_number(body, "options.$top", PAGE) < 0 ||
        azml_json_put_text(body, "options.resultFormat", "objectArray") < 0 ||
        (token && azml_json_put_text(body, "options.$skipToken", token) < 0))
        return NULL;
    return AZML_STEAL(body);
}

static int take_rows(cJSON *rows, const cJSON *reply)
{
    const cJSON *row;
    cJSON_ArrayForEach (row, azml_json_at(reply, "data")) {
        if (azml_json_append(rows, cJSON_Duplicate(row, true)) < 0)
            return -1;
    }
    return 0;
}

/* Does the list go on where it was before? Then it would never end. */
static int refuse_circle(const char *token, const char *next, struct azml_error *err)
{
    if (!token || !next || strcmp(token, next) != 0)
        return 0;
    return azml_error_set(err, AZML_ERROR_PROTOCOL, _("Resource Graph's pages lead in a circle"));
}

/* The rows of one reply; `*token` becomes that of the next page, or NULL. 1, 0 or -1 as below. */
static int take_page(const struct azml_arm_reply *reply, cJSON *rows, char **token, size_t bytes,
                     struct azml_error *err)
{
    const char *next = NULL;
    int more = azml_cleanup_graph_page(reply->body, &next, err);
    if (more < 0 || refuse_circle(*token, next, err) < 0)
        return -1;
    if (bytes > AZML_LIMIT_LIST)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the list is larger than %lu MiB"),
                              AZML_LIMIT_LIST / 1024 / 1024);
    if (take_rows(rows, reply->body) < 0)
        return azml_error_memory(err);
    free(AZML_STEAL(*token));
    *token = more ? azml_strdup(next, err) : NULL;
    return more && !*token ? -1 : more;
}

/* One page behind `*token` (NULL: the first) into `rows`. 1 with the next token, 0 at the end, -1
 * failed. */
static int read_page(struct azml_arm *arm, const char *subscription, cJSON *rows, char **token,
                     size_t *bytes, struct azml_error *err)
{
    auto_json cJSON *body = query(subscription, *token);
    if (!body)
        return azml_error_memory(err);
    struct azml_arm_reply reply = {0};
    if (azml_arm_post(arm, "/providers/Microsoft.ResourceGraph/resources", body,
                      AZML_HTTP_REPEAT_SAFE, &reply, err) < 0)
        return -1;
    *bytes += reply.http.body_length;
    int more = take_page(&reply, rows, token, *bytes, err);
    azml_arm_reply_cleanup(&reply);
    return more;
}

cJSON *azml_cleanup_graph(struct azml_arm *arm, const char *subscription, struct azml_error *err)
{
    auto_json cJSON *rows = cJSON_CreateArray();
    auto_free char *token = NULL;
    size_t bytes = 0;
    if (!rows)
        azml_error_memory(err);
    for (unsigned page = 0; rows && page < AZML_LIMIT_PAGES; page++) {
        int more = read_page(arm, subscription, rows, &token, &bytes, err);
        if (more <= 0)
            return more < 0 ? NULL : AZML_STEAL(rows);
    }
    if (!rows)
        return NULL;
    azml_error_set(err, AZML_ERROR_PROTOCOL, _("Resource Graph's pages do not end"));
    return NULL;
}
