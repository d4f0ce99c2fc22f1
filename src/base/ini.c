#include "base/ini.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/str.h"

#include <string.h>

/* The text between the white space around it, cut in place. */
static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

static char *unquote(char *value)
{
    size_t length = strlen(value);
    if (length < 2 || value[0] != '"' || value[length - 1] != '"')
        return value;
    value[length - 1] = '\0';
    return value + 1;
}

/* "[name]": the name, cut in place; NULL where the line is no section. */
static char *section_name(char *line)
{
    size_t length = strlen(line);
    if (length < 3 || line[0] != '[' || line[length - 1] != ']')
        return NULL;
    line[length - 1] = '\0';
    return trim(line + 1);
}

static int read_value(char *line, const char *section, azml_ini_fn *each, void *data, size_t number,
                      struct azml_error *err)
{
    char *value = line;
    const char *key = trim(azml_split(&value, '='));
    if (!value || key[0] == '\0') {
        azml_error_set(err, AZML_ERROR_USAGE, _("line %zu is neither a section nor a setting"),
                       number);
        return azml_error_hint(err, _("write it as: key = value"));
    }
    return each(data, section, key, unquote(trim(value)), err);
}

int azml_ini_read(const char *text, azml_ini_fn *each, void *data, struct azml_error *err)
{
    if (azml_has_prefix(text, "\xef\xbb\xbf"))
        text += 3;
    auto_free char *copy = azml_strdup(text, err);
    if (!copy)
        return -1;

    const char *section = "";
    char *rest = copy;
    for (size_t number = 1; rest; number++) {
        char *line = trim(azml_split(&rest, '\n'));
        if (line[0] == '\0' || line[0] == '#' || line[0] == ';')
            continue;
        const char *name = section_name(line);
        if (name) {
            section = name;
            continue;
        }
        int result = read_value(line, section, each, data, number, err);
        if (result != 0)
            return result;
    }
    return 0;
}

struct wanted {
    const char *section, *key;
    char *found;
};

static int keep_wanted(void *data, const char *section, const char *key, const char *value,
                       struct azml_error *err)
{
    struct wanted *wanted = data;
    if (!azml_same_text(section, wanted->section) || !azml_same_text(key, wanted->key))
        return 0;
    free(wanted->found);
    wanted->found = azml_strdup(value, err);
    return wanted->found ? 0 : -1;
}

char *azml_ini_value(const char *text, const char *section, const char *key, struct azml_error *err)
{
    struct wanted wanted = {.section = section, .key = key};
    if (azml_ini_read(text, keep_wanted, &wanted, err) == 0)
        return wanted.found;
    free(wanted.found);
    return NULL;
}
