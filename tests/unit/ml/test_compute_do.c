#include "unit/scripted.h"

#include "azml/compute_run.h"
#include "base/json.h"

#define COMPUTE(name) WORKSPACE "/computes/" name
#define STATUS \
    "Azure-AsyncOperation: $BASE" SUBSCRIPTION "/operationStatuses/1?api-version=2025-12-01\r\n"
#define SUCCEEDED                                                                                 \
    {                                                                                             \
        "GET " SUBSCRIPTION "/operationStatuses/1", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0 \
    }
#define INSTANCE(state)                                                                           \
    "{\"name\":\"ci\",\"properties\":{\"computeType\":\"ComputeInstance\",\"provisioningState\":" \
    "\"Succeeded\",\"properties\":{\"state\":\"" state "\"}}}"

static int act(struct scripted *world, enum azml_compute_act act, const char *const *names,
               size_t count, struct azml_compute_ended *ended, struct azml_error *err)
{
    const struct azml_compute_many what = {
        .workspace = {.subscription = SUB_ID, .group = "lab", .name = "course"},
        .act = act,
        .names = names,
        .count = count,
        .if_exists = false,
        .watch = &world->watch,
    };
    return azml_compute_do(world->arm, &what, ended, err);
}

static const char *const ci[] = {"ci"};

struct one_case {
    const char *name;
    enum azml_compute_act act;
    struct serve_row rows[6];
    int result;
    bool was_so;
    size_t posts;
    const char *message;
};

static const struct one_case cases[] = {
    {"start of nothing",
     AZML_COMPUTE_START,   {{0}},
     -1,
     false,     0,
     "no compute ci in workspace course"                              },
    {"start of one being deleted",
     AZML_COMPUTE_START,   {{"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Deleting"), 0}},
     -1,
     false,     0,
     "compute ci is being deleted"                                    },
    {"restart of a stopped one",
     AZML_COMPUTE_RESTART, {{"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Stopped"), 0}},
     -1,
     false,     0,
     "compute ci is stopped and cannot be restarted"                  },
    {"start of a broken one",
     AZML_COMPUTE_START,   {{"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("CreateFailed"), 0}},
     -1,
     false,     0,
     "compute ci is CreateFailed"                                     },
    {"start that fails for good",
     AZML_COMPUTE_START,   {{"GET " COMPUTE("ci"), 1, 200, NULL, INSTANCE("Stopped"), 0},
      {"POST " COMPUTE("ci") "/start", 0, 202, STATUS, NULL, 0},
      SUCCEEDED,
      {"GET " COMPUTE("ci"), 0, 200, NULL,
       "{\"name\":\"ci\",\"properties\":{\"computeType\":\"ComputeInstance\","
       "\"provisioningState\":\"Succeeded\",\"properties\":{\"state\":\"Stopped\","
       "\"lastOperation\":{\"operationName\":\"Start\",\"operationStatus\":\"StartFailed\"}}}}",
       0}},
     -1,
     false,     1,
     "could not start compute ci"                                     },
    {"start of a cluster",
     AZML_COMPUTE_START,   {{"GET " COMPUTE("ci"), 0, 200, NULL,
       "{\"name\":\"ci\",\"properties\":{\"computeType\":\"AmlCompute\"}}", 0}},
     -1,
     false,     0,
     "compute ci is of type AmlCompute: only instances start and stop"},
    {"start of a running one",
     AZML_COMPUTE_START,   {{"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Running"), 0}},
     0,  true,
     0,            NULL                                               },
    {"stop of a stopped one",
     AZML_COMPUTE_STOP,    {{"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Stopped"), 0}},
     0,  true,
     0,            NULL                                               },
    {"start of one that is still stopping",
     AZML_COMPUTE_START,   {{"GET " COMPUTE("ci"), 3, 200, NULL, INSTANCE("Stopping"), 0},
      {"GET " COMPUTE("ci"), 2, 200, NULL, INSTANCE("Stopped"), 0},
      {"POST " COMPUTE("ci") "/start", 0, 202, STATUS, NULL, 0},
      SUCCEEDED,
      {"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Running"), 0}},
     0,  false,
     1,            NULL                                               },
    {"start of one that is starting",
     AZML_COMPUTE_START,   {{"GET " COMPUTE("ci"), 3, 200, NULL, INSTANCE("Starting"), 0},
      {"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Running"), 0}},
     0,  false,
     0,            NULL                                               },
    {"stop whose end shows late",
     AZML_COMPUTE_STOP,    {{"GET " COMPUTE("ci"), 1, 200, NULL, INSTANCE("Running"), 0},
      {"POST " COMPUTE("ci") "/stop", 0, 202, STATUS, NULL, 0},
      SUCCEEDED,
      {"GET " COMPUTE("ci"), 2, 200, NULL, INSTANCE("Running"), 0},
      {"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Stopped"), 0}},
     0,  false,
     1,            NULL                                               },
    {"restart of an unusable one",
     AZML_COMPUTE_RESTART, {{"GET " COMPUTE("ci"), 1, 200, NULL, INSTANCE("Unusable"), 0},
      {"POST " COMPUTE("ci") "/restart", 0, 202, STATUS, NULL, 0},
      SUCCEEDED,
      {"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Running"), 0}},
     0,  false,
     1,            NULL                                               },
};

static void each_act_ends_in_its_state_or_says_why_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(cases); i++) {
        struct scripted world;
        scripted_open(&world, cases[i].rows);
        auto_error struct azml_error err = {0};
        struct azml_compute_ended ended[1] = {0};
        int result = act(&world, cases[i].act, ci, 1, ended, &err);
        if (result != cases[i].result || ended[0].was_so != cases[i].was_so)
            fail_msg("%s: %d %s", cases[i].name, result, err.message ? err.message : "");
        if (serve_count(world.serve, "POST") != cases[i].posts)
            fail_msg("%s: %zu posts", cases[i].name, serve_count(world.serve, "POST"));
        if (cases[i].message && strcmp(err.message, cases[i].message) != 0)
            fail_msg("%s: %s", cases[i].name, err.message);
        azml_compute_ended_cleanup(ended, 1);
        scripted_close(&world);
    }
}

static void own_computes_are_deleted_and_attached_ones_only_detached(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"GET " COMPUTE("ci"), 1, 200, NULL, INSTANCE("Running"), 0},
        {"GET " COMPUTE("vm"),                 1, 200, NULL,
         "{\"name\":\"vm\",\"properties\":{\"computeType\":\"VirtualMachine\","
         "\"isAttachedCompute\":true}}", 0},
        {"DELETE ", 0, 202, STATUS, NULL, 0},
        SUCCEEDED,
        {0                   },
    };
    struct scripted world;
    scripted_open(&world, rows);
    static const char *const names[] = {"ci", "vm"};
    struct azml_compute_ended ended[2] = {0};
    assert_int_equal(act(&world, AZML_COMPUTE_DELETE, names, 2, ended, NULL), 0);
    assert_int_equal(
        serve_count(world.serve, "DELETE " COMPUTE("ci") "?underlyingResourceAction=Delete"), 1);
    assert_int_equal(
        serve_count(world.serve, "DELETE " COMPUTE("vm") "?underlyingResourceAction=Detach"), 1);
    azml_compute_ended_cleanup(ended, 2);
    scripted_close(&world);
}

static void some_of_several_failing_is_a_partial_failure_with_each_reason(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"GET " COMPUTE("ci"), 0, 200, NULL, INSTANCE("Running"), 0},
        {0                }
    };
    struct scripted world;
    scripted_open(&world, rows);
    static const char *const names[] = {"ci", "gone"};
    struct azml_compute_ended ended[2] = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(act(&world, AZML_COMPUTE_START, names, 2, ended, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_PARTIAL);
    assert_string_equal(err.message, "1 of 2 computes failed");
    assert_string_equal(err.why, "no compute gone in workspace course");
    assert_true(ended[0].was_so);
    azml_compute_ended_cleanup(ended, 2);
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_act_ends_in_its_state_or_says_why_not),
        cmocka_unit_test(own_computes_are_deleted_and_attached_ones_only_detached),
        cmocka_unit_test(some_of_several_failing_is_a_partial_failure_with_each_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
