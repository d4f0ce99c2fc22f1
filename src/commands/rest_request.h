/* rest_request.h - the words of `azml rest`, understood: what to ask, whom, and with which headers.
 *
 * Everything that can be wrong with the command line is found here, before anything is sent. */
#ifndef AZML_COMMANDS_REST_REQUEST_H
#define AZML_COMMANDS_REST_REQUEST_H

#include "azml/http.h"
#include "cli/command.h"

#define AZML_REST_HEADERS 100 /* at most */

struct azml_rest_args {
    const char *method, *path, *body, *endpoint;
    struct azml_list headers;
    bool wait, all_pages, skip_auth;
};

/* What is asked, once the words have been understood. */
struct azml_rest_request {
    const struct azml_rest_args *args;
    char *method;   /* in capitals */
    char *path;     /* or a whole address */
    char *endpoint; /* instead of the cloud's resource manager; NULL */
    char *body;
    char *header_texts[AZML_REST_HEADERS]; /* of the lines; names and values point into them */
    struct azml_http_header headers[AZML_REST_HEADERS];
    size_t header_count;
    bool no_token;
};

/* Fill `request` (zeroed) from the words; `home` is the cloud's resource manager. Return 0, or -1
 * with `err` set; clean up in either case. */
int azml_rest_request_fill(struct azml_rest_request *request, const struct azml_rest_args *args,
                           const char *home, struct azml_error *err);

/* "{subscription}" in the path stands for `subscription`, asked for where it is there. */
bool azml_rest_request_wants_subscription(const struct azml_rest_request *request);
int azml_rest_request_set_subscription(struct azml_rest_request *request, const char *subscription,
                                       struct azml_error *err);

void azml_rest_request_cleanup(struct azml_rest_request *request);

#endif
