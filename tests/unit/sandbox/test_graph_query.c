#include "graph_world.h"

static void what_is_not_supported_says_so(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"",                                   "the table is not supported by this Resource Graph"},
        {"servicehealthresources",             "the table is not supported by this Resource Graph"},
        {"resources | join (resources) on id",
         "the operator is not supported by this Resource Graph at position 12 near 'join'"        },
        {"resources | mv-expand tags",         "the operator is not supported"                    },
        {"resources | project-away id",        "an expression is expected at position 19 near '-'"},
        {"resources | summarize make_set(id)",
         "only count() and countif() are supported in 'summarize'"                                },
        {"resources | limit x",                "a whole number is expected"                       },
        {"resources | order name",             "'by' is expected"                                 },
        {"resources where name == 'a'",        "'|' is expected"                                  },
        {"resources | where name == 'a' 'b'",  "'|' is expected"                                  },
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void columns_without_a_name_get_one(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Resources | limit 1 | project id, properties.n, tolower(name), x = 7",
         "[{\"id\":\"/1\",\"properties_n\":2,\"Column3\":\"b\",\"x\":7}]"                                    },
        {"RESOURCES | where name == 'zz' | summarize count()",                   "[{\"count_\":0}]"          },
        {"resources | summarize countif(name == 'a'), n = count();",             "[{\"countif_\":1,\"n\":3}]"},
    };
    check_answers(rows, AZML_COUNT(rows));
}

static void the_table_is_read(void **state)
{
    (void)state;
    struct graph_query query = {0};
    assert_int_equal(graph_query_parse(&query, "ResourceContainers | count", NULL), 0);
    assert_true(query.of_containers);
    assert_int_equal(query.count, 1);
    graph_query_cleanup(&query);
    assert_int_equal(graph_query_parse(&query, "Resources", NULL), 0);
    assert_false(query.of_containers);
    graph_query_cleanup(&query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_supported_says_so),
        cmocka_unit_test(columns_without_a_name_get_one),
        cmocka_unit_test(the_table_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
