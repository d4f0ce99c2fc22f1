/* rp_groups.h - resource groups, between the file that shows them and the one that deletes them. */
#ifndef AZML_SANDBOX_RP_GROUPS_H
#define AZML_SANDBOX_RP_GROUPS_H

#include "sandbox/arm.h"

#define GROUP_DELETE "group.delete"

/* The group of the request's {s} and {rg}: 0 with `*out` NULL where there is none. */
int group_find(struct sandbox *sandbox, const struct sandbox_request *request,
               struct sandbox_resource **out, struct azml_error *err);
int group_not_found(const struct sandbox_request *request, struct sandbox_reply *reply);

/* DELETE: 202, the group is "Deleting", and its contents go one by one (cleanup.md section 3.3). */
sandbox_handler_fn group_delete;
sandbox_step_fn group_delete_step;

#endif
