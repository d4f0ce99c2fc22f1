#include "sandbox/reply.h"

#include "base/auto.h"
#include "base/json.h"
#include "sandbox/world.h"
#include "unit/test.h"

#include <string.h>

static char endpoint[] = "https://127.0.0.1:4711";

static const char *header(const struct sandbox_reply *reply, const char *name)
{
    return sandbox_pairs_find(&reply->headers, name);
}

static void body_is(const struct sandbox_reply *reply, const char *text)
{
    auto_free char *body = azml_json_print(reply->json, false, NULL);
    assert_string_equal(body, text);
}

/* Reference 1.4. */
static void an_error_is_a_code_and_a_message_in_an_envelope(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply reply = {0};
    sandbox_reply_error(&reply, 409, "Conflict", "%d things \"stand\" in the way", 2);
    assert_int_equal(reply.status, 409);
    assert_string_equal(header(&reply, "content-type"), "application/json; charset=utf-8");
    body_is(&reply, "{\"error\":{\"code\":\"Conflict\","
                    "\"message\":\"2 things \\\"stand\\\" in the way\"}}");
    assert_false(reply.failed);
}

static void an_error_document_of_one_s_own_gets_the_envelope(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply reply = {0};
    cJSON *error = sandbox_error_json("UserError", "%s", "no");
    azml_json_put_text(error, "target", "computeName");
    sandbox_reply_error_json(&reply, 400, error);
    body_is(&reply, "{\"error\":{\"code\":\"UserError\",\"message\":\"no\","
                    "\"target\":\"computeName\"}}");
}

static void the_two_common_refusals_use_the_service_s_words(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply missing = {0}, wrong = {0};
    sandbox_reply_not_found(&missing, "Microsoft.KeyVault/vaults", "v", "lab");
    assert_int_equal(missing.status, 404);
    body_is(&missing, "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"The Resource "
                      "'Microsoft.KeyVault/vaults/v' under resource group 'lab' was not found. For "
                      "more details please go to https://aka.ms/ARMResourceNotFoundFix\"}}");
    sandbox_reply_bad_content(&wrong, "no %s", "location");
    assert_int_equal(wrong.status, 400);
    assert_string_equal(azml_json_text(wrong.json, "error.code"), "InvalidRequestContent");
    assert_non_null(strstr(azml_json_text(wrong.json, "error.message"), "no location"));
}

static void a_later_answer_replaces_the_body_and_keeps_headers(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply reply = {0};
    sandbox_reply_header(&reply, "Location", "https://a");
    sandbox_reply_text(&reply, 200, "text/html", "<p>");
    assert_string_equal(reply.text, "<p>");
    assert_string_equal(header(&reply, "Content-Type"), "text/html");
    sandbox_reply_json(&reply, 201, cJSON_CreateObject());
    assert_null(reply.text);
    assert_non_null(reply.json);
    assert_string_equal(header(&reply, "Content-Type"), "application/json; charset=utf-8");
    sandbox_reply_empty(&reply, 202);
    assert_int_equal(reply.status, 202);
    assert_null(reply.json);
    assert_null(reply.text);
    assert_string_equal(header(&reply, "Location"), "https://a");
}

static void a_header_of_the_same_name_is_replaced(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply reply = {0};
    sandbox_reply_header(&reply, "Retry-After", "60");
    sandbox_reply_headerf(&reply, "retry-after", "%d", 15);
    assert_int_equal(reply.headers.count, 1);
    assert_string_equal(header(&reply, "Retry-After"), "15");
}

static void a_body_without_memory_sticks(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply reply = {0};
    sandbox_reply_json(&reply, 200, NULL);
    sandbox_reply_empty(&reply, 204);
    assert_true(reply.failed);
}

/* --- pages --- */

static cJSON *numbers(int count)
{
    cJSON *items = cJSON_CreateArray();
    for (int i = 1; i <= count; i++)
        azml_json_append(items, cJSON_CreateNumber(i));
    return items;
}

static void list(uint32_t forced, const char *target, int count, const char *token,
                 struct sandbox_reply *reply)
{
    const struct sandbox world = {.endpoint = endpoint, .page_size = forced};
    struct sandbox_request request = {.method = "GET", .body = ""};
    assert_int_equal(sandbox_request_set_target(&request, target, NULL), 0);
    sandbox_reply_list(&world, &request, reply, numbers(count), 3, token);
    sandbox_request_cleanup(&request);
}

/* The numbers of every page, pages parted by a bar. */
static char *walk(uint32_t forced, int count, const char *token)
{
    auto_str struct azml_str seen = {0};
    auto_free char *target = azml_strdup("/list?api-version=2025-04-01", NULL);
    for (int pages = 0; target && pages < 20; pages++) {
        auto_reply struct sandbox_reply reply = {0};
        list(forced, target, count, token, &reply);
        assert_int_equal(reply.status, 200);
        azml_str_add(&seen, pages > 0 ? "|" : "");
        const cJSON *item;
        cJSON_ArrayForEach (item, azml_json_at(reply.json, "value"))
            azml_str_addf(&seen, "%d", item->valueint);
        const char *link = azml_json_text(reply.json, "nextLink");
        free(target);
        target = link ? azml_strdup(link + strlen(endpoint), NULL) : NULL;
    }
    return azml_str_take(&seen, NULL);
}

static void an_invented_token_is_refused(void **state)
{
    (void)state;
    static const char *const tokens[] = {"",           "2",          "bmV4dA", "bmV4dDo",
                                         "bmV4dDotMQ", "bmV4dDoxeA"};
    for (size_t i = 0; i < AZML_COUNT(tokens); i++) {
        auto_free char *target = azml_format(NULL, "/list?$skiptoken=%s", tokens[i]);
        auto_reply struct sandbox_reply reply = {0};
        list(0, target, 9, "$skiptoken", &reply);
        if (reply.status != 400 || !azml_json_text(reply.json, "error.code"))
            fail_msg("'%s' was taken", tokens[i]);
    }
}

static void every_entry_comes_once_in_as_many_pages_as_needed(void **state)
{
    (void)state;
    static const struct {
        uint32_t forced;
        int count;
        const char *pages;
    } rows[] = {
        {0, 0, ""         },
        {0, 1, "1"        },
        {0, 3, "123"      },
        {0, 4, "123|4"    },
        {0, 7, "123|456|7"},
        {2, 0, ""         },
        {2, 1, "1|"       }, /* where the person asked for a size,
  an empty last one follows */
        {2, 4, "12|34|"   },
        {2, 5, "12|34|5|" },
        {9, 5, "12345|"   },
    };
    static const char *const tokens[] = {"$skiptoken", "$skip"};
    for (size_t i = 0; i < 2 * AZML_COUNT(rows); i++) {
        auto_free char *pages = walk(rows[i / 2].forced, rows[i / 2].count, tokens[i % 2]);
        if (strcmp(pages, rows[i / 2].pages) != 0)
            fail_msg("row %zu: '%s'", i / 2, pages);
    }
}

static void next_link_stands_before_value_where_a_size_was_asked_for(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply real = {0}, forced = {0};
    list(0, "/list", 9, "$skiptoken", &real);
    assert_string_equal(real.json->child->string, "value");
    assert_string_equal(real.json->child->next->string, "nextLink");
    list(2, "/list", 9, "$skiptoken", &forced);
    assert_string_equal(forced.json->child->string, "nextLink");
    assert_string_equal(forced.json->child->next->string, "value");
}

static void next_link_is_absolute_and_carries_the_request_s_own_query(void **state)
{
    (void)state;
    auto_reply struct sandbox_reply first = {0}, second = {0};
    list(0, "/a%20b/list?api-version=2025-04-01&$filter=name%20eq%20%27x%26y%27", 9, "$skiptoken",
         &first);
    const char *link = azml_json_text(first.json, "nextLink");
    assert_true(azml_has_prefix(link, "https://127.0.0.1:4711/a%20b/list?api-version=2025-04-01&"));
    assert_non_null(strstr(link, "%24filter=name%20eq%20%27x%26y%27"));
    assert_non_null(strstr(link, "&%24skiptoken="));
    list(0, link + strlen(endpoint), 9, "$skiptoken", &second);
    const char *next = azml_json_text(second.json, "nextLink");
    assert_string_not_equal(next, link);
    const char *token = strstr(next, "%24skiptoken=");
    assert_non_null(token);
    assert_null(strstr(token + 1, "%24skiptoken=")); /* the old one is gone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_a_code_and_a_message_in_an_envelope),
        cmocka_unit_test(an_error_document_of_one_s_own_gets_the_envelope),
        cmocka_unit_test(the_two_common_refusals_use_the_service_s_words),
        cmocka_unit_test(a_later_answer_replaces_the_body_and_keeps_headers),
        cmocka_unit_test(a_header_of_the_same_name_is_replaced),
        cmocka_unit_test(a_body_without_memory_sticks),
        cmocka_unit_test(an_invented_token_is_refused),
        cmocka_unit_test(every_entry_comes_once_in_as_many_pages_as_needed),
        cmocka_unit_test(next_link_stands_before_value_where_a_size_was_asked_for),
        cmocka_unit_test(next_link_is_absolute_and_carries_the_request_s_own_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
