#include "sandbox/control.h"

#include "unit/test.h"

#include "folder.h"
#include "toy.h"

#include "base/platform.h"

static int setup(void **state)
{
    *state = toy_open();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

static void ask(struct sandbox *sandbox, const char *body, struct sandbox_reply *reply)
{
    struct sandbox_request request = {.method = "POST", .body = body, .body_length = strlen(body)};
    sandbox_control_answer(sandbox, &request, reply);
}

static void the_secret_is_made_once_and_private(void **state)
{
    (void)state;
    char *folder = folder_make();
    assert_non_null(folder);
    auto_secret struct azml_secret none = {0}, first = {0}, second = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(sandbox_control_secret(folder, false, &none, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_int_equal(sandbox_control_secret(folder, true, &first, NULL), 0);
    assert_int_equal(sandbox_control_secret(folder, true, &second, NULL), 0);
    assert_int_equal(first.length, 64);
    assert_string_equal(azml_secret_reveal(&first), azml_secret_reveal(&second));
    auto_free char *path = azml_path_join(folder, "control.key", NULL);
    struct azml_platform_stat about;
    assert_int_equal(azml_platform_stat(path, &about), 0);
    assert_true(about.is_private);
    folder_remove(folder);
}

static void only_a_post_with_the_secret_is_meant(void **state)
{
    (void)state;
    auto_secret struct azml_secret secret = {0}, empty = {0};
    assert_int_equal(azml_secret_set(&secret, "abc", 3, NULL), 0);
    static const struct {
        const char *method, *target, *given;
        bool is_meant;
    } rows[] = {
        {"POST", SANDBOX_CONTROL_PATH, NULL,   false},
        {"POST", SANDBOX_CONTROL_PATH, "",     false},
        {"POST", SANDBOX_CONTROL_PATH, "ab",   false},
        {"POST", SANDBOX_CONTROL_PATH, "abd",  false},
        {"POST", SANDBOX_CONTROL_PATH, "abcd", false},
        {"GET",  SANDBOX_CONTROL_PATH, "abc",  false},
        {"POST", "/subscriptions",     "abc",  false},
        {"POST", SANDBOX_CONTROL_PATH, "abc",  true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_request request = {.method = rows[i].method};
        assert_int_equal(sandbox_request_set_target(&request, rows[i].target, NULL), 0);
        if (rows[i].given)
            assert_int_equal(
                sandbox_request_add_header(&request, SANDBOX_CONTROL_HEADER, rows[i].given, NULL),
                0);
        if (sandbox_control_is_for(&request, &secret) != rows[i].is_meant)
            fail_msg("row %zu", i);
        assert_false(sandbox_control_is_for(&request, &empty));
        sandbox_request_cleanup(&request);
    }
}

static void what_makes_no_sense_is_said_in_azmls_words(void **state)
{
    static const struct {
        const char *body, *code;
    } rows[] = {
        {"",                                              "protocol" },
        {"{}",                                            "usage"    },
        {"{\"do\":\"dance\"}",                            "usage"    },
        {"{\"do\":\"advance\"}",                          "usage"    },
        {"{\"do\":\"advance\",\"seconds\":-5}",           "usage"    },
        {"{\"do\":\"edit\",\"id\":\"/subscriptions/x\"}", "not_found"},
        {"{\"do\":\"fault-add\"}",                        "usage"    },
        {"{\"do\":\"fault-clear\",\"id\":7}",             "not_found"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        ask(*state, rows[i].body, &reply);
        assert_int_equal(reply.status, 400);
        const char *code = azml_json_text(reply.json, "error.code");
        assert_non_null(azml_json_text(reply.json, "error.message"));
        if (i > 0 && strcmp(code, rows[i].code) != 0)
            fail_msg("row %zu: %s", i, code);
    }
}

static void the_clock_and_faults_are_at_its_command(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply advanced = {0}, added = {0}, listed = {0}, status = {0};
    ask(sandbox, "{\"do\":\"advance\",\"seconds\":3600}", &advanced);
    assert_int_equal(advanced.status, 200);
    ask(sandbox, "{\"do\":\"fault-add\",\"rule\":{\"kind\":\"reset\"}}", &added);
    assert_int_equal(azml_json_int_or(added.json, "id", 0), 1);
    ask(sandbox, "{\"do\":\"fault-list\"}", &listed);
    assert_string_equal(azml_json_text(listed.json, "0.kind"), "reset");
    ask(sandbox, "{\"do\":\"status\"}", &status);
    assert_int_equal(azml_json_int_or(status.json, "faults", 0), 1);
    assert_int_equal(azml_json_int_or(status.json, "speed", 0), 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_secret_is_made_once_and_private),
        cmocka_unit_test(only_a_post_with_the_secret_is_meant),
        cmocka_unit_test_setup_teardown(what_makes_no_sense_is_said_in_azmls_words, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_clock_and_faults_are_at_its_command, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
