#include "unit/test.h"

#include "auth/entra.h"

static void codes_that_matter_have_advice(void **state)
{
    (void)state;
    assert_null(azml_entra_advice(0).why);
    assert_null(azml_entra_advice(123).why);
    assert_string_equal(azml_entra_advice(7000215).why,
                        "the client secret is wrong: its value is needed, not its id");
    assert_string_equal(azml_entra_advice(90002).hint, "check AZURE_TENANT_ID and --cloud");
    assert_null(azml_entra_advice(53003).hint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes_that_matter_have_advice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
