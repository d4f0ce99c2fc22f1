#include "support/world.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note(void *data, const char *line)
{
    struct world *world = data;
    size_t used = strlen(world->notes);
    (void)snprintf(world->notes + used, sizeof(world->notes) - used, "%s\n", line);
}

static void must(bool condition, const char *what)
{
    if (condition)
        return;
    (void)fprintf(stderr, "world: %s failed\n", what);
    abort();
}

static void copy_rows(struct world *world, const struct serve_row *rows)
{
    static const struct serve_row token = {
        .match = WORLD_TOKEN_LINE,
        .status = 200,
        .headers = "Content-Type: application/json\r\n",
        .body = "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"token-1\"}",
    };
    size_t count = 0;
    world->rows[0] = token;
    for (; rows[count].match; count++) {
        must(count + 2 < sizeof(world->rows) / sizeof(world->rows[0]), "script");
        world->rows[count + 1] = rows[count];
    }
    world->rows[count + 1] = (struct serve_row){0};
}

static void fill_cloud(struct world *world)
{
    const char *base = serve_base(world->serve);
    world->cloud = (struct azml_cloud){
        .name = azml_strdup("test", NULL),
        .resource_manager = azml_strdup(base, NULL),
        .authority = azml_strdup(base, NULL),
        .audience = azml_strdup(base, NULL),
        .tenant_id = azml_strdup(WORLD_TENANT, NULL),
        .client_id = azml_strdup("client", NULL),
    };
    must(azml_secret_set(&world->cloud.client_secret, "secret", 6, NULL) == 0, "secret");
}

void world_open(struct world *world, const struct serve_row *rows)
{
    static const struct serve_row nothing[] = {{0}};
    *world = (struct world){.other = serve_start(nothing, false, NULL)};
    copy_rows(world, rows);
    world->serve = serve_start(world->rows, false, world->other);
    fake_clock_init(&world->clock);
    const struct azml_http_options options = {
        .clock = &world->clock.clock, .notice = note, .data = world};
    world->http = azml_http_new(&options, NULL);
    must(world->http != NULL, "http");
    fill_cloud(world);
    const struct azml_credential_options credential = {
        .cloud = &world->cloud, .http = world->http, .notice = note, .data = world};
    world->credential = azml_credential_new(&credential, NULL);
    must(world->credential != NULL, "credential");
    world_arm(world, &(struct azml_arm_options){0});
}

void world_arm(struct world *world, const struct azml_arm_options *options)
{
    struct azml_arm_options whole = *options;
    whole.cloud = &world->cloud;
    whole.credential = world->credential;
    whole.http = world->http;
    azml_arm_free(world->arm);
    world->arm = azml_arm_new(&whole, NULL);
    must(world->arm != NULL, "arm");
}

void world_script(struct world *world, const struct serve_row *rows)
{
    copy_rows(world, rows);
    serve_script(world->serve, world->rows);
}

void world_close(struct world *world)
{
    azml_arm_free(world->arm);
    azml_credential_free(world->credential);
    azml_http_free(world->http);
    azml_cloud_cleanup(&world->cloud);
    serve_stop(world->serve);
    serve_stop(world->other);
}
