#include "base/auto.h"
#include "base/i18n.h"
#include "base/str.h"
#include "sandbox/sql.h"
#include "sandbox/store.h"

#include <string.h>

/* --- reading an id --- */

/* The last "/providers/" of an id, or NULL. */
static const char *last_providers(const char *id)
{
    const char *last = NULL;
    for (const char *at = id; (at = azml_find_nocase(at, "/providers/")); at++)
        last = at;
    return last;
}

/* "Ns/type/childType" of what follows "/providers/": "Ns/type/name/childType/childName". */
static char *type_of_provider_part(const char *part, struct azml_error *err)
{
    auto_free char *copy = azml_strdup(part, err);
    if (!copy)
        return NULL;
    auto_str struct azml_str type = {0};
    char *rest = copy;
    for (size_t i = 0; rest; i++) {
        const char *segment = azml_split(&rest, '/');
        if (i == 0)
            azml_str_add(&type, segment);
        else if (i % 2 == 1)
            azml_str_addf(&type, "/%s", segment);
    }
    return azml_str_take(&type, err);
}

static char *type_of(const char *id, struct azml_error *err)
{
    const char *providers = last_providers(id);
    if (providers)
        return type_of_provider_part(providers + strlen("/providers/"), err);
    bool is_group = azml_find_nocase(id, "/resourceGroups/") != NULL;
    return azml_strdup(
        is_group ? "Microsoft.Resources/resourceGroups" : "Microsoft.Resources/subscriptions", err);
}

/* The segment that follows /`word`/ in an id, "" where there is none. */
static char *segment_after(const char *id, const char *word, struct azml_error *err)
{
    const char *at = azml_find_nocase(id, word);
    if (!at)
        return azml_strdup("", err);
    at += strlen(word);
    return azml_strndup(at, strcspn(at, "/"), err);
}

/* Length of `id` without its last segment. */
static size_t without_last(const char *id, size_t length)
{
    while (length > 0 && id[length - 1] != '/')
        length--;
    return length > 0 ? length - 1 : 0;
}

static char *parent_of(const char *id, struct azml_error *err)
{
    size_t length = without_last(id, without_last(id, strlen(id)));
    size_t word = strlen("/providers");
    size_t before = without_last(id, length); /* ends with /providers for a top-level resource */
    if (before >= word && azml_same_bytes(id + before - word, "/providers", word))
        length = before - word;
    return azml_strndup(id, length, err);
}

/* Slashes in `text`, or 0 where one follows another or ends it. */
static size_t count_slashes(const char *text)
{
    size_t slashes = 0;
    for (const char *at = text; *at; at++) {
        if (*at != '/')
            continue;
        slashes++;
        if (at[1] == '/' || at[1] == '\0')
            return 0;
    }
    return slashes;
}

/* Pairs of a type and a name, behind "/providers/Ns" at least one. */
static bool is_id(const char *id)
{
    size_t slashes = count_slashes(id);
    const char *providers = last_providers(id);
    if (providers && count_slashes(providers) < 4)
        return false;
    return *id == '/' && slashes >= 2 && slashes % 2 == 0;
}

struct sandbox_resource *sandbox_resource_new(const char *id, const char *type,
                                              struct azml_error *err)
{
    if (!is_id(id)) {
        azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no resource id"), id);
        return NULL;
    }
    auto_resource struct sandbox_resource *new = calloc(1, sizeof(*new));
    if (!new) {
        azml_error_memory(err);
        return NULL;
    }
    new->id = azml_strdup(id, err);
    new->type = type ? azml_strdup(type, err) : type_of(id, err);
    new->name = azml_strdup(strrchr(id, '/') + 1, err);
    new->subscription_id = segment_after(id, "/subscriptions/", err);
    new->group = segment_after(id, "/resourceGroups/", err);
    new->parent = parent_of(id, err);
    new->location = azml_strdup("", err);
    new->body = cJSON_CreateObject();
    new->hidden = cJSON_CreateObject();
    if (!new->id || !new->type || !new->name || !new->subscription_id || !new->group ||
        !new->parent || !new->location || !new->body || !new->hidden) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(new);
}

void sandbox_resource_free(struct sandbox_resource *resource)
{
    if (!resource)
        return;
    free(resource->id);
    free(resource->type);
    free(resource->name);
    free(resource->subscription_id);
    free(resource->group);
    free(resource->parent);
    free(resource->location);
    cJSON_Delete(resource->body);
    cJSON_Delete(resource->hidden);
    free(resource);
}

/* --- the table --- */

#define COLUMNS                                                                                  \
    "id, type, name, subscription, grp, parent, location, body, hidden, created_ms, changed_ms," \
    " off_list, off_graph"

static struct sandbox_resource *read_row(sqlite3_stmt *row, struct azml_error *err)
{
    auto_resource struct sandbox_resource *read = calloc(1, sizeof(*read));
    if (!read) {
        azml_error_memory(err);
        return NULL;
    }
    char **texts[] = {&read->id,    &read->type,   &read->name,    &read->subscription_id,
                      &read->group, &read->parent, &read->location};
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        if (!(*texts[i] = sandbox_sql_text(row, (int)i, err)))
            return NULL;
    }
    read->body = sandbox_sql_json(row, 7, err);
    read->hidden = sandbox_sql_json(row, 8, err);
    if (!read->body || !read->hidden)
        return NULL;
    read->created_ms = sqlite3_column_int64(row, 9);
    read->changed_ms = sqlite3_column_int64(row, 10);
    read->is_hidden_from_list = sqlite3_column_int(row, 11) != 0;
    read->is_hidden_from_graph = sqlite3_column_int(row, 12) != 0;
    return AZML_STEAL(read);
}

int sandbox_store_get(struct sandbox_store *store, const char *id, struct sandbox_resource **out,
                      struct azml_error *err)
{
    auto_statement sqlite3_stmt *row =
        sandbox_sql_open(store, err, "SELECT " COLUMNS " FROM resources WHERE id = ?", "t", id);
    int result = row ? sandbox_sql_step(store, row, err) : -1;
    if (result < 0)
        return -1;
    struct sandbox_resource *found = NULL;
    if (result == 1 && !(found = read_row(row, err)))
        return -1;
    *out = found;
    return 0;
}

bool sandbox_store_has(struct sandbox_store *store, const char *id)
{
    int64_t count = 0;
    sandbox_sql_number(store, 0, &count, NULL, "SELECT count(*) FROM resources WHERE id = ?", "t",
                       id);
    return count > 0;
}

int sandbox_store_put(struct sandbox_store *store, struct sandbox_resource *resource,
                      int64_t now_ms, struct azml_error *err)
{
    if (resource->created_ms == 0)
        resource->created_ms = now_ms;
    resource->changed_ms = now_ms;
    return sandbox_sql_run(
        store, err,
        "INSERT INTO resources (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET id = excluded.id, type = excluded.type,"
        " name = excluded.name, subscription = excluded.subscription, grp = excluded.grp,"
        " parent = excluded.parent, location = excluded.location, body = excluded.body,"
        " hidden = excluded.hidden, created_ms = excluded.created_ms,"
        " changed_ms = excluded.changed_ms, off_list = excluded.off_list,"
        " off_graph = excluded.off_graph",
        "tttttttjjiiii", resource->id, resource->type, resource->name, resource->subscription_id,
        resource->group, resource->parent, resource->location, resource->body, resource->hidden,
        resource->created_ms, resource->changed_ms, (int64_t)resource->is_hidden_from_list,
        (int64_t)resource->is_hidden_from_graph);
}

int sandbox_store_delete(struct sandbox_store *store, const char *id, struct azml_error *err)
{
    return sandbox_sql_run(store, err, "DELETE FROM resources WHERE id = ?", "t", id);
}

int64_t sandbox_store_count(struct sandbox_store *store)
{
    int64_t count = 0;
    sandbox_sql_number(store, 0, &count, NULL, "SELECT count(*) FROM resources", "");
    return count;
}

/* --- lists --- */

static int append(struct sandbox_resources *list, struct sandbox_resource *resource,
                  struct azml_error *err)
{
    struct sandbox_resource **items =
        realloc(list->items, (list->count + 1) * sizeof(struct sandbox_resource *));
    if (!items) {
        sandbox_resource_free(resource);
        return azml_error_memory(err);
    }
    list->items = items;
    items[list->count++] = resource;
    return 0;
}

static const char list_sql[] =
    "SELECT " COLUMNS " FROM resources WHERE (?1 IS NULL OR type = ?1)"
    " AND (?2 IS NULL OR substr(type, 1, length(?2)) = ?2 COLLATE NOCASE)"
    " AND (?3 IS NULL OR subscription = ?3) AND (?4 IS NULL OR grp = ?4)"
    " AND (?5 IS NULL OR parent = ?5)"
    " AND (?6 IS NULL OR substr(id, 1, length(?6) + 1) = (?6 || '/') COLLATE NOCASE)"
    " AND (?7 IS NULL OR location = ?7) AND (?8 IS NULL OR name = ?8)"
    " AND (?9 OR (?10 AND NOT off_graph) OR (NOT ?10 AND NOT off_list)) ORDER BY n";

int sandbox_store_list(struct sandbox_store *store, const struct sandbox_query *query,
                       struct sandbox_resources *out, struct azml_error *err)
{
    auto_statement sqlite3_stmt *rows = sandbox_sql_open(
        store, err, list_sql, "ttttttttii", query->type, query->type_prefix, query->subscription_id,
        query->group, query->parent, query->under, query->location, query->name,
        (int64_t)query->with_hidden, (int64_t)query->for_graph);
    auto_resources struct sandbox_resources list = {0};
    int result = rows ? 1 : -1;
    while (result == 1 && (result = sandbox_sql_step(store, rows, err)) == 1) {
        struct sandbox_resource *resource = read_row(rows, err);
        if (!resource || append(&list, resource, err) < 0)
            return -1;
    }
    if (result < 0)
        return -1;
    *out = list;
    list = (struct sandbox_resources){0};
    return 0;
}

void sandbox_resources_cleanup(struct sandbox_resources *resources)
{
    for (size_t i = 0; i < resources->count; i++)
        sandbox_resource_free(resources->items[i]);
    free(resources->items);
    *resources = (struct sandbox_resources){0};
}
