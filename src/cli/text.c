#include "cli/text.h"

#include <string.h>
#include <utf8proc.h>

/* The next character: its length in bytes, 1 where it is no UTF-8 (*code_out is then negative). */
static size_t next_char(const char *text, utf8proc_int32_t *code_out)
{
    utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, code_out);
    if (length > 0)
        return (size_t)length;
    *code_out = -1;
    return 1;
}

static size_t width_of(utf8proc_int32_t code)
{
    int width = code < 0 ? 1 : utf8proc_charwidth(code);
    return width > 0 ? (size_t)width : 0;
}

size_t azml_text_width(const char *text)
{
    size_t width = 0;
    while (*text) {
        utf8proc_int32_t code;
        text += next_char(text, &code);
        width += width_of(code);
    }
    return width;
}

static bool moves_cursor(utf8proc_int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

void azml_text_add_clean(struct azml_str *out, const char *text)
{
    while (*text) {
        utf8proc_int32_t code;
        size_t length = next_char(text, &code);
        if (code == '\n' || code == '\t')
            azml_str_add_char(out, ' ');
        else if (code < 0 || moves_cursor(code))
            azml_str_add(out, code == '\r' ? "" : "?");
        else
            azml_str_add_bytes(out, text, length);
        text += length;
    }
}

void azml_text_add_word(struct azml_str *out, const char *word)
{
    if (word[0] && !word[strcspn(word, " \t\n\"'\\$`*?[]{}!#;&|<>()")]) {
        azml_str_add(out, word);
        return;
    }
    azml_str_add_char(out, '\'');
    for (; *word; word++) {
        if (*word == '\'')
            azml_str_add(out, "'\\''");
        else
            azml_str_add_char(out, *word);
    }
    azml_str_add_char(out, '\'');
}

size_t azml_text_fit(const char *text, size_t columns)
{
    size_t bytes = 0;
    while (text[bytes]) {
        utf8proc_int32_t code;
        size_t length = next_char(text + bytes, &code);
        size_t width = width_of(code);
        if (width > columns)
            break;
        columns -= width;
        bytes += length;
    }
    return bytes;
}
