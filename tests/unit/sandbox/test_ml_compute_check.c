#include "sandbox/ml_compute.h"

#include "ml_world.h"

static int open_with_workspace(void **state)
{
    if (ml_open(state) < 0)
        return -1;
    ml_make_workspace();
    return 0;
}

static char *named(const char *name)
{
    return azml_format(NULL, ML_WS "/computes/%s" ML_GA, name);
}

static void names_follow_the_rule_of_their_kind(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool is_instance, is_good;
    } rows[] = {
        {"ab",                                true,  false},
        {"1abc",                              true,  false},
        {"ci_1",                              true,  false},
        {"ci-01",                             true,  false},
        {"ci-",                               true,  false},
        {"a234567890123456789012345",         true,  false},
        {"ab",                                false, false},
        {"cpu-",                              false, false},
        {"a23456789012345678901234567890123", false, false},
        {"ci-01",                             false, true },
        {"ci-1a",                             true,  true },
        {"a-b-c",                             true,  true },
    };
    auto_free char *instance = ml_instance_body("Standard_E2ds_v4", "");
    auto_free char *cluster =
        ml_cluster_body("\"vmSize\":\"Standard_E2ds_v4\",\"scaleSettings\":{\"maxNodeCount\":1}");
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        print_message("row %zu: %s\n", i, rows[i].name);
        auto_free char *path = named(rows[i].name);
        const char *body = rows[i].is_instance ? instance : cluster;
        if (rows[i].is_good)
            ml_do(201, "PUT", path, body);
        else
            ml_refused(400, "BadRequest", "is not available. Reason: Invalid. Message:", "PUT",
                       path, body);
    }
}

static void an_instances_name_is_taken_in_the_whole_region(void **state)
{
    (void)state;
    auto_free char *workspace = ml_workspace_body("");
    auto_free char *body = ml_instance_body("Standard_E2ds_v4", "");
    ml_do(202, "PUT", ML_RG "/providers/" ML_WORKSPACE "/other" ML_GA, workspace);
    ml_pass(60);
    ml_do(201, "PUT", ML_CI ML_GA, body);
    ml_refused(400, "BadRequest",
               "Compute name 'CI1' is not available. Reason: AlreadyExists. Message: The specified "
               "name CI1 is already in use and is therefore unavailable",
               "PUT", ML_RG "/providers/" ML_WORKSPACE "/other/computes/CI1" ML_GA, body);
}

static void bodies_are_refused_for_what_is_wrong_with_them(void **state)
{
    (void)state;
    static const struct {
        const char *code, *part, *body;
    } rows[] = {
        {"InvalidRequestContent", "",                                                               "[]"                 },
        {"BadRequest",            "'properties' not found",                                         "{}"                 },
        {"BadRequest",            "'properties.computeType' not found",                             "{\"properties\":{}}"},
        {"BadRequest",            "'Abacus' is not supported",
         "{\"properties\":{\"computeType\":\"Abacus\",\"properties\":{}}}"                                               },
        {"BadRequest",            "'Kubernetes' is not supported",
         "{\"properties\":{\"computeType\":\"Kubernetes\",\"properties\":{}}}"                                           },
        {"BadRequest",            "'properties.properties' not found",
         "{\"properties\":{\"computeType\":\"ComputeInstance\"}}"                                                        },
        {"BadRequest",            "vmSize' not found",
         "{\"properties\":{\"computeType\":\"ComputeInstance\",\"properties\":{}}}"                                      },
        {"BadRequest",            "location 'eastus' of the compute must be that of its workspace",
         "{\"location\":\"eastus\",\"properties\":{\"computeType\":\"ComputeInstance\","
         "\"properties\":{\"vmSize\":\"Standard_E4ds_v4\"}}}"                                                            },
        {"BadRequest",            "properties.computeLocation 'eastus'",
         "{\"properties\":{\"computeType\":\"ComputeInstance\",\"computeLocation\":\"eastus\","
         "\"properties\":{\"vmSize\":\"Standard_E4ds_v4\"}}}"                                                            },
        {"InvalidPropertyValue",
         "The specified value Standard_X9 for property Cluster.Properties.VMSize is not a supported "
         "VM size. Supported VM sizes: ",                                                           "{\"properties\":{\"computeType\":\"ComputeInstance\",\"properties\":{\"vmSize\":"
         "\"Standard_X9\"}}}"                                                   },
        {"InvalidPropertyValue",  "Standard_A1_v2",
         "{\"properties\":{\"computeType\":\"ComputeInstance\",\"properties\":{\"vmSize\":"
         "\"Standard_A1_v2\"}}}"                                                                                         },
        {"BadRequest",            "needs a subnet or a managed network",
         "{\"properties\":{\"computeType\":\"ComputeInstance\",\"properties\":{\"vmSize\":"
         "\"Standard_E4ds_v4\",\"enableNodePublicIp\":false}}}"                                                          },
        {"BadRequest",            "scaleSettings' not found",
         "{\"properties\":{\"computeType\":\"AmlCompute\",\"properties\":{\"vmSize\":"
         "\"Standard_E4ds_v4\"}}}"                                                                                       },
        {"BadRequest",            "maxNodeCount' not found",
         "{\"properties\":{\"computeType\":\"AmlCompute\",\"properties\":{\"vmSize\":"
         "\"Standard_E4ds_v4\",\"scaleSettings\":{}}}}"                                                                  },
        {"BadRequest",            "minNodeCount must be 0 or more and not above",
         "{\"properties\":{\"computeType\":\"AmlCompute\",\"properties\":{\"vmSize\":"
         "\"Standard_E4ds_v4\",\"scaleSettings\":{\"minNodeCount\":2,\"maxNodeCount\":1}}}}"                             },
        {"BadRequest",            "System.TimeSpan",
         "{\"properties\":{\"computeType\":\"AmlCompute\",\"properties\":{\"vmSize\":"
         "\"Standard_E4ds_v4\",\"scaleSettings\":{\"maxNodeCount\":1,"
         "\"nodeIdleTimeBeforeScaleDown\":\"120\"}}}}"                                                                   },
        {"BadRequest",            "vmPriority",
         "{\"properties\":{\"computeType\":\"AmlCompute\",\"properties\":{\"vmSize\":"
         "\"Standard_E4ds_v4\",\"vmPriority\":\"Cheap\",\"scaleSettings\":{\"maxNodeCount\":1}}}}"                       },
        {"BadRequest",            "needs an AdminUserName",
         "{\"properties\":{\"computeType\":\"AmlCompute\",\"properties\":{\"vmSize\":"
         "\"Standard_E4ds_v4\",\"userAccountCredentials\":{},\"scaleSettings\":{"
         "\"maxNodeCount\":1}}}}"                                                                                        },
        {"BadRequest",            "valid RSA key or DSA key",
         "{\"properties\":{\"computeType\":\"AmlCompute\",\"properties\":{\"vmSize\":"
         "\"Standard_E4ds_v4\",\"userAccountCredentials\":{\"adminUserName\":\"a\","
         "\"adminUserSshPublicKey\":\"ssh-ed25519 AAAA\"},\"scaleSettings\":{"
         "\"maxNodeCount\":1}}}}"                                                                                        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        print_message("row %zu\n", i);
        ml_refused(400, rows[i].code, rows[i].part, "PUT", ML_CI ML_GA, rows[i].body);
    }
}

static void a_cluster_may_be_elsewhere(void **state)
{
    (void)state;
    ml_do(201, "PUT", ML_WS "/computes/far" ML_GA,
          "{\"location\":\"westeurope\",\"properties\":{\"computeType\":\"AmlCompute\","
          "\"computeLocation\":\"East US\",\"properties\":{\"vmSize\":\"Standard_E4ds_v4\","
          "\"scaleSettings\":{\"maxNodeCount\":1}}}}");
    ml_shows(ML_WS "/computes/far", "location", "westeurope");
    ml_shows(ML_WS "/computes/far", "properties.computeLocation", "eastus");
}

static void a_managed_network_takes_no_subnet(void **state)
{
    (void)state;
    ml_do(200, "PATCH", ML_WS ML_GA,
          "{\"properties\":{\"managedNetwork\":{\"isolationMode\":\"AllowInternetOutbound\"}}}");
    auto_free char *body = ml_instance_body("Standard_E4ds_v4", ",\"subnet\":{\"id\":\"/x\"}");
    ml_refused(400, "BadRequest", "managed network", "PUT", ML_CI ML_GA, body);
    auto_free char *closed = ml_instance_body("Standard_E4ds_v4", ",\"enableNodePublicIp\":false");
    ml_do(201, "PUT", ML_CI ML_GA, closed);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_with_workspace, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(names_follow_the_rule_of_their_kind),
        ROW(an_instances_name_is_taken_in_the_whole_region),
        ROW(bodies_are_refused_for_what_is_wrong_with_them),
        ROW(a_cluster_may_be_elsewhere),
        ROW(a_managed_network_takes_no_subnet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
