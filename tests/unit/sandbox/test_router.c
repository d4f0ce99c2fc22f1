#include "sandbox/router.h"

#include "toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SUB      "/subscriptions/{S}"
#define ACCOUNTS SUB "/resourceGroups/lab/providers/Microsoft.Storage/storageAccounts"

static int setup(void **state)
{
    struct sandbox *sandbox = toy_open();
    *state = sandbox;
    if (!sandbox)
        return -1;
    static const char *const groups[] = {"lab", "locked"};
    for (size_t i = 0; i < AZML_COUNT(groups); i++) {
        auto_free char *target =
            azml_format(NULL, SUB "/resourceGroups/%s?api-version=2025-04-01", groups[i]);
        auto_reply struct sandbox_reply reply = {0};
        toy_call(sandbox, "PUT", target, "{\"location\":\"westeurope\"}", &reply);
        if (reply.status != 201)
            return -1;
    }
    toy_removed = 0;
    return 0;
}

static int teardown(void **state)
{
    sandbox_close(*state);
    return 0;
}

static void every_refusal_has_its_code_in_the_right_order(void **state)
{
    static const struct {
        const char *method, *target, *body;
        int status;
        const char *code;
    } rows[] = {
        {"GET",    SUB "/providers/Microsoft.Storage/storageAccounts",                                NULL, 400,
         "MissingApiVersionParameter"                                                                                                        },
        {"GET",    "/nowhere",                                                                        NULL, 400, "MissingApiVersionParameter"},
        {"PUT",    SUB "/resourceGroups/x?api-version=2099-01-01",                                    "{}", 400,
         "InvalidApiVersionParameter"                                                                                                        },
        {"GET",    ACCOUNTS "/a?api-version=yesterday",                                               NULL, 400, "InvalidApiVersionParameter"},
        {"GET",    ACCOUNTS "/a?api-version=2099-01-01",                                              NULL, 400, "NoRegisteredProviderFound" },
        {"GET",    "/subscriptions/nonsense/providers/Microsoft.Storage/storageAccounts" TOY_VERSION,
         NULL,                                                                                              400, "InvalidSubscriptionId"     },
        {"GET",
         "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Storage/"
         "storageAccounts" TOY_VERSION,
         NULL,                                                                                              404, "SubscriptionNotFound"      },
        {"GET",
         SUB "/resourceGroups/none/providers/Microsoft.Storage/storageAccounts/a" TOY_VERSION,        NULL,
         404,                                                                                                    "ResourceGroupNotFound"     },
        {"PUT",    ACCOUNTS "/none/blobServices/b" TOY_VERSION,                                       "{}", 404, "ParentResourceNotFound"    },
        {"GET",    ACCOUNTS "/none/blobServices" TOY_VERSION,                                         NULL, 404, "ResourceNotFound"          },
        {"PUT",    ACCOUNTS "/a" TOY_VERSION,                                                         "[]", 400, "InvalidRequestContent"     },
        {"PUT",    ACCOUNTS "/a" TOY_VERSION,                                                         NULL, 400, "InvalidRequestContent"     },
        {"DELETE",
         SUB "/resourceGroups/locked/providers/Microsoft.Storage/storageAccounts/a" TOY_VERSION,
         NULL,                                                                                              409, "ScopeLocked"               },
        {"POST",   ACCOUNTS "/a" TOY_VERSION,                                                         NULL, 405, "MethodNotAllowed"          },
        {"GET",    SUB "/providers/Microsoft.Nothing/things" TOY_VERSION,                             NULL, 404,
         "InvalidResourceNamespace"                                                                                                          },
        {"GET",    SUB "/providers/Microsoft.Storage/things" TOY_VERSION,                             NULL, 404,
         "InvalidResourceType"                                                                                                               },
        {"GET",    "/nowhere" TOY_VERSION,                                                            NULL, 404, "NotFound"                  },
        {"GET",    ACCOUNTS "/a" TOY_VERSION,                                                         NULL, 404, "ResourceNotFound"          },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        toy_call(*state, rows[i].method, rows[i].target, rows[i].body, &reply);
        const char *code = azml_json_text(reply.json, "error.code");
        if (reply.status != rows[i].status || !code || strcmp(code, rows[i].code) != 0)
            fail_msg("row %zu: %d %s", i, reply.status, code ? code : "-");
        assert_non_null(azml_json_text(reply.json, "error.message"));
    }
}

static void messages_are_those_of_the_service(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    toy_call(*state, "GET", ACCOUNTS "/a" TOY_VERSION, NULL, &reply);
    assert_string_equal(azml_json_text(reply.json, "error.message"),
                        "The Resource 'Microsoft.Storage/storageAccounts/a' under resource group "
                        "'lab' was not found. For more details please go to "
                        "https://aka.ms/ARMResourceNotFoundFix");
}

static void the_most_literal_row_wins_and_fallbacks_come_last(void **state)
{
    static const struct {
        const char *target, *pattern;
    } rows[] = {
        {ACCOUNTS "/a/blobServices" TOY_VERSION,                                                                 TOY_ACCOUNT "/blobServices"                               },
        {SUB "/resourceGroups/lab/providers/Microsoft.Authorization/locks/"
             "l?api-version=2020-05-01",                                                                "/{*scope}/providers/Microsoft.Authorization/locks/{lock}"},
        {ACCOUNTS "/a/providers/Microsoft.Authorization/locks/l?api-version=2020-05-01",
         "/{*scope}/providers/Microsoft.Authorization/locks/{lock}"                                                                                                        },
        {SUB "/resourceGroups/lab/providers/Microsoft.Network/virtualNetworks/v" TOY_VERSION,
         "/subscriptions/{s}/resourceGroups/{rg}/providers/{ns}/{*rest}"                                                                                                   },
        {SUB
         "/RESOURCEGROUPS/LAB/providers/microsoft.storage//STORAGEACCOUNTS/A/BLOBSERVICES" TOY_VERSION,
         TOY_ACCOUNT "/blobServices"                                                                                                                                       },
        {"/toy/word",                                                                                            "/toy/{word}"                                             },
    };
    auto_reply struct sandbox_reply made = {0};
    toy_call(*state, "PUT", ACCOUNTS "/a" TOY_VERSION, "{}", &made);
    assert_int_equal(made.status, 201);
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_reply struct sandbox_reply reply = {0};
        toy_call(*state, "GET", rows[i].target, NULL, &reply);
        if (!reply.text || strcmp(reply.text, rows[i].pattern) != 0)
            fail_msg("row %zu: %d %s", i, reply.status, reply.text ? reply.text : "-");
    }
}

static void a_refused_change_leaves_nothing_behind(void **state)
{
    auto_reply struct sandbox_reply refused = {0}, after = {0};
    toy_call(*state, "PUT", ACCOUNTS "/a" TOY_VERSION "&refuse=1", "{}", &refused);
    assert_int_equal(refused.status, 409);
    toy_call(*state, "GET", ACCOUNTS "/a" TOY_VERSION, NULL, &after);
    assert_int_equal(after.status, 404);
}

static void a_group_on_its_way_out_takes_no_writes(void **state)
{
    auto_reply struct sandbox_reply leaving = {0}, write = {0}, read = {0};
    toy_call(*state, "PUT", SUB "/resourceGroups/lab?api-version=2025-04-01",
             "{\"properties\":{\"provisioningState\":\"Deleting\"}}", &leaving);
    assert_int_equal(leaving.status, 201);
    toy_call(*state, "PUT", ACCOUNTS "/a" TOY_VERSION, "{}", &write);
    assert_int_equal(write.status, 409);
    assert_string_equal(azml_json_text(write.json, "error.code"), "ResourceGroupBeingDeleted");
    toy_call(*state, "GET", ACCOUNTS "/a" TOY_VERSION, NULL, &read);
    assert_int_equal(read.status, 404);
}

static void removing_takes_what_is_below_along(void **state)
{
    struct sandbox *sandbox = *state;
    auto_reply struct sandbox_reply parent = {0}, child = {0}, gone = {0};
    toy_call(sandbox, "PUT", ACCOUNTS "/a" TOY_VERSION, "{}", &parent);
    toy_call(sandbox, "PUT", ACCOUNTS "/a/blobServices/b" TOY_VERSION, "{}", &child);
    int64_t before = sandbox_store_count(sandbox->store);
    toy_call(sandbox, "DELETE", ACCOUNTS "/A" TOY_VERSION, NULL, &gone);
    assert_int_equal(gone.status, 204);
    assert_int_equal(sandbox_store_count(sandbox->store), before - 2);
    assert_int_equal(toy_removed, 2);
}

static void registration_begins_as_the_table_says(void **state)
{
    struct sandbox *sandbox = *state;
    const char *id = sandbox->subscription_id;
    assert_null(sandbox_registration(sandbox, id, "Microsoft.Nothing"));
    assert_string_equal(sandbox_registration(sandbox, id, "microsoft.resources"), "Registered");
    assert_string_equal(sandbox_registration(sandbox, id, "Microsoft.MachineLearningServices"),
                        "NotRegistered");
    assert_int_equal(sandbox_registration_set(sandbox, id, "Microsoft.MachineLearningServices",
                                              "Registered", NULL),
                     0);
    assert_string_equal(sandbox_registration(sandbox, id, "microsoft.machinelearningservices"),
                        "Registered");
}

static size_t list_pages(struct sandbox *sandbox, char *seen, size_t room)
{
    auto_free char *next = azml_format(
        NULL, "/subscriptions/%s/providers/Microsoft.Storage/storageAccounts" TOY_VERSION,
        sandbox->subscription_id);
    size_t pages = 0;
    *seen = '\0';
    while (next) {
        auto_reply struct sandbox_reply reply = {0};
        toy_call(sandbox, "GET", next, NULL, &reply);
        assert_int_equal(reply.status, 200);
        const cJSON *item;
        cJSON_ArrayForEach (item, azml_json_at(reply.json, "value")) {
            size_t used = strlen(seen);
            snprintf(seen + used, room - used, "%d ", item->valueint);
        }
        const char *link = azml_json_text(reply.json, "nextLink");
        free(next);
        next = link ? azml_strdup(link + strlen(sandbox->endpoint), NULL) : NULL;
        pages++;
    }
    return pages;
}

static void lists_come_in_pages_that_end(void **state)
{
    struct sandbox *sandbox = *state;
    char seen[64];
    assert_int_equal(list_pages(sandbox, seen, sizeof(seen)), 3);
    assert_string_equal(seen, "1 2 3 4 5 ");
    sandbox->page_size = 5;
    assert_int_equal(list_pages(sandbox, seen, sizeof(seen)), 2); /* the last one is empty */
    assert_string_equal(seen, "1 2 3 4 5 ");
}

static void an_invented_page_token_is_refused(void **state)
{
    auto_reply struct sandbox_reply reply = {0};
    toy_call(*state, "GET",
             SUB "/providers/Microsoft.Storage/storageAccounts" TOY_VERSION "&$skiptoken=mine",
             NULL, &reply);
    assert_int_equal(reply.status, 400);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(every_refusal_has_its_code_in_the_right_order),
        WITH_WORLD(messages_are_those_of_the_service),
        WITH_WORLD(the_most_literal_row_wins_and_fallbacks_come_last),
        WITH_WORLD(a_refused_change_leaves_nothing_behind),
        WITH_WORLD(a_group_on_its_way_out_takes_no_writes),
        WITH_WORLD(removing_takes_what_is_below_along),
        WITH_WORLD(registration_begins_as_the_table_says),
        WITH_WORLD(lists_come_in_pages_that_end),
        WITH_WORLD(an_invented_page_token_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
