#include "arm/poll.h"

#include "azml/arm_error.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"

#include <string.h>

static bool is(const char *method, const char *other)
{
    return strcmp(method, other) == 0;
}

static const char *status_link(const struct azml_arm_reply *reply)
{
    const char *link = azml_arm_reply_header(reply, "Operation-Location");
    link = link && *link ? link : azml_arm_reply_header(reply, "Azure-AsyncOperation");
    return link && *link ? link : NULL;
}

/* Without any link: a PUT or PATCH shows in the resource, an accepted DELETE in its absence. */
static enum azml_arm_poll choose_without_link(const char *method,
                                              const struct azml_arm_reply *reply)
{
    bool is_body_final =
        reply->body && azml_arm_provisioning_state(NULL, reply->body) != AZML_ARM_BUSY;
    if (is(method, "DELETE"))
        return reply->status == 202 ? AZML_ARM_POLL_GONE : AZML_ARM_POLL_NOTHING;
    if (reply->status == 202)
        return AZML_ARM_POLL_RESOURCE;
    if ((is(method, "PUT") || is(method, "PATCH")) && reply->body && !is_body_final)
        return AZML_ARM_POLL_RESOURCE;
    return AZML_ARM_POLL_NOTHING;
}

enum azml_arm_poll azml_arm_poll_choose(const char *method, const struct azml_arm_reply *reply,
                                        const char **link_out)
{
    *link_out = reply->status == 204 ? NULL : status_link(reply);
    if (*link_out)
        return AZML_ARM_POLL_STATUS;
    const char *location = azml_arm_reply_header(reply, "Location");
    if (reply->status == 202 && location && *location) {
        *link_out = location;
        return AZML_ARM_POLL_LOCATION;
    }
    return choose_without_link(method, reply);
}

enum azml_arm_stand azml_arm_stand_of(const char *status)
{
    if (azml_find_nocase(status, "succeeded"))
        return AZML_ARM_SUCCEEDED;
    if (azml_find_nocase(status, "fail"))
        return AZML_ARM_HAS_FAILED;
    if (azml_find_nocase(status, "canceled") || azml_find_nocase(status, "cancelled"))
        return AZML_ARM_CANCELED;
    return AZML_ARM_RUNNING;
}

enum azml_arm_stand azml_arm_stand_of_reply(const struct azml_arm_reply *reply)
{
    const char *status = reply->body ? azml_json_text(reply->body, "status") : NULL;
    if (status)
        return azml_arm_stand_of(status);
    return reply->status == 202 ? AZML_ARM_RUNNING : AZML_ARM_SUCCEEDED;
}

enum azml_arm_state azml_arm_provisioning_state(void *data, const cJSON *resource)
{
    (void)data;
    const char *state = azml_json_text(resource, "properties.provisioningState");
    if (!state)
        return AZML_ARM_DONE;
    switch (azml_arm_stand_of(state)) {
    case AZML_ARM_RUNNING:
        return AZML_ARM_BUSY;
    case AZML_ARM_SUCCEEDED:
        return AZML_ARM_DONE;
    case AZML_ARM_HAS_FAILED:
    case AZML_ARM_CANCELED:
        break;
    }
    return AZML_ARM_FAILED;
}

uint64_t azml_arm_pace_next(struct azml_arm_pace *pace, const struct azml_arm_reply *reply,
                            int64_t wall_ms)
{
    uint64_t named = 0;
    if (reply && azml_http_retry_after(&reply->http, wall_ms, &named)) {
        pace->named_ms = named;
        pace->is_named = true;
    }
    if (pace->is_named)
        return pace->named_ms > 0 ? pace->named_ms : 100; /* 0 must not become a busy loop */
    pace->own_ms = pace->own_ms ? pace->own_ms + pace->own_ms / 2 : 1000;
    if (pace->own_ms > 15000)
        pace->own_ms = 15000;
    return pace->own_ms;
}

int azml_arm_resource_failure(struct azml_error *err, const cJSON *resource, const char *request_id)
{
    static const char *const places[] = {
        "properties.provisioningErrors.0",
        "properties.properties.errors.0",
        "properties.errors.0",
        "properties.properties.provisioningErrors.0",
        "properties.error",
        "error",
    };
    for (size_t i = 0; resource && i < AZML_COUNT(places); i++) {
        const cJSON *place = azml_json_at(resource, places[i]);
        struct azml_arm_said said = {0};
        int found = place ? azml_arm_error_said(place, &said, err) : 0;
        azml_arm_said_cleanup(&said);
        if (found < 0)
            return -1;
        if (found > 0)
            return azml_arm_error_from_json(err, 0, place, request_id);
    }
    azml_error_set(err, AZML_ERROR_SERVICE,
                   _("the operation failed and the service did not say why"));
    return azml_error_said(err, NULL, NULL, request_id);
}
