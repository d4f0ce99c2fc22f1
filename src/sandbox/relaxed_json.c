#include "sandbox/relaxed_json.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

/* Behind a quoted string that begins at `at`, or at the end where it is not closed. */
static const char *behind_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at < end ? at + 1 : end;
}

/* Behind a comment that begins at `at`; `at` itself where none does. */
static const char *behind_comment(const char *at, const char *end)
{
    if (end - at < 2 || at[0] != '/')
        return at;
    if (at[1] == '/') {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        return line ? line : end;
    }
    if (at[1] != '*')
        return at;
    const char *close = memmem(at + 2, (size_t)(end - at - 2), "*/", 2);
    return close ? close + 2 : end;
}

static const char *behind_blanks(const char *at, const char *end)
{
    for (;;) {
        const char *start = at;
        while (at < end && isspace((unsigned char)*at))
            at++;
        at = behind_comment(at, end);
        if (at == start)
            return at;
    }
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

/* A bare word: true, false, null and numbers stay; a name before ':' gets its quotes. */
static const char *add_word(struct azml_str *out, const char *at, const char *end)
{
    const char *start = at;
    while (at < end && is_name_char(*at))
        at++;
    const char *next = behind_blanks(at, end);
    bool is_name = next < end && *next == ':';
    if (is_name)
        azml_str_add_char(out, '"');
    azml_str_add_bytes(out, start, (size_t)(at - start));
    if (is_name)
        azml_str_add_char(out, '"');
    return at;
}

static const char *add_token(struct azml_str *out, const char *at, const char *end)
{
    if (*at == '"') {
        const char *behind = behind_string(at, end);
        azml_str_add_bytes(out, at, (size_t)(behind - at));
        return behind;
    }
    if (is_name_char(*at))
        return add_word(out, at, end);
    const char *next = behind_blanks(at + 1, end);
    const char *before = azml_str_text(out) + out->length;
    while (out->length > 0 && before > azml_str_text(out) && before[-1] == ' ')
        before--;
    bool is_trailing = *at == ',' && next < end && (*next == '}' || *next == ']') &&
                       before > azml_str_text(out) && !strchr("{[,", before[-1]);
    if (!is_trailing)
        azml_str_add_char(out, *at);
    return at + 1;
}

cJSON *azml_relaxed_json_parse(const char *text, size_t length, struct azml_error *err)
{
    const char *end = text + length;
    auto_str struct azml_str out = {0};
    for (const char *at = behind_blanks(text, end); at < end;) {
        at = add_token(&out, at, end);
        const char *next = behind_blanks(at, end);
        if (next > at)
            azml_str_add_char(&out, ' ');
        at = next;
    }
    auto_free char *strict = azml_str_take(&out, err);
    return strict ? azml_json_parse(strict, strlen(strict), err) : NULL;
}
