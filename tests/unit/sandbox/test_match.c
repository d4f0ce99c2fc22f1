#include "sandbox/match.h"

#include "base/auto.h"
#include "unit/test.h"

#include <string.h>

static int answer(struct sandbox *sandbox, const struct sandbox_request *request,
                  struct sandbox_reply *reply, struct azml_error *err)
{
    (void)sandbox;
    (void)request;
    (void)err;
    return sandbox_reply_empty(reply, 200);
}

#define GROUP "/subscriptions/{s}/resourceGroups/{rg}"
#define ML    GROUP "/providers/Microsoft.MachineLearningServices/workspaces"

static const struct sandbox_route first_routes[] = {
    {"GET",                   GROUP "/providers/{ns}/{*rest}", answer, NULL, SANDBOX_ROUTE_FALLBACK},
    {"*",                 GROUP, answer, NULL, 0},
    {"PUT", ML "/{w}/computes/{c}", answer, NULL, 0},
    {"GET",                     ML "/{w}/computes/{c}", answer, NULL, 0},
    {"GET",                 ML "/{w}/{kind}/{c}", answer, NULL, 0},
    {"GET",                      ML "/{workspace}", answer, NULL, 0},
    {"GET",                   "/{*scope}/providers/Microsoft.Authorization/locks/{lock}", answer, NULL, 0},
    {"POST",                 ML "/{w}/listKeys", answer, NULL, 0},
    {0                     },
};
static const struct sandbox_route second_routes[] = {
    {"GET",   ML "/{later}", answer, NULL, 0},
    {"DELETE", ML "/{later}", answer, NULL, 0},
    {0     },
};
static const struct sandbox_provider first = {.name = "first", .routes = first_routes};
static const struct sandbox_provider none = {.name = "none"};
static const struct sandbox_provider second = {.name = "second", .routes = second_routes};
static const struct sandbox_provider *const providers[] = {&first, &none, &second, NULL};
static const struct sandbox world = {.providers = providers};

#define S "/subscriptions/1/resourceGroups/lab"
#define W S "/providers/Microsoft.MachineLearningServices/workspaces"

/* Match; the caller cleans the request up. */
static bool match(struct sandbox_request *request, const char *method, const char *target)
{
    bool is_other_method = false;
    *request = (struct sandbox_request){.method = method, .body = ""};
    assert_int_equal(sandbox_request_set_target(request, target, NULL), 0);
    assert_int_equal(sandbox_match(&world, request, &is_other_method, NULL), 0);
    return is_other_method;
}

static void what_no_row_takes_is_told_from_another_method(void **state)
{
    (void)state;
    static const struct {
        const char *method, *target;
        bool is_other_method;
    } rows[] = {
        {"GET",    "/",                                          false},
        {"GET",    "/subscriptions",                             false},
        {"HEAD",   "/subscriptions/1",                           false},
        {"GET",    "/subscriptions/1/other/lab",                 false},
        {"GET",    S "/providers/Microsoft.Network",             false}, /* {*rest} takes one or more */
        {"GET",    "/providers/Microsoft.Authorization/locks/l", false}, /* and so does {*scope} */
        {"PUT",    S "/providers/Microsoft.Network/a",           true },
        {"PATCH",  W "/ws",                                      true },
        {"DELETE", W "/ws/computes/c",                           true },
        {"PUT",    W "/ws/listKeys",                             true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_request request;
        bool is_other_method = match(&request, rows[i].method, rows[i].target);
        if (request.route || is_other_method != rows[i].is_other_method)
            fail_msg("%s %s: %s", rows[i].method, rows[i].target,
                     request.route ? request.route->pattern : "another method");
        assert_int_equal(request.param_count, 0);
        sandbox_request_cleanup(&request);
    }
}

static void the_most_literal_row_wins_then_the_first(void **state)
{
    (void)state;
    static const struct {
        const char *method, *target, *pattern;
    } rows[] = {
        {"GET",    S,                                                  GROUP                 },
        {"DELETE", S,                                                  GROUP                 },
        {"GET",    W "/ws",                                            ML "/{workspace}"     },
        {"HEAD",   W "/ws",                                            ML "/{workspace}"     },
        {"DELETE", W "/ws",                                            ML "/{later}"         },
        {"GET",    W "/ws/computes/c",                                 ML "/{w}/computes/{c}"},
        {"GET",    W "/ws/COMPUTES/c",                                 ML "/{w}/computes/{c}"},
        {"GET",    W "/ws/jobs/j",                                     ML "/{w}/{kind}/{c}"  },
        {"GET",
         "/SUBSCRIPTIONS/1/resourcegroups/lab/Providers/"
         "microsoft.machinelearningservices/WORKSPACES/ws",            ML "/{workspace}"     },
        {"GET",    S "/providers/Microsoft.Network/virtualNetworks/v",
         GROUP "/providers/{ns}/{*rest}"                                                     },
        {"GET",    W "/ws/providers/Microsoft.Authorization/locks/l",
         "/{*scope}/providers/Microsoft.Authorization/locks/{lock}"                          },
        {"GET",    S "/providers/Microsoft.Authorization/locks/l",
         "/{*scope}/providers/Microsoft.Authorization/locks/{lock}"                          },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_request request;
        match(&request, rows[i].method, rows[i].target);
        const char *pattern = request.route ? request.route->pattern : "nothing";
        if (strcmp(pattern, rows[i].pattern) != 0)
            fail_msg("%s %s: %s", rows[i].method, rows[i].target, pattern);
        sandbox_request_cleanup(&request);
    }
}

static void the_names_of_a_row_get_what_stood_there(void **state)
{
    (void)state;
    static const struct {
        const char *target, *name, *value;
    } rows[] = {
        {W "/ws/computes/c",                                           "other", ""                 },
        {W "/ws/computes/c",                                           "S",     ""                 },
        {W "/ws/computes/c",                                           "s",     "1"                },
        {W "/ws/computes/c",                                           "rg",    "lab"              },
        {W "/ws/computes/c",                                           "c",     "c"                },
        {W "/My%20W%2Fs/computes/c",                                   "w",     "My W/s"           },
        {S "/providers/Microsoft.Network/a",                           "rest",  "/a"               },
        {S "/providers/Microsoft.Network/a/b/c/d",                     "ns",    "Microsoft.Network"},
        {S "/providers/Microsoft.Network/a/b/c/d",                     "rest",  "/a/b/c/d"         },
        {W "/ws/providers/Microsoft.Authorization/locks/l",            "scope", W "/ws"            },
        {W "/ws/providers/Microsoft.Authorization/locks/l",            "lock",  "l"                },
        {"/subscriptions/1/providers/Microsoft.Authorization/locks/l", "scope", "/subscriptions/1" },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct sandbox_request request;
        match(&request, "GET", rows[i].target);
        const char *value = sandbox_request_param(&request, rows[i].name);
        if (strcmp(value, rows[i].value) != 0)
            fail_msg("%s: {%s} is '%s'", rows[i].target, rows[i].name, value);
        sandbox_request_cleanup(&request);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_row_takes_is_told_from_another_method),
        cmocka_unit_test(the_most_literal_row_wins_then_the_first),
        cmocka_unit_test(the_names_of_a_row_get_what_stood_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
