#include "unit/test.h"

#include "base/auto.h"
#include "cli/parse.h"
#include "unit/cli/sample_table.h"

#include <string.h>

/* A line of words between single spaces, as argv. */
struct line {
    char text[200];
    const char *argv[32];
    int argc;
};

static void split(struct line *line, const char *text)
{
    *line = (struct line){.argc = 0};
    assert_true(strlen(text) < sizeof(line->text));
    memcpy(line->text, text, strlen(text));
    char *rest = line->text;
    while (rest)
        line->argv[line->argc++] = azml_split(&rest, ' ');
}

static void wrong_lines_are_refused_with_a_next_step(void **state)
{
    (void)state;
    static const struct {
        const char *line, *message, *hint;
    } rows[] = {
        {"azml bxo start one",                "unknown command 'bxo'",
         "azml box start one   (did you mean this?)"                                                   },
        {"azml box strat one",                "unknown command 'box strat'",
         "azml box start one   (did you mean this?)"                                                   },
        {"azml -q box strat a&b",             "unknown command 'box strat'",
         "azml -q box start 'a&b'   (did you mean this?)"                                              },
        {"azml box zzzzz",                    "unknown command 'box zzzzz'",   "azml help box"         },
        {"azml qqqqq",                        "unknown command 'qqqqq'",       "azml help"             },
        {"azml secrt",                        "unknown command 'secrt'",       "azml help"             },
        {"azml box sta one",                  "unknown command 'box sta'",     "azml help box"         },
        {"azml --bogus",                      "unknown option --bogus",        "azml help"             },
        {"azml box start",                    "BOX is missing",                "azml help box start"   },
        {"azml box start a b",                "unexpected word 'b'",
         "azml box start … -- b   (what is to be run goes behind --)"                                },
        {"azml box start -n a b",             "unexpected word 'b'",
         "azml box start … -- b   (what is to be run goes behind --)"                                },
        {"azml version now",                  "unexpected word 'now'",         "azml help version"     },
        {"azml box start a --siz large",      "box start has no option --siz",
         "--size   (did you mean this?)"                                                               },
        {"azml box start a --zz=secret",      "box start has no option --zz",  "azml help box start"   },
        {"azml box start a -w ws",            "box start has no option -w",    "azml help box start"   },
        {"azml box start a --yes",            "box start has no option --yes", "azml help box start"   },
        {"azml box start a --",               NULL,                            NULL                    },
        {"azml box start a --size",           "--size needs a value",          "--size=SIZE"           },
        {"azml box start a -s -f",            "-s needs a value",              "--size=SIZE"           },
        {"azml box start a -fs",              "-fs needs a value",             "--size=SIZE"           },
        {"azml box start a -g --idle 5m",     "-g needs a value",              "--resource-group=GROUP"},
        {"azml box start a --force-stop=yes", "--force-stop takes no value",   NULL                    },
        {"azml box start a -s larg",          "--size cannot be 'larg'",
         "--size large   (did you mean this?)"                                                         },
        {"azml box start a -c 0",             "--count cannot be '0'",         NULL                    },
        {"azml box start a --idle 5",         "--idle cannot be '5'",          NULL                    },
        {"azml box start a --idle 2h",        "--idle cannot be '2h'",         NULL                    },
        {"azml box start a --name=",          "BOX must not be empty",         NULL                    },
        {"azml box delete",                   "BOX is missing",                "azml help box delete"  },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct line line;
        struct azml_parsed parsed = {0};
        auto_error struct azml_error err = {0};
        print_message("row %zu: %s\n", i, rows[i].line);
        split(&line, rows[i].line);
        int result = azml_parse(&sample_table, line.argc, line.argv, &parsed, &err);
        const struct azml_option *missing = azml_parsed_missing(&parsed);
        if (missing)
            result = azml_parsed_refuse(&parsed, missing, &err);
        azml_parsed_cleanup(&parsed);
        assert_int_equal(result, rows[i].message ? -1 : 0);
        if (!rows[i].message)
            continue;
        assert_int_equal(err.code, AZML_ERROR_USAGE);
        assert_string_equal(err.message, rows[i].message);
        if (rows[i].hint)
            assert_string_equal(err.hint, rows[i].hint);
    }
}

static void options_are_read_wherever_and_however_they_stand(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "azml box start one --size large --count 3 --idle 2m --force-stop -g lab -q --label a=1",
        "azml box start --size=large --count=3 --idle=PT2M -f one --resource-group=lab -q --label=a=1",
        "azml -q -g lab box --size large start -c3 -fslarge one --idle 2m --label a=1",
        "azml --quiet box -glab start -qfc 3 -s=large --idle 2m -n one --label a=1",
    };
    for (size_t i = 0; i < AZML_COUNT(lines); i++) {
        struct line line;
        struct azml_parsed parsed = {0};
        auto_error struct azml_error err = {0};
        print_message("row %zu: %s\n", i, lines[i]);
        split(&line, lines[i]);
        assert_int_equal(azml_parse(&sample_table, line.argc, line.argv, &parsed, &err), 0);
        assert_ptr_equal(parsed.command, &sample_start);
        const struct sample_args *args = parsed.args;
        assert_string_equal(args->name, "one");
        assert_string_equal(args->size, "large");
        assert_int_equal(args->count, 3);
        assert_int_equal(args->idle_s, 120);
        assert_true(args->force_stop);
        assert_int_equal(args->labels.count, 1);
        assert_string_equal(args->labels.items[0], "a=1");
        assert_int_equal(args->rest.count, 0);
        assert_string_equal(parsed.common.group, "lab");
        assert_true(parsed.common.quiet);
        azml_parsed_cleanup(&parsed);
    }
}

static void what_is_left_out_has_its_fallback(void **state)
{
    (void)state;
    struct line line;
    struct azml_parsed parsed = {0};
    split(&line, "azml box start one -- ls -l --help --");
    assert_int_equal(azml_parse(&sample_table, line.argc, line.argv, &parsed, NULL), 0);
    const struct sample_args *args = parsed.args;
    assert_string_equal(args->size, "small");
    assert_int_equal(args->count, -1);
    assert_int_equal(args->idle_s, 1800);
    assert_false(args->force_stop);
    assert_int_equal(args->rest.count, 4);
    assert_string_equal(args->rest.items[1], "-l");
    assert_string_equal(args->rest.items[3], "--");
    assert_int_equal(parsed.common.timeout_s, 3600);
    assert_int_equal(parsed.common.parallel, 16);
    azml_parsed_cleanup(&parsed);
}

static void several_names_come_as_words_and_as_options(void **state)
{
    (void)state;
    struct line line;
    struct azml_parsed parsed = {0};
    split(&line, "azml box delete a -n b --yes -- -c");
    assert_int_equal(azml_parse(&sample_table, line.argc, line.argv, &parsed, NULL), 0);
    const struct sample_many_args *args = parsed.args;
    assert_int_equal(args->names.count, 3);
    assert_string_equal(args->names.items[0], "b");
    assert_string_equal(args->names.items[1], "a");
    assert_string_equal(args->names.items[2], "-c");
    assert_true(parsed.common.yes);
    azml_parsed_cleanup(&parsed);
}

static void what_is_missing_can_be_answered(void **state)
{
    (void)state;
    struct line line;
    struct azml_parsed parsed = {0};
    auto_error struct azml_error err = {0};
    split(&line, "azml box delete --yes");
    assert_int_equal(azml_parse(&sample_table, line.argc, line.argv, &parsed, NULL), 0);
    const struct azml_option *missing = azml_parsed_missing(&parsed);
    assert_string_equal(missing->meta, "BOX");
    assert_int_equal(azml_parsed_answer(&parsed, missing, strdup(""), &err), -1);
    assert_string_equal(err.message, "BOX must not be empty");
    assert_ptr_equal(azml_parsed_missing(&parsed), missing);
    assert_int_equal(azml_parsed_answer(&parsed, missing, strdup("one"), NULL), 0);
    assert_null(azml_parsed_missing(&parsed));
    const struct sample_many_args *args = parsed.args;
    assert_string_equal(args->names.items[0], "one");
    azml_parsed_cleanup(&parsed);
}

static void help_is_found_at_every_level_even_beside_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *line, *topic;
    } rows[] = {
        {"azml",                             ""                 },
        {"azml -h",                          ""                 },
        {"azml -q",                          ""                 },
        {"azml box",                         "box"              },
        {"azml box clock",                   "box clock"        },
        {"azml box clock advance -h",        "box clock advance"},
        {"azml box --help",                  "box"              },
        {"azml box start -h",                "box start"        },
        {"azml box start --nonsense --help", "box start"        },
        {"azml --help box start",            "box start"        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct line line;
        struct azml_parsed parsed = {0};
        print_message("row %zu: %s\n", i, rows[i].line);
        split(&line, rows[i].line);
        assert_int_equal(azml_parse(&sample_table, line.argc, line.argv, &parsed, NULL), 0);
        assert_true(parsed.wants_help);
        assert_string_equal(parsed.topic, rows[i].topic);
        azml_parsed_cleanup(&parsed);
    }
}

static void version_is_an_option_of_azml_itself(void **state)
{
    (void)state;
    struct line line;
    struct azml_parsed parsed = {0};
    split(&line, "azml --version -o json");
    assert_int_equal(azml_parse(&sample_table, line.argc, line.argv, &parsed, NULL), 0);
    assert_ptr_equal(parsed.command, &sample_version);
    assert_false(parsed.wants_help);
    assert_string_equal(parsed.common.output, "json");
    azml_parsed_cleanup(&parsed);

    split(&line, "azml box start one --version");
    assert_int_equal(azml_parse(&sample_table, line.argc, line.argv, &parsed, NULL), -1);
}

static void json_is_seen_on_lines_that_cannot_be_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool wants;
    } rows[] = {
        {"azml bxo",                  false},
        {"azml bxo -- -o json",       false},
        {"azml bxo -o table",         false},
        {"azml bxo -o",               false},
        {"azml bxo -o json -o table", false},
        {"azml bxo -o json",          true },
        {"azml bxo -ojson",           true },
        {"azml --output=json bxo",    true },
        {"azml --output json bxo",    true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct line line;
        print_message("row %zu: %s\n", i, rows[i].line);
        split(&line, rows[i].line);
        assert_int_equal(azml_parse_wants_json(line.argc, line.argv), rows[i].wants);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_lines_are_refused_with_a_next_step),
        cmocka_unit_test(options_are_read_wherever_and_however_they_stand),
        cmocka_unit_test(what_is_left_out_has_its_fallback),
        cmocka_unit_test(several_names_come_as_words_and_as_options),
        cmocka_unit_test(what_is_missing_can_be_answered),
        cmocka_unit_test(help_is_found_at_every_level_even_beside_mistakes),
        cmocka_unit_test(version_is_an_option_of_azml_itself),
        cmocka_unit_test(json_is_seen_on_lines_that_cannot_be_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
