#include "unit/test.h"

#include "base/auto.h"
#include "base/json.h"

#include <string.h>

static cJSON *parse(const char *text)
{
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

static void broken_documents_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "{", "{} x", "[1,]", "nul", "{\"a\":1}}"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        assert_null(azml_json_parse(rows[i], strlen(rows[i]), &err));
        assert_string_equal(err.message, "the text is no valid JSON document");
        assert_int_equal(err.code, AZML_ERROR_PROTOCOL);
    }
}

static void nesting_is_bounded_and_brackets_in_strings_do_not_count(void **state)
{
    (void)state;
    char deep[1024];
    memset(deep, '[', 300);
    memset(deep + 300, ']', 300);
    auto_error struct azml_error err = {0};
    assert_null(azml_json_parse(deep, 600, &err));
    assert_string_equal(err.message, "the JSON document is nested deeper than 200");
    memset(deep, '[', 300);
    deep[0] = '"';
    deep[299] = '"';
    auto_json cJSON *text = azml_json_parse(deep, 300, NULL);
    assert_non_null(text);
}

static void a_byte_order_mark_and_trailing_space_are_fine(void **state)
{
    (void)state;
    auto_json cJSON *json = parse("\xef\xbb\xbf{\"a\":1} \r\n");
    assert_int_equal(azml_json_int_or(json, "a", 0), 1);
}

static void paths_reach_members_in_any_case_and_elements_by_number(void **state)
{
    (void)state;
    auto_json cJSON *json = parse("{\"Properties\":{\"sshPort\":50000},\"value\":[{\"n\":\"a\"},"
                                  "{\"n\":\"b\"}],\"x\":null,\"X\":\"exact\"}");
    assert_int_equal(azml_json_int_or(json, "properties.SSHPORT", 0), 50000);
    assert_string_equal(azml_json_text(json, "value.1.n"), "b");
    assert_null(azml_json_text(json, "value.2.n"));
    assert_null(azml_json_text(json, "value.-1.n"));
    assert_null(azml_json_at(json, "x"));
    assert_string_equal(azml_json_text(json, "X"), "exact");
    assert_null(azml_json_text(json, "properties.sshPort"));
    assert_ptr_equal(azml_json_at(json, ""), json);
}

static void missing_and_wrong_type_are_told_apart(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    auto_json cJSON *json = parse("{\"a\":1}");
    const char *text = NULL;
    assert_int_equal(azml_json_string(json, "a", &text, &err), -1);
    assert_string_equal(err.message, "'a' of the JSON document is not of the type 'string'");
    assert_int_equal(azml_json_string(json, "b.c", &text, &err), -1);
    assert_string_equal(err.message, "the JSON document has no 'b.c'");
    assert_null(text);
    double number = 0;
    assert_int_equal(azml_json_number(json, "a", &number, &err), 0);
    assert_true(number > 0.5 && number < 1.5);
}

static void optional_values_fall_back(void **state)
{
    (void)state;
    auto_json cJSON *json = parse("{\"t\":true,\"s\":\"3599\",\"o\":{}}");
    assert_true(azml_json_bool_or(json, "t", false));
    assert_true(azml_json_bool_or(json, "missing", true));
    assert_int_equal(azml_json_int_or(json, "s", -1), 3599);
    assert_int_equal(azml_json_int_or(json, "o", -1), -1);
}

static void putting_makes_the_objects_on_the_way_and_replaces(void **state)
{
    (void)state;
    auto_json cJSON *json = cJSON_CreateObject();
    assert_int_equal(azml_json_put_text(json, "properties.ssh.key", "a"), 0);
    assert_int_equal(azml_json_put_text(json, "properties.ssh.key", "b"), 0);
    assert_int_equal(azml_json_put_number(json, "properties.count", 3), 0);
    assert_int_equal(azml_json_put_bool(json, "on", true), 0);
    assert_int_equal(azml_json_put_text(json, "none", NULL), 0);
    assert_int_equal(azml_json_put_member(json, "a.b", cJSON_CreateNumber(1)), 0);
    assert_int_equal(azml_json_put(json, "on.below", cJSON_CreateNumber(1)), -1);
    assert_int_equal(azml_json_put(json, "out-of-memory", NULL), -1);
    auto_free char *text = azml_json_print(json, false, NULL);
    assert_string_equal(text, "{\"properties\":{\"ssh\":{\"key\":\"b\"},\"count\":3},\"on\":true,"
                              "\"none\":null,\"a.b\":1}");
}

static void removing_takes_away_just_that(void **state)
{
    (void)state;
    auto_json cJSON *json = parse("{\"a\":{\"b\":1,\"c\":2},\"l\":[1,2]}");
    azml_json_remove(json, "a.b");
    azml_json_remove(json, "a.none");
    azml_json_remove(json, "none.b");
    azml_json_remove(json, "l.0");
    auto_free char *text = azml_json_print(json, false, NULL);
    assert_string_equal(text, "{\"a\":{\"c\":2},\"l\":[2]}");
}

static void pretty_text_is_laid_out_and_reads_back_the_same(void **state)
{
    (void)state;
    static const char compact[] = "{\"a\":[1,{\"b\":\"x\\\"{,:\"}],\"e\":{},\"n\":[],\"t\":true}";
    auto_json cJSON *json = parse(compact);
    auto_free char *pretty = azml_json_print(json, true, NULL);
    assert_string_equal(pretty, "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x\\\"{,:\"\n    }\n"
                                "  ],\n  \"e\": {},\n  \"n\": [],\n  \"t\": true\n}");
    auto_json cJSON *again = parse(pretty);
    auto_free char *back = azml_json_print(again, false, NULL);
    assert_string_equal(back, compact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_documents_are_refused),
        cmocka_unit_test(nesting_is_bounded_and_brackets_in_strings_do_not_count),
        cmocka_unit_test(a_byte_order_mark_and_trailing_space_are_fine),
        cmocka_unit_test(paths_reach_members_in_any_case_and_elements_by_number),
        cmocka_unit_test(missing_and_wrong_type_are_told_apart),
        cmocka_unit_test(optional_values_fall_back),
        cmocka_unit_test(putting_makes_the_objects_on_the_way_and_replaces),
        cmocka_unit_test(removing_takes_away_just_that),
        cmocka_unit_test(pretty_text_is_laid_out_and_reads_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
