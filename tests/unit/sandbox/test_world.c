#include "sandbox/world.h"

#include "base/platform.h"
#include "folder.h"
#include "toy.h"
#include "unit/test.h"

#define VAULT                                                                           \
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/lab/providers/" \
    "Microsoft.KeyVault/vaults/v"

/* --- a provider that tells what is asked of it --- */

static struct azml_str asked;
static bool must_fail;
static char *tenant_at_start;

static int begin_one(struct sandbox *sandbox, struct azml_error *err)
{
    azml_str_add(&asked, "start1 ");
    free(tenant_at_start);
    tenant_at_start = azml_strdup(sandbox->tenant_id, err);
    assert_non_null(sandbox->store);
    assert_non_null(sandbox->signer);
    return sandbox_value_set(sandbox->store, "test", "started", "yes", err);
}

static int begin_two(struct sandbox *sandbox, struct azml_error *err)
{
    (void)sandbox;
    azml_str_add(&asked, "start2 ");
    return must_fail ? azml_error_set(err, AZML_ERROR_IO, "no room") : 0;
}

static void end_one(struct sandbox *sandbox)
{
    assert_non_null(sandbox->store);
    azml_str_add(&asked, "stop1 ");
}

static const struct sandbox_provider one = {.name = "one", .start = begin_one, .stop = end_one};
static const struct sandbox_provider none = {.name = "none"};
static const struct sandbox_provider two = {.name = "two", .start = begin_two};
static const struct sandbox_provider *const providers[] = {&one, &none, &two, NULL};

static int setup(void **state)
{
    *state = folder_make();
    must_fail = false;
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    folder_remove(*state);
    azml_str_cleanup(&asked);
    asked = (struct azml_str){0};
    free(tenant_at_start);
    tenant_at_start = NULL;
    return 0;
}

static struct sandbox *open_in(const char *folder, struct azml_error *err)
{
    return sandbox_open(
        &(struct sandbox_world){.folder = folder, .clock = &toy_clock, .providers = providers},
        err);
}

static void a_start_that_fails_leaves_no_trace(void **state)
{
    must_fail = true;
    auto_error struct azml_error err = {0};
    assert_null(open_in(*state, &err));
    assert_string_equal(err.message, "the sandbox's provider 'two' could not start");
    assert_string_equal(err.why, "no room");
    assert_string_equal(azml_str_text(&asked), "start1 start2 ");
    auto_free char *lost = AZML_STEAL(tenant_at_start);

    must_fail = false;
    struct sandbox *sandbox = open_in(*state, NULL);
    assert_non_null(sandbox);
    assert_string_not_equal(sandbox->tenant_id, lost);
    sandbox_close(sandbox);
}

static void a_folder_that_cannot_be_is_an_error(void **state)
{
    auto_free char *file = azml_path_join(*state, "file", NULL);
    assert_int_equal(azml_fs_write(file, "", 0, 0, NULL), 0);
    auto_free char *inside = azml_path_join(file, "default", NULL);
    auto_error struct azml_error err = {0};
    assert_null(open_in(inside, &err));
    assert_int_not_equal(err.code, AZML_ERROR_NONE);
    assert_non_null(err.message);
}

static void hooks_run_once_in_order_and_stop_at_the_end(void **state)
{
    struct sandbox *sandbox = open_in(*state, NULL);
    assert_string_equal(azml_str_text(&asked), "start1 start2 ");
    auto_free char *started = NULL;
    assert_int_equal(sandbox_value_get(sandbox->store, "test", "started", &started, NULL), 0);
    assert_string_equal(started, "yes");
    sandbox_close(sandbox);
    assert_string_equal(azml_str_text(&asked), "start1 start2 stop1 ");
    sandbox_close(NULL);
}

static void what_is_left_out_has_its_default(void **state)
{
    (void)state;
    static const struct sandbox_provider *const nobody[] = {NULL};
    struct sandbox *sandbox = sandbox_open(&(struct sandbox_world){.providers = nobody}, NULL);
    assert_non_null(sandbox);
    assert_string_equal(sandbox->name, "default");
    assert_string_equal(sandbox->folder, "");
    assert_string_equal(sandbox->endpoint, "https://127.0.0.1:1");
    assert_true(sandbox->speed > 59.9 && sandbox->speed < 60.1);
    assert_int_equal(sandbox->page_size, 0);
    assert_ptr_equal(sandbox->clock, &azml_clock_system);
    assert_null(sandbox->tokens);
    sandbox_close(sandbox);
}

static bool is_guid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    for (size_t i = 0; i < strlen(shape); i++) {
        if (shape[i] == 'x' ? !text[i] || !strchr("0123456789abcdef", text[i]) : text[i] != '-')
            return false;
    }
    return text[strlen(shape)] == '\0';
}

static void identities_are_random_and_unlike_each_other(void **state)
{
    (void)state;
    struct sandbox *a = toy_open(), *b = toy_open();
    const char *const ids[] = {a->tenant_id, a->subscription_id, a->client_id, a->object_id,
                               b->tenant_id, b->subscription_id, b->client_id, b->object_id};
    for (size_t i = 0; i < AZML_COUNT(ids); i++) {
        assert_true(is_guid(ids[i]));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(ids[i], ids[j]);
    }
    assert_string_not_equal(a->client_secret, b->client_secret);
    assert_int_equal(strlen(a->client_secret), 40);
    assert_int_equal(strspn(a->client_secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                              "0123456789~._-"),
                     40);
    sandbox_close(a);
    sandbox_close(b);
}

static void everything_is_the_same_after_a_restart(void **state)
{
    struct sandbox *before = open_in(*state, NULL);
    auto_free char *was =
        azml_format(NULL, "%s %s %s %s %s", before->tenant_id, before->subscription_id,
                    before->client_id, before->object_id, before->client_secret);
    auto_resource struct sandbox_resource *vault = sandbox_resource_new(VAULT, NULL, NULL);
    assert_int_equal(sandbox_store_put(before->store, vault, 1, NULL), 0);
    sandbox_close(before);

    struct sandbox *after = open_in(*state, NULL);
    auto_free char *is =
        azml_format(NULL, "%s %s %s %s %s", after->tenant_id, after->subscription_id,
                    after->client_id, after->object_id, after->client_secret);
    assert_string_equal(is, was);
    assert_true(sandbox_store_has(after->store, VAULT));
    sandbox_close(after);
}

/* contracts: state folders 0700, files 0600; the database holds the secret. */
static int check_private(void *data, const char *name)
{
    auto_free char *path = azml_path_join(data, name, NULL);
    struct azml_platform_stat stat;
    assert_int_equal(azml_platform_stat(path, &stat), 0);
    bool is_public = azml_has_suffix(name, ".pem");
    if (!is_public && !stat.is_private)
        fail_msg("%s can be read by others", name);
    return 0;
}

static void what_it_keeps_is_private(void **state)
{
    auto_free char *folder = azml_path_join(*state, "new", NULL);
    struct sandbox *sandbox = open_in(folder, NULL);
    assert_non_null(sandbox);
    struct azml_platform_stat stat;
    assert_int_equal(azml_platform_stat(folder, &stat), 0);
    assert_true(stat.is_private);
    auto_free char *database = azml_path_join(folder, "state.db", NULL);
    assert_true(azml_fs_exists(database));
    assert_int_equal(azml_platform_list_folder(folder, check_private, folder), 0);
    sandbox_close(sandbox);
}

/* contracts: operations take Azure's time divided by the speed, Retry-After rounded up, at least 1
 * s. */
static void the_pace_divides_time(void **state)
{
    (void)state;
    static const struct {
        double speed, seconds;
        int64_t ms;
        unsigned azure, retry_after;
    } rows[] = {
        {60,   0,     1,     0,   1 },
        {60,   0.001, 1,     1,   1 },
        {60,   120,   2000,  15,  1 },
        {60,   1,     17,    60,  1 },
        {60,   60,    1000,  61,  2 },
        {60,   3600,  60000, 150, 3 },
        {1,    2.5,   2500,  17,  17},
        {0.5,  10,    20000, 10,  20},
        {1000, 5,     5,     600, 1 },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct sandbox world = {.speed = rows[i].speed};
        int64_t ms = sandbox_pace_ms(&world, rows[i].seconds);
        unsigned retry_after = sandbox_pace_retry_after(&world, rows[i].azure);
        if (ms != rows[i].ms || retry_after != rows[i].retry_after)
            fail_msg("row %zu: %lld ms, Retry-After %u", i, (long long)ms, retry_after);
    }
}

static void the_clock_is_the_one_that_was_given(void **state)
{
    (void)state;
    struct sandbox *sandbox = toy_open();
    toy_now_ms = 1700000001234;
    assert_int_equal(sandbox_now_ms(sandbox), 1700000001234);
    sandbox_close(sandbox);
}

/* Things, soft-deleted things, operations and timers; what comes due has run on return. */
static void advancing_ages_all_there_is(void **state)
{
    (void)state;
    struct sandbox *sandbox = toy_open();
    auto_resource struct sandbox_resource *vault = sandbox_resource_new(VAULT, NULL, NULL);
    azml_json_put_text(vault->body, "createdOn", "2025-11-20T10:00:00Z");
    assert_int_equal(sandbox_store_put(sandbox->store, vault, toy_now_ms, NULL), 0);
    assert_int_equal(
        sandbox_deleted_put(sandbox->store, vault, toy_now_ms, toy_now_ms + 7200000, NULL), 0);
    struct sandbox_operation_start timer = {
        .kind = "toy.done", .resource_id = VAULT, .seconds = 3600, .is_real_time = true};
    assert_int_equal(sandbox_operation_start(sandbox, &timer, NULL, NULL, NULL, NULL), 0);

    assert_int_equal(sandbox_clock_advance(sandbox, 3599, NULL), 0);
    assert_int_equal(sandbox_operation_running(sandbox, NULL, VAULT, NULL), 1);
    assert_int_equal(sandbox_clock_advance(sandbox, 1, NULL), 0);
    assert_int_equal(sandbox_operation_running(sandbox, NULL, VAULT, NULL), 0);

    auto_resource struct sandbox_resource *aged = NULL;
    auto_deleted struct sandbox_deleted *deleted = NULL;
    assert_int_equal(sandbox_store_get(sandbox->store, VAULT, &aged, NULL), 0);
    assert_int_equal(sandbox_deleted_get(sandbox->store, VAULT, &deleted, NULL), 0);
    assert_int_equal(aged->created_ms, toy_now_ms - 3600000);
    assert_string_equal(azml_json_text(aged->body, "createdOn"), "2025-11-20T09:00:00Z");
    assert_int_equal(deleted->purge_ms, toy_now_ms + 3600000);
    sandbox_close(sandbox);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_start_that_fails_leaves_no_trace),
        WITH_FOLDER(a_folder_that_cannot_be_is_an_error),
        WITH_FOLDER(hooks_run_once_in_order_and_stop_at_the_end),
        cmocka_unit_test(what_is_left_out_has_its_default),
        cmocka_unit_test(identities_are_random_and_unlike_each_other),
        WITH_FOLDER(everything_is_the_same_after_a_restart),
        WITH_FOLDER(what_it_keeps_is_private),
        cmocka_unit_test(the_pace_divides_time),
        cmocka_unit_test(the_clock_is_the_one_that_was_given),
        cmocka_unit_test(advancing_ages_all_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
