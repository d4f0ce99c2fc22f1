#include "azml/compute_run.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"

char *azml_compute_path(const struct azml_workspace_ref *workspace, const char *name,
                        struct azml_error *err)
{
    return azml_arm_path(err, "/subscriptions/", workspace->subscription, "/resourceGroups/",
                         workspace->group,
                         "/providers/Microsoft.MachineLearningServices/workspaces/",
                         workspace->name, "/computes/", name, (char *)NULL);
}

cJSON *azml_compute_get(struct azml_arm *arm, const struct azml_workspace_ref *workspace,
                        const char *name, struct azml_error *err)
{
    auto_free char *path = azml_compute_path(workspace, name, err);
    if (!path)
        return NULL;
    cJSON *document = azml_arm_get_json(arm, path, err);
    if (!document && err && err->code == AZML_ERROR_NOT_FOUND) {
        azml_error_context(err, _("no compute %s in workspace %s"), name, workspace->name);
        azml_error_hint(err, "azml compute list -w %s -g %s", workspace->name, workspace->group);
    }
    return document;
}

cJSON *azml_compute_list(struct azml_arm *arm, const struct azml_workspace_ref *workspace,
                         struct azml_error *err)
{
    auto_free char *path = azml_workspace_path(workspace, err);
    auto_free char *computes = path ? azml_format(err, "%s/computes", path) : NULL;
    if (!computes)
        return NULL;
    cJSON *list = azml_arm_list(arm, computes, err);
    if (!list && err && err->code == AZML_ERROR_NOT_FOUND) {
        azml_error_context(err, _("no workspace %s in group %s"), workspace->name,
                           workspace->group);
        azml_error_hint(err, "azml workspace list");
    }
    return list;
}
