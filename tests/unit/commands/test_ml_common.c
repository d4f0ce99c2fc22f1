#include "unit/test.h"

#include "base/auto.h"
#include "commands/ml_common.h"

static void the_group_of_an_id_is_shown(void **state)
{
    (void)state;
    static const struct {
        const char *id, *group;
    } rows[] = {
        {NULL,                                                    ""   },
        {"nonsense",                                              ""   },
        {"/subscriptions/5/resourcegroups/Lab/providers/A.B/c/d", "Lab"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *document = cJSON_CreateObject();
        if (rows[i].id)
            cJSON_AddStringToObject(document, "id", rows[i].id);
        auto_str struct azml_str out = {0};
        azml_ml_group_cell(document, NULL, &out);
        assert_string_equal(azml_str_text(&out), rows[i].group);
    }
}

static void an_unknown_age_is_a_question_mark(void **state)
{
    (void)state;
    auto_str struct azml_str out = {0};
    azml_ml_add_age(-1, &out);
    azml_ml_add_age(7200, &out);
    assert_string_equal(azml_str_text(&out), "?2h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_group_of_an_id_is_shown),
        cmocka_unit_test(an_unknown_age_is_a_question_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
