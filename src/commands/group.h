/* group.h - what the commands about resource groups share.
 *
 * Their rows are in table.h. */
#ifndef AZML_COMMANDS_GROUP_H
#define AZML_COMMANDS_GROUP_H

#include "commands/context.h"

/* The path of a group of the subscription with `behind` after it ("", "/resources"); the caller's,
 * NULL with `err` set. */
char *azml_group_path(struct azml_context *context, const char *name, const char *behind,
                      struct azml_error *err);

/* Fill `err` for a group that is not there, naming the nearest that is. Returns -1. */
int azml_group_missing(struct azml_context *context, const char *name, struct azml_error *err);

#endif
