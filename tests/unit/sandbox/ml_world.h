/* ml_world.h - a sandbox in memory with a group and the dependents of a workspace, for tests of the
 * Machine Learning provider. Time stands until it is moved. */
#ifndef TEST_SANDBOX_ML_WORLD_H
#define TEST_SANDBOX_ML_WORLD_H

#include "base/auto.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern const struct sandbox_provider sandbox_provider_ml;

/* An RSA key of 2048 bits that nobody holds the other half of. */
#define ML_KEY                                                                         \
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDEXfTx648PJmc9Hljfz/OlWrI5to8CAYr8Dnl98B0b" \
    "uVhZ4GkaPDCu97s8pcTs7zXIvPSY0UaWvrru7sW0CyjiKwX6MJxOjF+dvUbzBxTwUBSVdIeC5n8CcGIs" \
    "oJqXhINVUsEv0huthAXmVVg5Bv023Pmmu1JKq3yBu6sGLTYgiNI69tWS0WooYXSMdUqJW85P7Zl7uphj" \
    "02g3kXKQLeq+bVWkHKGIfnqiOkeuG0E1mIOUNMQAF5S3w+duheSfMq7dzrdolDIk6ukKkd0KUdB+SA+L" \
    "CGLtdedG5gDVYR2PBysYjfDBh9zogQaS8XMcE5zRO+lUjg5hns4ZKFdKSC1x"

static int64_t ml_now_ms = 1700000000000;
static struct sandbox *ml_sandbox;

__attribute__((unused)) static int64_t ml_now(void *data)
{
    (void)data;
    return ml_now_ms;
}

static const struct azml_clock ml_clock = {.wall_ms = ml_now, .monotonic_ms = ml_now};
static const struct sandbox_provider *const ml_providers[] = {&sandbox_provider_ml, NULL};

/* What stands at {s} of a path: the subscription; the caller's. */
__attribute__((unused)) static char *ml_path(const char *path)
{
    return azml_format(NULL, "/subscriptions/%s%s", ml_sandbox->subscription_id, path);
}

__attribute__((unused)) static void ml_keep(const char *path, const char *type, const char *body)
{
    auto_free char *id = ml_path(path);
    auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, type, NULL);
    assert_non_null(resource);
    cJSON_Delete(resource->body);
    resource->body = azml_json_parse(body, strlen(body), NULL);
    assert_non_null(resource->body);
    assert_int_equal(sandbox_store_put(ml_sandbox->store, resource, ml_now_ms, NULL), 0);
}

#define ML_RG      "/resourceGroups/Demo"
#define ML_STORE   ML_RG "/providers/Microsoft.Storage/storageAccounts/demostore1"
#define ML_VAULT   ML_RG "/providers/Microsoft.KeyVault/vaults/demo-kv1"
#define ML_INSIGHT ML_RG "/providers/Microsoft.Insights/components/demo-ai"
#define ML_WS      ML_RG "/providers/Microsoft.MachineLearningServices/workspaces/demo"
#define ML_CI      ML_WS "/computes/ci1"
#define ML_GA      "?api-version=2025-12-01"

__attribute__((unused)) static int ml_open_in(const char *folder)
{
    const struct sandbox_world how = {
        .folder = folder, .clock = &ml_clock, .providers = ml_providers};
    auto_error struct azml_error err = {0};
    ml_sandbox = sandbox_open(&how, &err);
    if (!ml_sandbox) {
        print_error("%s\n", err.message);
        return -1;
    }
    ml_keep(ML_RG, NULL, "{\"properties\":{\"provisioningState\":\"Succeeded\"}}");
    ml_keep(ML_STORE, NULL, "{\"kind\":\"StorageV2\",\"sku\":{\"name\":\"Standard_LRS\"}}");
    ml_keep(ML_VAULT, NULL, "{}");
    ml_keep(ML_INSIGHT, NULL, "{\"properties\":{\"InstrumentationKey\":\"abc-key\"}}");
    return 0;
}

__attribute__((unused)) static int ml_open(void **state)
{
    (void)state;
    return ml_open_in(NULL);
}

__attribute__((unused)) static int ml_close(void **state)
{
    (void)state;
    sandbox_close(ml_sandbox);
    ml_sandbox = NULL;
    return 0;
}

/* Ask; `body` is JSON text or NULL. The reply is the caller's. */
__attribute__((unused)) static struct sandbox_reply ml_ask(const char *method, const char *path,
                                                           const char *body)
{
    auto_free char *target = ml_path(path);
    auto_json cJSON *json = body ? azml_json_parse(body, strlen(body), NULL) : NULL;
    if (body)
        assert_non_null(json);
    const struct sandbox_call call = {.method = method, .target = target, .body = json};
    struct sandbox_reply reply = {0};
    auto_error struct azml_error err = {0};
    if (sandbox_call(ml_sandbox, &call, &reply, &err) < 0)
        fail_msg("%s %s: %s", method, path, err.message);
    return reply;
}

/* Ask and expect that status; on another one the test fails and says what came. */
__attribute__((unused)) static struct sandbox_reply ml_expect(int status, const char *method,
                                                              const char *path, const char *body)
{
    struct sandbox_reply reply = ml_ask(method, path, body);
    if (reply.status != status) {
        char *text = reply.json ? cJSON_PrintUnformatted(reply.json) : NULL;
        print_error("%s %s: %d %s\n", method, path, reply.status, text ? text : "");
        free(text);
    }
    assert_int_equal(reply.status, status);
    return reply;
}

/* The same, and let the reply go. */
__attribute__((unused)) static void ml_do(int status, const char *method, const char *path,
                                          const char *body)
{
    struct sandbox_reply reply = ml_expect(status, method, path, body);
    sandbox_reply_cleanup(&reply);
}

/* Ask, expect that status, code and a part of the message. */
__attribute__((unused)) static void ml_refused(int status, const char *code, const char *part,
                                               const char *method, const char *path,
                                               const char *body)
{
    auto_reply struct sandbox_reply reply = ml_expect(status, method, path, body);
    const char *message = azml_json_text(reply.json, "error.message");
    assert_string_equal(azml_json_text(reply.json, "error.code"), code);
    if (!message || !strstr(message, part))
        fail_msg("'%s' is not in '%s'", part, message ? message : "");
}

/* Ask the address of an operation that a reply named in that header. The caller's. */
__attribute__((unused)) static struct sandbox_reply
ml_poll(int status, const struct sandbox_reply *first, const char *header)
{
    const char *address = sandbox_pairs_find(&first->headers, header);
    assert_non_null(address);
    assert_memory_equal(address, ml_sandbox->endpoint, strlen(ml_sandbox->endpoint));
    struct sandbox_request request = {.method = "GET", .body = ""};
    struct sandbox_reply reply = {0};
    assert_int_equal(
        sandbox_request_set_target(&request, address + strlen(ml_sandbox->endpoint), NULL), 0);
    assert_int_equal(sandbox_operation_poll(ml_sandbox, &request, &reply, NULL), 1);
    sandbox_request_cleanup(&request);
    assert_int_equal(reply.status, status);
    return reply;
}

/* The status document of an operation says this. */
__attribute__((unused)) static void ml_status(const struct sandbox_reply *first, const char *wanted)
{
    auto_reply struct sandbox_reply reply = ml_poll(200, first, "Azure-AsyncOperation");
    assert_string_equal(azml_json_text(reply.json, "status"), wanted);
    assert_null(sandbox_pairs_find(&reply.headers, "Retry-After"));
}

/* Let so many of Azure's seconds go by (60 of them are one here). */
__attribute__((unused)) static void ml_pass(double azure_seconds)
{
    ml_now_ms += (int64_t)(azure_seconds * 1000 / 60) + 1;
    assert_int_equal(sandbox_operations_run(ml_sandbox, NULL), 0);
}

/* The text at `path` of what GET shows; the caller's, "" where there is none. */
__attribute__((unused)) static char *ml_show(const char *resource, const char *path)
{
    auto_free char *target = azml_format(NULL, "%s" ML_GA, resource);
    auto_reply struct sandbox_reply reply = ml_expect(200, "GET", target, NULL);
    const char *text = azml_json_text(reply.json, path);
    return azml_strdup(text ? text : "", NULL);
}

__attribute__((unused)) static void ml_shows(const char *resource, const char *path,
                                             const char *wanted)
{
    auto_free char *text = ml_show(resource, path);
    assert_string_equal(text, wanted);
}

/* A workspace's body; `more` is further members of properties, each with a comma in front. */
__attribute__((unused)) static char *ml_workspace_body(const char *more)
{
    auto_free char *store = ml_path(ML_STORE);
    auto_free char *vault = ml_path(ML_VAULT);
    auto_free char *insights = ml_path(ML_INSIGHT);
    return azml_format(NULL,
                       "{\"location\":\"westeurope\",\"tags\":{\"a\":\"b\"},\"identity\":{\"type\":"
                       "\"SystemAssigned\"},\"properties\":{\"storageAccount\":\"%s\","
                       "\"keyVault\":\"%s\",\"applicationInsights\":\"%s\"%s}}",
                       store, vault, insights, more);
}

__attribute__((unused)) static void ml_make_workspace(void)
{
    auto_free char *body = ml_workspace_body("");
    ml_do(202, "PUT", ML_WS ML_GA, body);
    ml_pass(60);
    ml_shows(ML_WS, "properties.provisioningState", "Succeeded");
}

/* An instance's body; `more` is further inner members, each with a comma in front. */
__attribute__((unused)) static char *ml_instance_body(const char *size, const char *more)
{
    return azml_format(NULL,
                       "{\"location\":\"westeurope\",\"properties\":{\"computeType\":"
                       "\"ComputeInstance\",\"properties\":{\"vmSize\":\"%s\"%s}}}",
                       size, more);
}

#define ML_SSH \
    ",\"sshSettings\":{\"sshPublicAccess\":\"Enabled\",\"adminPublicKey\":\"" ML_KEY "\"}"

__attribute__((unused)) static void ml_make_instance(const char *more)
{
    auto_free char *body = ml_instance_body("Standard_E4ds_v4", more);
    ml_do(201, "PUT", ML_CI ML_GA, body);
    ml_pass(180);
    ml_pass(60);
    ml_shows(ML_CI, "properties.properties.state", "Running");
}

/* A cluster's body with these inner members. */
__attribute__((unused)) static char *ml_cluster_body(const char *inner)
{
    return azml_format(NULL,
                       "{\"location\":\"westeurope\",\"properties\":{\"computeType\":"
                       "\"AmlCompute\",\"properties\":{%s}}}",
                       inner);
}

#endif
