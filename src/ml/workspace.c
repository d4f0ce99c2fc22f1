#include "azml/workspace.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/api.h"

char *azml_workspace_path(const struct azml_workspace_ref *ref, struct azml_error *err)
{
    static const char provider[] = "/providers/" AZML_TYPE_WORKSPACE "/";
    return azml_arm_path(err, "/subscriptions/", ref->subscription, "/resourceGroups/", ref->group,
                         provider, ref->name, (char *)NULL);
}

cJSON *azml_workspace_get(struct azml_arm *arm, const struct azml_workspace_ref *ref,
                          struct azml_error *err)
{
    auto_free char *path = azml_workspace_path(ref, err);
    if (!path)
        return NULL;
    cJSON *document = azml_arm_get_json(arm, path, err);
    if (!document && err && err->code == AZML_ERROR_NOT_FOUND) {
        azml_error_context(err, _("no workspace %s in group %s"), ref->name, ref->group);
        azml_error_hint(err, "azml workspace list");
    }
    return document;
}

cJSON *azml_workspace_list(struct azml_arm *arm, const char *subscription, const char *group,
                           struct azml_error *err)
{
    static const char type[] = "/providers/" AZML_TYPE_WORKSPACE;
    auto_free char *path =
        group ? azml_arm_path(err, "/subscriptions/", subscription, "/resourceGroups/", group, type,
                              (char *)NULL)
              : azml_arm_path(err, "/subscriptions/", subscription, type, (char *)NULL);
    if (!path)
        return NULL;
    cJSON *list = azml_arm_list(arm, path, err);
    if (!list && group && err && err->code == AZML_ERROR_NOT_FOUND)
        azml_error_context(err, _("no group %s in this subscription"), group);
    return list;
}

char *azml_workspace_studio(const char *studio, const cJSON *workspace, struct azml_error *err)
{
    const char *id = azml_json_text(workspace, "id");
    if (!studio || studio[0] == '\0' || !id)
        return NULL;
    const char *tenant = azml_json_text(workspace, "properties.tenantId");
    if (!tenant)
        tenant = azml_json_text(workspace, "identity.tenantId");
    return azml_format(err, "%s/?wsid=%s%s%s", studio, id, tenant ? "&tid=" : "",
                       tenant ? tenant : "");
}
