/* fault.h - what shall go wrong with which request: kept on disk, counted, found.
 *
 * It decides; the server carries out. A rule is a JSON document with the members of struct
 * azml_sandbox_fault: method, path, nth, times, kind ("status", "delay", "reset", "cut"), after,
 * status, headers (array of "Name: value"), body, delayMs, cutBytes. */
#ifndef AZML_SANDBOX_FAULT_H
#define AZML_SANDBOX_FAULT_H

#include "sandbox/world.h"

#include <cjson/cJSON.h>

/* Check and keep a rule (lent). USAGE with `err` set where it makes no sense. */
int sandbox_fault_add(struct sandbox *sandbox, const cJSON *rule, int64_t *id_out,
                      struct azml_error *err);

/* All rules with "id", "seen" and "hit", a new array; NULL with `err` set. */
cJSON *sandbox_fault_list(struct sandbox *sandbox, struct azml_error *err);

/* Forget one, or all with 0. NOT_FOUND where there is no such rule. */
int sandbox_fault_clear(struct sandbox *sandbox, int64_t id, struct azml_error *err);

/* Count the request against all rules and give the first that strikes: 0 with `*rule_out` NULL
 * where none does; the caller's. `target` is path and query as they came. */
int sandbox_fault_strike(struct sandbox *sandbox, const char *method, const char *target,
                         cJSON **rule_out, struct azml_error *err);

/* Does the pattern fit? With * (anything) or ? (one character) it must fit all of the text, else it
 * is looked for inside. No case. */
bool sandbox_fault_fits(const char *pattern, const char *text);

#endif
