#include "unit/test.h"

#include "base/auto.h"
#include "base/json.h"
#include "ml/compute_state.h"

#include <string.h>

static enum azml_arm_state look(struct azml_compute_goal *goal, const char *inner)
{
    auto_free char *text = azml_format(NULL,
                                       "{\"properties\":{\"computeType\":\"ComputeInstance\","
                                       "\"provisioningState\":\"Succeeded\",\"properties\":%s}}",
                                       inner);
    auto_json cJSON *document = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(document);
    return azml_compute_goal_state(goal, document);
}

static void what_is_no_compute_has_failed(void **state)
{
    (void)state;
    struct azml_compute_goal goal = {.wanted = AZML_COMPUTE_READY};
    auto_json cJSON *document = cJSON_CreateObject();
    assert_int_equal(azml_compute_goal_state(&goal, document), AZML_ARM_FAILED);
}

static void a_broken_compute_and_a_failed_operation_end_the_wait(void **state)
{
    (void)state;
    struct azml_compute_goal goal = {.wanted = AZML_COMPUTE_READY};
    assert_int_equal(look(&goal, "{\"state\":\"CreateFailed\"}"), AZML_ARM_FAILED);
    assert_int_equal(look(&goal, "{\"state\":\"Stopped\",\"lastOperation\":{\"operationStatus\":"
                                 "\"StartFailed\"}}"),
                     AZML_ARM_FAILED);
}

#define ERRORS "\"errors\":[{\"error\":{\"code\":\"SetupScriptFailed\",\"message\":\"m\"}}]"

static void a_new_compute_that_reports_errors_is_no_success(void **state)
{
    (void)state;
    struct azml_compute_goal goal = {.wanted = AZML_COMPUTE_READY, .is_new = true};
    assert_int_equal(look(&goal, "{\"state\":\"Running\"," ERRORS "}"), AZML_ARM_FAILED);
    assert_int_equal(look(&goal, "{\"state\":\"Running\",\"errors\":[]}"), AZML_ARM_DONE);
    goal.is_new = false; /* an old one may carry what once went wrong */
    assert_int_equal(look(&goal, "{\"state\":\"Running\"," ERRORS "}"), AZML_ARM_DONE);
}

static void an_answer_that_lags_is_looked_at_again_but_not_for_ever(void **state)
{
    (void)state;
    struct azml_compute_goal goal = {.wanted = AZML_COMPUTE_STOPPED};
    unsigned looks = 0;
    while (look(&goal, "{\"state\":\"Running\"}") == AZML_ARM_BUSY)
        looks++;
    assert_in_range(looks, 3, 10);
    goal.stale_polls = 0;
    assert_int_equal(look(&goal, "{\"state\":\"Stopped\"}"), AZML_ARM_DONE);
}

static void on_the_way_there_is_busy(void **state)
{
    (void)state;
    struct azml_compute_goal goal = {.wanted = AZML_COMPUTE_READY};
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(look(&goal, "{\"state\":\"SettingUp\"}"), AZML_ARM_BUSY);
}

#define OPEN "\"sshSettings\":{\"sshPublicAccess\":\"Enabled\"}"

static void an_address_is_waited_for_only_where_ssh_is_open(void **state)
{
    (void)state;
    struct azml_compute_goal goal = {.wanted = AZML_COMPUTE_READY, .needs_address = true};
    assert_int_equal(look(&goal, "{\"state\":\"Running\"," OPEN "}"), AZML_ARM_BUSY);
    assert_int_equal(look(&goal, "{\"state\":\"Running\"}"), AZML_ARM_DONE);
    assert_int_equal(look(&goal, "{\"state\":\"Running\"," OPEN ",\"connectivityEndpoints\":{"
                                 "\"publicIpAddress\":\"127.0.0.1\"}}"),
                     AZML_ARM_DONE);
    unsigned looks = 0;
    while (look(&goal, "{\"state\":\"Running\"," OPEN "}") == AZML_ARM_BUSY)
        looks++;
    assert_in_range(looks, 3, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_compute_has_failed),
        cmocka_unit_test(a_broken_compute_and_a_failed_operation_end_the_wait),
        cmocka_unit_test(a_new_compute_that_reports_errors_is_no_success),
        cmocka_unit_test(an_answer_that_lags_is_looked_at_again_but_not_for_ever),
        cmocka_unit_test(on_the_way_there_is_busy),
        cmocka_unit_test(an_address_is_waited_for_only_where_ssh_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
