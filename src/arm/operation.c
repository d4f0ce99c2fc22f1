#include "azml/arm.h"

#include "arm/handle.h"
#include "arm/poll.h"
#include "azml/arm_error.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"

#include <string.h>

enum {
    MOST_SILENCES = 20, /* polls in a row without a readable answer */
    MOST_STILLS = 20,   /* looks at what is there although its deletion has ended */
    MOST_LAGS = 3,      /* looks at a resource that does not show yet what the operation did */
};

/* What the answer that is awaited is for. */
enum phase {
    START,    /* the change itself */
    STATUS,   /* a status document */
    LOCATION, /* the Location address */
    RESOURCE, /* the resource, until its state settles */
    RESULT,   /* the resource, once the operation has succeeded */
    GONE,     /* the resource, until it is not there */
    AUTOPSY,  /* the resource of an operation that failed without a reason */
};

/* One operation on its way. */
struct journey {
    struct azml_arm *arm;
    const struct azml_arm_operation *operation;
    size_t index;
    azml_arm_end_fn on_end;
    void *data;

    enum phase phase;
    char *resource; /* its path */
    char *link;     /* the status or Location address that is polled */
    char *location; /* of a POST: where the result will be */
    struct azml_arm_pace pace;
    int64_t started_ms;
    size_t polls;
    unsigned silences, lags, stills;
    bool was_going;   /* it was seen being deleted */
    bool is_accepted; /* the service has begun */
    bool has_succeeded;
    struct azml_arm_outcome outcome;
    struct azml_error error;
};

void azml_arm_outcome_cleanup(struct azml_arm_outcome *outcome)
{
    if (!outcome)
        return;
    cJSON_Delete(outcome->body);
    free(outcome->request_id);
    *outcome = (struct azml_arm_outcome){0};
}

/* --- sentences --- */

static const char *what(const struct journey *journey)
{
    return journey->operation->what ? journey->operation->what : journey->resource;
}

/* Waiting ended, the work did not: say so, and how to pick it up. */
static void explain_end_of_waiting(const struct journey *journey, struct azml_error *error)
{
    if (error->code == AZML_ERROR_INTERRUPTED)
        azml_error_set(error, AZML_ERROR_INTERRUPTED, _("stopped waiting for %s"), what(journey));
    else if (error->code == AZML_ERROR_TIMEOUT)
        azml_error_set(error, AZML_ERROR_TIMEOUT, _("time ran out while waiting for %s"),
                       what(journey));
    else
        return;
    azml_error_why(error, "%s",
                   journey->is_accepted ? _("the service still works on it")
                                        : _("the service may have begun with it"));
    if (journey->operation->resume)
        azml_error_hint(error, "%s", journey->operation->resume);
}

static uint64_t elapsed_ms(const struct journey *journey)
{
    const struct azml_clock *clock = azml_http_clock(journey->arm->http);
    return (uint64_t)(azml_clock_monotonic_ms(clock) - journey->started_ms);
}

static void say_progress(const struct journey *journey, const struct azml_arm_reply *reply)
{
    if (!journey->operation->progress)
        return;
    const cJSON *body = reply ? reply->body : NULL;
    const char *status = body ? azml_json_text(body, "status") : NULL;
    if (body && !status)
        status = azml_json_text(body, "properties.provisioningState");
    const struct azml_arm_progress progress = {
        .elapsed_ms = elapsed_ms(journey),
        .percent = body ? azml_json_number_or(body, "percentComplete", -1) : -1,
        .status = status,
    };
    journey->operation->progress(journey->operation->data, &progress);
}

/* --- ends --- */

static void finish(struct journey *journey)
{
    journey->outcome.elapsed_ms = elapsed_ms(journey);
    bool failed = journey->error.code != AZML_ERROR_NONE;
    if (failed)
        explain_end_of_waiting(journey, &journey->error);
    else
        say_progress(journey, NULL);
    journey->on_end(journey->data, journey->index, failed ? NULL : &journey->outcome,
                    failed ? &journey->error : NULL);
    azml_arm_outcome_cleanup(&journey->outcome);
    azml_error_cleanup(&journey->error);
    free(journey->resource);
    free(journey->link);
    free(journey->location);
    free(journey);
}

static void succeed(struct journey *journey, cJSON *body)
{
    cJSON_Delete(journey->outcome.body);
    journey->outcome.body = body;
    finish(journey);
}

/* --- questions --- */

static void on_reply(void *data, struct azml_arm_reply *reply, struct azml_error *error);

static const char *address(const struct journey *journey)
{
    switch (journey->phase) {
    case STATUS:
    case LOCATION:
        return journey->link;
    case START:
    case RESOURCE:
    case RESULT:
    case GONE:
    case AUTOPSY:
        break;
    }
    return journey->resource;
}

static void ask(struct journey *journey, enum phase phase, uint64_t delay_ms)
{
    journey->phase = phase;
    if (journey->polls++ >= journey->arm->most_polls) {
        azml_error_set(&journey->error, AZML_ERROR_PROTOCOL,
                       _("%s is still not done after %zu looks"), what(journey),
                       journey->arm->most_polls);
        if (journey->operation->resume)
            azml_error_hint(&journey->error, "%s", journey->operation->resume);
        finish(journey);
        return;
    }
    const struct azml_arm_call call = {.path = address(journey),
                                       .api_version = journey->operation->call.api_version};
    if (azml_arm_submit(journey->arm, &call, delay_ms, on_reply, journey, &journey->error) < 0)
        finish(journey);
}

/* Ask the same again after the interval that this answer calls for. */
static void ask_later(struct journey *journey, enum phase phase, const struct azml_arm_reply *reply)
{
    int64_t wall = azml_clock_wall_ms(azml_http_clock(journey->arm->http));
    ask(journey, phase, azml_arm_pace_next(&journey->pace, reply, wall));
}

/* Poll where this answer says from now on, if it says. */
static int keep_link(struct journey *journey, char **where, const char *from, const char *link)
{
    if (!link || !*link)
        return 0;
    char *url = azml_arm_link(journey->arm, from, link, &journey->error);
    if (!url)
        return -1;
    free(*where);
    *where = url;
    return 0;
}

/* --- after the operation itself is through --- */

static bool is_method(const struct journey *journey, const char *method)
{
    const char *own = journey->operation->call.method;
    return own && strcmp(own, method) == 0;
}

static bool wants_resource(const struct journey *journey)
{
    if (journey->operation->result == AZML_ARM_RESULT_RESOURCE || journey->operation->state)
        return true;
    return journey->operation->result == AZML_ARM_RESULT_AUTO && !is_method(journey, "POST");
}

/* What a POST's status document or final answer carries. */
static cJSON *result_of(const struct journey *journey, const struct azml_arm_reply *reply)
{
    if (journey->operation->result == AZML_ARM_RESULT_NONE || !reply->body)
        return NULL;
    const cJSON *result =
        journey->phase == STATUS ? azml_json_at(reply->body, "properties") : reply->body;
    return result ? cJSON_Duplicate(result, true) : NULL;
}

/* The service says that it has done it: look at what came of it. */
static void conclude(struct journey *journey, const struct azml_arm_reply *reply)
{
    journey->has_succeeded = true;
    journey->pace = (struct azml_arm_pace){0};
    if (is_method(journey, "DELETE")) {
        if (journey->operation->until_gone)
            ask(journey, GONE, 0);
        else
            succeed(journey, NULL);
    } else if (wants_resource(journey)) {
        ask(journey, RESULT, 0);
    } else if (journey->phase == STATUS && journey->location &&
               journey->operation->result == AZML_ARM_RESULT_AUTO) {
        free(journey->link);
        journey->link = AZML_STEAL(journey->location);
        ask(journey, LOCATION, 0);
    } else {
        succeed(journey, result_of(journey, reply));
    }
}

/* The service says that it failed: with its reason, or with the one that the resource shows. */
static void conclude_badly(struct journey *journey, const struct azml_arm_reply *reply,
                           bool is_canceled)
{
    const cJSON *body = reply->body;
    struct azml_arm_said said = {0};
    int found = body ? azml_arm_error_said(body, &said, &journey->error) : 0;
    azml_arm_said_cleanup(&said);
    if (found == 0 && !is_canceled && !is_method(journey, "DELETE")) {
        ask(journey, AUTOPSY, 0);
        return;
    }
    if (found > 0)
        azml_arm_error_from_json(&journey->error, 0, body, reply->request_id);
    else if (found == 0 && is_canceled)
        azml_error_set(&journey->error, AZML_ERROR_CONFLICT, _("the operation was cancelled"));
    else if (found == 0)
        azml_arm_resource_failure(&journey->error, NULL, reply->request_id);
    finish(journey);
}

/* --- answers --- */

static void on_start_failed(struct journey *journey, const struct azml_arm_reply *reply)
{
    if (is_method(journey, "DELETE") && reply->status == 404) {
        journey->outcome.is_absent = true;
        succeed(journey, NULL);
        return;
    }
    azml_arm_error_from_response(&journey->error, &reply->http);
    finish(journey);
}

/* The change was made at once. */
static void on_start_done(struct journey *journey, struct azml_arm_reply *reply)
{
    azml_arm_state_fn state = journey->operation->state;
    if (is_method(journey, "DELETE")) {
        journey->outcome.is_absent = reply->status == 204;
        conclude(journey, reply);
    } else if (journey->operation->no_wait) {
        succeed(journey, AZML_STEAL(reply->body));
    } else if (is_method(journey, "POST") || !reply->body ||
               (state && state(journey->operation->data, reply->body) != AZML_ARM_DONE)) {
        conclude(journey, reply);
    } else if (azml_arm_provisioning_state(NULL, reply->body) == AZML_ARM_FAILED && !state) {
        azml_arm_resource_failure(&journey->error, reply->body, reply->request_id);
        finish(journey);
    } else {
        succeed(journey, AZML_STEAL(reply->body));
    }
}

static enum phase phase_of(enum azml_arm_poll poll)
{
    switch (poll) {
    case AZML_ARM_POLL_STATUS:
        return STATUS;
    case AZML_ARM_POLL_LOCATION:
        return LOCATION;
    case AZML_ARM_POLL_GONE:
        return GONE;
    case AZML_ARM_POLL_RESOURCE:
    case AZML_ARM_POLL_NOTHING:
        break;
    }
    return RESOURCE;
}

static void on_start(struct journey *journey, struct azml_arm_reply *reply)
{
    journey->outcome.start_status = reply->status;
    journey->outcome.request_id = AZML_STEAL(reply->request_id);
    if (!azml_arm_is_success(reply->status)) {
        on_start_failed(journey, reply);
        return;
    }
    journey->is_accepted = true;
    const char *link = NULL;
    enum azml_arm_poll poll = azml_arm_poll_choose(journey->operation->call.method, reply, &link);
    const char *location = azml_arm_reply_header(reply, "Location");
    if (keep_link(journey, &journey->link, reply->http.url, link) < 0 ||
        (poll == AZML_ARM_POLL_STATUS &&
         keep_link(journey, &journey->location, reply->http.url, location) < 0)) {
        finish(journey);
        return;
    }
    if (poll == AZML_ARM_POLL_NOTHING) {
        on_start_done(journey, reply);
        return;
    }
    say_progress(journey, reply);
    if (journey->operation->no_wait) {
        journey->outcome.is_accepted_only = true;
        succeed(journey, AZML_STEAL(reply->body));
        return;
    }
    ask_later(journey, phase_of(poll), reply);
}

/* The status could not be read, which says nothing about the operation: keep on, or turn to the
 * resource where the address is no longer known. */
static bool is_deletion(const struct journey *journey)
{
    return journey->operation->until_gone || is_method(journey, "DELETE");
}

static int lose_sight(struct journey *journey, const struct azml_arm_reply *reply)
{
    if (reply && azml_arm_is_success(reply->status))
        azml_error_set(&journey->error, AZML_ERROR_PROTOCOL,
                       _("the reply for %s holds no document"), journey->resource);
    else if (reply)
        azml_arm_error_from_response(&journey->error, &reply->http);
    return azml_error_context(&journey->error, _("lost sight of %s"), what(journey));
}

static void on_unreadable(struct journey *journey, const struct azml_arm_reply *reply)
{
    int status = reply ? reply->status : 0;
    bool is_refusal = status == 401 || status == 403;
    bool is_passing = status == 0 || status == 408 || status == 429 || status >= 500;
    if (is_refusal || ++journey->silences > MOST_SILENCES) {
        lose_sight(journey, reply);
        if (journey->operation->resume)
            azml_error_hint(&journey->error, "%s", journey->operation->resume);
        finish(journey);
        return;
    }
    azml_error_cleanup(&journey->error);
    if (is_passing)
        ask_later(journey, journey->phase, NULL);
    else
        ask_later(journey, is_deletion(journey) ? GONE : RESOURCE, NULL);
}

static void on_status(struct journey *journey, const struct azml_arm_reply *reply)
{
    if (!azml_arm_is_success(reply->status)) {
        on_unreadable(journey, reply);
        return;
    }
    const char *link = azml_arm_reply_header(reply, "Operation-Location");
    link = link ? link : azml_arm_reply_header(reply, "Azure-AsyncOperation");
    const char *location = azml_arm_reply_header(reply, "Location");
    if (keep_link(journey, &journey->link, reply->http.url, link) < 0 ||
        keep_link(journey, &journey->location, reply->http.url, location) < 0) {
        finish(journey);
        return;
    }
    say_progress(journey, reply);
    switch (azml_arm_stand_of_reply(reply)) {
    case AZML_ARM_RUNNING:
        ask_later(journey, STATUS, reply);
        return;
    case AZML_ARM_SUCCEEDED:
        conclude(journey, reply);
        return;
    case AZML_ARM_HAS_FAILED:
        conclude_badly(journey, reply, false);
        return;
    case AZML_ARM_CANCELED:
        conclude_badly(journey, reply, true);
        return;
    }
}

static void on_location(struct journey *journey, const struct azml_arm_reply *reply)
{
    if (reply->status == 202) {
        if (keep_link(journey, &journey->link, reply->http.url,
                      azml_arm_reply_header(reply, "Location")) < 0) {
            finish(journey);
            return;
        }
        say_progress(journey, reply);
        ask_later(journey, LOCATION, reply);
    } else if (azml_arm_is_success(reply->status)) {
        conclude(journey, reply);
    } else if (reply->status == 404 || reply->status == 429 || reply->status == 408) {
        on_unreadable(journey, reply);
    } else {
        azml_arm_error_from_response(&journey->error, &reply->http);
        finish(journey);
    }
}

/* A look at the resource that does not show the end: again, within reason. */
static bool may_lag(struct journey *journey)
{
    return journey->lags++ < MOST_LAGS;
}

static enum azml_arm_state judge(const struct journey *journey, const cJSON *resource)
{
    azml_arm_state_fn state = journey->operation->state;
    state = state ? state : azml_arm_provisioning_state;
    return state(journey->operation->data, resource);
}

static void on_resource_missing(struct journey *journey, const struct azml_arm_reply *reply)
{
    /* what a 202 creates may be missing until it is finished, or a moment longer */
    bool may_come = is_method(journey, "PUT") &&
                    (journey->has_succeeded ? may_lag(journey) : reply->status == 404);
    if (reply->status == 404 && may_come) {
        ask_later(journey, journey->phase, NULL);
        return;
    }
    if (reply->status != 404 && reply->status != 403) {
        on_unreadable(journey, reply);
        return;
    }
    azml_arm_error_from_response(&journey->error, &reply->http);
    finish(journey);
}

/* A success without a document shows no state, so it is no end: a network that wants a sign-in
 * answers so. Only an address that is merely followed may end with nothing at all. */
static void on_no_document(struct journey *journey, const struct azml_arm_reply *reply)
{
    const struct azml_arm_operation *operation = journey->operation;
    if (reply->status == 202)
        ask_later(journey, RESOURCE, reply);
    else if (!operation->call.method && !operation->state && reply->http.body_length == 0)
        succeed(journey, NULL);
    else
        on_unreadable(journey, reply);
}

static void on_resource(struct journey *journey, struct azml_arm_reply *reply)
{
    if (!azml_arm_is_success(reply->status)) {
        on_resource_missing(journey, reply);
        return;
    }
    if (!reply->body) {
        on_no_document(journey, reply);
        return;
    }
    say_progress(journey, reply);
    switch (judge(journey, reply->body)) {
    case AZML_ARM_BUSY:
        ask_later(journey, RESOURCE, reply);
        return;
    case AZML_ARM_DONE:
        succeed(journey, AZML_STEAL(reply->body));
        return;
    case AZML_ARM_FAILED:
        break;
    }
    /* right after a success the old state may still show */
    if (journey->phase == RESULT && may_lag(journey)) {
        ask_later(journey, RESULT, reply);
        return;
    }
    azml_arm_resource_failure(&journey->error, reply->body, reply->request_id);
    finish(journey);
}

/* The deletion has ended, and the thing is there: for a moment that is the service's memory, then
 * it was given up (a group that could not be emptied shows "Succeeded" again). */
static bool is_staying(struct journey *journey, const cJSON *resource)
{
    bool is_going = azml_arm_provisioning_state(NULL, resource) == AZML_ARM_BUSY;
    journey->was_going = journey->was_going || is_going;
    if (is_going || !(journey->was_going || journey->has_succeeded))
        return false;
    return ++journey->stills > MOST_STILLS;
}

static void give_up_going(struct journey *journey)
{
    azml_error_set(&journey->error, AZML_ERROR_CONFLICT, _("%s is still there"), what(journey));
    azml_error_why(&journey->error, "%s",
                   _("the service has ended the deletion without it; something may hold it"));
    if (journey->operation->resume)
        azml_error_hint(&journey->error, "%s", journey->operation->resume);
    finish(journey);
}

static void on_gone(struct journey *journey, struct azml_arm_reply *reply)
{
    azml_arm_state_fn state = journey->operation->state;
    if (reply->status == 404) {
        succeed(journey, NULL);
    } else if (!azml_arm_is_success(reply->status)) {
        on_resource_missing(journey, reply);
    } else if (state && reply->body &&
               state(journey->operation->data, reply->body) == AZML_ARM_FAILED) {
        azml_arm_resource_failure(&journey->error, reply->body, reply->request_id);
        finish(journey);
    } else if (reply->body && is_staying(journey, reply->body)) {
        give_up_going(journey);
    } else {
        say_progress(journey, reply);
        ask_later(journey, GONE, reply);
    }
}

static void on_autopsy(struct journey *journey, const struct azml_arm_reply *reply)
{
    const cJSON *resource = azml_arm_is_success(reply->status) ? reply->body : NULL;
    azml_arm_resource_failure(&journey->error, resource, journey->outcome.request_id);
    finish(journey);
}

/* No answer at all. While following, that says nothing about the operation. */
static void on_silence(struct journey *journey, struct azml_error *error)
{
    azml_error_move(&journey->error, error);
    bool is_final = journey->phase == START || journey->error.code != AZML_ERROR_NETWORK;
    if (is_final)
        finish(journey);
    else
        on_unreadable(journey, NULL);
}

static void on_reply(void *data, struct azml_arm_reply *reply, struct azml_error *error)
{
    struct journey *journey = data;
    if (!reply) {
        on_silence(journey, error);
        return;
    }
    if (azml_arm_is_success(reply->status) && (reply->body || journey->phase != RESOURCE))
        journey->silences = 0;
    switch (journey->phase) {
    case START:
        on_start(journey, reply);
        return;
    case STATUS:
        on_status(journey, reply);
        return;
    case LOCATION:
        on_location(journey, reply);
        return;
    case RESOURCE:
    case RESULT:
        on_resource(journey, reply);
        return;
    case GONE:
        on_gone(journey, reply);
        return;
    case AUTOPSY:
        on_autopsy(journey, reply);
        return;
    }
}

/* --- the door --- */

/* Where the resource is: named, or the path itself without a query; of a POST without its verb. */
static char *resource_of(const struct azml_arm_operation *operation, struct azml_error *err)
{
    if (operation->resource)
        return azml_strdup(operation->resource, err);
    const char *path = operation->call.path;
    size_t length = strcspn(path, "?");
    const char *method = operation->call.method;
    if (method && strcmp(method, "POST") == 0) {
        while (length > 1 && path[length - 1] != '/')
            length--;
        length -= length > 1;
    }
    return azml_strndup(path, length, err);
}

static int begin(struct journey *journey)
{
    const struct azml_arm_operation *operation = journey->operation;
    journey->started_ms = azml_clock_monotonic_ms(azml_http_clock(journey->arm->http));
    journey->resource = resource_of(operation, &journey->error);
    if (!journey->resource)
        return -1;
    if (operation->call.method) {
        journey->phase = START;
        return azml_arm_submit(journey->arm, &operation->call, 0, on_reply, journey,
                               &journey->error);
    }
    journey->is_accepted = true;
    ask(journey, operation->until_gone ? GONE : RESOURCE, 0);
    return 0;
}

int azml_arm_operate_all(struct azml_arm *arm, const struct azml_arm_operation *operations,
                         size_t count, azml_arm_end_fn on_end, void *data, struct azml_error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct journey *journey = calloc(1, sizeof(*journey));
        if (!journey)
            return azml_error_memory(err);
        *journey = (struct journey){
            .arm = arm, .operation = &operations[i], .index = i, .on_end = on_end, .data = data};
        if (begin(journey) < 0)
            finish(journey);
    }
    return azml_http_run(arm->http, err);
}

/* Where the one operation's end goes. */
struct single {
    struct azml_arm_outcome outcome;
    struct azml_error error;
};

static void take_single(void *data, size_t index, struct azml_arm_outcome *outcome,
                        struct azml_error *error)
{
    (void)index;
    struct single *single = data;
    if (!outcome) {
        azml_error_move(&single->error, error);
        return;
    }
    single->outcome = *outcome;
    *outcome = (struct azml_arm_outcome){0};
}

int azml_arm_operate(struct azml_arm *arm, const struct azml_arm_operation *operation,
                     struct azml_arm_outcome *outcome_out, struct azml_error *err)
{
    struct single single = {0};
    struct azml_error run = {0};
    int done = azml_arm_operate_all(arm, operation, 1, take_single, &single, &run);
    if (single.error.code != AZML_ERROR_NONE) {
        azml_error_cleanup(&run);
        azml_error_move(err, &single.error);
        return -1;
    }
    /* an interrupt that came after the end takes nothing back */
    if (done < 0 && run.code != AZML_ERROR_INTERRUPTED) {
        azml_arm_outcome_cleanup(&single.outcome);
        azml_error_move(err, &run);
        return -1;
    }
    azml_error_cleanup(&run);
    if (outcome_out)
        *outcome_out = single.outcome;
    else
        azml_arm_outcome_cleanup(&single.outcome);
    return 0;
}
