#include "arm_world.h"

#define AI   "~/Microsoft.Insights/components/"
#define LOGS "~/Microsoft.OperationalInsights/workspaces/logs"
#define LOGS_ID \
    "/subscriptions/{S}/resourceGroups/lab/providers/Microsoft.OperationalInsights/workspaces/logs"
#define BODY                                                                        \
    "{'location':'westeurope','kind':'web','properties':{'Application_Type':'web'," \
    "'WorkspaceResourceId':'" LOGS_ID "'}}"

static void wrong_bodies_are_refused(void **state)
{
    static const struct step steps[] = {
        {"PUT", AI "ai",  "{'location':'westeurope','properties':{'Application_Type':'web'}}", 400,
         "'kind'"                                                                                                     },
        {"PUT", AI "ai",  "{'location':'westeurope','kind':'web','properties':{}}",            400,
         "properties.Application_Type"                                                                                },
        {"PUT", AI "ai",  BODY,                                                                400, "was not found"   },
        {"PUT", AI "ai.", "{'location':'westeurope','kind':'web','properties':{}}",            400,
         "InvalidResourceName"                                                                                        },
        {"GET", AI "ai",  NULL,                                                                404, "ResourceNotFound"},
    };
    ARM_STEPS(*state, steps);
}

static void a_component_is_there_at_once_and_its_company_later(void **state)
{
    static const struct step steps[] = {
        {"PUT",    LOGS,                                              "{'location':'westeurope'}", 201, NULL                                    },
        {"PUT",    AI "ai",                                           BODY,                        200, "'provisioningState':'Succeeded'"       },
        {"GET",    AI "ai",                                           NULL,                        200, "'type':'microsoft.insights/components'"},
        {"GET",    AI "ai",                                           NULL,                        200, "InstrumentationKey"                    },
        {"PUT",    AI "ai",                                           BODY,                        200, NULL                                    },
        {"WAIT",   NULL,                                              NULL,                        60,  NULL                                    },
        {"GET",    "/subscriptions/{S}/resourceGroups/lab/resources", NULL,                        200, "!Smart"                                },
        {"WAIT",   NULL,                                              NULL,                        300, NULL                                    },
        {"GET",    "/subscriptions/{S}/resourceGroups/lab/resources", NULL,                        200,
         "Application Insights Smart Detection"                                                                                                 },
        {"GET",    "/subscriptions/{S}/resourceGroups/lab/resources", NULL,                        200,
         "Failure Anomalies - ai"                                                                                                               },
        {"DELETE", AI "ai",                                           NULL,                        200, NULL                                    },
        {"GET",    "/subscriptions/{S}/resourceGroups/lab/resources", NULL,                        200,
         "Failure Anomalies - ai"                                                                                                               },
        {"DELETE",
         "~/microsoft.alertsmanagement/smartDetectorAlertRules/"
         "Failure Anomalies - ai?api-version=2021-04-01",             NULL,                        200, NULL                                    },
        {"GET",    "/subscriptions/{S}/resourceGroups/lab/resources", NULL,                        200, "!Failure Anomalies"                    },
    };
    ARM_STEPS(*state, steps);
}

static void a_component_that_went_brings_no_company(void **state)
{
    static const struct step steps[] = {
        {"PUT",    LOGS,                                              "{'location':'westeurope'}", 201, NULL    },
        {"PUT",    AI "ai",                                           BODY,                        200, NULL    },
        {"DELETE", AI "ai",                                           NULL,                        200, NULL    },
        {"WAIT",   NULL,                                              NULL,                        600, NULL    },
        {"GET",    "/subscriptions/{S}/resourceGroups/lab/resources", NULL,                        200, "!Smart"},
    };
    ARM_STEPS(*state, steps);
}

static void without_a_workspace_a_managed_group_is_made(void **state)
{
    static const struct step steps[] = {
        {"PUT",    AI "ai",
         "{'location':'westeurope','kind':'web','properties':{'Application_Type':'web'}}", 200,
         "/workspaces/managed-ai-ws"                                                                            },
        {"GET",    "/subscriptions/{S}/resourceGroups", NULL,                              200, "'name':'ai_ai_"},
        {"GET",    "/subscriptions/{S}/resourceGroups", NULL,                              200,
         "'managedBy':'/subscriptions/{S}/resourceGroups/lab/providers/microsoft.insights/"
         "components/ai'"                                                                                       },
        {"DELETE", AI "ai",                             NULL,                              200, NULL            },
        {"GET",    "/subscriptions/{S}/resourceGroups", NULL,                              200, "!ai_ai_"       },
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_bodies_are_refused),
        ARM_TEST(a_component_is_there_at_once_and_its_company_later),
        ARM_TEST(a_component_that_went_brings_no_company),
        ARM_TEST(without_a_workspace_a_managed_group_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
