#include "azml/workspace.h"

#include "azml/ml_names.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/api.h"
#include "ml/follow.h"
#include "ml/workspace_names.h"
#include "ml/workspace_template.h"

/* What one creation works with. */
struct creating {
    struct azml_arm *arm;
    const struct azml_workspace_create *what;
    char *id;         /* of the workspace */
    char *group;      /* path */
    char *deployment; /* path */
    char *location;
    char *thing; /* "workspace course" */
};

static void creating_cleanup(struct creating *c)
{
    free(c->id);
    free(c->group);
    free(c->deployment);
    free(c->location);
    free(c->thing);
}

static int prepare(struct creating *c, struct azml_error *err)
{
    const struct azml_workspace_ref *ref = &c->what->ref;
    c->id = azml_workspace_path(ref, err);
    c->group = azml_arm_path(err, "/subscriptions/", ref->subscription, "/resourceGroups/",
                             ref->group, (char *)NULL);
    c->thing = azml_format(err, "workspace %s", ref->name);
    if (!c->id || !c->group || !c->thing)
        return -1;
    struct azml_dependent_names names;
    azml_dependent_names_derive(c->id, 0, &names);
    c->deployment = azml_arm_path(err, "/subscriptions/", ref->subscription, "/resourcegroups/",
                                  ref->group, "/providers/Microsoft.Resources/deployments/",
                                  names.deployment, (char *)NULL);
    return c->deployment ? 0 : -1;
}

static int make_group(struct creating *c, struct azml_error *err)
{
    const struct azml_workspace_create *what = c->what;
    if (!what->location) {
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("no group %s in this subscription"),
                       what->ref.group);
        return azml_error_hint(err, _("-l westeurope   (then it is made there)"));
    }
    auto_json cJSON *body = cJSON_CreateObject();
    cJSON *tags = what->tags ? cJSON_Duplicate(what->tags, true) : cJSON_CreateObject();
    if (!body || azml_json_put_text(body, "location", what->location) < 0 ||
        azml_json_put(body, "tags", tags) < 0) {
        return azml_error_memory(err);
    }
    if (azml_arm_put(c->arm, c->group, body, NULL, err) < 0)
        return azml_error_context(err, _("could not create group %s"), what->ref.group);
    auto_free char *thing = azml_format(err, "group %s", what->ref.group);
    auto_free char *state = azml_format(err, _("created in %s"), what->location);
    if (!thing || !state)
        return -1;
    azml_watch_done(what->watch, thing, state, NULL);
    return 0;
}

/* The group has to be there, and says where the workspace goes unless told otherwise. */
static int settle_group(struct creating *c, struct azml_error *err)
{
    auto_json cJSON *group = NULL;
    int found = azml_arm_find(c->arm, c->group, &group, err);
    if (found < 0)
        return -1;
    if (azml_same_text(azml_json_text(group, "properties.provisioningState"), "Deleting")) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("group %s is being deleted"),
                       c->what->ref.group);
        return azml_error_hint(err, _("the same command again in a few minutes"));
    }
    if (!found && make_group(c, err) < 0)
        return -1;
    if (c->location)
        return 0;
    const char *location = c->what->location;
    if (!location)
        location = azml_json_text(group, "location");
    c->location = azml_strdup(location ? location : "", err);
    return c->location ? 0 : -1;
}

static const char *const no_end_hint = "Ctrl-C stops waiting, not creating";

/* Follow an operation on `path`, started by `call` (an empty one only follows), to its end. */
static int follow(struct creating *c, const struct azml_arm_call *call, const char *path,
                  bool *accepted_out, struct azml_error *err)
{
    const struct azml_watch *watch = c->what->watch;
    if (!call && c->what->no_wait) {
        *accepted_out = true;
        return 0;
    }
    struct azml_arm_operation operation = {
        .resource = path,
        .no_wait = c->what->no_wait,
        .progress = azml_follow_tick,
        .data = (void *)(uintptr_t)watch,
        .what = c->thing,
        .resume = c->what->resume,
    };
    if (call)
        operation.call = *call;
    azml_watch_change(watch, c->thing, _("creating storage, key vault, logs, insights, workspace"),
                      "1:00", no_end_hint);
    struct azml_arm_outcome outcome = {0};
    int result = azml_arm_operate(c->arm, &operation, &outcome, err);
    *accepted_out = outcome.is_accepted_only;
    azml_arm_outcome_cleanup(&outcome);
    return result;
}

/* Ids of dependents that were passed in must be ids of their kind. */
static int check_given(const char *id, const char *type, const char *option, struct azml_error *err)
{
    if (!id)
        return 0;
    const char *at = azml_find_nocase(id, type);
    if (azml_has_prefix_nocase(id, "/subscriptions/") && at)
        return 0;
    azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no resource id for %s"), id, option);
    return azml_error_why(err, _("it should be like /subscriptions/…/providers/%s/NAME"), type);
}

int azml_workspace_create_check(const struct azml_workspace_create *what, struct azml_error *err)
{
    if (azml_name_check_workspace(what->ref.name, err) < 0 ||
        azml_name_check_group(what->ref.group, err) < 0 ||
        check_given(what->storage_id, AZML_TYPE_STORAGE, "--storage-account", err) < 0 ||
        check_given(what->vault_id, AZML_TYPE_VAULT, "--key-vault", err) < 0 ||
        check_given(what->insights_id, AZML_TYPE_INSIGHTS, "--application-insights", err) < 0)
        return -1;
    return check_given(what->registry_id, "Microsoft.ContainerRegistry/registries",
                       "--container-registry", err);
}

static cJSON *build_body(struct creating *c, struct azml_error *err)
{
    const struct azml_workspace_create *what = c->what;
    struct azml_dependent_names names;
    azml_dependent_names_derive(c->id, 0, &names);
    if ((!what->storage_id || !what->vault_id) &&
        azml_workspace_choose_names(c->arm, &what->ref, c->id, &names, err) < 0)
        return NULL;
    const struct azml_workspace_template template = {
        .workspace_id = c->id,
        .location = c->location,
        .storage_id = what->storage_id,
        .vault_id = what->vault_id,
        .insights_id = what->insights_id,
        .registry_id = what->registry_id,
        .names = &names,
        .tags = what->tags,
    };
    return azml_workspace_template_build(&template, err);
}

/* What people meet most: an old workspace of that name that was deleted but not purged. */
static int explain(struct creating *c, struct azml_error *err)
{
    const char *said = err ? err->said_message : NULL;
    if (said && azml_find_nocase(said, "soft-deleted workspace")) {
        err->code = AZML_ERROR_NAME_TAKEN;
        azml_error_hint(err, _("purge it in the portal (Recently deleted), or take another name"));
    }
    return azml_error_context(err, _("could not create workspace %s"), c->what->ref.name);
}

static bool is_running(const cJSON *deployment)
{
    return deployment && azml_arm_provisioning_state(NULL, deployment) == AZML_ARM_BUSY;
}

/* One deployment, or the one that already runs. */
static int deploy(struct creating *c, bool *accepted_out, struct azml_error *err)
{
    auto_json cJSON *running = NULL;
    if (azml_arm_find(c->arm, c->deployment, &running, err) < 0)
        return -1;
    int result;
    if (is_running(running)) {
        result = follow(c, NULL, c->deployment, accepted_out, err);
    } else {
        auto_json cJSON *body = build_body(c, err);
        if (!body)
            return -1;
        const struct azml_arm_call call = {.method = "PUT", .path = c->deployment, .body = body};
        result = follow(c, &call, c->deployment, accepted_out, err);
        if (result < 0 && err && azml_same_text(err->said_code, "DeploymentActive")) {
            azml_error_cleanup(err); /* another run was quicker */
            result = follow(c, NULL, c->deployment, accepted_out, err);
        }
    }
    if (result == 0)
        return 0;
    if (err && (err->code == AZML_ERROR_TIMEOUT || err->code == AZML_ERROR_INTERRUPTED))
        return -1;
    azml_follow_deployment_error(c->arm, c->deployment, err);
    return explain(c, err);
}

/* A workspace of that name is there: ready, on its way, or broken. 1 to deploy (again), 0 when
 * there is nothing more to do. */
static int take_existing(struct creating *c, const cJSON *workspace, bool *accepted_out,
                         struct azml_error *err)
{
    const char *state = azml_json_text(workspace, "properties.provisioningState");
    const char *location = azml_json_text(workspace, "location");
    if (c->what->location && location && !azml_same_text(location, c->what->location)) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("workspace %s exists in %s"), c->what->ref.name,
                       location);
        return azml_error_why(err, _("a workspace cannot be moved to another region"));
    }
    if (azml_same_text(state, "Deleting")) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("workspace %s is being deleted"),
                       c->what->ref.name);
        return azml_error_hint(err, _("the same command again in a few minutes"));
    }
    switch (azml_arm_provisioning_state(NULL, workspace)) {
    case AZML_ARM_DONE:
        return 0;
    case AZML_ARM_BUSY:
        return follow(c, NULL, c->id, accepted_out, err) < 0 ? explain(c, err) : 0;
    case AZML_ARM_FAILED:
        break;
    }
    c->location = azml_strdup(location ? location : "", err);
    return c->location ? 1 : -1;
}

static int finish(struct creating *c, bool accepted, struct azml_workspace_created *out,
                  struct azml_error *err)
{
    if (accepted) {
        out->how = AZML_MADE_ACCEPTED;
        out->document = NULL;
        return 0;
    }
    cJSON *document = azml_workspace_get(c->arm, &c->what->ref, err);
    if (!document)
        return -1;
    azml_watch_done(c->what->watch, c->thing, _("ready"), NULL);
    out->how = AZML_MADE_NEW;
    out->document = document;
    return 0;
}

int azml_workspace_create(struct azml_arm *arm, const struct azml_workspace_create *what,
                          struct azml_workspace_created *out, struct azml_error *err)
{
    __attribute__((cleanup(creating_cleanup))) struct creating c = {.arm = arm, .what = what};
    if (azml_workspace_create_check(what, err) < 0 || prepare(&c, err) < 0)
        return -1;

    auto_json cJSON *workspace = NULL;
    int found = azml_arm_find(arm, c.id, &workspace, err);
    if (found < 0)
        return -1;
    bool accepted = false;
    bool was_ready = found && azml_arm_provisioning_state(NULL, workspace) == AZML_ARM_DONE;
    if (found) {
        int again = take_existing(&c, workspace, &accepted, err);
        if (again < 0)
            return -1;
        if (again == 0 && was_ready) {
            out->how = AZML_MADE_ALREADY;
            out->document = AZML_STEAL(workspace);
            return 0;
        }
        if (again == 0)
            return finish(&c, accepted, out, err);
    }
    if (settle_group(&c, err) < 0 || deploy(&c, &accepted, err) < 0)
        return -1;
    return finish(&c, accepted, out, err);
}
