#include "unit/test.h"

#include "base/auto.h"
#include "cli/parse.h"
#include "commands/table.h"

#include <string.h>

static void each(void (*check)(const struct azml_command *command))
{
    for (size_t i = 0; azml_commands.commands[i]; i++) {
        print_message("%s\n", azml_commands.commands[i]->path);
        check(azml_commands.commands[i]);
    }
}

static void check_texts(const struct azml_command *command)
{
    assert_non_null(command->summary);
    assert_false(azml_has_suffix(command->summary, "."));
    assert_true(command->summary[0] >= 'A' && command->summary[0] <= 'Z');
    assert_true(strlen(command->summary) < 70);
    assert_non_null(command->run);
    assert_int_equal(command->options == NULL, command->args_size == 0);
}

static void every_command_says_what_it_does(void **state)
{
    (void)state;
    each(check_texts);
}

/* Take an example apart as a shell would, as far as examples go: words and single quotes. */
static int split(char *text, const char **argv)
{
    int argc = 0;
    while (*text) {
        char end = ' ';
        if (*text == '\'')
            end = *text++;
        argv[argc++] = text;
        text += strcspn(text, end == ' ' ? " " : "'");
        if (*text)
            *text++ = '\0';
        text += strspn(text, " ");
    }
    return argc;
}

static void check_examples(const struct azml_command *command)
{
    assert_non_null(command->examples);
    assert_non_null(command->examples[0]);
    for (size_t i = 0; command->examples[i]; i++) {
        auto_error struct azml_error err = {0};
        auto_free char *text = azml_strdup(command->examples[i], NULL);
        const char *argv[64] = {NULL};
        struct azml_parsed parsed = {0};
        print_message("  %s\n", text);
        int argc = split(text, argv);
        if (!argv[0] || strcmp(argv[0], "azml") != 0)
            continue; /* eval "$(azml …)" */
        int result = azml_parse(&azml_commands, argc, argv, &parsed, &err);
        if (result < 0)
            print_message("  %s\n", err.message);
        assert_int_equal(result, 0);
        assert_ptr_equal(parsed.command, command);
        azml_parsed_cleanup(&parsed);
    }
}

static void every_command_has_examples_that_parse(void **state)
{
    (void)state;
    each(check_examples);
}

static void check_row(const struct azml_option *row)
{
    print_message("  %s\n", row->name ? row->name : row->meta);
    assert_true(azml_has_suffix(row->help, "."));
    assert_true(row->name || row->place != AZML_PLACE_OPTION);
    assert_int_equal(row->kind == AZML_OPTION_FLAG, row->meta == NULL);
    assert_true(row->kind != AZML_OPTION_INT || row->max > row->min);
    assert_false(row->required && row->fallback);
}

static void check_rows(const struct azml_command *command)
{
    for (const struct azml_option *row = command->options; row && row->help; row++)
        check_row(row);
}

static void every_option_has_help_and_what_its_kind_needs(void **state)
{
    (void)state;
    each(check_rows);
    for (const struct azml_option *row = azml_common_options; row->help; row++)
        check_row(row);
}

static void check_collision(const struct azml_option *a, const struct azml_option *b)
{
    assert_false(a->letter && a->letter == b->letter);
    assert_false(a->name && b->name && strcmp(a->name, b->name) == 0);
}

static void check_collisions(const struct azml_command *command)
{
    for (const struct azml_option *a = command->options; a && a->help; a++) {
        for (const struct azml_option *b = a + 1; b->help; b++)
            check_collision(a, b);
        for (const struct azml_option *b = azml_common_options; b->help; b++)
            check_collision(a, b); /* also the ones not taken: a letter means one thing */
    }
}

static void names_and_letters_do_not_collide(void **state)
{
    (void)state;
    each(check_collisions);
}

static void check_order(const struct azml_command *command)
{
    bool optional = false, many = false;
    for (const struct azml_option *row = command->options; row && row->help; row++) {
        if (row->place == AZML_PLACE_OPTION || row->place == AZML_PLACE_REST)
            continue;
        assert_false(many);
        assert_false(row->required && optional);
        optional = optional || !row->required;
        many = row->place == AZML_PLACE_WORDS;
    }
}

static void required_words_come_before_optional_ones(void **state)
{
    (void)state;
    each(check_order);
}

static void paths_are_unique_and_their_nouns_explained(void **state)
{
    (void)state;
    for (size_t i = 0; azml_commands.commands[i]; i++) {
        const char *path = azml_commands.commands[i]->path;
        assert_ptr_equal(azml_table_find(&azml_commands, path), azml_commands.commands[i]);
        size_t length = strcspn(path, " ");
        if (path[length] == '\0')
            continue;
        bool found = false;
        for (const struct azml_noun *noun = azml_commands.nouns; noun->name; noun++)
            found =
                found || (strlen(noun->name) == length && strncmp(noun->name, path, length) == 0);
        print_message("%s\n", path);
        assert_true(found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_says_what_it_does),
        cmocka_unit_test(every_command_has_examples_that_parse),
        cmocka_unit_test(every_option_has_help_and_what_its_kind_needs),
        cmocka_unit_test(names_and_letters_do_not_collide),
        cmocka_unit_test(required_words_come_before_optional_ones),
        cmocka_unit_test(paths_are_unique_and_their_nouns_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
