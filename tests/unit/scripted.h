/* scripted.h - a resource manager by script, and the client to call it with, for the flows above
 * arm: the clock stands still, so that nothing waits in truth. */
#ifndef AZML_TEST_SCRIPTED_H
#define AZML_TEST_SCRIPTED_H

#include "unit/test.h"

#include "azml/arm.h"
#include "azml/ml_watch.h"
#include "base/auto.h"
#include "support/fake_clock.h"
#include "support/serve.h"

#include <stdio.h>
#include <string.h>

#define SUBSCRIPTION "/subscriptions/00000000-0000-0000-0000-000000000005"
#define GROUP        SUBSCRIPTION "/resourceGroups/lab"
#define WORKSPACE    GROUP "/providers/Microsoft.MachineLearningServices/workspaces/course"
#define SUB_ID       "00000000-0000-0000-0000-000000000005"

struct scripted {
    struct serve *serve;
    struct fake_clock clock;
    struct azml_cloud cloud;
    struct azml_http *http;
    struct azml_arm *arm;
    char heard[8192]; /* what the watch was told, a line each */
    struct azml_watch watch;
};

static inline void scripted_hear(struct scripted *world, const char *a, const char *b,
                                 const char *c)
{
    size_t used = strlen(world->heard);
    (void)snprintf(world->heard + used, sizeof(world->heard) - used, "%s%s%s%s%s\n", a,
                   b ? ": " : "", b ? b : "", c ? ", " : "", c ? c : "");
}

static inline void scripted_change(void *data, const char *thing, const char *state,
                                   const char *usually, const char *hint)
{
    (void)usually;
    (void)hint;
    scripted_hear(data, thing, state, NULL);
}

static inline void scripted_done(void *data, const char *thing, const char *state,
                                 const char *further)
{
    scripted_hear(data, thing, state, further);
}

static inline void scripted_note(void *data, const char *text)
{
    scripted_hear(data, text, NULL, NULL);
}

static inline void scripted_open(struct scripted *world, const struct serve_row *rows)
{
    *world = (struct scripted){.serve = serve_start(rows, false, NULL)};
    fake_clock_init(&world->clock);
    const struct azml_http_options http = {.clock = &world->clock.clock};
    world->http = azml_http_new(&http, NULL);
    assert_non_null(world->http);
    const struct azml_arm_options options = {
        .cloud = &world->cloud, .http = world->http, .endpoint = serve_base(world->serve)};
    world->arm = azml_arm_new(&options, NULL);
    assert_non_null(world->arm);
    world->watch = (struct azml_watch){
        .change = scripted_change, .done = scripted_done, .note = scripted_note, .data = world};
}

static inline void scripted_close(struct scripted *world)
{
    azml_arm_free(world->arm);
    azml_http_free(world->http);
    serve_stop(world->serve);
}

/* Everything that was asked, for a failure's message. */
static inline void scripted_print(struct scripted *world)
{
    for (size_t i = 0; i < serve_count(world->serve, ""); i++)
        print_message("%s\n", serve_seen(world->serve, "", i)->line);
}

#endif
