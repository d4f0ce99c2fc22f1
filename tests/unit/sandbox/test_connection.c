#include "sandbox/connection.h"

#include "unit/test.h"

#include "folder.h"
#include "toy.h"

#include "base/platform.h"

static char *folder;

static int setup(void **state)
{
    (void)state;
    folder = folder_make();
    return folder ? setenv("AZML_STATE_DIR", folder, 1) : -1;
}

static int teardown(void **state)
{
    (void)state;
    folder_remove(folder);
    return unsetenv("AZML_SANDBOX");
}

/* A world that lives in the place and has said so. */
static struct sandbox *serve(const struct sandbox_place *place)
{
    struct sandbox *sandbox =
        sandbox_open(&(struct sandbox_world){.name = place->name,
                                             .folder = place->folder,
                                             .endpoint = "https://127.0.0.1:1",
                                             .speed = 90,
                                             .clock = &toy_clock,
                                             .providers = toy_providers},
                     NULL);
    assert_non_null(sandbox);
    assert_int_equal(sandbox_connection_write(sandbox, NULL), 0);
    assert_int_equal(sandbox_run_write(sandbox, 4443, NULL), 0);
    return sandbox;
}

static void names_that_leave_the_folder_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        ".",
        "..",
        "a/b",
        "a b",
        ".x",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_place place;
        auto_error struct azml_error err = {0};
        if (sandbox_place_find(rows[i], &place, &err) == 0)
            fail_msg("'%s' was taken", rows[i]);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        assert_non_null(err.hint);
    }
}

static void the_name_comes_from_the_caller_then_the_environment(void **state)
{
    (void)state;
    auto_place struct sandbox_place plain = {0}, of_environment = {0}, named = {0};
    assert_int_equal(sandbox_place_find(NULL, &plain, NULL), 0);
    assert_string_equal(plain.name, "default");
    assert_int_equal(setenv("AZML_SANDBOX", "lab.2", 1), 0);
    assert_int_equal(sandbox_place_find(NULL, &of_environment, NULL), 0);
    assert_string_equal(of_environment.name, "lab.2");
    auto_free char *wanted = azml_format(NULL, "%s/sandbox/lab.2", folder);
    assert_string_equal(of_environment.folder, wanted);
    assert_int_equal(sandbox_place_find("mine", &named, NULL), 0);
    assert_string_equal(named.name, "mine");
}

static void a_place_that_never_served_says_what_to_type(void **state)
{
    (void)state;
    auto_place struct sandbox_place place = {0};
    assert_int_equal(sandbox_place_find(NULL, &place, NULL), 0);
    auto_error struct azml_error err = {0};
    assert_null(sandbox_connection_read(&place, &err));
    assert_string_equal(err.message, "the sandbox default has never been started");
    assert_string_equal(err.hint, "azml sandbox start");
    auto_json cJSON *run = sandbox_run_read(&place, NULL);
    assert_non_null(run);
    assert_null(run->child);
}

static void a_broken_file_is_an_error_of_its_own(void **state)
{
    (void)state;
    auto_place struct sandbox_place place = {0};
    assert_int_equal(sandbox_place_find(NULL, &place, NULL), 0);
    assert_int_equal(azml_fs_make_folder(place.folder, NULL), 0);
    static const char *const files[] = {"connection.json", "run.json"};
    for (size_t i = 0; i < AZML_COUNT(files); i++) {
        auto_free char *path = azml_path_join(place.folder, files[i], NULL);
        assert_int_equal(azml_fs_write(path, "{", 1, 0600, NULL), 0);
    }
    auto_error struct azml_error connection = {0}, run = {0};
    assert_null(sandbox_connection_read(&place, &connection));
    assert_int_not_equal(connection.code, AZML_ERROR_NOT_FOUND);
    assert_null(sandbox_run_read(&place, &run));
}

static void what_is_written_is_what_clients_read(void **state)
{
    (void)state;
    auto_place struct sandbox_place place = {0};
    assert_int_equal(sandbox_place_find(NULL, &place, NULL), 0);
    struct sandbox *sandbox = serve(&place);
    auto_json cJSON *read = sandbox_connection_read(&place, NULL);
    auto_free char *ca = azml_path_join(place.folder, "ca.pem", NULL);
    const struct {
        const char *name, *value;
    } texts[] = {
        {"endpoint",       sandbox->endpoint                                              },
        {"authority",      sandbox->endpoint                                              },
        {"metadata",       "https://127.0.0.1:1/metadata/endpoints?api-version=2022-09-01"},
        {"ca",             ca                                                             },
        {"tenantId",       sandbox->tenant_id                                             },
        {"clientId",       sandbox->client_id                                             },
        {"clientSecret",   sandbox->client_secret                                         },
        {"subscriptionId", sandbox->subscription_id                                       },
    };
    for (size_t i = 0; i < AZML_COUNT(texts); i++)
        assert_string_equal(azml_json_text(read, texts[i].name), texts[i].value);
    assert_int_equal(azml_json_int_or(read, "v", 0), 1);
    auto_json cJSON *run = sandbox_run_read(&place, NULL);
    assert_int_equal(azml_json_int_or(run, "port", 0), 4443);
    assert_int_equal(azml_json_int_or(run, "speed", 0), 90);
    assert_string_equal(azml_json_text(run, "startedAt"), "2023-11-14T22:13:20Z");
    sandbox_close(sandbox);
}

static void alive_means_the_same_process_not_only_its_number(void **state)
{
    (void)state;
    auto_place struct sandbox_place place = {0};
    assert_int_equal(sandbox_place_find(NULL, &place, NULL), 0);
    sandbox_close(serve(&place)); /* this very process wrote it */
    auto_json cJSON *read = sandbox_connection_read(&place, NULL);
    assert_true(sandbox_connection_is_alive(read));
    double ticks = azml_json_number_or(read, "startTicks", 0);
    assert_int_equal(azml_json_put_number(read, "startTicks", ticks + 1), 0);
    assert_false(sandbox_connection_is_alive(read));
    azml_json_remove(read, "startTicks");
    assert_false(sandbox_connection_is_alive(read));
}

static void asking_one_that_does_not_run_is_not_found(void **state)
{
    (void)state;
    auto_place struct sandbox_place place = {0};
    assert_int_equal(sandbox_place_find(NULL, &place, NULL), 0);
    sandbox_close(serve(&place));
    auto_json cJSON *connection = sandbox_connection_read(&place, NULL);
    assert_int_equal(azml_json_put_number(connection, "pid", 0), 0);
    auto_free char *text = azml_json_print(connection, false, NULL);
    auto_free char *path = azml_path_join(place.folder, "connection.json", NULL);
    assert_int_equal(azml_fs_write(path, text, strlen(text), 0600, NULL), 0);
    auto_json cJSON *what = cJSON_CreateObject();
    auto_error struct azml_error err = {0};
    assert_null(sandbox_connection_ask(&place, what, &err));
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.message, "the sandbox default does not run");
}

#define WITH_STATE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STATE(names_that_leave_the_folder_are_refused),
        WITH_STATE(the_name_comes_from_the_caller_then_the_environment),
        WITH_STATE(a_place_that_never_served_says_what_to_type),
        WITH_STATE(a_broken_file_is_an_error_of_its_own),
        WITH_STATE(what_is_written_is_what_clients_read),
        WITH_STATE(alive_means_the_same_process_not_only_its_number),
        WITH_STATE(asking_one_that_does_not_run_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
