#include "arm_world.h"

#define LOGS "~/Microsoft.OperationalInsights/workspaces/"
#define BODY \
    "{'location':'westeurope','properties':{'sku':{'name':'PerGB2018'},'retentionInDays':30}}"

static void wrong_bodies_and_names_are_refused(void **state)
{
    static const struct step steps[] = {
        {"PUT",    LOGS "abc",             BODY,                                                           400, "InvalidResourceName"},
        {"PUT",    LOGS "abcd-",           BODY,                                                           400, "InvalidResourceName"},
        {"PUT",    LOGS "logs",            "{'location':'westeurope','properties':{'sku':{'name':'x'}}}",  400,
         "properties.sku.name"                                                                                                       },
        {"PUT",    LOGS "logs",            "{'location':'westeurope','properties':{'retentionInDays':3}}", 400,
         "RetentionInDays"                                                                                                           },
        {"DELETE", LOGS "logs",            NULL,                                                           204, NULL                 },
        {"POST",   LOGS "logs/sharedKeys", NULL,                                                           404, NULL                 },
    };
    ARM_STEPS(*state, steps);
}

static void a_workspace_settles(void **state)
{
    static const struct step steps[] = {
        {"PUT",  LOGS "logs",                                  BODY, 201, "'provisioningState':'Creating'" },
        {"WAIT", NULL,                                         NULL, 20,  NULL                             },
        {"GET",  LOGS "logs",                                  NULL, 200, "'provisioningState':'Succeeded'"},
        {"GET",  LOGS "logs",                                  NULL, 200, "'customerId':"                  },
        {"PUT",  LOGS "logs",                                  BODY, 200, NULL                             },
        {"POST", LOGS "logs/sharedKeys",                       NULL, 200, "primarySharedKey"               },
        {"GET",  "~/Microsoft.OperationalInsights/workspaces", NULL, 200, "logs"                           },
    };
    ARM_STEPS(*state, steps);
}

static char *customer(struct sandbox *sandbox)
{
    auto_reply struct sandbox_reply reply = {0};
    arm_call(sandbox, "GET", LOGS "logs", NULL, &reply);
    return azml_strdup(azml_json_text(reply.json, "properties.customerId"), NULL);
}

static void a_deleted_workspace_comes_back_by_its_name(void **state)
{
    static const struct step delete[] = {
        {"DELETE", LOGS "logs",                                                                    NULL,                    202, NULL                            },
        {"GET",    LOGS "logs",                                                                    NULL,                    200, "'provisioningState':'Deleting'"},
        {"WAIT",   NULL,                                                                           NULL,                    30,  NULL                            },
        {"GET",    LOGS "logs",                                                                    NULL,                    404, NULL                            },
        {"GET",    "~/Microsoft.OperationalInsights/deletedWorkspaces",                            NULL,                    200, "logs"                          },
        {"PUT",    LOGS "logs",                                                                    "{'location':'eastus'}", 409, "Conflict"                      },
        {"PUT",    LOGS "logs",                                                                    BODY,                    201, NULL                            },
        {"GET",    "/subscriptions/{S}/providers/Microsoft.OperationalInsights/deletedWorkspaces",
         NULL,                                                                                                              200, "'value':[]"                    },
    };
    struct sandbox *sandbox = *state;
    arm_step(sandbox, &(struct step){"PUT", LOGS "logs", BODY, 201, NULL});
    auto_free char *before = customer(sandbox);
    ARM_STEPS(sandbox, delete);
    auto_free char *after = customer(sandbox);
    assert_string_equal(before, after);
}

static void force_leaves_nothing_behind(void **state)
{
    static const struct step steps[] = {
        {"PUT",    LOGS "logs",                                         BODY,                    201, NULL        },
        {"DELETE", LOGS "logs?force=true",                              NULL,                    202, NULL        },
        {"WAIT",   NULL,                                                NULL,                    30,  NULL        },
        {"GET",    LOGS "logs",                                         NULL,                    404, NULL        },
        {"GET",    "~/Microsoft.OperationalInsights/deletedWorkspaces", NULL,                    200, "'value':[]"},
        {"PUT",    LOGS "logs",                                         "{'location':'eastus'}", 201, NULL        },
    };
    ARM_STEPS(*state, steps);
}

static void after_two_weeks_it_is_gone_by_itself(void **state)
{
    static const struct step steps[] = {
        {"PUT", LOGS "logs", BODY, 201, NULL},
        {"DELETE", LOGS "logs", NULL, 202, NULL},
        {"WAIT", NULL, NULL, 30, NULL},
        {"AGE", NULL, NULL, 13, NULL},
        {"GET", "~/Microsoft.OperationalInsights/deletedWorkspaces", NULL, 200, "logs"},
        {"AGE", NULL, NULL, 1, NULL},
        {"GET", "~/Microsoft.OperationalInsights/deletedWorkspaces", NULL, 200, "'value':[]"},
        {"PUT", LOGS "logs", "{'location':'eastus'}", 201, NULL},
    };
    ARM_STEPS(*state, steps);
}

static void a_deletion_has_both_addresses(void **state)
{
    struct sandbox *sandbox = *state;
    arm_step(sandbox, &(struct step){"PUT", LOGS "logs", BODY, 201, NULL});
    auto_reply struct sandbox_reply reply = {0};
    arm_call(sandbox, "DELETE", LOGS "logs", NULL, &reply);
    const char *watched = sandbox_pairs_find(&reply.headers, "Azure-AsyncOperation");
    assert_non_null(strstr(watched, "/locations/westeurope/operationstatuses/"));
    assert_non_null(strstr(watched, "api-version=2015-11-01-preview"));
    assert_non_null(strstr(sandbox_pairs_find(&reply.headers, "Location"),
                           "/workspaces/logs/operationresults/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_bodies_and_names_are_refused),
        ARM_TEST(a_workspace_settles),
        ARM_TEST(a_deleted_workspace_comes_back_by_its_name),
        ARM_TEST(force_leaves_nothing_behind),
        ARM_TEST(after_two_weeks_it_is_gone_by_itself),
        ARM_TEST(a_deletion_has_both_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
