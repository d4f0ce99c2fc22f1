#include "sandbox/operation.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/log.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/provider.h"
#include "sandbox/reply.h"
#include "sandbox/sql.h"
#include "sandbox/world.h"

#include <stdarg.h>
#include <string.h>

const struct sandbox_operation_kind *sandbox_operation_kind_find(const struct sandbox *sandbox,
                                                                 const char *name)
{
    for (const struct sandbox_provider *const *provider = sandbox->providers; *provider;
         provider++) {
        const struct sandbox_operation_kind *kind = (*provider)->operations;
        for (; kind && kind->name; kind++) {
            if (strcmp(kind->name, name) == 0)
                return kind;
        }
    }
    return NULL;
}

/* --- what a step may say --- */

static int set_text(char **text, const char *value)
{
    char *copy = azml_strdup(value, NULL);
    if (!copy)
        return -1;
    free(*text);
    *text = copy;
    return 0;
}

int sandbox_operation_fail_json(struct sandbox_operation *operation, int http_status, cJSON *error)
{
    cJSON_Delete(operation->error);
    operation->error = error;
    operation->error_status = http_status;
    return set_text(&operation->status, "Failed");
}

int sandbox_operation_fail(struct sandbox_operation *operation, int http_status, const char *code,
                           const char *format, ...)
{
    auto_str struct azml_str message = {0};
    va_list args;
    va_start(args, format);
    azml_str_addv(&message, format, args);
    va_end(args);
    cJSON *error = sandbox_error_json(code, "%s", azml_str_text(&message));
    return error ? sandbox_operation_fail_json(operation, http_status, error) : -1;
}

int sandbox_operation_again(struct sandbox *sandbox, struct sandbox_operation *operation,
                            double azure_seconds)
{
    operation->is_again = true;
    operation->step++;
    operation->due_ms = sandbox_now_ms(sandbox) + sandbox_pace_ms(sandbox, azure_seconds);
    return 0;
}

int sandbox_operation_result(struct sandbox_operation *operation, int http_status, cJSON *body)
{
    cJSON_Delete(operation->result);
    operation->result = body;
    operation->result_status = http_status;
    return 0;
}

/* --- rows --- */

#define COLUMNS                                                                                  \
    "id, kind, resource, data, step, started_ms, due_ms, ended_ms, status, error, error_status," \
    " result, result_status, async_path, location_path, api_version"

void sandbox_operation_free(struct sandbox_operation *operation)
{
    if (!operation)
        return;
    free(operation->id);
    free(operation->kind);
    free(operation->resource_id);
    free(operation->status);
    free(operation->async_path);
    free(operation->location_path);
    free(operation->api_version);
    cJSON_Delete(operation->data);
    cJSON_Delete(operation->error);
    cJSON_Delete(operation->result);
    free(operation);
}

static int read_json_or_null(sqlite3_stmt *row, int column, cJSON **out, struct azml_error *err)
{
    if (sqlite3_column_type(row, column) == SQLITE_NULL)
        return 0;
    *out = sandbox_sql_json(row, column, err);
    return *out ? 0 : -1;
}

static struct sandbox_operation *read_row(sqlite3_stmt *row, struct azml_error *err)
{
    auto_operation struct sandbox_operation *read = calloc(1, sizeof(*read));
    if (!read) {
        azml_error_memory(err);
        return NULL;
    }
    struct {
        int column;
        char **text;
    } texts[] = {
        {0,  &read->id           },
        {1,  &read->kind         },
        {2,  &read->resource_id  },
        {8,  &read->status       },
        {13, &read->async_path   },
        {14, &read->location_path},
        {15, &read->api_version  }
    };
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        if (!(*texts[i].text = sandbox_sql_text(row, texts[i].column, err)))
            return NULL;
    }
    if (!(read->data = sandbox_sql_json(row, 3, err)) ||
        read_json_or_null(row, 9, &read->error, err) < 0 ||
        read_json_or_null(row, 11, &read->result, err) < 0)
        return NULL;
    read->step = sqlite3_column_int64(row, 4);
    read->started_ms = sqlite3_column_int64(row, 5);
    read->due_ms = sqlite3_column_int64(row, 6);
    read->ended_ms = sqlite3_column_int64(row, 7);
    read->error_status = sqlite3_column_int(row, 10);
    read->result_status = sqlite3_column_int(row, 12);
    return AZML_STEAL(read);
}

/* The first operation that `sql` finds; *out is NULL where there is none. */
static int find(struct sandbox *sandbox, sqlite3_stmt *row, struct sandbox_operation **out,
                struct azml_error *err)
{
    int result = row ? sandbox_sql_step(sandbox->store, row, err) : -1;
    if (result < 0)
        return -1;
    struct sandbox_operation *found = NULL;
    if (result == 1 && !(found = read_row(row, err)))
        return -1;
    *out = found;
    return 0;
}

int sandbox_operation_get(struct sandbox *sandbox, const char *id, struct sandbox_operation **out,
                          struct azml_error *err)
{
    auto_statement sqlite3_stmt *row = sandbox_sql_open(
        sandbox->store, err, "SELECT " COLUMNS " FROM operations WHERE id = ?", "t", id);
    return find(sandbox, row, out, err);
}

int sandbox_operation_find(struct sandbox *sandbox, const char *path,
                           struct sandbox_operation **out, struct azml_error *err)
{
    auto_statement sqlite3_stmt *row =
        sandbox_sql_open(sandbox->store, err,
                         "SELECT " COLUMNS " FROM operations WHERE async_path = ?1"
                         " OR location_path = ?1 ORDER BY n DESC",
                         "t", path);
    return find(sandbox, row, out, err);
}

static int insert(struct sandbox *sandbox, const struct sandbox_operation *operation,
                  struct azml_error *err)
{
    return sandbox_sql_run(
        sandbox->store, err,
        "INSERT INTO operations (" COLUMNS
        ") VALUES (?, ?, ?, ?, 0, ?, ?, 0, 'InProgress', NULL, 0, NULL, 200, ?, ?, ?)",
        "tttjiittt", operation->id, operation->kind, operation->resource_id, operation->data,
        operation->started_ms, operation->due_ms, operation->async_path, operation->location_path,
        operation->api_version);
}

static int save(struct sandbox *sandbox, const struct sandbox_operation *operation,
                struct azml_error *err)
{
    return sandbox_sql_run(sandbox->store, err,
                           "UPDATE operations SET data = ?, step = ?, due_ms = ?, ended_ms = ?,"
                           " status = ?, error = ?, error_status = ?, result = ?,"
                           " result_status = ? WHERE id = ?",
                           "jiiitjijit", operation->data, operation->step, operation->due_ms,
                           operation->ended_ms, operation->status, operation->error,
                           (int64_t)operation->error_status, operation->result,
                           (int64_t)operation->result_status, operation->id);
}

/* --- starting --- */

static char *new_id(const char *token, struct azml_error *err)
{
    char uuid[37];
    azml_platform_uuid(uuid);
    return azml_strdup(token ? token : uuid, err);
}

static const char *version_of(const struct sandbox_operation_kind *kind,
                              const struct sandbox_operation_start *start,
                              const struct sandbox_request *request)
{
    if (kind->api_version)
        return kind->api_version;
    if (start->api_version)
        return start->api_version;
    return request ? request->api_version : "";
}

static struct sandbox_operation *make(struct sandbox *sandbox,
                                      const struct sandbox_operation_kind *kind,
                                      const struct sandbox_operation_start *start,
                                      const struct sandbox_request *request, struct azml_error *err)
{
    auto_operation struct sandbox_operation *made = calloc(1, sizeof(*made));
    if (!made || !(made->id = new_id(start->token, err))) {
        azml_error_memory(err);
        return NULL;
    }
    made->kind = azml_strdup(kind->name, err);
    made->resource_id = azml_strdup(start->resource_id, err);
    made->async_path = sandbox_operation_path(kind->async_path, start, made->id, err);
    made->location_path = sandbox_operation_path(kind->location_path, start, made->id, err);
    made->api_version = azml_strdup(version_of(kind, start, request), err);
    made->status = azml_strdup("InProgress", err);
    if (!made->kind || !made->resource_id || !made->async_path || !made->location_path ||
        !made->api_version || !made->status)
        return NULL;
    made->started_ms = sandbox_now_ms(sandbox);
    made->due_ms =
        made->started_ms + (start->is_real_time ? (int64_t)(start->seconds * 1000)
                                                : sandbox_pace_ms(sandbox, start->seconds));
    return AZML_STEAL(made);
}

int sandbox_operation_start(struct sandbox *sandbox, const struct sandbox_operation_start *start,
                            const struct sandbox_request *request, struct sandbox_reply *reply,
                            char **id_out, struct azml_error *err)
{
    auto_json cJSON *data = start->data ? start->data : cJSON_CreateObject();
    const struct sandbox_operation_kind *kind = sandbox_operation_kind_find(sandbox, start->kind);
    if (!kind)
        return azml_error_set(err, AZML_ERROR_FAILED, "no operation is called '%s'", start->kind);
    auto_operation struct sandbox_operation *made = make(sandbox, kind, start, request, err);
    if (!made || !data)
        return azml_error_memory(err);
    made->data = AZML_STEAL(data);
    if (insert(sandbox, made, err) < 0)
        return -1;
    if (reply && sandbox_operation_headers(sandbox, kind, made, true, reply, err) < 0)
        return -1;
    if (id_out)
        *id_out = AZML_STEAL(made->id);
    return 0;
}

/* --- asking and cancelling --- */

int64_t sandbox_operation_running(struct sandbox *sandbox, const char *kind,
                                  const char *resource_id, struct azml_error *err)
{
    int64_t count;
    if (sandbox_sql_number(sandbox->store, 0, &count, err,
                           "SELECT count(*) FROM operations WHERE ended_ms = 0 AND resource = ?1"
                           " AND (?2 IS NULL OR kind = ?2)",
                           "tt", resource_id, kind) < 0)
        return -1;
    return count;
}

int sandbox_operation_cancel(struct sandbox *sandbox, const char *kind, const char *resource_id,
                             struct azml_error *err)
{
    return sandbox_sql_run(sandbox->store, err,
                           "UPDATE operations SET status = 'Canceled', ended_ms = ?3"
                           " WHERE ended_ms = 0 AND resource = ?1 AND (?2 IS NULL OR kind = ?2)",
                           "tti", resource_id, kind, sandbox_now_ms(sandbox));
}

/* --- running what is due --- */

static int finish(struct sandbox *sandbox, struct sandbox_operation *operation,
                  struct azml_error *err)
{
    if (!operation->is_again) {
        operation->ended_ms = sandbox_now_ms(sandbox);
        if (strcmp(operation->status, "InProgress") == 0 &&
            set_text(&operation->status, "Succeeded") < 0)
            return azml_error_memory(err);
    }
    return save(sandbox, operation, err);
}

static int take_step(struct sandbox *sandbox, struct sandbox_operation *operation,
                     struct azml_error *err)
{
    const struct sandbox_operation_kind *kind =
        sandbox_operation_kind_find(sandbox, operation->kind);
    if (!kind)
        return azml_error_set(err, AZML_ERROR_FAILED, "no operation is called '%s'",
                              operation->kind);
    if (sandbox_store_begin(sandbox->store, err) < 0)
        return -1;
    if (kind->step(sandbox, operation, err) == 0 && finish(sandbox, operation, err) == 0)
        return sandbox_store_commit(sandbox->store, err);
    sandbox_store_rollback(sandbox->store);
    return -1;
}

/* The sandbox itself failed: say so where the client polls. */
static int give_up(struct sandbox *sandbox, struct sandbox_operation *operation,
                   const struct azml_error *why, struct azml_error *err)
{
    azml_log(AZML_LOG_NORMAL, "operation %s on %s failed inside the sandbox: %s", operation->kind,
             operation->resource_id, why->message ? why->message : "");
    operation->is_again = false;
    if (sandbox_operation_fail(operation, 500, "InternalServerError", "%s",
                               why->message ? why->message : "The operation failed.") < 0)
        return azml_error_memory(err);
    return finish(sandbox, operation, err);
}

static int run_one(struct sandbox *sandbox, struct sandbox_operation *operation,
                   struct azml_error *err)
{
    auto_error struct azml_error why = {0};
    if (take_step(sandbox, operation, &why) == 0)
        return 0;
    return give_up(sandbox, operation, &why, err);
}

int sandbox_operations_run(struct sandbox *sandbox, struct azml_error *err)
{
    for (;;) {
        auto_statement sqlite3_stmt *row =
            sandbox_sql_open(sandbox->store, err,
                             "SELECT " COLUMNS " FROM operations WHERE ended_ms = 0 AND due_ms <= ?"
                             " ORDER BY due_ms, n LIMIT 1",
                             "i", sandbox_now_ms(sandbox));
        auto_operation struct sandbox_operation *due = NULL;
        if (find(sandbox, row, &due, err) < 0)
            return -1;
        if (!due)
            return 0;
        sqlite3_reset(row);
        if (run_one(sandbox, due, err) < 0)
            return -1;
    }
}

int64_t sandbox_operations_wait_ms(struct sandbox *sandbox)
{
    int64_t due;
    if (sandbox_sql_number(sandbox->store, -1, &due, NULL,
                           "SELECT min(due_ms) FROM operations WHERE ended_ms = 0", "") < 0 ||
        due == -1)
        return -1;
    int64_t wait = due - sandbox_now_ms(sandbox);
    return wait > 0 ? wait : 0;
}

int64_t sandbox_operations_count(struct sandbox *sandbox)
{
    int64_t count = 0;
    sandbox_sql_number(sandbox->store, 0, &count, NULL,
                       "SELECT count(*) FROM operations WHERE ended_ms = 0"
                       " AND (async_path != '' OR location_path != '')",
                       "");
    return count;
}

int sandbox_operations_age(struct sandbox *sandbox, int64_t by_ms, struct azml_error *err)
{
    return sandbox_sql_run(sandbox->store, err,
                           "UPDATE operations SET started_ms = started_ms - ?1,"
                           " due_ms = due_ms - ?1,"
                           " ended_ms = CASE WHEN ended_ms = 0 THEN 0 ELSE ended_ms - ?1 END",
                           "i", by_ms);
}

int sandbox_operations_purge(struct sandbox *sandbox, int64_t before_ms, struct azml_error *err)
{
    return sandbox_sql_run(sandbox->store, err,
                           "DELETE FROM operations WHERE ended_ms > 0 AND ended_ms < ?", "i",
                           before_ms);
}
