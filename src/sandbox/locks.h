/* locks.h - management locks: which of them stand in the way of what.
 *
 * Reference section 3.5 and cleanup.md section 3.1: inherited downwards; a lock below a scope also
 * blocks deleting that scope. */
#ifndef AZML_SANDBOX_LOCKS_H
#define AZML_SANDBOX_LOCKS_H

#include "sandbox/provider.h"

enum locks_against { LOCKS_DELETE, LOCKS_WRITE };

/* The scopes (", " between them) whose locks forbid that to the resource or scope `id`; `*out` is
 * NULL where none does, else the caller's. */
int locks_blocking(struct sandbox *sandbox, const char *id, enum locks_against against, char **out,
                   struct azml_error *err);

#endif
