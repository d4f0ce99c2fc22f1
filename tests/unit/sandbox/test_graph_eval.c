#include "graph_world.h"

/* Each row's test is true for the resources whose ids it gives. */
static void tests_hold_for_the_right_rows(void **state)
{
    (void)state;
    static const struct {
        const char *test, *ids;
    } rows[] = {
        {"type == 'N/T'",                                   ""      },
        {"type =~ 'N/T'",                                   "1 3 "  },
        {"type != 'n/t'",                                   "2 "    },
        {"resourceGroup !~ 'LAB'",                          "3 "    },
        {"name in ('a', 'b')",                              "2 "    },
        {"name in~ ('a', 'b')",                             "1 2 "  },
        {"name !in ('a', 'b')",                             "1 3 "  },
        {"name !in~ ('a', 'b')",                            "3 "    },
        {"location contains 'EUR'",                         "1 "    },
        {"location !contains 'EUR'",                        "2 3 "  },
        {"type startswith 'N/'",                            "1 2 3 "},
        {"type endswith '/U'",                              "2 "    },
        {"type has 'u'",                                    "2 "    },
        {"location has 'west'",                             ""      },
        {"properties.n > 2",                                "2 "    },
        {"properties.n >= 2",                               "1 2 "  },
        {"isnull(properties.n)",                            "3 "    },
        {"isnotnull(properties.n)",                         "1 2 "  },
        {"isempty(tags.a)",                                 "2 3 "  },
        {"isnotempty(tags.a)",                              "1 "    },
        {"tolower(properties.storage) == '/s/one'",         "1 "    },
        {"toupper(name) == 'A'",                            "2 "    },
        {"tostring(properties.n) == '10'",                  "2 "    },
        {"toint(tags.a) == 1",                              "1 "    },
        {"coalesce(array_length(properties.list), 0) == 0", "2 3 "  },
        {"strcat(name, '-', properties.n) == 'a-10'",       "2 "    },
        {"true",                                            "1 2 3 "},
        {"name == 'a' == true",                             NULL    },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_free char *query =
            azml_format(NULL, "resources | where %s | project id", rows[i].test);
        auto_free char *text = answer(query, &err);
        if (!rows[i].ids) {
            assert_null(text);
            continue;
        }
        if (!text)
            fail_msg("%s: %s", rows[i].test, err.message);
        auto_str struct azml_str ids = {0};
        for (const char *at = text; (at = strchr(at, '/')) != NULL; at++)
            azml_str_addf(&ids, "%c ", at[1]);
        if (strcmp(azml_str_text(&ids), rows[i].ids) != 0)
            fail_msg("%s holds for %s", rows[i].test, azml_str_text(&ids));
    }
}

static void values_of_different_types_have_an_order(void **state)
{
    (void)state;
    static const char text[] = "[null,false,true,-1,3,\"a\",\"b\",[1],[2]]";
    auto_json cJSON *json = azml_json_parse(text, strlen(text), NULL);
    for (int a = 0; a < cJSON_GetArraySize(json); a++)
        for (int b = 0; b < cJSON_GetArraySize(json); b++) {
            int compared = graph_compare(cJSON_GetArrayItem(json, a), cJSON_GetArrayItem(json, b));
            assert_int_equal(compared, (a > b) - (a < b));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_hold_for_the_right_rows),
        cmocka_unit_test(values_of_different_types_have_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
