#include "unit/test.h"

#include "arm/advice.h"
#include "base/auto.h"

static void the_service_s_code_beats_the_status(void **state)
{
    (void)state;
    assert_int_equal(azml_arm_error_code(NULL, 0), AZML_ERROR_SERVICE);
    assert_int_equal(azml_arm_error_code("SomethingNew", 400), AZML_ERROR_SERVICE);
    assert_int_equal(azml_arm_error_code("SomethingNew", 412), AZML_ERROR_CONFLICT);
    assert_int_equal(azml_arm_error_code("SomethingNew", 401), AZML_ERROR_SIGNED_OUT);
    assert_int_equal(azml_arm_error_code("scopelocked", 400), AZML_ERROR_LOCKED);
    assert_int_equal(azml_arm_error_code("RequestDisallowedByAzure", 403), AZML_ERROR_POLICY);
}

static void a_missing_registration_says_what_to_type(void **state)
{
    (void)state;
    char code[] = "MissingSubscriptionRegistration";
    char message[] = "The subscription is not registered to use namespace 'Microsoft.Storage'. See";
    const struct azml_arm_said said = {.code = code, .message = message};
    auto_error struct azml_error err = {0};
    azml_arm_advice_add(&err, &said, NULL);
    assert_null(err.hint);
    azml_arm_advice_add(&err, &said, "https://x/subscriptions/99/resourceGroups/g?api-version=1");
    assert_string_equal(err.hint,
                        "azml rest POST /subscriptions/99/providers/Microsoft.Storage/register");
}

static void a_region_block_suggests_another_region(void **state)
{
    (void)state;
    char code[] = "RequestDisallowedByAzure";
    const struct azml_arm_said said = {.code = code};
    auto_error struct azml_error err = {0};
    azml_arm_advice_add(&err, &said, NULL);
    assert_string_equal(err.hint, "-l LOCATION   (another region)");
    assert_string_equal(err.why, "the subscription may use certain regions only");
}

static void every_kind_has_a_sentence(void **state)
{
    (void)state;
    for (int code = 0; code < AZML_ERROR_COUNT; code++)
        assert_non_null(azml_arm_advice_sentence((enum azml_error_code)code));
    assert_string_equal(azml_arm_advice_sentence(AZML_ERROR_LOCKED), "a lock protects it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_service_s_code_beats_the_status),
        cmocka_unit_test(a_missing_registration_says_what_to_type),
        cmocka_unit_test(a_region_block_suggests_another_region),
        cmocka_unit_test(every_kind_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
