#include "arm_world.h"

#define STORE "~/Microsoft.Storage/storageAccounts/"
#define BODY \
    "{'location':'West Europe','kind':'StorageV2','sku':{'name':'Standard_LRS'},'tags':{'a':'1'}}"

static void wrong_bodies_and_names_are_refused(void **state)
{
    static const struct step steps[] = {
        {"PUT",    STORE "Big",            BODY,                                                            400, "AccountNameInvalid"                     },
        {"PUT",    STORE "ab",             BODY,                                                            400, "ab is not a valid storage account name."},
        {"PUT",    STORE "good1",          "{'kind':'StorageV2','sku':{'name':'Standard_LRS'}}",            400,
         "LocationRequired"                                                                                                                               },
        {"PUT",    STORE "good1",
         "{'location':'mars','kind':'StorageV2','sku':{'name':'Standard_LRS'}}",                            400,
         "LocationNotAvailableForResourceType"                                                                                                            },
        {"PUT",    STORE "good1",          "{'location':'eastus','sku':{'name':'Standard_LRS'}}",           400,
         "The required property 'kind' is missing or null"                                                                                                },
        {"PUT",    STORE "good1",          "{'location':'eastus','kind':'StorageV2'}",                      400, "'sku'"                                  },
        {"PUT",    STORE "good1",          "{'location':'eastus','kind':'StorageV2','sku':{'name':'Big'}}", 400,
         "The value 'Big' of the property 'sku.name'"                                                                                                     },
        {"PUT",    STORE "good1",
         "{'location':'eastus','kind':'StorageV2','sku':{'name':'Standard_LRS'},"
         "'properties':{'allowBlobPublicAccess':'no'}}",                                                    400, "must be a boolean"                      },
        {"GET",    STORE "good1",          NULL,                                                            404, "ResourceNotFound"                       },
        {"DELETE", STORE "good1",          NULL,                                                            204, NULL                                     },
        {"POST",   STORE "good1/listKeys", NULL,                                                            404, "ResourceNotFound"                       },
    };
    ARM_STEPS(*state, steps);
}

static void an_account_is_made_by_202_and_then_there(void **state)
{
    static const struct step steps[] = {
        {"PUT",    STORE "good1",                                                    BODY,                                                    202, NULL                                           },
        {"GET",    STORE "good1",                                                    NULL,                                                    200, "'provisioningState':'Creating'"               },
        {"PUT",    STORE "good1",                                                    BODY,                                                    409, "StorageAccountOperationInProgress"            },
        {"WAIT",   NULL,                                                             NULL,                                                    30,  NULL                                           },
        {"GET",    STORE "good1",                                                    NULL,                                                    200, "'provisioningState':'Succeeded'"              },
        {"GET",    STORE "good1",                                                    NULL,                                                    200, "'blob':'https://good1.blob.core.windows.net/'"},
        {"GET",    STORE "good1",                                                    NULL,                                                    200, "'location':'westeurope'"                      },
        {"GET",    STORE "good1",                                                    NULL,                                                    200, "!key1"                                        },
        {"PUT",    STORE "good1",                                                    BODY,                                                    200, "'Succeeded'"                                  },
        {"PUT",    STORE "good1",
         "{'location':'eastus','kind':'StorageV2','sku':{'name':'Standard_LRS'}}",                                                            409,
         "InvalidResourceLocation"                                                                                                                                                                },
        {"PATCH",  STORE "good1",                                                    "{'sku':{'name':['x']}}",                                400, "must be a string"                             },
        {"PATCH",  STORE "good1",                                                    "{'tags':{'b':'2'},'properties':{'accessTier':'Cool'}}", 200,
         "'accessTier':'Cool'"                                                                                                                                                                    },
        {"GET",    STORE "good1",                                                    NULL,                                                    200, "'tags':{'b':'2'}"                             },
        {"HEAD",   STORE "good1",                                                    NULL,                                                    204, NULL                                           },
        {"GET",    "~/Microsoft.Storage/storageAccounts",                            NULL,                                                    200, "good1"                                        },
        {"GET",    "/subscriptions/{S}/providers/Microsoft.Storage/storageAccounts", NULL,                                                    200,
         "good1"                                                                                                                                                                                  },
        {"DELETE", STORE "good1",                                                    NULL,                                                    200, NULL                                           },
        {"GET",    STORE "good1",                                                    NULL,                                                    404, NULL                                           },
    };
    ARM_STEPS(*state, steps);
}

static void the_location_answers_202_then_the_account(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply reply = {0};
    arm_call(sandbox, "PUT", STORE "good1", BODY, &reply);
    const char *location = sandbox_pairs_find(&reply.headers, "Location");
    assert_non_null(strstr(location, "/providers/Microsoft.Storage/locations/westeurope/"
                                     "asyncoperations/"));
    assert_non_null(strstr(location, "monitor=true"));
    assert_string_equal(sandbox_pairs_find(&reply.headers, "Retry-After"), "1");

    struct sandbox_request request = {.method = "GET", .body = ""};
    assert_int_equal(
        sandbox_request_set_target(&request, location + strlen(sandbox->endpoint), NULL), 0);
    auto_reply struct sandbox_reply first = {0};
    assert_int_equal(sandbox_operation_poll(sandbox, &request, &first, NULL), 1);
    assert_int_equal(first.status, 202);
    arm_wait(sandbox, 30);
    auto_reply struct sandbox_reply last = {0};
    assert_int_equal(sandbox_operation_poll(sandbox, &request, &last, NULL), 1);
    assert_int_equal(last.status, 200);
    assert_string_equal(azml_json_text(last.json, "name"), "good1");
    sandbox_request_cleanup(&request);
}

static void names_are_unique_in_the_world(void **state)
{
    static const struct step steps[] = {
        {"PUT",  "/subscriptions/{S}/resourceGroups/other",                                           "{'location':'eastus'}", 201, NULL                         },
        {"PUT",  STORE "good1",                                                                       BODY,                    202, NULL                         },
        {"PUT",
         "/subscriptions/{S}/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/good1",
         BODY,                                                                                                                 409, "StorageAccountAlreadyExists"},
        {"POST", "/subscriptions/{S}/providers/Microsoft.Storage/checkNameAvailability",
         "{'name':'good1','type':'Microsoft.Storage/storageAccounts'}",                                                        200,
         "'nameAvailable':false,'reason':'AlreadyExists'"                                                                                                        },
        {"POST", "/subscriptions/{S}/providers/Microsoft.Storage/checkNameAvailability",
         "{'name':'Bad','type':'Microsoft.Storage/storageAccounts'}",                                                          200, "AccountNameInvalid"         },
        {"POST", "/subscriptions/{S}/providers/Microsoft.Storage/checkNameAvailability",
         "{'name':'free1','type':'Microsoft.Storage/storageAccounts'}",                                                        200,
         "{'nameAvailable':true}"                                                                                                                                },
        {"POST", "/subscriptions/{S}/providers/Microsoft.Storage/checkNameAvailability",
         "{'name':'free1'}",                                                                                                   400, "'type'"                     },
    };
    ARM_STEPS(*state, steps);
}

static void keys_are_listed_and_renewed(void **state)
{
    struct sandbox *sandbox = *state;
    arm_step(sandbox, &(struct step){"PUT", STORE "good1", BODY, 202, NULL});
    auto_reply struct sandbox_reply before = {0};
    auto_reply struct sandbox_reply after = {0};
    arm_call(sandbox, "POST", STORE "good1/listKeys", NULL, &before);
    arm_call(sandbox, "POST", STORE "good1/regenerateKey", "{'keyName':'key2'}", &after);
    assert_int_equal(after.status, 200);
    assert_int_equal(strlen(azml_json_text(before.json, "keys.0.value")), 88);
    assert_string_equal(azml_json_text(before.json, "keys.0.value"),
                        azml_json_text(after.json, "keys.0.value"));
    assert_string_not_equal(azml_json_text(before.json, "keys.1.value"),
                            azml_json_text(after.json, "keys.1.value"));
    arm_step(sandbox,
             &(struct step){"POST", STORE "good1/regenerateKey", "{'keyName':'key3'}", 400, NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_bodies_and_names_are_refused),
        ARM_TEST(an_account_is_made_by_202_and_then_there),
        ARM_TEST(the_location_answers_202_then_the_account),
        ARM_TEST(names_are_unique_in_the_world),
        ARM_TEST(keys_are_listed_and_renewed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
