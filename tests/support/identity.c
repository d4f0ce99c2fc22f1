#include "support/identity.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/fs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool condition, const char *what)
{
    if (condition)
        return;
    (void)fprintf(stderr, "identity: %s failed\n", what);
    abort();
}

static void note(void *data, const char *line)
{
    struct identity_world *world = data;
    size_t used = strlen(world->notes);
    (void)snprintf(world->notes + used, sizeof(world->notes) - used, "%s\n", line);
}

void identity_open(struct identity_world *world, const struct serve_row *rows)
{
    static const char *const names[] = {"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET",
                                        "AZML_TOKEN_FILE", "AZML_AUTH"};
    for (size_t i = 0; i < AZML_COUNT(names); i++)
        (void)unsetenv(names[i]);
    *world = (struct identity_world){.serve = serve_start(rows, false, NULL)};
    (void)snprintf(world->folder, sizeof(world->folder), "/tmp/azml-test-XXXXXX");
    must(mkdtemp(world->folder) != NULL, "folder");
    (void)setenv("PATH", world->folder, 1);
    fake_clock_init(&world->clock);
    world->http = azml_http_new(&(struct azml_http_options){.clock = &world->clock.clock}, NULL);
    must(world->http != NULL, "http");
    const char *base = serve_base(world->serve);
    world->cloud.name = azml_strdup("test", NULL);
    world->cloud.resource_manager = azml_strdup(base, NULL);
    world->cloud.authority = azml_strdup(base, NULL);
    world->cloud.audience = azml_strdup("https://management.azure.com", NULL);
}

void identity_close(struct identity_world *world)
{
    azml_http_free(world->http);
    azml_cloud_cleanup(&world->cloud);
    serve_stop(world->serve);
    (void)azml_fs_remove_tree(world->folder, NULL);
}

void identity_write(struct identity_world *world, const char *name, const char *text, unsigned mode)
{
    auto_free char *path = azml_path_join(world->folder, name, NULL);
    must(path && azml_fs_write(path, text, strlen(text), mode, NULL) == 0, "writing");
}

struct azml_credential *identity_credential(struct identity_world *world, const char *name)
{
    const struct azml_credential_options options = {
        .cloud = &world->cloud, .http = world->http, .name = name, .notice = note, .data = world};
    struct azml_credential *credential = azml_credential_new(&options, NULL);
    must(credential != NULL, "credential");
    return credential;
}

char *identity_token(const char *claims)
{
    auto_free char *middle = azml_base64url_encode(claims, strlen(claims), NULL);
    return azml_format(NULL, "e30.%s.c2ln", middle);
}
