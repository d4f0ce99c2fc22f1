#include "sandbox/store.h"

#include "base/auto.h"
#include "base/json.h"
#include "unit/test.h"

#include <string.h>

#define VAULT                                                                           \
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/lab/providers/" \
    "Microsoft.KeyVault/vaults/"
#define HOUR  3600000LL
#define BEGIN 1763632800000LL /* 2025-11-20T10:00:00Z */

static int setup(void **state)
{
    *state = sandbox_store_open(":memory:", NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    sandbox_store_close(*state);
    return 0;
}

static struct sandbox_resource *make(const char *name)
{
    auto_free char *id = azml_format(NULL, VAULT "%s", name);
    struct sandbox_resource *made = sandbox_resource_new(id, NULL, NULL);
    assert_non_null(made);
    return made;
}

static struct sandbox_resource *get(struct sandbox_store *store, const char *name)
{
    auto_free char *id = azml_format(NULL, VAULT "%s", name);
    struct sandbox_resource *found = NULL;
    assert_int_equal(sandbox_store_get(store, id, &found, NULL), 0);
    assert_non_null(found);
    return found;
}

static const struct {
    const char *before, *after;
} texts[] = {
    {"",                               ""                              },
    {"2025-11-20",                     "2025-11-20"                    },
    {"2025-11-20 10:00:00",            "2025-11-20 10:00:00"           },
    {"since 2025-11-20T10:00:00Z",     "since 2025-11-20T10:00:00Z"    },
    {"2025-11-20T10:00:00Z and later", "2025-11-20T10:00:00Z and later"},
    {"2025-13-45T10:00:00Z",           "2025-13-45T10:00:00Z"          },
    {"Standard_DS11_v2",               "Standard_DS11_v2"              },
    {"2025-11-20T10:00:00Z",           "2025-11-20T08:00:00Z"          },
    {"2024-03-01T01:30:00Z",           "2024-02-29T23:30:00Z"          },
    {"2026-01-01T00:00:00Z",           "2025-12-31T22:00:00Z"          },
    {"2025-11-20T10:00:00.5000000Z",   "2025-11-20T08:00:00.5000000Z"  },
    {"2025-11-20T10:00:00.5+00:00",    "2025-11-20T08:00:00.5000000Z"  },
    {"2025-11-20T10:00:00+05:30",      "2025-11-20T02:30:00Z"          },
};

static void times_in_documents_move_and_nothing_else_does(void **state)
{
    struct sandbox_store *store = *state;
    auto_resource struct sandbox_resource *made = make("v");
    cJSON *list = cJSON_AddArrayToObject(made->body, "list");
    for (size_t i = 0; i < AZML_COUNT(texts); i++)
        assert_int_equal(azml_json_append(list, cJSON_CreateString(texts[i].before)), 0);
    assert_int_equal(azml_json_put_number(made->body, "number", BEGIN), 0);
    assert_int_equal(sandbox_store_put(store, made, BEGIN, NULL), 0);

    assert_int_equal(sandbox_store_age(store, 2 * HOUR, NULL), 0);
    auto_resource struct sandbox_resource *aged = get(store, "v");
    const cJSON *after = azml_json_at(aged->body, "list");
    for (size_t i = 0; i < AZML_COUNT(texts); i++) {
        const char *text = cJSON_GetArrayItem(after, (int)i)->valuestring;
        if (strcmp(text, texts[i].after) != 0)
            fail_msg("'%s' became '%s'", texts[i].before, text);
    }
    assert_int_equal(azml_json_int_or(aged->body, "number", 0), BEGIN);
}

static void times_deep_inside_and_in_hidden_documents_move_too(void **state)
{
    struct sandbox_store *store = *state;
    auto_resource struct sandbox_resource *made = make("v");
    assert_int_equal(
        azml_json_put_text(made->body, "properties.a.b.createdOn", "2025-11-20T10:00:00Z"), 0);
    assert_int_equal(azml_json_put_text(made->hidden, "startedAt", "2025-11-20T10:00:00Z"), 0);
    assert_int_equal(sandbox_store_put(store, made, BEGIN, NULL), 0);

    assert_int_equal(sandbox_store_age(store, HOUR, NULL), 0);
    auto_resource struct sandbox_resource *aged = get(store, "v");
    assert_string_equal(azml_json_text(aged->body, "properties.a.b.createdOn"),
                        "2025-11-20T09:00:00Z");
    assert_string_equal(azml_json_text(aged->hidden, "startedAt"), "2025-11-20T09:00:00Z");
}

static void creation_and_change_move_but_no_time_stays_none(void **state)
{
    struct sandbox_store *store = *state;
    auto_resource struct sandbox_resource *timed = make("timed"), *timeless = make("timeless");
    timeless->created_ms = SANDBOX_NO_TIME;
    assert_int_equal(sandbox_store_put(store, timed, BEGIN, NULL), 0);
    assert_int_equal(sandbox_store_put(store, timeless, BEGIN, NULL), 0);

    assert_int_equal(sandbox_store_age(store, HOUR, NULL), 0);
    auto_resource struct sandbox_resource *aged = get(store, "timed"),
                                          *none = get(store, "timeless");
    assert_int_equal(aged->created_ms, BEGIN - HOUR);
    assert_int_equal(aged->changed_ms, BEGIN - HOUR);
    assert_int_equal(none->created_ms, SANDBOX_NO_TIME);
    assert_int_equal(none->changed_ms, BEGIN - HOUR);
}

static void soft_deleted_things_age_with_their_documents(void **state)
{
    struct sandbox_store *store = *state;
    auto_resource struct sandbox_resource *made = make("v");
    assert_int_equal(azml_json_put_text(made->body, "deletedAt", "2025-11-20T10:00:00Z"), 0);
    assert_int_equal(sandbox_deleted_put(store, made, BEGIN, BEGIN + 24 * HOUR, NULL), 0);

    assert_int_equal(sandbox_store_age(store, 3 * HOUR, NULL), 0);
    auto_deleted struct sandbox_deleted *aged = NULL;
    assert_int_equal(sandbox_deleted_get(store, VAULT "v", &aged, NULL), 0);
    assert_non_null(aged);
    assert_int_equal(aged->deleted_ms, BEGIN - 3 * HOUR);
    assert_int_equal(aged->purge_ms, BEGIN + 21 * HOUR);
    assert_string_equal(azml_json_text(aged->body, "deletedAt"), "2025-11-20T07:00:00Z");
}

static void each_of_many_ages_exactly_once(void **state)
{
    struct sandbox_store *store = *state;
    for (int i = 0; i < 200; i++) {
        auto_free char *name = azml_format(NULL, "v%d", i);
        auto_resource struct sandbox_resource *made = make(name);
        azml_json_put_text(made->body, "at", "2025-11-20T10:00:00Z");
        assert_int_equal(sandbox_store_put(store, made, BEGIN, NULL), 0);
    }
    assert_int_equal(sandbox_store_age(store, HOUR, NULL), 0);
    auto_resources struct sandbox_resources all = {0};
    assert_int_equal(sandbox_store_list(store, &(struct sandbox_query){0}, &all, NULL), 0);
    assert_int_equal(all.count, 200);
    for (size_t i = 0; i < all.count; i++) {
        assert_string_equal(azml_json_text(all.items[i]->body, "at"), "2025-11-20T09:00:00Z");
        assert_int_equal(all.items[i]->created_ms, BEGIN - HOUR);
    }
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(times_in_documents_move_and_nothing_else_does),
        WITH_STORE(times_deep_inside_and_in_hidden_documents_move_too),
        WITH_STORE(creation_and_change_move_but_no_time_stays_none),
        WITH_STORE(soft_deleted_things_age_with_their_documents),
        WITH_STORE(each_of_many_ages_exactly_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
