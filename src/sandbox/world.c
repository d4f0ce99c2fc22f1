#include "sandbox/world.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/provider.h"
#include "sandbox/signer.h"
#include "sandbox/throttle.h"
#include "sandbox/tokens.h"

#include <math.h>
#include <string.h>

#define DEFAULT_SPEED      60
#define KEPT_OPERATIONS_MS (24LL * 60 * 60 * 1000)

int64_t sandbox_now_ms(const struct sandbox *sandbox)
{
    return azml_clock_wall_ms(sandbox->clock);
}

int64_t sandbox_pace_ms(const struct sandbox *sandbox, double azure_seconds)
{
    double real_ms = azure_seconds * 1000 / sandbox->speed;
    return real_ms > 1 ? (int64_t)llround(real_ms) : 1;
}

unsigned sandbox_pace_retry_after(const struct sandbox *sandbox, unsigned azure_seconds)
{
    double real = ceil(azure_seconds / sandbox->speed);
    return real > 1 ? (unsigned)real : 1;
}

int sandbox_clock_advance(struct sandbox *sandbox, int64_t seconds, struct azml_error *err)
{
    if (sandbox_store_begin(sandbox->store, err) < 0)
        return -1;
    if (sandbox_store_age(sandbox->store, seconds * 1000, err) < 0 ||
        sandbox_operations_age(sandbox, seconds * 1000, err) < 0) {
        sandbox_store_rollback(sandbox->store);
        return -1;
    }
    if (sandbox_store_commit(sandbox->store, err) < 0)
        return -1;
    return sandbox_operations_run(sandbox, err);
}

/* --- identity: made once, kept in the store --- */

static char *new_uuid(struct azml_error *err)
{
    char uuid[37];
    azml_platform_uuid(uuid);
    return azml_strdup(uuid, err);
}

/* Letters, digits and the marks that real secrets hold. */
static char *new_secret(struct azml_error *err)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~._-";
    char secret[41];
    uint8_t chance[40];
    azml_platform_random(chance, sizeof(chance));
    for (size_t i = 0; i < sizeof(chance); i++)
        secret[i] = letters[chance[i] % (sizeof(letters) - 1)];
    secret[sizeof(chance)] = '\0';
    return azml_strdup(secret, err);
}

static int keep(struct sandbox *sandbox, const char *key, char *(*make)(struct azml_error *err),
                char **out, struct azml_error *err)
{
    if (sandbox_value_get(sandbox->store, "identity", key, out, err) < 0)
        return -1;
    if (*out)
        return 0;
    *out = make(err);
    return *out ? sandbox_value_set(sandbox->store, "identity", key, *out, err) : -1;
}

static char *new_key(struct azml_error *err)
{
    uint8_t key[SANDBOX_SIGNER_KEY];
    azml_platform_random(key, sizeof(key));
    auto_str struct azml_str text = {0};
    for (size_t i = 0; i < sizeof(key); i++)
        azml_str_addf(&text, "%02x", key[i]);
    azml_wipe(key, sizeof(key));
    return azml_str_take(&text, err);
}

static int make_signer(struct sandbox *sandbox, struct azml_error *err)
{
    auto_free char *text = NULL;
    if (keep(sandbox, "addressKey", new_key, &text, err) < 0)
        return -1;
    uint8_t key[SANDBOX_SIGNER_KEY];
    for (size_t i = 0; i < sizeof(key) && strlen(text) >= 2 * sizeof(key); i++) {
        char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
        key[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    static const uint8_t no_certificate[] = "a world without files has no certificate";
    size_t length = sizeof(no_certificate);
    const uint8_t *certificate = no_certificate;
    if (sandbox->tokens)
        certificate = sandbox_tokens_certificate(sandbox->tokens, &length);
    sandbox->signer = sandbox_signer_new(key, certificate, length, err);
    azml_wipe(key, sizeof(key));
    return sandbox->signer ? 0 : -1;
}

static int make_identity(struct sandbox *sandbox, struct azml_error *err)
{
    if (keep(sandbox, "tenantId", new_uuid, &sandbox->tenant_id, err) < 0 ||
        keep(sandbox, "subscriptionId", new_uuid, &sandbox->subscription_id, err) < 0 ||
        keep(sandbox, "clientId", new_uuid, &sandbox->client_id, err) < 0 ||
        keep(sandbox, "objectId", new_uuid, &sandbox->object_id, err) < 0 ||
        keep(sandbox, "clientSecret", new_secret, &sandbox->client_secret, err) < 0)
        return -1;
    return make_signer(sandbox, err);
}

/* --- opening and closing --- */

static int open_store(struct sandbox *sandbox, struct azml_error *err)
{
    if (!*sandbox->folder) {
        sandbox->store = sandbox_store_open(":memory:", err);
        return sandbox->store ? 0 : -1;
    }
    auto_free char *path = azml_path_join(sandbox->folder, "state.db", err);
    if (!path || azml_fs_make_folder(sandbox->folder, err) < 0)
        return -1;
    /* private from its first byte; an empty file is a new database */
    if (!azml_fs_exists(path) && azml_fs_create(path, "", 0, 0600, err) < 0)
        return -1;
    sandbox->store = sandbox_store_open(path, err);
    if (!sandbox->store)
        return -1;
    sandbox->tokens = sandbox_tokens_open(sandbox->folder, err);
    return sandbox->tokens ? 0 : -1;
}

static struct sandbox *allocate(const struct sandbox_world *how, struct azml_error *err)
{
    struct sandbox *sandbox = calloc(1, sizeof(*sandbox));
    if (!sandbox) {
        azml_error_memory(err);
        return NULL;
    }
    sandbox->speed = how->speed > 0 ? how->speed : DEFAULT_SPEED;
    sandbox->page_size = how->page_size;
    sandbox->clock = how->clock ? how->clock : &azml_clock_system;
    sandbox->providers = how->providers ? how->providers : sandbox_providers;
    sandbox->loop = how->loop;
    sandbox->name = azml_strdup(how->name ? how->name : "default", err);
    sandbox->folder = azml_strdup(how->folder ? how->folder : "", err);
    sandbox->endpoint = azml_strdup(how->endpoint ? how->endpoint : "https://127.0.0.1:1", err);
    sandbox->throttle = sandbox_throttle_new(err);
    if (sandbox->name && sandbox->folder && sandbox->endpoint && sandbox->throttle)
        return sandbox;
    sandbox_close(sandbox);
    return NULL;
}

static int start_providers(struct sandbox *sandbox, struct azml_error *err)
{
    for (const struct sandbox_provider *const *provider = sandbox->providers; *provider;
         provider++) {
        if ((*provider)->start && (*provider)->start(sandbox, err) < 0)
            return azml_error_context(err, "the sandbox's provider '%s' could not start",
                                      (*provider)->name);
    }
    return 0;
}

/* Identity and what providers need from the beginning appear together or not at all. */
static int begin(struct sandbox *sandbox, struct azml_error *err)
{
    if (sandbox_store_begin(sandbox->store, err) < 0)
        return -1;
    if (make_identity(sandbox, err) < 0 ||
        sandbox_operations_purge(sandbox, sandbox_now_ms(sandbox) - KEPT_OPERATIONS_MS, err) < 0 ||
        start_providers(sandbox, err) < 0) {
        sandbox_store_rollback(sandbox->store);
        return -1;
    }
    sandbox->is_started = true;
    return sandbox_store_commit(sandbox->store, err);
}

struct sandbox *sandbox_open(const struct sandbox_world *how, struct azml_error *err)
{
    struct sandbox *sandbox = allocate(how, err);
    if (!sandbox)
        return NULL;
    if (open_store(sandbox, err) == 0 && begin(sandbox, err) == 0)
        return sandbox;
    sandbox_close(sandbox);
    return NULL;
}

static void stop_providers(struct sandbox *sandbox)
{
    for (const struct sandbox_provider *const *provider = sandbox->providers; *provider;
         provider++) {
        if ((*provider)->stop)
            (*provider)->stop(sandbox);
    }
}

void sandbox_close(struct sandbox *sandbox)
{
    if (!sandbox)
        return;
    if (sandbox->is_started)
        stop_providers(sandbox);
    sandbox_signer_free(sandbox->signer);
    sandbox_throttle_free(sandbox->throttle);
    sandbox_tokens_free(sandbox->tokens);
    sandbox_store_close(sandbox->store);
    if (sandbox->client_secret)
        azml_wipe(sandbox->client_secret, strlen(sandbox->client_secret));
    char *texts[] = {sandbox->name,      sandbox->folder,          sandbox->endpoint,
                     sandbox->tenant_id, sandbox->subscription_id, sandbox->client_id,
                     sandbox->object_id, sandbox->client_secret};
    for (size_t i = 0; i < AZML_COUNT(texts); i++)
        free(texts[i]);
    free(sandbox);
}
