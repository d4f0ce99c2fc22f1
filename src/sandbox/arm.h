/* arm.h - what the sandbox's own resource providers share: ids, bodies, checks, plain handlers.
 *
 * For storage, key vault, Log Analytics, Application Insights and the resource manager's own
 * routes. A check returns true where all is well, else false with `reply` filled in. */
#ifndef AZML_SANDBOX_ARM_H
#define AZML_SANDBOX_ARM_H

#include "sandbox/arm_filter.h"
#include "sandbox/provider.h"

#define ARM_LOCATION_ROOM 64
#define ARM_PAGE          1000 /* entries of a page where the person asked for no size */

/* --- ids --- */
/* "/subscriptions/S/resourceGroups/RG", the group spelled as it was made; the caller's. */
char *arm_group_id(struct sandbox *sandbox, const struct sandbox_request *request,
                   struct azml_error *err);
/* The same with "/providers/`type`/`name`", of the request's {s}, {rg} and {name}. */
char *arm_resource_id(struct sandbox *sandbox, const struct sandbox_request *request,
                      const char *type, struct azml_error *err);
/* The id that {*scope} stands for, without regard to how the router joins it; the caller's. */
char *arm_scope(const struct sandbox_request *request, struct azml_error *err);
/* The resource of the request's {s}, {rg}, {name} and its row's type: 0 with `*out` NULL where
 * there is none. */
int arm_find(struct sandbox *sandbox, const struct sandbox_request *request,
             struct sandbox_resource **out, struct azml_error *err);
/* That resource, or a new one (`*is_new`) with id, name, type, an empty tags object and no more;
 * the caller's, not stored yet. NULL with `err` set. */
struct sandbox_resource *arm_open(struct sandbox *sandbox, const struct sandbox_request *request,
                                  bool *is_new, struct azml_error *err);
/* Begin the body of a resource: id, name and type as it has them, and empty tags. */
int arm_begin_body(struct sandbox_resource *resource);
/* Keep it now. */
int arm_store(struct sandbox *sandbox, struct sandbox_resource *resource, struct azml_error *err);

/* --- checks of bodies --- */
/* "West Europe" -> "westeurope". */
void arm_location_normal(const char *text, char out[ARM_LOCATION_ROOM]);
bool arm_location_exists(const char *normal);
/* `location` of the body: required, a region, and that of `existing` (may be NULL). */
bool arm_check_location(const struct sandbox_request *request,
                        const struct sandbox_resource *existing, char out[ARM_LOCATION_ROOM],
                        struct sandbox_reply *reply);
/* `tags`: missing, null, or an object of texts within ARM's bounds. */
bool arm_check_tags(const cJSON *json, struct sandbox_reply *reply);
/* A member by path: missing is fine unless `required`; a wrong type is InvalidRequestContent. */
bool arm_check_text(const cJSON *json, const char *path, bool required,
                    struct sandbox_reply *reply);
bool arm_check_bool(const cJSON *json, const char *path, struct sandbox_reply *reply);
bool arm_check_object(const cJSON *json, const char *path, bool required,
                      struct sandbox_reply *reply);
/* A text that is one of `choices` (NULL-terminated, any case). */
bool arm_check_choice(const cJSON *json, const char *path, const char *const *choices,
                      bool required, struct sandbox_reply *reply);

/* --- putting bodies together --- */
/* Replace `name` in `body` by a copy of what `from` has there, or take it away where it has none.
 */
int arm_copy(cJSON *body, const cJSON *from, const char *name);
/* Lay the members of `patch` over `json`, objects within objects; null takes a member away. */
int arm_merge(cJSON *json, const cJSON *patch);
/* Add what `defaults` (JSON text) has and `json` lacks, objects within objects. */
int arm_add_defaults(cJSON *json, const char *defaults);
/* ISO 8601 with a fraction, as services write it. */
int arm_put_time(cJSON *json, const char *path, int64_t unix_ms);

/* --- lists --- */
/* Do the resource manager's lists and Resource Graph show it at all? */
bool arm_is_tracked(const struct sandbox_resource *resource);
/* Does it pass the request's $filter? 0, or -1 with `reply` filled in where the filter is wrong. */
int arm_list_passes(const struct sandbox_request *request, enum arm_filter_of of,
                    const struct sandbox_resource *resource, bool *out,
                    struct sandbox_reply *reply);
/* 200 with a page of `items` (taken over), of which $top names the number. */
int arm_reply_list(const struct sandbox *sandbox, const struct sandbox_request *request,
                   struct sandbox_reply *reply, cJSON *items);

/* --- plain handlers, for rows with a type --- */
/* GET …/{name}: 200 or 404. */
sandbox_handler_fn arm_get;
/* HEAD …/{name}: 204 or 404, both empty. */
sandbox_handler_fn arm_head;
/* GET of a list, in a group ({rg}) or in a subscription. */
sandbox_handler_fn arm_list;
/* PATCH …/{name}: tags replaced, sku, identity and properties merged; 200 or 404. */
sandbox_handler_fn arm_patch;
/* DELETE …/{name} at once: 200 or 204. */
sandbox_handler_fn arm_delete;

/* After `azure_seconds`, properties.provisioningState of the resource becomes "Succeeded". */
int arm_settle_later(struct sandbox *sandbox, const char *resource_id, double azure_seconds,
                     struct azml_error *err);
sandbox_step_fn arm_settle_step;
/* Forget the soft-deleted things of a type whose time is over. */
int arm_drop_expired(struct sandbox *sandbox, const char *type, struct azml_error *err);
#define ARM_SETTLE "arm.settle"

#endif
