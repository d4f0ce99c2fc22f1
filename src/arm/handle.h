/* handle.h - the inside of a struct azml_arm, and one exchange with its token, links and redirects.
 *
 * Shared by arm's own files only. An exchange is one logical call: a 401 is tried once more with a
 * fresh token, a redirect on our own origin is followed, anything that leads elsewhere is an error
 * before a byte is sent there. */
#ifndef AZML_ARM_HANDLE_H
#define AZML_ARM_HANDLE_H

#include "azml/arm.h"

struct azml_arm {
    const struct azml_cloud *cloud;
    struct azml_credential *credential;
    struct azml_http *http;
    char *base;   /* where paths are completed to */
    char *wanted; /* subscription as the person named it; NULL: none named */
    char *subscription;
    struct azml_http_header *headers; /* name and value are one block each, as in http/call.c */
    size_t header_count;
    unsigned generation;           /* counts how often a fresh token was asked for */
    size_t most_pages, most_polls; /* of one list, of one operation */
};

/* The whole address of a path: completed with the base and an api-version; an absolute address on
 * our own origin stays as it is. NULL with `err` set (AZML_ERROR_USAGE) for any other. */
char *azml_arm_url(const struct azml_arm *arm, const char *path, const char *api_version,
                   struct azml_error *err);

/* A link that came in a reply to `from`, completed where it is relative. NULL with `err` set
 * (AZML_ERROR_PROTOCOL) where it leads away from our own origin. */
char *azml_arm_link(const struct azml_arm *arm, const char *from, const char *link,
                    struct azml_error *err);

/* How an exchange ended: `reply` (lent; fields may be taken and zeroed) or NULL and `error` (lent).
 */
typedef void (*azml_arm_reply_fn)(void *data, struct azml_arm_reply *reply,
                                  struct azml_error *error);

/* Put one in the queue; `on_reply` is called from azml_http_run. 0, or -1 with `err` set. */
int azml_arm_submit(struct azml_arm *arm, const struct azml_arm_call *call, uint64_t delay_ms,
                    azml_arm_reply_fn on_reply, void *data, struct azml_error *err);

static inline bool azml_arm_is_success(int status)
{
    return status >= 200 && status < 300;
}

#define auto_reply __attribute__((cleanup(azml_arm_reply_cleanup)))

#endif
