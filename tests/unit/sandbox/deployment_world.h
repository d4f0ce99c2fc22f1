/* deployment_world.h - reads a template as a plan for the group "lab". */
#ifndef TEST_SANDBOX_DEPLOYMENT_WORLD_H
#define TEST_SANDBOX_DEPLOYMENT_WORLD_H

#include "sandbox/deployment.h"

#include "arm_world.h"

/* `resources` is the inside of the template's list, with ' for ". */
static inline int plan_of(struct sandbox *sandbox, struct deployment_plan *plan,
                          const char *resources, struct azml_error *err)
{
    auto_free char *group = arm_text(sandbox, "/subscriptions/{S}/resourceGroups/lab", ' ', ' ');
    auto_free char *inside = arm_text(sandbox, resources, '\'', '"');
    auto_free char *text = azml_format(
        NULL, "{\"$schema\":\"x\",\"contentVersion\":\"1\",\"resources\":[%s]}", inside);
    auto_json cJSON *document = azml_json_parse(text, strlen(text), NULL);
    assert_non_null(document);
    return deployment_plan_read(sandbox, plan, group, "d1", document, NULL, err);
}

#define STORE                                                                               \
    "{'type':'Microsoft.Storage/storageAccounts','apiVersion':'2023-05-01','name':'good1'," \
    "'location':'westeurope','kind':'StorageV2','sku':{'name':'Standard_LRS'}}"

#endif
