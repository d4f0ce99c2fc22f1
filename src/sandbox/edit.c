#include "sandbox/edit.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/timefmt.h"
#include "sandbox/store.h"

#include <string.h>

/* Where documents carry their creation time besides the generic one. */
static const char *const created_paths[] = {"systemData.createdAt", "properties.createdOn",
                                            "properties.creationTime", "properties.createdDate"};

static int edit_created(struct sandbox_resource *resource, const cJSON *created)
{
    if (!created)
        return 0;
    resource->created_ms =
        cJSON_IsNumber(created) ? (int64_t)created->valuedouble : SANDBOX_NO_TIME;
    char text[AZML_TIME_TEXT];
    azml_time_format_iso(text, resource->created_ms, true);
    for (size_t i = 0; i < AZML_COUNT(created_paths); i++) {
        if (!azml_json_text(resource->body, created_paths[i]))
            continue;
        if (!cJSON_IsNumber(created))
            azml_json_remove(resource->body, created_paths[i]);
        else if (azml_json_put_text(resource->body, created_paths[i], text) < 0)
            return -1;
    }
    return 0;
}

/* A compute has a state of its own inside; everything else shows its provisioning state. */
static int edit_state(struct sandbox_resource *resource, const char *state)
{
    if (!state)
        return 0;
    const char *path = azml_json_at(resource->body, "properties.properties")
                           ? "properties.properties.state"
                           : "properties.provisioningState";
    return azml_json_put_text(resource->body, path, state);
}

static int edit_owner(struct sandbox_resource *resource, const char *managed_by)
{
    if (managed_by && *managed_by)
        return azml_json_put_text(resource->body, "managedBy", managed_by);
    if (managed_by)
        azml_json_remove(resource->body, "managedBy");
    return 0;
}

static int apply(struct sandbox *sandbox, struct sandbox_resource *resource, const cJSON *edit,
                 struct azml_error *err)
{
    const cJSON *created = cJSON_GetObjectItemCaseSensitive(edit, "createdMs");
    if (edit_created(resource, created) < 0 ||
        edit_state(resource, azml_json_text(edit, "state")) < 0 ||
        edit_owner(resource, azml_json_text(edit, "managedBy")) < 0)
        return azml_error_memory(err);
    resource->is_hidden_from_list =
        azml_json_bool_or(edit, "hideFromList", resource->is_hidden_from_list);
    resource->is_hidden_from_graph =
        azml_json_bool_or(edit, "hideFromGraph", resource->is_hidden_from_graph);
    return sandbox_store_put(sandbox->store, resource, resource->changed_ms, err);
}

int sandbox_edit(struct sandbox *sandbox, const cJSON *edit, struct azml_error *err)
{
    const char *id = azml_json_text(edit, "id");
    if (!id)
        return azml_error_set(err, AZML_ERROR_USAGE, _("a resource id is needed"));
    auto_resource struct sandbox_resource *resource = NULL;
    if (sandbox_store_get(sandbox->store, id, &resource, err) < 0)
        return -1;
    if (!resource)
        return azml_error_set(err, AZML_ERROR_NOT_FOUND, _("the sandbox has no resource %s"), id);
    return apply(sandbox, resource, edit, err);
}
