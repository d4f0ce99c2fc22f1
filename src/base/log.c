#include "base/log.h"

#include "base/auto.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum azml_log_level current = AZML_LOG_NORMAL;

void azml_log_set_level(enum azml_log_level level)
{
    current = level;
}

enum azml_log_level azml_log_level(void)
{
    return current;
}

bool azml_log_enabled(enum azml_log_level level)
{
    return level <= current;
}

void azml_log(enum azml_log_level level, const char *format, ...)
{
    if (!azml_log_enabled(level))
        return;
    auto_str struct azml_str line = {0};
    va_list args;
    va_start(args, format);
    azml_str_addv(&line, format, args);
    va_end(args);
    azml_str_add_char(&line, '\n');
    (void)fputs(azml_str_text(&line), stderr); /* one call, so that lines stay whole */
}

/* Names whose values are secrets, wherever they stand. */
static const char *const secret_names[] = {
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "client_secret",
    "clientsecret",
    "client_assertion",
    "access_token",
    "accesstoken",
    "refresh_token",
    "id_token",
    "code",
    "device_code",
    "password",
    "adminuserpassword",
    "primarykey",
    "secondarykey",
    "storagekey",
    "userstoragekey",
    "primaryaccesskey",
    "secondaryaccesskey",
    "privatekey",
    "connectionstring",
    "instrumentationkey",
    "sig",
    "x-identity-header",
    "secret",
    "assertion",
};

static bool is_listed(const char *name, size_t length)
{
    for (size_t i = 0; i < AZML_COUNT(secret_names); i++)
        if (strlen(secret_names[i]) == length && azml_same_bytes(secret_names[i], name, length))
            return true;
    return false;
}

bool azml_log_is_secret_name(const char *name)
{
    return is_listed(name, strlen(name));
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* Length of what stands between a name and its value: `": "`, `=`, `: `; 0 where there is none. */
static size_t separator_length(const char *text)
{
    const char *at = text;
    if (*at == '"')
        at++;
    at += strspn(at, " ");
    if (*at != ':' && *at != '=')
        return 0;
    at++;
    at += strspn(at, " ");
    return (size_t)(at - text);
}

/* Length of a value: a JSON string up to its closing quote, else up to the end of the item. */
static size_t value_length(const char *value, bool is_header)
{
    if (*value != '"')
        return strcspn(value, is_header ? "\r\n" : "\r\n&\",}] ");
    size_t length = 1;
    while (value[length] && value[length] != '"')
        length += value[length] == '\\' && value[length + 1] ? 2 : 1;
    return length + (value[length] == '"');
}

static size_t redact_value(struct azml_str *out, const char *name, size_t name_length)
{
    size_t separator = separator_length(name + name_length);
    if (!separator || !is_listed(name, name_length))
        return 0;
    /* An authorization code travels in forms and queries; in JSON "code" is an error's. */
    if (name_length == 4 && azml_same_bytes(name, "code", 4) && name[4] != '=')
        return 0;
    const char *value = name + name_length + separator;
    bool is_header = azml_same_bytes(value - 2, ": ", 2) && *value != '"';
    size_t length = value_length(value, is_header);
    azml_str_add_bytes(out, name, name_length + separator);
    azml_str_add(out, *value == '"' ? "\"(redacted)\"" : "(redacted)");
    return name_length + separator + length;
}

static size_t redact_bearer(struct azml_str *out, const char *name, size_t name_length)
{
    if (name_length != 6 || !azml_same_bytes(name, "bearer", 6) || name[6] != ' ')
        return 0;
    azml_str_add_bytes(out, name, 7);
    size_t length = strcspn(name + 7, " ,\"\r\n");
    bool is_challenge = memchr(name + 7, '=', length) != NULL;
    if (is_challenge)
        azml_str_add_bytes(out, name + 7, length);
    else
        azml_str_add(out, "(redacted)");
    return 7 + length;
}

char *azml_log_redact(const char *text, struct azml_error *err)
{
    auto_str struct azml_str out = {0};
    while (*text) {
        size_t name = 0;
        while (is_name_char(text[name]))
            name++;
        size_t taken = name ? redact_value(&out, text, name) : 0;
        if (!taken && name)
            taken = redact_bearer(&out, text, name);
        if (!taken) {
            taken = name ? name : 1;
            azml_str_add_bytes(&out, text, taken);
        }
        text += taken;
    }
    return azml_str_take(&out, err);
}
