#include "azml/error.h"

#include "base/i18n.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stands in for any text that could not be allocated; never freed. */
static char out_of_memory[] = "out of memory";

static const struct {
    const char *name;
    int exit;
    const char *meaning;
} codes[AZML_ERROR_COUNT] = {
    [AZML_ERROR_NONE] = {"none",             0,   _("the goal is reached, or nothing was left to do")},
    [AZML_ERROR_FAILED] = {"failed",           1,   _("it failed")                                     },
    [AZML_ERROR_USAGE] = {"usage",            2,   _("the command line is wrong; nothing was sent")   },
    [AZML_ERROR_MEMORY] = {"out_of_memory",    1,   _("no memory left")                                },
    [AZML_ERROR_IO] = {"io",               1,   _("a file or program of this machine")             },
    [AZML_ERROR_NETWORK] = {"network",          1,   _("no answer, or a connection that broke")         },
    [AZML_ERROR_TLS] = {"tls",              1,   _("the other side could not prove who it is")      },
    [AZML_ERROR_PROTOCOL] = {"protocol",         1,   _("an answer that makes no sense")                 },
    [AZML_ERROR_SERVICE] = {"service",          1,   _("the service refused it")                        },
    [AZML_ERROR_THROTTLED] = {"throttled",        1,   _("the service asks to come back much later")      },
    [AZML_ERROR_NOT_FOUND] = {"not_found",        3,   _("the named thing does not exist")                },
    [AZML_ERROR_SIGNED_OUT] = {"signed_out",       4,   _("sign-in is missing or failed")                  },
    [AZML_ERROR_FORBIDDEN] = {"forbidden",        4,   _("the identity may not do this")                  },
    [AZML_ERROR_CONFLICT] = {"conflict",         5,   _("wrong state, or something else is under way")   },
    [AZML_ERROR_NAME_TAKEN] = {"name_taken",       5,   _("the name is taken")                             },
    [AZML_ERROR_LOCKED] = {"locked",           5,   _("a management lock forbids it")                  },
    [AZML_ERROR_POLICY] = {"policy",           5,   _("a policy of the subscription forbids it")       },
    [AZML_ERROR_QUOTA] = {"quota_exceeded",   5,   _("there is not enough quota")                     },
    [AZML_ERROR_PROTECTED] = {"protected",        5,   _("it is protected")                               },
    [AZML_ERROR_TIMEOUT] = {"timeout",          6,   _("time ran out, the service still works on it")   },
    [AZML_ERROR_PARTIAL] = {"partial",          7,   _("several things were asked for and some failed") },
    [AZML_ERROR_STALE] = {"stale_plan",       8,   _("the plan no longer fits what is there")         },
    [AZML_ERROR_FOUND] = {"found",            10,  _("a preview or check found something")            },
    [AZML_ERROR_HOST_KEY] = {"host_key_changed", 1,   _("the host key is not the one kept")              },
    [AZML_ERROR_INTERRUPTED] = {"interrupted",      130, _("interrupted")                                   },
};

static void release(char **text)
{
    if (*text != out_of_memory)
        free(*text);
    *text = NULL;
}

static char *copy(const char *text)
{
    char *made = text ? strdup(text) : NULL;
    return text && !made ? out_of_memory : made;
}

__attribute__((format(printf, 1, 0))) static char *format_text(const char *format, va_list args)
{
    char *made = NULL;
    if (vasprintf(&made, format, args) < 0)
        return out_of_memory;
    return made;
}

int azml_error_set(struct azml_error *err, enum azml_error_code code, const char *format, ...)
{
    if (!err)
        return -1;
    va_list args;
    va_start(args, format);
    char *message = format_text(format, args); /* first: an argument may belong to `err` */
    va_end(args);
    azml_error_cleanup(err);
    err->code = code;
    err->message = message;
    return -1;
}

/* Put `first` and `rest` together as lines; takes over `first`. */
static char *join_lines(char *first, char *rest)
{
    if (!rest || first == out_of_memory || rest == out_of_memory)
        return first;
    char *both = NULL;
    if (asprintf(&both, "%s\n%s", first, rest) < 0)
        return first;
    free(first);
    return both;
}

int azml_error_context(struct azml_error *err, const char *format, ...)
{
    if (!err)
        return -1;
    va_list args;
    va_start(args, format);
    char *message = format_text(format, args);
    va_end(args);
    if (err->message) {
        char *why = join_lines(err->message, err->why);
        if (why != err->why)
            release(&err->why);
        err->why = why;
    }
    err->message = message;
    if (err->code == AZML_ERROR_NONE)
        err->code = AZML_ERROR_FAILED;
    return -1;
}

int azml_error_why(struct azml_error *err, const char *format, ...)
{
    if (!err)
        return -1;
    va_list args;
    va_start(args, format);
    char *text = format_text(format, args);
    va_end(args);
    release(&err->why);
    err->why = text;
    return -1;
}

int azml_error_hint(struct azml_error *err, const char *format, ...)
{
    if (!err)
        return -1;
    va_list args;
    va_start(args, format);
    char *text = format_text(format, args);
    va_end(args);
    release(&err->hint);
    err->hint = text;
    return -1;
}

static void replace(char **text, const char *with)
{
    char *made = copy(with);
    release(text);
    *text = made;
}

int azml_error_said(struct azml_error *err, const char *code, const char *message,
                    const char *request_id)
{
    if (!err)
        return -1;
    replace(&err->said_code, code);
    replace(&err->said_message, message);
    replace(&err->request_id, request_id);
    return -1;
}

int azml_error_memory(struct azml_error *err)
{
    if (!err)
        return -1;
    azml_error_cleanup(err);
    err->code = AZML_ERROR_MEMORY;
    err->message = out_of_memory;
    return -1;
}

int azml_error_move(struct azml_error *to, struct azml_error *from)
{
    if (to && to != from) {
        azml_error_cleanup(to);
        *to = *from;
        *from = (struct azml_error){0};
    } else if (!to) {
        azml_error_cleanup(from);
    }
    return -1;
}

void azml_error_cleanup(struct azml_error *err)
{
    if (!err)
        return;
    release(&err->message);
    release(&err->why);
    release(&err->hint);
    release(&err->said_code);
    release(&err->said_message);
    release(&err->request_id);
    *err = (struct azml_error){0};
}

static size_t row_of(enum azml_error_code code)
{
    size_t row = (size_t)code;
    return row < AZML_ERROR_COUNT ? row : (size_t)AZML_ERROR_FAILED;
}

const char *azml_error_name(enum azml_error_code code)
{
    return codes[row_of(code)].name;
}

int azml_error_exit(enum azml_error_code code)
{
    return codes[row_of(code)].exit;
}

const char *azml_error_meaning(enum azml_error_code code)
{
    return codes[row_of(code)].meaning;
}
