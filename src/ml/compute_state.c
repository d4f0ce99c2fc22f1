#include "ml/compute_state.h"

#include "base/str.h"

#define STALE_POLLS 6  /* how often a state of before may be shown after an operation has ended */
#define BARE_POLLS  20 /* how often a running compute may be shown without its address */

/* Did the last operation on it fail? "StartFailed", "StopFailed"… */
static bool has_failed(const struct azml_compute *compute)
{
    return compute->last_status && azml_find_nocase(compute->last_status, "Failed");
}

static enum azml_arm_state arrived(struct azml_compute_goal *goal,
                                   const struct azml_compute *compute)
{
    if (goal->is_new && (compute->error_code || compute->error_message))
        return AZML_ARM_FAILED;
    bool bare = goal->needs_address && compute->ssh_enabled &&
                (!compute->public_ip || compute->public_ip[0] == '\0');
    if (!bare || compute->kind != AZML_COMPUTE_INSTANCE)
        return AZML_ARM_DONE;
    return goal->bare_polls++ < BARE_POLLS ? AZML_ARM_BUSY : AZML_ARM_DONE;
}

/* In a state of rest that is not the wanted one: the service's answer is late, or it gave up. */
static enum azml_arm_state elsewhere(struct azml_compute_goal *goal,
                                     const struct azml_compute *compute)
{
    if (has_failed(compute))
        return AZML_ARM_FAILED;
    return goal->stale_polls++ < STALE_POLLS ? AZML_ARM_BUSY : AZML_ARM_FAILED;
}

enum azml_arm_state azml_compute_goal_state(void *data, const cJSON *document)
{
    struct azml_compute_goal *goal = data;
    struct azml_compute compute;
    if (azml_compute_read(document, &compute, NULL) < 0)
        return AZML_ARM_FAILED;
    enum azml_compute_phase phase = azml_compute_phase(&compute);
    if (phase == goal->wanted)
        return arrived(goal, &compute);
    switch (phase) {
    case AZML_COMPUTE_BUSY:
        return AZML_ARM_BUSY;
    case AZML_COMPUTE_BROKEN:
        return AZML_ARM_FAILED;
    case AZML_COMPUTE_READY:
    case AZML_COMPUTE_STOPPED:
    case AZML_COMPUTE_UNKNOWN:
        break;
    }
    return elsewhere(goal, &compute);
}

void azml_compute_goal_tick(void *data, const struct azml_arm_progress *progress)
{
    const struct azml_compute_goal *goal = data;
    (void)progress;
    azml_watch_tick(goal->watch);
}
