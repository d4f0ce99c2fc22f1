#include "azml/http.h"

#include "base/auto.h"
#include "base/number.h"
#include "base/str.h"
#include "base/timefmt.h"

#include <string.h>

const char *azml_http_response_header(const struct azml_http_response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++) {
        if (azml_same_text(response->headers[i].name, name))
            return response->headers[i].value;
    }
    return NULL;
}

void azml_http_response_cleanup(struct azml_http_response *response)
{
    if (!response)
        return;
    if (response->body)
        azml_wipe(response->body, response->body_length); /* may be a token or a key */
    free(response->url);
    free(response->body);
    free(response->headers);
    free(response->header_text);
    free(response->client_request_id);
    *response = (struct azml_http_response){0};
}

/* Whole seconds or milliseconds; a wish beyond all reason is cut to a century. */
static bool parse_wish(const char *text, uint64_t unit_ms, uint64_t *wait_ms_out)
{
    int64_t number;
    if (azml_number_parse_i64(text, 0, INT64_C(3153600000000), &number, NULL) < 0)
        return false;
    *wait_ms_out = (uint64_t)number * unit_ms;
    return true;
}

bool azml_http_retry_after(const struct azml_http_response *response, int64_t wall_ms,
                           uint64_t *wait_ms_out)
{
    static const struct {
        const char *name;
        uint64_t unit_ms;
    } headers[] = {
        {"retry-after-ms",      1   },
        {"x-ms-retry-after-ms", 1   },
        {"retry-after",         1000}
    };
    for (size_t i = 0; i < AZML_COUNT(headers); i++) {
        const char *text = azml_http_response_header(response, headers[i].name);
        if (text && parse_wish(text, headers[i].unit_ms, wait_ms_out))
            return true;
    }
    const char *text = azml_http_response_header(response, "retry-after");
    int64_t when_ms;
    if (!text || azml_time_parse_http(text, &when_ms) < 0)
        return false;
    *wait_ms_out = when_ms > wall_ms ? (uint64_t)(when_ms - wall_ms) : 0;
    return true;
}
