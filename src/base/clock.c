#include "azml/clock.h"

#include "base/platform.h"

static int64_t system_wall(void *data)
{
    (void)data;
    return azml_platform_wall_ms();
}

static int64_t system_monotonic(void *data)
{
    (void)data;
    return azml_platform_monotonic_ms();
}

static int system_wait(void *data, uint64_t ms)
{
    (void)data;
    return azml_platform_sleep_ms(ms);
}

const struct azml_clock azml_clock_system = {
    .wall_ms = system_wall,
    .monotonic_ms = system_monotonic,
    .wait_ms = system_wait,
};

int64_t azml_clock_wall_ms(const struct azml_clock *clock)
{
    return clock->wall_ms(clock->data);
}

int64_t azml_clock_monotonic_ms(const struct azml_clock *clock)
{
    return clock->monotonic_ms(clock->data);
}

int azml_clock_wait(const struct azml_clock *clock, uint64_t ms)
{
    return clock->wait_ms(clock->data, ms);
}
