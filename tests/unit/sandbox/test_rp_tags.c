#include "arm_world.h"

#define TAGS "/subscriptions/{S}/resourceGroups/lab/providers/Microsoft.Resources/tags/default"

static void wrong_changes_are_refused(void **state)
{
    static const struct step steps[] = {
        {"PATCH", TAGS,                                                                          "{'properties':{'tags':{}}}",                   400, "'operation'"             },
        {"PATCH", TAGS,                                                                          "{'operation':'Add','properties':{'tags':{}}}", 400, "Add"                     },
        {"PUT",   TAGS,                                                                          "{'properties':{}}",                            400, "properties.tags"         },
        {"PUT",   TAGS,                                                                          "{'properties':{'tags':{'a?':'1'}}}",           400, "InvalidTagNameCharacters"},
        {"GET",
         "~/Microsoft.Storage/storageAccounts/nope1/providers/Microsoft.Resources/tags/default", NULL,                                           404, "ResourceNotFound"        },
    };
    ARM_STEPS(*state, steps);
}

static void tags_are_replaced_merged_and_taken_away(void **state)
{
    static const struct step steps[] = {
        {"PUT",    TAGS,                                                            "{'properties':{'tags':{'a':'1','b':'2'}}}",                          200, "'a':'1','b':'2'" },
        {"PATCH",  TAGS,                                                            "{'operation':'Merge','properties':{'tags':{'B':'3','c':'4'}}}",      200,
         "'tags':{'a':'1','B':'3','c':'4'}"                                                                                                                                      },
        {"PATCH",  TAGS,                                                            "{'operation':'Delete','properties':{'tags':{'A':'1','c':'other'}}}", 200,
         "'tags':{'B':'3','c':'4'}"                                                                                                                                              },
        {"PATCH",  TAGS,                                                            "{'operation':'Replace','properties':{'tags':{'z':'9'}}}",            200,
         "'tags':{'z':'9'}"                                                                                                                                                      },
        {"GET",    TAGS,                                                            NULL,                                                                 200, "'name':'default'"},
        {"GET",    "/subscriptions/{S}/resourceGroups/lab",                         NULL,                                                                 200, "'tags':{'z':'9'}"},
        {"DELETE", TAGS,                                                            NULL,                                                                 200, NULL              },
        {"GET",    TAGS,                                                            NULL,                                                                 200, "'tags':{}"       },
        {"PUT",    "/subscriptions/{S}/providers/Microsoft.Resources/tags/default",
         "{'properties':{'tags':{'a':'1'}}}",                                                                                                             200, "'a':'1'"         },
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_changes_are_refused),
        ARM_TEST(tags_are_replaced_merged_and_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
