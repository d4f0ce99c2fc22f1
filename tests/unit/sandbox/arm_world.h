/* arm_world.h - the resource manager's own providers in a world of their own, and tests as steps.
 *
 * A step is a request with what its answer must be; texts are JSON with ' for ". In targets and
 * bodies {S} is the subscription, {T} the tenant, and "~" at the start of a target the providers of
 * the group "lab". */
#ifndef TEST_SANDBOX_ARM_WORLD_H
#define TEST_SANDBOX_ARM_WORLD_H

#include "base/auto.h"
#include "base/json.h"
#include "sandbox/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct step {
    const char *method; /* "WAIT": let `status` of Azure's seconds go by; "AGE": days, really */
    const char *target;
    const char *body;
    int status;
    const char *has; /* in the body of the answer, or with "!" in front: not in it */
};

static int64_t arm_now_ms = 1763632800000;

static inline int64_t arm_now(void *data)
{
    (void)data;
    return arm_now_ms;
}

static const struct azml_clock arm_clock = {.wall_ms = arm_now, .monotonic_ms = arm_now};

extern const struct sandbox_provider sandbox_provider_graph, sandbox_provider_groups,
    sandbox_provider_insights, sandbox_provider_locks, sandbox_provider_logs,
    sandbox_provider_providers, sandbox_provider_resources, sandbox_provider_storage,
    sandbox_provider_subscriptions, sandbox_provider_tags, sandbox_provider_vaults,
    sandbox_provider_deployments;

static const struct sandbox_provider *const arm_providers[] = {
    &sandbox_provider_subscriptions,
    &sandbox_provider_providers,
    &sandbox_provider_groups,
    &sandbox_provider_locks,
    &sandbox_provider_tags,
    &sandbox_provider_resources,
    &sandbox_provider_graph,
    &sandbox_provider_storage,
    &sandbox_provider_vaults,
    &sandbox_provider_logs,
    &sandbox_provider_insights,
    &sandbox_provider_deployments,
    NULL,
};

/* The text with {S} and {T} filled in, "~" opened, and the quote `from` turned into `to`. */
static inline char *arm_text(const struct sandbox *sandbox, const char *text, char from, char to)
{
    auto_str struct azml_str out = {0};
    if (*text == '~') {
        azml_str_addf(&out, "/subscriptions/%s/resourceGroups/lab/providers",
                      sandbox->subscription_id);
        text++;
    }
    for (; *text; text++) {
        if (azml_has_prefix(text, "{S}") || azml_has_prefix(text, "{T}")) {
            azml_str_add(&out, text[1] == 'S' ? sandbox->subscription_id : sandbox->tenant_id);
            text += 2;
        } else {
            azml_str_add_char(&out, *text == from ? to : *text);
        }
    }
    return azml_str_take(&out, NULL);
}

static inline const char *arm_version(const char *target)
{
    static const char *const versions[][2] = {
        {"register",                        "2021-04-01"},
        {"Microsoft.Resources/deployments", "2025-04-01"},
        {"Microsoft.ResourceGraph",         "2021-03-01"},
        {"/locks",                          "2020-05-01"},
        {"/permissions",                    "2022-04-01"},
        {"/tags/",                          "2021-04-01"},
        {"/resources",                      "2021-04-01"},
        {"/Microsoft.Storage/",             "2023-05-01"},
        {"/Microsoft.KeyVault/",            "2024-11-01"},
        {"/Microsoft.OperationalInsights/", "2023-09-01"},
        {"insights/components",             "2020-02-02"},
        {"resourceGroups",                  "2021-04-01"},
        {"/providers",                      "2021-04-01"},
    };
    for (size_t i = 0; i < AZML_COUNT(versions); i++)
        if (azml_find_nocase(target, versions[i][0]))
            return versions[i][1];
    return "2022-12-01";
}

/* One request; the reply is the caller's. */
static inline void arm_call(struct sandbox *sandbox, const char *method, const char *target,
                            const char *body, struct sandbox_reply *reply)
{
    auto_free char *path = arm_text(sandbox, target, ' ', ' ');
    auto_str struct azml_str whole = {0};
    for (const char *at = path; *at; at++) /* a blank may not stand in a request line */
        azml_str_add(&whole, *at == ' ' ? "%20" : (char[]){*at, '\0'});
    if (!strstr(path, "api-version="))
        azml_str_addf(&whole, "%capi-version=%s", strchr(path, '?') ? '&' : '?', arm_version(path));
    auto_free char *text = body ? arm_text(sandbox, body, '\'', '"') : NULL;
    auto_json cJSON *json = text ? azml_json_parse(text, strlen(text), NULL) : NULL;
    if (body && !json)
        fail_msg("the test's own body is no JSON: %s", text);
    const struct sandbox_call call = {
        .method = method, .target = azml_str_text(&whole), .body = json};
    auto_error struct azml_error err = {0};
    if (sandbox_call(sandbox, &call, reply, &err) < 0)
        fail_msg("%s %s: %s", method, target, err.message);
}

static inline void arm_wait(struct sandbox *sandbox, double azure_seconds)
{
    auto_error struct azml_error err = {0};
    int64_t until = arm_now_ms + sandbox_pace_ms(sandbox, azure_seconds) + 1;
    for (int64_t due;
         (due = sandbox_operations_wait_ms(sandbox)) >= 0 && arm_now_ms + due <= until;) {
        arm_now_ms += due;
        if (sandbox_operations_run(sandbox, &err) < 0)
            fail_msg("%s", err.message);
    }
    arm_now_ms = until;
}

static inline void arm_step(struct sandbox *sandbox, const struct step *step)
{
    if (strcmp(step->method, "WAIT") == 0) {
        arm_wait(sandbox, step->status);
        return;
    }
    if (strcmp(step->method, "AGE") == 0) {
        assert_int_equal(sandbox_clock_advance(sandbox, step->status * 86400LL, NULL), 0);
        return;
    }
    auto_reply struct sandbox_reply reply = {0};
    arm_call(sandbox, step->method, step->target, step->body, &reply);
    auto_free char *text = reply.json ? azml_json_print(reply.json, false, NULL)
                                      : azml_strdup(reply.text ? reply.text : "", NULL);
    if (reply.status != step->status)
        fail_msg("%s %s answered %d: %s", step->method, step->target, reply.status, text);
    if (!step->has)
        return;
    bool absent = *step->has == '!';
    auto_free char *part = arm_text(sandbox, step->has + absent, ' ', ' ');
    auto_free char *shown = arm_text(sandbox, text, '"', '\'');
    if ((strstr(shown, part) != NULL) == absent)
        fail_msg("%s %s: '%s' in %s", step->method, step->target, step->has, shown);
}

static inline void arm_steps(struct sandbox *sandbox, const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        arm_step(sandbox, &steps[i]);
}
#define ARM_STEPS(sandbox, steps) arm_steps((sandbox), (steps), AZML_COUNT(steps))

/* A world with the group "lab" in westeurope. */
static inline int arm_setup(void **state)
{
    struct sandbox_world how = {.clock = &arm_clock, .providers = arm_providers};
    auto_error struct azml_error err = {0};
    struct sandbox *sandbox = sandbox_open(&how, &err);
    if (!sandbox)
        return -1;
    *state = sandbox;
    arm_step(sandbox, &(struct step){"PUT", "/subscriptions/{S}/resourceGroups/lab",
                                     "{'location':'westeurope'}", 201, NULL});
    return 0;
}

static inline int arm_teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

#define ARM_TEST(name) cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)

#endif
