#include "unit/scripted.h"

#include "ml/follow.h"

#define DEPLOYMENT GROUP "/providers/Microsoft.Resources/deployments/d"

static void ids_become_paths_with_blanks_encoded(void **state)
{
    (void)state;
    static const struct {
        const char *id, *path;
    } rows[] = {
        {"/a/Failure Anomalies - x", "/a/Failure%20Anomalies%20-%20x"},
        {"/g/caf\xc3\xa9?x=1",       "/g/caf%C3%A9%3Fx%3D1"          },
        {"/g/a(b).c_d-e~f",          "/g/a(b).c_d-e~f"               },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_free char *path = azml_follow_path(rows[i].id, NULL);
        assert_string_equal(path, rows[i].path);
    }
}

/* What the operations of a deployment make of an error with this code. */
static void after_asking(const char *said_code, const char *operations, const char *expected,
                         size_t asked)
{
    const struct serve_row rows[] = {
        {"GET " DEPLOYMENT "/operations", 0, 200, NULL, operations, 0},
        {0                           }
    };
    struct scripted world;
    scripted_open(&world, rows);
    auto_error struct azml_error err = {0};
    azml_error_set(&err, AZML_ERROR_SERVICE, "it failed");
    azml_error_said(&err, said_code, "list deployment operations", NULL);
    azml_follow_deployment_error(world.arm, DEPLOYMENT, &err);
    assert_string_equal(err.said_code, expected);
    assert_int_equal(serve_count(world.serve, ""), asked);
    scripted_close(&world);
}

static void only_an_error_that_says_little_is_replaced(void **state)
{
    (void)state;
    static const char failed[] =
        "{\"value\":[{\"properties\":{\"provisioningState\":\"Succeeded\",\"statusMessage\":{"
        "\"error\":{\"code\":\"Wrong\"}}}},{\"properties\":{\"provisioningState\":\"Failed\","
        "\"statusMessage\":{\"error\":{\"code\":\"Inner\",\"message\":\"this is why\"}}}}]}";
    after_asking("StorageAccountAlreadyTaken", failed, "StorageAccountAlreadyTaken", 0);
    after_asking("DeploymentFailed", "{\"value\":[]}", "DeploymentFailed", 1);
    after_asking("DeploymentFailed", failed, "Inner", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_become_paths_with_blanks_encoded),
        cmocka_unit_test(only_an_error_that_says_little_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
