#include "unit/test.h"

#include "base/auto.h"
#include "commands/context.h"

#include <string.h>

static const struct azml_common quiet = {.quiet = true, .no_input = true};

static void a_bad_output_is_refused_before_anything_runs(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    (void)setenv("AZML_OUTPUT", "yaml", 1);
    assert_null(azml_context_new(&quiet, &err));
    assert_string_equal(err.message, "there is no output format 'yaml'");
    (void)setenv("AZML_OUTPUT", "", 1);
}

static void a_missing_value_names_its_option(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    struct azml_context *context = azml_context_new(&quiet, NULL);
    assert_null(azml_context_group(context, &err));
    assert_int_equal(err.code, AZML_ERROR_USAGE);
    assert_string_equal(err.message, "-g is missing: Resource group");
    assert_null(azml_context_workspace(context, &err));
    assert_string_equal(err.message, "-w is missing: Workspace");
    assert_null(azml_context_location(context)); /* no error: a group has one */
    azml_context_free(context);
}

static void what_was_typed_is_taken(void **state)
{
    (void)state;
    const struct azml_common common = {
        .group = "g", .workspace = "w", .location = "l", .output = "json", .no_header = true};
    struct azml_context *context = azml_context_new(&common, NULL);
    assert_string_equal(azml_context_group(context, NULL), "g");
    assert_string_equal(azml_context_workspace(context, NULL), "w");
    assert_string_equal(azml_context_location(context), "l");
    assert_int_equal(azml_context_output(context)->format, AZML_FORMAT_JSON);
    assert_true(azml_context_output(context)->no_header);
    assert_ptr_equal(azml_context_output(context)->notes, stderr);
    azml_context_free(context);
}

static void a_run_has_one_id(void **state)
{
    (void)state;
    struct azml_context *one = azml_context_new(&quiet, NULL);
    struct azml_context *two = azml_context_new(&quiet, NULL);
    const char *id = azml_context_run_id(one);
    assert_int_equal(strlen(id), 36);
    assert_string_equal(azml_context_run_id(one), id);
    assert_string_not_equal(azml_context_run_id(two), id);
    azml_context_free(one);
    azml_context_free(two);
    azml_context_free(NULL);
}

static void its_clock_is_the_machines(void **state)
{
    (void)state;
    struct azml_context *context = azml_context_new(&quiet, NULL);
    const struct azml_clock *clock = azml_context_clock(context);
    int64_t before = azml_clock_monotonic_ms(&azml_clock_system);
    assert_int_equal(azml_clock_wait(clock, 20), 0);
    assert_true(azml_clock_monotonic_ms(clock) - before >= 20);
    assert_true(azml_clock_wall_ms(clock) - azml_clock_wall_ms(&azml_clock_system) < 1000);
    azml_context_free(context);
}

int main(void)
{
    static const char *const variables[] = {"AZML_RESOURCE_GROUP", "AZURE_DEFAULTS_GROUP",
                                            "AZML_WORKSPACE",      "AZURE_DEFAULTS_WORKSPACE",
                                            "AZML_LOCATION",       "AZURE_DEFAULTS_LOCATION",
                                            "AZML_OUTPUT"};
    for (size_t i = 0; i < AZML_COUNT(variables); i++)
        (void)setenv(variables[i], "", 1);
    (void)setenv("AZML_CONFIG_DIR", "/nonexistent", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_output_is_refused_before_anything_runs),
        cmocka_unit_test(a_missing_value_names_its_option),
        cmocka_unit_test(what_was_typed_is_taken),
        cmocka_unit_test(a_run_has_one_id),
        cmocka_unit_test(its_clock_is_the_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
