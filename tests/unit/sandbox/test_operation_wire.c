#include "sandbox/operation.h"

#include "toy.h"
#include "unit/test.h"

#define GROUP  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/My Lab (1)"
#define ON     GROUP "/providers/Microsoft.Storage/storageAccounts/acct"
#define STATUS "/subscriptions/{s}/providers/Microsoft.Storage/locations/{l}/status/{id}"
#define RESULT "/subscriptions/{s}/resourceGroups/{rg}/accounts/{name}/results/{id}"

static int step_cancelled(struct sandbox *sandbox, struct sandbox_operation *operation,
                          struct azml_error *err)
{
    (void)sandbox;
    (void)err;
    free(operation->status);
    operation->status = azml_strdup("Canceled", NULL);
    return 0;
}

static int step_mute(struct sandbox *sandbox, struct sandbox_operation *operation,
                     struct azml_error *err)
{
    (void)sandbox;
    (void)err;
    return sandbox_operation_fail_json(operation, 409, NULL);
}

static int step_nothing(struct sandbox *sandbox, struct sandbox_operation *operation,
                        struct azml_error *err)
{
    (void)sandbox;
    (void)operation;
    (void)err;
    return 0;
}

static const struct sandbox_operation_kind kinds[] = {
  /* the workspace's: one path, told apart by its query */
    {.name = "both",
     .step = toy_step_done,
     .async_path = STATUS,
     .async_query = "type=async",
     .location_path = STATUS,
     .location_query = "type=location",
     .has_percent = true},
 /* the group deletion's */
    {.name = "location",
     .step = step_nothing,
     .location_path = RESULT,
     .is_signed = true,
     .retry_after = 15},
 /* diagnose's */
    {.name = "later",
     .step = toy_step_done,
     .async_path = STATUS,
     .location_path = RESULT,
     .location_only_first = true},
 /* Log Analytics' */
    {.name = "detailed",
     .step = step_nothing,
     .async_path = STATUS,
     .api_version = "2015-11-01-preview",
     .has_details = true,
     .retry_after = 150},
    {.name = "failing",
     .step = toy_step_fail,
     .async_path = STATUS,
     .location_path = RESULT,
     .has_percent = true},
    {.name = "mute",     .step = step_mute, .async_path = STATUS, .location_path = RESULT},
    {.name = "cancelled",           .step = step_cancelled, .async_path = STATUS, .location_path = RESULT},
    {.name = "worded",             .step = step_nothing, .async_path = STATUS, .running_word = "Creating"},
    {.name = "silent",        .step = step_nothing},
    {0},
};
static const struct sandbox_provider wire = {.name = "wire", .operations = kinds};
static const struct sandbox_provider *const providers[] = {&wire, NULL};

static int setup(void **state)
{
    *state = sandbox_open(&(struct sandbox_world){.clock = &toy_clock,
                                                  .providers = providers,
                                                  .endpoint = "https://127.0.0.1:4711"},
                          NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

/* Start that kind as "op1", with the headers that its first reply gets. */
static void start(struct sandbox *sandbox, const char *kind, struct sandbox_reply *reply)
{
    struct sandbox_request request = {.method = "PUT", .body = ""};
    assert_int_equal(sandbox_request_set_target(&request, "/x?api-version=2025-06-01", NULL), 0);
    struct sandbox_operation_start what = {
        .kind = kind, .resource_id = ON, .seconds = 120, .location = "westeurope", .token = "op1"};
    assert_int_equal(sandbox_operation_start(sandbox, &what, &request, reply, NULL, NULL), 0);
    sandbox_request_cleanup(&request);
}

static void finish(struct sandbox *sandbox)
{
    toy_now_ms += 2000;
    assert_int_equal(sandbox_operations_run(sandbox, NULL), 0);
}

/* GET an address of the sandbox's as it was told: 1 where one is known there. */
static int poll(struct sandbox *sandbox, const char *url, struct sandbox_reply *reply)
{
    const char *target = *url == '/' ? url : url + strlen(sandbox->endpoint);
    struct sandbox_request request = {.method = "GET", .body = ""};
    assert_int_equal(sandbox_request_set_target(&request, target, NULL), 0);
    int result = sandbox_operation_poll(sandbox, &request, reply, NULL);
    sandbox_request_cleanup(&request);
    return result;
}

static const char *header(const struct sandbox_reply *reply, const char *name)
{
    return sandbox_pairs_find(&reply->headers, name);
}

static void body_is(const struct sandbox_reply *reply, const char *text)
{
    auto_free char *body = azml_json_print(reply->json, false, NULL);
    assert_string_equal(body, text);
}

#define STATUS_URL                                                                         \
    "https://127.0.0.1:4711/subscriptions/11111111-1111-1111-1111-111111111111/providers/" \
    "Microsoft.Storage/locations/westeurope/status/op1?api-version="
#define RESULT_URL                                                               \
    "https://127.0.0.1:4711/subscriptions/11111111-1111-1111-1111-111111111111/" \
    "resourceGroups/My%20Lab%20%281%29/accounts/acct/results/op1?api-version="

static void other_addresses_are_nobody_s(void **state)
{
    auto_reply struct sandbox_reply first = {0};
    start(*state, "both", &first);
    static const char *const targets[] = {
        "/",
        "/x",
        "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Storage/"
        "locations/westeurope/status/op2?api-version=2025-06-01&type=async",
        "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Storage/"
        "locations/westeurope/status?api-version=2025-06-01",
    };
    for (size_t i = 0; i < AZML_COUNT(targets); i++) {
        auto_reply struct sandbox_reply reply = {0};
        assert_int_equal(poll(*state, targets[i], &reply), 0);
        assert_int_equal(reply.status, 0);
    }
}

static void patterns_are_filled_in_from_the_resource(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
    } rows[] = {
        {NULL,                 ""                                                   },
        {"/plain",             "/plain"                                             },
        {"/{other}/{s",        "//11111111-1111-1111-1111-111111111111"             },
        {"/{rg}/{name}",       "/My Lab (1)/acct"                                   },
        {"/{l}/x/{id}-{id}",   "/westeurope/x/op1-op1"                              },
        {"/subscriptions/{s}", "/subscriptions/11111111-1111-1111-1111-111111111111"},
    };
    const struct sandbox_operation_start what = {.resource_id = ON, .location = "westeurope"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_free char *path = sandbox_operation_path(rows[i].pattern, &what, "op1", NULL);
        assert_string_equal(path, rows[i].path);
    }
}

/* Reference 2.3, row by row. */
static void the_first_reply_has_the_headers_of_its_kind(void **state)
{
    static const struct {
        const char *kind, *async, *location, *retry_after;
    } rows[] = {
        {"both",     STATUS_URL "2025-06-01&type=async", STATUS_URL "2025-06-01&type=location", NULL},
        {"later",    NULL,                               RESULT_URL "2025-06-01",               NULL},
        {"detailed", STATUS_URL "2015-11-01-preview",    NULL,                                  "3" },
        {"worded",   STATUS_URL "2025-06-01",            NULL,                                  NULL},
        {"silent",   NULL,                               NULL,                                  NULL},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox *sandbox = NULL;
        assert_int_equal(setup((void **)&sandbox), 0);
        auto_reply struct sandbox_reply reply = {0};
        start(sandbox, rows[i].kind, &reply);
        const struct {
            const char *name, *wanted;
        } headers[] = {
            {"Azure-AsyncOperation", rows[i].async      },
            {"Location",             rows[i].location   },
            {"Retry-After",          rows[i].retry_after},
        };
        for (size_t j = 0; j < AZML_COUNT(headers); j++) {
            const char *had = header(&reply, headers[j].name);
            if (!had != !headers[j].wanted || (had && strcmp(had, headers[j].wanted) != 0))
                fail_msg("%s: %s is %s", rows[i].kind, headers[j].name, had ? had : "missing");
        }
        sandbox_close(sandbox);
    }
    (void)state;
}

static void a_status_document_has_only_what_its_kind_sends(void **state)
{
    auto_reply struct sandbox_reply first = {0}, running = {0}, done = {0};
    start(*state, "both", &first);
    const char *url = header(&first, "Azure-AsyncOperation");
    assert_int_equal(poll(*state, url, &running), 1);
    assert_int_equal(running.status, 200);
    assert_null(header(&running, "Retry-After"));
    body_is(&running, "{\"status\":\"InProgress\"}");
    finish(*state);
    assert_int_equal(poll(*state, url, &done), 1);
    assert_string_equal(azml_json_text(done.json, "status"), "Succeeded");
    assert_int_equal(azml_json_int_or(done.json, "percentComplete", 0), 100);
    assert_int_equal(cJSON_GetArraySize(done.json), 2);
}

static void a_detailed_document_tells_id_name_and_times(void **state)
{
    toy_now_ms = 1700000000500;
    auto_reply struct sandbox_reply first = {0}, running = {0}, done = {0};
    start(*state, "detailed", &first);
    const char *url = header(&first, "Azure-AsyncOperation");
    assert_int_equal(poll(*state, url, &running), 1);
    assert_string_equal(header(&running, "Retry-After"), "3");
    assert_null(azml_json_at(running.json, "endTime"));
    finish(*state);
    assert_int_equal(poll(*state, url, &done), 1);
    assert_null(header(&done, "Retry-After"));
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"id",        "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Storage/"
               "locations/westeurope/status/op1"},
        {"name",      "op1"                                   },
        {"status",    "Succeeded"                             },
        {"startTime", "2023-11-14T22:13:20.5000000Z"          },
        {"endTime",   "2023-11-14T22:13:22.5000000Z"          },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++)
        assert_string_equal(azml_json_text(done.json, rows[i].name), rows[i].value);
    assert_true(cJSON_IsObject(azml_json_at(done.json, "properties")));
}

static void a_running_word_is_the_kind_s_own(void **state)
{
    auto_reply struct sandbox_reply first = {0}, running = {0}, done = {0};
    start(*state, "worded", &first);
    const char *url = header(&first, "Azure-AsyncOperation");
    assert_int_equal(poll(*state, url, &running), 1);
    body_is(&running, "{\"status\":\"Creating\"}");
    finish(*state);
    assert_int_equal(poll(*state, url, &done), 1);
    body_is(&done, "{\"status\":\"Succeeded\"}");
}

/* Reference 2.1: 202 while it runs, then what the call would have answered. */
static void a_location_is_accepted_until_it_is_done(void **state)
{
    auto_reply struct sandbox_reply first = {0}, running = {0}, done = {0};
    start(*state, "location", &first);
    const char *url = header(&first, "Location");
    assert_true(azml_has_prefix(url, RESULT_URL "2025-06-01&t="));
    assert_true(strlen(url) > 3000);
    assert_string_equal(header(&first, "Retry-After"), "1");
    assert_int_equal(poll(*state, url, &running), 1);
    assert_int_equal(running.status, 202);
    assert_null(running.json);
    assert_null(running.text);
    assert_string_equal(header(&running, "Location"), url);
    assert_string_equal(header(&running, "Retry-After"), "1");
    finish(*state);
    assert_int_equal(poll(*state, url, &done), 1);
    assert_int_equal(done.status, 200);
    assert_null(done.json);
    assert_null(header(&done, "Location"));
}

static void an_altered_signed_address_is_forbidden(void **state)
{
    auto_reply struct sandbox_reply first = {0};
    start(*state, "location", &first);
    const char *url = header(&first, "Location");
    auto_free char *unsigned_one = azml_strndup(url, strcspn(url, "&"), NULL);
    auto_free char *newer = azml_strdup(url, NULL);
    memcpy(strstr(newer, "2025-06-01"), "2025-06-02", strlen("2025-06-02"));
    auto_free char *longer = azml_format(NULL, "%s&x=1", url);
    const char *const altered[] = {unsigned_one, newer, longer};
    for (size_t i = 0; i < 2 * AZML_COUNT(altered); i++) {
        auto_reply struct sandbox_reply reply = {0};
        assert_int_equal(poll(*state, altered[i / 2], &reply), 1);
        assert_int_equal(reply.status, 403);
        assert_string_equal(azml_json_text(reply.json, "error.code"), "AuthorizationFailed");
        assert_null(header(&reply, "Location"));
        if (i % 2 == 0)
            finish(*state);
    }
}

static void the_second_address_is_told_only_while_polling(void **state)
{
    auto_reply struct sandbox_reply first = {0}, running = {0}, status = {0}, done = {0};
    start(*state, "later", &first);
    const char *url = header(&first, "Location");
    assert_int_equal(poll(*state, url, &running), 1);
    assert_int_equal(running.status, 202);
    assert_string_equal(header(&running, "Azure-AsyncOperation"), STATUS_URL "2025-06-01");
    assert_int_equal(poll(*state, header(&running, "Azure-AsyncOperation"), &status), 1);
    body_is(&status, "{\"status\":\"InProgress\"}");
    finish(*state);
    assert_int_equal(poll(*state, url, &done), 1);
    assert_int_equal(done.status, 200);
    assert_string_equal(azml_json_text(done.json, "made"), ON);
}

static void a_failure_shows_in_both_places(void **state)
{
    auto_reply struct sandbox_reply first = {0}, status = {0}, location = {0};
    start(*state, "failing", &first);
    finish(*state);
    assert_int_equal(poll(*state, header(&first, "Azure-AsyncOperation"), &status), 1);
    assert_int_equal(status.status, 200);
    body_is(&status, "{\"status\":\"Failed\",\"error\":{\"code\":\"QuotaExceeded\","
                     "\"message\":\"no more than 7\"}}");
    assert_int_equal(poll(*state, header(&first, "Location"), &location), 1);
    assert_int_equal(location.status, 409);
    body_is(&location, "{\"error\":{\"code\":\"QuotaExceeded\",\"message\":\"no more than 7\"}}");
}

static void a_failure_may_come_without_any_error(void **state)
{
    auto_reply struct sandbox_reply first = {0}, status = {0}, location = {0};
    start(*state, "mute", &first);
    finish(*state);
    assert_int_equal(poll(*state, header(&first, "Azure-AsyncOperation"), &status), 1);
    body_is(&status, "{\"status\":\"Failed\"}");
    assert_int_equal(poll(*state, header(&first, "Location"), &location), 1);
    assert_int_equal(location.status, 409);
    assert_null(location.json);
}

static void a_cancelled_one_is_no_success_anywhere(void **state)
{
    auto_reply struct sandbox_reply first = {0}, status = {0}, location = {0};
    start(*state, "cancelled", &first);
    finish(*state);
    assert_int_equal(poll(*state, header(&first, "Azure-AsyncOperation"), &status), 1);
    body_is(&status, "{\"status\":\"Canceled\"}");
    assert_int_equal(poll(*state, header(&first, "Location"), &location), 1);
    assert_true(location.status >= 400);
    assert_non_null(azml_json_text(location.json, "error.code"));
}

static void addresses_are_taken_in_any_case(void **state)
{
    auto_reply struct sandbox_reply first = {0}, reply = {0};
    start(*state, "worded", &first);
    auto_free char *url = azml_strdup(header(&first, "Azure-AsyncOperation"), NULL);
    azml_lower(url);
    assert_int_equal(poll(*state, url, &reply), 1);
    assert_int_equal(reply.status, 200);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(other_addresses_are_nobody_s),
        cmocka_unit_test(patterns_are_filled_in_from_the_resource),
        cmocka_unit_test(the_first_reply_has_the_headers_of_its_kind),
        WITH_WORLD(a_status_document_has_only_what_its_kind_sends),
        WITH_WORLD(a_detailed_document_tells_id_name_and_times),
        WITH_WORLD(a_running_word_is_the_kind_s_own),
        WITH_WORLD(a_location_is_accepted_until_it_is_done),
        WITH_WORLD(an_altered_signed_address_is_forbidden),
        WITH_WORLD(the_second_address_is_told_only_while_polling),
        WITH_WORLD(a_failure_shows_in_both_places),
        WITH_WORLD(a_failure_may_come_without_any_error),
        WITH_WORLD(a_cancelled_one_is_no_success_anywhere),
        WITH_WORLD(addresses_are_taken_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
