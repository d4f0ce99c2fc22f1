#include "arm_world.h"

#define VAULT "~/Microsoft.KeyVault/vaults/"
#define BODY                                                                       \
    "{'location':'westeurope','properties':{'tenantId':'{T}','accessPolicies':[]," \
    "'sku':{'family':'A','name':'standard'},'softDeleteRetentionInDays':7}}"
#define DELETED "/subscriptions/{S}/providers/Microsoft.KeyVault/locations/"

static void what_is_not_deleted_cannot_be_purged(void **state)
{
    static const struct step steps[] = {
        {"PUT",    VAULT "kv1",                                  BODY, 201, NULL                  },
        {"GET",    DELETED "westeurope/deletedVaults/kv1",       NULL, 404, "DeletedVaultNotFound"},
        {"POST",   DELETED "westeurope/deletedVaults/kv1/purge", NULL, 404, "DeletedVaultNotFound"},
        {"DELETE", VAULT "kv1",                                  NULL, 200, NULL                  },
        {"POST",   DELETED "eastus/deletedVaults/kv1/purge",     NULL, 404, "DeletedVaultNotFound"},
    };
    ARM_STEPS(*state, steps);
}

static void a_protected_vault_cannot_be_purged(void **state)
{
    static const struct step steps[] = {
        {"PUT",    VAULT "kv1",
         "{'location':'westeurope','properties':{'tenantId':'{T}','accessPolicies':[],"
         "'sku':{'family':'A','name':'standard'},'enablePurgeProtection':true}}", 201, NULL                           },
        {"DELETE", VAULT "kv1",                                  NULL,            200, NULL                           },
        {"GET",    DELETED "westeurope/deletedVaults/kv1",       NULL,            200, "'purgeProtectionEnabled':true"},
        {"POST",   DELETED "westeurope/deletedVaults/kv1/purge", NULL,            405, "MethodNotAllowed"             },
    };
    ARM_STEPS(*state, steps);
}

static void a_purged_vault_gives_its_name_back(void **state)
{
    static const struct step steps[] = {
        {"PUT",    VAULT "kv1",                                                     BODY, 201, NULL           },
        {"DELETE", VAULT "kv1",                                                     NULL, 200, NULL           },
        {"GET",    "/subscriptions/{S}/providers/Microsoft.KeyVault/deletedVaults", NULL, 200,
         "'scheduledPurgeDate':'2025-11-27T"                                                                  },
        {"GET",    DELETED "westeurope/deletedVaults",                              NULL, 200, "kv1"          },
        {"GET",    DELETED "eastus/deletedVaults",                                  NULL, 200, "'value':[]"   },
        {"POST",   DELETED "westeurope/deletedVaults/kv1/purge",                    NULL, 202, NULL           },
        {"PUT",    VAULT "kv1",                                                     BODY, 409, "ConflictError"},
        {"WAIT",   NULL,                                                            NULL, 30,  NULL           },
        {"GET",    DELETED "westeurope/deletedVaults/kv1",                          NULL, 404, NULL           },
        {"PUT",    VAULT "kv1",                                                     BODY, 201, NULL           },
    };
    ARM_STEPS(*state, steps);
}

static void a_deleted_vault_goes_by_itself_in_the_end(void **state)
{
    static const struct step steps[] = {
        {"PUT", VAULT "kv1", BODY, 201, NULL},
        {"DELETE", VAULT "kv1", NULL, 200, NULL},
        {"AGE", NULL, NULL, 6, NULL},
        {"PUT", VAULT "kv1", BODY, 409, "ConflictError"},
        {"AGE", NULL, NULL, 1, NULL},
        {"GET", "/subscriptions/{S}/providers/Microsoft.KeyVault/deletedVaults", NULL, 200,
         "'value':[]"},
        {"PUT", VAULT "kv1", BODY, 201, NULL},
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(what_is_not_deleted_cannot_be_purged),
        ARM_TEST(a_protected_vault_cannot_be_purged),
        ARM_TEST(a_purged_vault_gives_its_name_back),
        ARM_TEST(a_deleted_vault_goes_by_itself_in_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
