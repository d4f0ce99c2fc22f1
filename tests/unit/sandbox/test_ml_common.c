#include "ml_world.h"
#include "sandbox/ml.h"

static void words_are_whole_and_in_any_case(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_word;
    } rows[] = {
        {"",                 false},
        {"Ena",              false},
        {"Enabledx",         false},
        {"Enabled|Disabled", false},
        {"enabled",          true },
        {"DISABLED",         true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (sandbox_ml_is_word(rows[i].text, "Enabled|Disabled") != rows[i].is_word)
            fail_msg("row %zu: %s", i, rows[i].text);
    }
}

static void display_names_of_regions_become_short_ones(void **state)
{
    (void)state;
    char location[64], tiny[4];
    sandbox_ml_location("West Europe", location, sizeof(location));
    assert_string_equal(location, "westeurope");
    sandbox_ml_location("westeurope", tiny, sizeof(tiny));
    assert_string_equal(tiny, "wes");
    assert_true(sandbox_ml_is_region("westeurope"));
    assert_false(sandbox_ml_is_region("moonbase"));
}

static void errors_say_which_component_spoke(void **state)
{
    (void)state;
    struct sandbox_request request = {.request_id = "request-1"};
    auto_reply struct sandbox_reply reply = {0};
    assert_int_equal(sandbox_ml_error(ml_sandbox, &request, &reply, 409, "Conflict", "it is %d", 7),
                     0);
    assert_int_equal(reply.status, 409);
    assert_string_equal(azml_json_text(reply.json, "error.code"), "Conflict");
    assert_string_equal(azml_json_text(reply.json, "error.message"), "it is 7");
    assert_string_equal(azml_json_text(reply.json, "error.additionalInfo.0.type"), "ComponentName");
    assert_string_equal(azml_json_text(reply.json, "error.additionalInfo.1.info.value.request"),
                        "request-1");
    assert_string_equal(sandbox_pairs_find(&reply.headers, "x-ms-response-type"), "error");
}

static void a_stamp_keeps_who_created_it(void **state)
{
    (void)state;
    struct sandbox_request first = {.caller = {.client_id = "one"}};
    struct sandbox_request second = {.caller = {.client_id = "two"}};
    auto_json cJSON *body = cJSON_CreateObject();
    assert_int_equal(sandbox_ml_stamp(ml_sandbox, &first, body), 0);
    assert_int_equal(sandbox_ml_stamp(ml_sandbox, &second, body), 0);
    assert_string_equal(azml_json_text(body, "systemData.createdBy"), "one");
    assert_string_equal(azml_json_text(body, "systemData.lastModifiedBy"), "two");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_whole_and_in_any_case),
        cmocka_unit_test(display_names_of_regions_become_short_ones),
        cmocka_unit_test(errors_say_which_component_spoke),
        cmocka_unit_test(a_stamp_keeps_who_created_it),
    };
    return cmocka_run_group_tests(tests, ml_open, ml_close);
}
