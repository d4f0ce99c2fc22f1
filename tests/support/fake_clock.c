#include "support/fake_clock.h"

static int64_t wall(void *data)
{
    const struct fake_clock *fake = data;
    return fake->now_ms + fake->wall_offset_ms;
}

static int64_t monotonic(void *data)
{
    const struct fake_clock *fake = data;
    return fake->now_ms;
}

static int wait(void *data, uint64_t ms)
{
    struct fake_clock *fake = data;
    size_t most = sizeof(fake->waits_ms) / sizeof(fake->waits_ms[0]);
    if (fake->wait_count < most)
        fake->waits_ms[fake->wait_count] = ms;
    fake->wait_count++;
    fake->now_ms += (int64_t)ms;
    return 0;
}

void fake_clock_init(struct fake_clock *fake)
{
    *fake = (struct fake_clock){.now_ms = 1000000, .wall_offset_ms = INT64_C(1795000000000)};
    fake->clock = (struct azml_clock){
        .wall_ms = wall, .monotonic_ms = monotonic, .wait_ms = wait, .data = fake};
}

uint64_t fake_clock_waited_ms(const struct fake_clock *fake)
{
    return (uint64_t)(fake->now_ms - 1000000);
}
