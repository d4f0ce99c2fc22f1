#include "sandbox/throttle.h"

#include "base/auto.h"
#include "base/str.h"
#include "sandbox/provider.h"

#include <string.h>

static const struct verb {
    const char *name;   /* as in the message */
    const char *plural; /* as in the header */
    double size, per_second;
} verbs[] = {
    {"read",   "reads",   250, 25},
    {"write",  "writes",  200, 10},
    {"delete", "deletes", 200, 10},
};

#define GLOBAL_FACTOR 15 /* the bucket that all callers share beside each one's own */

/* How full the bucket of one verb and subscription is, of one caller or of all. */
struct bucket {
    struct bucket *next;
    char *key;
    double size, per_second;
    double level;
    int64_t filled_ms;
};

struct sandbox_throttle {
    struct bucket *first;
};

struct sandbox_throttle *sandbox_throttle_new(struct azml_error *err)
{
    struct sandbox_throttle *throttle = calloc(1, sizeof(*throttle));
    if (!throttle)
        azml_error_memory(err);
    return throttle;
}

void sandbox_throttle_free(struct sandbox_throttle *throttle)
{
    struct bucket *next;
    for (struct bucket *bucket = throttle ? throttle->first : NULL; bucket; bucket = next) {
        next = bucket->next;
        free(bucket->key);
        free(bucket);
    }
    free(throttle);
}

static const struct verb *verb_of(const struct sandbox_request *request)
{
    if (strcmp(request->method, "DELETE") == 0)
        return &verbs[2];
    bool is_read = !sandbox_request_is_write(request) ||
                   (request->route && (request->route->flags & SANDBOX_ROUTE_IS_READ));
    return is_read ? &verbs[0] : &verbs[1];
}

static const char *subscription_of(const struct sandbox_request *request)
{
    bool has = request->segment_count >= 2 && azml_same_text(request->segments[0], "subscriptions");
    return has ? request->segments[1] : NULL;
}

static struct bucket *new_bucket(const struct verb *verb, unsigned factor, int64_t now_ms)
{
    struct bucket *bucket = calloc(1, sizeof(*bucket));
    if (!bucket)
        return NULL;
    *bucket = (struct bucket){.size = verb->size * factor,
                              .per_second = verb->per_second * factor,
                              .level = verb->size * factor,
                              .filled_ms = now_ms};
    return bucket;
}

/* `caller` "" stands for all of them. */
static struct bucket *bucket_of(struct sandbox_throttle *throttle, const struct verb *verb,
                                const char *subscription, const char *caller, int64_t now_ms)
{
    auto_free char *key = azml_format(NULL, "%s %s %s", verb->name, subscription, caller);
    if (!key)
        return NULL;
    for (struct bucket *bucket = throttle->first; bucket; bucket = bucket->next) {
        if (azml_same_text(bucket->key, key))
            return bucket;
    }
    struct bucket *bucket = new_bucket(verb, *caller ? 1 : GLOBAL_FACTOR, now_ms);
    if (!bucket)
        return NULL;
    bucket->key = AZML_STEAL(key);
    bucket->next = throttle->first;
    throttle->first = bucket;
    return bucket;
}

static void refill(struct bucket *bucket, int64_t now_ms)
{
    bucket->level += (double)(now_ms - bucket->filled_ms) / 1000 * bucket->per_second;
    bucket->filled_ms = now_ms;
    if (bucket->level > bucket->size)
        bucket->level = bucket->size;
}

/* Whole seconds until one can be taken, or 0. */
static int wait_of(const struct bucket *bucket)
{
    return bucket->level < 1 ? (int)((1 - bucket->level) / bucket->per_second) + 1 : 0;
}

static void add_header(const char *scope, const char *kind, const struct bucket *bucket,
                       struct sandbox_reply *reply)
{
    auto_free char *name = azml_format(NULL, "x-ms-ratelimit-remaining-%s-%s", scope, kind);
    if (name)
        sandbox_reply_headerf(reply, name, "%d", (int)bucket->level);
}

static void refuse(const struct verb *verb, const char *subscription, const char *caller, int wait,
                   struct sandbox_reply *reply)
{
    sandbox_reply_headerf(reply, "Retry-After", "%d", wait);
    sandbox_reply_error(reply, 429, "SubscriptionRequestsThrottled",
                        "Number of '%s' requests for subscription '%s' actor '%s' exceeded. "
                        "Please try again after '%d' seconds after additional tokens are "
                        "available.",
                        verb->name, subscription, caller, wait);
}

void sandbox_throttle(struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply)
{
    const struct verb *verb = verb_of(request);
    const char *subscription = subscription_of(request);
    const char *place = subscription ? subscription : "tenant";
    const char *caller = *request->caller.object_id ? request->caller.object_id : "nobody";
    int64_t now_ms = azml_clock_monotonic_ms(sandbox->clock);
    struct bucket *own = bucket_of(sandbox->throttle, verb, place, caller, now_ms);
    struct bucket *all = bucket_of(sandbox->throttle, verb, place, "", now_ms);
    if (!own || !all)
        return;
    refill(own, now_ms);
    refill(all, now_ms);
    int wait = wait_of(own) > wait_of(all) ? wait_of(own) : wait_of(all);
    if (wait > 0) {
        refuse(verb, subscription ? subscription : "", caller, wait, reply);
        return;
    }
    own->level -= 1;
    all->level -= 1;
    const char *scope = subscription ? "subscription" : "tenant";
    auto_free char *global = azml_format(NULL, "global-%s", verb->plural);
    add_header(scope, verb->plural, own, reply);
    if (global)
        add_header(scope, global, all, reply);
}
