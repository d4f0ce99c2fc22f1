/* retry.h - whether to send a request again, and how long to wait first.
 *
 * A decision, not a loop: nothing here sleeps, reads a clock or touches the network, so a test can
 * ask about the fifth try without living through four. client.c owns the loop. */
#ifndef AZML_HTTP_RETRY_H
#define AZML_HTTP_RETRY_H

#include "azml/http.h"

#include <stdbool.h>
#include <stdint.h>

extern const struct azml_http_retry azml_http_retry_default;

/* `policy` with the default in every key that is 0; `policy` may be NULL. */
struct azml_http_retry azml_http_retry_fill(const struct azml_http_retry *policy);

/* How one try ended. */
struct azml_http_attempt {
    unsigned number;         /* 1 for the first */
    int status;              /* 0: no answer */
    bool never_connected;    /* no answer, and not a byte of the request can have arrived */
    bool is_repeatable;      /* it does no harm when processed twice */
    bool has_retry_after;    /* the service said how long to wait */
    uint64_t retry_after_ms; /* then */
    uint32_t chance;         /* any number, for the jitter */
};

enum azml_http_verdict {
    AZML_HTTP_STOP,  /* take what came as the result */
    AZML_HTTP_AGAIN, /* once more, after the wait */
    AZML_HTTP_LATER, /* the service wants a longer wait than the policy's patience */
};

/* The wait is the service's own wish exactly, or doubles from base_ms to cap_ms with 50 to 100 % of
 * that taken. `wait_ms_out` is set with AZML_HTTP_AGAIN and AZML_HTTP_LATER. */
enum azml_http_verdict azml_http_retry_decide(const struct azml_http_retry *policy,
                                              const struct azml_http_attempt *attempt,
                                              uint64_t *wait_ms_out);

/* May a request of this method be repeated, given what the caller knows of it? */
bool azml_http_is_repeatable(const char *method, enum azml_http_repeat repeat);

#endif
