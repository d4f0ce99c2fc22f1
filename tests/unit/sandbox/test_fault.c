#include "sandbox/fault.h"

#include "unit/test.h"

#include "toy.h"

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

static int64_t add(struct sandbox *sandbox, const char *text)
{
    auto_json cJSON *rule = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(rule);
    int64_t id = 0;
    assert_int_equal(sandbox_fault_add(sandbox, rule, &id, NULL), 0);
    return id;
}

/* Id of the rule that strikes, 0 for none. */
static int64_t strike(struct sandbox *sandbox, const char *method, const char *target)
{
    cJSON *struck = NULL;
    assert_int_equal(sandbox_fault_strike(sandbox, method, target, &struck, NULL), 0);
    auto_json cJSON *rule = struck;
    return azml_json_int_or(rule, "id", 0);
}

static void rules_that_make_no_sense_are_refused(void **state)
{
    static const char *const rows[] = {
        "{}",
        "{\"kind\":\"flood\"}",
        "{\"kind\":\"status\"}",
        "{\"kind\":\"status\",\"status\":99}",
        "{\"kind\":\"status\",\"status\":700}",
        "{\"kind\":\"status\",\"status\":500,\"headers\":[\"no colon\"]}",
        "{\"kind\":\"status\",\"status\":500,\"headers\":[\"A: b\\r\\nC: d\"]}",
        "{\"kind\":\"status\",\"status\":500,\"headers\":[7]}",
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *rule = azml_json_parse(rows[i], strlen(rows[i]), NULL);
        auto_error struct azml_error err = {0};
        int64_t id;
        if (sandbox_fault_add(*state, rule, &id, &err) == 0)
            fail_msg("row %zu was taken", i);
        assert_int_equal(err.code, AZML_ERROR_USAGE);
    }
}

static void patterns_fit_whole_or_inside(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool fits;
    } rows[] = {
        {"computes",               "/workspaces/w/datastores",               false},
        {"*computes",              "/workspaces/w/computes/c",               false},
        {"/workspaces/?/computes", "/workspaces/ww/computes",                false},
        {"computes",               "/workspaces/w/COMPUTES/c",               true },
        {"*/computes/*",           "/workspaces/w/computes/c?api-version=1", true },
        {"/Workspaces/?/computes", "/workspaces/w/computes",                 true },
        {"*a*b*c*",                "xxaxxbxxc",                              true },
        {"*",                      "",                                       true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (sandbox_fault_fits(rows[i].pattern, rows[i].text) != rows[i].fits)
            fail_msg("row %zu", i);
    }
}

static void it_strikes_the_nth_match_so_many_times(void **state)
{
    struct sandbox *sandbox = *state;
    int64_t id = add(sandbox, "{\"kind\":\"reset\",\"method\":\"put\",\"path\":\"computes\","
                              "\"nth\":2,\"times\":2}");
    const int64_t wanted[] = {0, id, id, 0, 0};
    for (size_t i = 0; i < AZML_COUNT(wanted); i++) {
        assert_int_equal(strike(sandbox, "GET", "/computes"), 0);
        assert_int_equal(strike(sandbox, "PUT", "/elsewhere"), 0);
        if (strike(sandbox, "PUT", "/computes") != wanted[i])
            fail_msg("match %zu", i + 1);
    }
    auto_json cJSON *list = sandbox_fault_list(sandbox, NULL);
    assert_int_equal(azml_json_int_or(list, "0.seen", 0), 5);
    assert_int_equal(azml_json_int_or(list, "0.hit", 0), 2);
}

static void zero_times_is_for_ever_and_one_the_default(void **state)
{
    struct sandbox *sandbox = *state;
    int64_t for_ever = add(sandbox, "{\"kind\":\"delay\",\"path\":\"a\",\"times\":0}");
    int64_t once = add(sandbox, "{\"kind\":\"delay\",\"path\":\"b\"}");
    for (int i = 0; i < 5; i++) {
        assert_int_equal(strike(sandbox, "GET", "/a"), for_ever);
        assert_int_equal(strike(sandbox, "GET", "/b"), i == 0 ? once : 0);
    }
}

static void the_first_rule_strikes_and_the_others_count(void **state)
{
    struct sandbox *sandbox = *state;
    int64_t first = add(sandbox, "{\"kind\":\"delay\"}");
    int64_t second = add(sandbox, "{\"kind\":\"reset\",\"nth\":2}");
    assert_int_equal(strike(sandbox, "GET", "/"), first);
    assert_int_equal(strike(sandbox, "GET", "/"), second);
}

static void clearing_takes_one_or_all(void **state)
{
    struct sandbox *sandbox = *state;
    int64_t first = add(sandbox, "{\"kind\":\"delay\"}");
    add(sandbox, "{\"kind\":\"delay\"}");
    auto_error struct azml_error err = {0};
    assert_int_equal(sandbox_fault_clear(sandbox, 999, &err), -1);
    assert_string_equal(err.message, "there is no fault 999");
    assert_int_equal(sandbox_fault_clear(sandbox, first, NULL), 0);
    auto_json cJSON *one = sandbox_fault_list(sandbox, NULL);
    assert_int_equal(cJSON_GetArraySize(one), 1);
    assert_int_equal(sandbox_fault_clear(sandbox, 0, NULL), 0);
    assert_int_equal(sandbox_fault_clear(sandbox, 0, NULL), 0);
    auto_json cJSON *none = sandbox_fault_list(sandbox, NULL);
    assert_int_equal(cJSON_GetArraySize(none), 0);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(rules_that_make_no_sense_are_refused),
        cmocka_unit_test(patterns_fit_whole_or_inside),
        WITH_WORLD(it_strikes_the_nth_match_so_many_times),
        WITH_WORLD(zero_times_is_for_ever_and_one_the_default),
        WITH_WORLD(the_first_rule_strikes_and_the_others_count),
        WITH_WORLD(clearing_takes_one_or_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
