#include "sandbox/ml_sizes.h"

#include "ml_world.h"

static void an_invented_size_is_not_found(void **state)
{
    (void)state;
    struct sandbox_ml_size size;
    assert_false(sandbox_ml_size_find("Standard_Invented_v9", &size));
    assert_false(sandbox_ml_size_of_family("standardinventedfamily", &size));
}

static void a_size_is_found_in_any_case(void **state)
{
    (void)state;
    struct sandbox_ml_size size;
    assert_true(sandbox_ml_size_find("STANDARD_e4DS_v4", &size));
    assert_string_equal(size.name, "Standard_E4ds_v4");
    assert_string_equal(size.family, "standardEDSv4Family");
    assert_int_equal(size.vcpus, 4);
    assert_int_equal(size.gpus, 0);
    assert_true(sandbox_ml_size_serves(&size, "ComputeInstance"));
}

static void a_size_without_premium_storage_makes_no_instance(void **state)
{
    (void)state;
    struct sandbox_ml_size size;
    assert_true(sandbox_ml_size_find("Standard_A1_v2", &size));
    assert_false(sandbox_ml_size_serves(&size, "ComputeInstance"));
    assert_true(sandbox_ml_size_serves(&size, "AmlCompute"));
    auto_free char *names = sandbox_ml_size_names("ComputeInstance", NULL);
    assert_null(strstr(names, "Standard_A1_v2"));
    assert_non_null(strstr(names, "Standard_E4ds_v4, "));
}

static const cJSON *item(const cJSON *list, const char *name)
{
    const cJSON *found;
    cJSON_ArrayForEach (found, azml_json_at(list, "value")) {
        if (strcmp(azml_json_text(found, "name"), name) == 0)
            return found;
    }
    return NULL;
}

#define SIZES(location) \
    "/providers/Microsoft.MachineLearningServices/locations/" location "/vmSizes" ML_GA

static void sizes_of_an_invented_region_are_refused(void **state)
{
    (void)state;
    ml_refused(400, "BadRequest", "nowhere", "GET", SIZES("nowhere"), NULL);
}

static void the_list_shows_what_the_service_shows(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", SIZES("eastus"), NULL);
    assert_null(azml_json_at(reply.json, "nextLink"));
    const cJSON *size = item(reply.json, "Standard_E4ds_v4");
    assert_non_null(size);
    assert_string_equal(azml_json_text(size, "family"), "standardEDSv4Family");
    assert_int_equal(azml_json_int_or(size, "vCPUs", 0), 4);
    assert_int_equal(azml_json_int_or(size, "memoryGB", 0), 32);
    assert_int_equal(azml_json_int_or(size, "maxResourceVolumeMB", 0), 153600);
    assert_string_equal(azml_json_text(size, "supportedComputeTypes.1"), "ComputeInstance");
    assert_string_equal(azml_json_text(size, "estimatedVMPrices.values.0.vmTier"), "Standard");
    assert_true(azml_json_number_or(size, "estimatedVMPrices.values.0.retailPrice", 0) > 0.2);
    auto_reply struct sandbox_reply north = ml_expect(200, "GET", SIZES("northeurope"), NULL);
    assert_null(azml_json_at(item(north.json, "Standard_E4ds_v4"), "estimatedVMPrices"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invented_size_is_not_found),
        cmocka_unit_test(a_size_is_found_in_any_case),
        cmocka_unit_test(a_size_without_premium_storage_makes_no_instance),
        cmocka_unit_test(sizes_of_an_invented_region_are_refused),
        cmocka_unit_test(the_list_shows_what_the_service_shows),
    };
    return cmocka_run_group_tests(tests, ml_open, ml_close);
}
