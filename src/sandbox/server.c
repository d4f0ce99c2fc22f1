#include "sandbox/server.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/certificate.h"
#include "sandbox/control.h"
#include "sandbox/fault.h"
#include "sandbox/operation.h"
#include "sandbox/provider.h"
#include "sandbox/router.h"
#include "sandbox/wire.h"

#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define IDLE_SECONDS 300 /* a kept-alive connection may be quiet that long */
#define TICK_SECONDS 1

struct sandbox_server {
    struct sandbox *world;
    struct event_base *loop;
    struct evhttp *http;
    SSL_CTX *tls;
    struct event *due;  /* the next operation or timer */
    struct event *tick; /* of the providers */
    struct event *signals[3];
    struct azml_secret control;
    uint16_t port;
};

struct sandbox *sandbox_server_world(struct sandbox_server *server)
{
    return server->world;
}

uint16_t sandbox_server_port(const struct sandbox_server *server)
{
    return server->port;
}

/* --- operations and ticks --- */

static void run_due(struct sandbox_server *server)
{
    auto_error struct azml_error err = {0};
    if (sandbox_operations_run(server->world, &err) < 0)
        azml_log(AZML_LOG_NORMAL, "operations could not go on: %s", err.message ? err.message : "");
}

/* Wake up when the next operation is due. */
static void arm(struct sandbox_server *server)
{
    int64_t wait_ms = sandbox_operations_wait_ms(server->world);
    if (wait_ms < 0) {
        event_del(server->due);
        return;
    }
    if (wait_ms == 0)
        wait_ms = 1;
    struct timeval wait = {.tv_sec = (time_t)(wait_ms / 1000),
                           .tv_usec = (suseconds_t)(wait_ms % 1000 * 1000)};
    event_add(server->due, &wait);
}

static void on_due(evutil_socket_t fd, short what, void *data)
{
    (void)fd;
    (void)what;
    struct sandbox_server *server = data;
    run_due(server);
    arm(server);
}

static void on_tick(evutil_socket_t fd, short what, void *data)
{
    (void)fd;
    (void)what;
    struct sandbox_server *server = data;
    for (const struct sandbox_provider *const *provider = server->world->providers; *provider;
         provider++) {
        if ((*provider)->tick)
            (*provider)->tick(server->world);
    }
    arm(server);
}

/* --- one request --- */

static void answer_from_rule(const cJSON *rule, struct sandbox_reply *reply)
{
    const char *body = azml_json_text(rule, "body");
    int status = (int)azml_json_int_or(rule, "status", 500);
    sandbox_reply_cleanup(reply);
    if (body && *body)
        sandbox_reply_text(reply, status, *body == '{' ? "application/json" : "text/html", body);
    else
        sandbox_reply_empty(reply, status);
    const cJSON *header;
    cJSON_ArrayForEach (header, azml_json_at(rule, "headers")) {
        auto_free char *copy = azml_strdup(header->valuestring, NULL);
        char *value = copy;
        const char *name = azml_split(&value, ':');
        if (name && value)
            sandbox_reply_header(reply, name, value + strspn(value, " "));
    }
}

/* Carry out what strikes (NULL: nothing): whether the request takes effect, and how its answer
 * leaves. */
static struct sandbox_wire_end handle(struct sandbox *world, struct sandbox_request *request,
                                      const cJSON *rule, struct sandbox_reply *reply)
{
    struct sandbox_wire_end end = {.cut_bytes = -1};
    const char *kind = azml_json_text(rule, "kind");
    bool is_status = kind && strcmp(kind, "status") == 0;
    end.is_reset = kind && strcmp(kind, "reset") == 0;
    end.delay_ms = (uint64_t)azml_json_int_or(rule, "delayMs", 0);
    if (kind && strcmp(kind, "cut") == 0)
        end.cut_bytes = azml_json_int_or(rule, "cutBytes", 0);
    bool takes_effect = (!is_status && !end.is_reset) || azml_json_bool_or(rule, "after", false);
    if (takes_effect)
        sandbox_route(world, request, reply);
    if (is_status)
        answer_from_rule(rule, reply);
    else if (end.is_reset)
        sandbox_reply_empty(reply, 500);
    sandbox_wire_headers(world, request, reply);
    return end;
}

static void exchange(struct sandbox_server *server, struct evhttp_request *wire,
                     struct sandbox_request *request, struct sandbox_reply *reply)
{
    struct sandbox *world = server->world;
    struct sandbox_wire_end end = {.cut_bytes = -1};
    auto_error struct azml_error err = {0};
    auto_json cJSON *rule = NULL;
    if (sandbox_wire_read(wire, request, &err) < 0)
        sandbox_reply_error(reply, 400, "InvalidRequestUri", "The request URI is invalid: %s.",
                            err.message ? err.message : "");
    else if (sandbox_control_is_for(request, &server->control))
        sandbox_control_answer(world, request, reply);
    else if (sandbox_fault_strike(world, request->method, request->target, &rule, &err) < 0)
        sandbox_reply_error(reply, 500, "InternalServerError", "%s", err.message);
    else
        end = handle(world, request, rule, reply);
    azml_log(AZML_LOG_VERBOSE, "%s %s %d%s", request->method, request->path ? request->path : "",
             reply->status, rule ? " (fault)" : "");
    sandbox_wire_send(server->loop, wire, reply, &end);
}

static void on_request(struct evhttp_request *wire, void *data)
{
    struct sandbox_server *server = data;
    struct sandbox_request request = {0};
    auto_reply struct sandbox_reply reply = {0};
    run_due(server);
    exchange(server, wire, &request, &reply);
    sandbox_request_cleanup(&request);
    arm(server);
}

/* --- TLS --- */

static struct bufferevent *make_connection(struct event_base *loop, void *data)
{
    SSL *ssl = SSL_new(data);
    struct bufferevent *connection =
        ssl ? bufferevent_openssl_socket_new(loop, -1, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                             BEV_OPT_CLOSE_ON_FREE)
            : NULL;
    if (connection)
        bufferevent_openssl_set_allow_dirty_shutdown(connection, 1);
    return connection;
}

static SSL_CTX *make_tls(EVP_PKEY *ca_key, X509 *ca, struct azml_error *err)
{
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    if (sandbox_certificate_server(ca_key, ca, &key, &certificate, err) < 0)
        return NULL;
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    bool ok = tls && SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) &&
              SSL_CTX_use_certificate(tls, certificate) == 1 &&
              SSL_CTX_use_PrivateKey(tls, key) == 1;
    EVP_PKEY_free(key);
    X509_free(certificate);
    if (ok)
        return tls;
    SSL_CTX_free(tls);
    azml_error_set(err, AZML_ERROR_FAILED, _("could not set up TLS for the sandbox"));
    return NULL;
}

static int open_tls(struct sandbox_server *server, const char *folder, struct azml_error *err)
{
    EVP_PKEY *key = NULL;
    X509 *ca = NULL;
    if (sandbox_certificate_keep(folder, "ca", SANDBOX_CERTIFICATE_CA, &key, &ca, err) < 0)
        return -1;
    server->tls = make_tls(key, ca, err);
    EVP_PKEY_free(key);
    X509_free(ca);
    return server->tls ? 0 : -1;
}

/* --- listening --- */

static uint16_t port_of(struct evhttp_bound_socket *bound)
{
    struct sockaddr_in address = {0};
    socklen_t length = sizeof(address);
    if (getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &length) < 0)
        return 0;
    return ntohs(address.sin_port);
}

/* Without TCP_NODELAY small TLS records wait 40 ms for an acknowledgement. */
static struct evhttp_bound_socket *bind_to(struct sandbox_server *server, const char *address,
                                           uint16_t port)
{
    struct evhttp_bound_socket *bound = evhttp_bind_socket_with_handle(server->http, address, port);
    int on = 1;
    if (bound)
        (void)setsockopt(evhttp_bound_socket_get_fd(bound), IPPROTO_TCP, TCP_NODELAY, &on,
                         sizeof(on));
    return bound;
}

static int listen_on(struct sandbox_server *server, uint16_t wanted, struct azml_error *err)
{
    struct evhttp_bound_socket *bound = bind_to(server, "127.0.0.1", wanted);
    if (!bound && wanted)
        bound = bind_to(server, "127.0.0.1", 0);
    server->port = bound ? port_of(bound) : 0;
    if (server->port == 0)
        return azml_error_set(err, AZML_ERROR_IO,
                              _("the sandbox could not listen on the loopback address"));
    (void)bind_to(server, "::1", server->port); /* where the machine has IPv6 */
    return 0;
}

static int open_http(struct sandbox_server *server, uint16_t port, struct azml_error *err)
{
    server->loop = event_base_new();
    server->http = server->loop ? evhttp_new(server->loop) : NULL;
    if (!server->http)
        return azml_error_memory(err);
    evhttp_set_bevcb(server->http, make_connection, server->tls);
    evhttp_set_gencb(server->http, on_request, server);
    evhttp_set_default_content_type(server->http, NULL);
    evhttp_set_max_headers_size(server->http, (ev_ssize_t)AZML_LIMIT_HEADERS);
    evhttp_set_max_body_size(server->http, (ev_ssize_t)AZML_LIMIT_BODY_FILE);
    evhttp_set_timeout(server->http, IDLE_SECONDS);
    evhttp_set_allowed_methods(server->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
                                                 EVHTTP_REQ_PATCH | EVHTTP_REQ_POST |
                                                 EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS);
    return listen_on(server, port, err);
}

static int open_world(struct sandbox_server *server, const struct sandbox_server_options *options,
                      struct azml_error *err)
{
    char endpoint[64];
    snprintf(endpoint, sizeof(endpoint), "https://127.0.0.1:%u", (unsigned)server->port);
    const struct sandbox_world how = {.name = options->name,
                                      .folder = options->folder,
                                      .endpoint = endpoint,
                                      .speed = options->speed,
                                      .page_size = options->page_size,
                                      .providers = options->providers,
                                      .loop = server->loop};
    server->world = sandbox_open(&how, err);
    server->due = evtimer_new(server->loop, on_due, server);
    server->tick = event_new(server->loop, -1, EV_PERSIST, on_tick, server);
    if (!server->world)
        return -1;
    if (!server->due || !server->tick)
        return azml_error_memory(err);
    struct timeval every = {.tv_sec = TICK_SECONDS};
    event_add(server->tick, &every);
    arm(server);
    return 0;
}

struct sandbox_server *sandbox_server_new(const struct sandbox_server_options *options,
                                          struct azml_error *err)
{
    struct sandbox_server *server = calloc(1, sizeof(*server));
    if (!server) {
        azml_error_memory(err);
        return NULL;
    }
    if (azml_fs_make_folder(options->folder, err) == 0 &&
        sandbox_control_secret(options->folder, true, &server->control, err) == 0 &&
        open_tls(server, options->folder, err) == 0 && open_http(server, options->port, err) == 0 &&
        open_world(server, options, err) == 0)
        return server;
    sandbox_server_free(server);
    return NULL;
}

/* --- running --- */

void sandbox_server_stop(struct sandbox_server *server)
{
    event_base_loopbreak(server->loop);
}

static void on_signal(evutil_socket_t number, short what, void *data)
{
    (void)number;
    (void)what;
    sandbox_server_stop(data);
}

static int catch_signals(struct sandbox_server *server, struct azml_error *err)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < AZML_COUNT(numbers); i++) {
        server->signals[i] = evsignal_new(server->loop, numbers[i], on_signal, server);
        if (!server->signals[i] || event_add(server->signals[i], NULL) < 0)
            return azml_error_memory(err);
    }
    return 0;
}

int sandbox_server_run(struct sandbox_server *server, bool with_signals, struct azml_error *err)
{
    (void)signal(SIGPIPE, SIG_IGN);
    if (with_signals && catch_signals(server, err) < 0)
        return -1;
    if (event_base_dispatch(server->loop) < 0)
        return azml_error_set(err, AZML_ERROR_FAILED, _("the sandbox's event loop failed"));
    return 0;
}

static void free_event(struct event *event)
{
    if (event)
        event_free(event);
}

void sandbox_server_free(struct sandbox_server *server)
{
    if (!server)
        return;
    sandbox_wire_forget();
    for (size_t i = 0; i < AZML_COUNT(server->signals); i++)
        free_event(server->signals[i]);
    free_event(server->due);
    free_event(server->tick);
    sandbox_close(server->world);
    if (server->http)
        evhttp_free(server->http);
    if (server->loop)
        event_base_free(server->loop);
    SSL_CTX_free(server->tls);
    azml_secret_cleanup(&server->control);
    free(server);
}
