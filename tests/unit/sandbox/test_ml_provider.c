#include "ml_world.h"
#include "sandbox/ml.h"

static void every_operation_has_a_name_of_its_own_and_a_step(void **state)
{
    (void)state;
    const struct sandbox_operation_kind *kinds = sandbox_provider_ml.operations;
    for (size_t i = 0; kinds[i].name; i++) {
        assert_non_null(kinds[i].step);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(kinds[i].name, kinds[j].name);
    }
}

static void every_route_names_its_type_and_takes_its_versions(void **state)
{
    (void)state;
    const struct sandbox_route *routes = sandbox_provider_ml.routes;
    for (size_t i = 0; routes[i].method; i++) {
        assert_non_null(routes[i].handle);
        assert_memory_equal(routes[i].type, ML_NAMESPACE "/", strlen(ML_NAMESPACE) + 1);
    }
    ml_refused(400, "MissingApiVersionParameter", "", "GET", ML_WS, NULL);
    ml_do(400, "GET", ML_WS "?api-version=2020-13-45", NULL);
    ml_refused(400, "NoRegisteredProviderFound", "2025-12-01", "GET",
               ML_WS "?api-version=2021-12-31", NULL);
    ml_do(404, "GET", ML_WS "?api-version=2024-10-01", NULL);
}

static void no_operation_of_a_compute_names_a_retry_after(void **state)
{
    (void)state;
    for (const struct sandbox_operation_kind *kind = sandbox_provider_ml.operations; kind->name;
         kind++)
        assert_int_equal(kind->retry_after, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_name_of_its_own_and_a_step),
        cmocka_unit_test(every_route_names_its_type_and_takes_its_versions),
        cmocka_unit_test(no_operation_of_a_compute_names_a_retry_after),
    };
    return cmocka_run_group_tests(tests, ml_open, ml_close);
}
