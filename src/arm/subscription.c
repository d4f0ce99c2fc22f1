#include "azml/arm.h"

#include "arm/handle.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"

#include <string.h>

static bool is_guid(const char *text)
{
    size_t dashes = 0;
    for (const char *at = text; *at; at++) {
        if (*at == '-')
            dashes++;
        else if (!strchr("0123456789abcdefABCDEF", *at))
            return false;
    }
    return dashes == 4 && strlen(text) == 36;
}

/* Only such a subscription can be worked in (reference 3.1). */
static bool is_usable(const cJSON *subscription)
{
    const char *state = azml_json_text(subscription, "state");
    return !state || azml_same_text(state, "Enabled") || azml_same_text(state, "Warned") ||
           azml_same_text(state, "PastDue");
}

static bool is_named(const cJSON *subscription, const char *name)
{
    return azml_same_text(azml_json_text(subscription, "displayName"), name) ||
           azml_same_text(azml_json_text(subscription, "subscriptionId"), name);
}

/* "Azure for Students (9999…)" for each, one a line. */
static char *names_of(const cJSON *list)
{
    auto_str struct azml_str names = {0};
    const cJSON *each = NULL;
    cJSON_ArrayForEach (each, list) {
        const char *name = azml_json_text(each, "displayName");
        const char *id = azml_json_text(each, "subscriptionId");
        azml_str_addf(&names, "%s%s (%s)", names.length ? "\n" : "", name ? name : "?",
                      id ? id : "?");
    }
    return azml_str_take(&names, NULL);
}

static int none_fits(const char *wanted, const cJSON *list, struct azml_error *err)
{
    if (!wanted)
        return azml_error_set(err, AZML_ERROR_NOT_FOUND,
                              _("the identity sees no subscription that it could use"));
    azml_error_set(err, AZML_ERROR_NOT_FOUND, _("the identity sees no subscription '%s'"), wanted);
    auto_free char *names = names_of(list);
    if (names && *names)
        azml_error_why(err, _("it sees:\n%s"), names);
    return -1;
}

static int several_fit(const cJSON *list, struct azml_error *err)
{
    auto_free char *names = names_of(list);
    azml_error_set(err, AZML_ERROR_USAGE, _("several subscriptions could be meant"));
    if (names)
        azml_error_why(err, "%s", names);
    return azml_error_hint(err, "--subscription ID");
}

/* The one of the list that is meant: by name, or because there is no other. */
static const cJSON *pick(const char *wanted, const cJSON *list, struct azml_error *err)
{
    const cJSON *found = NULL;
    size_t count = 0;
    const cJSON *each = NULL;
    cJSON_ArrayForEach (each, list) {
        if (wanted ? !is_named(each, wanted) : !is_usable(each))
            continue;
        found = each;
        count++;
    }
    if (count == 1)
        return found;
    if (count == 0)
        none_fits(wanted, list, err);
    else
        several_fit(list, err);
    return NULL;
}

static int look_up(struct azml_arm *arm, struct azml_error *err)
{
    auto_json cJSON *list = azml_arm_list(arm, "/subscriptions", err);
    if (!list)
        return azml_error_context(err, _("could not read the subscriptions"));
    const cJSON *found = pick(arm->wanted, list, err);
    const char *id = NULL;
    if (!found || azml_json_string(found, "subscriptionId", &id, err) < 0)
        return -1;
    arm->subscription = azml_strdup(id, err);
    return arm->subscription ? 0 : -1;
}

/* What is known without asking the resource manager: an id that was named, the practice cloud's
 * own, the default of whatever tool the identity is from. 0, or -1 with `err` set. */
static int know(struct azml_arm *arm, const char **known_out, struct azml_error *err)
{
    *known_out = arm->wanted && is_guid(arm->wanted) ? arm->wanted : NULL;
    if (arm->wanted)
        return 0;
    *known_out = arm->cloud->subscription_id;
    if (*known_out || !arm->credential)
        return 0;
    const struct azml_secret *token = NULL;
    if (azml_credential_token(arm->credential, false, &token, err) < 0)
        return -1;
    *known_out = azml_credential_subscription(arm->credential);
    return 0;
}

const char *azml_arm_subscription(struct azml_arm *arm, struct azml_error *err)
{
    const char *known = NULL;
    if (arm->subscription)
        return arm->subscription;
    if (know(arm, &known, err) < 0)
        return NULL;
    if (known)
        arm->subscription = azml_strdup(known, err);
    else if (look_up(arm, err) < 0)
        return NULL;
    return arm->subscription;
}

cJSON *azml_arm_subscription_document(struct azml_arm *arm, struct azml_error *err)
{
    const char *id = azml_arm_subscription(arm, err);
    auto_free char *path = id ? azml_arm_path(err, "/subscriptions/", id, (char *)NULL) : NULL;
    return path ? azml_arm_get_json(arm, path, err) : NULL;
}
