#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const choices[] = {"One", "Two", NULL};

static bool text(const cJSON *json, struct sandbox_reply *reply)
{
    return arm_check_text(json, "a", true, reply);
}
static bool optional_text(const cJSON *json, struct sandbox_reply *reply)
{
    return arm_check_text(json, "a", false, reply);
}
static bool boolean(const cJSON *json, struct sandbox_reply *reply)
{
    return arm_check_bool(json, "a", reply);
}
static bool object(const cJSON *json, struct sandbox_reply *reply)
{
    return arm_check_object(json, "a", true, reply);
}
static bool choice(const cJSON *json, struct sandbox_reply *reply)
{
    return arm_check_choice(json, "a", choices, false, reply);
}

static void checks_refuse_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        bool (*check)(const cJSON *json, struct sandbox_reply *reply);
        const char *json, *message; /* NULL: it passes */
    } rows[] = {
        {text,           "{}",                              "The required property 'a' is missing or null"              },
        {text,           "{\"a\":null}",                    "The required property 'a' is missing or null"              },
        {text,           "{\"a\":1}",                       "The property 'a' must be a string"                         },
        {optional_text,  "{\"a\":1}",                       "The property 'a' must be a string"                         },
        {boolean,        "{\"a\":\"true\"}",                "The property 'a' must be a boolean"                        },
        {object,         "{\"a\":[]}",                      "The property 'a' must be a JSON object"                    },
        {choice,         "{\"a\":\"Three\"}",               "The value 'Three' of the property 'a' is none of: One, Two"},
        {choice,         "{\"a\":3}",                       "The property 'a' must be a string"                         },
        {arm_check_tags, "{\"tags\":[]}",                   "The property 'tags' must be an object"                     },
        {arm_check_tags, "{\"tags\":{\"a\":1}}",            "The value of the tag 'a' must be a string"                 },
        {arm_check_tags, "{\"tags\":{\"a%\":\"1\"}}",       "have reserved characters"                                  },
        {arm_check_tags, "{\"tags\":{\"\":\"1\"}}",         "have reserved characters"                                  },
        {text,           "{\"a\":\"x\"}",                   NULL                                                        },
        {optional_text,  "{}",                              NULL                                                        },
        {boolean,        "{\"a\":false}",                   NULL                                                        },
        {object,         "{\"a\":{}}",                      NULL                                                        },
        {choice,         "{\"a\":\"tWO\"}",                 NULL                                                        },
        {choice,         "{}",                              NULL                                                        },
        {arm_check_tags, "{\"tags\":null}",                 NULL                                                        },
        {arm_check_tags, "{\"tags\":{\"azml-of\":\"/x\"}}", NULL                                                        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_json cJSON *json = azml_json_parse(rows[i].json, strlen(rows[i].json), NULL);
        auto_reply struct sandbox_reply reply = {0};
        if (rows[i].check(json, &reply) != (rows[i].message == NULL))
            fail_msg("%s", rows[i].json);
        const char *said = azml_json_text(reply.json, "error.message");
        if (rows[i].message && (reply.status != 400 || !strstr(said, rows[i].message)))
            fail_msg("%s: %s", rows[i].json, said);
    }
}

static void too_many_or_too_long_tags_are_refused(void **state)
{
    (void)state;
    auto_json cJSON *json = cJSON_CreateObject();
    for (int i = 0; i < 51; i++) {
        auto_free char *path = azml_format(NULL, "tags.t%d", i);
        azml_json_put_text(json, path, "x");
    }
    auto_reply struct sandbox_reply many = {0};
    assert_false(arm_check_tags(json, &many));
    assert_string_equal(azml_json_text(many.json, "error.code"), "TagsLimitExceeded");
    azml_json_remove(json, "tags");
    char value[258];
    memset(value, 'x', sizeof(value) - 1);
    value[257] = '\0';
    azml_json_put_text(json, "tags.a", value);
    auto_reply struct sandbox_reply tall = {0};
    assert_false(arm_check_tags(json, &tall));
    assert_string_equal(azml_json_text(tall.json, "error.code"), "TagValueTooLong");
}

static void locations_are_known_by_both_names(void **state)
{
    (void)state;
    static const struct {
        const char *written, *normal;
        bool exists;
    } rows[] = {
        {"West Europe", "westeurope",  true },
        {"eastus",      "eastus",      true },
        {"Mars",        "mars",        false},
        {"denmarkeast", "denmarkeast", false}, /* announced, not open yet */
        {"",            "",            false},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        char normal[ARM_LOCATION_ROOM];
        arm_location_normal(rows[i].written, normal);
        assert_string_equal(normal, rows[i].normal);
        assert_int_equal(arm_location_exists(normal), rows[i].exists);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_refuse_with_the_reason),
        cmocka_unit_test(too_many_or_too_long_tags_are_refused),
        cmocka_unit_test(locations_are_known_by_both_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
