/* clock.h - time as an argument, so that tests bring their own.
 *
 * Only http's loop and azml_clock_wait ever wait. */
#ifndef AZML_CLOCK_H
#define AZML_CLOCK_H

#include <stdint.h>

struct azml_clock {
    int64_t (*wall_ms)(void *data);          /* since 1970 UTC */
    int64_t (*monotonic_ms)(void *data);     /* never goes back */
    int (*wait_ms)(void *data, uint64_t ms); /* 0, or -1 when interrupted early */
    void *data;
};

/* The machine's own clock. */
extern const struct azml_clock azml_clock_system;

int64_t azml_clock_wall_ms(const struct azml_clock *clock);
int64_t azml_clock_monotonic_ms(const struct azml_clock *clock);
int azml_clock_wait(const struct azml_clock *clock, uint64_t ms);

#endif
