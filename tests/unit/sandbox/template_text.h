/* template_text.h - reads a template given as text, for the tests of templates. */
#ifndef AZML_TEST_TEMPLATE_TEXT_H
#define AZML_TEST_TEMPLATE_TEXT_H

#include "sandbox/template.h"

#include "base/auto.h"
#include "base/json.h"
#include "sandbox/relaxed_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define GROUP "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/lab"

static const struct azml_template_scope lab = {
    .subscription_id = "11111111-2222-3333-4444-555555555555",
    .tenant_id = "tenant",
    .group = "lab",
    .location = "westeurope",
    .deployment = "first",
};

/* Read a template given as the inside of its object, and parameters as an object or NULL. */
static inline int read_text(struct azml_template *out, const char *inside, const char *parameters,
                            struct azml_error *err)
{
    auto_free char *text =
        azml_format(NULL, "{\"$schema\":\"x\",\"contentVersion\":\"1.0.0.0\",%s}", inside);
    auto_json cJSON *document = azml_relaxed_json_parse(text, strlen(text), NULL);
    assert_non_null(document);
    auto_json cJSON *given =
        parameters ? azml_relaxed_json_parse(parameters, strlen(parameters), NULL) : NULL;
    return azml_template_read(out, document, given, &lab, err);
}

/* As a workspace with its dependents is made. */
static const char workspace[] __attribute__((unused)) =
    "parameters:{w:{type:\"string\"},made:{type:\"bool\",defaultValue:false}},"
    "variables:{store:\"[concat(parameters('w'),'st')]\"},"
    "resources:["
    "{type:\"Microsoft.MachineLearningServices/workspaces\",apiVersion:\"2025-12-01\","
    "name:\"[parameters('w')]\",location:\"[resourceGroup().location]\",kind:\"Default\","
    "identity:{type:\"SystemAssigned\"},dependsOn:["
    "\"[resourceId('Microsoft.Storage/storageAccounts', variables('store'))]\","
    "\"[concat('Microsoft.KeyVault/vaults/', 'kv')]\",\"extra\"],"
    "properties:{applicationInsights:\"[reference('ai').id]\"}},"
    "{type:\"Microsoft.Insights/components\",apiVersion:\"1\",name:\"ai\","
    "dependsOn:[\"kv\"],comments:\"c\",properties:{}},"
    "{type:\"Microsoft.Storage/storageAccounts\",apiVersion:\"1\",name:\"[variables('store')]\","
    "sku:{name:\"Standard_LRS\"},metadata:{a:1}},"
    "{type:\"Microsoft.KeyVault/vaults\",apiVersion:\"1\",name:\"kv\"},"
    "{type:\"Microsoft.X/y\",apiVersion:\"1\",name:\"extra\",condition:\"[parameters('made')]\"},"
    "{type:\"Microsoft.Authorization/locks\",apiVersion:\"1\",name:\"hold\","
    "scope:\"Microsoft.KeyVault/vaults/kv\"}],"
    "outputs:{id:{type:\"string\",value:\"[resourceId('Microsoft.KeyVault/vaults','kv')]\"},"
    "key:{type:\"securestring\",value:\"x\"}}";

/* Templates that must be refused, each with (a part of) its sentence. */
struct refused {
    const char *inside, *parameters, *message;
};

static inline void check_refused(const struct refused *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        auto_error struct azml_error err = {0};
        struct azml_template template = {0};
        if (read_text(&template, rows[i].inside, rows[i].parameters, &err) == 0)
            fail_msg("%s was read", rows[i].inside);
        if (!strstr(err.message, rows[i].message))
            fail_msg("%s: %s", rows[i].inside, err.message);
        assert_int_equal(template.count, 0);
    }
}

#endif
