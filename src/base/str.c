#include "base/str.h"

#include "base/limits.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Make room for `more` bytes and a NUL; false (and failed) when that cannot be. */
static bool reserve(struct azml_str *str, size_t more)
{
    size_t limit = str->limit ? str->limit : AZML_LIMIT_TEXT;
    if (str->failed || more > limit - str->length) {
        str->failed = true;
        return false;
    }
    size_t needed = str->length + more + 1;
    if (needed <= str->room)
        return true;
    size_t room = str->room ? str->room : 64;
    while (room < needed)
        room *= 2;
    char *data = realloc(str->data, room);
    if (!data) {
        str->failed = true;
        return false;
    }
    str->data = data;
    str->room = room;
    return true;
}

void azml_str_add_bytes(struct azml_str *str, const void *bytes, size_t length)
{
    if (!reserve(str, length))
        return;
    if (length)
        memcpy(str->data + str->length, bytes, length);
    str->length += length;
    str->data[str->length] = '\0';
}

void azml_str_add(struct azml_str *str, const char *text)
{
    azml_str_add_bytes(str, text, strlen(text));
}

void azml_str_add_char(struct azml_str *str, char c)
{
    azml_str_add_bytes(str, &c, 1);
}

void azml_str_addv(struct azml_str *str, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length < 0)
        str->failed = true;
    if (length >= 0 && reserve(str, (size_t)length)) {
        (void)vsnprintf(str->data + str->length, (size_t)length + 1, format, again);
        str->length += (size_t)length;
    }
    va_end(again);
}

void azml_str_addf(struct azml_str *str, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    azml_str_addv(str, format, args);
    va_end(args);
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

void azml_str_add_percent(struct azml_str *str, const char *text, const char *keep)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *text; text++) {
        if (is_unreserved(*text) || (keep && strchr(keep, *text))) {
            azml_str_add_char(str, *text);
            continue;
        }
        unsigned byte = (unsigned char)*text;
        const char escaped[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        azml_str_add_bytes(str, escaped, sizeof(escaped));
    }
}

void azml_str_reset(struct azml_str *str)
{
    str->length = 0;
    str->failed = false;
    if (str->data)
        str->data[0] = '\0';
}

const char *azml_str_text(const struct azml_str *str)
{
    return str->data ? str->data : "";
}

char *azml_str_take(struct azml_str *str, struct azml_error *err)
{
    azml_str_add_bytes(str, "", 0);
    if (str->failed) {
        azml_error_memory(err);
        return NULL;
    }
    char *data = str->data;
    size_t limit = str->limit;
    *str = (struct azml_str){.limit = limit};
    return data;
}

void azml_str_cleanup(struct azml_str *str)
{
    if (!str)
        return;
    free(str->data);
    *str = (struct azml_str){.limit = str->limit};
}

char *azml_strdup(const char *text, struct azml_error *err)
{
    return azml_strndup(text, strlen(text), err);
}

char *azml_strndup(const char *text, size_t length, struct azml_error *err)
{
    length = strnlen(text, length);
    char *copy = malloc(length + 1);
    if (!copy) {
        azml_error_memory(err);
        return NULL;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *azml_format(struct azml_error *err, const char *format, ...)
{
    struct azml_str str = {0};
    va_list args;
    va_start(args, format);
    azml_str_addv(&str, format, args);
    va_end(args);
    char *text = azml_str_take(&str, err);
    azml_str_cleanup(&str);
    return text;
}

char *azml_split(char **rest, char separator)
{
    char *start = *rest;
    if (!start)
        return NULL;
    char *end = strchr(start, separator);
    if (end)
        *end++ = '\0';
    *rest = end;
    return start;
}

static char lower(char c)
{
    if (c < 'A' || c > 'Z')
        return c;
    return (char)(c + ('a' - 'A'));
}

bool azml_same_bytes(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

bool azml_same_text(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    size_t length = strlen(a);
    return strlen(b) == length && azml_same_bytes(a, b, length);
}

bool azml_has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool azml_has_prefix_nocase(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);
    return strnlen(text, length) == length && azml_same_bytes(text, prefix, length);
}

bool azml_has_suffix(const char *text, const char *suffix)
{
    size_t length = strlen(text), end = strlen(suffix);
    return length >= end && strcmp(text + length - end, suffix) == 0;
}

const char *azml_find_nocase(const char *text, const char *part)
{
    size_t length = strlen(part);
    for (size_t left = strlen(text); left >= length; left--, text++)
        if (azml_same_bytes(text, part, length))
            return text;
    return NULL;
}

void azml_lower(char *text)
{
    for (; *text; text++)
        *text = lower(*text);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t azml_percent_decode(char *text, bool plus_is_space)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        int high = *from == '%' ? hex_value(from[1]) : -1;
        int low = high >= 0 ? hex_value(from[2]) : -1;
        if (low >= 0) {
            *to++ = (char)(high * 16 + low);
            from += 2;
        } else {
            bool is_space = plus_is_space && *from == '+';
            *to++ = (char)(is_space ? ' ' : *from);
        }
    }
    *to = '\0';
    return (size_t)(to - text);
}
