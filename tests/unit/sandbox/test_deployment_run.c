#include "arm_world.h"

#define D     "~/Microsoft.Resources/deployments/d1"
#define LAB   "/subscriptions/{S}/resourceGroups/lab/providers/"
#define STORE "'type':'Microsoft.Storage/storageAccounts','apiVersion':'2023-05-01'"

/* A workspace's dependents, in the wrong order, with an output of each kind. */
static const char dependents[] =
    "{'properties':{'mode':'Incremental','parameters':{'w':{'value':'Course'}},'template':{"
    "'$schema':'x','contentVersion':'1.0.0.0',"
    "'parameters':{'w':{'type':'string'},'id':{'type':'string','defaultValue':'[newGuid()]'}},"
    "'variables':{'base':'[toLower(parameters(~w~))]'},'resources':["
    "{'type':'Microsoft.Insights/components','apiVersion':'2020-02-02','name':'ai','kind':'web',"
    "'location':'[resourceGroup().location]','dependsOn':["
    "'[resourceId(~Microsoft.OperationalInsights/workspaces~, ~logs~)]'],'properties':{"
    "'Application_Type':'web','WorkspaceResourceId':"
    "'[resourceId(~Microsoft.OperationalInsights/workspaces~, ~logs~)]'}},"
    "{'type':'Microsoft.OperationalInsights/workspaces','apiVersion':'2023-09-01','name':'logs',"
    "'location':'[resourceGroup().location]'},"
    "{" STORE ",'name':'[concat(variables(~base~), ~st~)]','location':'westeurope',"
    "'kind':'StorageV2','sku':{'name':'Standard_LRS'},'tags':{'run':'[parameters(~id~)]'}},"
    "{" STORE ",'name':'never1','condition':false,'location':'westeurope',"
    "'kind':'StorageV2','sku':{'name':'Standard_LRS'}},"
    "{'type':'Microsoft.KeyVault/vaults','apiVersion':'2024-11-01','name':'kv1',"
    "'location':'westeurope','properties':{'tenantId':'[subscription().tenantId]','sku':{"
    "'family':'A','name':'standard'},'accessPolicies':[]}}],"
    "'outputs':{'key':{'type':'string','value':'[reference(~ai~).InstrumentationKey]'},"
    "'run':{'type':'string','value':'[parameters(~id~)]'},"
    "'where':{'type':'string','value':'[reference(~kv1~, ~2024-11-01~, ~Full~).location]'}}}}}";

/* The template above, with its inner quotes. */
static char *quoted(const char *text)
{
    char *copy = azml_strdup(text, NULL);
    for (char *at = copy; *at; at++)
        *at = (char)(*at == '\'' ? '"' : *at == '~' ? '\'' : *at);
    return copy;
}

static void put(struct sandbox *sandbox, const char *text, int status)
{
    auto_free char *body = quoted(text);
    auto_json cJSON *json = azml_json_parse(body, strlen(body), NULL);
    assert_non_null(json);
    auto_free char *target = arm_text(sandbox, D "?api-version=2025-04-01", ' ', ' ');
    auto_reply struct sandbox_reply reply = {0};
    const struct sandbox_call call = {.method = "PUT", .target = target, .body = json};
    assert_int_equal(sandbox_call(sandbox, &call, &reply, NULL), 0);
    if (reply.status != status)
        fail_msg("%s", azml_json_print(reply.json, false, NULL));
}

static void resources_are_made_in_order_and_outputs_evaluated(void **state)
{
    struct sandbox *sandbox = *state;
    static const struct step later[] = {
        {"WAIT", NULL,                                             NULL, 5,   NULL                                                      },
        {"GET",  D,                                                NULL, 200, "'provisioningState':'Running'"                           },
        {"GET",  D "/operations",                                  NULL, 200, "'provisioningState':'Running'"                           },
        {"GET",  "~/Microsoft.Insights/components/ai",             NULL, 404, NULL                                                      },
        {"WAIT", NULL,                                             NULL, 60,  NULL                                                      },
        {"GET",  D,                                                NULL, 200, "'provisioningState':'Succeeded'"                         },
        {"GET",  D,                                                NULL, 200, "'where':{'type':'String','value':'westeurope'}"          },
        {"GET",  D,                                                NULL, 200, "'outputResources':[{'id':'" LAB                          },
        {"GET",  D,                                                NULL, 200, "'dependsOn':[{'id':'" LAB "Microsoft.OperationalInsights"},
        {"GET",  D "/operations",                                  NULL, 200, "'provisioningOperation':'EvaluateDeploymentOutput'"      },
        {"GET",  D "/operations",                                  NULL, 200, "!Running"                                                },
        {"GET",  D "/operations",                                  NULL, 200, "!startedMs"                                              },
        {"GET",  "~/Microsoft.Insights/components/ai",             NULL, 200, NULL                                                      },
        {"GET",  "~/Microsoft.Storage/storageAccounts/coursest",   NULL, 200, "Succeeded"                                               },
        {"GET",  "~/Microsoft.Storage/storageAccounts/never1",     NULL, 404, NULL                                                      },
        {"GET",  "/subscriptions/{S}/providers/Microsoft.Storage", NULL, 200,
         "'registrationState':'Registered'"                                                                                             },
    };
    put(sandbox, dependents, 201);
    ARM_STEPS(sandbox, later);
}

static void defaults_stay_the_same_from_step_to_step(void **state)
{
    struct sandbox *sandbox = *state;
    put(sandbox, dependents, 201);
    arm_wait(sandbox, 90);
    auto_reply struct sandbox_reply record = {0};
    auto_reply struct sandbox_reply store = {0};
    arm_call(sandbox, "GET", D, NULL, &record);
    arm_call(sandbox, "GET", "~/Microsoft.Storage/storageAccounts/coursest", NULL, &store);
    assert_string_equal(azml_json_text(record.json, "properties.outputs.run.value"),
                        azml_json_text(store.json, "tags.run"));
}

static void running_again_changes_nothing(void **state)
{
    struct sandbox *sandbox = *state;
    put(sandbox, dependents, 201);
    arm_wait(sandbox, 90);
    put(sandbox, dependents, 200);
    arm_wait(sandbox, 90);
    arm_step(sandbox, &(struct step){"GET", D, NULL, 200, "'provisioningState':'Succeeded'"});
}

/* As after a client that was killed and started again, under another deployment's name. */
static void a_resource_that_is_being_made_is_waited_for(void **state)
{
    struct sandbox *sandbox = *state;
    static const char body[] =
        "{'properties':{'mode':'Incremental','template':{'$schema':'x','contentVersion':'1',"
        "'resources':[{" STORE ",'name':'good1','kind':'StorageV2','sku':{'name':'Standard_LRS'},"
        "'location':'westeurope'}]}}}";
    static const struct step before[] = {
        {"PUT", "~/Microsoft.Resources/deployments/d0", body, 201, NULL},
        {"WAIT", NULL, NULL, 5, NULL},
        {"GET", "~/Microsoft.Storage/storageAccounts/good1", NULL, 200, "Creating"},
    };
    static const struct step after[] = {
        {"WAIT", NULL, NULL, 60, NULL},
        {"GET", "~/Microsoft.Resources/deployments/d0", NULL, 200, "Succeeded"},
        {"GET", D, NULL, 200, "'provisioningState':'Succeeded'"},
        {"GET", D "/operations", NULL, 200, "!Running"},
    };
    ARM_STEPS(sandbox, before);
    put(sandbox, body, 201);
    ARM_STEPS(sandbox, after);
}

/* What a failed deployment says, at its record and at its operation's address. */
static void a_refused_resource_fails_the_deployment(void **state)
{
    struct sandbox *sandbox = *state;
    static const char body[] =
        "{'properties':{'mode':'Incremental','template':{'$schema':'x','contentVersion':'1',"
        "'resources':[{'type':'Microsoft.KeyVault/vaults','apiVersion':'2024-11-01','name':'kv1',"
        "'location':'westeurope'},{" STORE ",'name':'after1','dependsOn':['kv1'],'location':"
        "'westeurope','kind':'StorageV2','sku':{'name':'Standard_LRS'}}]}}}";
    static const struct step steps[] = {
        {"WAIT", NULL,                                                                      NULL, 30,  NULL                                               },
        {"GET",  D,                                                                         NULL, 200, "'provisioningState':'Failed'"                     },
        {"GET",  D,                                                                         NULL, 200, "'code':'DeploymentFailed'"                        },
        {"GET",  D,                                                                         NULL, 200, "'code':'BadRequest','message':'{\\n"},
        {"GET",  D "/operations",                                                           NULL, 200,
         "'statusMessage':{'status':'Failed','error':{'code':'InvalidRequestContent'"                                                                     },
        {"GET",  "~/Microsoft.Storage/storageAccounts/after1",                              NULL, 404, NULL                                               },
        {"GET",  "~/Microsoft.Resources/deployments?$filter=provisioningState eq 'Failed'", NULL,
         200,                                                                                          "'name':'d1'"                                      },
    };
    put(sandbox, body, 201);
    ARM_STEPS(sandbox, steps);
}

static void a_reference_to_nothing_fails_the_resource(void **state)
{
    struct sandbox *sandbox = *state;
    static const char body[] =
        "{'properties':{'mode':'Incremental','template':{'$schema':'x','contentVersion':'1',"
        "'resources':[{" STORE ",'name':'good1','kind':'StorageV2','sku':{'name':'Standard_LRS'},"
        "'location':'[reference(~/subscriptions/x/resourceGroups/y~).location]'}]}}}";
    put(sandbox, body, 201);
    arm_wait(sandbox, 30);
    arm_step(sandbox, &(struct step){"GET", D, NULL, 200,
                                     "Unable to process template language expressions"});
}

static void wrong_outputs_fail_the_deployment_but_keep_the_resources(void **state)
{
    struct sandbox *sandbox = *state;
    static const char body[] =
        "{'properties':{'mode':'Incremental','template':{'$schema':'x','contentVersion':'1',"
        "'resources':[{" STORE ",'name':'good1','kind':'StorageV2','sku':{'name':'Standard_LRS'},"
        "'location':'westeurope'}],'outputs':{'a':{'type':'int','value':'x'}}}}}";
    put(sandbox, body, 201);
    arm_wait(sandbox, 60);
    arm_step(sandbox, &(struct step){"GET", D, NULL, 200, "DeploymentOutputEvaluationFailed"});
    arm_step(sandbox,
             &(struct step){"GET", "~/Microsoft.Storage/storageAccounts/good1", NULL, 200, NULL});
}

static void the_watched_address_tells_how_it_ended(void **state)
{
    struct sandbox *sandbox = *state;
    static const struct {
        const char *body, *status;
    } rows[] = {
        {"{'properties':{'mode':'Incremental','template':{'$schema':'x','contentVersion':'1',"
         "'resources':[{'type':'Microsoft.KeyVault/vaults','apiVersion':'2024-11-01',"
         "'name':'kv1'}]}}}", "Failed"   },
        {"{'properties':{'mode':'Incremental','template':{'$schema':'x','contentVersion':'1',"
         "'resources':[]}}}", "Succeeded"},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        arm_call(sandbox, "PUT", D, rows[i].body, &reply);
        const char *address = sandbox_pairs_find(&reply.headers, "Azure-AsyncOperation");
        assert_non_null(strstr(address, "/deployments/d1/operationStatuses/"));
        arm_wait(sandbox, 30);
        struct sandbox_request request = {.method = "GET", .body = ""};
        assert_int_equal(
            sandbox_request_set_target(&request, address + strlen(sandbox->endpoint), NULL), 0);
        auto_reply struct sandbox_reply polled = {0};
        assert_int_equal(sandbox_operation_poll(sandbox, &request, &polled, NULL), 1);
        assert_int_equal(polled.status, 200);
        assert_string_equal(azml_json_text(polled.json, "status"), rows[i].status);
        sandbox_request_cleanup(&request);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(resources_are_made_in_order_and_outputs_evaluated),
        ARM_TEST(defaults_stay_the_same_from_step_to_step),
        ARM_TEST(running_again_changes_nothing),
        ARM_TEST(a_resource_that_is_being_made_is_waited_for),
        ARM_TEST(a_refused_resource_fails_the_deployment),
        ARM_TEST(a_reference_to_nothing_fails_the_resource),
        ARM_TEST(wrong_outputs_fail_the_deployment_but_keep_the_resources),
        ARM_TEST(the_watched_address_tells_how_it_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
