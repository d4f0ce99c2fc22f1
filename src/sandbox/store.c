#include "sandbox/store.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/str.h"
#include "sandbox/sql.h"

#include <string.h>

/* Names are compared by NOCASE: ASCII letters only, as ARM does for ids. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS resources ("
    " n INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE COLLATE NOCASE,"
    " type TEXT NOT NULL COLLATE NOCASE,"
    " name TEXT NOT NULL COLLATE NOCASE,"
    " subscription TEXT NOT NULL COLLATE NOCASE,"
    " grp TEXT NOT NULL COLLATE NOCASE,"
    " parent TEXT NOT NULL COLLATE NOCASE,"
    " location TEXT NOT NULL COLLATE NOCASE,"
    " body TEXT NOT NULL,"
    " hidden TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL,"
    " changed_ms INTEGER NOT NULL,"
    " off_list INTEGER NOT NULL,"
    " off_graph INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS resources_parent ON resources (parent);"
    "CREATE INDEX IF NOT EXISTS resources_type ON resources (type);"
    "CREATE TABLE IF NOT EXISTS deleted ("
    " n INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE COLLATE NOCASE,"
    " type TEXT NOT NULL COLLATE NOCASE,"
    " name TEXT NOT NULL COLLATE NOCASE,"
    " subscription TEXT NOT NULL COLLATE NOCASE,"
    " location TEXT NOT NULL COLLATE NOCASE,"
    " body TEXT NOT NULL,"
    " hidden TEXT NOT NULL,"
    " deleted_ms INTEGER NOT NULL,"
    " purge_ms INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS vals ("
    " bucket TEXT NOT NULL,"
    " key TEXT NOT NULL COLLATE NOCASE,"
    " value TEXT NOT NULL,"
    " PRIMARY KEY (bucket, key)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS operations ("
    " n INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL,"
    " resource TEXT NOT NULL COLLATE NOCASE,"
    " data TEXT NOT NULL,"
    " step INTEGER NOT NULL,"
    " started_ms INTEGER NOT NULL,"
    " due_ms INTEGER NOT NULL,"
    " ended_ms INTEGER NOT NULL,"
    " status TEXT NOT NULL,"
    " error TEXT,"
    " error_status INTEGER NOT NULL,"
    " result TEXT,"
    " result_status INTEGER NOT NULL,"
    " async_path TEXT COLLATE NOCASE,"
    " location_path TEXT COLLATE NOCASE,"
    " api_version TEXT NOT NULL);"
    "CREATE INDEX IF NOT EXISTS operations_due ON operations (ended_ms, due_ms);"
    "CREATE INDEX IF NOT EXISTS operations_resource ON operations (resource);"
    "CREATE TABLE IF NOT EXISTS faults ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " rule TEXT NOT NULL,"
    " seen INTEGER NOT NULL,"
    " hit INTEGER NOT NULL);"
    "PRAGMA user_version = 1;";

/* WAL with full syncs: what was committed is there after a kill or a power cut. */
static int prepare(struct sandbox_store *store, struct azml_error *err)
{
    static const char *const settings[] = {
        "PRAGMA busy_timeout = 5000",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
    };
    for (size_t i = 0; i < AZML_COUNT(settings); i++) {
        if (sandbox_sql_run(store, err, settings[i], "") < 0)
            return -1;
    }
    int64_t version;
    if (sandbox_sql_number(store, 0, &version, err, "PRAGMA user_version", "") < 0)
        return -1;
    if (version > 1)
        return azml_error_set(err, AZML_ERROR_IO,
                              _("the sandbox's state was written by a newer azml"));
    if (sqlite3_exec(store->database, schema, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    azml_error_set(err, AZML_ERROR_IO, _("could not prepare the sandbox's database"));
    return azml_error_why(err, "%s", sqlite3_errmsg(store->database));
}

struct sandbox_store *sandbox_store_open(const char *path, struct azml_error *err)
{
    struct sandbox_store *store = calloc(1, sizeof(*store));
    if (!store) {
        azml_error_memory(err);
        return NULL;
    }
    int result = sqlite3_open(path, &store->database);
    if (result != SQLITE_OK) {
        azml_error_set(err, AZML_ERROR_IO, _("could not open the sandbox's database %s"), path);
        azml_error_why(err, "%s", sqlite3_errstr(result));
    }
    if (result != SQLITE_OK || prepare(store, err) < 0) {
        sandbox_store_close(store);
        return NULL;
    }
    return store;
}

void sandbox_store_close(struct sandbox_store *store)
{
    if (!store)
        return;
    sqlite3_close(store->database);
    free(store);
}

/* Savepoints are numbered by their depth; the outermost is a real transaction. */
static int boundary(struct sandbox_store *store, const char *outermost, const char *nested,
                    struct azml_error *err)
{
    if (store->depth == 0)
        return sandbox_sql_run(store, err, outermost, "");
    auto_free char *sql = azml_format(err, "%s level%d", nested, store->depth);
    return sql ? sandbox_sql_run(store, err, sql, "") : -1;
}

int sandbox_store_begin(struct sandbox_store *store, struct azml_error *err)
{
    if (boundary(store, "BEGIN IMMEDIATE", "SAVEPOINT", err) < 0)
        return -1;
    store->depth++;
    return 0;
}

int sandbox_store_commit(struct sandbox_store *store, struct azml_error *err)
{
    store->depth--;
    if (boundary(store, "COMMIT", "RELEASE", err) == 0)
        return 0;
    store->depth++;
    sandbox_store_rollback(store);
    return -1;
}

void sandbox_store_rollback(struct sandbox_store *store)
{
    store->depth--;
    boundary(store, "ROLLBACK", "ROLLBACK TO", NULL);
    if (store->depth > 0)
        boundary(store, "", "RELEASE", NULL);
}

int sandbox_value_get(struct sandbox_store *store, const char *bucket, const char *key, char **out,
                      struct azml_error *err)
{
    auto_statement sqlite3_stmt *found = sandbox_sql_open(
        store, err, "SELECT value FROM vals WHERE bucket = ? AND key = ?", "tt", bucket, key);
    int result = found ? sandbox_sql_step(store, found, err) : -1;
    if (result < 0)
        return -1;
    char *value = NULL;
    if (result == 1 && !(value = sandbox_sql_text(found, 0, err)))
        return -1;
    *out = value;
    return 0;
}

int sandbox_value_set(struct sandbox_store *store, const char *bucket, const char *key,
                      const char *value, struct azml_error *err)
{
    if (!value)
        return sandbox_sql_run(store, err, "DELETE FROM vals WHERE bucket = ? AND key = ?", "tt",
                               bucket, key);
    return sandbox_sql_run(store, err,
                           "INSERT INTO vals (bucket, key, value) VALUES (?, ?, ?)"
                           " ON CONFLICT DO UPDATE SET value = excluded.value",
                           "ttt", bucket, key, value);
}

int sandbox_value_each(struct sandbox_store *store, const char *bucket,
                       int (*each)(void *data, const char *key, const char *value), void *data,
                       struct azml_error *err)
{
    auto_statement sqlite3_stmt *rows = sandbox_sql_open(
        store, err, "SELECT key, value FROM vals WHERE bucket = ? ORDER BY key", "t", bucket);
    int result = rows ? 1 : -1;
    while (result == 1 && (result = sandbox_sql_step(store, rows, err)) == 1) {
        int stop = each(data, (const char *)sqlite3_column_text(rows, 0),
                        (const char *)sqlite3_column_text(rows, 1));
        if (stop != 0)
            return stop;
    }
    return result;
}
