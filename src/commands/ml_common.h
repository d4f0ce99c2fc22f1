/* ml_common.h - what the commands about workspaces, computes and cleaning up share.
 *
 * Their rows are in table.h. */
#ifndef AZML_COMMANDS_ML_COMMON_H
#define AZML_COMMANDS_ML_COMMON_H

#include "azml/ml_watch.h"
#include "azml/workspace.h"
#include "cli/output.h"
#include "commands/context.h"

/* A watch that tells the context's progress. */
struct azml_watch azml_ml_watch(struct azml_context *context);

/* Which workspace -w and -g mean. `exact` for what makes or deletes: the group is never guessed.
 * The texts are the context's. 0, or -1 with `err` set. */
int azml_ml_workspace(struct azml_context *context, bool exact, struct azml_workspace_ref *ref_out,
                      struct azml_error *err);

/* The same for a command whose first word is the workspace's name. */
int azml_ml_named_workspace(struct azml_context *context, const char *name, bool exact,
                            struct azml_workspace_ref *ref_out, struct azml_error *err);

/* What the cells of these views need; their view.data. */
struct azml_ml_view_data {
    int64_t now_ms;
    const char *studio; /* of the cloud; "" where it has none */
};
/* Fill it; without a cloud the studio stays "". */
void azml_ml_view_data(struct azml_context *context, struct azml_ml_view_data *out);

/* Cells: the group of a document's id; the age of a time in seconds (below 0: "?"). */
azml_cell_fn azml_ml_group_cell;
void azml_ml_add_age(int64_t age_s, struct azml_str *out);

/* Show one compute as lines, or a list of them. */
int azml_ml_show_compute(struct azml_context *context, const cJSON *document,
                         struct azml_error *err);
int azml_ml_list_computes(struct azml_context *context, const cJSON *documents,
                          const char *empty_note, struct azml_error *err);

#endif
