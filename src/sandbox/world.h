/* world.h - the running sandbox as its parts see it: who it is, what it stores, what time it is.
 *
 * Handed to every handler, step and hook. One thread, one event loop: nothing here may block. */
#ifndef AZML_SANDBOX_WORLD_H
#define AZML_SANDBOX_WORLD_H

#include "azml/clock.h"
#include "azml/error.h"

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct sandbox_provider;
struct sandbox_store;
struct sandbox_throttle;
struct sandbox_tokens;
struct sandbox_signer;

struct sandbox {
    char *name;     /* "default" */
    char *folder;   /* its state, absolute; a provider may make sub-folders of its own */
    char *endpoint; /* "https://127.0.0.1:PORT" */
    char *tenant_id;
    char *subscription_id; /* the one subscription that is there from the start */
    char *client_id;       /* the sandbox's own service principal … */
    char *object_id;       /* … and its object id */
    char *client_secret;
    double speed;       /* Azure's seconds divided by this are real ones */
    uint32_t page_size; /* entries in a page where the person asked for a size, else 0 */
    const struct azml_clock *clock;
    const struct sandbox_provider *const *providers; /* NULL-terminated */
    struct event_base *loop;                         /* NULL in unit tests without a server */
    struct sandbox_store *store;
    struct sandbox_tokens *tokens;
    struct sandbox_throttle *throttle;
    struct sandbox_signer *signer;
    bool is_started; /* the providers' start hooks have run */
};

/* How a world is opened, by the server and by unit tests of providers. */
struct sandbox_world {
    const char *name;               /* NULL: "default" */
    const char *folder;             /* its state; NULL: database in memory, no files (tests) */
    const char *endpoint;           /* NULL: "https://127.0.0.1:1" */
    double speed;                   /* 0: 60 */
    uint32_t page_size;             /* 0: the real ones */
    const struct azml_clock *clock; /* NULL: the machine's */
    const struct sandbox_provider *const *providers; /* NULL: all (sandbox_providers) */
    struct event_base *loop;                         /* lent; NULL: none (tests) */
};

/* Open the store, make identities, keys and secrets at the first time (random; kept in the store),
 * and run the providers' start hooks. A test then talks to handlers by sandbox_call (provider.h)
 * and moves time by its own clock and sandbox_operations_run (operation.h). NULL with `err` set. */
struct sandbox *sandbox_open(const struct sandbox_world *how, struct azml_error *err);
/* Run the stop hooks and let everything go. NULL is fine. */
void sandbox_close(struct sandbox *sandbox);

/* Wall time, milliseconds since 1970 UTC. Dates and token lives are real time. */
int64_t sandbox_now_ms(const struct sandbox *sandbox);

/* How long `azure_seconds` take here, and a Retry-After of so many seconds as it is sent (rounded
 * up, at least 1). */
int64_t sandbox_pace_ms(const struct sandbox *sandbox, double azure_seconds);
unsigned sandbox_pace_retry_after(const struct sandbox *sandbox, unsigned azure_seconds);

/* Age everything that exists by `seconds`: creation and change times, every ISO 8601 time inside a
 * stored document, soft-deletion dates, due times of operations and timers. What is due by then
 * runs before this returns. */
int sandbox_clock_advance(struct sandbox *sandbox, int64_t seconds, struct azml_error *err);

#endif
