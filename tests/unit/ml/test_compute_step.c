#include "unit/test.h"

#include "base/auto.h"
#include "ml/compute_step.h"

struct row {
    const char *state;
    enum azml_compute_act act;
    enum azml_compute_step step;
    enum azml_compute_phase after; /* where the step is to wait */
};

static const struct row rows[] = {
    {"Deleting",     AZML_COMPUTE_START,   AZML_STEP_REFUSE, 0                   },
    {"CreateFailed", AZML_COMPUTE_STOP,    AZML_STEP_REFUSE, 0                   },
    {"CreateFailed", AZML_COMPUTE_RESTART, AZML_STEP_REFUSE, 0                   },
    {"Stopped",      AZML_COMPUTE_RESTART, AZML_STEP_REFUSE, 0                   },
    {"Unusable",     AZML_COMPUTE_START,   AZML_STEP_REFUSE, 0                   },
    {"Unusable",     AZML_COMPUTE_RESTART, AZML_STEP_SEND,   0                   },
    {"Running",      AZML_COMPUTE_START,   AZML_STEP_DONE,   0                   },
    {"JobRunning",   AZML_COMPUTE_START,   AZML_STEP_DONE,   0                   },
    {"Running",      AZML_COMPUTE_STOP,    AZML_STEP_SEND,   0                   },
    {"Running",      AZML_COMPUTE_RESTART, AZML_STEP_SEND,   0                   },
    {"Stopped",      AZML_COMPUTE_START,   AZML_STEP_SEND,   0                   },
    {"Stopped",      AZML_COMPUTE_STOP,    AZML_STEP_DONE,   0                   },
    {"Stopping",     AZML_COMPUTE_START,   AZML_STEP_WAIT,   AZML_COMPUTE_STOPPED},
    {"Stopping",     AZML_COMPUTE_STOP,    AZML_STEP_FOLLOW, 0                   },
    {"Stopping",     AZML_COMPUTE_RESTART, AZML_STEP_WAIT,   AZML_COMPUTE_STOPPED},
    {"Starting",     AZML_COMPUTE_START,   AZML_STEP_FOLLOW, 0                   },
    {"Creating",     AZML_COMPUTE_START,   AZML_STEP_FOLLOW, 0                   },
    {"Starting",     AZML_COMPUTE_STOP,    AZML_STEP_WAIT,   AZML_COMPUTE_READY  },
    {"Starting",     AZML_COMPUTE_RESTART, AZML_STEP_WAIT,   AZML_COMPUTE_READY  },
    {"Restarting",   AZML_COMPUTE_RESTART, AZML_STEP_FOLLOW, 0                   },
    {"Dreaming",     AZML_COMPUTE_START,   AZML_STEP_SEND,   0                   },
    {"Deleting",     AZML_COMPUTE_DELETE,  AZML_STEP_FOLLOW, 0                   },
    {"Running",      AZML_COMPUTE_DELETE,  AZML_STEP_SEND,   0                   },
};

static void the_next_step_follows_from_the_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct azml_compute compute = {.name = "ci",
                                             .kind = AZML_COMPUTE_INSTANCE,
                                             .provisioning = "Succeeded",
                                             .state = rows[i].state};
        auto_error struct azml_error err = {0};
        enum azml_compute_phase after = AZML_COMPUTE_UNKNOWN;
        enum azml_compute_step step = azml_compute_next(&compute, rows[i].act, &after, &err);
        if (step != rows[i].step || (step == AZML_STEP_WAIT && after != rows[i].after))
            fail_msg("row %zu: %s: step %d", i, rows[i].state, (int)step);
        if ((step == AZML_STEP_REFUSE) != (err.code != AZML_ERROR_NONE))
            fail_msg("row %zu: %s: error %d", i, rows[i].state, (int)err.code);
    }
}

static void clusters_neither_start_nor_stop(void **state)
{
    (void)state;
    const struct azml_compute compute = {
        .name = "cl", .kind = AZML_COMPUTE_CLUSTER, .type = "AmlCompute"};
    auto_error struct azml_error err = {0};
    enum azml_compute_phase after;
    assert_int_equal(azml_compute_next(&compute, AZML_COMPUTE_STOP, &after, &err),
                     AZML_STEP_REFUSE);
    assert_string_equal(err.message,
                        "compute cl is of type AmlCompute: only instances start and stop");
    assert_string_equal(err.why, "a cluster scales by itself; at 0 nodes it costs nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_step_follows_from_the_state),
        cmocka_unit_test(clusters_neither_start_nor_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
