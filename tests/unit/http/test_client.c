#include "unit/test.h"

#include "azml/http.h"
#include "base/auto.h"
#include "base/platform.h"
#include "base/timefmt.h"
#include "support/fake_clock.h"
#include "support/serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define auto_response __attribute__((cleanup(azml_http_response_cleanup)))

/* A server with a script and a client with a clock that stands still. */
struct world {
    struct serve *serve;
    struct fake_clock clock;
    struct azml_http *http;
    char notes[4096];
};

static void note(void *data, const char *line)
{
    struct world *world = data;
    size_t used = strlen(world->notes);
    (void)snprintf(world->notes + used, sizeof(world->notes) - used, "%s\n", line);
}

static void open_world(struct world *world, const struct serve_row *rows, bool with_tls)
{
    *world = (struct world){.serve = serve_start(rows, with_tls, NULL)};
    fake_clock_init(&world->clock);
    auto_error struct azml_error err = {0};
    const struct azml_http_options options = {
        .clock = &world->clock.clock,
        .ca_file = with_tls ? serve_ca_file(world->serve) : NULL,
        .only_ca_file = with_tls,
        .idle_ms = 1000,
        .notice = note,
        .data = world,
    };
    world->http = azml_http_new(&options, &err);
    assert_non_null(world->http);
}

static void close_world(struct world *world)
{
    azml_http_free(world->http);
    serve_stop(world->serve);
}

static int ask(struct world *world, const char *method, const char *path,
               struct azml_http_response *response_out, struct azml_error *err)
{
    auto_free char *url = azml_format(NULL, "%s%s", serve_base(world->serve), path);
    const struct azml_http_request request = {.method = method, .url = url};
    return azml_http_send(world->http, &request, response_out, err);
}

/* What one scripted exchange leads to. */
struct exchange {
    const char *name;
    const char *method;
    struct serve_row script[4];
    int status; /* 0: an error */
    enum azml_error_code code;
    size_t requests;
    uint64_t least_ms, most_ms; /* waited on the clock */
};

static void the_table_of_retries_holds_on_the_wire(void **state)
{
    (void)state;
    static const struct exchange rows[] = {
        {"400 is not repeated",          "GET",  {{"GET /", 0, 400, NULL, "", 0}},                                                         400, 0,                  1, 0,     0   },
        {"POST after 500",               "POST", {{"POST /", 0, 500, NULL, "", 0}},                                                        500, 0,                  1, 0,     0   },
        {"POST after a reset",
         "POST",                                 {{"POST /", 0, 0, NULL, NULL, SERVE_RESET}},
         0,                                                                                                                                     AZML_ERROR_NETWORK,
         1,                                                                                                                                                            0,
         0                                                                                                                                                                        },
        {"503 for ever",                 "GET",  {{"GET /", 0, 503, NULL, "", 0}},                                                         503, 0,                  5, 3750,  7500},
        {"a reset for ever",
         "PUT",                                  {{"PUT /", 0, 0, NULL, NULL, SERVE_RESET}},
         0,                                                                                                                                     AZML_ERROR_NETWORK,
         5,                                                                                                                                                            3750,
         7500                                                                                                                                                                     },
        {"a body cut for ever",
         "GET",                                  {{"GET /", 0, 200, NULL, "{}", SERVE_CUT}},
         0,                                                                                                                                     AZML_ERROR_NETWORK,
         5,                                                                                                                                                            3750,
         7500                                                                                                                                                                     },
        {"429 for six minutes",
         "GET",                                  {{"GET /", 0, 429, "Retry-After: 360\r\n", "", 0}},
         429,                                                                                                                                   0,
         1,                                                                                                                                                            0,
         0                                                                                                                                                                        },
        {"429 for 17 seconds",
         "GET",                                  {{"GET /", 1, 429, "Retry-After: 17\r\n", "", 0}, {"GET /", 0, 200, NULL, "{}", 0}},
         200,                                                                                                                                   0,
         2,                                                                                                                                                            17000,
         17000                                                                                                                                                                    },
        {"POST after 429",
         "POST",                                 {{"POST /", 1, 429, "Retry-After: 2\r\n", "", 0}, {"POST /", 0, 200, NULL, "{}", 0}},
         200,                                                                                                                                   0,
         2,                                                                                                                                                            2000,
         2000                                                                                                                                                                     },
        {"retry-after-ms",
         "GET",                                  {{"GET /", 1, 503, "retry-after-ms: 1234\r\n", "", 0}, {"GET /", 0, 200, NULL, "{}", 0}},
         200,                                                                                                                                   0,
         2,                                                                                                                                                            1234,
         1234                                                                                                                                                                     },
        {"x-ms-retry-after-ms",
         "GET",                                  {{"GET /", 1, 503, "x-ms-retry-after-ms: 77\r\n", "", 0},
          {"GET /", 0, 200, NULL, "{}", 0}},
         200,                                                                                                                                   0,
         2,                                                                                                                                                            77,
         77                                                                                                                                                                       },
        {"reset in the middle of a PUT",
         "PUT",                                  {{"PUT /", 1, 0, NULL, NULL, SERVE_RESET}, {"PUT /", 0, 201, NULL, "{}", 0}},
         201,                                                                                                                                   0,
         2,                                                                                                                                                            250,
         500                                                                                                                                                                      },
        {"a cut body",
         "GET",                                  {{"GET /", 1, 200, NULL, "{}", SERVE_CUT}, {"GET /", 0, 200, NULL, "{}", 0}},
         200,                                                                                                                                   0,
         2,                                                                                                                                                            250,
         500                                                                                                                                                                      },
        {"404 with Retry-After",
         "GET",                                  {{"GET /", 1, 404, "Retry-After: 3\r\n", "", 0}, {"GET /", 0, 200, NULL, "{}", 0}},
         200,                                                                                                                                   0,
         2,                                                                                                                                                            3000,
         3000                                                                                                                                                                     },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct world world;
        open_world(&world, rows[i].script, false);
        auto_error struct azml_error err = {0};
        auto_response struct azml_http_response response = {0};
        int done = ask(&world, rows[i].method, "/thing", &response, &err);
        uint64_t waited = fake_clock_waited_ms(&world.clock);
        size_t requests = serve_count(world.serve, "");
        close_world(&world);
        if (done != (rows[i].status ? 0 : -1) || response.status != rows[i].status ||
            err.code != rows[i].code || requests != rows[i].requests || waited < rows[i].least_ms ||
            waited > rows[i].most_ms)
            fail_msg("%s: status %d, code %d (%s), %zu requests, waited %lu ms", rows[i].name,
                     response.status, (int)err.code, err.message ? err.message : "", requests,
                     (unsigned long)waited);
    }
}

static void a_date_in_retry_after_is_waited_for(void **state)
{
    (void)state;
    char header[96];
    char date[AZML_TIME_TEXT];
    struct fake_clock clock;
    fake_clock_init(&clock);
    azml_time_format_http(date, clock.now_ms + clock.wall_offset_ms + 42000);
    (void)snprintf(header, sizeof(header), "Retry-After: %s\r\n", date);
    const struct serve_row rows[] = {
        {"GET /", 1, 429, header, "", 0},
        {"GET /",    0, 200, NULL, "{}", 0},
        {0    }
    };
    struct world world;
    open_world(&world, rows, false);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(ask(&world, "GET", "/", &response, &err), 0);
    assert_int_equal(response.status, 200);
    assert_in_range(fake_clock_waited_ms(&world.clock), 41000, 42000);
    assert_non_null(strstr(world.notes, "status 429; again in 4"));
    assert_non_null(strstr(world.notes, "(try 2 of 5)"));
    close_world(&world);
}

static void a_wait_that_is_too_long_is_reported(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {"GET /", 0, 429, "Retry-After: 301\r\n", "", 0},
        {0   }
    };
    struct world world;
    open_world(&world, rows, false);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(ask(&world, "GET", "/", &response, &err), 0);
    assert_int_equal(response.refused_wait_ms, 301000);
    close_world(&world);
}

static void nobody_listening_is_a_network_error_that_says_where(void **state)
{
    (void)state;
    struct world world;
    const struct serve_row rows[] = {{0}};
    open_world(&world, rows, false);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    auto_free char *url = azml_format(NULL, "http://127.0.0.1:%u/", azml_platform_free_port());
    const struct azml_http_request request = {.method = "POST", .url = url};
    assert_int_equal(azml_http_send(world.http, &request, &response, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NETWORK);
    assert_ptr_equal(strstr(err.message, "could not connect to 127.0.0.1:"), err.message);
    assert_non_null(strstr(err.why, "(tried 5 times)"));
    close_world(&world);
}

static void one_id_goes_with_every_try_of_a_call(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {"GET /", 2, 503, NULL, "", 0},
        {"GET /",    0, 200, NULL, "{}", 0},
        {0    }
    };
    struct world world;
    open_world(&world, rows, false);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(ask(&world, "GET", "/a", &response, &err), 0);
    assert_int_equal(strlen(response.client_request_id), 36);
    for (size_t i = 0; i < 3; i++)
        assert_non_null(
            strstr(serve_seen(world.serve, "GET /a", i)->head, response.client_request_id));
    auto_response struct azml_http_response second = {0};
    assert_int_equal(ask(&world, "GET", "/b", &second, &err), 0);
    assert_string_not_equal(response.client_request_id, second.client_request_id);
    close_world(&world);
}

/* Counts what comes back, and asks for one more on the first answer. */
struct tally {
    struct world *world;
    int answers, errors, last_status;
    enum azml_error_code last_code;
    bool asks_again;
};

static void count(void *data, struct azml_http_response *response, struct azml_error *error)
{
    struct tally *tally = data;
    tally->answers += response != NULL;
    tally->errors += error != NULL;
    tally->last_status = response ? response->status : 0;
    tally->last_code = error ? error->code : AZML_ERROR_NONE;
    if (!tally->asks_again)
        return;
    tally->asks_again = false;
    auto_free char *url = azml_format(NULL, "%s/more", serve_base(tally->world->serve));
    const struct azml_http_request request = {.url = url};
    assert_int_equal(azml_http_submit(tally->world->http, &request, 5000, count, tally, NULL), 0);
    auto_response struct azml_http_response within = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(ask(tally->world, "GET", "/within", &within, &err), 0);
}

static void many_calls_run_in_one_loop_and_may_ask_for_more(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {"GET /", 0, 200, NULL, "{}", 0},
        {0   }
    };
    struct world world;
    open_world(&world, rows, false);
    struct tally tally = {.world = &world, .asks_again = true};
    auto_error struct azml_error err = {0};
    for (uint64_t i = 0; i < 40; i++) {
        auto_free char *url =
            azml_format(NULL, "%s/%lu", serve_base(world.serve), (unsigned long)i);
        const struct azml_http_request request = {.url = url};
        assert_int_equal(azml_http_submit(world.http, &request, i * 10, count, &tally, &err), 0);
    }
    assert_int_equal(azml_http_run(world.http, &err), 0);
    assert_int_equal(tally.answers, 41);
    assert_int_equal(tally.errors, 0);
    assert_int_equal(serve_count(world.serve, "GET /within"), 1);
    assert_in_range(fake_clock_waited_ms(&world.clock), 5000, 5400);
    assert_in_range(serve_connections(world.serve), 1, 16);
    close_world(&world);
}

static void a_batch_tells_each_result_apart(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {"GET /good", 0, 200, NULL, "{}", 0},
        {"GET /reset",        0, 0, NULL, NULL, SERVE_RESET},
        {0      }
    };
    struct world world;
    open_world(&world, rows, true);
    const char *paths[] = {"/good", "/missing", "/reset"};
    struct azml_http_request requests[4] = {{.url = "ftp://127.0.0.1/"}};
    char *urls[3];
    for (size_t i = 0; i < 3; i++) {
        urls[i] = azml_format(NULL, "%s%s", serve_base(world.serve), paths[i]);
        requests[i + 1].url = urls[i];
    }
    struct azml_http_result results[4];
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_http_send_all(world.http, requests, 4, results, &err), 0);
    assert_int_equal(results[0].error.code, AZML_ERROR_USAGE);
    assert_int_equal(results[1].response.status, 200);
    assert_int_equal(results[2].response.status, 404);
    assert_int_equal(results[3].error.code, AZML_ERROR_NETWORK);
    for (size_t i = 0; i < 4; i++) {
        azml_http_response_cleanup(&results[i].response);
        azml_error_cleanup(&results[i].error);
    }
    for (size_t i = 0; i < 3; i++)
        free(urls[i]);
    close_world(&world);
}

static void connections_are_used_again(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {"",   0, 200, NULL, "{}", 0},
        {0}
    };
    struct world world;
    open_world(&world, rows, true);
    for (int i = 0; i < 5; i++) {
        auto_error struct azml_error err = {0};
        auto_response struct azml_http_response response = {0};
        assert_int_equal(ask(&world, i % 2 ? "PUT" : "GET", "/", &response, &err), 0);
    }
    assert_int_equal(serve_connections(world.serve), 1);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    /* what must not be sent twice never rides on a connection that may be dead */
    assert_int_equal(ask(&world, "POST", "/", &response, &err), 0);
    assert_int_equal(serve_connections(world.serve), 2);
    close_world(&world);
}

static void the_deadline_ends_what_waits(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {"GET /", 0, 503, "Retry-After: 60\r\n", "", 0},
        {0   }
    };
    struct world world;
    open_world(&world, rows, false);
    azml_http_set_deadline(world.http, 30000);
    assert_int_equal(azml_http_time_left(world.http), 30000);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(ask(&world, "GET", "/", &response, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_TIMEOUT);
    assert_string_equal(err.message, "time ran out");
    assert_string_equal(err.why, "status 503, and the next try was due in 60 s");
    assert_int_equal(fake_clock_waited_ms(&world.clock), 0);

    struct tally tally = {.world = &world};
    const struct azml_http_request request = {.url = serve_base(world.serve)};
    auto_error struct azml_error run = {0};
    assert_int_equal(azml_http_submit(world.http, &request, 40000, count, &tally, &run), 0);
    assert_int_equal(azml_http_run(world.http, &run), 0);
    assert_int_equal(tally.last_code, AZML_ERROR_TIMEOUT);
    assert_int_equal(fake_clock_waited_ms(&world.clock), 30000);
    close_world(&world);
}

static void a_server_that_falls_silent_is_given_up(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {"POST /", 0, 0, NULL, NULL, SERVE_SILENCE},
        {0      }
    };
    struct world world;
    open_world(&world, rows, false);
    auto_error struct azml_error err = {0};
    auto_response struct azml_http_response response = {0};
    assert_int_equal(ask(&world, "POST", "/", &response, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NETWORK);
    assert_non_null(strstr(err.message, "stopped answering"));
    assert_int_equal(serve_count(world.serve, "POST"), 1);
    close_world(&world);
}

static void impossible_options_are_refused(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    assert_null(azml_http_new(&(struct azml_http_options){.max_in_flight = 65}, &err));
    assert_string_equal(err.message, "at most 64 requests can be in flight");
    assert_null(azml_http_new(&(struct azml_http_options){.ca_file = "/nowhere/ca.pem"}, &err));
    assert_string_equal(err.message, "could not read the CA file /nowhere/ca.pem");
}

/* Last: an interrupt stays for the rest of the program. */
static void an_interrupt_ends_every_call(void **state)
{
    (void)state;
    const struct serve_row rows[] = {
        {"GET /", 0, 0, NULL, NULL, SERVE_SILENCE},
        {0     }
    };
    struct world world;
    open_world(&world, rows, false);
    struct tally tally = {.world = &world};
    const struct azml_http_request request = {.url = serve_base(world.serve)};
    auto_error struct azml_error err = {0};
    azml_platform_catch_interrupts();
    assert_int_equal(azml_http_submit(world.http, &request, 0, count, &tally, &err), 0);
    assert_int_equal(azml_http_submit(world.http, &request, 60000, count, &tally, &err), 0);
    (void)raise(SIGINT);
    assert_int_equal(azml_http_run(world.http, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_INTERRUPTED);
    assert_int_equal(tally.errors, 2);
    assert_int_equal(tally.last_code, AZML_ERROR_INTERRUPTED);
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_retries_holds_on_the_wire),
        cmocka_unit_test(a_date_in_retry_after_is_waited_for),
        cmocka_unit_test(a_wait_that_is_too_long_is_reported),
        cmocka_unit_test(nobody_listening_is_a_network_error_that_says_where),
        cmocka_unit_test(one_id_goes_with_every_try_of_a_call),
        cmocka_unit_test(many_calls_run_in_one_loop_and_may_ask_for_more),
        cmocka_unit_test(a_batch_tells_each_result_apart),
        cmocka_unit_test(connections_are_used_again),
        cmocka_unit_test(the_deadline_ends_what_waits),
        cmocka_unit_test(a_server_that_falls_silent_is_given_up),
        cmocka_unit_test(impossible_options_are_refused),
        cmocka_unit_test(an_interrupt_ends_every_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
