#include "azml/compute.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void idle_times_outside_the_services_bounds_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* -1: refused */
        const char *why;
    } rows[] = {
        {"",       -1,              "--idle-shutdown"    },
        {"30",     -1,              "--idle-shutdown"    },
        {"-30m",   -1,              "--idle-shutdown"    },
        {"0m",     -1,              "is not possible"    },
        {"14m",    -1,              "14m is not possible"},
        {"4d",     -1,              "4d is not possible" },
        {"PT73H",  -1,              "is not possible"    },
        {"15m30s", -1,              "takes whole minutes"},
        {"15m",    900,             NULL                 },
        {"PT15M",  900,             NULL                 },
        {"3d",     INT64_C(259200), NULL                 },
        {"1h30m",  5400,            NULL                 },
        {"off",    0,               NULL                 },
        {"OFF",    0,               NULL                 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        int64_t seconds = -1;
        int result = azml_compute_idle_parse(rows[i].text, &seconds, &err);
        if (seconds != rows[i].seconds || (result == 0) != (rows[i].seconds >= 0))
            fail_msg("row %zu: '%s': %ld", i, rows[i].text, (long)seconds);
        if (rows[i].why && !strstr(err.message, rows[i].why))
            fail_msg("row %zu: '%s': %s", i, rows[i].text, err.message);
    }
}

static const struct azml_compute_spec instance = {.kind = AZML_COMPUTE_INSTANCE,
                                                  .name = "trainer",
                                                  .location = "westeurope",
                                                  .size = "Standard_E4ds_v4",
                                                  .ssh_key = "ssh-rsa AAAA lea",
                                                  .idle_s = 3600};
static const struct azml_compute_spec cluster = {.kind = AZML_COMPUTE_CLUSTER,
                                                 .name = "nodes-01",
                                                 .location = "westeurope",
                                                 .size = "Standard_E4ds_v4",
                                                 .max_nodes = 4,
                                                 .node_idle_s = 120};

static void a_spec_is_judged_before_any_request(void **state)
{
    (void)state;
    struct azml_compute_spec bad[] = {instance, instance, instance, cluster, cluster, cluster};
    static const char *const messages[] = {
        "'x-1' is no name",
        "idle shutdown after 5m",
        "needs a size",
        "--max-nodes of 1",
        "--min-nodes 5 is not between 0 and --max-nodes 4",
        "'1' is no name",
    };
    bad[0].name = "x-1";
    bad[1].idle_s = 300;
    bad[2].size = "";
    bad[3].max_nodes = 0;
    bad[4].min_nodes = 5;
    bad[5].name = "1";
    for (size_t i = 0; i < AZML_COUNT(bad); i++) {
        auto_error struct azml_error err = {0};
        assert_int_equal(azml_compute_spec_check(&bad[i], &err), -1);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        if (!strstr(err.message, messages[i]))
            fail_msg("row %zu: %s", i, err.message);
    }
    assert_int_equal(azml_compute_spec_check(&instance, NULL), 0);
    assert_int_equal(azml_compute_spec_check(&cluster, NULL), 0);
}

static void same(const char *expected, const cJSON *body)
{
    auto_free char *text = azml_json_print(body, false, NULL);
    assert_string_equal(text, expected);
}

static void an_instance_is_asked_for_with_ssh_and_idle_shutdown(void **state)
{
    (void)state;
    auto_json cJSON *body = azml_compute_body(&instance, NULL);
    same(
        "{\"tags\":{},\"location\":\"westeurope\",\"properties\":{\"computeType\":"
        "\"ComputeInstance\",\"computeLocation\":\"westeurope\",\"disableLocalAuth\":false,"
        "\"properties\":{\"vmSize\":\"Standard_E4ds_v4\",\"applicationSharingPolicy\":\"Personal\","
        "\"enableNodePublicIp\":true,\"sshSettings\":{\"sshPublicAccess\":\"Enabled\","
        "\"adminPublicKey\":\"ssh-rsa AAAA lea\"},\"idleTimeBeforeShutdown\":\"PT60M\"}}}",
        body);
}

static void without_a_key_ssh_is_switched_off_in_words(void **state)
{
    (void)state;
    struct azml_compute_spec spec = instance;
    spec.ssh_key = NULL;
    spec.idle_s = 0;
    auto_json cJSON *body = azml_compute_body(&spec, NULL);
    assert_string_equal(azml_json_text(body, "properties.properties.sshSettings.sshPublicAccess"),
                        "Disabled");
    assert_null(azml_json_at(body, "properties.properties.sshSettings.adminPublicKey"));
    assert_null(azml_json_at(body, "properties.properties.idleTimeBeforeShutdown"));
}

static void a_cluster_is_asked_for_with_its_scale(void **state)
{
    (void)state;
    auto_json cJSON *tags = cJSON_CreateObject();
    azml_json_put_text(tags, "azml-made-by", "azml/0.1.0");
    struct azml_compute_spec spec = cluster;
    spec.tags = tags;
    auto_json cJSON *body = azml_compute_body(&spec, NULL);
    same("{\"tags\":{\"azml-made-by\":\"azml/0.1.0\"},\"location\":\"westeurope\",\"properties\":{"
         "\"computeType\":\"AmlCompute\",\"computeLocation\":\"westeurope\",\"disableLocalAuth\":"
         "false,\"properties\":{\"vmSize\":\"Standard_E4ds_v4\",\"osType\":\"Linux\","
         "\"vmPriority\":\"Dedicated\",\"remoteLoginPortPublicAccess\":\"Disabled\","
         "\"scaleSettings\":{\"minNodeCount\":0,\"maxNodeCount\":4,"
         "\"nodeIdleTimeBeforeScaleDown\":\"PT120S\"}}}}",
         body);
    spec.ssh_key = "ssh-rsa AAAA";
    spec.low_priority = true;
    auto_json cJSON *other = azml_compute_body(&spec, NULL);
    assert_string_equal(azml_json_text(other, "properties.properties.vmPriority"), "LowPriority");
    assert_string_equal(azml_json_text(other, "properties.properties.userAccountCredentials"
                                              ".adminUserSshPublicKey"),
                        "ssh-rsa AAAA");
}

static void another_key_is_said_and_a_comment_is_none(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    const struct azml_compute there = {.kind = AZML_COMPUTE_INSTANCE,
                                       .type = "ComputeInstance",
                                       .ssh_key = "ssh-rsa AAAAB3 lea@laptop"};
    struct azml_compute_spec asked = instance;
    asked.ssh_key = "ssh-rsa AAAAB3\n";
    assert_int_equal(azml_compute_matches(&there, &asked, &err), 0);
    asked.ssh_key = NULL;
    assert_int_equal(azml_compute_matches(&there, &asked, &err), 0);
    asked.ssh_key = "ssh-rsa AAAAB34 lea@laptop";
    assert_int_equal(azml_compute_matches(&there, &asked, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_CONFLICT);
    assert_string_equal(err.message,
                        "compute trainer exists and lets another SSH key in, not the one given");
}

static void another_size_or_type_of_that_name_is_said(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    struct azml_compute there = {.kind = AZML_COMPUTE_INSTANCE, .type = "ComputeInstance"};
    there.size = "STANDARD_DS3_V2";
    assert_int_equal(azml_compute_matches(&there, &instance, &err), -1);
    assert_string_equal(err.message, "compute trainer exists with size STANDARD_DS3_V2, not "
                                     "Standard_E4ds_v4");
    struct azml_compute_spec other = cluster;
    assert_int_equal(azml_compute_matches(&there, &other, &err), -1);
    assert_string_equal(err.message, "compute nodes-01 exists and is of type ComputeInstance");
    there.size = "STANDARD_E4DS_V4";
    assert_int_equal(azml_compute_matches(&there, &instance, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_times_outside_the_services_bounds_are_refused),
        cmocka_unit_test(a_spec_is_judged_before_any_request),
        cmocka_unit_test(an_instance_is_asked_for_with_ssh_and_idle_shutdown),
        cmocka_unit_test(without_a_key_ssh_is_switched_off_in_words),
        cmocka_unit_test(a_cluster_is_asked_for_with_its_scale),
        cmocka_unit_test(another_size_or_type_of_that_name_is_said),
        cmocka_unit_test(another_key_is_said_and_a_comment_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
