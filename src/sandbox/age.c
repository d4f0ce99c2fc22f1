#include "base/auto.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "sandbox/sql.h"
#include "sandbox/store.h"

#include <string.h>

/* "2025-11-20T10:00:00…": nothing else in these documents begins like that. */
static bool is_date_time(const char *text)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    for (size_t i = 0; i < sizeof(shape) - 1; i++) {
        bool fits = shape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i];
        if (!fits)
            return false;
    }
    return true;
}

static int age_text(cJSON *item, int64_t by_ms, struct azml_error *err)
{
    int64_t at_ms;
    if (!is_date_time(item->valuestring) || azml_time_parse_iso(item->valuestring, &at_ms) < 0)
        return 0;
    char older[AZML_TIME_TEXT];
    azml_time_format_iso(older, at_ms - by_ms, strchr(item->valuestring, '.') != NULL);
    return cJSON_SetValuestring(item, older) ? 0 : azml_error_memory(err);
}

/* Depth is bounded by the parser (AZML_LIMIT_JSON_DEPTH). */
static int age_json(cJSON *json, int64_t by_ms,
                    struct azml_error *err) /* NOLINT(misc-no-recursion) */
{
    if (cJSON_IsString(json))
        return age_text(json, by_ms, err);
    for (cJSON *child = json->child; child; child = child->next) {
        if (age_json(child, by_ms, err) < 0)
            return -1;
    }
    return 0;
}

/* The column's document with every time in it older, or NULL with `err` set. */
static cJSON *aged(sqlite3_stmt *row, int column, int64_t by_ms, struct azml_error *err)
{
    auto_json cJSON *json = sandbox_sql_json(row, column, err);
    if (!json || age_json(json, by_ms, err) < 0)
        return NULL;
    return AZML_STEAL(json);
}

static int age_table(struct sandbox_store *store, const char *select, const char *update,
                     int64_t by_ms, struct azml_error *err)
{
    auto_statement sqlite3_stmt *rows = sandbox_sql_open(store, err, select, "");
    int result = rows ? 1 : -1;
    while (result == 1 && (result = sandbox_sql_step(store, rows, err)) == 1) {
        auto_json cJSON *body = aged(rows, 1, by_ms, err);
        auto_json cJSON *hidden = aged(rows, 2, by_ms, err);
        if (!body || !hidden)
            return -1;
        if (sandbox_sql_run(store, err, update, "jji", body, hidden,
                            (int64_t)sqlite3_column_int64(rows, 0)) < 0)
            return -1;
    }
    return result;
}

int sandbox_store_age(struct sandbox_store *store, int64_t by_ms, struct azml_error *err)
{
    if (age_table(store, "SELECT n, body, hidden FROM resources",
                  "UPDATE resources SET body = ?, hidden = ? WHERE n = ?", by_ms, err) < 0 ||
        age_table(store, "SELECT n, body, hidden FROM deleted",
                  "UPDATE deleted SET body = ?, hidden = ? WHERE n = ?", by_ms, err) < 0)
        return -1;
    if (sandbox_sql_run(store, err,
                        "UPDATE resources SET changed_ms = changed_ms - ?1,"
                        " created_ms = CASE WHEN created_ms < 0 THEN created_ms"
                        " ELSE created_ms - ?1 END",
                        "i", by_ms) < 0)
        return -1;
    return sandbox_sql_run(store, err,
                           "UPDATE deleted SET deleted_ms = deleted_ms - ?1,"
                           " purge_ms = purge_ms - ?1",
                           "i", by_ms);
}
