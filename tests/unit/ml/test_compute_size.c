#include "azml/compute_size.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const char sizes_text[] =
    "{\"value\":["
    "{\"name\":\"Standard_NC6s_v3\",\"family\":\"standardNCSv3Family\",\"vCPUs\":6,\"gpus\":1,"
    "\"memoryGB\":112.0,\"supportedComputeTypes\":[\"AmlCompute\",\"ComputeInstance\"]},"
    "{\"name\":\"Standard_E4ds_v4\",\"family\":\"standardEDSv4Family\",\"vCPUs\":4,\"gpus\":0,"
    "\"memoryGB\":32.0,\"supportedComputeTypes\":[\"AmlCompute\",\"ComputeInstance\"],"
    "\"estimatedVMPrices\":{\"billingCurrency\":\"USD\",\"values\":["
    "{\"retailPrice\":0.47,\"osType\":\"Windows\",\"vmTier\":\"Standard\"},"
    "{\"retailPrice\":0.31,\"osType\":\"Linux\",\"vmTier\":\"Standard\"},"
    "{\"retailPrice\":0.29,\"osType\":\"Linux\",\"vmTier\":\"Standard\"},"
    "{\"retailPrice\":0.06,\"osType\":\"Linux\",\"vmTier\":\"LowPriority\"}]}},"
    "{\"name\":\"Standard_DS11_v2\",\"family\":\"standardDSv2Family\",\"vCPUs\":2,\"gpus\":0,"
    "\"memoryGB\":14.0,\"supportedComputeTypes\":[\"AmlCompute\",\"ComputeInstance\"]},"
    "{\"name\":\"Standard_A1_v2\",\"family\":\"standardAv2Family\",\"vCPUs\":1,\"gpus\":0,"
    "\"memoryGB\":2.0,\"supportedComputeTypes\":[\"AmlCompute\"]}]}";

#define ROW(name, type, used, limit)                                               \
    "{\"id\":\"/s/usages/" name "\",\"type\":\"" type "\",\"currentValue\":" #used \
    ",\"limit\":" #limit ",\"name\":{\"value\":\"" name "\"}}"
#define DEDICATED "Microsoft.MachineLearningServices/vmFamily/dedicatedCores/usages"
#define TOTAL     "Microsoft.MachineLearningServices/totalDedicatedCores/usages"
#define LOW       "Microsoft.MachineLearningServices/totalLowPriorityCores/usages"

static cJSON *parse(const char *text)
{
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

static void an_unknown_size_gets_the_nearest_name(void **state)
{
    (void)state;
    auto_json cJSON *sizes = parse(sizes_text);
    auto_error struct azml_error err = {0};
    struct azml_size size;
    assert_int_equal(azml_size_find(sizes, "Standard_E4sd_v4", &size, &err), -1);
    assert_string_equal(err.message, "unknown size 'Standard_E4sd_v4'");
    assert_string_equal(err.hint, "--size Standard_E4ds_v4   (did you mean this?)");
}

static void numbers_beyond_reason_are_no_numbers(void **state)
{
    (void)state;
    auto_json cJSON *sizes =
        parse("{\"value\":[{\"name\":\"Huge\",\"family\":\"f\",\"vCPUs\":9e18,\"gpus\":-9e18}]}");
    auto_json cJSON *usages = parse("{\"value\":[" ROW("f", DEDICATED, 9e18, -9e18) "]}");
    struct azml_size size;
    assert_int_equal(azml_size_find(sizes, "Huge", &size, NULL), 0);
    assert_int_equal(size.vcpus, 0);
    assert_int_equal(size.gpus, 0);
    const struct azml_size_need need = {
        .kind = AZML_COMPUTE_CLUSTER, .nodes = 1000, .location = "westeurope"};
    assert_int_equal(azml_size_fits(sizes, usages, &size, &need, NULL), 0);
    struct azml_size_quota quota;
    azml_size_quota_read(usages, &size, false, &quota);
    assert_int_equal(quota.family.limit, -1);
    assert_int_equal(quota.family.used, 0);
}

static void a_size_is_found_in_any_case_with_its_lowest_price(void **state)
{
    (void)state;
    auto_json cJSON *sizes = parse(sizes_text);
    struct azml_size size;
    assert_int_equal(azml_size_find(sizes, "STANDARD_E4DS_V4", &size, NULL), 0);
    assert_string_equal(size.name, "Standard_E4ds_v4");
    assert_int_equal(size.vcpus, 4);
    assert_true(size.price > 0.28 && size.price < 0.30);
    assert_true(size.low_priority_price > 0.05 && size.low_priority_price < 0.07);
    assert_string_equal(size.currency, "USD");
    assert_int_equal(azml_size_find(sizes, "Standard_DS11_v2", &size, NULL), 0);
    assert_true(size.price < 0);
    assert_null(size.currency);
}

struct fit_row {
    const char *size;
    const char *usages;
    struct azml_size_need need;
    const char *message, *why, *hint; /* NULL message: it fits */
};

#define EDS(used, limit)   ROW("standardEDSv4Family", DEDICATED, used, limit)
#define DS(used, limit)    ROW("standardDSv2Family", DEDICATED, used, limit)
#define NC(used, limit)    ROW("standardNCSv3Family", DEDICATED, used, limit)
#define CORES(used, limit) ROW("TotalDedicatedCores", TOTAL, used, limit)
#define INSTANCE                                                \
    {                                                           \
        .kind = AZML_COMPUTE_INSTANCE, .location = "westeurope" \
    }

/* clang-format off */
static const struct fit_row fit_rows[] = {
    {"Standard_NC6s_v3", "[" NC(0, 0) "," EDS(0, 10) "]", INSTANCE,
     "no quota for Standard_NC6s_v3 in westeurope",
     "it needs 6 vCPU of the family standardNCSv3Family; the limit is 0 and 0 are in use",
     "--size Standard_E4ds_v4   (4 vCPU, 32 GiB, which fits)"},
    {"Standard_E4ds_v4", "[" EDS(0, 10) "," DS(0, 10) "," CORES(7, 10) "]", INSTANCE,
     "no quota for Standard_E4ds_v4 in westeurope",
     "it needs 4 vCPU; the limit of the region is 10 and 7 are in use",
     "--size Standard_DS11_v2   (2 vCPU, 14 GiB, which fits)"},
    {"Standard_E4ds_v4", "[" CORES(0, 0) "]", INSTANCE,
     "no quota for Standard_E4ds_v4 in westeurope",
     "it needs 4 vCPU; the limit of the region is 0 and 0 are in use",
     "-l REGION   (a workspace in another region has a quota of its own)"},
    {"Standard_E4ds_v4",
     "[" EDS(0, 10) "]",
     {.kind = AZML_COMPUTE_CLUSTER, .nodes = 3, .location = "westeurope"},
     "no quota for Standard_E4ds_v4 in westeurope",
     "it needs 12 vCPU of the family standardEDSv4Family; the limit is 10 and 0 are in use",
     NULL},
    {"Standard_A1_v2", "[" DS(0, 10) "]", INSTANCE,
     "size Standard_A1_v2 is not offered for this kind of compute", NULL,
     "--size Standard_DS11_v2   (2 vCPU, 14 GiB, which fits)"},
    {"Standard_E4ds_v4", "[" ROW("TotalClusters", "x", 200, 200) "]", INSTANCE,
     "no room for another compute in westeurope", "the limit is 200 computes and 200 exist", NULL},
    {"Standard_E4ds_v4",
     "[{\"name\":{\"value\":\"Standard EDSv4 Family Cluster Dedicated vCPUs\"},"
     "\"currentValue\":8,\"limit\":10}]",
     INSTANCE, "no quota for Standard_E4ds_v4 in westeurope", "the limit is 10 and 8 are in use",
     NULL},
    {"Standard_E4ds_v4",
     "[{\"name\":{\"value\":\"Total Cluster Dedicated Regional vCPUs\"},"
     "\"currentValue\":8,\"limit\":10}]",
     INSTANCE, "no quota for Standard_E4ds_v4 in westeurope",
     "the limit of the region is 10 and 8 are in use", NULL},
    {"Standard_E4ds_v4",
     "[" EDS(0, 0) "," ROW("TotalLowPriorityCores", LOW, 0, 10) "]",
     {.kind = AZML_COMPUTE_CLUSTER, .low_priority = true, .location = "westeurope"},
     NULL,
     NULL,
     NULL},
    {"Standard_E4ds_v4", "[" EDS(6, 10) "," CORES(6, 10) "]", INSTANCE, NULL, NULL, NULL},
    {"Standard_E4ds_v4", "[" EDS(50, -1) "]", INSTANCE, NULL, NULL, NULL},
    {"Standard_E4ds_v4", "[]", INSTANCE, NULL, NULL, NULL},
    {"Standard_A1_v2",
     "[]",
     {.kind = AZML_COMPUTE_CLUSTER, .location = "westeurope"},
     NULL,
     NULL,
     NULL},
};
/* clang-format on */

static void quota_is_looked_at_before_anything_is_created(void **state)
{
    (void)state;
    auto_json cJSON *sizes = parse(sizes_text);
    for (size_t i = 0; i < AZML_COUNT(fit_rows); i++) {
        const struct fit_row *row = &fit_rows[i];
        auto_json cJSON *usages = parse(row->usages);
        auto_error struct azml_error err = {0};
        struct azml_size size;
        assert_int_equal(azml_size_find(sizes, row->size, &size, NULL), 0);
        int result = azml_size_fits(sizes, usages, &size, &row->need, &err);
        if ((result == 0) != (row->message == NULL))
            fail_msg("row %zu: %d %s", i, result, err.message);
        if (row->message)
            assert_string_equal(err.message, row->message);
        if (row->why && !strstr(err.why, row->why))
            fail_msg("row %zu: why %s", i, err.why);
        if (row->hint)
            assert_string_equal(err.hint, row->hint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_size_gets_the_nearest_name),
        cmocka_unit_test(numbers_beyond_reason_are_no_numbers),
        cmocka_unit_test(a_size_is_found_in_any_case_with_its_lowest_price),
        cmocka_unit_test(quota_is_looked_at_before_anything_is_created),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
