#include "unit/test.h"

#include "base/auto.h"
#include "cli/command.h"

#include <string.h>

static const struct azml_option *row(const char *name)
{
    for (const struct azml_option *option = azml_common_options; option->help; option++) {
        if (strcmp(option->name, name) == 0)
            return option;
    }
    fail_msg("no common option --%s", name);
    return NULL;
}

static void a_command_takes_what_it_says_and_what_all_take(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned takes;
    } rows[] = {
        {"resource-group",  AZML_TAKES_GROUP    },
        {"workspace",       AZML_TAKES_WORKSPACE},
        {"location",        AZML_TAKES_LOCATION },
        {"yes",             AZML_TAKES_YES      },
        {"dry-run",         AZML_TAKES_DRY_RUN  },
        {"no-wait",         AZML_TAKES_NO_WAIT  },
        {"parallel",        AZML_TAKES_PARALLEL },
        {"timeout",         AZML_TAKES_CLOUD    },
        {"connect-timeout", AZML_TAKES_CLOUD    },
        {"idle-timeout",    AZML_TAKES_CLOUD    },
        {"cloud",           AZML_TAKES_CLOUD    },
        {"subscription",    AZML_TAKES_CLOUD    },
        {"auth",            AZML_TAKES_CLOUD    },
        {"ca-file",         AZML_TAKES_CLOUD    },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        print_message("%s\n", rows[i].name);
        const struct azml_command others = {.takes = ~rows[i].takes};
        const struct azml_command taker = {.takes = rows[i].takes};
        assert_false(azml_common_takes(&others, row(rows[i].name)));
        assert_true(azml_common_takes(&taker, row(rows[i].name)));
    }
    static const char *const all[] = {"output",  "no-header", "no-input", "quiet",
                                      "verbose", "debug",     "no-color", "help"};
    const struct azml_command nothing = {.takes = 0};
    for (size_t i = 0; i < AZML_COUNT(all); i++)
        assert_true(azml_common_takes(&nothing, row(all[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_takes_what_it_says_and_what_all_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
