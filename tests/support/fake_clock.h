/* fake_clock.h - a clock that stands still until somebody waits, and remembers the waits. */
#ifndef TEST_FAKE_CLOCK_H
#define TEST_FAKE_CLOCK_H

#include "azml/clock.h"

#include <stddef.h>

struct fake_clock {
    struct azml_clock clock; /* hand out its address */
    int64_t now_ms;
    int64_t wall_offset_ms; /* wall = now + offset */
    uint64_t waits_ms[256]; /* what was waited, in order; later ones are counted only */
    size_t wait_count;
};

void fake_clock_init(struct fake_clock *fake);

/* All that was waited so far. */
uint64_t fake_clock_waited_ms(const struct fake_clock *fake);

#endif
