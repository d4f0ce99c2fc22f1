#include "sandbox/ml_workspace.h"

#include "ml_world.h"

static void a_bad_name_is_refused_with_the_rule(void **state)
{
    (void)state;
    static const char *const names[] = {"ab", "-abc", "a.bc", "a123456789012345678901234567890123"};
    auto_free char *body = ml_workspace_body("");
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        auto_free char *path =
            azml_format(NULL, ML_RG "/providers/" ML_WORKSPACE "/%s" ML_GA, names[i]);
        ml_refused(400, "BadRequest", "'^[a-zA-Z0-9][\\w-]{2,32}$'", "PUT", path, body);
    }
}

static void a_bad_body_is_refused_for_what_is_wrong_with_it(void **state)
{
    (void)state;
    static const struct {
        const char *code, *part, *body;
    } rows[] = {
        {"InvalidRequestContent",               "",                                              "[]"                                },
        {"LocationRequired",                    "location",                                      "{}"                                },
        {"BadRequest",                          "'properties' not found",                        "{\"location\":\"westeurope\"}"     },
        {"BadRequest",                          "Path 'location'",                               "{\"location\":1,\"properties\":{}}"},
        {"BadRequest",                          "Path 'tags'",
         "{\"location\":\"westeurope\",\"tags\":[],\"properties\":{}}"                                                               },
        {"InvalidRequestContent",               "tag 'a' must be a string",
         "{\"location\":\"westeurope\",\"tags\":{\"a\":{}},\"properties\":{}}"                                                       },
        {"BadRequest",                          "Path 'identity.type'",
         "{\"location\":\"westeurope\",\"identity\":{\"type\":1},\"properties\":{}}"                                                 },
        {"LocationNotAvailableForResourceType", "moonbase",
         "{\"location\":\"moonbase\",\"properties\":{}}"                                                                             },
        {"BadRequest",                          "identity type 'Invented'",
         "{\"location\":\"westeurope\",\"identity\":{\"type\":\"Invented\"},\"properties\":{}}"                                      },
        {"BadRequest",                          "'kind' is not valid",
         "{\"location\":\"westeurope\",\"kind\":\"Invented\",\"properties\":{}}"                                                     },
        {"BadRequest",                          "System.Boolean",
         "{\"location\":\"westeurope\",\"properties\":{\"hbiWorkspace\":\"maybe\"}}"                                                 },
        {"BadRequest",                          "publicNetworkAccess",
         "{\"location\":\"westeurope\",\"properties\":{\"publicNetworkAccess\":\"Ajar\"}}"                                           },
        {"BadRequest",                          "Missing dependent resources in workspace json",
         "{\"location\":\"westeurope\",\"properties\":{}}"                                                                           },
        {"BadRequest",                          "could not be found",
         "{\"location\":\"westeurope\",\"properties\":{\"storageAccount\":\"/subscriptions/x\"}}"                                    },
        {"BadRequest",                          "hubResourceId",
         "{\"location\":\"westeurope\",\"kind\":\"Project\",\"properties\":{}}"                                                      },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        print_message("row %zu\n", i);
        ml_refused(400, rows[i].code, rows[i].part, "PUT", ML_WS ML_GA, rows[i].body);
    }
}

static void two_of_three_dependents_are_not_enough(void **state)
{
    (void)state;
    auto_free char *store = ml_path(ML_STORE);
    auto_free char *vault = ml_path(ML_VAULT);
    auto_free char *body = azml_format(NULL,
                                       "{\"location\":\"westeurope\",\"properties\":{"
                                       "\"storageAccount\":\"%s\",\"keyVault\":\"%s\"}}",
                                       store, vault);
    ml_refused(400, "BadRequest", "Missing dependent resources in workspace json", "PUT",
               ML_WS ML_GA, body);
    auto_free char *swapped = azml_format(NULL,
                                          "{\"location\":\"westeurope\",\"properties\":{"
                                          "\"storageAccount\":\"%s\"}}",
                                          vault);
    ml_refused(400, "BadRequest", "The storage account", "PUT", ML_WS ML_GA, swapped);
}

static void unsuitable_storage_is_refused(void **state)
{
    (void)state;
    static const char *const accounts[] = {
        "{\"kind\":\"BlobStorage\",\"sku\":{\"name\":\"Standard_LRS\"}}",
        "{\"kind\":\"StorageV2\",\"sku\":{\"name\":\"Premium_LRS\"}}",
        "{\"kind\":\"StorageV2\",\"properties\":{\"isHnsEnabled\":true}}",
    };
    auto_free char *body = ml_workspace_body("");
    for (size_t i = 0; i < AZML_COUNT(accounts); i++) {
        ml_keep(ML_STORE, NULL, accounts[i]);
        ml_refused(400, "BadRequest", "is not supported as the default storage", "PUT", ML_WS ML_GA,
                   body);
    }
}

static void place_and_storage_cannot_change(void **state)
{
    (void)state;
    ml_make_workspace();
    ml_refused(409, "InvalidResourceLocation", "already exists in location 'westeurope'", "PUT",
               ML_WS ML_GA, "{\"location\":\"eastus\",\"properties\":{}}");
    ml_keep(ML_RG "/providers/Microsoft.Storage/storageAccounts/other", NULL, "{}");
    auto_free char *other = ml_path(ML_RG "/providers/Microsoft.Storage/storageAccounts/other");
    auto_free char *body = azml_format(
        NULL, "{\"location\":\"westeurope\",\"properties\":{\"storageAccount\":\"%s\"}}", other);
    ml_refused(400, "BadRequest", "The storage account of a workspace cannot be changed", "PUT",
               ML_WS ML_GA, body);
}

static void booleans_may_come_as_text(void **state)
{
    (void)state;
    auto_free char *body = ml_workspace_body(",\"hbiWorkspace\":\"true\"");
    ml_do(202, "PUT", ML_WS ML_GA, body);
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", ML_WS ML_GA, NULL);
    assert_true(cJSON_IsTrue(azml_json_at(reply.json, "properties.hbiWorkspace")));
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, ml_open, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(a_bad_name_is_refused_with_the_rule),
        ROW(a_bad_body_is_refused_for_what_is_wrong_with_it),
        ROW(two_of_three_dependents_are_not_enough),
        ROW(unsuitable_storage_is_refused),
        ROW(place_and_storage_cannot_change),
        ROW(booleans_may_come_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
