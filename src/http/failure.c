#include "base/auto.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "http/call.h"
#include "http/url.h"

/* libcurl's codes that another try will not change. */
static const CURLcode final_codes[] = {
    CURLE_UNSUPPORTED_PROTOCOL,  CURLE_URL_MALFORMAT,        CURLE_WRITE_ERROR,
    CURLE_OUT_OF_MEMORY,         CURLE_FILESIZE_EXCEEDED,    CURLE_PEER_FAILED_VERIFICATION,
    CURLE_SSL_CACERT_BADFILE,    CURLE_SSL_CERTPROBLEM,      CURLE_SSL_CIPHER,
    CURLE_SSL_ENGINE_NOTFOUND,   CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY,
    CURLE_BAD_FUNCTION_ARGUMENT,
};

static long proxy_status(const struct azml_http_call *call)
{
    long status = 0;
    curl_easy_getinfo(call->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return status;
}

bool azml_http_failure_is_transient(const struct azml_http_call *call, CURLcode code)
{
    if (call->trouble != AZML_HTTP_FINE || proxy_status(call) == 407)
        return false;
    for (size_t i = 0; i < AZML_COUNT(final_codes); i++) {
        if (code == final_codes[i])
            return false;
    }
    return true;
}

bool azml_http_failure_is_before_sending(const struct azml_http_call *call, CURLcode code)
{
    curl_off_t started = 0;
    curl_easy_getinfo(call->easy, CURLINFO_PRETRANSFER_TIME_T, &started);
    return started == 0 || code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
           code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_SSL_CONNECT_ERROR;
}

static void set_connection(const char *host, const struct azml_http_call *call, CURLcode code,
                           struct azml_error *err)
{
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        azml_error_set(err, AZML_ERROR_NETWORK, _("could not find the host %s"), host);
        break;
    case CURLE_COULDNT_RESOLVE_PROXY:
        azml_error_set(err, AZML_ERROR_NETWORK, _("could not find the proxy on the way to %s"),
                       host);
        break;
    case CURLE_COULDNT_CONNECT:
        azml_error_set(err, AZML_ERROR_NETWORK, _("could not connect to %s"), host);
        break;
    case CURLE_OPERATION_TIMEDOUT:
        if (azml_http_failure_is_before_sending(call, code))
            azml_error_set(err, AZML_ERROR_NETWORK, _("could not connect to %s in time"), host);
        else
            azml_error_set(err, AZML_ERROR_NETWORK, _("%s stopped answering"), host);
        break;
    default:
        azml_error_set(err, AZML_ERROR_NETWORK, _("the connection to %s broke"), host);
        break;
    }
}

static int set_trouble(const char *host, enum azml_http_trouble trouble, struct azml_error *err)
{
    switch (trouble) {
    case AZML_HTTP_FINE:
        break;
    case AZML_HTTP_BODY_TOO_LARGE:
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the reply of %s is larger than %lu MiB"),
                              host, AZML_LIMIT_REPLY / 1024 / 1024);
    case AZML_HTTP_HEADERS_TOO_LARGE:
        return azml_error_set(err, AZML_ERROR_PROTOCOL,
                              _("the headers of the reply of %s are larger than %lu KiB"), host,
                              AZML_LIMIT_HEADERS / 1024);
    case AZML_HTTP_NO_MEMORY:
        return azml_error_memory(err);
    }
    return -1;
}

static bool is_certificate(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_CERTPROBLEM;
}

static void set_sentence(const char *host, const struct azml_http_call *call, CURLcode code,
                         struct azml_error *err)
{
    if (is_certificate(code)) {
        azml_error_set(err, AZML_ERROR_TLS, _("%s could not prove that it is who it should be"),
                       host);
        azml_error_hint(err, "%s",
                        _("--ca-file FILE   (where the network or server has its own CA)"));
    } else if (proxy_status(call) == 407) {
        azml_error_set(err, AZML_ERROR_NETWORK, _("the proxy wants a name and password"));
        azml_error_hint(err, "%s", _("HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT"));
    } else if (code == CURLE_FILESIZE_EXCEEDED) {
        set_trouble(host, AZML_HTTP_BODY_TOO_LARGE, err);
    } else if (code == CURLE_OUT_OF_MEMORY && call->head_bytes > 0) {
        /* libcurl 7.88 says so of one header line beyond its own bound of 100 KiB */
        set_trouble(host, AZML_HTTP_HEADERS_TOO_LARGE, err);
    } else if (code == CURLE_OUT_OF_MEMORY) {
        azml_error_memory(err);
    } else if (azml_http_failure_is_transient(call, code)) {
        set_connection(host, call, code, err);
    } else {
        azml_error_set(err, AZML_ERROR_PROTOCOL, _("the reply of %s makes no sense"), host);
    }
}

int azml_http_failure(const struct azml_http_call *call, CURLcode code, struct azml_error *err)
{
    auto_free char *host = azml_url_host(call->request.url, err);
    if (!host)
        return -1;
    if (call->trouble != AZML_HTTP_FINE)
        return set_trouble(host, call->trouble, err);
    set_sentence(host, call, code, err);
    const char *detail = call->curl_error[0] ? call->curl_error : curl_easy_strerror(code);
    if (call->tries > 1)
        return azml_error_why(err, _("%s (tried %u times)"), detail, call->tries);
    return azml_error_why(err, "%s", detail);
}
