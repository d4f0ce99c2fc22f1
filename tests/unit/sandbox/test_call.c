#include "sandbox/provider.h"

#include "toy.h"
#include "unit/test.h"

#define SUB    "/subscriptions/{S}"
#define GROUP  SUB "/resourceGroups/lab"
#define VAULTS GROUP "/providers/Microsoft.KeyVault/vaults"

/* Says who calls, with what. */
static int say(struct sandbox *sandbox, const struct sandbox_request *request,
               struct sandbox_reply *reply, struct azml_error *err)
{
    (void)sandbox;
    (void)err;
    cJSON *said = cJSON_CreateObject();
    azml_json_put_text(said, "method", request->method);
    azml_json_put_text(said, "object", request->caller.object_id);
    azml_json_put_text(said, "client", request->caller.client_id);
    azml_json_put_text(said, "tenant", request->caller.tenant_id);
    azml_json_put_text(said, "word", sandbox_request_param(request, "word"));
    azml_json_put_number(said, "ids", (double)strlen(request->request_id));
    if (request->json)
        azml_json_put(said, "body", cJSON_Duplicate(request->json, true));
    return sandbox_reply_json(reply, 200, said);
}

/* Keeps a value, then refuses where it is asked to. */
static int keep(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_reply *reply, struct azml_error *err)
{
    const char *word = sandbox_request_param(request, "word");
    if (sandbox_value_set(sandbox->store, "kept", word, "yes", err) < 0)
        return -1;
    return sandbox_request_query(request, "refuse") ? sandbox_reply_error(reply, 409, "No", "no")
                                                    : sandbox_reply_empty(reply, 201);
}

/* Keeps "outer" and calls the other one inside. */
static int call_inside(struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, struct azml_error *err)
{
    auto_reply struct sandbox_reply inner = {0};
    const bool refuse = sandbox_request_query(request, "refuse") != NULL;
    const struct sandbox_call call = {.method = "POST",
                                      .target = refuse ? "/keep/inner?refuse=1" : "/keep/inner"};
    if (sandbox_value_set(sandbox->store, "kept", "outer", "yes", err) < 0 ||
        sandbox_call(sandbox, &call, &inner, err) < 0)
        return -1;
    return sandbox_reply_empty(reply, inner.status == 409 ? 202 : 200);
}

static int unregistered(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply, struct azml_error *err)
{
    (void)sandbox;
    (void)request;
    (void)err;
    return sandbox_reply_empty(reply, 201);
}

#define FREE (SANDBOX_ROUTE_NO_VERSION)
static const struct sandbox_route routes[] = {
    {"*",    "/say/{word}", say, NULL, FREE},
    {"POST",   "/keep/{word}", keep, NULL, FREE},
    {"POST",  "/outer", call_inside, NULL, FREE},
    {"PUT", "/subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.KeyVault/vaults/{v}",
     unregistered, "Microsoft.KeyVault/vaults", 0},
    {0 },
};

/* --- hooks of types --- */

static struct azml_str removed;
static const char *stubborn;

static int note(struct sandbox *sandbox, const struct sandbox_resource *resource,
                struct azml_error *err)
{
    if (stubborn && strcmp(resource->name, stubborn) == 0)
        return azml_error_set(err, AZML_ERROR_IO, "%s stays", stubborn);
    assert_true(sandbox_store_has(sandbox->store, resource->id));
    azml_str_addf(&removed, "%s ", resource->name);
    return 0;
}

static const struct sandbox_type types[] = {
    {"microsoft.keyvault/VAULTS",     note},
    {"Microsoft.KeyVault/vaults/secrets",                               note},
    {"Microsoft.Authorization/locks",note},
    {"Microsoft.KeyVault/vaults/keys", NULL},
    {0                              },
};
static const struct sandbox_provider provider = {.name = "own", .routes = routes, .types = types};
static const struct sandbox_provider *const providers[] = {&provider, NULL};

static int setup(void **state)
{
    stubborn = NULL;
    *state =
        sandbox_open(&(struct sandbox_world){.clock = &toy_clock, .providers = providers}, NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    azml_str_cleanup(&removed);
    return 0;
}

static bool is_kept(struct sandbox *sandbox, const char *word)
{
    auto_free char *value = NULL;
    assert_int_equal(sandbox_value_get(sandbox->store, "kept", word, &value, NULL), 0);
    return value != NULL;
}

static char *id_of(const struct sandbox *sandbox, const char *pattern)
{
    const char *place = strstr(pattern, "{S}");
    return azml_format(NULL, "/subscriptions/%s%s", sandbox->subscription_id, place + 3);
}

static void put(struct sandbox *sandbox, const char *pattern)
{
    auto_free char *id = id_of(sandbox, pattern);
    auto_resource struct sandbox_resource *resource = sandbox_resource_new(id, NULL, NULL);
    assert_non_null(resource);
    assert_int_equal(sandbox_store_put(sandbox->store, resource, 1, NULL), 0);
}

static bool has(struct sandbox *sandbox, const char *pattern)
{
    auto_free char *id = id_of(sandbox, pattern);
    return sandbox_store_has(sandbox->store, id);
}

static void a_target_that_is_no_path_is_an_error(void **state)
{
    const struct sandbox_call call = {.method = "GET", .target = "say/it"};
    auto_reply struct sandbox_reply reply = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(sandbox_call(*state, &call, &reply, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_USAGE);
    assert_int_equal(reply.status, 0);
}

static void a_refusal_is_a_reply_like_any_other(void **state)
{
    const struct sandbox_call call = {.method = "GET", .target = "/nowhere?api-version=2025-01-01"};
    auto_reply struct sandbox_reply reply = {0};
    assert_int_equal(sandbox_call(*state, &call, &reply, NULL), 0);
    assert_int_equal(reply.status, 404);
    assert_non_null(azml_json_text(reply.json, "error.code"));
}

static void the_sandbox_itself_calls_unless_somebody_else_is_named(void **state)
{
    struct sandbox *sandbox = *state;
    const struct sandbox_caller you = {"your-object", "your-client", "your-tenant"};
    const struct {
        const struct sandbox_caller *caller;
        const char *object, *client, *tenant;
    } rows[] = {
        {NULL, sandbox->object_id, sandbox->client_id, sandbox->tenant_id},
        {&you, "your-object",      "your-client",      "your-tenant"     },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct sandbox_call call = {
            .method = "GET", .target = "/say/a%20word", .caller = rows[i].caller};
        auto_reply struct sandbox_reply reply = {0};
        assert_int_equal(sandbox_call(sandbox, &call, &reply, NULL), 0);
        assert_int_equal(reply.status, 200);
        assert_string_equal(azml_json_text(reply.json, "object"), rows[i].object);
        assert_string_equal(azml_json_text(reply.json, "client"), rows[i].client);
        assert_string_equal(azml_json_text(reply.json, "tenant"), rows[i].tenant);
        assert_string_equal(azml_json_text(reply.json, "word"), "a word");
        assert_int_equal(azml_json_int_or(reply.json, "ids", 0), 36);
    }
}

static void the_body_arrives_as_a_document_of_its_own(void **state)
{
    auto_json cJSON *body = azml_json_parse("{\"a\":[1,\"\\u00e9\"]}", 18, NULL);
    assert_non_null(body);
    const struct sandbox_call call = {.method = "PUT", .target = "/say/x", .body = body};
    auto_reply struct sandbox_reply reply = {0};
    assert_int_equal(sandbox_call(*state, &call, &reply, NULL), 0);
    assert_string_equal(azml_json_text(reply.json, "method"), "PUT");
    assert_true(cJSON_Compare(azml_json_at(reply.json, "body"), body, true));
}

static void no_token_registration_or_throttling_stands_in_the_way(void **state)
{
    struct sandbox *sandbox = *state;
    put(sandbox, GROUP);
    assert_string_equal(
        sandbox_registration(sandbox, sandbox->subscription_id, "Microsoft.KeyVault"),
        "NotRegistered");
    for (int i = 0; i < 260; i++) {
        auto_reply struct sandbox_reply reply = {0};
        toy_call(sandbox, "PUT", VAULTS "/v?api-version=2024-11-01", "{}", &reply);
        assert_int_equal(reply.status, 201);
        assert_null(
            sandbox_pairs_find(&reply.headers, "x-ms-ratelimit-remaining-subscription-writes"));
    }
}

static void what_was_refused_inside_is_undone_alone(void **state)
{
    static const struct {
        const char *target;
        int status;
        bool is_inner_kept;
    } rows[] = {
        {"/outer?refuse=1", 202, false},
        {"/outer",          200, true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        toy_call(*state, "POST", rows[i].target, NULL, &reply);
        assert_int_equal(reply.status, rows[i].status);
        assert_true(is_kept(*state, "outer"));
        assert_true(is_kept(*state, "inner") == rows[i].is_inner_kept);
    }
}

/* --- removing --- */

static void removing_what_is_not_there_is_fine(void **state)
{
    put(*state, VAULTS "/a");
    assert_int_equal(sandbox_resource_remove(*state, "/subscriptions/none", NULL), 0);
    assert_true(has(*state, VAULTS "/a"));
    assert_string_equal(azml_str_text(&removed), "");
}

static void removing_begins_with_the_deepest_and_spares_the_neighbours(void **state)
{
    static const char *const below[] = {VAULTS "/a", VAULTS "/a/secrets/s",
                                        VAULTS "/a/secrets/s/providers/Microsoft.Authorization/"
                                               "locks/l",
                                        VAULTS "/a/keys/k"};
    static const char *const beside[] = {GROUP, VAULTS "/ab", VAULTS "/ab/secrets/t"};
    for (size_t i = 0; i < AZML_COUNT(below); i++)
        put(*state, below[i]);
    for (size_t i = 0; i < AZML_COUNT(beside); i++)
        put(*state, beside[i]);
    auto_free char *id = id_of(*state, VAULTS "/A");
    assert_int_equal(sandbox_resource_remove(*state, id, NULL), 0);
    assert_string_equal(azml_str_text(&removed), "l s a ");
    for (size_t i = 0; i < AZML_COUNT(below); i++)
        assert_false(has(*state, below[i]));
    for (size_t i = 0; i < AZML_COUNT(beside); i++)
        assert_true(has(*state, beside[i]));
}

static void hidden_things_are_removed_too(void **state)
{
    struct sandbox *sandbox = *state;
    put(sandbox, VAULTS "/a");
    auto_free char *id = id_of(sandbox, VAULTS "/a/secrets/s");
    auto_resource struct sandbox_resource *hidden = sandbox_resource_new(id, NULL, NULL);
    hidden->is_hidden_from_list = hidden->is_hidden_from_graph = true;
    assert_int_equal(sandbox_store_put(sandbox->store, hidden, 1, NULL), 0);
    auto_free char *group = id_of(sandbox, GROUP);
    assert_int_equal(sandbox_resource_remove(sandbox, group, NULL), 0);
    assert_false(sandbox_store_has(sandbox->store, id));
}

static void a_hook_that_fails_keeps_what_stands_above(void **state)
{
    put(*state, VAULTS "/a");
    put(*state, VAULTS "/a/secrets/s");
    stubborn = "s";
    auto_free char *id = id_of(*state, VAULTS "/a");
    auto_error struct azml_error err = {0};
    assert_int_equal(sandbox_resource_remove(*state, id, &err), -1);
    assert_string_equal(err.message, "s stays");
    assert_true(has(*state, VAULTS "/a"));
    assert_true(has(*state, VAULTS "/a/secrets/s"));
}

/* --- registration --- */

static void registration_is_kept_for_each_subscription(void **state)
{
    struct sandbox *sandbox = *state;
    static const char other[] = "ABCDEF00-0000-0000-0000-000000000000";
    assert_null(sandbox_registration(sandbox, other, "Microsoft.Nothing"));
    assert_int_equal(
        sandbox_registration_set(sandbox, other, "Microsoft.KeyVault", "Registering", NULL), 0);
    assert_string_equal(
        sandbox_registration(sandbox, "abcdef00-0000-0000-0000-000000000000", "MICROSOFT.KEYVAULT"),
        "Registering");
    assert_string_equal(
        sandbox_registration(sandbox, sandbox->subscription_id, "Microsoft.KeyVault"),
        "NotRegistered");
    assert_string_equal(sandbox_registration(sandbox, other, "Microsoft.Storage"), "NotRegistered");
    assert_int_equal(
        sandbox_registration_set(sandbox, other, "microsoft.keyvault", "Registered", NULL), 0);
    assert_string_equal(sandbox_registration(sandbox, other, "Microsoft.KeyVault"), "Registered");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_target_that_is_no_path_is_an_error),
        WITH_WORLD(a_refusal_is_a_reply_like_any_other),
        WITH_WORLD(the_sandbox_itself_calls_unless_somebody_else_is_named),
        WITH_WORLD(the_body_arrives_as_a_document_of_its_own),
        WITH_WORLD(no_token_registration_or_throttling_stands_in_the_way),
        WITH_WORLD(what_was_refused_inside_is_undone_alone),
        WITH_WORLD(removing_what_is_not_there_is_fine),
        WITH_WORLD(removing_begins_with_the_deepest_and_spares_the_neighbours),
        WITH_WORLD(hidden_things_are_removed_too),
        WITH_WORLD(a_hook_that_fails_keeps_what_stands_above),
        WITH_WORLD(registration_is_kept_for_each_subscription),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
