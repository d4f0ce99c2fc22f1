/* call.h - one request on its way through the loop: its copy, its tries, its result.
 *
 * Shared by http's own files only. client.c decides when a call is sent; call.c owns its memory,
 * transfer.c the libcurl handle of one try. */
#ifndef AZML_HTTP_CALL_H
#define AZML_HTTP_CALL_H

#include "azml/http.h"
#include "base/str.h"
#include "http/ca.h"

#include <curl/curl.h>

/* Why a transfer was broken off by ourselves. */
enum azml_http_trouble {
    AZML_HTTP_FINE,
    AZML_HTTP_BODY_TOO_LARGE,
    AZML_HTTP_HEADERS_TOO_LARGE,
    AZML_HTTP_NO_MEMORY,
};

struct azml_http_call {
    struct azml_http_call *next; /* in the list that it is in */

    /* what was asked */
    struct azml_http_request request; /* its pointers belong to the call */
    struct azml_secret bearer;
    char *texts[5]; /* method, url, content type, request id, body; owned */
    struct azml_http_header *headers;
    struct azml_http_retry retry;
    bool is_repeatable;
    azml_http_done_fn on_done;
    void *data;

    /* where it is */
    unsigned tries;
    int64_t due_ms; /* monotonic time before which it is not sent */
    bool is_finished;
    bool used_bundle; /* has been tried with the bundle */

    /* the try that is under way */
    CURL *easy;
    struct curl_slist *lines;
    char curl_error[CURL_ERROR_SIZE];
    struct azml_str head;
    struct azml_str body;
    size_t head_bytes;
    enum azml_http_trouble trouble;

    /* the result */
    struct azml_http_response response;
    struct azml_error error;
};

struct azml_http {
    struct azml_http_options options;
    char *ca_file;
    struct azml_http_ca ca;
    bool uses_bundle; /* the hashed folder has failed once */
    CURLM *multi;
    CURLSH *share;
    const struct azml_clock *clock;
    int64_t deadline_ms; /* monotonic; 0: none */
    size_t active;
    struct azml_http_call *waiting;  /* not sent yet, or to be sent again */
    struct azml_http_call *flying;   /* with libcurl */
    struct azml_http_call *finished; /* on_done not called yet */
};

/* A copy of `request` ready to be queued, or NULL with `err` set (AZML_ERROR_USAGE where a header
 * or the address can not be sent). */
struct azml_http_call *azml_http_call_new(const struct azml_http_request *request,
                                          const struct azml_http_retry *retry,
                                          struct azml_error *err);
void azml_http_call_free(struct azml_http_call *call);

/* Make the libcurl handle of the next try. 0, or -1 with `err` set. */
int azml_http_transfer_begin(struct azml_http *http, struct azml_http_call *call,
                             struct azml_error *err);

/* Take the answer out of the handle into call->response. 0, or -1 with `err` set. */
int azml_http_transfer_take(struct azml_http_call *call, struct azml_error *err);

/* Let the try's handle and buffers go. */
void azml_http_transfer_end(struct azml_http_call *call);

/* Say in `err` why a try without an answer ended. Always returns -1. */
int azml_http_failure(const struct azml_http_call *call, CURLcode code, struct azml_error *err);

/* Is another try worth it after that, and can the request have arrived? */
bool azml_http_failure_is_transient(const struct azml_http_call *call, CURLcode code);
bool azml_http_failure_is_before_sending(const struct azml_http_call *call, CURLcode code);

/* Show the request or the answer of a try on the trace, secrets redacted. */
void azml_http_trace_request(const struct azml_http *http, const struct azml_http_call *call);
void azml_http_trace_response(const struct azml_http *http, const struct azml_http_call *call);

#endif
