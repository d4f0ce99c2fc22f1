#include "unit/scripted.h"

#include "azml/compute_run.h"
#include "base/json.h"

#define COMPUTE WORKSPACE "/computes/trainer"
#define ML      SUBSCRIPTION "/providers/Microsoft.MachineLearningServices/locations/westeurope"
#define STATUS \
    "Azure-AsyncOperation: $BASE" SUBSCRIPTION "/operationStatuses/1?api-version=2025-12-01\r\n"
#define INSTANCE(provisioning, state, address)                                                   \
    "{\"id\":\"" COMPUTE "\",\"name\":\"trainer\",\"properties\":{\"computeType\":"              \
    "\"ComputeInstance\",\"provisioningState\":\"" provisioning "\",\"properties\":{\"vmSize\":" \
    "\"STANDARD_E4DS_V4\",\"state\":\"" state "\",\"sshSettings\":{\"sshPublicAccess\":"         \
    "\"Enabled\",\"adminUserName\":\"azureuser\",\"sshPort\":50000},"                            \
    "\"connectivityEndpoints\":{\"publicIpAddress\":" address "}}}}"
#define RUNNING INSTANCE("Succeeded", "Running", "\"127.0.0.1\"")
#define SIZES                                                                                    \
    "{\"value\":[{\"name\":\"Standard_E4ds_v4\",\"family\":\"standardEDSv4Family\",\"vCPUs\":4," \
    "\"gpus\":0,\"memoryGB\":32.0,\"supportedComputeTypes\":[\"ComputeInstance\"],"              \
    "\"estimatedVMPrices\":{\"billingCurrency\":\"USD\",\"values\":[{\"retailPrice\":0.29,"      \
    "\"osType\":\"Linux\",\"vmTier\":\"Standard\"}]}}]}"
#define USAGES(limit)                                                                        \
    "{\"value\":[{\"id\":\"/u/standardEDSv4Family\",\"currentValue\":0,\"limit\":" limit "," \
    "\"name\":{\"value\":\"standardEDSv4Family\"}}]}"
#define HOME                                                            \
    {                                                                   \
        "GET " WORKSPACE "?", 0, 200, NULL,                             \
            "{\"id\":\"" WORKSPACE "\",\"location\":\"westeurope\"}", 0 \
    }
#define LISTS(limit)                                        \
    {"GET " ML "/vmSizes", 0, 200, NULL, SIZES, 0},         \
    {                                                       \
        "GET " ML "/usages", 0, 200, NULL, USAGES(limit), 0 \
    }

static int keys_made;

static char *make_key(void *data, struct azml_error *err)
{
    (void)data;
    keys_made++;
    return azml_strdup("ssh-rsa AAAA made", err);
}

static struct azml_compute_create wanted(struct scripted *world)
{
    keys_made = 0;
    return (struct azml_compute_create){
        .workspace = {.subscription = SUB_ID, .group = "lab", .name = "course"},
        .spec = { .kind = AZML_COMPUTE_INSTANCE,
                      .name = "trainer",
                      .size = "Standard_E4ds_v4",
                      .idle_s = 3600},
        .make_key = make_key,
        .resume = "azml compute create trainer",
        .watch = &world->watch,
    };
}

/* One run against a script that has to fail; `err` is the caller's. */
static void fails(const struct serve_row *rows, struct scripted *world, struct azml_error *err)
{
    scripted_open(world, rows);
    const struct azml_compute_create what = wanted(world);
    struct azml_compute_created created = {0};
    assert_int_equal(azml_compute_create(world->arm, &what, &created, err), -1);
}

static void without_its_workspace_nothing_is_created(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {{0}};
    struct scripted world;
    auto_error struct azml_error err = {0};
    fails(rows, &world, &err);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.message, "no workspace course in group lab");
    assert_string_equal(err.hint, "azml workspace create course -g lab");
    assert_int_equal(serve_count(world.serve, "PUT"), 0);
    scripted_close(&world);
}

static void without_quota_nothing_is_created_and_no_key_made(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {HOME, LISTS("0"), {0}};
    struct scripted world;
    auto_error struct azml_error err = {0};
    fails(rows, &world, &err);
    assert_int_equal(err.code, AZML_ERROR_QUOTA);
    assert_string_equal(err.message, "no quota for Standard_E4ds_v4 in westeurope");
    assert_int_equal(serve_count(world.serve, "PUT"), 0);
    assert_int_equal(keys_made, 0);
    scripted_close(&world);
}

static void success_of_the_operation_is_not_believed_where_the_state_says_failed(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        HOME,
        LISTS("10"),
        {"GET " COMPUTE "?", 1, 404, NULL, "{}", 0},
        {"PUT " COMPUTE, 0, 201, STATUS, INSTANCE("Creating", "Creating", "null"), 0},
        {"GET " SUBSCRIPTION "/operationStatuses/1", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
        {"GET " COMPUTE "?", 0, 200, NULL,
         "{\"name\":\"trainer\",\"properties\":{\"computeType\":\"ComputeInstance\","
         "\"provisioningState\":\"Succeeded\",\"properties\":{\"state\":\"CreateFailed\","
         "\"errors\":[{\"error\":{\"code\":\"AllocationFailed\",\"message\":\"no capacity\"}}]}}}",
         0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    auto_error struct azml_error err = {0};
    fails(rows, &world, &err);
    assert_string_equal(err.message, "could not create compute trainer");
    assert_string_equal(err.said_code, "AllocationFailed");
    assert_non_null(err.hint);
    scripted_close(&world);
}

static void a_name_that_somebody_else_has_in_the_region_is_said_so(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        HOME,
        LISTS("10"),
        {"PUT " COMPUTE, 0, 400, NULL,
         "{\"error\":{\"code\":\"UserError\",\"message\":\"Compute name 'trainer' is not available. "
         "Reason: AlreadyExists. Message: The specified name trainer is already in use\"}}",
         0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    auto_error struct azml_error err = {0};
    fails(rows, &world, &err);
    assert_int_equal(err.code, AZML_ERROR_NAME_TAKEN);
    assert_string_equal(err.message, "the name trainer is taken");
    scripted_close(&world);
}

static void a_broken_or_different_or_dying_one_of_that_name_is_not_touched(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *document, *message;
    } cases[] = {
        {INSTANCE("Succeeded", "CreateFailed", "null"), "compute trainer is CreateFailed"},
        {INSTANCE("Deleting", "Running", "null"), "compute trainer is being deleted"},
        {"{\"name\":\"trainer\",\"properties\":{\"computeType\":\"AmlCompute\","
         "\"provisioningState\":\"Succeeded\"}}",
         "compute trainer exists and is of type AmlCompute"},
        {"{\"name\":\"trainer\",\"properties\":{\"computeType\":\"ComputeInstance\","
         "\"provisioningState\":\"Succeeded\",\"properties\":{\"state\":\"Running\",\"vmSize\":"
         "\"STANDARD_DS3_V2\"}}}",
         "compute trainer exists with size STANDARD_DS3_V2, not Standard_E4ds_v4"},
    };
    /* clang-format on */
    for (size_t i = 0; i < AZML_COUNT(cases); i++) {
        const struct serve_row rows[] = {
            HOME, {"GET " COMPUTE "?", 0, 200, NULL, cases[i].document, 0},
             {0              }
        };
        struct scripted world;
        auto_error struct azml_error err = {0};
        fails(rows, &world, &err);
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(serve_count(world.serve, "PUT"), 0);
        scripted_close(&world);
    }
}

static void it_is_done_when_it_runs_and_has_an_address(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        HOME,
        LISTS("10"),
        {"GET " COMPUTE "?", 1, 404, NULL, "{}", 0},
        {"PUT " COMPUTE, 0, 201, STATUS, INSTANCE("Creating", "Creating", "null"), 0},
        {"GET " SUBSCRIPTION "/operationStatuses/1", 1, 200, NULL, "{\"status\":\"InProgress\"}",
         0},
        {"GET " SUBSCRIPTION "/operationStatuses/1", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
        {"GET " COMPUTE "?", 1, 200, NULL, INSTANCE("Succeeded", "SettingUp", "null"), 0},
        {"GET " COMPUTE "?", 2, 200, NULL, INSTANCE("Succeeded", "Running", "null"), 0},
        {"GET " COMPUTE "?", 0, 200, NULL, RUNNING, 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    const struct azml_compute_create what = wanted(&world);
    struct azml_compute_created created = {0};
    auto_error struct azml_error err = {0};
    if (azml_compute_create(world.arm, &what, &created, &err) < 0)
        fail_msg("%s: %s", err.message, err.why);
    assert_int_equal(created.how, AZML_MADE_NEW);
    assert_string_equal(azml_json_text(created.document,
                                       "properties.properties.connectivityEndpoints"
                                       ".publicIpAddress"),
                        "127.0.0.1");
    cJSON_Delete(created.document);
    const struct serve_seen *put = serve_seen(world.serve, "PUT", 0);
    assert_non_null(strstr(put->body, "ssh-rsa AAAA made"));
    assert_non_null(strstr(put->body, "\"location\":\"westeurope\""));
    assert_int_equal(keys_made, 1);
    assert_string_equal(world.heard,
                        "Standard_E4ds_v4 in westeurope: 4 vCPU, 32 GiB, no GPU; 4 of 10 vCPU of "
                        "the family would be used; about 0.29 USD an hour\n"
                        "compute trainer: creating\n");
    scripted_close(&world);
}

static void one_that_never_shows_an_address_ends_the_wait_all_the_same(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        HOME,
        LISTS("10"),
        {"GET " COMPUTE "?", 1, 404, NULL, "{}", 0},
        {"PUT " COMPUTE, 0, 201, STATUS, INSTANCE("Creating", "Creating", "null"), 0},
        {"GET " SUBSCRIPTION "/operationStatuses/1", 0, 200, NULL, "{\"status\":\"Succeeded\"}", 0},
        {"GET " COMPUTE "?", 0, 200, NULL, INSTANCE("Succeeded", "Running", "null"), 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    const struct azml_compute_create what = wanted(&world);
    struct azml_compute_created created = {0};
    assert_int_equal(azml_compute_create(world.arm, &what, &created, NULL), 0);
    cJSON_Delete(created.document);
    scripted_close(&world);
}

static void one_that_runs_is_left_alone(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        HOME, {"GET " COMPUTE "?", 0, 200, NULL, RUNNING, 0},
         {0              }
    };
    struct scripted world;
    scripted_open(&world, rows);
    const struct azml_compute_create what = wanted(&world);
    struct azml_compute_created created = {0};
    assert_int_equal(azml_compute_create(world.arm, &what, &created, NULL), 0);
    assert_int_equal(created.how, AZML_MADE_ALREADY);
    cJSON_Delete(created.document);
    assert_int_equal(serve_count(world.serve, ""), 2);
    assert_int_equal(keys_made, 0);
    scripted_close(&world);
}

static void a_conflict_with_what_is_already_being_created_is_what_was_wanted(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct serve_row rows[] = {
        HOME,
        LISTS("10"),
        {"GET " COMPUTE "?", 1, 404, NULL, "{}", 0},
        {"PUT " COMPUTE, 0, 409, NULL, "{\"error\":{\"code\":\"Conflict\",\"message\":\"m\"}}", 0},
        {"GET " COMPUTE "?", 2, 200, NULL, INSTANCE("Creating", "Creating", "null"), 0},
        {"GET " COMPUTE "?", 0, 200, NULL, RUNNING, 0},
        {0},
    };
    /* clang-format on */
    struct scripted world;
    scripted_open(&world, rows);
    const struct azml_compute_create what = wanted(&world);
    struct azml_compute_created created = {0};
    auto_error struct azml_error err = {0};
    if (azml_compute_create(world.arm, &what, &created, &err) < 0)
        fail_msg("%s", err.message);
    assert_int_equal(created.how, AZML_MADE_NEW);
    cJSON_Delete(created.document);
    scripted_close(&world);
}

static void one_that_is_being_created_is_followed(void **state)
{
    (void)state;
    static const struct serve_row rows[] = {
        HOME,
        {"GET " COMPUTE "?",   3, 200, NULL, INSTANCE("Creating", "Creating", "null"), 0},
        {"GET " COMPUTE "?",                 0, 200, NULL, RUNNING, 0},
        {0},
    };
    struct scripted world;
    scripted_open(&world, rows);
    const struct azml_compute_create what = wanted(&world);
    struct azml_compute_created created = {0};
    assert_int_equal(azml_compute_create(world.arm, &what, &created, NULL), 0);
    assert_int_equal(created.how, AZML_MADE_NEW);
    cJSON_Delete(created.document);
    assert_int_equal(serve_count(world.serve, "PUT"), 0);
    scripted_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_its_workspace_nothing_is_created),
        cmocka_unit_test(without_quota_nothing_is_created_and_no_key_made),
        cmocka_unit_test(success_of_the_operation_is_not_believed_where_the_state_says_failed),
        cmocka_unit_test(a_name_that_somebody_else_has_in_the_region_is_said_so),
        cmocka_unit_test(a_broken_or_different_or_dying_one_of_that_name_is_not_touched),
        cmocka_unit_test(it_is_done_when_it_runs_and_has_an_address),
        cmocka_unit_test(one_that_never_shows_an_address_ends_the_wait_all_the_same),
        cmocka_unit_test(one_that_runs_is_left_alone),
        cmocka_unit_test(a_conflict_with_what_is_already_being_created_is_what_was_wanted),
        cmocka_unit_test(one_that_is_being_created_is_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
