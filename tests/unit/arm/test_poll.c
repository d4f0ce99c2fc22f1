#include "unit/test.h"

#include "arm/poll.h"
#include "base/auto.h"
#include "base/json.h"

#include <string.h>

/* A first answer and where to look after it (reference 2.2 and 2.3). */
static const struct row {
    const char *name, *method;
    const char *async, *operation, *location, *body;
    const char *link;
    int status;
    enum azml_arm_poll poll;
} rows[] = {
    {"PUT done at once",      "PUT",    NULL, NULL, NULL,
     "{\"properties\":{\"provisioningState\":\"Succeeded\"}}",          NULL, 200, AZML_ARM_POLL_NOTHING },
    {"PUT without a state",   "PUT",    NULL, NULL, NULL, "{\"id\":1}", NULL, 201,
     AZML_ARM_POLL_NOTHING                                                                               },
    {"DELETE done at once",   "DELETE", NULL, NULL, NULL, NULL,         NULL, 200, AZML_ARM_POLL_NOTHING },
    {"DELETE of nothing",     "DELETE", "/a", NULL, "/l", NULL,         NULL, 204, AZML_ARM_POLL_NOTHING },
    {"POST done at once",     "POST",   NULL, NULL, "/l", "{}",         NULL, 200, AZML_ARM_POLL_NOTHING },
    {"PUT still creating",    "PUT",    NULL, NULL, NULL,
     "{\"properties\":{\"provisioningState\":\"Creating\"}}",           NULL, 201, AZML_ARM_POLL_RESOURCE},
    {"PUT 202, no header",    "PUT",    NULL, NULL, NULL, NULL,         NULL, 202, AZML_ARM_POLL_RESOURCE},
    {"PATCH 202, no header",  "PATCH",  NULL, NULL, NULL, NULL,         NULL, 202, AZML_ARM_POLL_RESOURCE},
    {"POST 202, no header",   "POST",   NULL, NULL, NULL, NULL,         NULL, 202, AZML_ARM_POLL_RESOURCE},
    {"DELETE 202, no header", "DELETE", NULL, NULL, NULL, NULL,         NULL, 202, AZML_ARM_POLL_GONE    },
    {"both headers",          "PUT",    "/a", NULL, "/l", NULL,         "/a", 202, AZML_ARM_POLL_STATUS  },
    {"201 and a status",      "PUT",    "/a", NULL, NULL,
     "{\"properties\":{\"provisioningState\":\"Creating\"}}",           "/a", 201, AZML_ARM_POLL_STATUS  },
    {"Operation-Location",    "POST",   "/a", "/o", "/l", NULL,         "/o", 202, AZML_ARM_POLL_STATUS  },
    {"an empty header",       "POST",   "",   NULL, "/l", NULL,         "/l", 202, AZML_ARM_POLL_LOCATION},
    {"Location alone",        "DELETE", NULL, NULL, "/l", NULL,         "/l", 202, AZML_ARM_POLL_LOCATION},
};

static void the_first_answer_says_where_to_look(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        struct azml_http_header headers[3];
        size_t count = 0;
        if (row->async)
            headers[count++] =
                (struct azml_http_header){.name = "azure-asyncoperation", .value = row->async};
        if (row->operation)
            headers[count++] =
                (struct azml_http_header){.name = "Operation-Location", .value = row->operation};
        if (row->location)
            headers[count++] =
                (struct azml_http_header){.name = "location", .value = row->location};
        auto_json cJSON *body =
            row->body ? azml_json_parse(row->body, strlen(row->body), NULL) : NULL;
        const struct azml_arm_reply reply = {
            .status = row->status,
            .body = body,
            .http = {.headers = headers, .header_count = count},
        };
        const char *link = NULL;
        enum azml_arm_poll poll = azml_arm_poll_choose(row->method, &reply, &link);
        if (poll != row->poll || (link == NULL) != (row->link == NULL) ||
            (link && strcmp(link, row->link) != 0))
            fail_msg("%s: %d %s", row->name, (int)poll, link ? link : "(none)");
    }
}

static void status_words_are_read_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(azml_arm_stand_of("InProgress"), AZML_ARM_RUNNING);
    assert_int_equal(azml_arm_stand_of("ProvisioningAccount"), AZML_ARM_RUNNING);
    assert_int_equal(azml_arm_stand_of("SUCCEEDED"), AZML_ARM_SUCCEEDED);
    assert_int_equal(azml_arm_stand_of("failed"), AZML_ARM_HAS_FAILED);
    assert_int_equal(azml_arm_stand_of("CreateFailed"), AZML_ARM_HAS_FAILED);
    assert_int_equal(azml_arm_stand_of("Canceled"), AZML_ARM_CANCELED);
    assert_int_equal(azml_arm_stand_of("cancelled"), AZML_ARM_CANCELED);
}

static void a_status_document_without_status_goes_by_http(void **state)
{
    (void)state;
    auto_json cJSON *empty = cJSON_CreateObject();
    struct azml_arm_reply reply = {.status = 202, .body = empty};
    assert_int_equal(azml_arm_stand_of_reply(&reply), AZML_ARM_RUNNING);
    reply.status = 200;
    assert_int_equal(azml_arm_stand_of_reply(&reply), AZML_ARM_SUCCEEDED);
    reply.body = NULL;
    assert_int_equal(azml_arm_stand_of_reply(&reply), AZML_ARM_SUCCEEDED);
}

static void own_waits_grow_and_named_ones_are_kept(void **state)
{
    (void)state;
    struct azml_arm_pace pace = {0};
    const uint64_t grown[] = {1000, 1500, 2250, 3375, 5062, 7593, 11389, 15000, 15000};
    for (size_t i = 0; i < AZML_COUNT(grown); i++)
        assert_int_equal(azml_arm_pace_next(&pace, NULL, 0), grown[i]);
    struct azml_http_header header = {.name = "Retry-After", .value = "17"};
    const struct azml_arm_reply reply = {
        .http = {.headers = &header, .header_count = 1}
    };
    assert_int_equal(azml_arm_pace_next(&pace, &reply, 0), 17000);
    assert_int_equal(azml_arm_pace_next(&pace, NULL, 0), 17000);
    header.value = "0";
    assert_int_equal(azml_arm_pace_next(&pace, &reply, 0), 100);
}

static void a_resource_tells_why_it_failed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
    } places[] = {
        {"{}",                                                                                         NULL},
        {"{\"properties\":{\"provisioningErrors\":null,\"provisioningState\":\"Failed\"}}",            NULL},
        {"{\"properties\":{\"provisioningErrors\":[{\"error\":{\"code\":\"A\",\"message\":\"m\"}}]}}",
         "A"                                                                                               },
        {"{\"properties\":{\"properties\":{\"errors\":[{\"code\":\"B\",\"message\":\"m\"}]}}}",
         "B"                                                                                               },
        {"{\"properties\":{\"error\":{\"code\":\"C\",\"message\":\"m\"}}}",                            "C" },
    };
    for (size_t i = 0; i < AZML_COUNT(places); i++) {
        auto_error struct azml_error err = {0};
        auto_json cJSON *json = azml_json_parse(places[i].text, strlen(places[i].text), NULL);
        assert_int_equal(azml_arm_resource_failure(&err, json, "id"), -1);
        if (places[i].code)
            assert_string_equal(err.said_code, places[i].code);
        else
            assert_string_equal(err.message,
                                "the operation failed and the service did not say why");
        assert_string_equal(err.request_id, "id");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_answer_says_where_to_look),
        cmocka_unit_test(status_words_are_read_in_any_case),
        cmocka_unit_test(a_status_document_without_status_goes_by_http),
        cmocka_unit_test(own_waits_grow_and_named_ones_are_kept),
        cmocka_unit_test(a_resource_tells_why_it_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
