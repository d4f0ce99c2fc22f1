/* error.h - one value that says what failed, why, and what to type next.
 *
 * It carries facts, it prints nothing: cli/report turns it into text or JSON, in one place. */
#ifndef AZML_ERROR_H
#define AZML_ERROR_H

#include <stddef.h>

#if defined(__MINGW32__)
#    define AZML_PRINTF(format_at, args_at) __attribute__((format(gnu_printf, format_at, args_at)))
#else
#    define AZML_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#endif

/* What kind of failure; decides azml's own word for it and the exit status (table in error.c). */
enum azml_error_code {
    AZML_ERROR_NONE,
    AZML_ERROR_FAILED,      /* nothing more precise is known */
    AZML_ERROR_USAGE,       /* the command line or an input is wrong; nothing was sent */
    AZML_ERROR_MEMORY,      /* no memory left */
    AZML_ERROR_IO,          /* a file or process of this machine */
    AZML_ERROR_NETWORK,     /* no answer, or a connection that broke */
    AZML_ERROR_TLS,         /* the other side could not prove who it is */
    AZML_ERROR_PROTOCOL,    /* an answer that makes no sense or goes past a bound */
    AZML_ERROR_SERVICE,     /* the service said no, for a reason without its own code here */
    AZML_ERROR_THROTTLED,   /* the service asked to come back later than we are willing to wait */
    AZML_ERROR_NOT_FOUND,   /* the named thing does not exist */
    AZML_ERROR_SIGNED_OUT,  /* no usable credential, or it was refused */
    AZML_ERROR_FORBIDDEN,   /* the identity may not do this */
    AZML_ERROR_CONFLICT,    /* wrong state, or something else is under way */
    AZML_ERROR_NAME_TAKEN,  /* somebody else, or a soft-deleted thing, holds the name */
    AZML_ERROR_LOCKED,      /* a management lock stands on or above it */
    AZML_ERROR_POLICY,      /* a policy of the subscription forbids it */
    AZML_ERROR_QUOTA,       /* not enough quota */
    AZML_ERROR_PROTECTED,   /* azml's own rules refuse to touch it */
    AZML_ERROR_TIMEOUT,     /* time ran out; the service still works on it */
    AZML_ERROR_PARTIAL,     /* several things were asked for and some failed */
    AZML_ERROR_STALE,       /* the plan no longer fits what is there */
    AZML_ERROR_FOUND,       /* with --exit-code: a preview or check found something */
    AZML_ERROR_HOST_KEY,    /* the compute showed another host key than the one kept */
    AZML_ERROR_INTERRUPTED, /* the person asked to stop */
    AZML_ERROR_COUNT
};

/* Zero-initialise; every text is owned by the struct (or static when memory ran out). */
struct azml_error {
    enum azml_error_code code;
    char *message;      /* what failed: lower case, no full stop */
    char *why;          /* the cause, where it adds something; newline-separated when several */
    char *hint;         /* the next command or option to type */
    char *said_code;    /* the service's own code, as it came */
    char *said_message; /* the service's own text, as it came */
    char *request_id;   /* x-ms-request-id, for Azure's support */
    int http_status;    /* 0 where there was no answer */
};

/* Replace whatever `err` holds by this failure. `err` may be NULL. Always returns -1, so that a
 * failing branch is one line. */
int azml_error_set(struct azml_error *err, enum azml_error_code code, const char *format, ...)
    AZML_PRINTF(3, 4);

/* Say what was being attempted when `err` happened: this sentence becomes the message, and the
 * earlier message becomes the first line of `why`. Always returns -1. */
int azml_error_context(struct azml_error *err, const char *format, ...) AZML_PRINTF(2, 3);

/* Set the cause (why) or the next command (hint), replacing an earlier one. Always return -1. */
int azml_error_why(struct azml_error *err, const char *format, ...) AZML_PRINTF(2, 3);
int azml_error_hint(struct azml_error *err, const char *format, ...) AZML_PRINTF(2, 3);

/* Keep what the service said and the id of the request. Any text may be NULL. Always returns -1. */
int azml_error_said(struct azml_error *err, const char *code, const char *message,
                    const char *request_id);

/* The standard failure for a missing allocation. Always returns -1. */
int azml_error_memory(struct azml_error *err);

/* Move `from` into `to` (freeing what `to` held); `from` is left empty. Always returns -1. */
int azml_error_move(struct azml_error *to, struct azml_error *from);

/* Free the texts and make `err` empty again. NULL is fine. */
void azml_error_cleanup(struct azml_error *err);

/* azml's own word for a code ("quota_exceeded"), its exit status, and its meaning in one phrase.
 * Static texts. */
const char *azml_error_name(enum azml_error_code code);
int azml_error_exit(enum azml_error_code code);
const char *azml_error_meaning(enum azml_error_code code);

#endif
