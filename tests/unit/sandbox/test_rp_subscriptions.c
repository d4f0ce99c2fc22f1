#include "arm_world.h"

static void the_subscription_is_a_students(void **state)
{
    static const struct step steps[] = {
        {"GET", "/subscriptions/00000000-0000-0000-0000-000000000000", NULL, 404,
         "SubscriptionNotFound"                                                                                            },
        {"GET", "/subscriptions",                                      NULL, 200, "'value':[{'id':'/subscriptions/{S}'"    },
        {"GET", "/subscriptions/{S}",                                  NULL, 200, "'quotaId':'AzureForStudents_2018-01-01'"},
        {"GET", "/subscriptions/{S}",                                  NULL, 200, "'tenantId':'{T}'"                       },
        {"GET", "/subscriptions/{S}",                                  NULL, 200, "'state':'Enabled'"                      },
        {"GET", "/tenants",                                            NULL, 200, "'tenantId':'{T}'"                       },
    };
    ARM_STEPS(*state, steps);
}

static void locations_are_those_of_the_public_cloud(void **state)
{
    static const struct step steps[] = {
        {"GET", "/subscriptions/{S}/locations", NULL, 200,
         "'name':'westeurope','type':'Region','displayName':'West Europe'"              },
        {"GET", "/subscriptions/{S}/locations", NULL, 200,
         "'pairedRegion':[{'name':'westus','id':'/subscriptions/{S}/locations/westus'}]"},
        {"GET", "/subscriptions/{S}/locations", NULL, 200, "'physicalZone':'eastus-az3'"},
        {"GET", "/subscriptions/{S}/locations", NULL, 200, "!usgov"                     },
        {"GET", "/subscriptions/{S}/locations", NULL, 200, "!denmarkeast"               },
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(the_subscription_is_a_students),
        ARM_TEST(locations_are_those_of_the_public_cloud),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
