#include "unit/scripted.h"

#include "azml/ml_names.h"
#include "azml/workspace.h"
#include "base/json.h"

#define TAIL "?api-version"
#define DEPLOYMENT \
    "/subscriptions/" SUB_ID "/resourcegroups/lab/providers/Microsoft.Resources/deployments/"
#define STATUS \
    "Azure-AsyncOperation: $BASE/subscriptions/5/operationStatuses/1?api-version=2025-04-01\r\n"
#define READY                                                                                    \
    "{\"id\":\"" WORKSPACE "\",\"name\":\"course\",\"location\":\"westeurope\",\"properties\":{" \
    "\"provisioningState\":\"Succeeded\",\"tenantId\":\"t\"}}"
#define LAB                                                                               \
    "{\"id\":\"" GROUP "\",\"name\":\"lab\",\"location\":\"westeurope\",\"properties\":{" \
    "\"provisioningState\":\"Succeeded\"}}"

static const struct azml_workspace_ref ref = {
    .subscription = SUB_ID, .group = "lab", .name = "course"};

static int create(struct scripted *world, struct azml_workspace_create what,
                  struct azml_workspace_created *out, struct azml_error *err)
{
    what.ref = ref;
    what.watch = &world->watch;
    what.resume = "azml workspace create course -g lab";
    return azml_workspace_create(world->arm, &what, out, err);
}

static void a_wrong_name_or_id_sends_nothing(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        struct azml_workspace_create what;
        const char *message;
    } rows[] = {
        {{.ref = {SUB_ID, "lab", "c"}}, "'c' is no name for a workspace"},
        {{.ref = {SUB_ID, "lab.", "course"}}, "'lab.' is no name for a resource group"},
        {{.ref = {SUB_ID, "lab", "course"}, .storage_id = "mystore"},
         "'mystore' is no resource id for --storage-account"},
        {{.ref = {SUB_ID, "lab", "course"},
          .vault_id = "/subscriptions/5/resourceGroups/g/providers/Microsoft.Storage/"
                      "storageAccounts/x"},
         "is no resource id for --key-vault"},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, (const struct serve_row[]){{0}});
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        struct azml_workspace_created created;
        assert_int_equal(azml_workspace_create(world.arm, &rows[i].what, &created, &err), -1);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        if (!strstr(err.message, rows[i].message))
            fail_msg("row %zu: %s", i, err.message);
    }
    assert_int_equal(serve_count(world.serve, ""), 0);
    scripted_close(&world);
}

static void a_missing_group_without_a_location_is_an_error(void **state)
{
    (void)state;
    struct scripted world;
    scripted_open(&world, (const struct serve_row[]){{0}});
    auto_error struct azml_error err = {0};
    struct azml_workspace_created created;
    assert_int_equal(create(&world, (struct azml_workspace_create){0}, &created, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.message, "no group lab in this subscription");
    assert_int_equal(serve_count(world.serve, "PUT"), 0);
    scripted_close(&world);
}

static void the_failed_inner_operation_is_what_is_shown(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " GROUP TAIL, 0, 200, NULL, LAB, 0},
        {"PUT " DEPLOYMENT, 0, 201, STATUS, "{\"properties\":{\"provisioningState\":\"Accepted\"}}",
         0},
        {"GET /subscriptions/5/operationStatuses/1", 0, 200, NULL,
         "{\"status\":\"Failed\",\"error\":{\"code\":\"DeploymentFailed\",\"message\":"
         "\"At least one resource deployment operation failed.\",\"details\":[{\"code\":\"Conflict\","
         "\"message\":\"{\\\"error\\\":{\\\"code\\\":\\\"StorageAccountAlreadyTaken\\\","
         "\\\"message\\\":\\\"The storage account named x is already taken.\\\"}}\"}]}}",
         0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    auto_error struct azml_error err = {0};
    struct azml_workspace_created created;
    assert_int_equal(create(&world, (struct azml_workspace_create){0}, &created, &err), -1);
    assert_string_equal(err.message, "could not create workspace course");
    assert_string_equal(err.said_code, "StorageAccountAlreadyTaken");
    assert_string_equal(err.said_message, "The storage account named x is already taken.");
    scripted_close(&world);
}

static void where_the_deployment_says_little_its_operations_are_asked(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " GROUP TAIL, 0, 200, NULL, LAB, 0},
        {"PUT " DEPLOYMENT, 0, 201, STATUS, "{}", 0},
        {"GET /subscriptions/5/operationStatuses/1", 0, 200, NULL,
         "{\"status\":\"Failed\",\"error\":{\"code\":\"DeploymentFailed\",\"message\":\"Please list "
         "deployment operations for details.\"}}",
         0},
        {"GET " DEPLOYMENT "azml-course-", 1, 404, NULL, "{}", 0},
        {"GET " DEPLOYMENT "azml-course-", 0, 200, NULL,
         "{\"value\":[{\"properties\":{\"provisioningState\":\"Succeeded\"}},"
         "{\"properties\":{\"provisioningState\":\"Failed\",\"statusMessage\":{\"error\":{"
         "\"code\":\"BadRequest\",\"message\":\"Soft-deleted workspace exists. Please purge or "
         "recover it.\"}}}}]}",
         0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    auto_error struct azml_error err = {0};
    struct azml_workspace_created created;
    assert_int_equal(create(&world, (struct azml_workspace_create){0}, &created, &err), -1);
    assert_string_equal(err.said_code, "BadRequest");
    assert_int_equal(err.code, AZML_ERROR_NAME_TAKEN);
    assert_non_null(strstr(err.hint, "purge it"));
    scripted_close(&world);
}

static void group_and_workspace_are_made_and_followed(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE TAIL, 1, 404, NULL, "{}", 0},
        {"GET " WORKSPACE TAIL, 0, 200, NULL, READY, 0},
        {"PUT " GROUP TAIL, 0, 201, NULL, LAB, 0},
        {"POST " SUBSCRIPTION "/providers/Microsoft.Storage/checkNameAvailability", 1, 200, NULL,
         "{\"nameAvailable\":false,\"reason\":\"AlreadyExists\"}", 0},
        {"POST " SUBSCRIPTION "/providers/Microsoft.", 0, 200, NULL, "{\"nameAvailable\":true}", 0},
        {"PUT " DEPLOYMENT, 0, 201, STATUS, "{\"properties\":{\"provisioningState\":\"Accepted\"}}",
         0},
        {"GET /subscriptions/5/operationStatuses/1", 2, 200, NULL, "{\"status\":\"Running\"}", 0},
        {"GET /subscriptions/5/operationStatuses/1", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
        {"GET " DEPLOYMENT, 1, 404, NULL, "{}", 0},
        {"GET " DEPLOYMENT, 0, 200, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}",
         0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    auto_json cJSON *tags = cJSON_CreateObject();
    azml_json_put_text(tags, "azml-made-by", "azml/0.1.0");
    auto_error struct azml_error err = {0};
    struct azml_workspace_created created = {0};
    if (create(&world, (struct azml_workspace_create){.location = "westeurope", .tags = tags},
               &created, &err) < 0) {
        scripted_print(&world);
        fail_msg("%s: %s", err.message, err.why);
    }
    assert_int_equal(created.how, AZML_MADE_NEW);
    auto_json cJSON *document = created.document;
    assert_string_equal(azml_json_text(document, "name"), "course");

    const struct serve_seen *group = serve_seen(world.serve, "PUT " GROUP TAIL, 0);
    assert_non_null(strstr(group->body, "\"azml-made-by\":\"azml/0.1.0\""));
    /* the first storage name belongs to somebody: the second choice is deployed */
    struct azml_dependent_names first, second;
    azml_dependent_names_derive(WORKSPACE, 0, &first);
    azml_dependent_names_derive(WORKSPACE, 1, &second);
    const char *body = serve_seen(world.serve, "PUT " DEPLOYMENT, 0)->body;
    assert_null(strstr(body, first.storage));
    assert_non_null(strstr(body, second.storage));
    assert_non_null(strstr(body, first.vault));
    assert_string_equal(world.heard,
                        "group lab: created in westeurope\n"
                        "workspace course: creating storage, key vault, logs, insights, workspace\n"
                        "workspace course: ready\n");
    scripted_close(&world);
}

static void what_exists_is_left_alone(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE TAIL, 0, 200, NULL, READY, 0},
        {0                 }
    };
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_created created = {0};
    assert_int_equal(create(&world, (struct azml_workspace_create){0}, &created, NULL), 0);
    assert_int_equal(created.how, AZML_MADE_ALREADY);
    cJSON_Delete(created.document);
    assert_int_equal(serve_count(world.serve, ""), 1);

    auto_error struct azml_error err = {0};
    assert_int_equal(
        create(&world, (struct azml_workspace_create){.location = "eastus"}, &created, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_CONFLICT);
    assert_string_equal(err.message, "workspace course exists in westeurope");
    scripted_close(&world);
}

static void a_deployment_that_still_runs_is_followed_not_repeated(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE TAIL, 1, 404, NULL, "{}", 0},
        {"GET " WORKSPACE TAIL, 0, 200, NULL, READY, 0},
        {"GET " GROUP TAIL, 0, 200, NULL, LAB, 0},
        {"GET " DEPLOYMENT, 3, 200, NULL, "{\"properties\":{\"provisioningState\":\"Running\"}}",
         0},
        {"GET " DEPLOYMENT, 0, 200, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}",
         0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_created created = {0};
    assert_int_equal(create(&world, (struct azml_workspace_create){0}, &created, NULL), 0);
    cJSON_Delete(created.document);
    assert_int_equal(serve_count(world.serve, "PUT"), 0);
    assert_int_equal(serve_count(world.serve, "GET " DEPLOYMENT), 4);
    scripted_close(&world);
}

static void a_failed_workspace_is_deployed_again_where_it_is(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        {"GET " WORKSPACE TAIL, 1, 200, NULL,
         "{\"id\":\"x\",\"location\":\"northeurope\",\"properties\":{\"provisioningState\":\"Failed\"}}",
         0},
        {"GET " WORKSPACE TAIL, 0, 200, NULL, READY, 0},
        {"GET " GROUP TAIL, 0, 200, NULL, LAB, 0},
        {"POST " SUBSCRIPTION, 0, 200, NULL, "{\"nameAvailable\":true}", 0},
        {"PUT " DEPLOYMENT, 0, 200, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}",
         0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    struct azml_workspace_created created = {0};
    assert_int_equal(create(&world, (struct azml_workspace_create){0}, &created, NULL), 0);
    cJSON_Delete(created.document);
    const struct serve_seen *put = serve_seen(world.serve, "PUT " DEPLOYMENT, 0);
    assert_non_null(put);
    assert_non_null(strstr(put->body, "\"location\":\"northeurope\""));
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_name_or_id_sends_nothing),
        cmocka_unit_test(a_missing_group_without_a_location_is_an_error),
        cmocka_unit_test(the_failed_inner_operation_is_what_is_shown),
        cmocka_unit_test(where_the_deployment_says_little_its_operations_are_asked),
        cmocka_unit_test(group_and_workspace_are_made_and_followed),
        cmocka_unit_test(what_exists_is_left_alone),
        cmocka_unit_test(a_deployment_that_still_runs_is_followed_not_repeated),
        cmocka_unit_test(a_failed_workspace_is_deployed_again_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
