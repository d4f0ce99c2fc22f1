#include "sandbox/locks.h"

#include "arm_world.h"

#define G     "/subscriptions/{S}/resourceGroups/lab"
#define LOCKS "/providers/Microsoft.Authorization/locks"
#define STORE "{'location':'westeurope','kind':'StorageV2','sku':{'name':'Standard_LRS'}}"
#define KEEP  "{'properties':{'level':'CanNotDelete','notes':'mine'}}"
#define READ  "{'properties':{'level':'ReadOnly'}}"

static void wrong_locks_are_refused(void **state)
{
    static const struct step steps[] = {
        {"PUT",    G LOCKS "/k",                                           "{}",                                      400, "'properties'"              },
        {"PUT",    G LOCKS "/k",                                           "{'properties':{'level':'NotSpecified'}}", 400, "properties.level"          },
        {"PUT",    G LOCKS "/k.",                                          KEEP,                                      400, "InvalidLockName"           },
        {"PUT",    "~/Microsoft.Storage/storageAccounts/nope1" LOCKS "/k", KEEP,                                      404, NULL                        },
        {"GET",    G LOCKS "/k",                                           NULL,                                      404, "LockNotFound"              },
        {"DELETE", G LOCKS "/k",                                           NULL,                                      204, NULL                        },
        {"GET",    G LOCKS "?$filter=level eq 'x'",                        NULL,                                      400, "InvalidFilterInQueryString"},
    };
    ARM_STEPS(*state, steps);
}

static void a_lock_forbids_deleting_but_not_writing(void **state)
{
    static const struct step steps[] = {
        {"PUT",    G LOCKS "/k",                                KEEP,  201, "'notes':'mine'"},
        {"PUT",    G LOCKS "/k",                                KEEP,  200, NULL            },
        {"PUT",    "~/Microsoft.Storage/storageAccounts/good1", STORE, 202, NULL            },
        {"DELETE", "~/Microsoft.Storage/storageAccounts/good1", NULL,  409,
         "cannot perform delete operation because following scope(s) are locked: '" G "'"   },
        {"DELETE", G LOCKS "/k",                                NULL,  200, NULL            },
        {"DELETE", "~/Microsoft.Storage/storageAccounts/good1", NULL,  200, NULL            },
    };
    ARM_STEPS(*state, steps);
}

static void read_only_forbids_writes_and_actions(void **state)
{
    static const struct step steps[] = {
        {"PUT",   "~/Microsoft.Storage/storageAccounts/good1",            STORE,                   202, NULL         },
        {"PUT",   "~/Microsoft.Storage/storageAccounts/good1" LOCKS "/k", READ,                    201, NULL         },
        {"POST",  "~/Microsoft.Storage/storageAccounts/good1/listKeys",   NULL,                    409, "ScopeLocked"},
        {"PATCH", "~/Microsoft.Storage/storageAccounts/good1",            "{'tags':{}}",           409, "write"      },
        {"GET",   "~/Microsoft.Storage/storageAccounts/good1",            NULL,                    200, NULL         },
        {"PUT",   "~/Microsoft.Storage/storageAccounts/good12",           STORE,                   202, NULL         },
        {"PUT",   G LOCKS "/k",                                           READ,                    201, NULL         },
        {"PUT",   "~/Microsoft.Storage/storageAccounts/good3",            STORE,                   409, "ScopeLocked"},
        {"PATCH", G,                                                      "{'tags':{}}",           409, "ScopeLocked"},
        {"PUT",   "/subscriptions/{S}/resourceGroups/other",              "{'location':'eastus'}", 201, NULL         },
    };
    ARM_STEPS(*state, steps);
}

static void lists_show_what_holds_at_a_scope(void **state)
{
    static const struct step steps[] = {
        {"PUT", "~/Microsoft.Storage/storageAccounts/good1",              STORE, 202, NULL                                    },
        {"PUT", "/subscriptions/{S}" LOCKS "/top",                        KEEP,  201, NULL                                    },
        {"PUT", G LOCKS "/middle",                                        KEEP,  201, NULL                                    },
        {"PUT", "~/Microsoft.Storage/storageAccounts/good1" LOCKS "/low", KEEP,  201, NULL                                    },
        {"GET", "/subscriptions/{S}" LOCKS,                               NULL,  200, "'name':'low'"                          },
        {"GET", "/subscriptions/{S}" LOCKS "?$filter=atScope()",          NULL,  200, "!'name':'middle'"                      },
        {"GET", G LOCKS "?$filter=atScope()",                             NULL,  200, "'name':'top'"                          },
        {"GET", G LOCKS "?$filter=atScope()",                             NULL,  200, "!'name':'low'"                         },
        {"GET", "~/Microsoft.Storage/storageAccounts/good1" LOCKS,        NULL,  200, "'name':'middle'"                       },
        {"GET", G LOCKS "/middle",                                        NULL,  200, "'type':'Microsoft.Authorization/locks'"},
        {"GET", "/subscriptions/{S}/resourceGroups/lab/resources",        NULL,  200, "!low"                                  },
        {"GET", G "/providers/Microsoft.Authorization/permissions",       NULL,  200, "'actions':['*']"                       },
    };
    ARM_STEPS(*state, steps);
}

static void blocking_names_every_scope(void **state)
{
    struct sandbox *sandbox = *state;
    static const struct step steps[] = {
        {"PUT", "/subscriptions/{S}" LOCKS "/top", KEEP, 201, NULL},
        {"PUT", G LOCKS "/middle",                 READ, 201, NULL},
    };
    ARM_STEPS(sandbox, steps);
    auto_free char *id = arm_text(sandbox, G, ' ', ' ');
    auto_free char *deleting = NULL, *writing = NULL, *other = NULL;
    assert_int_equal(locks_blocking(sandbox, id, LOCKS_DELETE, &deleting, NULL), 0);
    assert_int_equal(locks_blocking(sandbox, id, LOCKS_WRITE, &writing, NULL), 0);
    assert_int_equal(locks_blocking(sandbox, "/subscriptions/x", LOCKS_DELETE, &other, NULL), 0);
    assert_non_null(strstr(deleting, ", "));
    assert_string_equal(writing, id);
    assert_null(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARM_TEST(wrong_locks_are_refused),
        ARM_TEST(a_lock_forbids_deleting_but_not_writing),
        ARM_TEST(read_only_forbids_writes_and_actions),
        ARM_TEST(lists_show_what_holds_at_a_scope),
        ARM_TEST(blocking_names_every_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
