#include "sandbox/wire.h"

#include "unit/test.h"

#include "toy.h"

/* Reading and sending need a socket: test_server.c has them. */

static void headers(const struct sandbox_route *route, const char *name, const char *value,
                    struct sandbox_reply *reply)
{
    const struct sandbox sandbox = {.clock = &toy_clock};
    struct sandbox_request request = {.method = "GET", .route = route, .request_id = "id-1"};
    if (name)
        assert_int_equal(sandbox_request_add_header(&request, name, value, NULL), 0);
    request.client_request_id = "their-id";
    struct sandbox world = sandbox;
    sandbox_wire_headers(&world, &request, reply);
    sandbox_request_cleanup(&request);
}

static void what_the_handler_said_is_kept(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply reply = {0};
    sandbox_reply_header(&reply, "cache-control", "max-age=1");
    headers(NULL, NULL, NULL, &reply);
    assert_string_equal(sandbox_pairs_find(&reply.headers, "Cache-Control"), "max-age=1");
    assert_string_equal(sandbox_pairs_find(&reply.headers, "Expires"), "-1");
}

static void ids_are_told_and_the_clients_correlation_kept(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply own = {0}, theirs = {0};
    headers(NULL, NULL, NULL, &own);
    assert_string_equal(sandbox_pairs_find(&own.headers, "x-ms-request-id"), "id-1");
    assert_string_equal(sandbox_pairs_find(&own.headers, "x-ms-correlation-request-id"), "id-1");
    assert_string_equal(sandbox_pairs_find(&own.headers, "x-ms-routing-request-id"),
                        "SANDBOX:20231114T221320Z:id-1");
    headers(NULL, "x-ms-correlation-request-id", "many", &theirs);
    assert_string_equal(sandbox_pairs_find(&theirs.headers, "x-ms-correlation-request-id"), "many");
}

static void the_clients_id_comes_back_only_when_wished(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply silent = {0}, wished = {0};
    headers(NULL, NULL, NULL, &silent);
    assert_null(sandbox_pairs_find(&silent.headers, "x-ms-client-request-id"));
    headers(NULL, "x-ms-return-client-request-id", "TRUE", &wished);
    assert_string_equal(sandbox_pairs_find(&wished.headers, "x-ms-client-request-id"), "their-id");
}

static void sign_in_answers_carry_none_of_the_managers_ids(void **state)
{
    (void)state;
    const struct sandbox_route open = {"GET", "/x", toy_echo, NULL, SANDBOX_ROUTE_NO_AUTH};
    auto_reply struct sandbox_reply reply = {0};
    headers(&open, NULL, NULL, &reply);
    assert_string_equal(sandbox_pairs_find(&reply.headers, "x-ms-request-id"), "id-1");
    assert_null(sandbox_pairs_find(&reply.headers, "x-ms-correlation-request-id"));
    assert_null(sandbox_pairs_find(&reply.headers, "X-MSEdge-Ref"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_handler_said_is_kept),
        cmocka_unit_test(ids_are_told_and_the_clients_correlation_kept),
        cmocka_unit_test(the_clients_id_comes_back_only_when_wished),
        cmocka_unit_test(sign_in_answers_carry_none_of_the_managers_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
