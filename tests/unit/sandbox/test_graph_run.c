#include "graph_world.h"

static void columns_that_do_not_exist_are_named(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"resources | where nope == 1",
         "Failed to resolve column or scalar expression named 'nope'"                  },
        {"resources | where resourcegroup == 'lab'",            "named 'resourcegroup'"},
        {"resources | project id | where name == 'a'",          "named 'name'"         },
        {"resources | summarize count() by id | order by name", "named 'name'"         },
        {"resources | count | project id",                      "named 'id'"           },
    };
    check_refused(rows, AZML_COUNT(rows));
}

static void stages_follow_each_other(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"resources | order by name asc | project name",
         "[{\"name\":\"B\"},{\"name\":\"a\"},{\"name\":\"c\"}]"                                                              },
        {"resources | sort by tolower(name) | project name",
         "[{\"name\":\"c\"},{\"name\":\"B\"},{\"name\":\"a\"}]"                                                              },
        {"resources | extend last = id == '/2' | order by last asc, id asc | project id",
         "[{\"id\":\"/1\"},{\"id\":\"/3\"},{\"id\":\"/2\"}]"                                                                 },
        {"resources | order by location asc, id desc | project id",
         "[{\"id\":\"/3\"},{\"id\":\"/2\"},{\"id\":\"/1\"}]"                                                                 },
        {"resources | take 2 | count",                                                                   "[{\"Count\":2}]"   },
        {"resources | limit 0",                                                                          "[]"                },
        {"resources | summarize count() by type | order by type asc",
         "[{\"type\":\"n/t\",\"count_\":2},{\"type\":\"n/u\",\"count_\":1}]"                                                 },
        {"resources | summarize n=count(), w=countif(location == 'eastus') by g=tolower(resourceGroup)",
         "[{\"g\":\"lab\",\"n\":2,\"w\":1},{\"g\":\"other\",\"n\":1,\"w\":1}]"                                               },
        {"resources | summarize count() by tolower(resourceGroup) | project Column1",
         "[{\"Column1\":\"lab\"},{\"Column1\":\"other\"}]"                                                                   },
        {"resources | distinct location",
         "[{\"location\":\"westeurope\"},{\"location\":\"eastus\"}]"                                                         },
        {"resources | extend n = properties.n | where n == 10 | project id, n",
         "[{\"id\":\"/2\",\"n\":10}]"                                                                                        },
        {"resources | extend name = 'x' | limit 1 | project name",                                       "[{\"name\":\"x\"}]"},
        {"resources | where id == '/2' | project id, missing = properties.a.b",
         "[{\"id\":\"/2\",\"missing\":null}]"                                                                                },
    };
    check_answers(rows, AZML_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_that_do_not_exist_are_named),
        cmocka_unit_test(stages_follow_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
