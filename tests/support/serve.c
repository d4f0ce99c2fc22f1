#include "support/serve.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_SEEN = 4096, MOST_CONNECTIONS = 512, ROOM = 1 << 20 };

struct serve {
    const struct serve *other;
    int listener;
    char base[64];
    char ca_file[64];
    SSL_CTX *tls;
    pthread_t thread;
    pthread_mutex_t lock;
    const struct serve_row *rows;
    int used[256];
    struct serve_seen *seen[MOST_SEEN];
    size_t seen_count;
    int fds[MOST_CONNECTIONS];
    pthread_t threads[MOST_CONNECTIONS];
    size_t connection_count;
    bool is_stopping;
};

struct connection {
    struct serve *serve;
    int fd;
    SSL *ssl;
    char *in;
    size_t length;
};

static void must(bool condition, const char *what)
{
    if (condition)
        return;
    (void)fprintf(stderr, "serve: %s failed\n", what);
    abort();
}

/* --- certificates --- */

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test CA", -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    const struct {
        int nid;
        const char *value;
    } extensions[] = {
        {NID_basic_constraints, "critical,CA:TRUE"                 },
        {NID_subject_alt_name,  "IP:127.0.0.1,IP:::1,DNS:localhost"},
    };
    for (size_t i = 0; i < 2; i++) {
        X509_EXTENSION *extension =
            X509V3_EXT_conf_nid(NULL, &context, extensions[i].nid, extensions[i].value);
        must(extension != NULL, "extension");
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    must(X509_sign(certificate, key, EVP_sha256()) > 0, "signing");
    return certificate;
}

static void open_tls(struct serve *serve)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    must(key != NULL, "key");
    X509 *certificate = make_certificate(key);
    serve->tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(serve->tls, certificate);
    SSL_CTX_use_PrivateKey(serve->tls, key);
    (void)snprintf(serve->ca_file, sizeof(serve->ca_file), "/tmp/azml-test-ca-XXXXXX");
    int fd = mkstemp(serve->ca_file);
    must(fd >= 0, "mkstemp");
    FILE *file = fdopen(fd, "w");
    PEM_write_X509(file, certificate);
    (void)fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* --- bytes --- */

static bool send_all(struct connection *c, const char *bytes, size_t length)
{
    while (length) {
        ssize_t sent = c->ssl ? SSL_write(c->ssl, bytes, (int)length)
                              : send(c->fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool send_text(struct connection *c, const char *text)
{
    return send_all(c, text, strlen(text));
}

static bool receive(struct connection *c)
{
    if (c->length + 1 >= ROOM)
        return false;
    size_t room = ROOM - c->length - 1;
    ssize_t got = c->ssl ? SSL_read(c->ssl, c->in + c->length, (int)room)
                         : recv(c->fd, c->in + c->length, room, 0);
    if (got <= 0)
        return false;
    c->length += (size_t)got;
    c->in[c->length] = '\0';
    return true;
}

static void header_value(const char *head, const char *name, char *out, size_t room)
{
    out[0] = '\0';
    for (const char *at = head; at && *at; at = strstr(at, "\r\n"), at = at ? at + 2 : NULL) {
        size_t length = strlen(name);
        if (strncasecmp(at, name, length) != 0 || at[length] != ':')
            continue;
        const char *value = at + length + 1 + strspn(at + length + 1, " ");
        (void)snprintf(out, room, "%.*s", (int)strcspn(value, "\r\n"), value);
        return;
    }
}

/* --- answering --- */

static const struct serve_row *pick(struct serve *serve, const char *line)
{
    static const struct serve_row nothing = {
        .status = 404,
        .headers = "Content-Type: application/json\r\nx-ms-request-id: req-404\r\n",
        .body = "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"nothing here\"}}"};
    for (size_t i = 0; serve->rows[i].match; i++) {
        const struct serve_row *row = &serve->rows[i];
        if (strncmp(line, row->match, strlen(row->match)) != 0)
            continue;
        if (row->times && serve->used[i] >= row->times)
            continue;
        serve->used[i]++;
        return row;
    }
    return &nothing;
}

/* `text` with $BASE and $OTHER filled in. */
static char *fill(const struct serve *serve, const char *text)
{
    char *out = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&out, &length);
    for (const char *at = text ? text : ""; *at; at++) {
        if (strncmp(at, "$BASE", 5) == 0) {
            (void)fputs(serve->base, stream);
            at += 4;
        } else if (strncmp(at, "$OTHER", 6) == 0) {
            (void)fputs(serve->other ? serve->other->base : "", stream);
            at += 5;
        } else {
            (void)fputc(*at, stream);
        }
    }
    (void)fclose(stream);
    return out;
}

static void flood(struct connection *c, enum serve_trick trick)
{
    static char piece[65536];
    memset(piece, 'x', sizeof(piece));
    if (trick == SERVE_ENDLESS_BODY) {
        send_text(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (send_text(c, "10000\r\n") && send_all(c, piece, sizeof(piece)) &&
               send_text(c, "\r\n"))
            continue;
        return;
    }
    send_text(c, "HTTP/1.1 200 OK\r\n");
    if (trick == SERVE_LONG_HEADER) {
        send_text(c, "X-Long: ");
        for (int i = 0; i < 5; i++)
            send_all(c, piece, sizeof(piece));
        send_text(c, "\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    while (send_text(c, "X-Filler: ") && send_all(c, piece, 1000) && send_text(c, "\r\n"))
        continue;
}

static void reset(struct connection *c)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

/* True where the connection may go on. */
static bool answer(struct connection *c, const struct serve_row *row, bool is_head)
{
    if (row->trick == SERVE_RESET) {
        reset(c);
        return false;
    }
    if (row->trick == SERVE_SILENCE) {
        while (receive(c))
            continue;
        return false;
    }
    if (row->trick != SERVE_NORMALLY && row->trick != SERVE_CUT) {
        flood(c, row->trick);
        return false;
    }
    char *headers = fill(c->serve, row->headers);
    char *body = fill(c->serve, row->body);
    size_t announced = strlen(body) + (row->trick == SERVE_CUT ? 100 : 0);
    char head[64];
    (void)snprintf(head, sizeof(head), "HTTP/1.1 %d X\r\n", row->status);
    bool fine = send_text(c, head) && send_text(c, headers);
    if (row->status != 204) {
        (void)snprintf(head, sizeof(head), "Content-Length: %zu\r\n", announced);
        fine = fine && send_text(c, head);
    }
    fine = fine && send_text(c, "\r\n") && (is_head || send_text(c, body));
    free(headers);
    free(body);
    return fine && row->trick == SERVE_NORMALLY;
}

static struct serve_seen *remember(struct serve *serve, const char *in, size_t head_length,
                                   size_t body_length)
{
    struct serve_seen *seen = calloc(1, sizeof(*seen));
    must(seen != NULL && serve->seen_count < MOST_SEEN, "remembering");
    (void)snprintf(seen->line, sizeof(seen->line), "%.*s", (int)strcspn(in, "\r\n"), in);
    char *version = strstr(seen->line, " HTTP/");
    if (version)
        *version = '\0';
    seen->head = strndup(in, head_length);
    seen->body = strndup(in + head_length, body_length);
    header_value(seen->head, "Authorization", seen->authorization, sizeof(seen->authorization));
    serve->seen[serve->seen_count++] = seen;
    return seen;
}

/* Read one request and answer it. False at the end of the connection. */
static bool serve_one(struct connection *c)
{
    char *end = NULL;
    while (!(end = strstr(c->in, "\r\n\r\n"))) {
        if (!receive(c))
            return false;
    }
    size_t head_length = (size_t)(end - c->in) + 4;
    char text[32];
    header_value(c->in, "Content-Length", text, sizeof(text));
    size_t body_length = (size_t)strtoul(text, NULL, 10);

    (void)pthread_mutex_lock(&c->serve->lock);
    const struct serve_row *row = pick(c->serve, c->in);
    (void)pthread_mutex_unlock(&c->serve->lock);
    while (row->trick != SERVE_RESET && c->length < head_length + body_length) {
        if (!receive(c))
            return false;
    }
    size_t here = c->length < head_length + body_length ? c->length - head_length : body_length;
    (void)pthread_mutex_lock(&c->serve->lock);
    struct serve_seen *seen = remember(c->serve, c->in, head_length, here);
    (void)pthread_mutex_unlock(&c->serve->lock);
    bool goes_on = answer(c, row, strncmp(seen->line, "HEAD ", 5) == 0);
    size_t used = head_length + here;
    memmove(c->in, c->in + used, c->length - used + 1);
    c->length -= used;
    return goes_on;
}

static void *run_connection(void *data)
{
    struct connection *c = data;
    if (c->serve->tls) {
        c->ssl = SSL_new(c->serve->tls);
        SSL_set_fd(c->ssl, c->fd);
    }
    if (!c->ssl || SSL_accept(c->ssl) == 1) {
        while (serve_one(c))
            continue;
    }
    if (c->ssl)
        SSL_free(c->ssl);
    (void)pthread_mutex_lock(&c->serve->lock);
    for (size_t i = 0; i < c->serve->connection_count; i++)
        if (c->serve->fds[i] == c->fd)
            c->serve->fds[i] = -1;
    (void)close(c->fd);
    (void)pthread_mutex_unlock(&c->serve->lock);
    free(c->in);
    free(c);
    return NULL;
}

static void *run_listener(void *data)
{
    struct serve *serve = data;
    for (;;) {
        int fd = accept(serve->listener, NULL, NULL);
        (void)pthread_mutex_lock(&serve->lock);
        if (fd < 0 || serve->is_stopping || serve->connection_count == MOST_CONNECTIONS) {
            (void)pthread_mutex_unlock(&serve->lock);
            if (fd >= 0)
                (void)close(fd);
            return NULL;
        }
        int one = 1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        struct connection *c = calloc(1, sizeof(*c));
        must(c != NULL, "connection");
        *c = (struct connection){.serve = serve, .fd = fd, .in = calloc(1, ROOM)};
        size_t at = serve->connection_count++;
        serve->fds[at] = fd;
        must(pthread_create(&serve->threads[at], NULL, run_connection, c) == 0, "thread");
        (void)pthread_mutex_unlock(&serve->lock);
    }
}

/* --- the door --- */

struct serve *serve_start(const struct serve_row *rows, bool with_tls, const struct serve *other)
{
    (void)signal(SIGPIPE, SIG_IGN);
    struct serve *serve = calloc(1, sizeof(*serve));
    must(serve != NULL, "memory");
    serve->rows = rows;
    serve->other = other;
    (void)pthread_mutex_init(&serve->lock, NULL);
    if (with_tls)
        open_tls(serve);
    serve->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    must(bind(serve->listener, (struct sockaddr *)&address, length) == 0, "bind");
    must(listen(serve->listener, 64) == 0, "listen");
    must(getsockname(serve->listener, (struct sockaddr *)&address, &length) == 0, "getsockname");
    (void)snprintf(serve->base, sizeof(serve->base), "%s://127.0.0.1:%u",
                   with_tls ? "https" : "http", (unsigned)ntohs(address.sin_port));
    must(pthread_create(&serve->thread, NULL, run_listener, serve) == 0, "thread");
    return serve;
}

void serve_script(struct serve *serve, const struct serve_row *rows)
{
    (void)pthread_mutex_lock(&serve->lock);
    serve->rows = rows;
    memset(serve->used, 0, sizeof(serve->used));
    (void)pthread_mutex_unlock(&serve->lock);
}

void serve_stop(struct serve *serve)
{
    if (!serve)
        return;
    (void)pthread_mutex_lock(&serve->lock);
    serve->is_stopping = true;
    (void)shutdown(serve->listener, SHUT_RDWR);
    for (size_t i = 0; i < serve->connection_count; i++)
        if (serve->fds[i] >= 0)
            (void)shutdown(serve->fds[i], SHUT_RDWR);
    (void)pthread_mutex_unlock(&serve->lock);
    (void)pthread_join(serve->thread, NULL);
    for (size_t i = 0; i < serve->connection_count; i++)
        (void)pthread_join(serve->threads[i], NULL);
    (void)close(serve->listener);
    for (size_t i = 0; i < serve->seen_count; i++) {
        free(serve->seen[i]->head);
        free(serve->seen[i]->body);
        free(serve->seen[i]);
    }
    if (serve->tls)
        (void)unlink(serve->ca_file);
    SSL_CTX_free(serve->tls);
    (void)pthread_mutex_destroy(&serve->lock);
    free(serve);
}

const char *serve_base(const struct serve *serve)
{
    return serve->base;
}

const char *serve_ca_file(const struct serve *serve)
{
    return serve->ca_file;
}

const struct serve_seen *serve_seen(struct serve *serve, const char *match, size_t nth)
{
    const struct serve_seen *found = NULL;
    (void)pthread_mutex_lock(&serve->lock);
    for (size_t i = 0; i < serve->seen_count && !found; i++) {
        if (strncmp(serve->seen[i]->line, match, strlen(match)) == 0 && nth-- == 0)
            found = serve->seen[i];
    }
    (void)pthread_mutex_unlock(&serve->lock);
    return found;
}

size_t serve_count(struct serve *serve, const char *match)
{
    size_t count = 0;
    while (serve_seen(serve, match, count))
        count++;
    return count;
}

size_t serve_connections(struct serve *serve)
{
    (void)pthread_mutex_lock(&serve->lock);
    size_t count = serve->connection_count;
    (void)pthread_mutex_unlock(&serve->lock);
    return count;
}
