#include "arm_world.h"

#define VAULT "~/Microsoft.KeyVault/vaults/"
#define INNER "'tenantId':'{T}','sku':{'family':'A','name':'standard'}"
#define BODY  "{'location':'westeurope','properties':{" INNER ",'accessPolicies':[]}}"

static void wrong_bodies_and_names_are_refused(void **state)
{
    static const struct step steps[] = {
        {"PUT", VAULT "a--b", BODY,                                                   400, "VaultNameNotValid"                            },
        {"PUT", VAULT "1abc", BODY,                                                   400, "VaultNameNotValid"                            },
        {"PUT", VAULT "kv1",  "{'location':'westeurope'}",                            400, "'properties'"                                 },
        {"PUT", VAULT "kv1",  "{'location':'westeurope','properties':{" INNER "}}",   400,
         "The parameter accessPolicies is not specified."                                                                                 },
        {"PUT", VAULT "kv1",
         "{'location':'westeurope','properties':{'tenantId':'x','sku':{'family':'A','name':"
         "'standard'},'accessPolicies':[]}}",                                         400, "An invalid value was provided for 'tenantId'."},
        {"PUT", VAULT "kv1",
         "{'location':'westeurope','properties':{" INNER
         ",'accessPolicies':[],'softDeleteRetentionInDays':3}}",                      400, "softDeleteRetentionInDays"                    },
        {"PUT", VAULT "kv1",
         "{'location':'westeurope','properties':{" INNER
         ",'accessPolicies':[],'enableSoftDelete':false}}",                           400, "enableSoftDelete"                             },
        {"PUT", VAULT "kv1",
         "{'location':'westeurope','properties':{" INNER ",'createMode':'recover'}}", 404,
         "SoftDeletedVaultDoesNotExist"                                                                                                   },
    };
    ARM_STEPS(*state, steps);
}

static void a_vault_settles_and_can_be_changed(void **state)
{
    static const struct step steps[] = {
        {"PUT",  VAULT "kv1",                   BODY,            201, "'provisioningState':'RegisteringDns'"     },
        {"WAIT", NULL,                          NULL,            20,  NULL                                       },
        {"GET",  VAULT "kv1",                   NULL,            200, "'provisioningState':'Succeeded'"          },
        {"GET",  VAULT "kv1",                   NULL,            200, "'vaultUri':'https://kv1.vault.azure.net/'"},
        {"GET",  VAULT "kv1",                   NULL,            200, "'softDeleteRetentionInDays':90"           },
        {"GET",  VAULT "kv1",                   NULL,            200, "'enableRbacAuthorization':false"          },
        {"PUT",  VAULT "kv1",                   BODY,            200, "Succeeded"                                },
        {"PUT",  VAULT "kv1",
         "{'location':'westeurope','properties':{" INNER
         ",'accessPolicies':[],'softDeleteRetentionInDays':7}}", 400, "has been set already"                     },
        {"GET",  "~/Microsoft.KeyVault/vaults", NULL,            200, "kv1"                                      },
    };
    ARM_STEPS(*state, steps);
}

static void the_newest_version_defaults_to_roles(void **state)
{
    static const struct step steps[] = {
        {"PUT", VAULT "kv1?api-version=2026-02-01",
         "{'location':'westeurope','properties':{" INNER "}}", 201,
         "'enableRbacAuthorization':true"},
    };
    ARM_STEPS(*state, steps);
}

static void names_are_held_by_live_and_deleted_vaults(void **state)
{
    static const struct step steps[] = {
        {"PUT",    "/subscriptions/{S}/resourceGroups/other",                                         "{'location':'westeurope'}", 201, NULL                  },
        {"PUT",    VAULT "kv1",                                                                       BODY,                        201, NULL                  },
        {"PUT",    "/subscriptions/{S}/resourceGroups/other/providers/Microsoft.KeyVault/vaults/KV1",
         BODY,                                                                                                                     409, "VaultAlreadyExists"  },
        {"POST",   "/subscriptions/{S}/providers/Microsoft.KeyVault/checkNameAvailability",
         "{'name':'kv1','type':'Microsoft.KeyVault/vaults'}",                                                                      200, "AlreadyExists"       },
        {"DELETE", VAULT "kv1",                                                                       NULL,                        200, NULL                  },
        {"PUT",    VAULT "kv1",                                                                       BODY,                        409, "ConflictError"       },
        {"POST",   "/subscriptions/{S}/providers/Microsoft.KeyVault/checkNameAvailability",
         "{'name':'kv1','type':'Microsoft.KeyVault/vaults'}",                                                                      200, "AlreadyExists"       },
        {"POST",   "/subscriptions/{S}/providers/Microsoft.KeyVault/checkNameAvailability",
         "{'name':'kv2','type':'Microsoft.KeyVault/vaults'}",                                                                      200, "'nameAvailable':true"},
    };
    ARM_STEPS(*state, steps);
}

static void a_deleted_vault_can_be_recovered(void **state)
{
    static const struct step steps[] = {
        {"PUT",    VAULT "kv1",
         "{'location':'westeurope','tags':{'a':'1'},'properties':{" INNER
         ",'accessPolicies':[],'softDeleteRetentionInDays':7}}",                          201, NULL              },
        {"DELETE", VAULT "kv1",                                                     NULL, 200, NULL              },
        {"PUT",    VAULT "kv1",
         "{'location':'westeurope','properties':{" INNER ",'createMode':'recover'}}",     201,
         "'softDeleteRetentionInDays':7"                                                                         },
        {"GET",    VAULT "kv1",                                                     NULL, 200, "'tags':{'a':'1'}"},
        {"GET",    VAULT "kv1",                                                     NULL, 200, "!createMode"     },
        {"GET",    "/subscriptions/{S}/providers/Microsoft.KeyVault/deletedVaults", NULL, 200,
         "'value':[]"                                                                                            },
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_bodies_and_names_are_refused),
        ARM_TEST(a_vault_settles_and_can_be_changed),
        ARM_TEST(the_newest_version_defaults_to_roles),
        ARM_TEST(names_are_held_by_live_and_deleted_vaults),
        ARM_TEST(a_deleted_vault_can_be_recovered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
