#include "sandbox/wire.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "sandbox/router.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/keyvalq_struct.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#define HEADERS_LEAVE_MS 20 /* what headers without a body need to leave this machine */

/* --- reading --- */

static const char *method_of(struct evhttp_request *wire)
{
    static const struct {
        enum evhttp_cmd_type command;
        const char *name;
    } methods[] = {
        {EVHTTP_REQ_GET,     "GET"    },
        {EVHTTP_REQ_HEAD,    "HEAD"   },
        {EVHTTP_REQ_PUT,     "PUT"    },
        {EVHTTP_REQ_PATCH,   "PATCH"  },
        {EVHTTP_REQ_POST,    "POST"   },
        {EVHTTP_REQ_DELETE,  "DELETE" },
        {EVHTTP_REQ_OPTIONS, "OPTIONS"},
    };
    for (size_t i = 0; i < AZML_COUNT(methods); i++) {
        if (evhttp_request_get_command(wire) == methods[i].command)
            return methods[i].name;
    }
    return "OTHER";
}

/* The body in one piece with a NUL behind it, inside libevent's own buffer. */
static int read_body(struct evhttp_request *wire, struct sandbox_request *request,
                     struct azml_error *err)
{
    struct evbuffer *buffer = evhttp_request_get_input_buffer(wire);
    request->body_length = evbuffer_get_length(buffer);
    if (evbuffer_add(buffer, "", 1) < 0)
        return azml_error_memory(err);
    request->body = (const char *)evbuffer_pullup(buffer, -1);
    return request->body ? 0 : azml_error_memory(err);
}

int sandbox_wire_read(struct evhttp_request *wire, struct sandbox_request *request,
                      struct azml_error *err)
{
    request->method = method_of(wire);
    azml_platform_uuid(request->request_id);
    const struct evkeyvalq *headers = evhttp_request_get_input_headers(wire);
    for (const struct evkeyval *header = headers->tqh_first; header;
         header = header->next.tqe_next) {
        if (sandbox_request_add_header(request, header->key, header->value, err) < 0)
            return -1;
    }
    request->client_request_id = sandbox_request_header(request, "x-ms-client-request-id");
    if (read_body(wire, request, err) < 0)
        return -1;
    const char *target = evhttp_request_get_uri(wire);
    return sandbox_request_set_target(request, target ? target : "", err);
}

/* --- common headers --- */

static void add_if_missing(struct sandbox_reply *reply, const char *name, const char *value)
{
    if (!sandbox_pairs_find(&reply->headers, name))
        sandbox_reply_header(reply, name, value);
}

/* "SANDBOX:20251120T100000Z:guid" */
static void add_routing_id(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply)
{
    char iso[AZML_TIME_TEXT], packed[AZML_TIME_TEXT];
    size_t used = 0;
    azml_time_format_iso(iso, sandbox_now_ms(sandbox), false);
    for (const char *at = iso; *at; at++) {
        if (*at != '-' && *at != ':')
            packed[used++] = *at;
    }
    packed[used] = '\0';
    sandbox_reply_headerf(reply, "x-ms-routing-request-id", "SANDBOX:%s:%s", packed,
                          request->request_id);
}

void sandbox_wire_headers(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply)
{
    add_if_missing(reply, "Cache-Control", "no-cache");
    add_if_missing(reply, "Pragma", "no-cache");
    add_if_missing(reply, "Expires", "-1");
    add_if_missing(reply, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    add_if_missing(reply, "X-Content-Type-Options", "nosniff");
    add_if_missing(reply, "x-ms-request-id", request->request_id);
    if (!sandbox_request_is_managed(request))
        return;
    const char *correlation = sandbox_request_header(request, "x-ms-correlation-request-id");
    add_if_missing(reply, "x-ms-correlation-request-id",
                   correlation ? correlation : request->request_id);
    add_routing_id(sandbox, request, reply);
    add_if_missing(reply, "X-Cache", "CONFIG_NOCACHE");
    sandbox_reply_headerf(reply, "X-MSEdge-Ref", "Ref A: %s Ref B: SANDBOX", request->request_id);
    const char *wish = sandbox_request_header(request, "x-ms-return-client-request-id");
    if (request->client_request_id && azml_same_text(wish, "true"))
        sandbox_reply_header(reply, "x-ms-client-request-id", request->client_request_id);
}

/* --- sending --- */

/* An answer on its way out. */
struct exit {
    struct exit *next;
    struct evhttp_request *wire;
    struct event *event;
    struct evbuffer *body;
    int status;
    struct sandbox_wire_end how;
    bool is_sent; /* a cut body is on its way */
};

static struct exit *waiting; /* one loop, one thread */

static void unlink_exit(struct exit *exit)
{
    struct exit **at = &waiting;
    while (*at && *at != exit)
        at = &(*at)->next;
    if (*at)
        *at = exit->next;
}

static void free_exit(struct exit *exit)
{
    unlink_exit(exit);
    if (exit->event)
        event_free(exit->event);
    if (exit->body)
        evbuffer_free(exit->body);
    free(exit);
}

void sandbox_wire_forget(void)
{
    while (waiting)
        free_exit(waiting);
}

/* The client went away while its answer waited. */
static void on_closed(struct evhttp_connection *connection, void *data)
{
    (void)connection;
    free_exit(data);
}

static struct evhttp_connection *let_go(struct exit *exit)
{
    struct evhttp_connection *connection = evhttp_request_get_connection(exit->wire);
    evhttp_connection_set_closecb(connection, NULL, NULL);
    return connection;
}

/* Closing with a linger time of zero sends a reset instead of an orderly end. */
static void reset(struct exit *exit)
{
    struct evhttp_connection *connection = let_go(exit);
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    free_exit(exit);
    evhttp_connection_free(connection);
}

/* The cut body has left, or stands in libevent's buffer where `soon_ms` gives it time to. */
static void end_soon(struct exit *exit, suseconds_t soon_ms)
{
    exit->is_sent = true;
    struct timeval soon = {.tv_usec = soon_ms * 1000};
    event_add(exit->event, &soon);
}

static void on_cut_sent(struct evhttp_connection *connection, void *data)
{
    (void)connection;
    end_soon(data, 0); /* not from inside this callback */
}

/* Announce the whole body, send a part of it, end the connection. */
static void send_cut(struct exit *exit)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(exit->wire);
    size_t whole = evbuffer_get_length(exit->body);
    auto_free char *length = azml_format(NULL, "%zu", whole);
    if (length)
        evhttp_add_header(headers, "Content-Length", length);
    size_t keep = exit->how.cut_bytes < (int64_t)whole ? (size_t)exit->how.cut_bytes : whole;
    struct evbuffer *part = evbuffer_new();
    if (part)
        evbuffer_remove_buffer(exit->body, part, keep);
    evhttp_send_reply_start(exit->wire, exit->status, NULL);
    if (part && keep > 0)
        evhttp_send_reply_chunk_with_cb(exit->wire, part, on_cut_sent, exit);
    else
        end_soon(exit, HEADERS_LEAVE_MS);
    if (part)
        evbuffer_free(part);
}

static void leave(evutil_socket_t fd, short what, void *data)
{
    (void)fd;
    (void)what;
    struct exit *exit = data;
    if (exit->how.is_reset) {
        reset(exit);
    } else if (exit->is_sent) {
        struct evhttp_connection *connection = let_go(exit);
        free_exit(exit);
        evhttp_connection_free(connection);
    } else if (exit->how.cut_bytes >= 0) {
        evhttp_connection_set_closecb(evhttp_request_get_connection(exit->wire), on_closed, exit);
        send_cut(exit);
    } else {
        let_go(exit);
        evhttp_send_reply(exit->wire, exit->status, NULL, exit->body);
        free_exit(exit);
    }
}

static int fill(struct exit *exit, const struct sandbox_reply *reply)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(exit->wire);
    for (size_t i = 0; i < reply->headers.count; i++)
        evhttp_add_header(headers, reply->headers.items[i].name, reply->headers.items[i].value);
    bool has_body = reply->status != 204 && reply->status != 304 &&
                    evhttp_request_get_command(exit->wire) != EVHTTP_REQ_HEAD;
    if (!has_body)
        return 0;
    auto_free char *printed = reply->json ? azml_json_print(reply->json, false, NULL) : NULL;
    const char *text = reply->json ? printed : reply->text;
    if (reply->json && !printed)
        return -1;
    return text ? evbuffer_add(exit->body, text, strlen(text)) : 0;
}

void sandbox_wire_send(struct event_base *loop, struct evhttp_request *wire,
                       const struct sandbox_reply *reply, const struct sandbox_wire_end *end)
{
    struct exit *exit = calloc(1, sizeof(*exit));
    if (!exit) {
        evhttp_send_error(wire, 500, NULL);
        return;
    }
    *exit = (struct exit){.next = waiting, .wire = wire, .status = reply->status, .how = *end};
    waiting = exit;
    exit->event = event_new(loop, -1, 0, leave, exit);
    exit->body = evbuffer_new();
    if (!exit->event || !exit->body || fill(exit, reply) < 0) {
        free_exit(exit);
        evhttp_send_error(wire, 500, NULL);
        return;
    }
    if (end->delay_ms == 0 && !end->is_reset) {
        leave(-1, 0, exit);
        return;
    }
    evhttp_connection_set_closecb(evhttp_request_get_connection(wire), on_closed, exit);
    struct timeval delay = {.tv_sec = (time_t)(end->delay_ms / 1000),
                            .tv_usec = (suseconds_t)(end->delay_ms % 1000 * 1000)};
    event_add(exit->event, &delay);
}
