#include "arm_world.h"

#define D                "~/Microsoft.Resources/deployments/"
#define TEMPLATE(inside) "{'$schema':'x','contentVersion':'1.0.0.0'," inside "}"
#define BODY(inside)     "{'properties':{'mode':'Incremental','template':" TEMPLATE(inside) "}}"
#define STORE                                                                               \
    "{'type':'Microsoft.Storage/storageAccounts','apiVersion':'2023-05-01','name':'good1'," \
    "'location':'[resourceGroup().location]','kind':'StorageV2','sku':{'name':'Standard_LRS'}}"

static void wrong_deployments_are_refused_before_they_start(void **state)
{
    static const struct step steps[] = {
        {"PUT",    D "d1",            "{}",                                                      400, "'properties'"             },
        {"PUT",    D "d1",            "{'properties':{'template':{}}}",                          400, "properties.mode"          },
        {"PUT",    D "d1",            "{'properties':{'mode':'Complete','template':{}}}",        400, "Complete"                 },
        {"PUT",    D "d1",            "{'properties':{'mode':'Incremental'}}",                   400, "properties.template"      },
        {"PUT",    D "d1",            "{'properties':{'mode':'Incremental','templateLink':{}}}", 400,
         "Linked templates"                                                                                                      },
        {"PUT",    D "d1",            "{'location':'eastus','properties':{}}",                   400, "'location' property"      },
        {"PUT",    D "d1",            BODY("'resources':[{'type':'x'}]"),                        400,
         "InvalidTemplate','message':'Deployment template validation failed: "                                                   },
        {"PUT",    D "d1",            BODY("'resources':[],'outputs':{'a':{}},'copy':1"),        400, "InvalidTemplate"          },
        {"PUT",    D "d1",
         BODY("'resources':[{'type':'Microsoft.Storage/storageAccounts','apiVersion':'2099-01-01',"
              "'name':'x'}]"),
         400,                                                                                         "NoRegisteredProviderFound"},
        {"PUT",    D "a b",           BODY("'resources':[]"),                                    400, "InvalidDeploymentName"    },
        {"GET",    D "d1",            NULL,                                                      404, "DeploymentNotFound"       },
        {"GET",    D "d1/operations", NULL,                                                      404, "DeploymentNotFound"       },
        {"POST",   D "d1/cancel",     NULL,                                                      404, "DeploymentNotFound"       },
        {"DELETE", D "d1",            NULL,                                                      204, NULL                       },
        {"HEAD",   D "d1",            NULL,                                                      404, NULL                       },
    };
    ARM_STEPS(*state, steps);
}

static void a_taken_name_is_found_at_preflight(void **state)
{
    static const struct step steps[] = {
        {"PUT",  "/subscriptions/{S}/resourceGroups/other",                                           "{'location':'eastus'}",         201, NULL},
        {"PUT",
         "/subscriptions/{S}/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/good1",
         "{'location':'eastus','kind':'StorageV2','sku':{'name':'Standard_LRS'}}",                                                     202, NULL},
        {"PUT",  D "d1",                                                                              BODY("'resources':[" STORE "]"), 400,
         "'code':'PreflightValidationCheckFailed'"                                                                                              },
        {"POST", D "d1/validate",                                                                     BODY("'resources':[" STORE "]"), 400,
         "StorageAccountAlreadyExists"                                                                                                          },
        {"GET",  D "d1",                                                                              NULL,                            404, NULL},
    };
    ARM_STEPS(*state, steps);
}

static void validation_makes_nothing(void **state)
{
    static const struct step steps[] = {
        {"POST", D "d1/validate",                             BODY("'resources':[" STORE "]"), 200,
         "'provisioningState':'Succeeded'"                                                              },
        {"GET",  D "d1",                                      NULL,                            404, NULL},
        {"GET",  "~/Microsoft.Storage/storageAccounts/good1", NULL,                            404, NULL},
    };
    ARM_STEPS(*state, steps);
}

static void a_record_can_be_listed_exported_and_deleted(void **state)
{
    static const struct step steps[] = {
        {"PUT",    D "d1",                                                                    BODY("'resources':[" STORE "]"), 201, "'provisioningState':'Accepted'" },
        {"PUT",    D "d1",                                                                    BODY("'resources':[]"),          409, "DeploymentActive"               },
        {"DELETE", D "d1",                                                                    NULL,                            409, "DeploymentActive"               },
        {"WAIT",   NULL,                                                                      NULL,                            60,  NULL                             },
        {"GET",    D "d1",                                                                    NULL,                            200, "'provisioningState':'Succeeded'"},
        {"HEAD",   D "d1",                                                                    NULL,                            204, NULL                             },
        {"PUT",    D "d1",                                                                    BODY("'resources':[" STORE "]"), 200, "Accepted"                       },
        {"WAIT",   NULL,                                                                      NULL,                            60,  NULL                             },
        {"GET",    "~/Microsoft.Resources/deployments",                                       NULL,                            200, "'name':'d1'"                    },
        {"GET",    "~/Microsoft.Resources/deployments?$filter=provisioningState eq 'Failed'", NULL,
         200,                                                                                                                       "'value':[]"                     },
        {"GET",    "~/Microsoft.Resources/deployments?$filter=name eq 'x'",                   NULL,                            400,
         "InvalidFilterInQueryString"                                                                                                                                },
        {"POST",   D "d1/exportTemplate",                                                     NULL,                            200, "contentVersion"                 },
        {"POST",   D "d1/cancel",                                                             NULL,                            409, "DeploymentCannotBeCancelled"    },
        {"GET",    "/subscriptions/{S}/resourceGroups/lab/resources",                         NULL,                            200, "!'d1'"                          },
        {"DELETE", D "d1",                                                                    NULL,                            202, NULL                             },
        {"WAIT",   NULL,                                                                      NULL,                            30,  NULL                             },
        {"GET",    D "d1",                                                                    NULL,                            404, NULL                             },
        {"GET",    "~/Microsoft.Storage/storageAccounts/good1",                               NULL,                            200, NULL                             },
    };
    ARM_STEPS(*state, steps);
}

static void a_running_one_can_be_cancelled(void **state)
{
    static const struct step steps[] = {
        {"PUT",  D "d1",        BODY("'resources':[" STORE "]"), 201, NULL                            },
        {"WAIT", NULL,          NULL,                            5,   NULL                            },
        {"GET",  D "d1",        NULL,                            200, "'provisioningState':'Running'" },
        {"POST", D "d1/cancel", NULL,                            204, NULL                            },
        {"GET",  D "d1",        NULL,                            200, "'provisioningState':'Canceled'"},
        {"WAIT", NULL,          NULL,                            60,  NULL                            },
        {"GET",  D "d1",        NULL,                            200, "'provisioningState':'Canceled'"},
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_deployments_are_refused_before_they_start),
        ARM_TEST(a_taken_name_is_found_at_preflight),
        ARM_TEST(validation_makes_nothing),
        ARM_TEST(a_record_can_be_listed_exported_and_deleted),
        ARM_TEST(a_running_one_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
