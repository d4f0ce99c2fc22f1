/* self_run.h - a test program that azml_sandbox_start can run as `… sandbox run`, with a state
 * folder for each test. */
#ifndef TEST_SANDBOX_SELF_RUN_H
#define TEST_SANDBOX_SELF_RUN_H

#include "sandbox/sandbox.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char state_folder[64];

static inline int state_setup(void **state)
{
    (void)state;
    snprintf(state_folder, sizeof(state_folder), "/tmp/azml-lifecycle-XXXXXX");
    if (!mkdtemp(state_folder))
        return -1;
    return setenv("AZML_STATE_DIR", state_folder, 1);
}

static inline int state_teardown(void **state)
{
    (void)state;
    if (azml_sandbox_reset(NULL, NULL) < 0 || azml_sandbox_reset("other", NULL) < 0)
        return -1;
    return azml_fs_remove_tree(state_folder, NULL);
}

static inline bool is_running(const char *name)
{
    auto_json cJSON *status = azml_sandbox_status(name, NULL);
    assert_non_null(status);
    return azml_json_bool_or(status, "running", false);
}

static inline void start(const char *name)
{
    auto_error struct azml_error err = {0};
    const struct azml_sandbox_options options = {.name = name};
    if (azml_sandbox_start(&options, NULL, &err) < 0)
        fail_msg("%s: %s", err.message, err.why ? err.why : "");
}

/* First in main: true where this is the sandbox, which has now ended with `*status_out`. */
static inline bool was_sandbox(int argc, char **argv, int *status_out)
{
    if (argc < 3 || strcmp(argv[1], "sandbox") != 0 || strcmp(argv[2], "run") != 0)
        return false;
    auto_error struct azml_error err = {0};
    const struct azml_sandbox_options options = {0};
    *status_out = azml_sandbox_run(&options, NULL, NULL, &err) < 0;
    if (*status_out)
        fprintf(stderr, "%s\n%s\n", err.message, err.why ? err.why : "");
    return true;
}

#define WITH_STATE(test) cmocka_unit_test_setup_teardown(test, state_setup, state_teardown)

#endif
