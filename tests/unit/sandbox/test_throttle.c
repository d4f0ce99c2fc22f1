#include "sandbox/throttle.h"

#include "sandbox/provider.h"
#include "toy.h"
#include "unit/test.h"

#include <stdio.h>

#define PREFIX "x-ms-ratelimit-remaining-"

static int setup(void **state)
{
    *state = toy_open();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

static void ask_route(struct sandbox *sandbox, const struct sandbox_route *route,
                      const char *method, const char *target, const char *caller,
                      struct sandbox_reply *reply)
{
    struct sandbox_request request = {.method = method, .body = "", .route = route};
    snprintf(request.caller.object_id, sizeof(request.caller.object_id), "%s", caller);
    assert_int_equal(sandbox_request_set_target(&request, target, NULL), 0);
    sandbox_throttle(sandbox, &request, reply);
    sandbox_request_cleanup(&request);
}

static void ask(struct sandbox *sandbox, const char *method, const char *target, const char *caller,
                struct sandbox_reply *reply)
{
    ask_route(sandbox, NULL, method, target, caller, reply);
}

/* How many requests of the caller pass before one is refused, at most `limit`. */
static int count(struct sandbox *sandbox, const char *method, const char *target,
                 const char *caller, int limit)
{
    for (int i = 0; i < limit; i++) {
        auto_reply struct sandbox_reply reply = {0};
        ask(sandbox, method, target, caller, &reply);
        if (reply.status != 0)
            return i;
    }
    return limit;
}

static void remaining_is(const struct sandbox_reply *reply, const char *name, const char *value)
{
    auto_free char *header = azml_format(NULL, PREFIX "%s", name);
    const char *found = sandbox_pairs_find(&reply->headers, header);
    if (!found || strcmp(found, value) != 0)
        fail_msg("%s is %s, not %s", header, found ? found : "missing", value);
}

/* Reference 1.6: each bucket less one at the first call, the verb's own pair alone. */
static void the_first_call_sees_its_buckets_less_one(void **state)
{
    static const struct {
        const char *method, *target, *own, *own_left, *global, *global_left;
    } rows[] = {
        {"GET",    "/subscriptions/1", "subscription-reads",   "249", "subscription-global-reads",
         "3749"                                                                                            },
        {"HEAD",   "/subscriptions/2", "subscription-reads",   "249", "subscription-global-reads",
         "3749"                                                                                            },
        {"PUT",    "/subscriptions/1", "subscription-writes",  "199", "subscription-global-writes",
         "2999"                                                                                            },
        {"PATCH",  "/subscriptions/2", "subscription-writes",  "199", "subscription-global-writes",
         "2999"                                                                                            },
        {"POST",   "/subscriptions/3", "subscription-writes",  "199", "subscription-global-writes",
         "2999"                                                                                            },
        {"DELETE", "/subscriptions/1", "subscription-deletes", "199", "subscription-global-deletes",
         "2999"                                                                                            },
        {"GET",    "/tenants",         "tenant-reads",         "249", "tenant-global-reads",         "3749"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        ask(*state, rows[i].method, rows[i].target, "me", &reply);
        assert_int_equal(reply.status, 0);
        assert_int_equal(reply.headers.count, 2);
        remaining_is(&reply, rows[i].own, rows[i].own_left);
        remaining_is(&reply, rows[i].global, rows[i].global_left);
    }
}

static void each_call_leaves_one_less(void **state)
{
    for (int left = 249; left > 239; left--) {
        auto_reply struct sandbox_reply reply = {0};
        ask(*state, "GET", left % 2 ? "/subscriptions/ab" : "/SUBSCRIPTIONS/AB/x", "me", &reply);
        auto_free char *own = azml_format(NULL, "%d", left);
        auto_free char *global = azml_format(NULL, "%d", left + 3500);
        remaining_is(&reply, "subscription-reads", own);
        remaining_is(&reply, "subscription-global-reads", global);
    }
}

static void an_empty_bucket_refuses_in_the_service_s_words(void **state)
{
    static const struct {
        const char *method, *verb;
        int size;
    } rows[] = {
        {"GET",    "read",   250},
        {"PUT",    "write",  200},
        {"DELETE", "delete", 200},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        assert_int_equal(count(*state, rows[i].method, "/subscriptions/s1", "me", 1000),
                         rows[i].size);
        auto_reply struct sandbox_reply reply = {0};
        ask(*state, rows[i].method, "/subscriptions/s1", "me", &reply);
        assert_int_equal(reply.status, 429);
        assert_string_equal(sandbox_pairs_find(&reply.headers, "Retry-After"), "1");
        assert_string_equal(azml_json_text(reply.json, "error.code"),
                            "SubscriptionRequestsThrottled");
        auto_free char *words =
            azml_format(NULL,
                        "Number of '%s' requests for subscription 's1' actor 'me' exceeded. "
                        "Please try again after '1' seconds",
                        rows[i].verb);
        assert_true(azml_has_prefix(azml_json_text(reply.json, "error.message"), words));
    }
}

static void buckets_fill_up_at_their_rate_and_never_overflow(void **state)
{
    static const struct {
        const char *method;
        int size, per_second;
    } rows[] = {
        {"GET",    250, 25},
        {"PUT",    200, 10},
        {"DELETE", 200, 10},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const char *method = rows[i].method;
        count(*state, method, "/subscriptions/s1", "me", 1000);
        toy_now_ms += 1000;
        assert_int_equal(count(*state, method, "/subscriptions/s1", "me", 1000),
                         rows[i].per_second);
        toy_now_ms += 3600 * 1000;
        assert_int_equal(count(*state, method, "/subscriptions/s1", "me", 1000), rows[i].size);
    }
}

static void waiting_as_long_as_told_is_enough(void **state)
{
    int refusals = 0;
    for (int i = 0; i < 50; i++) {
        count(*state, "PUT", "/subscriptions/s1", "me", 1000);
        toy_now_ms += 37;
        auto_reply struct sandbox_reply refused = {0}, taken = {0};
        ask(*state, "PUT", "/subscriptions/s1", "me", &refused);
        const char *wait = sandbox_pairs_find(&refused.headers, "Retry-After");
        if (!wait)
            continue;
        refusals++;
        toy_now_ms += 1000 * strtol(wait, NULL, 10);
        ask(*state, "PUT", "/subscriptions/s1", "me", &taken);
        assert_int_equal(taken.status, 0);
    }
    assert_true(refusals > 10);
}

static void an_empty_bucket_is_that_of_one_verb_subscription_and_caller(void **state)
{
    assert_int_equal(count(*state, "GET", "/subscriptions/s1", "me", 1000), 250);
    assert_int_equal(count(*state, "PUT", "/subscriptions/s1", "me", 1), 1);
    assert_int_equal(count(*state, "GET", "/subscriptions/s2", "me", 1), 1);
    assert_int_equal(count(*state, "GET", "/tenants", "me", 1), 1);
    assert_int_equal(count(*state, "GET", "/subscriptions/s1", "you", 1), 1);
    assert_int_equal(count(*state, "GET", "/subscriptions/s1/resourceGroups", "me", 1), 0);
}

/* "global (subscription, all principals)" */
static void everybody_draws_from_the_subscription_s_bucket(void **state)
{
    auto_reply struct sandbox_reply mine = {0}, yours = {0};
    ask(*state, "GET", "/subscriptions/s1", "me", &mine);
    remaining_is(&mine, "subscription-global-reads", "3749");
    ask(*state, "GET", "/subscriptions/s1", "you", &yours);
    remaining_is(&yours, "subscription-reads", "249");
    remaining_is(&yours, "subscription-global-reads", "3748");
}

static void the_subscription_s_bucket_runs_dry_too(void **state)
{
    for (int i = 0; i < 15; i++) {
        auto_free char *caller = azml_format(NULL, "caller %d", i);
        assert_int_equal(count(*state, "GET", "/subscriptions/s1", caller, 1000), 250);
    }
    auto_reply struct sandbox_reply reply = {0};
    ask(*state, "GET", "/subscriptions/s1", "one too many", &reply);
    assert_int_equal(reply.status, 429);
    assert_non_null(sandbox_pairs_find(&reply.headers, "Retry-After"));
    toy_now_ms += 1000;
    assert_int_equal(count(*state, "GET", "/subscriptions/s1", "one too many", 1), 1);
}

static void a_post_that_only_reads_is_charged_as_a_read(void **state)
{
    static const struct sandbox_route diagnose = {.method = "POST", .flags = SANDBOX_ROUTE_IS_READ};
    static const struct sandbox_route list_keys = {.method = "POST"};
    auto_reply struct sandbox_reply read = {0}, write = {0};
    ask_route(*state, &diagnose, "POST", "/subscriptions/s1", "me", &read);
    remaining_is(&read, "subscription-reads", "249");
    ask_route(*state, &list_keys, "POST", "/subscriptions/s1", "me", &write);
    remaining_is(&write, "subscription-writes", "199");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(the_first_call_sees_its_buckets_less_one),
        WITH_WORLD(each_call_leaves_one_less),
        WITH_WORLD(an_empty_bucket_refuses_in_the_service_s_words),
        WITH_WORLD(buckets_fill_up_at_their_rate_and_never_overflow),
        WITH_WORLD(waiting_as_long_as_told_is_enough),
        WITH_WORLD(an_empty_bucket_is_that_of_one_verb_subscription_and_caller),
        WITH_WORLD(everybody_draws_from_the_subscription_s_bucket),
        WITH_WORLD(the_subscription_s_bucket_runs_dry_too),
        WITH_WORLD(a_post_that_only_reads_is_charged_as_a_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
