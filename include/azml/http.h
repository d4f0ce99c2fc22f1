/* http.h - HTTP requests over one libcurl multi loop: many at once, each with its own delay,
 * repeated where that is safe, bounded in time and size.
 *
 * It knows nothing of Azure but the habits of its front door (Retry-After in three spellings,
 * request ids). It prints nothing: retries and the wire go to callbacks. TLS 1.2 or newer, with the
 * other side's certificate always checked; redirects are never followed. */
#ifndef AZML_HTTP_H
#define AZML_HTTP_H

#include "azml/clock.h"
#include "azml/error.h"
#include "azml/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How often to try and how long to wait between; keys left 0 take the default. */
struct azml_http_retry {
    uint32_t max_tries;   /* counting the first; default 5 */
    uint32_t base_ms;     /* wait before the second try, doubled for each one after; 500 */
    uint32_t cap_ms;      /* longest wait of our own choosing; 30000 */
    uint32_t patience_ms; /* longest Retry-After that is obeyed; 300000 */
};

/* Says one line about a decision ("503 from …: again in 2.0 s, try 2 of 5") or about the wire. */
typedef void (*azml_http_say_fn)(void *data, const char *line);

struct azml_http_options {
    const char *ca_file;    /* further CAs to trust (PEM); NULL: AZML_CA_FILE */
    bool only_ca_file;      /* trust nothing else; for servers with a CA of their own */
    uint32_t connect_ms;    /* until the connection stands, TLS included; default 10000 */
    uint32_t idle_ms;       /* no byte for so long ends a try; default 60000 */
    uint32_t max_in_flight; /* 1 to 64; default 16 */
    bool proxy_loopback;    /* use the environment's proxy for loopback addresses too */
    struct azml_http_retry retry;
    const struct azml_clock *clock; /* NULL: the machine's */
    azml_http_say_fn notice;        /* retries and waits, for --verbose; may be NULL */
    azml_http_say_fn trace;         /* the wire with secrets redacted, for --debug; may be NULL */
    void *data;                     /* for notice and trace */
};

struct azml_http; /* one loop with its connections */

/* NULL with `err` set when memory runs out or an option makes no sense. `options` may be NULL. CAs
 * come from SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE where one is set
 * (instead of the system's), proxies from HTTPS_PROXY, http_proxy and NO_PROXY. */
struct azml_http *azml_http_new(const struct azml_http_options *options, struct azml_error *err);

/* End what still runs (its callbacks are not called) and free all. NULL is fine. */
void azml_http_free(struct azml_http *http);

/* Everything must be over `ms` from now: calls that are not end with AZML_ERROR_TIMEOUT. 0 takes
 * the deadline away. */
void azml_http_set_deadline(struct azml_http *http, uint64_t ms);

/* Milliseconds until the deadline (0 when it has passed), UINT64_MAX without one. */
uint64_t azml_http_time_left(const struct azml_http *http);

/* The clock that it runs by. */
const struct azml_clock *azml_http_clock(const struct azml_http *http);

/* Change how much is said; NULL for silence. */
void azml_http_set_say(struct azml_http *http, azml_http_say_fn notice, azml_http_say_fn trace,
                       void *data);

struct azml_http_header {
    const char *name;
    const char *value;
    bool secret; /* keep the value out of traces */
};

/* May a request that perhaps reached the service be sent again? */
enum azml_http_repeat {
    AZML_HTTP_REPEAT_BY_METHOD, /* GET, HEAD, PUT, DELETE, OPTIONS yes; POST, PATCH no */
    AZML_HTTP_REPEAT_SAFE,      /* a POST or PATCH that does no harm twice */
    AZML_HTTP_REPEAT_NEVER,     /* only where nothing can have been processed */
};

/* What is left out has the sensible default. All of it is copied when the request is submitted. */
struct azml_http_request {
    const char *method; /* NULL: GET */
    const char *url;    /* https://…, or http://… for loopback only */
    const struct azml_http_header *headers;
    size_t header_count;
    const void *body; /* NULL: none; an empty POST, PUT or PATCH says Content-Length: 0 */
    size_t body_length;
    const char *content_type;            /* of the body; NULL: application/json; charset=utf-8 */
    const struct azml_secret *bearer;    /* sent as Authorization; NULL: none */
    const char *client_request_id;       /* NULL: a fresh one, the same for every try */
    const struct azml_http_retry *retry; /* NULL: the client's */
    enum azml_http_repeat repeat;
    bool private_bodies; /* neither body may appear in a trace (passwords, keys, tokens) */
};

/* An answer, whatever its status. It owns its texts. */
struct azml_http_response {
    int status;
    char *url;                        /* that was asked */
    char *body;                       /* followed by a NUL; "" when empty */
    size_t body_length;               /* after decompression, at most 64 MiB */
    struct azml_http_header *headers; /* as they came, in order; at most 256 KiB */
    size_t header_count;
    char *header_text;        /* what their names and values point into */
    char *client_request_id;  /* that was sent */
    unsigned tries;           /* how often it was sent */
    uint64_t refused_wait_ms; /* the service asked for a longer wait than we obey; else 0 */
    int64_t received_ms;      /* monotonic time of arrival */
};

/* The value of the first header of that name (without regard to case), lent, or NULL. */
const char *azml_http_response_header(const struct azml_http_response *response, const char *name);

/* Free the texts and make it empty again. NULL is fine. */
void azml_http_response_cleanup(struct azml_http_response *response);

/* Wait that an answer's headers ask for: retry-after-ms, x-ms-retry-after-ms, or Retry-After in
 * seconds or as a date (RFC 9110, section 10.2.3) as seen from `wall_ms`. False where none does. */
bool azml_http_retry_after(const struct azml_http_response *response, int64_t wall_ms,
                           uint64_t *wait_ms_out);

/* How one call ended: `response` (lent; its fields may be taken with the memory left behind zeroed)
 * or, where there was no answer, NULL and `error` (lent). It may submit further calls. */
typedef void (*azml_http_done_fn)(void *data, struct azml_http_response *response,
                                  struct azml_error *error);

/* Put a call in the queue, to be sent `delay_ms` from now; `on_done` is called by azml_http_run.
 * Returns 0, or -1 with `err` set (on_done is then never called). */
int azml_http_submit(struct azml_http *http, const struct azml_http_request *request,
                     uint64_t delay_ms, azml_http_done_fn on_done, void *data,
                     struct azml_error *err);

/* Work until nothing is left, calling on_done as answers come. Ctrl-C ends every call with
 * AZML_ERROR_INTERRUPTED. Returns 0, or -1 with `err` set when the loop itself could not go on or
 * was interrupted (each call has then been told, too). */
int azml_http_run(struct azml_http *http, struct azml_error *err);

/* Send one and wait for its answer, whatever its status. May be used from within an on_done: other
 * calls make progress meanwhile, but their on_done wait for azml_http_run. */
int azml_http_send(struct azml_http *http, const struct azml_http_request *request,
                   struct azml_http_response *response_out, struct azml_error *err);

/* How each of several ended: error.code is AZML_ERROR_NONE where there is a response. */
struct azml_http_result {
    struct azml_http_response response;
    struct azml_error error;
};

/* Send many at once; `results_out` has room for `count`, each to be cleaned up by the caller.
 * Returns 0 when every call ended (well or badly), -1 with `err` set when interrupted. */
int azml_http_send_all(struct azml_http *http, const struct azml_http_request *requests,
                       size_t count, struct azml_http_result *results_out, struct azml_error *err);

#endif
