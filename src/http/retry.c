#include "http/retry.h"

#include "base/auto.h"

#include <string.h>

const struct azml_http_retry azml_http_retry_default = {
    .max_tries = 5,
    .base_ms = 500,
    .cap_ms = 30000,
    .patience_ms = 300000,
};

struct azml_http_retry azml_http_retry_fill(const struct azml_http_retry *policy)
{
    struct azml_http_retry filled = policy ? *policy : azml_http_retry_default;
    if (filled.max_tries == 0)
        filled.max_tries = azml_http_retry_default.max_tries;
    if (filled.base_ms == 0)
        filled.base_ms = azml_http_retry_default.base_ms;
    if (filled.cap_ms == 0)
        filled.cap_ms = azml_http_retry_default.cap_ms;
    if (filled.patience_ms == 0)
        filled.patience_ms = azml_http_retry_default.patience_ms;
    return filled;
}

static bool is_transient(const struct azml_http_attempt *attempt)
{
    static const int statuses[] = {0, 408, 429, 500, 502, 503, 504};
    for (size_t i = 0; i < AZML_COUNT(statuses); i++) {
        if (attempt->status == statuses[i])
            return true;
    }
    return attempt->status >= 400 && attempt->has_retry_after;
}

/* Can it be ruled out that the service has done what was asked? */
static bool is_unprocessed(const struct azml_http_attempt *attempt)
{
    if (attempt->status == 0)
        return attempt->never_connected;
    return attempt->status == 429 || (attempt->status == 503 && attempt->has_retry_after);
}

static uint64_t backoff_ms(const struct azml_http_retry *policy,
                           const struct azml_http_attempt *attempt)
{
    uint64_t wait = policy->base_ms;
    for (unsigned i = 1; i < attempt->number && wait < policy->cap_ms; i++)
        wait *= 2;
    if (wait > policy->cap_ms)
        wait = policy->cap_ms;
    return wait / 2 + wait * attempt->chance / UINT32_MAX / 2;
}

enum azml_http_verdict azml_http_retry_decide(const struct azml_http_retry *policy,
                                              const struct azml_http_attempt *attempt,
                                              uint64_t *wait_ms_out)
{
    if (!is_transient(attempt))
        return AZML_HTTP_STOP;
    if (!attempt->is_repeatable && !is_unprocessed(attempt))
        return AZML_HTTP_STOP;
    if (attempt->has_retry_after && attempt->retry_after_ms > policy->patience_ms) {
        *wait_ms_out = attempt->retry_after_ms;
        return AZML_HTTP_LATER;
    }
    if (attempt->number >= policy->max_tries)
        return AZML_HTTP_STOP;

    *wait_ms_out = attempt->has_retry_after ? attempt->retry_after_ms : backoff_ms(policy, attempt);
    return AZML_HTTP_AGAIN;
}

bool azml_http_is_repeatable(const char *method, enum azml_http_repeat repeat)
{
    static const char *const methods[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
    if (repeat != AZML_HTTP_REPEAT_BY_METHOD)
        return repeat == AZML_HTTP_REPEAT_SAFE;
    for (size_t i = 0; i < AZML_COUNT(methods); i++) {
        if (strcmp(method, methods[i]) == 0)
            return true;
    }
    return false;
}
