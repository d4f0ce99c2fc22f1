#include "arm_world.h"

#define P "/subscriptions/{S}/providers"

static void registration_takes_its_time(void **state)
{
    static const struct step steps[] = {
        {"GET",  P "/Microsoft.Nothing",            NULL, 404, "InvalidResourceNamespace"        },
        {"POST", P "/Microsoft.Nothing/register",   NULL, 404, "InvalidResourceNamespace"        },
        {"GET",  P "/microsoft.storage",            NULL, 200,
         "'namespace':'Microsoft.Storage','registrationState':'NotRegistered'"                   },
        {"POST", P "/microsoft.storage/register",   NULL, 200, "'Registering'"                   },
        {"POST", P "/Microsoft.Storage/register",   NULL, 200, "'Registering'"                   },
        {"WAIT", NULL,                              NULL, 100, NULL                              },
        {"GET",  P "/Microsoft.Storage",            NULL, 200, "'registrationState':'Registered'"},
        {"POST", P "/Microsoft.Storage/register",   NULL, 200, "'Registered'"                    },
        {"POST", P "/Microsoft.Storage/unregister", NULL, 200, "'Unregistering'"                 },
        {"WAIT", NULL,                              NULL, 100, NULL                              },
        {"GET",  P "/Microsoft.Storage",            NULL, 200, "'Unregistered'"                  },
        {"GET",  P "/Microsoft.Resources",          NULL, 200, "'registrationState':'Registered'"},
    };
    ARM_STEPS(*state, steps);
}

static void types_have_versions_and_places(void **state)
{
    static const struct step steps[] = {
        {"GET", P "/Microsoft.MachineLearningServices", NULL, 200,
         "'resourceType':'workspaces/computes'"                                                      },
        {"GET", P "/Microsoft.MachineLearningServices", NULL, 200, "West Europe"                     },
        {"GET", P "/Microsoft.MachineLearningServices", NULL, 200, "'2025-12-01'"                    },
        {"GET", P,                                      NULL, 200, "'namespace':'Microsoft.KeyVault'"},
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(registration_takes_its_time),
        ARM_TEST(types_have_versions_and_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
