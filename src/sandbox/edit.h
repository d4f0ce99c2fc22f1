/* edit.h - changes what the wire shows of one thing, where the world could not be brought about
 * otherwise. */
#ifndef AZML_SANDBOX_EDIT_H
#define AZML_SANDBOX_EDIT_H

#include "sandbox/world.h"

#include <cjson/cJSON.h>

/* {"id", "createdMs": number or null (none), "hideFromList": bool, "hideFromGraph": bool, "state",
 * "managedBy"}; what is absent stays. NOT_FOUND where there is no such resource. */
int sandbox_edit(struct sandbox *sandbox, const cJSON *edit, struct azml_error *err);

#endif
