#include "sandbox/provider.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* How often a kind of operation stands in the tables of all providers. */
static size_t count_kind(const char *name)
{
    size_t count = 0;
    for (size_t i = 0; sandbox_providers[i]; i++)
        for (const struct sandbox_operation_kind *kind = sandbox_providers[i]->operations;
             kind && kind->name; kind++)
            count += strcmp(kind->name, name) == 0;
    return count;
}

static void every_kind_of_operation_stands_once_and_has_a_step(void **state)
{
    (void)state;
    for (size_t i = 0; sandbox_providers[i]; i++)
        for (const struct sandbox_operation_kind *kind = sandbox_providers[i]->operations;
             kind && kind->name; kind++) {
            if (!kind->step || count_kind(kind->name) != 1)
                fail_msg("%s", kind->name);
        }
}

static void every_route_has_a_handler_and_a_path(void **state)
{
    (void)state;
    for (size_t i = 0; sandbox_providers[i]; i++) {
        assert_non_null(sandbox_providers[i]->name);
        for (const struct sandbox_route *route = sandbox_providers[i]->routes;
             route && route->method; route++) {
            if (!route->handle || route->pattern[0] != '/' ||
                (route->type && !strchr(route->type, '/')))
                fail_msg("%s %s", route->method, route->pattern);
        }
    }
}

static void no_two_rows_are_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; sandbox_providers[i]; i++)
        for (const struct sandbox_route *a = sandbox_providers[i]->routes; a && a->method; a++)
            for (const struct sandbox_route *b = a + 1; b->method; b++)
                if (strcmp(a->method, b->method) == 0 && azml_same_text(a->pattern, b->pattern))
                    fail_msg("%s %s stands twice", a->method, a->pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_operation_stands_once_and_has_a_step),
        cmocka_unit_test(every_route_has_a_handler_and_a_path),
        cmocka_unit_test(no_two_rows_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
