#include "sandbox/relaxed_json.h"

#include "base/auto.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void what_is_no_document_stays_none(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",        "{",     "{a}",     "{\"a\":b}", "/* open",   "{\"a\":1} x", "{\"a\":\"x}",
        "{a:1,,}", "[1 2]", "// only", "{,}",       "{\"a\":/}",
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_json cJSON *json = azml_relaxed_json_parse(rows[i], strlen(rows[i]), &err);
        if (json)
            fail_msg("'%s' was read", rows[i]);
        assert_non_null(err.message);
    }
}

static void comments_bare_names_and_trailing_commas_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *strict;
    } rows[] = {
        {"{\"a\":1}",                                           "{\"a\":1}"                             },
        {"{\"p\":{\"mode\":\"x\", template:{ $schema : 1,} }}",
         "{\"p\":{\"mode\":\"x\",\"template\":{\"$schema\":1}}}"                                        },
        {"// first\n{\"a\": /* why */ [1, 2, // last\n ],}",    "{\"a\":[1,2]}"                         },
        {"{\"a\":\"// no /* comment */ {b:1,}\"}",              "{\"a\":\"// no /* comment */ {b:1,}\"}"},
        {"{\"a\":\"quoted \\\" , }\", b:true, c:null}",
         "{\"a\":\"quoted \\\" , }\",\"b\":true,\"c\":null}"                                            },
        {"{a /* x */ : -1.5e3}",                                "{\"a\":-1500}"                         },
        {"[\"https://x/y\"]",                                   "[\"https://x/y\"]"                     },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        auto_json cJSON *json = azml_relaxed_json_parse(rows[i].text, strlen(rows[i].text), &err);
        if (!json)
            fail_msg("%s: %s", rows[i].text, err.message);
        auto_free char *text = azml_json_print(json, false, NULL);
        assert_string_equal(text, rows[i].strict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_document_stays_none),
        cmocka_unit_test(comments_bare_names_and_trailing_commas_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
