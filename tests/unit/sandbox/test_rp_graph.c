#include "arm_world.h"

#define GRAPH "/providers/Microsoft.ResourceGraph/resources"
#define STORE "{'location':'westeurope','kind':'StorageV2','sku':{'name':'Standard_LRS'}}"
#define FIRST                                                                \
    {                                                                        \
        "PUT", "~/Microsoft.Storage/storageAccounts/good1", STORE, 202, NULL \
    }

static void wrong_queries_are_refused(void **state)
{
    static const struct step steps[] = {
        {"POST", GRAPH, "{}",                                                     400, "'query'"              },
        {"POST", GRAPH, "{'query':'resources | join x on y'}",                    400, "'code':'InvalidQuery'"},
        {"POST", GRAPH, "{'query':'resources | join x on y'}",                    400,
         "ParserFailure: the operator is not supported"                                                       },
        {"POST", GRAPH, "{'query':'resources | where nope == 1'}",                400, "named 'nope'"         },
        {"POST", GRAPH, "{'query':'resources','options':{'$top':1001}}",          400, "InvalidOptions"       },
        {"POST", GRAPH, "{'query':'resources','options':{'$skipToken':'x'}}",     400, "$skipToken"           },
        {"POST", GRAPH, "{'query':'resources','options':{'resultFormat':'csv'}}", 400, "csv"                  },
    };
    ARM_STEPS(*state, steps);
}

static void rows_have_lower_case_types(void **state)
{
    static const struct step steps[] = {
        FIRST,
        {"POST", GRAPH,
          "{'subscriptions':['{S}'],'query':'Resources | where type =~ \\u0027MICROSOFT.STORAGE/"
         "storageaccounts\\u0027 | project id, type, kind, rg=tolower(resourceGroup)'}",    200,
          "'totalRecords':1,'count':1,'data':[{'id':'/subscriptions/{S}/resourceGroups/lab/"
         "providers/Microsoft.Storage/storageAccounts/good1','type':"
         "'microsoft.storage/storageaccounts','kind':'StorageV2','rg':'lab'}],'facets':[],"
         "'resultTruncated':'false'"                                                         },
        {"POST", GRAPH, "{'query':'ResourceContainers | project type, name'}",             200,
          "'type':'microsoft.resources/subscriptions/resourcegroups','name':'lab'"           },
        {"POST", GRAPH,
          "{'subscriptions':['00000000-0000-0000-0000-000000000000'],'query':'resources'}", 200,
          "'data':[]"                                                                        },
        {"POST", GRAPH, "{'query':'resources | summarize n=count() by type'}",             200,
          "[{'type':'microsoft.storage/storageaccounts','n':1}]"                             },
        {"POST", GRAPH,
          "{'query':'resources | project id, n=1','options':{'resultFormat':'table'}}",     200,
          "'columns':[{'name':'id','type':'string'},{'name':'n','type':'integer'}],'rows':[["},
    };
    ARM_STEPS(*state, steps);
}

static void rows_come_in_pages_where_ids_are_kept(void **state)
{
    static const struct step steps[] = {
        FIRST,
        {"PUT",  "~/Microsoft.Storage/storageAccounts/good2", STORE,                                                       202, NULL},
        {"POST", GRAPH,                                       "{'query':'resources | project id','options':{'$top':1}}",   200,
          "'resultTruncated':'true','$skipToken':'"                                                                                  },
        {"POST", GRAPH,
          "{'query':'resources | project id','options':{'$top':1,'$skipToken':'c2tpcDox'}}",                                200,
          "good2"                                                                                                                    },
        {"POST", GRAPH,                                       "{'query':'resources | project name','options':{'$top':1}}", 200,
          "!skipToken"                                                                                                               },
    };
    ARM_STEPS(*state, steps);
}

static void the_graph_does_not_see_what_is_hidden_from_it(void **state)
{
    struct sandbox *sandbox = *state;
    arm_step(sandbox, &(struct step)FIRST);
    auto_free char *id = arm_text(sandbox, "~/Microsoft.Storage/storageAccounts/good1", ' ', ' ');
    auto_resource struct sandbox_resource *account = NULL;
    assert_int_equal(sandbox_store_get(sandbox->store, id, &account, NULL), 0);
    account->is_hidden_from_graph = true;
    assert_int_equal(sandbox_store_put(sandbox->store, account, arm_now_ms, NULL), 0);
    arm_step(sandbox, &(struct step){"POST", GRAPH, "{'query':'resources'}", 200, "'data':[]"});
}

static void the_quota_is_told(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    arm_call(*state, "POST", GRAPH, "{'query':'resources | count'}", &reply);
    assert_string_equal(sandbox_pairs_find(&reply.headers, "x-ms-user-quota-remaining"), "14");
    assert_string_equal(sandbox_pairs_find(&reply.headers, "x-ms-user-quota-resets-after"),
                        "00:00:05");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_queries_are_refused),
        ARM_TEST(rows_have_lower_case_types),
        ARM_TEST(rows_come_in_pages_where_ids_are_kept),
        ARM_TEST(the_graph_does_not_see_what_is_hidden_from_it),
        ARM_TEST(the_quota_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
