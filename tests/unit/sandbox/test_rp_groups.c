#include "arm_world.h"

#define G "/subscriptions/{S}/resourceGroups/"

static void wrong_groups_are_refused(void **state)
{
    static const struct step steps[] = {
        {"PUT",    G "dot.",  "{'location':'eastus'}",                    400, "InvalidResourceGroupName"                },
        {"PUT",    G "a%40b", "{'location':'eastus'}",                    400, "InvalidResourceGroupName"                },
        {"PUT",    G "new",   "{}",                                       400, "LocationRequired"                        },
        {"PUT",    G "new",   "{'location':'mars'}",                      400, "LocationNotAvailableForResourceGroup"    },
        {"PUT",    G "LAB",   "{'location':'eastus'}",                    409, "InvalidResourceGroupLocation"            },
        {"PUT",    G "new",   "{'location':'eastus','tags':{'a<b':'x'}}", 400,
         "InvalidTagNameCharacters"                                                                                      },
        {"PUT",    G "new",   "{'location':'eastus','tags':{'a':1}}",     400, "must be a string"                        },
        {"PUT",    G "new",   "{'location':'eastus','managedBy':1}",      400,
         "'managedBy' must be a string"                                                                                  },
        {"GET",    G "new",   NULL,                                       404, "Resource group 'new' could not be found."},
        {"HEAD",   G "new",   NULL,                                       404, NULL                                      },
        {"PATCH",  G "new",   "{'tags':{}}",                              404, "ResourceGroupNotFound"                   },
        {"DELETE", G "new",   NULL,                                       404, "ResourceGroupNotFound"                   },
    };
    ARM_STEPS(*state, steps);
}

static void put_wipes_tags_and_patch_replaces_them(void **state)
{
    static const struct step steps[] = {
        {"PUT",   G "lab", "{'location':'West Europe','tags':{'a':'1'}}",  200, "'tags':{'a':'1'}"  },
        {"PATCH", G "LAB", "{'tags':{'b':'2'}}",                           200, "'tags':{'b':'2'}"  },
        {"GET",   G "lab", NULL,                                           200, "'tags':{'b':'2'}"  },
        {"PUT",   G "lab", "{'location':'westeurope'}",                    200, "'tags':{}"         },
        {"PUT",   G "lab", "{'location':'westeurope','managedBy':'/x/y'}", 200, "'managedBy':'/x/y'"},
        {"HEAD",  G "LAB", NULL,                                           204, NULL                },
    };
    ARM_STEPS(*state, steps);
}

static void times_come_only_where_asked_for(void **state)
{
    static const struct step steps[] = {
        {"GET", G "lab",                                                 NULL, 200, "!createdTime"           },
        {"GET", G "lab?$expand=createdTime,changedTime",                 NULL, 200, "'createdTime':'2025-11-"},
        {"GET", "/subscriptions/{S}/resourceGroups?$expand=changedTime", NULL, 200, "changedTime"            },
        {"GET", "/subscriptions/{S}/resourceGroups?$expand=changedTime", NULL, 200, "!createdTime"           },
    };
    ARM_STEPS(*state, steps);
}

static void an_unknown_creation_time_is_left_out(void **state)
{
    struct sandbox *sandbox = *state;
    auto_free char *id = arm_text(sandbox, G "lab", ' ', ' ');
    auto_resource struct sandbox_resource *group = NULL;
    assert_int_equal(sandbox_store_get(sandbox->store, id, &group, NULL), 0);
    group->created_ms = SANDBOX_NO_TIME;
    assert_int_equal(sandbox_store_put(sandbox->store, group, arm_now_ms, NULL), 0);
    arm_step(sandbox,
             &(struct step){"GET", G "lab?$expand=createdTime", NULL, 200, "!createdTime"});
}

static void lists_are_filtered_by_tags(void **state)
{
    static const struct step steps[] = {
        {"PUT", G "one",                                                                        "{'location':'eastus','tags':{'a':'1'}}", 201, NULL                     },
        {"PUT", G "two",                                                                        "{'location':'eastus','tags':{'a':'2'}}", 201, NULL                     },
        {"GET", "/subscriptions/{S}/resourceGroups",                                            NULL,                                     200, "'name':'lab'"           },
        {"GET", "/subscriptions/{S}/resourceGroups?$filter=tagName eq 'a'",                     NULL,                                     200,
         "!'name':'lab'"                                                                                                                                                },
        {"GET", "/subscriptions/{S}/resourceGroups?$filter=tagName eq 'a' and tagValue eq '2'",
         NULL,                                                                                                                            200, "!'name':'one'"          },
        {"GET", "/subscriptions/{S}/resourceGroups?$filter=name eq 'a'",                        NULL,                                     400,
         "InvalidFilterInQueryString"                                                                                                                                   },
        {"GET", "/subscriptions/{S}/resourceGroups?$top=1",                                     NULL,                                     200, "!'name':'two'"          },
        {"GET", "/subscriptions/{S}/resourceGroups?$top=x",                                     NULL,                                     400, "InvalidTopInQueryString"},
    };
    ARM_STEPS(*state, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_groups_are_refused),        ARM_TEST(put_wipes_tags_and_patch_replaces_them),
        ARM_TEST(times_come_only_where_asked_for), ARM_TEST(an_unknown_creation_time_is_left_out),
        ARM_TEST(lists_are_filtered_by_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
