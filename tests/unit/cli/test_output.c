#include "unit/test.h"

#include "base/auto.h"
#include "base/json.h"
#include "cli/output.h"
#include "unit/cli/capture.h"

#include <string.h>

static const char boxes[] =
    "[{\"name\":\"zoe\",\"id\":\"/boxes/zoe\",\"size\":12,\"on\":true,\"odd\":\"a\\tb\\u001b\"},"
    "{\"name\":\"\\u00e9mile\",\"id\":\"/boxes/emile\",\"size\":7},"
    "{\"name\":\"al\",\"size\":1.5,\"on\":false}]";

static void shout(const cJSON *document, const void *data, struct azml_str *out)
{
    const char *name = azml_json_text(document, "name");
    azml_str_addf(out, "%s%s", name, (const char *)data);
}

static const struct azml_column columns[] = {
    {.heading = "NAME", .path = "name"},
    {.heading = "SIZE",                 .path = "size", .right = true},
    {.heading = "ON",.path = "on"},
    {.heading = "ODD",                 .path = "odd"},
    {.heading = "CALL",                   .cell = shout},
    {.heading = NULL },
};

static const struct azml_view view = {
    .columns = columns, .data = "!", .empty_note = "no boxes in the house"};

struct fixture {
    struct capture out, notes;
    struct azml_output output;
    cJSON *documents;
};

static void open_fixture(struct fixture *fixture, enum azml_format format, const char *json)
{
    capture_open(&fixture->out);
    capture_open(&fixture->notes);
    fixture->output = (struct azml_output){
        .stream = fixture->out.stream, .notes = fixture->notes.stream, .format = format};
    fixture->documents = azml_json_parse(json, strlen(json), NULL);
    assert_non_null(fixture->documents);
}

static void close_fixture(struct fixture *fixture)
{
    capture_close(&fixture->out);
    capture_close(&fixture->notes);
    cJSON_Delete(fixture->documents);
}

static void lists_come_in_every_format(void **state)
{
    (void)state;
    static const struct {
        enum azml_format format;
        bool no_header;
        const char *text;
    } rows[] = {
        {AZML_FORMAT_TABLE, false,
         "NAME   SIZE  ON     ODD   CALL\n"
         "al      1.5  false  -     al!\n"
         "zoe      12  true   a b?  zoe!\n"
         "émile     7  -      -     émile!\n"                                      },
        {AZML_FORMAT_TABLE, true,
         "al     1.5  false  -     al!\n"
         "zoe     12  true   a b?  zoe!\n"
         "émile    7  -      -     émile!\n"                                       },
        {AZML_FORMAT_TSV,   false,
         "al\t1.5\tfalse\t\tal!\nzoe\t12\ttrue\ta b?\tzoe!\némile\t7\t\t\témile!\n"},
        {AZML_FORMAT_ID,    false, "/boxes/zoe\n/boxes/emile\n"                      },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct fixture fixture;
        print_message("row %zu\n", i);
        open_fixture(&fixture, rows[i].format, boxes);
        fixture.output.no_header = rows[i].no_header;
        assert_int_equal(azml_output_list(&fixture.output, &view, fixture.documents, NULL), 0);
        assert_string_equal(capture_take(&fixture.out), rows[i].text);
        assert_string_equal(capture_take(&fixture.notes), "");
        close_fixture(&fixture);
    }
}

static void json_is_the_documents_as_they_came(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, AZML_FORMAT_JSON, boxes);
    assert_int_equal(azml_output_list(&fixture.output, &view, fixture.documents, NULL), 0);
    const char *text = capture_take(&fixture.out);
    auto_json cJSON *again = azml_json_parse(text, strlen(text), NULL);
    assert_true(cJSON_Compare(again, fixture.documents, true));
    close_fixture(&fixture);
}

static void an_empty_list_says_so_beside_the_result(void **state)
{
    (void)state;
    static const char *const wanted[] = {"NAME  SIZE  ON  ODD  CALL\n", "[]\n", "", ""};
    for (size_t i = 0; i < AZML_COUNT(wanted); i++) {
        struct fixture fixture;
        print_message("format %zu\n", i);
        open_fixture(&fixture, (enum azml_format)i, "[]");
        assert_int_equal(azml_output_list(&fixture.output, &view, fixture.documents, NULL), 0);
        assert_string_equal(capture_take(&fixture.out), wanted[i]);
        assert_string_equal(capture_take(&fixture.notes), "no boxes in the house\n");
        fixture.output.notes = NULL; /* --quiet */
        assert_int_equal(azml_output_list(&fixture.output, &view, fixture.documents, NULL), 0);
        assert_string_equal(capture_take(&fixture.notes), "");
        close_fixture(&fixture);
    }
}

static void one_thing_leaves_out_what_does_not_apply(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, AZML_FORMAT_TABLE, boxes);
    const cJSON *emile = cJSON_GetArrayItem(fixture.documents, 1);
    assert_int_equal(azml_output_show(&fixture.output, &view, emile, NULL), 0);
    assert_string_equal(capture_take(&fixture.out), "NAME  émile\nSIZE  7\nCALL  émile!\n");
    fixture.output.format = AZML_FORMAT_TSV;
    assert_int_equal(azml_output_show(&fixture.output, &view, emile, NULL), 0);
    assert_string_equal(capture_take(&fixture.out), "émile\t7\t\t\témile!\n");
    fixture.output.format = AZML_FORMAT_ID;
    assert_int_equal(azml_output_show(&fixture.output, &view, emile, NULL), 0);
    assert_string_equal(capture_take(&fixture.out), "/boxes/emile\n");
    close_fixture(&fixture);
}

static void text_ends_with_one_line_end(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, AZML_FORMAT_TABLE, "[]");
    assert_int_equal(azml_output_text(&fixture.output, "one", NULL), 0);
    assert_int_equal(azml_output_text(&fixture.output, "two\n", NULL), 0);
    assert_string_equal(capture_take(&fixture.out), "one\ntwo\n");
    close_fixture(&fixture);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    (void)setvbuf(full, NULL, _IONBF, 0);
    const struct azml_output output = {.stream = full};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_output_text(&output, "text", &err), -1);
    assert_int_equal(err.code, AZML_ERROR_IO);
    assert_string_equal(err.message, "could not write the result");
    assert_string_equal(err.why, "No space left on device");
    (void)fclose(full);
}

static void formats_have_names(void **state)
{
    (void)state;
    enum azml_format format = AZML_FORMAT_TSV;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_format_parse("yaml", &format, &err), -1);
    assert_string_equal(err.message, "there is no output format 'yaml'");
    assert_int_equal(azml_format_parse("JSON", &format, &err), -1);
    assert_int_equal(format, AZML_FORMAT_TSV);
    assert_int_equal(azml_format_parse("id", &format, NULL), 0);
    assert_int_equal(format, AZML_FORMAT_ID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_come_in_every_format),
        cmocka_unit_test(json_is_the_documents_as_they_came),
        cmocka_unit_test(an_empty_list_says_so_beside_the_result),
        cmocka_unit_test(one_thing_leaves_out_what_does_not_apply),
        cmocka_unit_test(text_ends_with_one_line_end),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(formats_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
