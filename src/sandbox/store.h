/* store.h - everything the sandbox remembers, in one SQLite file that survives a kill -9.
 *
 * Resources are one table of JSON documents with what lists and cleanup ask about beside them.
 * It knows nothing of HTTP and decides nothing. Ids are compared without case and shown as given.
 */
#ifndef AZML_SANDBOX_STORE_H
#define AZML_SANDBOX_STORE_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox_store;

/* Open (and make or upgrade) the file; ":memory:" for a test. NULL with `err` set. */
struct sandbox_store *sandbox_store_open(const char *path, struct azml_error *err);
void sandbox_store_close(struct sandbox_store *store);

/* --- transactions: they nest; the outermost commit is durable when it returns --- */
int sandbox_store_begin(struct sandbox_store *store, struct azml_error *err);
int sandbox_store_commit(struct sandbox_store *store, struct azml_error *err);
void sandbox_store_rollback(struct sandbox_store *store); /* of the innermost */

/* --- resources --- */
#define SANDBOX_NO_TIME (-1) /* created_ms: the service names no creation time */

struct sandbox_resource {
    char *id;              /* as shown */
    char *type;            /* "Microsoft.MachineLearningServices/workspaces/computes" */
    char *name;            /* last segment of the id */
    char *subscription_id; /* "" above subscriptions */
    char *group;           /* resource group's name as in the id; "" above groups */
    char *parent;          /* id of what it stands below: resource, group, subscription, or "" */
    char *location;        /* short name, or "" */
    cJSON *body;           /* the document that GET shows; an object */
    cJSON *hidden;         /* what the wire never shows (keys, pids, settings); an object */
    int64_t created_ms;    /* wall time, or SANDBOX_NO_TIME */
    int64_t changed_ms;
    bool is_hidden_from_list; /* set by `azml sandbox edit` */
    bool is_hidden_from_graph;
};

/* A resource with type, name, subscription, group and parent read from its id ("/subscriptions/s"
 * is a Microsoft.Resources/subscriptions, its group a Microsoft.Resources/resourceGroups), empty
 * body and hidden objects. `type` overrides the spelling where it is not NULL. The caller's; NULL
 * with `err` set (USAGE where the id is none). */
struct sandbox_resource *sandbox_resource_new(const char *id, const char *type,
                                              struct azml_error *err);
void sandbox_resource_free(struct sandbox_resource *resource);

/* The one with that id: 0 with `*out` set, to NULL where there is none; -1 with `err` set. */
int sandbox_store_get(struct sandbox_store *store, const char *id, struct sandbox_resource **out,
                      struct azml_error *err);
bool sandbox_store_has(struct sandbox_store *store, const char *id);

/* Keep it: as new (created_ms 0 becomes `now_ms`), or in place of what had that id. changed_ms
 * becomes `now_ms`. The resource stays the caller's and gets both times. */
int sandbox_store_put(struct sandbox_store *store, struct sandbox_resource *resource,
                      int64_t now_ms, struct azml_error *err);

/* Forget this one alone (sandbox_resource_remove takes what is below along). */
int sandbox_store_delete(struct sandbox_store *store, const char *id, struct azml_error *err);

/* Which resources; NULL fields do not filter. Ids, names and types without regard to case. */
struct sandbox_query {
    const char *type;
    const char *type_prefix; /* "Microsoft.Storage/" */
    const char *subscription_id;
    const char *group;
    const char *parent; /* directly below this id */
    const char *under;  /* anywhere below this id (not itself) */
    const char *location;
    const char *name;
    bool with_hidden; /* also those hidden from lists */
    bool for_graph;   /* those that Resource Graph shows, instead of lists */
};
struct sandbox_resources {
    struct sandbox_resource **items;
    size_t count;
};
/* In order of creation in the store. `out` must be empty and is the caller's to clean up. */
int sandbox_store_list(struct sandbox_store *store, const struct sandbox_query *query,
                       struct sandbox_resources *out, struct azml_error *err);
void sandbox_resources_cleanup(struct sandbox_resources *resources);

/* --- soft-deleted things: vaults, workspaces, Log Analytics workspaces --- */
struct sandbox_deleted {
    char *id; /* of the resource as it was */
    char *type;
    char *name;
    char *subscription_id;
    char *location;
    cJSON *body; /* as it was */
    cJSON *hidden;
    int64_t deleted_ms;
    int64_t purge_ms; /* when it goes by itself */
};
/* Keep a resource as soft-deleted (it is not taken out of the resources by this). */
int sandbox_deleted_put(struct sandbox_store *store, const struct sandbox_resource *resource,
                        int64_t deleted_ms, int64_t purge_ms, struct azml_error *err);
int sandbox_deleted_get(struct sandbox_store *store, const char *id, struct sandbox_deleted **out,
                        struct azml_error *err);
int sandbox_deleted_remove(struct sandbox_store *store, const char *id, struct azml_error *err);
struct sandbox_deleted_list {
    struct sandbox_deleted **items;
    size_t count;
};
/* NULL filters match everything. */
int sandbox_deleted_find(struct sandbox_store *store, const char *type, const char *location,
                         const char *name, struct sandbox_deleted_list *out,
                         struct azml_error *err);
void sandbox_deleted_free(struct sandbox_deleted *deleted);
void sandbox_deleted_list_cleanup(struct sandbox_deleted_list *list);

/* --- keys and values, in buckets, for whatever else must be remembered --- */
/* The value, the caller's: 0 with `*out` NULL where there is none. */
int sandbox_value_get(struct sandbox_store *store, const char *bucket, const char *key, char **out,
                      struct azml_error *err);
/* NULL removes. */
int sandbox_value_set(struct sandbox_store *store, const char *bucket, const char *key,
                      const char *value, struct azml_error *err);
/* Every key and value of a bucket; a non-zero return stops and is returned. */
int sandbox_value_each(struct sandbox_store *store, const char *bucket,
                       int (*each)(void *data, const char *key, const char *value), void *data,
                       struct azml_error *err);

/* --- for the clock --- */
/* Move creation, change and deletion times, purge times and every ISO 8601 date-time inside bodies
 * back by that long. */
int sandbox_store_age(struct sandbox_store *store, int64_t by_ms, struct azml_error *err);
/* How many resources there are. */
int64_t sandbox_store_count(struct sandbox_store *store);

static inline void sandbox_auto_resource(struct sandbox_resource **resource)
{
    sandbox_resource_free(*resource);
}
static inline void sandbox_auto_deleted(struct sandbox_deleted **deleted)
{
    sandbox_deleted_free(*deleted);
}
#define auto_resource     __attribute__((cleanup(sandbox_auto_resource)))
#define auto_resources    __attribute__((cleanup(sandbox_resources_cleanup)))
#define auto_deleted      __attribute__((cleanup(sandbox_auto_deleted)))
#define auto_deleted_list __attribute__((cleanup(sandbox_deleted_list_cleanup)))

#endif
