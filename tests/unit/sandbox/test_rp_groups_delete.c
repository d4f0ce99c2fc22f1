#include "arm_world.h"

#define G     "/subscriptions/{S}/resourceGroups/"
#define STORE "{'location':'westeurope','kind':'StorageV2','sku':{'name':'Standard_LRS'}}"
#define VAULT                                                                      \
    "{'location':'westeurope','properties':{'tenantId':'{T}','accessPolicies':[]," \
    "'sku':{'family':'A','name':'standard'}}}"
#define LOCK "/providers/Microsoft.Authorization/locks/"

static void locks_on_above_and_below_forbid_it(void **state)
{
    static const struct step steps[] = {
        {"PUT",    "~/Microsoft.Storage/storageAccounts/good1",          STORE,                                     202, NULL         },
        {"PUT",    "~/Microsoft.Storage/storageAccounts/good1" LOCK "k",
         "{'properties':{'level':'CanNotDelete'}}",                                                                 201, NULL         },
        {"DELETE", G "lab",                                              NULL,                                      409, "ScopeLocked"},
        {"GET",    G "lab",                                              NULL,                                      200, "Succeeded"  },
        {"DELETE", "~/Microsoft.Storage/storageAccounts/good1" LOCK "k", NULL,                                      200, NULL         },
        {"PUT",    "/subscriptions/{S}" LOCK "k",                        "{'properties':{'level':'CanNotDelete'}}", 201,
         NULL                                                                                                                         },
        {"DELETE", G "lab",                                              NULL,                                      409, "ScopeLocked"},
        {"DELETE", "/subscriptions/{S}" LOCK "k",                        NULL,                                      200, NULL         },
        {"DELETE", G "lab",                                              NULL,                                      202, NULL         },
    };
    ARM_STEPS(*state, steps);
}

static void a_lock_that_comes_meanwhile_keeps_the_rest(void **state)
{
    static const struct step steps[] = {
        {"PUT",    "~/Microsoft.Storage/storageAccounts/good1", STORE,                                     202, NULL                             },
        {"DELETE", G "lab",                                     NULL,                                      202, NULL                             },
        {"PUT",    "/subscriptions/{S}" LOCK "k",               "{'properties':{'level':'CanNotDelete'}}", 201,
         NULL                                                                                                                                    },
        {"WAIT",   NULL,                                        NULL,                                      120, NULL                             },
        {"GET",    G "lab",                                     NULL,                                      200, "'provisioningState':'Succeeded'"},
        {"GET",    "~/Microsoft.Storage/storageAccounts/good1", NULL,                                      200, NULL                             },
    };
    ARM_STEPS(*state, steps);
}

static void contents_go_and_then_the_group(void **state)
{
    static const struct step steps[] = {
        {"PUT",    "~/Microsoft.Storage/storageAccounts/good1",                                    STORE,                       202, NULL                            },
        {"PUT",    "~/Microsoft.KeyVault/vaults/kv1",                                              VAULT,                       201, NULL                            },
        {"PUT",    "~/Microsoft.OperationalInsights/workspaces/logs",                              "{'location':'westeurope'}", 201,
         NULL                                                                                                                                                        },
        {"DELETE", G "lab",                                                                        NULL,                        202, NULL                            },
        {"GET",    G "lab",                                                                        NULL,                        200, "'provisioningState':'Deleting'"},
        {"PUT",    "~/Microsoft.Storage/storageAccounts/good2",                                    STORE,                       409,
         "ResourceGroupBeingDeleted"                                                                                                                                 },
        {"PUT",    G "lab",                                                                        "{'location':'westeurope'}", 409, "ResourceGroupBeingDeleted"     },
        {"WAIT",   NULL,                                                                           NULL,                        30,  NULL                            },
        {"GET",    G "lab",                                                                        NULL,                        200, "Deleting"                      },
        {"WAIT",   NULL,                                                                           NULL,                        60,  NULL                            },
        {"GET",    G "lab",                                                                        NULL,                        404, NULL                            },
        {"HEAD",   G "lab",                                                                        NULL,                        404, NULL                            },
        {"GET",    "/subscriptions/{S}/providers/Microsoft.KeyVault/deletedVaults",                NULL,                        200, "kv1"                           },
        {"GET",    "/subscriptions/{S}/providers/Microsoft.OperationalInsights/deletedWorkspaces",
         NULL,                                                                                                                  200, "logs"                          },
        {"PUT",    G "lab",                                                                        "{'location':'eastus'}",     201, NULL                            },
        {"PUT",    "~/Microsoft.KeyVault/vaults/kv1",                                              VAULT,                       409, "ConflictError"                 },
        {"DELETE", G "lab",                                                                        NULL,                        202, NULL                            },
        {"WAIT",   NULL,                                                                           NULL,                        60,  NULL                            },
        {"GET",    G "lab",                                                                        NULL,                        404, NULL                            },
    };
    ARM_STEPS(*state, steps);
}

static void a_second_delete_starts_anew(void **state)
{
    static const struct step steps[] = {
        {"DELETE", G "lab", NULL, 202, NULL},
        {"WAIT",   NULL,    NULL, 10,  NULL},
        {"DELETE", G "lab", NULL, 202, NULL},
        {"WAIT",   NULL,    NULL, 10,  NULL},
        {"GET",    G "lab", NULL, 200, NULL},
        {"WAIT",   NULL,    NULL, 10,  NULL},
        {"GET",    G "lab", NULL, 404, NULL},
    };
    ARM_STEPS(*state, steps);
}

static void its_address_answers_202_and_then_an_empty_200(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    arm_call(sandbox, "DELETE", G "lab", NULL, &reply);
    assert_null(sandbox_pairs_find(&reply.headers, "Azure-AsyncOperation"));
    const char *location = sandbox_pairs_find(&reply.headers, "Location");
    assert_non_null(strstr(location, "/operationresults/eyJqb2JJZCI6IlJFU09VUkNFR1JPVVBE"));
    struct sandbox_request request = {.method = "GET", .body = ""};
    assert_int_equal(
        sandbox_request_set_target(&request, location + strlen(sandbox->endpoint), NULL), 0);
    auto_reply struct sandbox_reply first = {0};
    assert_int_equal(sandbox_operation_poll(sandbox, &request, &first, NULL), 1);
    assert_int_equal(first.status, 202);
    assert_non_null(sandbox_pairs_find(&first.headers, "Location"));
    arm_wait(sandbox, 60);
    auto_reply struct sandbox_reply last = {0};
    assert_int_equal(sandbox_operation_poll(sandbox, &request, &last, NULL), 1);
    assert_int_equal(last.status, 200);
    assert_null(last.json);
    sandbox_request_cleanup(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(locks_on_above_and_below_forbid_it),
        ARM_TEST(a_lock_that_comes_meanwhile_keeps_the_rest),
        ARM_TEST(contents_go_and_then_the_group),
        ARM_TEST(a_second_delete_starts_anew),
        ARM_TEST(its_address_answers_202_and_then_an_empty_200),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
