/* reply.h - the answer that a handler fills in.
 *
 * The helpers return 0, so that a handler ends with `return sandbox_reply_error(…)`. Running out of
 * memory sticks: the server then answers 500. Common headers (request ids, dates, Cache-Control,
 * rate limits) are the server's. */
#ifndef AZML_SANDBOX_REPLY_H
#define AZML_SANDBOX_REPLY_H

#include "sandbox/request.h"

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct sandbox;

struct sandbox_reply {
    int status; /* 0: not answered yet */
    struct sandbox_pairs headers;
    cJSON *json; /* body, or NULL */
    char *text;  /* body where json is NULL, or NULL */
    bool failed; /* memory ran out */
};

/* Add a header; one of the same name is replaced. Return 0. */
int sandbox_reply_header(struct sandbox_reply *reply, const char *name, const char *value);
int sandbox_reply_headerf(struct sandbox_reply *reply, const char *name, const char *format, ...)
    AZML_PRINTF(3, 4);

/* No body (Content-Length: 0), a JSON body (taken over; NULL counts as out of memory), a text. Each
 * replaces an earlier answer but keeps headers. Return 0. */
int sandbox_reply_empty(struct sandbox_reply *reply, int status);
int sandbox_reply_json(struct sandbox_reply *reply, int status, cJSON *json);
int sandbox_reply_text(struct sandbox_reply *reply, int status, const char *content_type,
                       const char *text);

/* {"error":{"code":…,"message":…}} (reference 1.4). Return 0. */
int sandbox_reply_error(struct sandbox_reply *reply, int status, const char *code,
                        const char *format, ...) AZML_PRINTF(4, 5);

/* {"error":…} around an error document of one's own (taken over). Return 0. */
int sandbox_reply_error_json(struct sandbox_reply *reply, int status, cJSON *error);

/* A new {"code":…,"message":…}, the caller's, or NULL when memory ran out. */
cJSON *sandbox_error_json(const char *code, const char *format, ...) AZML_PRINTF(2, 3);

/* 404 ResourceNotFound in ARM's words: "The Resource 'Ns/type/name' under resource group 'rg' was
 * not found. …". `type` is "Ns/type". */
int sandbox_reply_not_found(struct sandbox_reply *reply, const char *type, const char *name,
                            const char *group);

/* 400 InvalidRequestContent in ARM's words, for a body that lacks or misspells something. */
int sandbox_reply_bad_content(struct sandbox_reply *reply, const char *format, ...)
    AZML_PRINTF(2, 3);

/* 200 {"value":[…]} with one page of `items` (an array, taken over). A further page is announced by
 * an absolute nextLink that carries the request's own query plus an opaque `token_name`
 * ("$skiptoken" for ARM, "$skip" for ML); the request's own token says where this page starts.
 * `page_size` is the real service's; the sandbox's own setting wins. With that setting, nextLink
 * stands before value and the last page is empty, as real lists sometimes are. Return 0. */
int sandbox_reply_list(const struct sandbox *sandbox, const struct sandbox_request *request,
                       struct sandbox_reply *reply, cJSON *items, size_t page_size,
                       const char *token_name);

void sandbox_reply_cleanup(struct sandbox_reply *reply);
#define auto_reply __attribute__((cleanup(sandbox_reply_cleanup)))

#endif
