#include "unit/test.h"

#include "azml/arm_error.h"
#include "base/auto.h"
#include "base/json.h"

#include <string.h>

/* One error document of section 1.4, and what the user should read of it. */
static const struct row {
    const char *name, *text, *code, *message;
    enum azml_error_code kind;
    int status;
} rows[] = {
    {"no error at all",                     "{\"value\":[]}",                                                                NULL,                         NULL,                                            AZML_ERROR_SERVICE,    400},
    {"an empty error",                      "{\"error\":{}}",                                                                NULL,                         NULL,                                            AZML_ERROR_CONFLICT,   409},
    {"everything null",                     "{\"error\":{\"code\":null,\"message\":null,\"details\":null}}",                 NULL,                         NULL,
     AZML_ERROR_NOT_FOUND,                                                                                                                                                                                                         404},
    {"the plain one",                       "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"locked\"}}",
     "ScopeLocked",                                                                                                                                        "locked",                                        AZML_ERROR_LOCKED,     409},
    {"bare",                                "{\"code\":\"NotFound\",\"message\":\"gone\"}",                                  "NotFound",                   "gone",
     AZML_ERROR_NOT_FOUND,                                                                                                                                                                                                         404},
    {"Pascal",                              "{\"Error\":{\"Code\":\"TooManyRequests\",\"Message\":\"slow\"}}",               "TooManyRequests",
     "slow",                                                                                                                                                                                                AZML_ERROR_THROTTLED,  429},
    {"Message alone",                       "{\"Message\":\"no\"}",                                                          NULL,                         "no",                                            AZML_ERROR_FORBIDDEN,  403},
    {"OData",
     "{\"odata.error\":{\"code\":\"Request_BadRequest\",\"message\":{\"lang\":\"en-US\",\"value\":"
     "\"bad\"}}}",                                                                                                           "Request_BadRequest",         "bad",                                           AZML_ERROR_SERVICE,    400},
    {"OAuth",                               "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: wrong\"}",
     "invalid_client",                                                                                                                                     "AADSTS7000215: wrong",                          AZML_ERROR_SIGNED_OUT, 401},
    {"details",
     "{\"error\":{\"code\":\"DeploymentFailed\",\"message\":\"at least one\",\"details\":[{},"
     "{\"code\":\"BadRequest\",\"message\":\"outer\",\"details\":[{\"code\":\"QuotaExceeded\","
     "\"message\":\"0 of 6\"}]}]}}",                                                                                         "QuotaExceeded",              "0 of 6",                                        AZML_ERROR_QUOTA,      0  },
    {"a document inside the message",
     "{\"error\":{\"code\":\"DeploymentFailed\",\"message\":\"x\",\"details\":[{\"code\":"
     "\"Conflict\",\"message\":\"{\\\"error\\\":{\\\"code\\\":\\\"StorageAccountAlreadyTaken\\\","
     "\\\"message\\\":\\\"taken\\\"}}\"}]}}",                                                                                "StorageAccountAlreadyTaken", "taken",                                         AZML_ERROR_NAME_TAKEN, 409},
    {"a message that only begins like one",
     "{\"error\":{\"code\":\"Conflict\",\"message\":\"{not json\"}}",                                                        "Conflict",                   "{not json",
     AZML_ERROR_CONFLICT,                                                                                                                                                                                                          409},
    {"ML's own",
     "{\"error\":{\"code\":\"UserError\",\"message\":\"Unable to find\",\"details\":[],"
     "\"additionalInfo\":[{\"type\":\"InnerError\",\"info\":{\"value\":{\"code\":\"NotFound\","
     "\"innerError\":null}}}]}}",                                                                                            "NotFound",                   "Unable to find",                                AZML_ERROR_NOT_FOUND,  404},
    {"innererror chain",
     "{\"error\":{\"code\":\"UserError\",\"message\":\"m\",\"innererror\":{\"code\":\"BadArgument\","
     "\"innererror\":{\"code\":\"QuotaExceeded\"}}}}",                                                                       "QuotaExceeded",              "m",                                             AZML_ERROR_QUOTA,      400},
    {"compute quota",
     "{\"error\":{\"code\":\"OperationNotAllowed\",\"message\":\"exceeding approved Total Regional "
     "Cores quota\"}}",                                                                                                      "OperationNotAllowed",        "exceeding approved Total Regional Cores quota", AZML_ERROR_QUOTA,      409},
    {"soft-deleted",
     "{\"error\":{\"code\":\"Conflict\",\"message\":\"A soft-deleted workspace with that name\"}}",                          "Conflict",                   "A soft-deleted workspace with that name",       AZML_ERROR_NAME_TAKEN, 409},
    {"policy",                              "{\"error\":{\"code\":\"RequestDisallowedByPolicy\",\"message\":\"no\"}}",
     "RequestDisallowedByPolicy",                                                                                                                          "no",                                            AZML_ERROR_POLICY,     403},
};

static void every_shape_gives_its_deepest_useful_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_json cJSON *json = azml_json_parse(rows[i].text, strlen(rows[i].text), &err);
        assert_non_null(json);
        assert_int_equal(azml_arm_error_from_json(&err, rows[i].status, json, "id-1"), -1);
        const char *code = err.said_code ? err.said_code : "";
        const char *message = err.said_message ? err.said_message : "";
        if (strcmp(code, rows[i].code ? rows[i].code : "") != 0 ||
            strcmp(message, rows[i].message ? rows[i].message : "") != 0 ||
            err.code != rows[i].kind)
            fail_msg("%s: '%s' '%s' %s", rows[i].name, code, message, azml_error_name(err.code));
        assert_string_equal(err.request_id, "id-1");
        assert_int_equal(err.http_status, rows[i].status);
    }
}

static void a_hostile_depth_of_details_ends(void **state)
{
    (void)state;
    auto_str struct azml_str text = {0};
    azml_str_add(&text, "{\"error\":");
    for (int i = 0; i < 90; i++)
        azml_str_add(&text, "{\"code\":\"a\",\"message\":\"m\",\"details\":[");
    for (int i = 0; i < 90; i++)
        azml_str_add(&text, "]}");
    azml_str_add(&text, "}");
    auto_error struct azml_error err = {0};
    auto_json cJSON *json = azml_json_parse(azml_str_text(&text), text.length, &err);
    assert_non_null(json);
    assert_int_equal(azml_arm_error_from_json(&err, 400, json, NULL), -1);
    assert_string_equal(err.said_message, "m");
}

static void the_policy_is_named(void **state)
{
    (void)state;
    const char *text =
        "{\"error\":{\"code\":\"InvalidTemplateDeployment\",\"message\":\"x\",\"details\":[{"
        "\"code\":\"RequestDisallowedByPolicy\",\"message\":\"y\",\"additionalInfo\":[{\"type\":"
        "\"PolicyViolation\",\"info\":{\"policyDefinitionDisplayName\":\"Allowed sizes\"}}]}]}}";
    auto_error struct azml_error err = {0};
    auto_json cJSON *json = azml_json_parse(text, strlen(text), &err);
    azml_arm_error_from_json(&err, 400, json, NULL);
    assert_int_equal(err.code, AZML_ERROR_POLICY);
    assert_string_equal(err.why, "the policy is 'Allowed sizes'");
}

static struct azml_http_response make(int status, char *body, struct azml_http_header *headers,
                                      size_t count)
{
    static char url[] = "https://management.azure.com/subscriptions/9/resourceGroups/g?x=y";
    return (struct azml_http_response){.status = status,
                                       .url = url,
                                       .body = body,
                                       .body_length = strlen(body),
                                       .headers = headers,
                                       .header_count = count};
}

static void an_edge_without_json_still_makes_a_sentence(void **state)
{
    (void)state;
    char html[] = "<html>Bad Gateway</html>";
    struct azml_http_header headers[] = {
        {.name = "X-MS-Request-Id", .value = "req-7"}
    };
    struct azml_http_response response = make(502, html, headers, 1);
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_arm_error_from_response(&err, &response), -1);
    assert_string_equal(err.message, "the service answered with status 502");
    assert_string_equal(err.request_id, "req-7");
    assert_int_equal(err.http_status, 502);
    char nothing[] = "";
    response = make(404, nothing, NULL, 0);
    azml_arm_error_from_response(&err, &response);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
}

static void a_wait_beyond_patience_is_told(void **state)
{
    (void)state;
    char body[] = "{\"error\":{\"code\":\"Conflict\",\"message\":\"m\"}}";
    struct azml_http_response response = make(409, body, NULL, 0);
    response.refused_wait_ms = 720000;
    auto_error struct azml_error err = {0};
    azml_arm_error_from_response(&err, &response);
    assert_int_equal(err.code, AZML_ERROR_THROTTLED);
    assert_string_equal(err.why, "it asks to wait 12 minutes, longer than azml waits by itself");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_gives_its_deepest_useful_sentence),
        cmocka_unit_test(a_hostile_depth_of_details_ends),
        cmocka_unit_test(the_policy_is_named),
        cmocka_unit_test(an_edge_without_json_still_makes_a_sentence),
        cmocka_unit_test(a_wait_beyond_patience_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
