#include "sandbox/sql.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/str.h"

#include <stdarg.h>
#include <string.h>

static int failed(struct sandbox_store *store, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_IO, _("could not read or write the sandbox's database"));
    return azml_error_why(err, "%s", sqlite3_errmsg(store->database));
}

static int bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    return text ? sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT)
                : sqlite3_bind_null(statement, at);
}

static int bind_json(sqlite3_stmt *statement, int at, const cJSON *json)
{
    if (!json)
        return sqlite3_bind_null(statement, at);
    auto_free char *text = azml_json_print(json, false, NULL);
    return text ? bind_text(statement, at, text) : SQLITE_NOMEM;
}

static int bind(sqlite3_stmt *statement, const char *types, va_list *args)
{
    int result = SQLITE_OK;
    for (int at = 1; *types && result == SQLITE_OK; types++, at++) {
        if (*types == 't')
            result = bind_text(statement, at, va_arg(*args, const char *));
        else if (*types == 'j')
            result = bind_json(statement, at, va_arg(*args, const cJSON *));
        else
            result = sqlite3_bind_int64(statement, at, va_arg(*args, int64_t));
    }
    return result;
}

static sqlite3_stmt *open_with(struct sandbox_store *store, struct azml_error *err, const char *sql,
                               const char *types, va_list *args)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK) {
        failed(store, err);
        return NULL;
    }
    if (bind(statement, types, args) != SQLITE_OK) {
        failed(store, err);
        sqlite3_finalize(statement);
        return NULL;
    }
    return statement;
}

sqlite3_stmt *sandbox_sql_open(struct sandbox_store *store, struct azml_error *err, const char *sql,
                               const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = open_with(store, err, sql, types, &args);
    va_end(args);
    return statement;
}

int sandbox_sql_step(struct sandbox_store *store, sqlite3_stmt *statement, struct azml_error *err)
{
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return 1;
    case SQLITE_DONE:
        return 0;
    default:
        return failed(store, err);
    }
}

int sandbox_sql_run(struct sandbox_store *store, struct azml_error *err, const char *sql,
                    const char *types, ...)
{
    va_list args;
    va_start(args, types);
    auto_statement sqlite3_stmt *statement = open_with(store, err, sql, types, &args);
    va_end(args);
    if (!statement)
        return -1;
    int result;
    do
        result = sandbox_sql_step(store, statement, err);
    while (result == 1);
    return result;
}

int sandbox_sql_number(struct sandbox_store *store, int64_t otherwise, int64_t *out,
                       struct azml_error *err, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    auto_statement sqlite3_stmt *statement = open_with(store, err, sql, types, &args);
    va_end(args);
    int result = statement ? sandbox_sql_step(store, statement, err) : -1;
    if (result < 0)
        return -1;
    bool has = result == 1 && sqlite3_column_type(statement, 0) != SQLITE_NULL;
    *out = has ? sqlite3_column_int64(statement, 0) : otherwise;
    return 0;
}

char *sandbox_sql_text(sqlite3_stmt *statement, int column, struct azml_error *err)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return azml_strdup(text ? text : "", err);
}

cJSON *sandbox_sql_json(sqlite3_stmt *statement, int column, struct azml_error *err)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return azml_json_parse(text ? text : "{}", text ? strlen(text) : 2, err);
}
