#include "sandbox/gate.h"

#include "base/data.h"
#include "sandbox/versions.h"
#include "toy.h"
#include "unit/test.h"

#define ML      "Microsoft.MachineLearningServices"
#define VERSION "?api-version=2025-12-01"
#define SUB     "/subscriptions/{S}"
#define GROUP   SUB "/resourceGroups/lab"
#define BEHIND  "/providers/" ML "/workspaces/ws/computes/c"
#define COMPUTE GROUP BEHIND

static const struct sandbox_route compute = {
    "PUT", "/subscriptions/{s}/resourceGroups/{rg}/providers/" ML "/workspaces/{w}/computes/{c}",
    NULL, ML "/workspaces/computes", SANDBOX_ROUTE_PARENT};
static const struct sandbox_route plain = {"GET", "/plain", NULL, NULL, 0};

static int setup(void **state)
{
    *state = toy_open();
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

/* The caller's: {S} is the sandbox's subscription. */
static char *fill_in(const struct sandbox *sandbox, const char *target)
{
    const char *place = strstr(target, "{S}");
    if (!place)
        return azml_strdup(target, NULL);
    return azml_format(NULL, "%.*s%s%s", (int)(place - target), target, sandbox->subscription_id,
                       place + 3);
}

/* Put a resource into the store, with that provisioning state. */
static void make(struct sandbox *sandbox, const char *target, const char *provisioning)
{
    auto_free char *id = fill_in(sandbox, target);
    auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, NULL, NULL);
    azml_json_put_text(resource->body, "properties.provisioningState", provisioning);
    assert_int_equal(sandbox_store_put(sandbox->store, resource, 1, NULL), 0);
}

static void enroll(struct sandbox *sandbox, const char *provisioning)
{
    assert_int_equal(
        sandbox_registration_set(sandbox, sandbox->subscription_id, ML, provisioning, NULL), 0);
}

static void pass(struct sandbox *sandbox, const struct sandbox_route *route, const char *method,
                 const char *target, const char *body, struct sandbox_reply *reply)
{
    auto_free char *full = fill_in(sandbox, target);
    struct sandbox_request request = {.method = method,
                                      .route = route,
                                      .body = body ? body : "",
                                      .body_length = body ? strlen(body) : 0};
    assert_int_equal(sandbox_request_set_target(&request, full, NULL), 0);
    assert_int_equal(sandbox_gate(sandbox, &request, reply, NULL), 0);
    sandbox_request_cleanup(&request);
}

/* Fails unless the reply is that one; NULL for a request that passes. */
static void reply_is(const struct sandbox_reply *reply, int status, const char *code,
                     const char *message)
{
    const char *had = azml_json_text(reply->json, "error.code");
    const char *said = azml_json_text(reply->json, "error.message");
    if (reply->status != status || (code && (!had || strcmp(had, code) != 0)))
        fail_msg("%d %s, not %d %s", reply->status, had ? had : "-", status, code ? code : "-");
    if (message && (!said || strcmp(said, message) != 0))
        fail_msg("'%s', not '%s'", said ? said : "", message);
}

static void refused(struct sandbox *sandbox, const char *target, const char *body, int status,
                    const char *code)
{
    auto_reply struct sandbox_reply reply = {0};
    pass(sandbox, &compute, "PUT", target, body, &reply);
    reply_is(&reply, status, code, NULL);
}

/* Reference 9.1: whoever cures one refusal meets the next. */
static void the_checks_come_in_the_service_s_order(void **state)
{
    struct sandbox *sandbox = *state;
    refused(sandbox, "/subscriptions/x/resourceGroups/lab" BEHIND, "[", 400,
            "MissingApiVersionParameter");
    refused(sandbox, "/subscriptions/x/resourceGroups/lab" BEHIND "?api-version=", "[", 400,
            "MissingApiVersionParameter");
    refused(sandbox, "/subscriptions/x/resourceGroups/lab" BEHIND "?api-version=new", "[", 400,
            "InvalidApiVersionParameter");
    refused(sandbox, "/subscriptions/x/resourceGroups/lab" BEHIND "?api-version=2099-01-01", "[",
            400, "NoRegisteredProviderFound");
    refused(sandbox, "/subscriptions/x/resourceGroups/lab" BEHIND VERSION, "[", 400,
            "InvalidSubscriptionId");
    refused(sandbox,
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/lab" BEHIND VERSION,
            "[", 404, "SubscriptionNotFound");
    refused(sandbox, COMPUTE VERSION, "[", 409, "MissingSubscriptionRegistration");
    enroll(sandbox, "Registered");
    refused(sandbox, COMPUTE VERSION, "[", 404, "ResourceGroupNotFound");
    make(sandbox, GROUP, "Succeeded");
    refused(sandbox, COMPUTE VERSION, "[", 404, "ParentResourceNotFound");
    make(sandbox, GROUP "/providers/" ML "/workspaces/ws", "Succeeded");
    refused(sandbox, COMPUTE VERSION, "[", 400, "InvalidRequestContent");
    auto_reply struct sandbox_reply reply = {0};
    pass(sandbox, &compute, "PUT", COMPUTE VERSION, "{}", &reply);
    reply_is(&reply, 0, NULL, NULL);
}

static void a_missing_version_is_told_in_the_service_s_words(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    pass(*state, &plain, "GET", "/plain", NULL, &reply);
    reply_is(&reply, 400, "MissingApiVersionParameter",
             "The api-version query parameter (?api-version=) is required for all requests.");
}

/* The versions of the table's row, ", " between them. */
static char *listed(const char *type)
{
    auto_str struct azml_str text = {0};
    struct azml_data_row row = {.table = azml_data_providers};
    char name[256], list[4096];
    while (azml_data_next(&row)) {
        if (!azml_data_cell(&row, "namespace", name, sizeof(name)) || strcmp(name, ML) != 0 ||
            !azml_data_cell(&row, "type", name, sizeof(name)) || strcmp(name, type) != 0)
            continue;
        azml_data_cell(&row, "api_versions", list, sizeof(list));
        for (const char *at = list; *at; at++) {
            azml_str_add_char(&text, *at);
            azml_str_add(&text, *at == ',' ? " " : "");
        }
    }
    return azml_str_take(&text, NULL);
}

static void an_unpublished_version_is_told_with_all_that_are(void **state)
{
    auto_free char *versions = listed("workspaces/computes");
    assert_non_null(strstr(versions, "2025-12-01, "));
    auto_free char *message =
        azml_format(NULL,
                    "No registered resource provider found for location 'westeurope' and API "
                    "version '2099-01-01' for type 'workspaces/computes'. The supported "
                    "api-versions are '%s'.",
                    versions);
    auto_reply struct sandbox_reply reply = {0};
    pass(*state, &compute, "PUT", COMPUTE "?api-version=2099-01-01",
         "{\"location\":\"westeurope\"}", &reply);
    reply_is(&reply, 400, "NoRegisteredProviderFound", message);
}

static void a_malformed_version_is_told_with_those_that_would_do(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    pass(*state, &compute, "PUT", COMPUTE "?api-version=latest", "{}", &reply);
    reply_is(&reply, 400, "InvalidApiVersionParameter", NULL);
    const char *message = azml_json_text(reply.json, "error.message");
    assert_non_null(strstr(message, "'latest'"));
    assert_non_null(strstr(message, "2025-12-01"));
}

static void a_row_without_version_or_type_asks_for_less(void **state)
{
    static const struct sandbox_route versionless = {"GET", "/plain", NULL, NULL,
                                                     SANDBOX_ROUTE_NO_VERSION};
    auto_reply struct sandbox_reply none = {0}, any = {0};
    pass(*state, &versionless, "GET", "/plain", NULL, &none);
    reply_is(&none, 0, NULL, NULL);
    pass(*state, &plain, "GET", "/plain?api-version=2099-01-01", NULL, &any);
    reply_is(&any, 0, NULL, NULL);
}

static void a_subscription_id_is_a_guid_in_any_case(void **state)
{
    struct sandbox *sandbox = *state;
    static const char *const wrong[] = {"x", "{S}0", "00000000-0000-0000-0000-00000000000g",
                                        "00000000000000000000000000000000"};
    for (size_t i = 0; i < AZML_COUNT(wrong); i++) {
        auto_free char *target = azml_format(NULL, "/subscriptions/%s" VERSION, wrong[i]);
        auto_reply struct sandbox_reply reply = {0};
        pass(sandbox, &plain, "GET", target, NULL, &reply);
        reply_is(&reply, 400, "InvalidSubscriptionId", NULL);
    }
    auto_free char *capitals =
        azml_format(NULL, "/SUBSCRIPTIONS/%s" VERSION, sandbox->subscription_id);
    for (char *at = capitals; *at != '?'; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    auto_reply struct sandbox_reply reply = {0};
    pass(sandbox, &plain, "GET", capitals, NULL, &reply);
    reply_is(&reply, 0, NULL, NULL);
}

static void a_subscription_in_the_store_exists(void **state)
{
    static const char id[] = "22222222-2222-2222-2222-222222222222";
    assert_false(sandbox_subscription_exists(*state, id));
    make(*state, "/subscriptions/22222222-2222-2222-2222-222222222222", "Succeeded");
    assert_true(sandbox_subscription_exists(*state, id));
}

static void registration_is_asked_of_writes(void **state)
{
    struct sandbox *sandbox = *state;
    make(sandbox, GROUP, "Succeeded");
    make(sandbox, GROUP "/providers/" ML "/workspaces/ws", "Succeeded");
    static const struct {
        const char *method;
        unsigned flags;
        int status;
    } rows[] = {
        {"PUT",    0,                               409},
        {"PATCH",  0,                               409},
        {"POST",   0,                               409},
        {"GET",    SANDBOX_ROUTE_READ_REGISTRATION, 409},
        {"PUT",    SANDBOX_ROUTE_ANY_REGISTRATION,  0  },
        {"POST",   SANDBOX_ROUTE_IS_READ,           0  },
        {"GET",    0,                               0  },
        {"DELETE", 0,                               0  },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_route route = compute;
        route.flags = rows[i].flags;
        auto_reply struct sandbox_reply reply = {0};
        pass(sandbox, &route, rows[i].method, COMPUTE VERSION, "{}", &reply);
        if (reply.status != rows[i].status)
            fail_msg("row %zu: %d", i, reply.status);
        if (reply.status)
            reply_is(&reply, 409, "MissingSubscriptionRegistration",
                     "The subscription is not registered to use namespace '" ML "'. See "
                     "https://aka.ms/rps-not-found for how to register subscriptions.");
    }
}

static void a_provider_that_is_being_registered_works(void **state)
{
    struct sandbox *sandbox = *state;
    make(sandbox, GROUP, "Succeeded");
    make(sandbox, GROUP "/providers/" ML "/workspaces/ws", "Succeeded");
    static const struct {
        const char *registration;
        int status;
    } rows[] = {
        {"NotRegistered", 409},
        {"Unregistered",  409},
        {"Registering",   0  },
        {"Registered",    0  },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        enroll(sandbox, rows[i].registration);
        auto_reply struct sandbox_reply reply = {0};
        pass(sandbox, &compute, "PUT", COMPUTE VERSION, "{}", &reply);
        reply_is(&reply, rows[i].status, NULL, NULL);
    }
}

static void a_missing_group_is_named(void **state)
{
    auto_reply struct sandbox_reply reply = {0}, itself = {0};
    pass(*state, &compute, "GET", SUB "/resourcegroups/Nowhere" BEHIND VERSION, NULL, &reply);
    reply_is(&reply, 404, "ResourceGroupNotFound", "Resource group 'Nowhere' could not be found.");
    pass(*state, &plain, "PUT", SUB "/resourceGroups/Nowhere" VERSION, "{}", &itself);
    reply_is(&itself, 0, NULL, NULL);
}

static void a_group_on_its_way_out_takes_no_writes(void **state)
{
    struct sandbox *sandbox = *state;
    enroll(sandbox, "Registered");
    make(sandbox, GROUP, "Deleting");
    make(sandbox, GROUP "/providers/" ML "/workspaces/ws", "Succeeded");
    static const struct {
        const char *method, *target;
        int status;
    } rows[] = {
        {"PUT",    COMPUTE VERSION, 409},
        {"PATCH",  COMPUTE VERSION, 409},
        {"PUT",    GROUP VERSION,   409},
        {"GET",    COMPUTE VERSION, 0  },
        {"DELETE", COMPUTE VERSION, 0  },
        {"GET",    GROUP VERSION,   0  },
    };
    static const struct sandbox_route group = {"GET", "/subscriptions/{s}/resourceGroups/{rg}",
                                               NULL, NULL, 0};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        bool is_group = strcmp(rows[i].target, GROUP VERSION) == 0;
        auto_reply struct sandbox_reply reply = {0};
        pass(sandbox, is_group ? &group : &compute, rows[i].method, rows[i].target, "{}", &reply);
        if (reply.status != rows[i].status)
            fail_msg("row %zu: %d", i, reply.status);
        if (reply.status)
            reply_is(&reply, 409, "ResourceGroupBeingDeleted",
                     "The resource group 'lab' is in deprovisioning state and cannot perform this "
                     "operation.");
    }
}

static void a_missing_parent_is_named(void **state)
{
    struct sandbox *sandbox = *state;
    enroll(sandbox, "Registered");
    make(sandbox, GROUP, "Succeeded");
    static const char *const reads[] = {COMPUTE VERSION,
                                        GROUP "/providers/" ML "/workspaces/ws/computes" VERSION};
    for (size_t i = 0; i < AZML_COUNT(reads); i++) {
        auto_reply struct sandbox_reply read = {0};
        pass(sandbox, &compute, "GET", reads[i], NULL, &read);
        reply_is(&read, 404, "ResourceNotFound",
                 "The Resource '" ML "/workspaces/ws' under resource group 'lab' was not found. "
                 "For more details please go to https://aka.ms/ARMResourceNotFoundFix");
    }
    auto_reply struct sandbox_reply write = {0};
    pass(sandbox, &compute, "PUT", COMPUTE VERSION, "{}", &write);
    reply_is(&write, 404, "ParentResourceNotFound", NULL);
    auto_free char *parent = fill_in(sandbox, GROUP "/providers/" ML "/workspaces/ws");
    assert_non_null(strstr(azml_json_text(write.json, "error.message"), parent));
}

static void a_parent_is_found_in_any_case(void **state)
{
    struct sandbox *sandbox = *state;
    enroll(sandbox, "Registered");
    make(sandbox, GROUP, "Succeeded");
    make(sandbox, GROUP "/providers/" ML "/workspaces/ws", "Succeeded");
    auto_reply struct sandbox_reply reply = {0};
    pass(sandbox, &compute, "PUT",
         SUB "/RESOURCEGROUPS/LAB/Providers/microsoft.machinelearningservices/WorkSpaces/WS/"
             "computes/c" VERSION,
         "{}", &reply);
    reply_is(&reply, 0, NULL, NULL);
}

static void a_write_needs_an_object_as_its_body(void **state)
{
    static const struct {
        const char *method, *body;
        unsigned flags;
        int status;
    } rows[] = {
        {"PUT",   NULL,               0,                      400},
        {"PUT",   "[]",               0,                      400},
        {"PUT",   "\"text\"",         0,                      400},
        {"PUT",   "{\"a\":",          0,                      400},
        {"PATCH", NULL,               0,                      400},
        {"PATCH", "{} {}",            0,                      400},
        {"POST",  "{",                0,                      400},
        {"PUT",   "{\"a\":\"\xFF\"}", 0,                      400},
        {"POST",  NULL,               0,                      0  },
        {"GET",   NULL,               0,                      0  },
        {"PUT",   ", template:",      SANDBOX_ROUTE_RAW_BODY, 0  },
        {"PUT",   "\xEF\xBB\xBF{}",   0,                      0  },
        {"PATCH", "{\"a\":1}",        0,                      0  },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_route route = plain;
        route.flags = rows[i].flags;
        auto_reply struct sandbox_reply reply = {0};
        pass(*state, &route, rows[i].method, "/plain" VERSION, rows[i].body, &reply);
        if (reply.status != rows[i].status)
            fail_msg("row %zu: %d", i, reply.status);
        if (reply.status)
            reply_is(&reply, 400, "InvalidRequestContent", NULL);
    }
}

static void what_passes_has_its_body_read(void **state)
{
    struct sandbox_request request = {
        .method = "PUT", .route = &plain, .body = "{\"a\":7}", .body_length = 7};
    assert_int_equal(sandbox_request_set_target(&request, "/plain" VERSION, NULL), 0);
    auto_reply struct sandbox_reply reply = {0};
    assert_int_equal(sandbox_gate(*state, &request, &reply, NULL), 0);
    assert_int_equal(azml_json_int_or(request.json, "a", 0), 7);
    sandbox_request_cleanup(&request);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(the_checks_come_in_the_service_s_order),
        WITH_WORLD(a_missing_version_is_told_in_the_service_s_words),
        WITH_WORLD(an_unpublished_version_is_told_with_all_that_are),
        WITH_WORLD(a_malformed_version_is_told_with_those_that_would_do),
        WITH_WORLD(a_row_without_version_or_type_asks_for_less),
        WITH_WORLD(a_subscription_id_is_a_guid_in_any_case),
        WITH_WORLD(a_subscription_in_the_store_exists),
        WITH_WORLD(registration_is_asked_of_writes),
        WITH_WORLD(a_provider_that_is_being_registered_works),
        WITH_WORLD(a_missing_group_is_named),
        WITH_WORLD(a_group_on_its_way_out_takes_no_writes),
        WITH_WORLD(a_missing_parent_is_named),
        WITH_WORLD(a_parent_is_found_in_any_case),
        WITH_WORLD(a_write_needs_an_object_as_its_body),
        WITH_WORLD(what_passes_has_its_body_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
