/* entra_world.h - a world with token keys and requests to it as they come from the wire. */
#ifndef TEST_SANDBOX_ENTRA_WORLD_H
#define TEST_SANDBOX_ENTRA_WORLD_H

#include "folder.h"
#include "toy.h"

#include "base/platform.h"
#include "sandbox/entra.h"
#include "sandbox/router.h"

static const struct sandbox_provider *const entra_providers[] = {
    &sandbox_entra_token, &sandbox_entra_documents, &sandbox_metadata, &toy_provider, NULL};

static char *entra_folder;

/* One world for a whole program: keys take a while to make. */
static inline int entra_setup(void **state)
{
    entra_folder = folder_make();
    *state = entra_folder
                 ? sandbox_open(&(struct sandbox_world){.folder = entra_folder,
                                                        .endpoint = "https://127.0.0.1:4443",
                                                        .clock = &toy_clock,
                                                        .providers = entra_providers},
                                NULL)
                 : NULL;
    return *state ? 0 : -1;
}

static inline int entra_teardown(void **state)
{
    sandbox_close(*state);
    folder_remove(entra_folder);
    return 0;
}

/* "{T}" in `target` is the tenant. `header` is "Name: value" or NULL. */
static inline void entra_send(struct sandbox *sandbox, const char *method, const char *target,
                              const char *header, const char *body, struct sandbox_reply *reply)
{
    auto_str struct azml_str full = {0};
    const char *place = strstr(target, "{T}");
    azml_str_add_bytes(&full, target, place ? (size_t)(place - target) : strlen(target));
    if (place) {
        azml_str_add(&full, sandbox->tenant_id);
        azml_str_add(&full, place + 3);
    }
    struct sandbox_request request = {
        .method = method, .body = body ? body : "", .body_length = body ? strlen(body) : 0};
    azml_platform_uuid(request.request_id);
    if (body && !(header && azml_has_prefix_nocase(header, "Content-Type")))
        sandbox_request_add_header(&request, "Content-Type", "application/x-www-form-urlencoded",
                                   NULL);
    auto_free char *name = azml_strdup(header ? header : "", NULL);
    char *value = name;
    azml_split(&value, ':');
    if (value)
        sandbox_request_add_header(&request, name, value + strspn(value, " "), NULL);
    if (sandbox_request_set_target(&request, azml_str_text(&full), NULL) == 0)
        sandbox_route(sandbox, &request, reply);
    sandbox_request_cleanup(&request);
}

#endif
