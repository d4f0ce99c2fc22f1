#include "azml/ml_watch.h"

#include <stddef.h>

void azml_watch_change(const struct azml_watch *watch, const char *thing, const char *state,
                       const char *usually, const char *hint)
{
    if (watch && watch->change)
        watch->change(watch->data, thing, state, usually, hint);
}

void azml_watch_done(const struct azml_watch *watch, const char *thing, const char *state,
                     const char *further)
{
    if (watch && watch->done)
        watch->done(watch->data, thing, state, further);
}

void azml_watch_note(const struct azml_watch *watch, const char *text)
{
    if (watch && watch->note)
        watch->note(watch->data, text);
}

void azml_watch_tick(const struct azml_watch *watch)
{
    if (watch && watch->tick)
        watch->tick(watch->data);
}
