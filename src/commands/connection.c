#include "azml/arm.h"
#include "azml/cloud.h"
#include "azml/credential.h"
#include "azml/http.h"
#include "azml/ml_tags.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/log.h"
#include "base/timefmt.h"
#include "commands/context.h"
#include "commands/context_private.h"
#include "sandbox/sandbox.h"

#include <string.h>

#define TAG_VALUE_MAX 256 /* Resource Manager's limit */

struct azml_connection {
    struct azml_cloud cloud;
    bool has_cloud;
    struct azml_http *http;
    struct azml_credential *credential;
    struct azml_arm *arm;
    char *owner; /* the signed-in identity's name, once it was asked for */
};

static void connection_free(struct azml_connection *connection)
{
    azml_arm_free(connection->arm);
    azml_credential_free(connection->credential);
    azml_http_free(connection->http);
    azml_cloud_cleanup(&connection->cloud);
    free(connection->owner);
    free(connection);
}

static struct azml_connection *connection_of(struct azml_context *context, struct azml_error *err)
{
    if (!context->connection) {
        context->connection = calloc(1, sizeof(*context->connection));
        context->connection_free = connection_free;
        if (!context->connection)
            azml_error_memory(err);
    }
    return context->connection;
}

static void say(void *data, enum azml_log_level level, const char *line)
{
    struct azml_context *context = data;
    azml_progress_hide(context->progress);
    azml_log(level, "%s", line);
}

static void say_notice(void *data, const char *line)
{
    say(data, AZML_LOG_VERBOSE, line);
}

static void say_trace(void *data, const char *line)
{
    say(data, AZML_LOG_DEBUG, line);
}

static int open_http(struct azml_context *context, struct azml_connection *connection,
                     struct azml_error *err)
{
    const struct azml_common *common = context->common;
    struct azml_http_options options = {
        .max_in_flight = (uint32_t)common->parallel,
        .connect_ms = (uint32_t)(common->connect_timeout_s * 1000),
        .idle_ms = (uint32_t)(common->idle_timeout_s * 1000),
        .clock = azml_context_clock(context),
        .notice = azml_log_enabled(AZML_LOG_VERBOSE) ? say_notice : NULL,
        .trace = azml_log_enabled(AZML_LOG_DEBUG) ? say_trace : NULL,
        .data = context,
    };
    if (azml_settings_get(context->settings, AZML_SETTING_CA_FILE, &options.ca_file, err) < 0)
        return -1;
    if (connection->has_cloud)
        azml_cloud_trust(&connection->cloud, &options);
    connection->http = azml_http_new(&options, err);
    if (!connection->http)
        return -1;
    azml_http_set_deadline(connection->http, (uint64_t)common->timeout_s * 1000);
    return 0;
}

/* The one place outside of the cloud's row that knows of the sandbox: it is started here. */
static int start_sandbox(struct azml_context *context, struct azml_error *err)
{
    const struct azml_sandbox_options options = {0};
    bool started = false;
    if (azml_sandbox_start(&options, &started, err) < 0)
        return azml_error_context(err, _("could not start the sandbox"));
    if (started)
        azml_progress_note(context->progress,
                           _("The sandbox runs now, a practice cloud on this machine; "
                             "azml sandbox stop ends it"));
    return 0;
}

static int open_cloud(struct azml_context *context, struct azml_connection *connection,
                      struct azml_error *err)
{
    const char *name = NULL;
    if (azml_settings_get(context->settings, AZML_SETTING_CLOUD, &name, err) < 0)
        return -1;
    if (name && azml_cloud_names_sandbox(name) && start_sandbox(context, err) < 0)
        return -1;
    bool is_address = name && azml_has_prefix_nocase(name, "https://");
    if (is_address && !connection->http && open_http(context, connection, err) < 0)
        return -1;
    if (azml_cloud_open(name, connection->http, &connection->cloud, err) < 0)
        return -1;
    connection->has_cloud = true;
    return 0;
}

static struct azml_connection *with_cloud(struct azml_context *context, struct azml_error *err)
{
    struct azml_connection *connection = connection_of(context, err);
    if (!connection || (!connection->has_cloud && open_cloud(context, connection, err) < 0))
        return NULL;
    return connection;
}

const struct azml_cloud *azml_context_cloud(struct azml_context *context, struct azml_error *err)
{
    struct azml_connection *connection = with_cloud(context, err);
    return connection ? &connection->cloud : NULL;
}

struct azml_http *azml_context_http(struct azml_context *context, struct azml_error *err)
{
    struct azml_connection *connection = with_cloud(context, err);
    if (!connection || (!connection->http && open_http(context, connection, err) < 0))
        return NULL;
    return connection->http;
}

/* Practice takes the identity that it brings along: only --auth itself sends it another one, no
 * variable and no file that was meant for a real cloud. */
static int chosen_credential(struct azml_context *context, const char **out, struct azml_error *err)
{
    if (context->connection->cloud.is_sandbox) {
        *out = context->common->auth;
        return 0;
    }
    return azml_settings_get(context->settings, AZML_SETTING_AUTH, out, err);
}

struct azml_credential *azml_context_credential(struct azml_context *context,
                                                struct azml_error *err)
{
    struct azml_http *http = azml_context_http(context, err);
    if (!http)
        return NULL;
    struct azml_connection *connection = context->connection;
    if (connection->credential)
        return connection->credential;
    struct azml_credential_options options = {
        .cloud = &connection->cloud,
        .http = http,
        .notice = azml_log_enabled(AZML_LOG_VERBOSE) ? say_notice : NULL,
        .data = context,
    };
    if (chosen_credential(context, &options.name, err) < 0)
        return NULL;
    connection->credential = azml_credential_new(&options, err);
    return connection->credential;
}

/* What was chosen; for the sandbox only where it was chosen for azml itself, since a variable that
 * names a real subscription stands in many shells. */
static int chosen_subscription(struct azml_context *context, const char **out,
                               struct azml_error *err)
{
    if (context->connection->cloud.is_sandbox) {
        *out = context->common->subscription;
        return 0;
    }
    return azml_settings_get(context->settings, AZML_SETTING_SUBSCRIPTION, out, err);
}

struct azml_arm *azml_context_arm(struct azml_context *context, struct azml_error *err)
{
    struct azml_credential *credential = azml_context_credential(context, err);
    if (!credential)
        return NULL;
    struct azml_connection *connection = context->connection;
    if (connection->arm)
        return connection->arm;
    struct azml_arm_options options = {
        .cloud = &connection->cloud,
        .credential = credential,
        .http = connection->http,
    };
    if (chosen_subscription(context, &options.subscription, err) < 0)
        return NULL;
    connection->arm = azml_arm_new(&options, err);
    return connection->arm;
}

const char *azml_context_subscription(struct azml_context *context, struct azml_error *err)
{
    struct azml_arm *arm = azml_context_arm(context, err);
    return arm ? azml_arm_subscription(arm, err) : NULL;
}

/* The groups that hold a workspace of that name, as the subscription's own list has them. */
static cJSON *list_workspaces(struct azml_context *context, const char *workspace,
                              struct azml_error *err)
{
    struct azml_arm *arm = azml_context_arm(context, err);
    const char *subscription = arm ? azml_arm_subscription(arm, err) : NULL;
    auto_free char *path =
        subscription
            ? azml_arm_path(err, "/subscriptions/", subscription,
                            "/providers/Microsoft.MachineLearningServices/workspaces", (char *)NULL)
            : NULL;
    auto_json cJSON *all = path ? azml_arm_list(arm, path, err) : NULL;
    if (!all)
        return NULL;
    for (int i = cJSON_GetArraySize(all) - 1; i >= 0; i--) {
        const char *name = azml_json_text(cJSON_GetArrayItem(all, i), "name");
        if (!azml_same_text(name, workspace))
            cJSON_DeleteItemFromArray(all, i);
    }
    return AZML_STEAL(all);
}

static char *group_in_id(const char *id, struct azml_error *err)
{
    const char *group = id ? azml_find_nocase(id, "/resourceGroups/") : NULL;
    if (!group) {
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("the id of a workspace has no group in it"));
        return NULL;
    }
    group += strlen("/resourceGroups/");
    return azml_strndup(group, strcspn(group, "/"), err);
}

static int several_groups(const cJSON *found, const char *workspace, struct azml_error *err)
{
    auto_str struct azml_str names = {0};
    const cJSON *each;
    cJSON_ArrayForEach (each, found) {
        auto_free char *group = group_in_id(azml_json_text(each, "id"), NULL);
        azml_str_addf(&names, "%s%s", names.length ? ", " : "", group ? group : "?");
    }
    azml_error_set(err, AZML_ERROR_USAGE, _("more than one group has a workspace %s"), workspace);
    azml_error_why(err, _("the groups are: %s"), azml_str_text(&names));
    return azml_error_hint(err, _("say which one with -g"));
}

const char *azml_context_workspace_group(struct azml_context *context, struct azml_error *err)
{
    return azml_context_group_of(context, NULL, err);
}

const char *azml_context_group_of(struct azml_context *context, const char *workspace,
                                  struct azml_error *err)
{
    const char *group = NULL;
    if (context->workspace_group)
        return context->workspace_group;
    if (azml_settings_get(context->settings, AZML_SETTING_GROUP, &group, err) < 0)
        return NULL;
    if (group)
        return group;
    if (!workspace)
        workspace = azml_context_workspace(context, err);
    auto_json cJSON *found = workspace ? list_workspaces(context, workspace, err) : NULL;
    if (!found)
        return NULL;
    int count = cJSON_GetArraySize(found);
    if (count == 0) {
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("there is no workspace %s"), workspace);
        azml_error_hint(err, "azml workspace list");
        return NULL;
    }
    if (count > 1) {
        several_groups(found, workspace, err);
        return NULL;
    }
    context->workspace_group = group_in_id(azml_json_text(cJSON_GetArrayItem(found, 0), "id"), err);
    return context->workspace_group;
}

/* The signed-in identity's name, lent; "" where its token tells nothing. NULL with `err` set. */
static const char *owner_of(struct azml_context *context, struct azml_error *err)
{
    struct azml_credential *credential = azml_context_credential(context, err);
    struct azml_identity identity = {0};
    if (!credential || context->connection->owner)
        return credential ? context->connection->owner : NULL;
    if (azml_credential_identity(credential, &identity, err) < 0)
        return NULL;
    const char *name = identity.name && identity.name[0] ? identity.name : identity.object_id;
    context->connection->owner = azml_strndup(name ? name : "", TAG_VALUE_MAX, err);
    azml_identity_cleanup(&identity);
    return context->connection->owner;
}

int azml_context_introduce(struct azml_context *context, struct azml_error *err)
{
    if (context->common->quiet)
        return 0;
    struct azml_arm *arm = azml_context_arm(context, err);
    const char *owner = arm ? owner_of(context, err) : NULL;
    auto_json cJSON *subscription = owner ? azml_arm_subscription_document(arm, err) : NULL;
    if (!subscription)
        return -1;
    const char *name = azml_json_text(subscription, "displayName");
    const char *source = azml_credential_source(context->connection->credential);
    azml_progress_note(context->progress, _("Signed in as %s (%s), subscription %s"),
                       owner[0] ? owner : "?", source ? source : "?",
                       name ? name : azml_arm_subscription(arm, NULL));
    return 0;
}

cJSON *azml_context_tags(struct azml_context *context, const char *of_id, struct azml_error *err)
{
    auto_json cJSON *tags = cJSON_CreateObject();
    char now[AZML_TIME_TEXT];
    azml_time_format_iso(now, azml_clock_wall_ms(azml_context_clock(context)), false);
    if (!tags ||
        azml_json_put_member(tags, AZML_TAG_MADE_BY, cJSON_CreateString("azml/" AZML_VERSION)) <
            0 ||
        azml_json_put_member(tags, AZML_TAG_CREATED, cJSON_CreateString(now)) < 0 ||
        azml_json_put_member(tags, AZML_TAG_RUN, cJSON_CreateString(azml_context_run_id(context))) <
            0 ||
        (of_id && azml_json_put_member(tags, AZML_TAG_OF, cJSON_CreateString(of_id)) < 0)) {
        azml_error_memory(err);
        return NULL;
    }
    const char *owner = owner_of(context, err);
    if (!owner)
        return NULL;
    if (owner[0] && azml_json_put_member(tags, AZML_TAG_OWNER, cJSON_CreateString(owner)) < 0) {
        azml_error_memory(err);
        return NULL;
    }
    return AZML_STEAL(tags);
}
