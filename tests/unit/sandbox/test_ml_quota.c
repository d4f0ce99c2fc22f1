#include "sandbox/ml_quota.h"

#include "ml_world.h"

#define USAGES "/providers/Microsoft.MachineLearningServices/locations/westeurope/usages" ML_GA

static int64_t usage(const char *name, const char *member)
{
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", USAGES, NULL);
    const cJSON *item;
    cJSON_ArrayForEach (item, azml_json_at(reply.json, "value")) {
        if (strcmp(azml_json_text(item, "name.value"), name) == 0)
            return azml_json_int_or(item, member, -2);
    }
    return -3;
}

static int open_with_workspace(void **state)
{
    if (ml_open(state) < 0)
        return -1;
    ml_make_workspace();
    return 0;
}

static void a_student_has_no_gpu_quota(void **state)
{
    (void)state;
    static const char *const families[] = {"standardNCFamily", "standardNVFamily",
                                           "standardNCSv3Family", "standardNDSv2Family"};
    for (size_t i = 0; i < AZML_COUNT(families); i++) {
        if (usage(families[i], "limit") != 0)
            fail_msg("%s: %ld", families[i], (long)usage(families[i], "limit"));
    }
    assert_int_equal(usage("standardEDSv4Family", "limit"), 6);
    assert_int_equal(usage("TotalDedicatedCores", "limit"), 6);
    auto_free char *body = ml_instance_body("Standard_NC6s_v3", ML_SSH);
    ml_refused(400, "ClusterMinNodesExceedCoreQuota",
               "The specified subscription has a Standard NCSv3 Family vCPU quota of 0 and cannot "
               "accomodate for at least 1 requested managed compute nodes which maps to 6 vCPUs.",
               "PUT", ML_CI ML_GA, body);
}

static void a_family_without_a_row_has_no_quota(void **state)
{
    (void)state;
    auto_free char *body = ml_instance_body("Standard_L8s_v2", ML_SSH);
    ml_refused(400, "ClusterMinNodesExceedCoreQuota", "vCPU quota of 0 and cannot accomodate",
               "PUT", ML_CI ML_GA, body);
}

static void more_cores_than_are_left_are_refused(void **state)
{
    (void)state;
    auto_free char *large = ml_instance_body("Standard_E8ds_v4", "");
    ml_refused(400, "ClusterMinNodesExceedCoreQuota",
               "Standard EDSv4 Family vCPU quota of 6 and cannot accomodate for at least 1 "
               "requested managed compute nodes which maps to 8 vCPUs.",
               "PUT", ML_CI ML_GA, large);
    ml_make_instance("");
    assert_int_equal(usage("standardEDSv4Family", "currentValue"), 4);
    assert_int_equal(usage("TotalDedicatedCores", "currentValue"), 4);
    assert_int_equal(usage("TotalClusters", "currentValue"), 1);
    auto_free char *second = ml_instance_body("Standard_E4ds_v4", "");
    ml_refused(400, "ClusterMinNodesExceedCoreQuota", "quota of 6", "PUT",
               ML_WS "/computes/second" ML_GA, second);
    auto_free char *other = ml_instance_body("Standard_D4s_v3", "");
    ml_refused(400, "ClusterMinNodesExceedCoreQuota", "has a total vCPU quota of 6", "PUT",
               ML_WS "/computes/second" ML_GA, other);
}

static void a_stopped_instance_still_counts_and_a_deleted_one_does_not(void **state)
{
    (void)state;
    ml_make_instance("");
    ml_do(202, "POST", ML_CI "/stop" ML_GA, NULL);
    ml_pass(90);
    ml_shows(ML_CI, "properties.properties.state", "Stopped");
    assert_int_equal(usage("standardEDSv4Family", "currentValue"), 4);
    ml_do(202, "DELETE", ML_CI ML_GA "&underlyingResourceAction=Delete", NULL);
    ml_pass(90);
    assert_int_equal(usage("standardEDSv4Family", "currentValue"), 0);
}

static void a_cluster_counts_its_nodes_and_low_priority_is_not_checked(void **state)
{
    (void)state;
    auto_free char *empty =
        ml_cluster_body("\"vmSize\":\"Standard_E4ds_v4\",\"scaleSettings\":{\"maxNodeCount\":4}");
    ml_do(201, "PUT", ML_WS "/computes/empty" ML_GA, empty);
    ml_pass(60);
    assert_int_equal(usage("standardEDSv4Family", "currentValue"), 0);
    auto_free char *two =
        ml_cluster_body("\"vmSize\":\"Standard_E4ds_v4\",\"scaleSettings\":{\"minNodeCount\":2,"
                        "\"maxNodeCount\":4}");
    ml_refused(400, "ClusterMinNodesExceedCoreQuota",
               "at least 2 requested managed compute nodes which maps to 8 vCPUs", "PUT",
               ML_WS "/computes/two" ML_GA, two);
    auto_free char *low =
        ml_cluster_body("\"vmSize\":\"Standard_E4ds_v4\",\"vmPriority\":\"LowPriority\","
                        "\"scaleSettings\":{\"minNodeCount\":2,\"maxNodeCount\":4}");
    ml_do(201, "PUT", ML_WS "/computes/low" ML_GA, low);
    assert_false(sandbox_ml_quota_has_low_priority(ml_sandbox, ml_sandbox->subscription_id));
}

static void another_offer_has_its_own_limits(void **state)
{
    (void)state;
    ml_keep("", NULL, "{\"subscriptionPolicies\":{\"quotaId\":\"PayAsYouGo_2014-09-01\"}}");
    assert_int_equal(usage("TotalDedicatedCores", "limit"), 20);
}

static void usages_are_paged_and_workspace_quotas_empty(void **state)
{
    (void)state;
    ml_sandbox->page_size = 2;
    auto_reply struct sandbox_reply first = ml_expect(200, "GET", USAGES, NULL);
    assert_int_equal(cJSON_GetArraySize(azml_json_at(first.json, "value")), 2);
    const char *next = azml_json_text(first.json, "nextLink");
    assert_non_null(next);
    assert_non_null(strstr(next, "skip"));
    ml_do(200, "GET",
          "/providers/Microsoft.MachineLearningServices/locations/westeurope/quotas" ML_GA, NULL);
    ml_refused(400, "BadRequest", "nowhere", "GET",
               "/providers/Microsoft.MachineLearningServices/locations/nowhere/usages" ML_GA, NULL);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_with_workspace, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(a_student_has_no_gpu_quota),
        ROW(a_family_without_a_row_has_no_quota),
        ROW(more_cores_than_are_left_are_refused),
        ROW(a_stopped_instance_still_counts_and_a_deleted_one_does_not),
        ROW(a_cluster_counts_its_nodes_and_low_priority_is_not_checked),
        ROW(another_offer_has_its_own_limits),
        ROW(usages_are_paged_and_workspace_quotas_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
