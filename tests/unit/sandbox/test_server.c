#include "sandbox/server.h"

#include "unit/test.h"

#include "https.h"

#include "sandbox/control.h"

#define SUB     "/subscriptions/{S}"
#define GROUP   SUB "/resourceGroups/lab?api-version=2025-04-01"
#define ACCOUNT SUB "/resourceGroups/lab/providers/Microsoft.Storage/storageAccounts/a" TOY_VERSION

static void make_group(struct https *https)
{
    auto_answer struct answer made = {0};
    https_send(https, "PUT", GROUP, NULL, "{\"location\":\"westeurope\"}", &made);
    assert_int_equal(made.status, 201);
}

/* Tell the server as the person's commands do. */
static void control(struct https *https, const char *body)
{
    auto_secret struct azml_secret secret = {0};
    assert_int_equal(sandbox_control_secret(https->folder, false, &secret, NULL), 0);
    auto_free char *header =
        azml_format(NULL, "%s: %s", SANDBOX_CONTROL_HEADER, azml_secret_reveal(&secret));
    auto_answer struct answer done = {0};
    https_send(https, "POST", SANDBOX_CONTROL_PATH, header, body, &done);
    if (done.status != 200)
        fail_msg("%ld %s", done.status, azml_str_text(&done.body));
}

static void who_does_not_know_the_ca_is_not_fooled(void **state)
{
    struct https *https = *state;
    snprintf(https->ca, sizeof(https->ca), "/etc/ssl/certs/ca-certificates.crt");
    auto_answer struct answer answer = {0};
    https_send(https, "GET", "/metadata/endpoints?api-version=2015-01-01", NULL, NULL, &answer);
    assert_int_not_equal(answer.result, CURLE_OK);
    assert_int_equal(answer.status, 0);
}

static void the_certificate_is_for_every_name_of_the_loopback(void **state)
{
    struct https *https = *state;
    static const char *const hosts[] = {"127.0.0.1", "localhost"};
    for (size_t i = 0; i < AZML_COUNT(hosts); i++) {
        snprintf(https->endpoint, sizeof(https->endpoint), "https://%s:%u", hosts[i],
                 (unsigned)https->facts.port);
        auto_answer struct answer answer = {0};
        https_send(https, "GET", "/metadata/endpoints?api-version=2015-01-01", NULL, NULL, &answer);
        if (answer.status != 200)
            fail_msg("%s: %s", hosts[i], curl_easy_strerror(answer.result));
    }
}

static void requests_share_a_connection(void **state)
{
    struct https *https = *state;
    make_group(https);
    for (int i = 0; i < 3; i++) {
        auto_answer struct answer answer = {0};
        https_send(https, "GET", ACCOUNT, NULL, NULL, &answer);
        assert_int_equal(answer.status, 404);
        assert_int_equal(answer.connects, 0);
    }
}

static void answers_carry_the_headers_of_the_service(void **state)
{
    struct https *https = *state;
    auto_answer struct answer answer = {0};
    https_send(https, "PUT", GROUP, "x-ms-return-client-request-id: true", "{\"a\":1}", &answer);
    static const char *const lines[] = {
        "HTTP/1.1 201",
        "x-ms-request-id: ",
        "x-ms-correlation-request-id: ",
        "x-ms-routing-request-id: SANDBOX:",
        "Cache-Control: no-cache",
        "Expires: -1",
        "Date: ",
        "Content-Type: application/json; charset=utf-8",
        "x-ms-ratelimit-remaining-subscription-writes: 199",
        "x-ms-ratelimit-remaining-subscription-global-writes: 2999",
    };
    auto_free char *from_start = azml_format(NULL, "\n%s", azml_str_text(&answer.headers));
    azml_str_reset(&answer.headers);
    azml_str_add(&answer.headers, from_start);
    for (size_t i = 0; i < AZML_COUNT(lines); i++) {
        if (!answer_has(&answer, lines[i]))
            fail_msg("no '%s' in %s", lines[i], from_start);
    }
    auto_answer struct answer echoed = {0};
    https_send(https, "PUT", GROUP, "x-ms-client-request-id: 123", "{}", &echoed);
    assert_false(answer_has(&echoed, "x-ms-client-request-id"));
}

static void head_and_empty_answers_have_no_body(void **state)
{
    struct https *https = *state;
    make_group(https);
    auto_answer struct answer made = {0}, head = {0}, gone = {0}, after = {0};
    https_send(https, "PUT", ACCOUNT, NULL, "{}", &made);
    https_send(https, "HEAD", ACCOUNT, NULL, NULL, &head);
    assert_int_equal(head.status, 200);
    assert_int_equal(head.body.length, 0);
    https_send(https, "DELETE", ACCOUNT, NULL, NULL, &gone);
    assert_int_equal(gone.status, 204);
    https_send(https, "GET", ACCOUNT, NULL, NULL, &after);
    assert_int_equal(after.status, 404);
    assert_int_equal(after.connects, 0);
}

static void a_202_announces_that_it_is_empty(void **state)
{
    struct https *https = *state;
    make_group(https);
    auto_answer struct answer answer = {0};
    https_send(https, "PUT", ACCOUNT "&slow=toy.done", NULL, "{}", &answer);
    assert_int_equal(answer.status, 202);
    assert_true(answer_has(&answer, "Content-Length: 0"));
    assert_true(answer_has(&answer, "Azure-AsyncOperation: https://127.0.0.1:"));
    assert_true(answer_has(&answer, "Location: https://127.0.0.1:"));
}

static void what_is_too_large_is_refused_and_long_addresses_are_not(void **state)
{
    struct https *https = *state;
    auto_free char *huge = malloc(17UL * 1024 * 1024 + 1);
    memset(huge, ' ', 17UL * 1024 * 1024);
    huge[17UL * 1024 * 1024] = '\0';
    auto_answer struct answer refused = {0}, answer = {0};
    https_send(https, "PUT", GROUP, NULL, huge, &refused);
    assert_true(refused.status == 413 || refused.result != CURLE_OK);
    auto_str struct azml_str path = {0};
    azml_str_add(&path, "/toy/word?q=");
    for (int i = 0; i < 20000; i++)
        azml_str_add_char(&path, 'x');
    https_send(https, "GET", azml_str_text(&path), NULL, NULL, &answer);
    assert_int_equal(answer.status, 200);
}

static void a_body_that_is_no_json_is_refused(void **state)
{
    auto_answer struct answer answer = {0};
    https_send(*state, "PUT", GROUP, NULL, "{\"location\":", &answer);
    assert_int_equal(answer.status, 400);
    assert_string_equal(azml_json_text(answer.json, "error.code"), "InvalidRequestContent");
}

static void tokens_that_are_not_good_get_their_401(void **state)
{
    struct https *https = *state;
    auto_free char *broken = azml_strdup(https->token, NULL);
    broken[strlen(broken) - 20] ^= 1;
    auto_free char *forged = azml_format(NULL, "Authorization: Bearer %s", broken);
    const struct {
        const char *header, *code;
    } rows[] = {
        {"Authorization:",                 "AuthenticationFailed"             },
        {"Authorization: Basic abc",       "AuthenticationFailedInvalidHeader"},
        {"Authorization: Bearer nonsense", "InvalidAuthenticationToken"       },
        {"Authorization: Bearer a.b.c",    "InvalidAuthenticationToken"       },
        {forged,                           "InvalidAuthenticationToken"       },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_answer struct answer answer = {0};
        https_send(https, "GET", GROUP, rows[i].header, NULL, &answer);
        const char *code = azml_json_text(answer.json, "error.code");
        if (answer.status != 401 || !code || strcmp(code, rows[i].code) != 0)
            fail_msg("row %zu: %ld %s", i, answer.status, code ? code : "-");
        assert_true(answer_has(&answer, "WWW-Authenticate: Bearer authorization_uri=\"https://"));
    }
}

static void the_buckets_run_empty_and_say_when_to_come_back(void **state)
{
    struct https *https = *state;
    long status = 0;
    for (int i = 0; i < 5000 && status != 429; i++) {
        auto_answer struct answer answer = {0};
        https_send(https, "GET", GROUP, NULL, NULL, &answer);
        status = answer.status;
        if (status == 429) {
            assert_true(answer_has(&answer, "Retry-After: 1"));
            assert_string_equal(azml_json_text(answer.json, "error.code"),
                                "SubscriptionRequestsThrottled");
        }
    }
    assert_int_equal(status, 429);
}

/* --- faults --- */

static void a_status_comes_instead_of_the_answer_once(void **state)
{
    struct https *https = *state;
    control(https, "{\"do\":\"fault-add\",\"rule\":{\"kind\":\"status\",\"status\":503,"
                   "\"method\":\"PUT\",\"headers\":[\"Retry-After: 7\"],\"body\":\"<html>\"}}");
    auto_answer struct answer struck = {0};
    https_send(https, "PUT", GROUP, NULL, "{}", &struck);
    assert_int_equal(struck.status, 503);
    assert_true(answer_has(&struck, "Retry-After: 7"));
    assert_true(answer_has(&struck, "Content-Type: text/html"));
    assert_string_equal(azml_str_text(&struck.body), "<html>");
    auto_answer struct answer other = {0};
    https_send(https, "GET", ACCOUNT, NULL, NULL, &other);
    assert_int_equal(other.status, 404); /* the group is not there: it took no effect */
    assert_string_equal(azml_json_text(other.json, "error.code"), "ResourceGroupNotFound");
    make_group(https);
}

static void a_reset_comes_before_or_after_the_effect(void **state)
{
    struct https *https = *state;
    static const struct {
        const char *rule;
        const char *code;
    } rows[] = {
        {"{\"do\":\"fault-add\",\"rule\":{\"kind\":\"reset\",\"method\":\"PUT\"}}",
         "ResourceGroupNotFound"},
        {"{\"do\":\"fault-add\",\"rule\":{\"kind\":\"reset\",\"method\":\"PUT\",\"after\":true}}",
         "ResourceNotFound"     },
    };
    https->is_fresh = true;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        control(https, rows[i].rule);
        auto_answer struct answer reset = {0}, after = {0};
        https_send(https, "PUT", GROUP, NULL, "{}", &reset);
        assert_int_equal(reset.status, 0);
        assert_true(reset.result == CURLE_RECV_ERROR || reset.result == CURLE_GOT_NOTHING ||
                    reset.result == CURLE_SEND_ERROR);
        https_send(https, "GET", ACCOUNT, NULL, NULL, &after);
        assert_string_equal(azml_json_text(after.json, "error.code"), rows[i].code);
    }
}

static void a_cut_body_ends_before_its_length(void **state)
{
    struct https *https = *state;
    static const int lengths[] = {0, 1, 10};
    for (size_t i = 0; i < AZML_COUNT(lengths); i++) {
        auto_free char *rule =
            azml_format(NULL,
                        "{\"do\":\"fault-add\",\"rule\":{\"kind\":\"cut\",\"path\":\"metadata\","
                        "\"cutBytes\":%d}}",
                        lengths[i]);
        control(https, rule);
        auto_answer struct answer answer = {0};
        https_send(https, "GET", "/metadata/endpoints?api-version=2015-01-01", NULL, NULL, &answer);
        assert_int_equal(answer.status, 200);
        assert_int_not_equal(answer.result, CURLE_OK);
        assert_int_equal(answer.body.length, lengths[i]);
    }
}

static void a_delay_makes_the_true_answer_late(void **state)
{
    struct https *https = *state;
    control(https, "{\"do\":\"fault-add\",\"rule\":{\"kind\":\"delay\",\"delayMs\":300,"
                   "\"path\":\"*metadata/endpoints?*\"}}");
    auto_answer struct answer late = {0};
    https_send(https, "GET", "/metadata/endpoints?api-version=2015-01-01", NULL, NULL, &late);
    assert_int_equal(late.status, 200);
    assert_true(late.seconds >= 0.3);
}

static void a_client_that_leaves_during_a_delay_does_no_harm(void **state)
{
    struct https *https = *state;
    control(https, "{\"do\":\"fault-add\",\"rule\":{\"kind\":\"delay\",\"delayMs\":200}}");
    CURL *hasty = curl_easy_init();
    auto_free char *url =
        azml_format(NULL, "%s/metadata/endpoints?api-version=2015-01-01", https->endpoint);
    curl_easy_setopt(hasty, CURLOPT_URL, url);
    curl_easy_setopt(hasty, CURLOPT_CAINFO, https->ca);
    curl_easy_setopt(hasty, CURLOPT_TIMEOUT_MS, 100L);
    assert_int_equal(curl_easy_perform(hasty), CURLE_OPERATION_TIMEDOUT);
    curl_easy_cleanup(hasty);
    control(https, "{\"do\":\"fault-add\",\"rule\":{\"kind\":\"delay\",\"delayMs\":300}}");
    auto_answer struct answer later = {0}; /* outlives the first one's delay */
    https_send(https, "GET", "/metadata/endpoints?api-version=2015-01-01", NULL, NULL, &later);
    assert_int_equal(later.status, 200);
}

/* --- control --- */

static void control_needs_its_own_secret(void **state)
{
    struct https *https = *state;
    static const char *const headers[] = {"Accept: */*", SANDBOX_CONTROL_HEADER ": ",
                                          SANDBOX_CONTROL_HEADER ": 0123456789"};
    for (size_t i = 0; i < AZML_COUNT(headers); i++) {
        auto_answer struct answer answer = {0};
        https_send(https, "POST", SANDBOX_CONTROL_PATH, headers[i],
                   "{\"do\":\"advance\",\"seconds\":60}", &answer);
        assert_true(answer.status == 400 || answer.status == 404); /* as for any unknown path */
    }
}

/* --- endings --- */

static void operations_go_on_after_a_kill(void **state)
{
    struct https *https = *state;
    make_group(https);
    auto_answer struct answer started = {0};
    https_send(https, "PUT", ACCOUNT "&slow=toy.signed", NULL, "{\"kept\":true}", &started);
    assert_int_equal(started.status, 202);
    const char *at = azml_find_nocase(azml_str_text(&started.headers), "azure-asyncoperation: ");
    assert_non_null(at);
    at += strlen("azure-asyncoperation: ") + strlen(https->endpoint);
    auto_free char *path = azml_strndup(at, strcspn(at, "\r\n"), NULL);

    assert_int_equal(azml_platform_kill(https->pid), 0);
    (void)azml_platform_wait(https->pid, 10000, NULL);
    assert_true(https_serve(https));
    const char *status = "";
    for (int tries = 0; tries < 100 && strcmp(status, "Succeeded") != 0; tries++) {
        auto_answer struct answer poll = {0};
        https_send(https, "GET", path, NULL, NULL, &poll);
        assert_int_equal(poll.status, 200);
        status =
            azml_same_text(azml_json_text(poll.json, "status"), "Succeeded") ? "Succeeded" : "";
        (void)azml_platform_sleep_ms(50);
    }
    assert_string_equal(status, "Succeeded");
    auto_answer struct answer kept = {0};
    https_send(https, "GET", ACCOUNT, NULL, NULL, &kept);
    assert_true(azml_json_bool_or(kept.json, "kept", false));
}

static void a_port_in_use_makes_it_take_another(void **state)
{
    struct https *https = *state;
    char folder[] = "/tmp/azml-second-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const struct sandbox_server_options options = {
        .folder = folder, .port = https->facts.port, .providers = https_providers};
    struct sandbox_server *second = sandbox_server_new(&options, NULL);
    assert_non_null(second);
    assert_int_not_equal(sandbox_server_port(second), https->facts.port);
    sandbox_server_free(second);
    assert_int_equal(azml_fs_remove_tree(folder, NULL), 0);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, https_setup, https_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(who_does_not_know_the_ca_is_not_fooled),
        WITH_SERVER(the_certificate_is_for_every_name_of_the_loopback),
        WITH_SERVER(requests_share_a_connection),
        WITH_SERVER(answers_carry_the_headers_of_the_service),
        WITH_SERVER(head_and_empty_answers_have_no_body),
        WITH_SERVER(a_202_announces_that_it_is_empty),
        WITH_SERVER(what_is_too_large_is_refused_and_long_addresses_are_not),
        WITH_SERVER(a_body_that_is_no_json_is_refused),
        WITH_SERVER(tokens_that_are_not_good_get_their_401),
        WITH_SERVER(the_buckets_run_empty_and_say_when_to_come_back),
        WITH_SERVER(a_status_comes_instead_of_the_answer_once),
        WITH_SERVER(a_reset_comes_before_or_after_the_effect),
        WITH_SERVER(a_cut_body_ends_before_its_length),
        WITH_SERVER(a_delay_makes_the_true_answer_late),
        WITH_SERVER(a_client_that_leaves_during_a_delay_does_no_harm),
        WITH_SERVER(control_needs_its_own_secret),
        WITH_SERVER(operations_go_on_after_a_kill),
        WITH_SERVER(a_port_in_use_makes_it_take_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
