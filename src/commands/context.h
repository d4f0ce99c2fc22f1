/* context.h - a command's surroundings, each made when it is first asked for.
 *
 * One place decides where a value comes from (option, environment, project file, settings, memory,
 * default), opens the cloud, starts the sandbox where that is the cloud, and asks questions. A
 * command that needs no network never initialises any. */
#ifndef AZML_COMMANDS_CONTEXT_H
#define AZML_COMMANDS_CONTEXT_H

#include "azml/clock.h"
#include "azml/error.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

struct azml_arm;
struct azml_http;
struct azml_cloud;
struct azml_credential;

/* `common` is lent until the context is freed. NULL with `err` set (a bad AZML_OUTPUT, memory). */
struct azml_context *azml_context_new(const struct azml_common *common, struct azml_error *err);
void azml_context_free(struct azml_context *context);

/* --- what is always there --- */
const struct azml_common *azml_context_common(const struct azml_context *context);
const struct azml_output *azml_context_output(const struct azml_context *context);
struct azml_progress *azml_context_progress(struct azml_context *context);
/* The machine's clock; what waits by it lets the lines of progress move. */
const struct azml_clock *azml_context_clock(const struct azml_context *context);
/* This run's own id (a UUID), the value of the tag azml-run. */
const char *azml_context_run_id(struct azml_context *context);

/* --- values; lent until the context is freed; NULL with `err` set where one is missing --- */
/* -g, AZML_RESOURCE_GROUP, AZURE_DEFAULTS_GROUP, files; asked for on a terminal. For commands that
 * delete or make a group: never guessed. */
const char *azml_context_group(struct azml_context *context, struct azml_error *err);
const char *azml_context_workspace(struct azml_context *context, struct azml_error *err);
/* NULL without an error where none is known: the group's location is then the answer. */
const char *azml_context_location(struct azml_context *context);
/* The subscription's id. */
const char *azml_context_subscription(struct azml_context *context, struct azml_error *err);
/* The group of the workspace `azml_context_workspace` for commands that only read: where none is
 * set, the one group of the subscription that holds a workspace of that name (exit 3 where none,
 * exit 2 naming them where several). */
const char *azml_context_workspace_group(struct azml_context *context, struct azml_error *err);
/* The same for a workspace that was named as the command's own word; NULL: the one that -w means.
 */
const char *azml_context_group_of(struct azml_context *context, const char *workspace,
                                  struct azml_error *err);

/* --- the other side; lent; NULL with `err` set --- */
const struct azml_cloud *azml_context_cloud(struct azml_context *context, struct azml_error *err);
struct azml_http *azml_context_http(struct azml_context *context, struct azml_error *err);
struct azml_credential *azml_context_credential(struct azml_context *context,
                                                struct azml_error *err);
struct azml_arm *azml_context_arm(struct azml_context *context, struct azml_error *err);

/* Say on stderr who is signed in, and to which subscription: before something is made or deleted.
 */
int azml_context_introduce(struct azml_context *context, struct azml_error *err);

/* The tags that azml writes on what it makes (contracts.md), the caller's: azml-made-by,
 * azml-created, azml-owner (where known), azml-run, and azml-of where `of_id` is not NULL. */
cJSON *azml_context_tags(struct azml_context *context, const char *of_id, struct azml_error *err);

/* --- questions; only on a terminal and without --no-input --- */
bool azml_context_may_ask(const struct azml_context *context);
/* Ask for a line; `option` is what to name where it may not be asked (exit 2). The caller's. */
char *azml_context_ask(struct azml_context *context, const char *what, const char *option,
                       struct azml_error *err);
/* What cannot be taken back: say `what` ("This deletes group lab and everything in it."), and want
 * `name` typed. 0 where it was typed or under --yes; -1 with `err` set otherwise (exit 2 without a
 * terminal). */
int azml_context_confirm_name(struct azml_context *context, const char *what, const char *name,
                              struct azml_error *err);
/* A milder step: "…? [y/N]". The same returns. */
int azml_context_confirm(struct azml_context *context, const char *what, struct azml_error *err);

#endif
