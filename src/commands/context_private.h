/* context_private.h - what a context holds; for the files that implement commands/context.h.
 *
 * Commands use context.h. */
#ifndef AZML_COMMANDS_CONTEXT_PRIVATE_H
#define AZML_COMMANDS_CONTEXT_PRIVATE_H

#include "azml/cloud.h"
#include "commands/context.h"
#include "commands/settings.h"

struct azml_context {
    const struct azml_common *common;
    struct azml_settings *settings;
    struct azml_output output;
    struct azml_progress *progress;
    struct azml_clock clock; /* the machine's; whoever waits by it lets progress move, too */
    char run_id[37];
    char *asked[AZML_SETTING_COUNT]; /* values that a person typed when asked */
    char *workspace_group;           /* found by the workspace's name */

    /* Cloud, http, credential, arm: connection.c makes it when it is first needed, and says how to
     * free it, so that a command without a network is not tied to any of that. */
    struct azml_connection *connection;
    void (*connection_free)(struct azml_connection *connection);
};

#endif
