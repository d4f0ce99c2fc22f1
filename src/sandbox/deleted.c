#include "base/auto.h"
#include "sandbox/sql.h"
#include "sandbox/store.h"

#define COLUMNS "id, type, name, subscription, location, body, hidden, deleted_ms, purge_ms"

int sandbox_deleted_put(struct sandbox_store *store, const struct sandbox_resource *resource,
                        int64_t deleted_ms, int64_t purge_ms, struct azml_error *err)
{
    return sandbox_sql_run(
        store, err,
        "INSERT OR REPLACE INTO deleted (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "tttttjjii", resource->id, resource->type, resource->name, resource->subscription_id,
        resource->location, resource->body, resource->hidden, deleted_ms, purge_ms);
}

static struct sandbox_deleted *read_row(sqlite3_stmt *row, struct azml_error *err)
{
    auto_deleted struct sandbox_deleted *read = calloc(1, sizeof(*read));
    if (!read) {
        azml_error_memory(err);
        return NULL;
    }
    char **texts[] = {&read->id, &read->type, &read->name, &read->subscription_id, &read->location};
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        if (!(*texts[i] = sandbox_sql_text(row, (int)i, err)))
            return NULL;
    }
    read->body = sandbox_sql_json(row, 5, err);
    read->hidden = sandbox_sql_json(row, 6, err);
    if (!read->body || !read->hidden)
        return NULL;
    read->deleted_ms = sqlite3_column_int64(row, 7);
    read->purge_ms = sqlite3_column_int64(row, 8);
    return AZML_STEAL(read);
}

int sandbox_deleted_get(struct sandbox_store *store, const char *id, struct sandbox_deleted **out,
                        struct azml_error *err)
{
    auto_statement sqlite3_stmt *row =
        sandbox_sql_open(store, err, "SELECT " COLUMNS " FROM deleted WHERE id = ?", "t", id);
    int result = row ? sandbox_sql_step(store, row, err) : -1;
    if (result < 0)
        return -1;
    struct sandbox_deleted *found = NULL;
    if (result == 1 && !(found = read_row(row, err)))
        return -1;
    *out = found;
    return 0;
}

int sandbox_deleted_remove(struct sandbox_store *store, const char *id, struct azml_error *err)
{
    return sandbox_sql_run(store, err, "DELETE FROM deleted WHERE id = ?", "t", id);
}

static int append(struct sandbox_deleted_list *list, struct sandbox_deleted *deleted,
                  struct azml_error *err)
{
    struct sandbox_deleted **items =
        realloc(list->items, (list->count + 1) * sizeof(struct sandbox_deleted *));
    if (!items) {
        sandbox_deleted_free(deleted);
        return azml_error_memory(err);
    }
    list->items = items;
    items[list->count++] = deleted;
    return 0;
}

int sandbox_deleted_find(struct sandbox_store *store, const char *type, const char *location,
                         const char *name, struct sandbox_deleted_list *out, struct azml_error *err)
{
    auto_statement sqlite3_stmt *rows = sandbox_sql_open(
        store, err,
        "SELECT " COLUMNS " FROM deleted WHERE (?1 IS NULL OR type = ?1)"
        " AND (?2 IS NULL OR location = ?2) AND (?3 IS NULL OR name = ?3) ORDER BY n",
        "ttt", type, location, name);
    auto_deleted_list struct sandbox_deleted_list list = {0};
    int result = rows ? 1 : -1;
    while (result == 1 && (result = sandbox_sql_step(store, rows, err)) == 1) {
        struct sandbox_deleted *deleted = read_row(rows, err);
        if (!deleted || append(&list, deleted, err) < 0)
            return -1;
    }
    if (result < 0)
        return -1;
    *out = list;
    list = (struct sandbox_deleted_list){0};
    return 0;
}

void sandbox_deleted_free(struct sandbox_deleted *deleted)
{
    if (!deleted)
        return;
    free(deleted->id);
    free(deleted->type);
    free(deleted->name);
    free(deleted->subscription_id);
    free(deleted->location);
    cJSON_Delete(deleted->body);
    cJSON_Delete(deleted->hidden);
    free(deleted);
}

void sandbox_deleted_list_cleanup(struct sandbox_deleted_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        sandbox_deleted_free(list->items[i]);
    free(list->items);
    *list = (struct sandbox_deleted_list){0};
}
