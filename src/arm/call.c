#include "azml/arm.h"

#include "arm/handle.h"
#include "azml/arm_error.h"
#include "base/auto.h"
#include "base/i18n.h"

/* Send, and turn anything but a success into an error. */
static int must(struct azml_arm *arm, const struct azml_arm_call *call,
                struct azml_arm_reply *reply_out, struct azml_error *err)
{
    auto_reply struct azml_arm_reply reply = {0};
    if (azml_arm_send(arm, call, &reply, err) < 0)
        return -1;
    if (!azml_arm_is_success(reply.status))
        return azml_arm_error_from_response(err, &reply.http);
    if (reply_out) {
        *reply_out = reply;
        reply = (struct azml_arm_reply){0};
    }
    return 0;
}

int azml_arm_get(struct azml_arm *arm, const char *path, struct azml_arm_reply *reply_out,
                 struct azml_error *err)
{
    return must(arm, &(struct azml_arm_call){.path = path}, reply_out, err);
}

int azml_arm_put(struct azml_arm *arm, const char *path, const cJSON *body,
                 struct azml_arm_reply *reply_out, struct azml_error *err)
{
    const struct azml_arm_call call = {.method = "PUT", .path = path, .body = body};
    return must(arm, &call, reply_out, err);
}

int azml_arm_patch(struct azml_arm *arm, const char *path, const cJSON *body,
                   struct azml_arm_reply *reply_out, struct azml_error *err)
{
    const struct azml_arm_call call = {.method = "PATCH", .path = path, .body = body};
    return must(arm, &call, reply_out, err);
}

int azml_arm_post(struct azml_arm *arm, const char *path, const cJSON *body,
                  enum azml_http_repeat repeat, struct azml_arm_reply *reply_out,
                  struct azml_error *err)
{
    const struct azml_arm_call call = {
        .method = "POST", .path = path, .body = body, .repeat = repeat};
    return must(arm, &call, reply_out, err);
}

int azml_arm_delete(struct azml_arm *arm, const char *path, struct azml_arm_reply *reply_out,
                    struct azml_error *err)
{
    return must(arm, &(struct azml_arm_call){.method = "DELETE", .path = path}, reply_out, err);
}

static int no_document(const char *path, struct azml_error *err)
{
    return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the reply for %s holds no document"), path);
}

cJSON *azml_arm_get_json(struct azml_arm *arm, const char *path, struct azml_error *err)
{
    auto_reply struct azml_arm_reply reply = {0};
    if (azml_arm_get(arm, path, &reply, err) < 0)
        return NULL;
    if (!reply.body)
        no_document(path, err);
    return AZML_STEAL(reply.body);
}

int azml_arm_find(struct azml_arm *arm, const char *path, cJSON **json_out, struct azml_error *err)
{
    auto_reply struct azml_arm_reply reply = {0};
    if (azml_arm_send(arm, &(struct azml_arm_call){.path = path}, &reply, err) < 0)
        return -1;
    if (reply.status == 404)
        return 0;
    if (!azml_arm_is_success(reply.status))
        return azml_arm_error_from_response(err, &reply.http);
    if (!reply.body)
        return no_document(path, err);
    if (json_out)
        *json_out = AZML_STEAL(reply.body);
    return 1;
}
