/* str.h - text that grows, fails stickily, and has a ceiling.
 *
 * Append as often as needed; ask once, when the text is taken, whether it all went well. It holds
 * bytes and promises nothing about their encoding. */
#ifndef AZML_BASE_STR_H
#define AZML_BASE_STR_H

#include "azml/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct azml_str {
    char *data;    /* NUL-terminated once anything was added */
    size_t length; /* without the NUL */
    size_t room;
    size_t limit; /* 0: AZML_LIMIT_TEXT */
    bool failed;  /* memory ran out or the ceiling was hit */
};

/* Append text, bytes, one character, or formatted text. After a failure they do nothing. */
void azml_str_add(struct azml_str *str, const char *text);
void azml_str_add_bytes(struct azml_str *str, const void *bytes, size_t length);
void azml_str_add_char(struct azml_str *str, char c);
void azml_str_addf(struct azml_str *str, const char *format, ...) AZML_PRINTF(2, 3);
void azml_str_addv(struct azml_str *str, const char *format, va_list args) AZML_PRINTF(2, 0);

/* Append text percent-encoded for one URL path segment or query value: letters, digits and -._~
 * stay (RFC 3986, section 2.3), and every byte of `keep` too; keep may be NULL. */
void azml_str_add_percent(struct azml_str *str, const char *text, const char *keep);

/* Forget the text and a failure, keep the memory. */
void azml_str_reset(struct azml_str *str);

/* The text so far, "" when there is none; belongs to `str`. */
const char *azml_str_text(const struct azml_str *str);

/* Give the text away (never NULL on success, `str` is empty afterwards), or return NULL with `err`
 * set when anything failed on the way. */
char *azml_str_take(struct azml_str *str, struct azml_error *err);

void azml_str_cleanup(struct azml_str *str);

/* A copy, or NULL with `err` set. `azml_strndup` copies at most `length` bytes. */
char *azml_strdup(const char *text, struct azml_error *err);
char *azml_strndup(const char *text, size_t length, struct azml_error *err);

/* Formatted text of its own, or NULL with `err` set. */
char *azml_format(struct azml_error *err, const char *format, ...) AZML_PRINTF(2, 3);

/* Cut `*rest` at the next `separator`: return what stands before it and move `*rest` behind it, or
 * to NULL when there was none. Returns NULL when `*rest` is NULL. Works in place. */
char *azml_split(char **rest, char separator);

/* Compare without the case of ASCII letters, whatever the locale. NULL equals only NULL. */
bool azml_same_text(const char *a, const char *b);
bool azml_same_bytes(const char *a, const char *b, size_t length);
bool azml_has_prefix(const char *text, const char *prefix);        /* exact */
bool azml_has_prefix_nocase(const char *text, const char *prefix); /* ASCII case ignored */
bool azml_has_suffix(const char *text, const char *suffix);        /* exact */

/* First place of `part` in `text` without regard to ASCII case, or NULL. */
const char *azml_find_nocase(const char *text, const char *part);

/* Turn ASCII capitals into small letters, in place. */
void azml_lower(char *text);

/* Undo percent-encoding in place; a broken escape stays as it is. `plus_is_space` for form bodies
 * and queries. Returns the new length (the text may now hold NUL bytes). */
size_t azml_percent_decode(char *text, bool plus_is_space);

#endif
