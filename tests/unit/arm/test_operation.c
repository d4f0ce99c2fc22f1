#include "unit/test.h"

#include "arm/handle.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "support/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THING \
    "/subscriptions/9/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
#define ASYNC    "Azure-AsyncOperation: $BASE/status?x=y\r\n"
#define LOCATION "Location: $BASE/location?x=y\r\n"
#define READY    "{\"name\":\"w\",\"properties\":{\"provisioningState\":\"Succeeded\"}}"
#define BUSY     "{\"name\":\"w\",\"properties\":{\"provisioningState\":\"Creating\"}}"
#define BROKEN                                                                                        \
    "{\"properties\":{\"provisioningState\":\"Failed\",\"provisioningErrors\":[{\"error\":{\"code\":" \
    "\"QuotaExceeded\",\"message\":\"0 of 6\"}}]}}"

/* One operation from its first request to its end. */
struct row {
    const char *name, *method;
    struct serve_row script[7];
    const char *said;          /* the service's code, or of a success the status of `body` */
    const char *message;       /* NULL: not looked at */
    size_t requests;           /* without the token's; 0: not looked at */
    uint64_t waited_ms;        /* on the clock; 0: not looked at */
    enum azml_error_code code; /* 0: it succeeds */
    bool until_gone, no_wait;
};

static const struct row rows[] = {
  /* ends badly */
    {.name = "refused at the start",
     .method = "PUT",
     .script = {{"PUT /", 0, 409, NULL, "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"m\"}}",
                 0}},
     .code = AZML_ERROR_LOCKED,
     .said = "ScopeLocked",
     .requests = 1},
    {.name = "failed with a reason",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 200, NULL,
                 "{\"status\":\"FAILED\",\"error\":{\"code\":\"QuotaExceeded\",\"message\":\"m\"}}",
                 0}},
     .code = AZML_ERROR_QUOTA,
     .said = "QuotaExceeded",
     .requests = 2},
    {.name = "failed without a reason: the resource knows",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Failed\"}", 0},
                {"GET /sub", 0, 200, NULL, BROKEN, 0}},
     .code = AZML_ERROR_QUOTA,
     .said = "QuotaExceeded",
     .requests = 3},
    {.name = "failed, and nobody knows why",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Failed\"}", 0}},
     .code = AZML_ERROR_SERVICE,
     .message = "the operation failed and the service did not say why"                                                                                      },
    {.name = "an error nested as text",
     .method = "PUT",
     .script =
         {{"PUT /", 0, 202, ASYNC, NULL, 0},
          {"GET /status", 0, 200, NULL,
           "{\"status\":\"Failed\",\"error\":{\"code\":\"X\",\"message\":\"{\\\"error\\\":{\\\"code\\\":\\\"ScopeLocked\\\",\\\"message\\\":\\\"m\\\"}}\"}}",
           0}},
     .code = AZML_ERROR_LOCKED,
     .said = "ScopeLocked"                                                                                      },
    {.name = "cancelled",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Cancelled\"}", 0}},
     .code = AZML_ERROR_CONFLICT,
     .message = "the operation was cancelled"                                                                                      },
    {.name = "a Location that ends in an error",
     .method = "POST",
     .script = {{"POST /", 0, 202, LOCATION, NULL, 0},
                {"GET /location", 0, 409, NULL,
                 "{\"error\":{\"code\":\"Conflict\",\"message\":\"m\"}}", 0}},
     .code = AZML_ERROR_CONFLICT,
     .said = "Conflict"                                                                                     },
    {.name = "the status says yes, the resource no",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
                {"GET /sub", 0, 200, NULL, BROKEN, 0}},
     .code = AZML_ERROR_QUOTA,
     .said = "QuotaExceeded",
     .requests = 6},
    {.name = "a status address on another server",
     .method = "PUT",
     .script = {{"PUT /", 0, 202, "Azure-AsyncOperation: $OTHER/status\r\n", NULL, 0}},
     .code = AZML_ERROR_PROTOCOL,
     .requests = 1                                         },
    {.name = "a Location on another server",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 202, "Location: $OTHER/location\r\n", NULL, 0}},
     .code = AZML_ERROR_PROTOCOL,
     .requests = 1      },
    {.name = "that turns to another server later",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 202, LOCATION, NULL, 0},
                {"GET /location", 0, 202, "Location: $OTHER/location\r\n", NULL, 0}},
     .code = AZML_ERROR_PROTOCOL,
     .requests = 2                                   },
    {.name = "polls without end",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Running\"}", 0}},
     .code = AZML_ERROR_PROTOCOL,
     .message = "the thing is still not done after 50 looks"                       },
    {.name = "a status that may not be read",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 403, NULL,
                 "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"m\"}}", 0}},
     .code = AZML_ERROR_FORBIDDEN,
     .message = "lost sight of the thing"},
    {.name = "a resource that is answered with nothing is not done",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
                {"GET /sub", 0, 200, NULL, "<html>sign in to the network</html>", 0}},
     .code = AZML_ERROR_PROTOCOL,
     .message = "lost sight of the thing"                   },
    {.name = "deleted, says the service, and it stays",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 202, LOCATION, NULL, 0},
                {"GET /location", 0, 200, NULL, NULL, 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .code = AZML_ERROR_CONFLICT,
     .message = "the thing is still there",
     .until_gone = true},
    {.name = "a deletion that was given up",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 202, NULL, NULL, 0},
                {"GET /sub", 1, 200, NULL, "{\"properties\":{\"provisioningState\":\"Deleting\"}}",
                 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .code = AZML_ERROR_CONFLICT,
     .message = "the thing is still there",
     .until_gone = true},
 /* ends well */
    {.name = "PUT done at once",
     .method = "PUT",
     .script = {{"PUT /", 0, 200, NULL, READY, 0}},
     .requests = 1,
     .said = "Succeeded"                                                                                   },
    {.name = "202 with an empty body on PUT, both headers",
     .method = "PUT",
     .script = {{"PUT /", 0, 202, ASYNC LOCATION, NULL, 0},
                {"GET /status", 1, 200, NULL, "{\"status\":\"InProgress\"}", 0},
                {"GET /status", 0, 200, NULL,
                 "{\"status\":\"succeeded\",\"percentComplete\":100.0}", 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 4,
     .waited_ms = 2500,
     .said = "Succeeded"},
    {.name = "a body with its own state",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, NULL, BUSY, 0},
                {"GET /sub", 1, 200, NULL, BUSY, 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 3,
     .waited_ms = 2500,
     .said = "Succeeded"},
    {.name = "202 on PUT without any header, 404 until it is there",
     .method = "PUT",
     .script = {{"PUT /", 0, 202, NULL, NULL, 0},
                {"GET /sub", 2, 404, NULL, "{}", 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 4,
     .said = "Succeeded"                                                                                        },
    {.name = "the named interval is kept",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 202, LOCATION "Retry-After: 15\r\n", NULL, 0},
                {"GET /location", 2, 202, NULL, NULL, 0},
                {"GET /location", 0, 200, NULL, NULL, 0}},
     .requests = 4,
     .waited_ms = 45000                                                     },
    {.name = "the status is known no more: the resource tells",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 404, NULL, "{}", 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 3,
     .said = "Succeeded"                                                 },
    {.name = "the status cannot be read for a while",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 7, 500, NULL, "", 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 10,
     .said = "Succeeded"                                                     },
    {.name = "the connection breaks while polling",
     .method = "PUT",
     .script = {{"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 7, 0, NULL, NULL, SERVE_RESET},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 10,
     .said = "Succeeded"                                                     },
    {.name = "the resource lags behind the status",
     .method = "PUT",
     .script = {{"PUT /", 0, 202, ASYNC, NULL, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
                {"GET /sub", 1, 404, NULL, "{}", 0},
                {"GET /sub", 1, 200, NULL, BUSY, 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 5,
     .said = "Succeeded"                                                     },
    {.name = "reset in the middle of the PUT",
     .method = "PUT",
     .script = {{"PUT /", 1, 0, NULL, NULL, SERVE_RESET},
                {"PUT /", 0, 201, ASYNC, BUSY, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 4,
     .said = "Succeeded"                                                     },
    {.name = "a relative address",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 202, "Location: /location\r\n", NULL, 0},
                {"GET /location", 0, 204, NULL, NULL, 0}},
     .requests = 2                                                                                      },
    {.name = "PATCH answered with an unexpected 202",
     .method = "PATCH",
     .script = {{"PATCH /", 0, 202, ASYNC, NULL, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
                {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 3,
     .said = "Succeeded"                                                     },
    {.name = "DELETE of nothing",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 204, NULL, NULL, 0}},
     .requests = 1                                                     },
    {.name = "DELETE of what 404 says is not there",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 404, NULL, "{}", 0}},
     .requests = 1                                                      },
    {.name = "DELETE without a header, followed to its absence",
     .method = "DELETE",
     .script = {{"DELETE /", 0, 202, NULL, NULL, 0}, {"GET /sub", 2, 200, NULL, READY, 0}},
     .requests = 4                                                                                        },
    {.name = "DELETE until it is gone",
     .method = "DELETE",
     .until_gone = true,
     .script = {{"DELETE /", 0, 202, ASYNC, NULL, 0},
                {"GET /status", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
                {"GET /sub", 1, 200, NULL, READY, 0}},
     .requests = 4                                                 },
    {.name = "accepted is enough",
     .method = "PUT",
     .no_wait = true,
     .script = {{"PUT /", 0, 202, ASYNC, NULL, 0}},
     .requests = 1                                                                                        },
    {.name = "only waiting, until the state settles",
     .method = NULL,
     .script = {{"GET /sub", 2, 200, NULL, BUSY, 0}, {"GET /sub", 0, 200, NULL, READY, 0}},
     .requests = 3,
     .said = "Succeeded"                                                                                        },
    {.name = "only waiting, until it is gone",
     .method = NULL,
     .until_gone = true,
     .script = {{"GET /sub", 2, 200, NULL, BUSY, 0}},
     .requests = 3                                },
};

/* Everything a row expects that did not come true, or NULL. */
static char *complaint(const struct row *row, struct world *world, int done,
                       const struct azml_arm_outcome *outcome, const struct azml_error *err)
{
    size_t requests = serve_count(world->serve, "") - serve_count(world->serve, WORLD_TOKEN_LINE);
    uint64_t waited = fake_clock_waited_ms(&world->clock);
    const char *said =
        done < 0 ? err->said_code : azml_json_text(outcome->body, "properties.provisioningState");
    bool is_fine = err->code == row->code && (done < 0) == (row->code != AZML_ERROR_NONE) &&
                   (!row->said || azml_same_text(said, row->said)) &&
                   (!row->message || azml_same_text(err->message, row->message)) &&
                   (!row->requests || requests == row->requests) &&
                   (!row->waited_ms || waited == row->waited_ms) &&
                   serve_count(world->other, "") == 0;
    if (is_fine)
        return NULL;
    return azml_format(NULL, "%s: %d '%s' said '%s', %zu requests, waited %lu ms, %zu elsewhere",
                       row->name, (int)err->code, err->message ? err->message : "",
                       said ? said : "", requests, (unsigned long)waited,
                       serve_count(world->other, ""));
}

static void operations_come_to_their_end_however_the_service_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct world world;
        world_open(&world, rows[i].script);
        world.arm->most_polls = 50;
        auto_json cJSON *body = cJSON_CreateObject();
        const struct azml_arm_operation operation = {
            .call = {.method = rows[i].method, .path = THING, .body = body},
            .resource = THING,
            .until_gone = rows[i].until_gone,
            .no_wait = rows[i].no_wait,
            .what = "the thing",
            .resume = "azml wait",
        };
        struct azml_arm_outcome outcome = {0};
        auto_error struct azml_error err = {0};
        int done = azml_arm_operate(world.arm, &operation, &outcome, &err);
        auto_free char *wrong = complaint(&rows[i], &world, done, &outcome, &err);
        assert_true(!rows[i].no_wait || outcome.is_accepted_only);
        azml_arm_outcome_cleanup(&outcome);
        world_close(&world);
        if (wrong)
            fail_msg("%s", wrong);
    }
}

/* Running, as a compute is; a state of its own decides. */
static enum azml_arm_state compute_state(void *data, const cJSON *resource)
{
    (void)data;
    const char *text = azml_json_text(resource, "state");
    if (azml_same_text(text, "Running"))
        return AZML_ARM_DONE;
    return azml_same_text(text, "SetupFailed") ? AZML_ARM_FAILED : AZML_ARM_BUSY;
}

static void a_state_of_its_own_decides_after_a_post(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /", 0, 202, ASYNC, NULL, 0},
        {"GET /status",     0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
        {"GET /sub",    1, 200, NULL, "{\"state\":\"Starting\"}", 0},
        {"GET /sub",        1, 200, NULL, "{\"state\":\"Running\"}", 0},
        {"GET /sub",   0, 200, NULL,
         "{\"state\":\"SetupFailed\",\"properties\":{\"errors\":[{\"code\":\"E\",\"message\":\"m\"}]}}",
         0},
        {0   },
    };
    struct world world;
    world_open(&world, script);
    struct azml_arm_operation operation = {
        .call = {.method = "POST", .path = THING "/start", .repeat = AZML_HTTP_REPEAT_SAFE},
        .state = compute_state,
    };
    struct azml_arm_outcome outcome = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_operate(world.arm, &operation, &outcome, &err), 0);
    assert_string_equal(azml_json_text(outcome.body, "state"), "Running");
    assert_int_equal(serve_count(world.serve, "GET " THING "?"), 2);
    assert_string_equal(serve_seen(world.serve, "POST " THING, 0)->authorization, "Bearer token-1");
    azml_arm_outcome_cleanup(&outcome);
    assert_int_equal(azml_arm_operate(world.arm, &operation, NULL, &err), -1);
    assert_string_equal(err.said_code, "E");
    world_close(&world);
}

static void a_post_brings_what_its_location_ends_with(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"POST /", 0, 202, LOCATION, NULL, 0},
        {"GET /location",     1, 202, NULL, NULL, 0},
        {"GET /location",    0, 200, NULL, "{\"answer\":\"yes\"}", 0},
        {0       },
    };
    struct world world;
    world_open(&world, script);
    const struct azml_arm_operation operation = {
        .call = {.method = "POST", .path = THING "/diagnose"}
    };
    struct azml_arm_outcome outcome = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_operate(world.arm, &operation, &outcome, &err), 0);
    assert_string_equal(azml_json_text(outcome.body, "answer"), "yes");
    assert_int_equal(outcome.start_status, 202);
    azml_arm_outcome_cleanup(&outcome);
    world_close(&world);
}

static void the_deadline_says_what_goes_on_and_how_to_resume(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"PUT /", 0, 201, ASYNC, BUSY, 0},
        {"GET /status",    0, 200, NULL, "{\"status\":\"Running\"}", 0},
        {0  }
    };
    struct world world;
    world_open(&world, script);
    azml_http_set_deadline(world.http, 60000);
    const struct azml_arm_operation operation = {
        .call = {.method = "PUT", .path = THING},
        .what = "compute trainer",
        .resume = "azml compute show trainer"
    };
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_operate(world.arm, &operation, NULL, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_TIMEOUT);
    assert_string_equal(err.message, "time ran out while waiting for compute trainer");
    assert_string_equal(err.why, "the service still works on it");
    assert_string_equal(err.hint, "azml compute show trainer");
    assert_int_equal(fake_clock_waited_ms(&world.clock), 60000);
    world_close(&world);
}

/* How each of several ended. */
struct ends {
    size_t good, bad;
    size_t last_index;
    unsigned reports;
};

static void note_end(void *data, size_t index, struct azml_arm_outcome *outcome,
                     struct azml_error *error)
{
    struct ends *ends = data;
    ends->good += outcome != NULL;
    ends->bad += error != NULL;
    ends->last_index = index;
}

static void note_progress(void *data, const struct azml_arm_progress *progress)
{
    struct ends *ends = data;
    ends->reports++;
    assert_true(progress->percent <= 100);
}

static void many_operations_run_at_once(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"DELETE /subscriptions/9/resourceGroups/bad",               0, 409, NULL,
         "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"m\"}}", 0},
        {"DELETE /",                                                       0, 202, LOCATION "Retry-After: 15\r\n", NULL, 0},
        {"GET /location", 10, 202, NULL, NULL, 0},
        {"GET /location",                                                          0, 200, NULL, NULL, 0},
        {0  },
    };
    struct world world;
    world_open(&world, script);
    struct ends ends = {0};
    struct azml_arm_operation operations[11];
    char paths[11][64];
    for (size_t i = 0; i < 11; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "/subscriptions/9/resourceGroups/%s%zu",
                       i == 4 ? "bad" : "lab", i);
        operations[i] = (struct azml_arm_operation){
            .call = {.method = "DELETE", .path = paths[i]},
            .until_gone = true,
            .progress = note_progress,
            .data = &ends,
        };
    }
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_operate_all(world.arm, operations, 11, note_end, &ends, &err), 0);
    assert_int_equal(ends.good, 10);
    assert_int_equal(ends.bad, 1);
    assert_true(ends.reports >= 20);
    /* two rounds of fifteen seconds for all of them, not for each */
    assert_int_equal(fake_clock_waited_ms(&world.clock), 30000);
    world_close(&world);
}

/* Last: an interrupt stays for the rest of the program. */
static void interrupt(void *data, const struct azml_arm_progress *progress)
{
    (void)data;
    (void)progress;
    (void)raise(SIGINT);
}

static void an_interrupt_says_what_goes_on(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"PUT /", 0, 201, ASYNC, BUSY, 0},
        {"GET /status",    0, 200, NULL, "{\"status\":\"Running\"}", 0},
        {0  }
    };
    struct world world;
    world_open(&world, script);
    azml_platform_catch_interrupts();
    const struct azml_arm_operation operation = {
        .call = {.method = "PUT", .path = THING},
        .progress = interrupt,
        .what = "workspace w",
        .resume = "azml workspace show w"
    };
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_operate(world.arm, &operation, NULL, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_INTERRUPTED);
    assert_string_equal(err.message, "stopped waiting for workspace w");
    assert_string_equal(err.why, "the service still works on it");
    assert_string_equal(err.hint, "azml workspace show w");
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_come_to_their_end_however_the_service_answers),
        cmocka_unit_test(a_state_of_its_own_decides_after_a_post),
        cmocka_unit_test(a_post_brings_what_its_location_ends_with),
        cmocka_unit_test(the_deadline_says_what_goes_on_and_how_to_resume),
        cmocka_unit_test(many_operations_run_at_once),
        cmocka_unit_test(an_interrupt_says_what_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
