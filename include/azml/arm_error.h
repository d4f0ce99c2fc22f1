/* arm_error.h - what the resource manager's error documents mean.
 *
 * All the shapes of the wire become one struct azml_error: the deepest useful code and message as
 * `said`, azml's own code decided by the service's code first and the HTTP status second, a hint
 * where one is obvious. Pure functions. */
#ifndef AZML_ARM_ERROR_H
#define AZML_ARM_ERROR_H

#include "azml/error.h"
#include "azml/http.h"

#include <cjson/cJSON.h>
#include <stddef.h>

/* From an answer that is no success; its body may be JSON, HTML or nothing. `method` and the URL
 * serve the sentence where the service gave none. Always returns -1. */
int azml_arm_error_from_response(struct azml_error *err, const struct azml_http_response *response);

/* From an error document, with or without the outer "error" (a failed operation's, a resource's
 * provisioningErrors entry). `status` may be 0. Always returns -1. */
int azml_arm_error_from_json(struct azml_error *err, int status, const cJSON *document,
                             const char *request_id);

/* azml's code for a service's code (NULL is fine) and an HTTP status (0 is fine). */
enum azml_error_code azml_arm_error_code(const char *said_code, int status);

/* What a document's error says, as the user should read it: the deepest useful code and message. */
struct azml_arm_said {
    char *code;    /* owned, or NULL */
    char *message; /* owned, or NULL */
};
/* Return 1 when the document holds an error, 0 when it holds none, -1 with `err` set when memory
 * ran out. */
int azml_arm_error_said(const cJSON *document, struct azml_arm_said *said_out,
                        struct azml_error *err);
void azml_arm_said_cleanup(struct azml_arm_said *said);

#endif
