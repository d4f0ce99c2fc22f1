#include "sandbox/tls_client.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/platform.h"
#include "base/str.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 30000 /* the sandbox may be busy advancing its clock */

struct link {
    SSL_CTX *context;
    SSL *ssl;
    int fd;
};

static void close_link(struct link *link)
{
    SSL_free(link->ssl);
    SSL_CTX_free(link->context);
    if (link->fd >= 0)
        azml_platform_close(link->fd);
}

static int lost(struct azml_error *err)
{
    return azml_error_set(err, AZML_ERROR_NETWORK, _("the sandbox did not answer"));
}

/* Wait for what the last call needs: 0 to try again, -1 when there is nothing to wait for. */
static int wait_for(struct link *link, int result, int64_t end_ms)
{
    int why = SSL_get_error(link->ssl, result);
    int64_t left = end_ms - azml_platform_monotonic_ms();
    if ((why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) || left <= 0)
        return -1;
    return azml_platform_wait_socket(link->fd, why == SSL_ERROR_WANT_READ,
                                     why == SSL_ERROR_WANT_WRITE, (uint64_t)left) == 1
               ? 0
               : -1;
}

static int prepare(struct link *link, const char *ca_file, struct azml_error *err)
{
    link->context = SSL_CTX_new(TLS_client_method());
    if (!link->context || SSL_CTX_load_verify_file(link->context, ca_file) != 1)
        return azml_error_set(err, AZML_ERROR_TLS, _("the sandbox's CA %s cannot be read"),
                              ca_file);
    SSL_CTX_set_verify(link->context, SSL_VERIFY_PEER, NULL);
    link->ssl = SSL_new(link->context);
    bool ok = link->ssl && SSL_set_fd(link->ssl, link->fd) == 1 &&
              X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(link->ssl), "127.0.0.1") == 1;
    return ok ? 0 : azml_error_memory(err);
}

static int shake_hands(struct link *link, int64_t end_ms, struct azml_error *err)
{
    int result;
    while ((result = SSL_connect(link->ssl)) != 1) {
        if (wait_for(link, result, end_ms) == 0)
            continue;
        if (SSL_get_verify_result(link->ssl) != X509_V_OK)
            return azml_error_set(err, AZML_ERROR_TLS,
                                  _("what answers at the sandbox's address is not the sandbox"));
        return lost(err);
    }
    return 0;
}

static int write_all(struct link *link, const char *bytes, size_t length, int64_t end_ms,
                     struct azml_error *err)
{
    size_t done = 0;
    while (done < length) {
        size_t written = 0;
        int result = SSL_write_ex(link->ssl, bytes + done, length - done, &written);
        if (result != 1 && wait_for(link, result, end_ms) < 0)
            return lost(err);
        done += written;
    }
    return 0;
}

/* Is the whole answer there? Its Content-Length says so; without one only the end of the stream. */
static bool is_whole(const char *text, size_t length)
{
    const char *body = strstr(text, "\r\n\r\n");
    const char *announced = body ? azml_find_nocase(text, "\r\ncontent-length:") : NULL;
    if (!announced || announced > body)
        return false;
    return length - (size_t)(body + 4 - text) >=
           strtoul(announced + strlen("\r\ncontent-length:"), NULL, 10);
}

static int read_all(struct link *link, struct azml_str *text, int64_t end_ms,
                    struct azml_error *err)
{
    for (;;) {
        char part[16384];
        size_t length = 0;
        int result = SSL_read_ex(link->ssl, part, sizeof(part), &length);
        azml_str_add_bytes(text, part, length);
        if (is_whole(azml_str_text(text), text->length))
            return 0;
        if (result == 1)
            continue;
        if (wait_for(link, result, end_ms) == 0)
            continue;
        return text->length > 0 && !text->failed ? 0 : lost(err); /* it hung up: all is there */
    }
}

static cJSON *parse_answer(const char *text, int *status_out, struct azml_error *err)
{
    const char *body = strstr(text, "\r\n\r\n");
    char digits[4] = "";
    if (azml_has_prefix(text, "HTTP/1.1 ") && strlen(text) > 12)
        memcpy(digits, text + 9, 3);
    uint32_t status;
    if (!body || azml_number_parse_u32(digits, 100, 599, &status, err) < 0) {
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("the sandbox's answer makes no sense"));
        return NULL;
    }
    cJSON *json = azml_json_parse(body + 4, strlen(body + 4), err);
    if (json)
        *status_out = (int)status;
    return json;
}

static int exchange(struct link *link, const struct sandbox_tls_post *post, struct azml_str *text,
                    struct azml_error *err)
{
    int64_t end_ms = azml_platform_monotonic_ms() + TIMEOUT_MS;
    auto_secret struct azml_secret keeper = {0};
    char *request = azml_format(err,
                                "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                                "Content-Type: application/json\r\n%s: %s\r\n"
                                "Content-Length: %zu\r\n\r\n%s",
                                post->path, post->header, azml_secret_reveal(post->secret),
                                strlen(post->body), post->body);
    if (!request)
        return -1;
    azml_secret_adopt(&keeper, request, strlen(request));
    if (prepare(link, post->ca_file, err) < 0 || shake_hands(link, end_ms, err) < 0 ||
        write_all(link, request, keeper.length, end_ms, err) < 0)
        return -1;
    return read_all(link, text, end_ms, err);
}

cJSON *sandbox_tls_post(const struct sandbox_tls_post *post, int *status_out,
                        struct azml_error *err)
{
    const char *colon = post->endpoint ? strrchr(post->endpoint, ':') : NULL;
    uint32_t port;
    if (!colon || !post->ca_file || azml_number_parse_u32(colon + 1, 1, 65535, &port, NULL) < 0) {
        azml_error_set(err, AZML_ERROR_IO, _("the sandbox's connection file makes no sense"));
        return NULL;
    }
    struct link link = {.fd = azml_platform_connect("127.0.0.1", (uint16_t)port, 5000, err)};
    if (link.fd < 0)
        return NULL;
    auto_str struct azml_str text = {.limit = AZML_LIMIT_REPLY};
    int result = exchange(&link, post, &text, err);
    close_link(&link);
    ERR_clear_error();
    return result == 0 ? parse_answer(azml_str_text(&text), status_out, err) : NULL;
}
