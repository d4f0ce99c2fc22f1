/* sql.h - SQLite statements in one line each, for the files that keep things in the store.
 *
 * Inside the sandbox's core only; providers use store.h. */
#ifndef AZML_SANDBOX_SQL_H
#define AZML_SANDBOX_SQL_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <sqlite3.h>
#include <stdint.h>

struct sandbox_store {
    sqlite3 *database;
    int depth; /* of transactions */
};

/* A statement with its parameters bound: `types` holds one letter for each, 't' a text (const char
 * *, NULL is NULL), 'i' an int64_t, 'j' a document (const cJSON *, NULL is NULL). NULL with `err`.
 */
sqlite3_stmt *sandbox_sql_open(struct sandbox_store *store, struct azml_error *err, const char *sql,
                               const char *types, ...);

/* 1: a row, 0: no more, -1 with `err` set. */
int sandbox_sql_step(struct sandbox_store *store, sqlite3_stmt *statement, struct azml_error *err);

/* Open, run to the end, close. */
int sandbox_sql_run(struct sandbox_store *store, struct azml_error *err, const char *sql,
                    const char *types, ...);

/* One number from the first row, `otherwise` where there is no row or the value is NULL. 0 or -1.
 */
int sandbox_sql_number(struct sandbox_store *store, int64_t otherwise, int64_t *out,
                       struct azml_error *err, const char *sql, const char *types, ...);

/* A copy of the column's text ("" where NULL), or its document (a new object where NULL); NULL with
 * `err` set when memory runs out. */
char *sandbox_sql_text(sqlite3_stmt *statement, int column, struct azml_error *err);
cJSON *sandbox_sql_json(sqlite3_stmt *statement, int column, struct azml_error *err);

static inline void sandbox_auto_statement(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
}
#define auto_statement __attribute__((cleanup(sandbox_auto_statement)))

#endif
