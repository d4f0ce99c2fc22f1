#include "arm_world.h"

#define R       "/subscriptions/{S}/resources"
#define LAB     "/subscriptions/{S}/resourceGroups/lab/resources"
#define IP      "~/Microsoft.Network/publicIPAddresses/ip1?api-version=2024-05-01"
#define STORE   "{'location':'westeurope','kind':'StorageV2','sku':{'name':'Standard_LRS'}}"
#define ACCOUNT "~/Microsoft.Storage/storageAccounts/"

static void what_no_provider_knows_is_refused(void **state)
{
    static const struct step steps[] = {
        {"GET",    "~/Microsoft.Nothing/things/x",                                     NULL,                  404, "InvalidResourceType"                },
        {"GET",    "~/Microsoft.Network/nothings/x",                                   NULL,                  404, "InvalidResourceType"                },
        {"GET",    IP,                                                                 NULL,                  404, "ResourceNotFound"                   },
        {"HEAD",   IP,                                                                 NULL,                  404, NULL                                 },
        {"DELETE", IP,                                                                 NULL,                  204, NULL                                 },
        {"PUT",    IP,                                                                 "{}",                  400, "LocationRequired"                   },
        {"PUT",    IP,                                                                 "{'location':'mars'}", 400, "LocationNotAvailableForResourceType"},
        {"PUT",    "~/Microsoft.Network/publicIPAddresses/ip1?api-version=2099-01-01",
         "{'location':'eastus'}",                                                                             400, "NoRegisteredProviderFound"          },
        {"GET",    R "?$filter=size eq 'x'",                                           NULL,                  400, "InvalidFilterInQueryString"         },
    };
    ARM_STEPS(*state, steps);
}

static void other_types_are_kept_as_they_came(void **state)
{
    static const struct step steps[] = {
        {"PUT",    IP,  "{'location':'East US','sku':{'name':'Basic'},'properties':{'x':1}}", 201,
         "'type':'Microsoft.Network/publicIPAddresses'"                                                                 },
        {"PUT",    IP,  "{'location':'eastus'}",                                              200, NULL                 },
        {"GET",    IP,  NULL,                                                                 200, "'location':'eastus'"},
        {"HEAD",   IP,  NULL,                                                                 204, NULL                 },
        {"GET",    LAB, NULL,                                                                 200, "ip1"                },
        {"DELETE", IP,  NULL,                                                                 200, NULL                 },
        {"GET",    LAB, NULL,                                                                 200, "'value':[]"         },
    };
    ARM_STEPS(*state, steps);
}

static void lists_are_filtered_and_expanded(void **state)
{
    static const struct step steps[] = {
        {"PUT", "/subscriptions/{S}/resourceGroups/other",                                           "{'location':'eastus'}", 201, NULL            },
        {"PUT", ACCOUNT "good1",                                                                     STORE,                   202, NULL            },
        {"PUT",
         "/subscriptions/{S}/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/far1", STORE,                   202, NULL            },
        {"GET", R,                                                                                   NULL,                    200, "'name':'far1'" },
        {"GET", LAB,                                                                                 NULL,                    200, "!'name':'far1'"},
        {"GET", LAB,                                                                                 NULL,                    200, "!properties"   },
        {"GET", LAB,                                                                                 NULL,                    200, "!Time"         },
        {"GET", LAB "?$expand=createdTime,changedTime,provisioningState",                            NULL,                    200,
         "'createdTime':'2025-"                                                                                                                    },
        {"GET", LAB "?$expand=createdTime,changedTime,provisioningState",                            NULL,                    200,
         "'provisioningState':'Creating'"                                                                                                          },
        {"GET",
         R "?$filter=resourceType eq 'microsoft.storage/storageaccounts' and resourceGroup "
           "eq 'other'",                                                                             NULL,                    200, "!good1"        },
        {"GET", R "?$filter=substringof('ood',name)",                                                NULL,                    200, "good1"         },
        {"GET", R "?$top=1",                                                                         NULL,                    200, "!far1"         },
    };
    ARM_STEPS(*state, steps);
}

static void hidden_things_are_left_out(void **state)
{
    struct sandbox *sandbox = *state;
    arm_step(sandbox, &(struct step){"PUT", ACCOUNT "good1", STORE, 202, NULL});
    auto_free char *id = arm_text(sandbox, ACCOUNT "good1", ' ', ' ');
    auto_resource struct sandbox_resource *account = NULL;
    assert_int_equal(sandbox_store_get(sandbox->store, id, &account, NULL), 0);
    account->is_hidden_from_list = true;
    assert_int_equal(sandbox_store_put(sandbox->store, account, arm_now_ms, NULL), 0);
    arm_step(sandbox, &(struct step){"GET", LAB, NULL, 200, "'value':[]"});
    arm_step(sandbox, &(struct step){"GET", ACCOUNT "good1", NULL, 200, NULL});
}

static void lists_come_in_pages(void **state)
{
    struct sandbox *sandbox = *state;
    static const char *const names[] = {"good1", "good2", "good3"};
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        auto_free char *target = azml_format(NULL, ACCOUNT "%s", names[i]);
        arm_step(sandbox, &(struct step){"PUT", target, STORE, 202, NULL});
    }
    sandbox->page_size = 2;
    auto_reply struct sandbox_reply first = {0};
    arm_call(sandbox, "GET", LAB, NULL, &first);
    assert_int_equal(cJSON_GetArraySize(azml_json_at(first.json, "value")), 2);
    assert_string_equal(first.json->child->string, "nextLink");
    const char *link = azml_json_text(first.json, "nextLink");
    auto_reply struct sandbox_reply second = {0};
    arm_call(sandbox, "GET", link + strlen(sandbox->endpoint), NULL, &second);
    assert_string_equal(azml_json_text(second.json, "value.0.name"), "good3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(what_no_provider_knows_is_refused),
        ARM_TEST(other_types_are_kept_as_they_came),
        ARM_TEST(lists_are_filtered_and_expanded),
        ARM_TEST(hidden_things_are_left_out),
        ARM_TEST(lists_come_in_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
