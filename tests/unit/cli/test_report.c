#include "unit/test.h"

#include "base/auto.h"
#include "base/json.h"
#include "cli/report.h"
#include "unit/cli/capture.h"

#include <string.h>

static void fill(struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_QUOTA, "no quota for Standard_NC6s_v3 in westeurope");
    azml_error_why(err, "it needs 6 vCPU\nthe limit is 0");
    azml_error_hint(err, "azml compute sizes --fits");
    azml_error_said(err, "QuotaExceeded", "The requested\r\noperation \x1b[2Jwould exceed", "7f0c");
}

static void text_has_every_part_below_its_label(void **state)
{
    (void)state;
    struct capture out;
    capture_open(&out);
    auto_error struct azml_error err = {0};
    fill(&err);
    const struct azml_report report = {.stream = out.stream};
    assert_int_equal(azml_report_error(&report, &err), 5);
    assert_string_equal(capture_take(&out), "error: no quota for Standard_NC6s_v3 in westeurope\n"
                                            "  why   it needs 6 vCPU\n"
                                            "        the limit is 0\n"
                                            "  said  QuotaExceeded: The requested\n"
                                            "        operation ?[2Jwould exceed\n"
                                            "  try   azml compute sizes --fits\n"
                                            "  id    7f0c (request id, for Azure's support)\n");
    capture_close(&out);
}

static void parts_that_are_absent_are_left_out(void **state)
{
    (void)state;
    struct capture out;
    capture_open(&out);
    auto_error struct azml_error err = {0};
    const struct azml_report report = {.stream = out.stream};
    const struct azml_report json = {.stream = out.stream, .json = true};
    assert_int_equal(azml_report_error(&report, &err), 0);
    assert_string_equal(capture_take(&out), "");
    azml_error_set(&err, AZML_ERROR_NOT_FOUND, "there is no group lab");
    assert_int_equal(azml_report_error(&report, &err), 3);
    assert_string_equal(capture_take(&out), "error: there is no group lab\n");
    assert_int_equal(azml_report_error(&json, &err), 3);
    assert_string_equal(
        capture_take(&out),
        "{\"error\":{\"code\":\"not_found\",\"message\":\"there is no group lab\",\"exit\":3}}\n");
    capture_close(&out);
}

static void json_keeps_what_the_service_said(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    fill(&err);
    auto_json cJSON *document = azml_report_document(&err);
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"error.code",         "quota_exceeded"                                },
        {"error.message",      "no quota for Standard_NC6s_v3 in westeurope"   },
        {"error.why",          "it needs 6 vCPU\nthe limit is 0"               },
        {"error.hint",         "azml compute sizes --fits"                     },
        {"error.said.code",    "QuotaExceeded"                                 },
        {"error.said.message", "The requested\r\noperation \x1b[2Jwould exceed"},
        {"error.requestId",    "7f0c"                                          },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        print_message("%s\n", rows[i].path);
        assert_string_equal(azml_json_text(document, rows[i].path), rows[i].text);
    }
    assert_int_equal(azml_json_int_or(document, "error.exit", 0), 5);
}

static void colour_only_underlines(void **state)
{
    (void)state;
    struct capture out;
    capture_open(&out);
    auto_error struct azml_error err = {0};
    azml_error_set(&err, AZML_ERROR_FAILED, "it broke");
    const struct azml_report report = {.stream = out.stream, .color = true};
    assert_int_equal(azml_report_error(&report, &err), 1);
    assert_string_equal(capture_take(&out), "\x1b[1;31merror:\x1b[0m it broke\n");
    capture_close(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_has_every_part_below_its_label),
        cmocka_unit_test(parts_that_are_absent_are_left_out),
        cmocka_unit_test(json_keeps_what_the_service_said),
        cmocka_unit_test(colour_only_underlines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
