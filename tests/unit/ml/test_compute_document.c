#include "azml/compute.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static cJSON *parse(const char *text)
{
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

#define INSTANCE(provisioning, inner)                                       \
    "{\"name\":\"ci\",\"properties\":{\"computeType\":\"ComputeInstance\"," \
    "\"provisioningState\":" provisioning ",\"properties\":" inner "}}"
#define CLUSTER(provisioning, inner)                                   \
    "{\"name\":\"cl\",\"properties\":{\"computeType\":\"AmlCompute\"," \
    "\"provisioningState\":" provisioning ",\"properties\":" inner "}}"

static void a_document_without_properties_is_no_compute(void **state)
{
    (void)state;
    auto_json cJSON *json = parse("{\"name\":\"ci\"}");
    auto_error struct azml_error err = {0};
    struct azml_compute compute = {.name = "untouched"};
    assert_int_equal(azml_compute_read(json, &compute, &err), -1);
    assert_string_equal(err.message, "the service's reply describes no compute");
    assert_string_equal(compute.name, "untouched");
}

static void state_errors_and_provisioning_together_decide(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *text;
        enum azml_compute_phase phase;
        const char *word;
    } rows[] = {
        {INSTANCE("\"Succeeded\"", "{\"state\":\"CreateFailed\"}"), AZML_COMPUTE_BROKEN,
         "CreateFailed"},
        {INSTANCE("\"Succeeded\"", "{\"state\":\"SetupFailed\"}"), AZML_COMPUTE_BROKEN,
         "SetupFailed"},
        {INSTANCE("\"Succeeded\"", "{\"state\":\"Unusable\"}"), AZML_COMPUTE_BROKEN, "Unusable"},
        {INSTANCE("\"Failed\"", "null"), AZML_COMPUTE_BROKEN, "Failed"},
        {INSTANCE("\"Canceled\"", "{\"state\":null}"), AZML_COMPUTE_BROKEN, "Canceled"},
        {INSTANCE("\"Succeeded\"", "{\"errors\":[{\"error\":{\"code\":\"A\",\"message\":\"b\"}}]}"),
         AZML_COMPUTE_BROKEN, "Succeeded"},
        {INSTANCE("\"Succeeded\"", "{\"state\":\"Dreaming\"}"), AZML_COMPUTE_UNKNOWN, "Dreaming"},
        {INSTANCE("\"Creating\"", "{\"state\":null}"), AZML_COMPUTE_BUSY, "Creating"},
        {INSTANCE("\"Creating\"", "{\"state\":\"Creating\"}"), AZML_COMPUTE_BUSY, "Creating"},
        {INSTANCE("\"Succeeded\"", "{\"state\":\"UserSettingUp\"}"), AZML_COMPUTE_BUSY,
         "UserSettingUp"},
        {INSTANCE("\"Deleting\"", "{\"state\":\"Running\"}"), AZML_COMPUTE_BUSY, "Running"},
        {INSTANCE("\"Succeeded\"", "{\"state\":\"Stopping\"}"), AZML_COMPUTE_BUSY, "Stopping"},
        {INSTANCE("\"Succeeded\"", "{\"state\":\"Stopped\"}"), AZML_COMPUTE_STOPPED, "Stopped"},
        {INSTANCE("\"Succeeded\"", "{\"state\":\"running\"}"), AZML_COMPUTE_READY, "running"},
        {INSTANCE("\"Succeeded\"", "{\"state\":\"JobRunning\"}"), AZML_COMPUTE_READY, "JobRunning"},
        {CLUSTER("\"Creating\"", "{}"), AZML_COMPUTE_BUSY, "Creating"},
        {CLUSTER("\"Failed\"", "{}"), AZML_COMPUTE_BROKEN, "Failed"},
        {CLUSTER("\"Succeeded\"", "{\"allocationState\":\"Steady\"}"), AZML_COMPUTE_READY,
         "Steady"},
    };
    /* clang-format on */
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *json = parse(rows[i].text);
        struct azml_compute compute;
        assert_int_equal(azml_compute_read(json, &compute, NULL), 0);
        if (azml_compute_phase(&compute) != rows[i].phase)
            fail_msg("row %zu: %s: phase %d", i, rows[i].text, (int)azml_compute_phase(&compute));
        if (strcmp(azml_compute_word(&compute), rows[i].word) != 0)
            fail_msg("row %zu: %s: word %s", i, rows[i].text, azml_compute_word(&compute));
    }
}

static const char running[] = INSTANCE(
    "\"Succeeded\"",
    "{\"vmSize\":\"STANDARD_E4DS_V4\",\"state\":\"Running\",\"idleTimeBeforeShutdown\":\"PT60M\","
    "\"sshSettings\":{\"sshPublicAccess\":\"enabled\",\"adminUserName\":\"azureuser\","
    "\"sshPort\":50001},\"connectivityEndpoints\":{\"publicIpAddress\":\"20.73.14.9\","
    "\"privateIpAddress\":\"10.0.0.4\"},\"lastOperation\":{\"operationName\":\"Create\","
    "\"operationStatus\":\"Succeeded\",\"operationTrigger\":\"User\"}}");

static void an_instance_is_read_whole(void **state)
{
    (void)state;
    auto_json cJSON *json = parse(running);
    azml_json_put_text(json, "properties.createdOn", "2025-11-20T10:00:00+00:00");
    struct azml_compute compute;
    assert_int_equal(azml_compute_read(json, &compute, NULL), 0);
    assert_int_equal(compute.kind, AZML_COMPUTE_INSTANCE);
    assert_string_equal(compute.size, "STANDARD_E4DS_V4");
    assert_int_equal(compute.idle_s, 3600);
    assert_int_equal(compute.ssh_port, 50001);
    assert_string_equal(compute.ssh_user, "azureuser");
    assert_string_equal(compute.last_trigger, "User");
    assert_true(compute.created_ms == INT64_C(1763632800000));
    assert_true(azml_compute_is_ssh_ready(&compute));
    uint16_t port = 0;
    assert_string_equal(azml_compute_address(&compute, &port), "20.73.14.9");
    assert_int_equal(port, 50001);
}

static void address_and_port_belong_together(void **state)
{
    (void)state;
    static const struct {
        const char *public_ip, *private_ip;
        const char *address;
        uint16_t port, expected;
    } rows[] = {
        {NULL,       NULL,       NULL,       50000, 0    },
        {"",         "",         NULL,       50000, 0    },
        {NULL,       "10.0.0.4", "10.0.0.4", 50000, 22   },
        {"20.0.0.1", "10.0.0.4", "20.0.0.1", 0,     50000},
        {"20.0.0.1", NULL,       "20.0.0.1", 4001,  4001 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct azml_compute compute = {.public_ip = rows[i].public_ip,
                                       .private_ip = rows[i].private_ip,
                                       .ssh_port = rows[i].port};
        uint16_t port = 0;
        const char *address = azml_compute_address(&compute, &port);
        if (!azml_same_text(address, rows[i].address) || port != rows[i].expected)
            fail_msg("row %zu: %s %u", i, address ? address : "none", port);
    }
}

static void what_does_not_run_or_has_no_ssh_cannot_be_entered(void **state)
{
    (void)state;
    static const struct {
        const char *path, *value;
    } rows[] = {
        {"properties.properties.state",                                 "Stopped" },
        {"properties.properties.sshSettings.sshPublicAccess",           "Disabled"},
        {"properties.properties.connectivityEndpoints.publicIpAddress", NULL      },
        {"properties.properties.connectivityEndpoints.publicIpAddress", ""        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *json = parse(running);
        azml_json_put_text(json, rows[i].path, rows[i].value);
        struct azml_compute compute;
        assert_int_equal(azml_compute_read(json, &compute, NULL), 0);
        if (azml_compute_is_ssh_ready(&compute))
            fail_msg("row %zu: %s", i, rows[i].path);
    }
}

static void a_broken_compute_says_the_deepest_cause_and_what_to_do(void **state)
{
    (void)state;
    auto_json cJSON *json = parse(
        "{\"name\":\"ci\",\"properties\":{\"computeType\":\"ComputeInstance\","
        "\"provisioningState\":\"Failed\",\"provisioningErrors\":[{\"error\":{\"code\":\"Outer\","
        "\"message\":\"it failed\",\"details\":[{\"code\":\"AllocationFailed\","
        "\"message\":\"no capacity\"}]}}],\"properties\":{\"state\":\"CreateFailed\"}}}");
    struct azml_compute compute;
    assert_int_equal(azml_compute_read(json, &compute, NULL), 0);
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_compute_fail(&compute, &err), -1);
    assert_string_equal(err.message, "compute ci is CreateFailed");
    assert_string_equal(err.said_code, "AllocationFailed");
    assert_string_equal(err.said_message, "no capacity");
    assert_non_null(strstr(err.hint, "azml compute delete ci"));
}

static void warnings_are_found_in_any_shape(void **state)
{
    (void)state;
    static const struct {
        const char *warnings, *text;
    } rows[] = {
        {"null",                                       NULL     },
        {"{}",                                         NULL     },
        {"[]",                                         NULL     },
        {"{\"sshNotAvailable\":\"no sshd\"}",          "no sshd"},
        {"[{\"code\":\"a\",\"message\":\"no sshd\"}]", "no sshd"},
        {"{\"code\":\"a\",\"message\":\"no sshd\"}",   "no sshd"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *json = parse(running);
        azml_json_put(json, "properties.provisioningWarnings", parse(rows[i].warnings));
        struct azml_compute compute;
        assert_int_equal(azml_compute_read(json, &compute, NULL), 0);
        if (!azml_same_text(compute.warning, rows[i].text))
            fail_msg("row %zu: %s", i, rows[i].warnings);
    }
}

static void an_attached_compute_is_known_as_such(void **state)
{
    (void)state;
    auto_json cJSON *json =
        parse("{\"name\":\"vm\",\"location\":\"eastus\",\"properties\":{\"computeType\":"
              "\"VirtualMachine\",\"isAttachedCompute\":true,\"provisioningState\":\"Succeeded\","
              "\"properties\":{\"address\":\"1.2.3.4\"}}}");
    struct azml_compute compute;
    assert_int_equal(azml_compute_read(json, &compute, NULL), 0);
    assert_int_equal(compute.kind, AZML_COMPUTE_OTHER);
    assert_true(compute.attached);
    assert_string_equal(compute.location, "eastus");
    assert_int_equal(azml_compute_phase(&compute), AZML_COMPUTE_READY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_without_properties_is_no_compute),
        cmocka_unit_test(state_errors_and_provisioning_together_decide),
        cmocka_unit_test(an_instance_is_read_whole),
        cmocka_unit_test(address_and_port_belong_together),
        cmocka_unit_test(what_does_not_run_or_has_no_ssh_cannot_be_entered),
        cmocka_unit_test(a_broken_compute_says_the_deepest_cause_and_what_to_do),
        cmocka_unit_test(warnings_are_found_in_any_shape),
        cmocka_unit_test(an_attached_compute_is_known_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
