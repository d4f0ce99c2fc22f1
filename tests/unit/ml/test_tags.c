#include "azml/ml_tags.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static cJSON *parse(const char *text)
{
    cJSON *json = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(json);
    return json;
}

static void only_a_maker_tag_makes_a_thing_ours(void **state)
{
    (void)state;
    static const struct {
        const char *tags;
        bool ours;
    } rows[] = {
        {"null",                              false},
        {"{}",                                false},
        {"{\"azml-made-by\":\"\"}",           false},
        {"{\"azml-made-by\":7}",              false},
        {"{\"azml-created\":\"2026\"}",       false},
        {"{\"azml-made-by\":\"azml/0.1.0\"}", true },
        {"{\"AZML-Made-By\":\"azml/9\"}",     true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *tags = parse(rows[i].tags);
        if (azml_tags_are_ours(tags) != rows[i].ours)
            fail_msg("row %zu: %s", i, rows[i].tags);
    }
    assert_false(azml_tags_are_ours(NULL));
}

static void a_dependent_belongs_to_the_workspace_it_names(void **state)
{
    (void)state;
    auto_json cJSON *tags = parse("{\"Azml-Of\":\"/subscriptions/1/resourceGroups/G/w\"}");
    assert_true(azml_tags_belong_to(tags, "/subscriptions/1/resourcegroups/g/W"));
    assert_false(azml_tags_belong_to(tags, "/subscriptions/1/resourcegroups/g/w2"));
    assert_false(azml_tags_belong_to(NULL, "/subscriptions/1/resourcegroups/g/W"));
}

static void an_owner_is_added_to_a_copy(void **state)
{
    (void)state;
    auto_json cJSON *made = parse("{\"azml-made-by\":\"azml/0.1.0\"}");
    auto_json cJSON *tags = azml_tags_with_owner(made, "/the/workspace");
    assert_string_equal(azml_tags_value(tags, "azml-of"), "/the/workspace");
    assert_true(azml_tags_are_ours(tags));
    assert_null(azml_tags_value(made, "azml-of"));
    auto_json cJSON *bare = azml_tags_with_owner(NULL, "/the/workspace");
    assert_int_equal(cJSON_GetArraySize(bare), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_maker_tag_makes_a_thing_ours),
        cmocka_unit_test(a_dependent_belongs_to_the_workspace_it_names),
        cmocka_unit_test(an_owner_is_added_to_a_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
