#include "azml/http.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "base/timefmt.h"
#include "http/call.h"
#include "http/retry.h"
#include "http/url.h"

#include <string.h>

static const int64_t look_ms = 250; /* how long Ctrl-C may go unnoticed */

/* --- lists --- */

static void append(struct azml_http_call **list, struct azml_http_call *call)
{
    while (*list)
        list = &(*list)->next;
    *list = call;
    call->next = NULL;
}

static void unlink_call(struct azml_http_call **list, const struct azml_http_call *call)
{
    while (*list && *list != call)
        list = &(*list)->next;
    if (*list)
        *list = (*list)->next;
}

static void free_list(struct azml_http_call **list)
{
    while (*list) {
        struct azml_http_call *call = *list;
        *list = call->next;
        azml_http_call_free(call);
    }
}

/* --- making and freeing --- */

static int64_t now_ms(const struct azml_http *http)
{
    return azml_clock_monotonic_ms(http->clock);
}

static int set_options(struct azml_http *http, const struct azml_http_options *options,
                       struct azml_error *err)
{
    if (options)
        http->options = *options;
    struct azml_http_options *own = &http->options;
    if (own->connect_ms == 0)
        own->connect_ms = 10000;
    if (own->idle_ms == 0)
        own->idle_ms = 60000;
    if (own->max_in_flight == 0)
        own->max_in_flight = 16;
    if (own->max_in_flight > 64)
        return azml_error_set(err, AZML_ERROR_USAGE, _("at most 64 requests can be in flight"));
    own->retry = azml_http_retry_fill(&own->retry);
    http->clock = own->clock ? own->clock : &azml_clock_system;
    const char *ca_file = own->ca_file ? own->ca_file : azml_platform_env("AZML_CA_FILE");
    if (ca_file) {
        http->ca_file = azml_strdup(ca_file, err);
        if (!http->ca_file)
            return -1;
    }
    return azml_http_ca_choose(http->ca_file, own->only_ca_file, false, &http->ca, err);
}

static int open_curl(struct azml_http *http, struct azml_error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return azml_error_memory(err);
    http->multi = curl_multi_init();
    http->share = curl_share_init();
    if (!http->multi || !http->share)
        return azml_error_memory(err);
    long most = (long)http->options.max_in_flight;
    curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, most);
    curl_multi_setopt(http->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, most);
    curl_share_setopt(http->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return 0;
}

struct azml_http *azml_http_new(const struct azml_http_options *options, struct azml_error *err)
{
    struct azml_http *http = calloc(1, sizeof(*http));
    if (!http) {
        azml_error_memory(err);
        return NULL;
    }
    if (set_options(http, options, err) < 0 || open_curl(http, err) < 0) {
        azml_http_free(http);
        return NULL;
    }
    return http;
}

static void land_all(struct azml_http *http)
{
    for (struct azml_http_call *call = http->flying; call; call = call->next)
        curl_multi_remove_handle(http->multi, call->easy);
    http->active = 0;
}

void azml_http_free(struct azml_http *http)
{
    if (!http)
        return;
    land_all(http);
    free_list(&http->waiting);
    free_list(&http->flying);
    free_list(&http->finished);
    if (http->multi)
        curl_multi_cleanup(http->multi);
    if (http->share)
        curl_share_cleanup(http->share);
    azml_http_ca_cleanup(&http->ca);
    free(http->ca_file);
    free(http);
}

void azml_http_set_deadline(struct azml_http *http, uint64_t ms)
{
    http->deadline_ms = ms ? now_ms(http) + (int64_t)ms : 0;
}

uint64_t azml_http_time_left(const struct azml_http *http)
{
    if (http->deadline_ms == 0)
        return UINT64_MAX;
    int64_t left = http->deadline_ms - now_ms(http);
    return left > 0 ? (uint64_t)left : 0;
}

const struct azml_clock *azml_http_clock(const struct azml_http *http)
{
    return http->clock;
}

void azml_http_set_say(struct azml_http *http, azml_http_say_fn notice, azml_http_say_fn trace,
                       void *data)
{
    http->options.notice = notice;
    http->options.trace = trace;
    http->options.data = data;
}

/* --- how a try ends --- */

static void finish(struct azml_http *http, struct azml_http_call *call)
{
    azml_http_transfer_end(call);
    call->is_finished = true;
    append(&http->finished, call);
}

/* End everything that is not finished with a copy of one sentence. */
static void give_up(struct azml_http *http, enum azml_error_code code, const char *sentence)
{
    land_all(http);
    struct azml_http_call **lists[] = {&http->flying, &http->waiting};
    for (size_t i = 0; i < AZML_COUNT(lists); i++) {
        while (*lists[i]) {
            struct azml_http_call *call = *lists[i];
            *lists[i] = call->next;
            azml_error_set(&call->error, code, "%s", sentence);
            finish(http, call);
        }
    }
}

static void say_again(const struct azml_http *http, const struct azml_http_call *call,
                      const char *what, uint64_t wait_ms)
{
    if (!http->options.notice)
        return;
    auto_free char *line = azml_format(
        NULL, _("%s %s: %s; again in %.1f s (try %u of %u)"), call->request.method,
        call->request.url, what, (double)wait_ms / 1000.0, call->tries + 1, call->retry.max_tries);
    if (line)
        http->options.notice(http->options.data, line);
}

static uint32_t chance(void)
{
    uint32_t number;
    azml_platform_random(&number, sizeof(number));
    return number;
}

/* Put the call back in the queue, unless its turn would come after the deadline. */
static void again(struct azml_http *http, struct azml_http_call *call, const char *what,
                  uint64_t wait_ms)
{
    if (wait_ms >= azml_http_time_left(http)) {
        azml_http_response_cleanup(&call->response);
        azml_error_set(&call->error, AZML_ERROR_TIMEOUT, _("time ran out"));
        azml_error_why(&call->error, _("%s, and the next try was due in %.0f s"), what,
                       (double)wait_ms / 1000.0);
        finish(http, call);
        return;
    }
    say_again(http, call, what, wait_ms);
    azml_http_transfer_end(call);
    azml_http_response_cleanup(&call->response);
    call->due_ms = now_ms(http) + (int64_t)wait_ms;
    append(&http->waiting, call);
}

static void end_answered(struct azml_http *http, struct azml_http_call *call)
{
    if (azml_http_transfer_take(call, &call->error) < 0) {
        finish(http, call);
        return;
    }
    azml_http_trace_response(http, call);
    call->response.received_ms = now_ms(http);
    struct azml_http_attempt attempt = {
        .number = call->tries,
        .status = call->response.status,
        .is_repeatable = call->is_repeatable,
        .chance = chance(),
    };
    attempt.has_retry_after = azml_http_retry_after(
        &call->response, azml_clock_wall_ms(http->clock), &attempt.retry_after_ms);
    uint64_t wait_ms = 0;
    enum azml_http_verdict verdict = azml_http_retry_decide(&call->retry, &attempt, &wait_ms);
    if (verdict == AZML_HTTP_AGAIN) {
        auto_free char *what = azml_format(NULL, _("status %d"), call->response.status);
        again(http, call, what ? what : "", wait_ms);
        return;
    }
    if (verdict == AZML_HTTP_LATER)
        call->response.refused_wait_ms = wait_ms;
    finish(http, call);
}

/* The hashed folder may lack what somebody added to the bundle only: use that from now on. */
static bool turn_to_bundle(struct azml_http *http, struct azml_http_call *call, CURLcode code)
{
    if (code != CURLE_PEER_FAILED_VERIFICATION || (!http->ca.has_bundle && !http->uses_bundle))
        return false;
    if (call->used_bundle)
        return false;
    if (!http->uses_bundle) {
        struct azml_http_ca ca = {0};
        if (azml_http_ca_choose(http->ca_file, http->options.only_ca_file, true, &ca, NULL) < 0)
            return false;
        azml_http_ca_cleanup(&http->ca);
        http->ca = ca;
        http->uses_bundle = true;
    }
    call->used_bundle = true;
    call->tries--;
    azml_http_transfer_end(call);
    call->due_ms = now_ms(http);
    append(&http->waiting, call);
    return true;
}

static void end_unanswered(struct azml_http *http, struct azml_http_call *call, CURLcode code)
{
    if (turn_to_bundle(http, call, code))
        return;
    struct azml_http_attempt attempt = {
        .number = call->tries,
        .never_connected = azml_http_failure_is_before_sending(call, code),
        .is_repeatable = call->is_repeatable,
        .chance = chance(),
    };
    uint64_t wait_ms = 0;
    struct azml_error failure = {0};
    azml_http_failure(call, code, &failure);
    if (azml_http_failure_is_transient(call, code) &&
        azml_http_retry_decide(&call->retry, &attempt, &wait_ms) == AZML_HTTP_AGAIN) {
        again(http, call, failure.message, wait_ms);
        azml_error_cleanup(&failure);
        return;
    }
    azml_error_move(&call->error, &failure);
    finish(http, call);
}

static void end_try(struct azml_http *http, CURL *easy, CURLcode code)
{
    struct azml_http_call *call = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
    curl_multi_remove_handle(http->multi, easy);
    unlink_call(&http->flying, call);
    http->active--;
    if (code == CURLE_OK)
        end_answered(http, call);
    else
        end_unanswered(http, call, code);
}

/* --- the loop --- */

static void launch(struct azml_http *http, struct azml_http_call *call)
{
    call->tries++;
    if (azml_http_transfer_begin(http, call, &call->error) < 0) {
        finish(http, call);
        return;
    }
    azml_http_trace_request(http, call);
    if (curl_multi_add_handle(http->multi, call->easy) != CURLM_OK) {
        azml_error_memory(&call->error);
        finish(http, call);
        return;
    }
    append(&http->flying, call);
    http->active++;
}

/* Send what is due while there is room; how many were sent. */
static size_t refill(struct azml_http *http)
{
    size_t sent = 0;
    int64_t now = now_ms(http);
    struct azml_http_call **at = &http->waiting;
    while (*at && http->active < http->options.max_in_flight) {
        struct azml_http_call *call = *at;
        if (call->due_ms > now) {
            at = &call->next;
            continue;
        }
        *at = call->next;
        launch(http, call);
        sent++;
    }
    return sent;
}

/* Milliseconds until the next call is due or the deadline passes, at most `most`. */
static int64_t next_ms(const struct azml_http *http, int64_t most)
{
    int64_t now = now_ms(http);
    int64_t until = now + most;
    if (http->deadline_ms && http->deadline_ms < until)
        until = http->deadline_ms;
    bool has_room = http->active < http->options.max_in_flight;
    for (const struct azml_http_call *call = http->waiting; has_room && call; call = call->next)
        until = call->due_ms < until ? call->due_ms : until;
    return until > now ? until - now : 0;
}

static void wait_a_little(struct azml_http *http)
{
    if (http->active > 0) {
        int64_t ms = next_ms(http, look_ms);
        curl_multi_poll(http->multi, NULL, 0, (int)ms, NULL);
        return;
    }
    int64_t ms = next_ms(http, INT64_MAX / 4);
    if (ms > 0)
        (void)azml_clock_wait(http->clock, (uint64_t)ms); /* an interrupt is noticed by step */
}

/* Let libcurl work and take what is through. */
static void perform(struct azml_http *http)
{
    int running = 0;
    curl_multi_perform(http->multi, &running);
    int left = 0;
    for (;;) {
        const CURLMsg *message = curl_multi_info_read(http->multi, &left);
        if (!message)
            return;
        if (message->msg == CURLMSG_DONE)
            end_try(http, message->easy_handle, message->data.result);
    }
}

/* One round, with `own` as the only call that somebody waits for (NULL: any). Free slots are filled
 * again before polling: polling first costs 100 ms a call. */
static void step(struct azml_http *http, const struct azml_http_call *own)
{
    if (azml_platform_interrupted()) {
        give_up(http, AZML_ERROR_INTERRUPTED, _("interrupted"));
        return;
    }
    if (azml_http_time_left(http) == 0) {
        give_up(http, AZML_ERROR_TIMEOUT, _("time ran out"));
        return;
    }
    refill(http);
    perform(http);
    bool is_done = own ? own->is_finished : http->finished != NULL;
    if (refill(http) > 0 || is_done || (!http->active && !http->waiting))
        return;
    wait_a_little(http);
}

int azml_http_submit(struct azml_http *http, const struct azml_http_request *request,
                     uint64_t delay_ms, azml_http_done_fn on_done, void *data,
                     struct azml_error *err)
{
    struct azml_http_call *call = azml_http_call_new(request, &http->options.retry, err);
    if (!call)
        return -1;
    call->on_done = on_done;
    call->data = data;
    call->due_ms = now_ms(http) + (int64_t)delay_ms;
    append(&http->waiting, call);
    return 0;
}

/* Hand over the first finished call that is `own` (NULL: any). False where there is none. */
static bool deliver(struct azml_http *http, const struct azml_http_call *own)
{
    struct azml_http_call *call = http->finished;
    while (call && own && call != own)
        call = call->next;
    if (!call)
        return false;
    unlink_call(&http->finished, call);
    bool failed = call->error.code != AZML_ERROR_NONE;
    call->on_done(call->data, failed ? NULL : &call->response, failed ? &call->error : NULL);
    azml_http_call_free(call);
    return true;
}

int azml_http_run(struct azml_http *http, struct azml_error *err)
{
    while (http->waiting || http->flying || http->finished) {
        while (deliver(http, NULL))
            continue;
        if (http->waiting || http->flying)
            step(http, NULL);
    }
    if (azml_platform_interrupted())
        return azml_error_set(err, AZML_ERROR_INTERRUPTED, _("interrupted"));
    return 0;
}

/* --- one, and many --- */

static void take_result(void *data, struct azml_http_response *response, struct azml_error *error)
{
    struct azml_http_result *result = data;
    if (!response) {
        azml_error_move(&result->error, error);
        return;
    }
    result->response = *response;
    *response = (struct azml_http_response){0};
}

int azml_http_send(struct azml_http *http, const struct azml_http_request *request,
                   struct azml_http_response *response_out, struct azml_error *err)
{
    struct azml_http_result result = {0};
    struct azml_http_call *call = azml_http_call_new(request, &http->options.retry, err);
    if (!call)
        return -1;
    call->on_done = take_result;
    call->data = &result;
    call->due_ms = now_ms(http);
    append(&http->waiting, call);
    while (!call->is_finished)
        step(http, call);
    deliver(http, call);
    if (result.error.code != AZML_ERROR_NONE) {
        azml_error_move(err, &result.error);
        return -1;
    }
    *response_out = result.response;
    return 0;
}

int azml_http_send_all(struct azml_http *http, const struct azml_http_request *requests,
                       size_t count, struct azml_http_result *results_out, struct azml_error *err)
{
    for (size_t i = 0; i < count; i++) {
        results_out[i] = (struct azml_http_result){0};
        if (azml_http_submit(http, &requests[i], 0, take_result, &results_out[i],
                             &results_out[i].error) < 0)
            continue; /* its own result says why */
    }
    return azml_http_run(http, err);
}
