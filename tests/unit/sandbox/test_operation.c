#include "sandbox/operation.h"

#include "toy.h"

#include "base/fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SUB     "/subscriptions/{S}"
#define ACCOUNT SUB "/resourceGroups/lab/providers/Microsoft.Storage/storageAccounts/a" TOY_VERSION

static void make_group(struct sandbox *sandbox)
{
    auto_reply struct sandbox_reply group = {0};
    toy_call(sandbox, "PUT", SUB "/resourceGroups/lab?api-version=2025-04-01", "{}", &group);
    assert_int_equal(group.status, 201);
}

static int setup(void **state)
{
    struct sandbox *sandbox = toy_open();
    *state = sandbox;
    if (!sandbox)
        return -1;
    make_group(sandbox);
    return 0;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

/* Start the kind; the caller's target of the named header. */
static char *start(struct sandbox *sandbox, const char *kind, const char *header)
{
    auto_free char *target = azml_format(NULL, ACCOUNT "&slow=%s", kind);
    auto_reply struct sandbox_reply reply = {0};
    toy_call(sandbox, "PUT", target, "{\"a\":1}", &reply);
    assert_int_equal(reply.status, 202);
    const char *url = sandbox_pairs_find(&reply.headers, header);
    if (!url)
        return NULL;
    assert_true(azml_has_prefix(url, sandbox->endpoint));
    return azml_strdup(url + strlen(sandbox->endpoint), NULL);
}

static void poll(struct sandbox *sandbox, const char *target, struct sandbox_reply *reply)
{
    struct sandbox_request request = {.method = "GET", .body = ""};
    assert_int_equal(sandbox_request_set_target(&request, target, NULL), 0);
    assert_int_equal(sandbox_operation_poll(sandbox, &request, reply, NULL), 1);
    sandbox_request_cleanup(&request);
}

static void move(struct sandbox *sandbox, int64_t ms)
{
    toy_now_ms += ms;
    assert_int_equal(sandbox_operations_run(sandbox, NULL), 0);
}

static void status_is(struct sandbox *sandbox, const char *target, const char *status)
{
    auto_reply struct sandbox_reply reply = {0};
    poll(sandbox, target, &reply);
    assert_int_equal(reply.status, 200);
    assert_string_equal(azml_json_text(reply.json, "status"), status);
}

static void an_operation_takes_azures_time_divided_by_the_speed(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *url = start(sandbox, "toy.done", "Azure-AsyncOperation");
    assert_int_equal(sandbox_operations_wait_ms(sandbox), 2000);
    move(sandbox, 1999);
    status_is(sandbox, url, "InProgress");
    move(sandbox, 1);
    auto_reply struct sandbox_reply reply = {0};
    poll(sandbox, url, &reply);
    assert_string_equal(azml_json_text(reply.json, "status"), "Succeeded");
    assert_true(azml_json_number_or(reply.json, "percentComplete", 0) > 99);
    assert_null(azml_json_at(reply.json, "id"));
    assert_int_equal(sandbox_operations_wait_ms(sandbox), -1);
}

static void one_path_serves_both_styles_by_its_query(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *url = start(sandbox, "toy.done", "Location");
    assert_non_null(strstr(url, "&type=location"));
    auto_reply struct sandbox_reply running = {0}, done = {0};
    poll(sandbox, url, &running);
    assert_int_equal(running.status, 202);
    assert_null(running.json);
    assert_non_null(sandbox_pairs_find(&running.headers, "Location"));
    assert_null(sandbox_pairs_find(&running.headers, "Retry-After"));
    move(sandbox, 2000);
    poll(sandbox, url, &done);
    assert_int_equal(done.status, 200);
    assert_non_null(azml_json_text(done.json, "made"));
}

static void a_signed_address_is_long_and_takes_no_changed_byte(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *url = start(sandbox, "toy.signed", "Azure-AsyncOperation");
    assert_true(strlen(url) > 3000);
    static const char *const parts[] = {"&t=", "&c=", "&s=", "&h=", "?api-version="};
    for (size_t i = 0; i < AZML_COUNT(parts); i++) {
        auto_free char *changed = azml_strdup(url, NULL);
        char *at = strstr(changed, parts[i]) + strlen(parts[i]);
        *at = *at == 'x' ? 'y' : 'x';
        auto_reply struct sandbox_reply reply = {0};
        poll(sandbox, changed, &reply);
        if (reply.status != 403)
            fail_msg("a change behind %s was taken", parts[i]);
    }
    auto_free char *longer = azml_format(NULL, "%sA", url);
    auto_reply struct sandbox_reply extended = {0};
    poll(sandbox, longer, &extended);
    assert_int_equal(extended.status, 403);

    auto_reply struct sandbox_reply reply = {0};
    poll(sandbox, url, &reply);
    assert_int_equal(reply.status, 200);
    assert_string_equal(sandbox_pairs_find(&reply.headers, "Retry-After"), "3");
    assert_non_null(azml_json_text(reply.json, "startTime"));
}

static void a_failure_is_told_at_its_location(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *url = start(sandbox, "toy.fail", "Location");
    move(sandbox, 2000);
    auto_reply struct sandbox_reply reply = {0};
    poll(sandbox, url, &reply);
    assert_int_equal(reply.status, 409);
    assert_string_equal(azml_json_text(reply.json, "error.code"), "QuotaExceeded");
    assert_string_equal(azml_json_text(reply.json, "error.message"), "no more than 7");
}

static void steps_follow_each_other_and_keep_their_data(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *url = start(sandbox, "toy.three", "Azure-AsyncOperation");
    move(sandbox, 2000);
    move(sandbox, 999);
    status_is(sandbox, url, "Creating");
    move(sandbox, 1);
    status_is(sandbox, url, "Creating");
    move(sandbox, 1000);
    status_is(sandbox, url, "Succeeded");
}

static void a_step_that_breaks_undoes_itself_and_says_so(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *url = start(sandbox, "toy.break", "Azure-AsyncOperation");
    move(sandbox, 2000);
    auto_reply struct sandbox_reply reply = {0}, still = {0};
    poll(sandbox, url, &reply);
    assert_string_equal(azml_json_text(reply.json, "status"), "Failed");
    assert_string_equal(azml_json_text(reply.json, "error.message"), "the disk is full");
    toy_call(sandbox, "GET", ACCOUNT, NULL, &still);
    assert_int_equal(still.status, 200);
}

static void an_unknown_kind_cannot_be_started(void **state)
{
    struct sandbox *sandbox = *state;
    auto_error struct azml_error err = {0};
    struct sandbox_operation_start what = {.kind = "toy.nothing", .resource_id = "/a/b"};
    assert_int_equal(sandbox_operation_start(sandbox, &what, NULL, NULL, NULL, &err), -1);
    assert_string_equal(err.message, "no operation is called 'toy.nothing'");
}

static void timers_have_no_address_and_can_be_cancelled(void **state)
{
    struct sandbox *sandbox = *state;
    struct sandbox_operation_start what = {
        .kind = "toy.timer", .resource_id = "/a/b", .seconds = 3600, .is_real_time = true};
    auto_free char *id = NULL;
    assert_int_equal(sandbox_operation_start(sandbox, &what, NULL, NULL, &id, NULL), 0);
    assert_int_equal(sandbox_operations_wait_ms(sandbox), 3600000);
    assert_int_equal(sandbox_operations_count(sandbox), 0);
    assert_int_equal(sandbox_operation_running(sandbox, NULL, "/A/B", NULL), 1);
    assert_int_equal(sandbox_operation_running(sandbox, "toy.done", "/a/b", NULL), 0);
    assert_int_equal(sandbox_operation_cancel(sandbox, "toy.timer", "/a/b", NULL), 0);
    assert_int_equal(sandbox_operation_running(sandbox, NULL, "/a/b", NULL), 0);
    auto_operation struct sandbox_operation *gone = NULL;
    assert_int_equal(sandbox_operation_get(sandbox, id, &gone, NULL), 0);
    assert_string_equal(gone->status, "Canceled");
}

static void advancing_the_clock_brings_timers_due_and_ages_things(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *url = start(sandbox, "toy.done", "Azure-AsyncOperation");
    assert_int_equal(sandbox_clock_advance(sandbox, 7200, NULL), 0);
    status_is(sandbox, url, "Succeeded");
    auto_free char *id =
        azml_format(NULL, "/subscriptions/%s/resourceGroups/lab", sandbox->subscription_id);
    auto_resource struct sandbox_resource *group = NULL;
    assert_int_equal(sandbox_store_get(sandbox->store, id, &group, NULL), 0);
    assert_int_equal(group->created_ms, toy_now_ms - 7200000);
}

static void operations_go_on_after_a_restart(void **state)
{
    (void)state;
    char folder[] = "/tmp/azml-operation-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const struct sandbox_world how = {
        .folder = folder, .clock = &toy_clock, .providers = toy_providers};
    struct sandbox *sandbox = sandbox_open(&how, NULL);
    assert_non_null(sandbox);
    make_group(sandbox);
    auto_free char *url = start(sandbox, "toy.signed", "Azure-AsyncOperation");
    auto_free char *tenant = azml_strdup(sandbox->tenant_id, NULL);
    sandbox_close(sandbox);

    toy_now_ms += 5000;
    sandbox = sandbox_open(&how, NULL);
    assert_non_null(sandbox);
    assert_string_equal(sandbox->tenant_id, tenant);
    status_is(sandbox, url, "InProgress");
    move(sandbox, 0);
    status_is(sandbox, url, "Succeeded");

    toy_now_ms += 25LL * 60 * 60 * 1000;
    sandbox_close(sandbox);
    sandbox = sandbox_open(&how, NULL);
    struct sandbox_request request = {.method = "GET", .body = ""};
    assert_int_equal(sandbox_request_set_target(&request, url, NULL), 0);
    auto_reply struct sandbox_reply reply = {0};
    assert_int_equal(sandbox_operation_poll(sandbox, &request, &reply, NULL), 0);
    sandbox_request_cleanup(&request);
    sandbox_close(sandbox);
    assert_int_equal(azml_fs_remove_tree(folder, NULL), 0);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(an_operation_takes_azures_time_divided_by_the_speed),
        WITH_WORLD(one_path_serves_both_styles_by_its_query),
        WITH_WORLD(a_signed_address_is_long_and_takes_no_changed_byte),
        WITH_WORLD(a_failure_is_told_at_its_location),
        WITH_WORLD(steps_follow_each_other_and_keep_their_data),
        WITH_WORLD(a_step_that_breaks_undoes_itself_and_says_so),
        WITH_WORLD(an_unknown_kind_cannot_be_started),
        WITH_WORLD(timers_have_no_address_and_can_be_cancelled),
        WITH_WORLD(advancing_the_clock_brings_timers_due_and_ages_things),
        cmocka_unit_test(operations_go_on_after_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
