#include "unit/test.h"

#include "base/auto.h"
#include "commands/context.h"

#include <fcntl.h>
#include <pty.h>
#include <string.h>
#include <unistd.h>

/* Standard input becomes a terminal on which `typed` has been typed, or nothing at all (NULL). The
 * descriptor to close afterwards. */
static int type(const char *typed)
{
    int keyboard = -1, terminal = -1;
    if (!typed) {
        terminal = open("/dev/null", O_RDONLY);
    } else {
        assert_int_equal(openpty(&keyboard, &terminal, NULL, NULL, NULL), 0);
        assert_int_equal(write(keyboard, typed, strlen(typed)), (int)strlen(typed));
    }
    assert_int_equal(dup2(terminal, 0), 0);
    (void)close(terminal);
    return keyboard;
}

enum question { ASK, CONFIRM, CONFIRM_NAME };

static int pose(enum question question, const struct azml_common *common, struct azml_error *err)
{
    struct azml_context *context = azml_context_new(common, NULL);
    assert_non_null(context);
    int result = 0;
    auto_free char *answer = NULL;
    switch (question) {
    case ASK:
        answer = azml_context_ask(context, "Region", "-l", err);
        result = answer && strcmp(answer, "westeurope") == 0 ? 0 : -1;
        break;
    case CONFIRM:
        result = azml_context_confirm(context, "Go on?", err);
        break;
    case CONFIRM_NAME:
        result = azml_context_confirm_name(context, "This deletes group lab", "lab", err);
        break;
    }
    azml_context_free(context);
    return result;
}

static void only_the_right_answer_goes_on(void **state)
{
    (void)state;
    static const struct {
        enum question question;
        const char *typed; /* NULL: no terminal */
        bool yes, no_input;
        enum azml_error_code code;
        const char *message;
    } rows[] = {
        {ASK,          NULL,           false, false, AZML_ERROR_USAGE,       "-l is missing: Region"          },
        {ASK,          "westeurope\n", false, true,  AZML_ERROR_USAGE,       "-l is missing: Region"          },
        {ASK,          "\n",           false, false, AZML_ERROR_USAGE,       "-l is missing: Region"          },
        {ASK,          "\004",         false, false, AZML_ERROR_INTERRUPTED,
         "interrupted at a question; nothing was done"                                                        },
        {CONFIRM,      NULL,           false, false, AZML_ERROR_USAGE,
         "this needs a confirmation, and nobody can be asked"                                                 },
        {CONFIRM,      "y\n",          false, true,  AZML_ERROR_USAGE,
         "this needs a confirmation, and nobody can be asked"                                                 },
        {CONFIRM,      "\n",           false, false, AZML_ERROR_USAGE,       "not confirmed; nothing was done"},
        {CONFIRM_NAME, NULL,           false, false, AZML_ERROR_USAGE,
         "this needs a confirmation, and nobody can be asked"                                                 },
        {CONFIRM_NAME, "y\n",          false, false, AZML_ERROR_USAGE,
         "that was not 'lab'; nothing was done"                                                               },
        {CONFIRM_NAME, "Lab\n",        false, false, AZML_ERROR_USAGE,
         "that was not 'lab'; nothing was done"                                                               },
        {ASK,          "westeurope\n", false, false, AZML_ERROR_NONE,        NULL                             },
        {CONFIRM,      "Yes\n",        false, false, AZML_ERROR_NONE,        NULL                             },
        {CONFIRM,      NULL,           true,  true,  AZML_ERROR_NONE,        NULL                             },
        {CONFIRM_NAME, "lab\n",        false, false, AZML_ERROR_NONE,        NULL                             },
        {CONFIRM_NAME, NULL,           true,  false, AZML_ERROR_NONE,        NULL                             },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        const struct azml_common common = {
            .yes = rows[i].yes, .no_input = rows[i].no_input, .quiet = true};
        auto_error struct azml_error err = {0};
        print_message("row %zu\n", i);
        int keyboard = type(rows[i].typed);
        int result = pose(rows[i].question, &common, &err);
        if (keyboard >= 0)
            (void)close(keyboard);
        assert_int_equal(err.code, rows[i].code);
        assert_int_equal(result, rows[i].message ? -1 : 0);
        if (rows[i].message)
            assert_string_equal(err.message, rows[i].message);
    }
}

int main(void)
{
    (void)setenv("AZML_CONFIG_DIR", "/nonexistent", 1);
    (void)setenv("AZML_OUTPUT", "", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_right_answer_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
