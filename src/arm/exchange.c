#include "arm/handle.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"

#include <string.h>

enum { MOST_REDIRECTS = 5 };

/* One logical call on its way. */
struct exchange {
    struct azml_arm *arm;
    char *method;
    char *url;
    char *body;
    size_t body_length;
    char *content_type;
    enum azml_http_repeat repeat;
    bool is_refreshed;
    unsigned generation; /* of the token that it was sent with */
    unsigned redirects;
    azml_arm_reply_fn on_reply;
    void *data;
};

void azml_arm_reply_cleanup(struct azml_arm_reply *reply)
{
    if (!reply)
        return;
    cJSON_Delete(reply->body);
    free(reply->request_id);
    azml_http_response_cleanup(&reply->http);
    *reply = (struct azml_arm_reply){0};
}

const char *azml_arm_reply_header(const struct azml_arm_reply *reply, const char *name)
{
    return azml_http_response_header(&reply->http, name);
}

static void clear(struct exchange *exchange)
{
    free(exchange->method);
    free(exchange->url);
    if (exchange->body)
        azml_wipe(exchange->body, exchange->body_length);
    free(exchange->body);
    free(exchange->content_type);
}

#define auto_exchange __attribute__((cleanup(clear)))

static int fill_body(struct exchange *exchange, const struct azml_arm_call *call,
                     struct azml_error *err)
{
    if (call->body) {
        exchange->body = azml_json_print(call->body, false, err);
        exchange->body_length = exchange->body ? strlen(exchange->body) : 0;
        return exchange->body ? 0 : -1;
    }
    if (!call->raw_body)
        return 0;
    exchange->body = malloc(call->raw_length + 1);
    if (!exchange->body)
        return azml_error_memory(err);
    memcpy(exchange->body, call->raw_body, call->raw_length);
    exchange->body[call->raw_length] = '\0';
    exchange->body_length = call->raw_length;
    if (!call->content_type)
        return 0;
    exchange->content_type = azml_strdup(call->content_type, err);
    return exchange->content_type ? 0 : -1;
}

static int fill(struct exchange *exchange, struct azml_arm *arm, const struct azml_arm_call *call,
                struct azml_error *err)
{
    exchange->arm = arm;
    exchange->repeat = call->repeat;
    exchange->method = azml_strdup(call->method ? call->method : "GET", err);
    exchange->url = azml_arm_url(arm, call->path, call->api_version, err);
    if (!exchange->method || !exchange->url)
        return -1;
    return fill_body(exchange, call, err);
}

/* POST …/listKeys, …/listCredentials, …/regenerateKey, …/generateCredentials, …/getToken and their
 * like answer with secrets. */
static bool answers_with_secrets(const struct exchange *exchange)
{
    if (strcmp(exchange->method, "POST") != 0)
        return false;
    const char *end = exchange->url + strcspn(exchange->url, "?");
    const char *last = end;
    while (last > exchange->url && last[-1] != '/')
        last--;
    if (azml_has_prefix_nocase(last, "listNodes"))
        return false;
    auto_free char *verb = azml_strndup(last, (size_t)(end - last), NULL);
    return !verb || azml_has_prefix_nocase(verb, "list") || azml_find_nocase(verb, "generate") ||
           azml_find_nocase(verb, "token") || azml_find_nocase(verb, "key");
}

static int make_request(struct exchange *exchange, struct azml_http_request *request_out,
                        struct azml_error *err)
{
    struct azml_arm *arm = exchange->arm;
    const struct azml_secret *token = NULL;
    if (arm->credential && azml_credential_token(arm->credential, false, &token, err) < 0)
        return -1;
    exchange->generation = arm->generation;
    *request_out = (struct azml_http_request){
        .method = exchange->method,
        .url = exchange->url,
        .headers = arm->headers,
        .header_count = arm->header_count,
        .body = exchange->body,
        .body_length = exchange->body_length,
        .content_type = exchange->content_type,
        .bearer = token,
        .repeat = exchange->repeat,
        .private_bodies = answers_with_secrets(exchange),
    };
    return 0;
}

/* --- what an answer leads to --- */

enum verdict { FINAL, AGAIN, BROKEN };

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static enum verdict follow(struct exchange *exchange, const struct azml_http_response *response,
                           struct azml_error *err)
{
    const char *link = azml_http_response_header(response, "Location");
    bool is_read = strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0;
    if (!link || (!is_read && response->status < 307))
        return FINAL;
    if (++exchange->redirects > MOST_REDIRECTS) {
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("the service redirects without end"));
        return BROKEN;
    }
    char *url = azml_arm_link(exchange->arm, exchange->url, link, err);
    if (!url)
        return BROKEN;
    free(exchange->url);
    exchange->url = url;
    return AGAIN;
}

/* The first 401 of a call is worth a fresh token; another call may have fetched it meanwhile. */
static enum verdict refresh(struct exchange *exchange)
{
    struct azml_arm *arm = exchange->arm;
    const struct azml_secret *token = NULL;
    if (!arm->credential || exchange->is_refreshed)
        return FINAL;
    exchange->is_refreshed = true;
    if (arm->generation != exchange->generation)
        return AGAIN;
    arm->generation++;
    /* where no other token can be had, the service's own 401 says more */
    return azml_credential_token(arm->credential, true, &token, NULL) < 0 ? FINAL : AGAIN;
}

static enum verdict judge(struct exchange *exchange, const struct azml_http_response *response,
                          struct azml_error *err)
{
    if (response->status == 401)
        return refresh(exchange);
    if (is_redirect(response->status))
        return follow(exchange, response, err);
    return FINAL;
}

/* A success must be readable; the body of a failure is looked at by arm/error.c. */
static int make_reply(struct azml_http_response *response, struct azml_arm_reply *reply,
                      struct azml_error *err)
{
    const char *text = response->body + strspn(response->body, " \t\r\n\xef\xbb\xbf");
    bool is_json = *text == '{' || *text == '[';
    reply->status = response->status;
    if (is_json) {
        bool must = azml_arm_is_success(response->status);
        reply->body = azml_json_parse(response->body, response->body_length, must ? err : NULL);
        if (!reply->body && must)
            return azml_error_context(err, _("the service's reply makes no sense"));
    }
    const char *id = azml_http_response_header(response, "x-ms-request-id");
    if (id) {
        reply->request_id = azml_strdup(id, err);
        if (!reply->request_id)
            return -1;
    }
    reply->http = *response;
    *response = (struct azml_http_response){0};
    return 0;
}

/* --- one after the other --- */

int azml_arm_send(struct azml_arm *arm, const struct azml_arm_call *call,
                  struct azml_arm_reply *reply_out, struct azml_error *err)
{
    auto_exchange struct exchange exchange = {0};
    if (fill(&exchange, arm, call, err) < 0)
        return -1;
    for (;;) {
        struct azml_http_request request;
        struct azml_http_response response = {0};
        if (make_request(&exchange, &request, err) < 0 ||
            azml_http_send(arm->http, &request, &response, err) < 0)
            return -1;
        enum verdict verdict = judge(&exchange, &response, err);
        auto_reply struct azml_arm_reply reply = {0};
        int done = verdict == FINAL ? make_reply(&response, &reply, err) : -1;
        azml_http_response_cleanup(&response);
        if (verdict == AGAIN)
            continue;
        if (done < 0)
            return -1;
        *reply_out = reply;
        reply = (struct azml_arm_reply){0};
        return 0;
    }
}

/* --- many at once --- */

static void end(struct exchange *exchange, struct azml_arm_reply *reply, struct azml_error *error)
{
    exchange->on_reply(exchange->data, reply, error);
    clear(exchange);
    free(exchange);
}

static void on_done(void *data, struct azml_http_response *response, struct azml_error *error);

static int queue(struct exchange *exchange, uint64_t delay_ms, struct azml_error *err)
{
    struct azml_http_request request;
    if (make_request(exchange, &request, err) < 0)
        return -1;
    return azml_http_submit(exchange->arm->http, &request, delay_ms, on_done, exchange, err);
}

static void on_done(void *data, struct azml_http_response *response, struct azml_error *error)
{
    struct exchange *exchange = data;
    if (!response) {
        end(exchange, NULL, error);
        return;
    }
    auto_error struct azml_error err = {0};
    enum verdict verdict = judge(exchange, response, &err);
    if (verdict == AGAIN && queue(exchange, 0, &err) == 0)
        return;
    auto_reply struct azml_arm_reply reply = {0};
    if (verdict == FINAL && make_reply(response, &reply, &err) == 0)
        end(exchange, &reply, NULL);
    else
        end(exchange, NULL, &err);
}

int azml_arm_submit(struct azml_arm *arm, const struct azml_arm_call *call, uint64_t delay_ms,
                    azml_arm_reply_fn on_reply, void *data, struct azml_error *err)
{
    struct exchange *exchange = calloc(1, sizeof(*exchange));
    if (!exchange)
        return azml_error_memory(err);
    exchange->on_reply = on_reply;
    exchange->data = data;
    if (fill(exchange, arm, call, err) < 0 || queue(exchange, delay_ms, err) < 0) {
        clear(exchange);
        free(exchange);
        return -1;
    }
    return 0;
}
