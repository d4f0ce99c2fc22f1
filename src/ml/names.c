#include "azml/ml_names.h"

#include "base/i18n.h"
#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_letter(c);
}

/* The first byte that is neither letter, digit nor one of `extra`; NULL where all are. */
static const char *first_other(const char *name, const char *extra)
{
    for (const char *at = name; *at; at++)
        if (!is_alnum(*at) && !strchr(extra, *at))
            return at;
    return NULL;
}

static int check_length(const char *kind, const char *name, size_t min, size_t max,
                        struct azml_error *err)
{
    size_t length = strlen(name);
    if (length >= min && length <= max)
        return 0;
    azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no name for a %s"), name, kind);
    return azml_error_why(err, _("it has %zu characters; allowed are %zu to %zu"), length, min,
                          max);
}

static int refuse(const char *kind, const char *name, const char *why, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no name for a %s"), name, kind);
    return azml_error_why(err, "%s", why);
}

int azml_name_check_workspace(const char *name, struct azml_error *err)
{
    const char *kind = _("workspace");
    if (check_length(kind, name, 3, 33, err) < 0)
        return -1;
    if (first_other(name, "-_"))
        return refuse(kind, name, _("only letters, digits, - and _ are allowed"), err);
    if (!is_alnum(name[0]))
        return refuse(kind, name, _("it must begin with a letter or a digit"), err);
    return 0;
}

/* What instances and clusters have in common. */
static int check_compute(const char *kind, const char *name, struct azml_error *err)
{
    if (check_length(kind, name, 3, 24, err) < 0)
        return -1;
    if (first_other(name, "-"))
        return refuse(kind, name, _("only letters, digits and - are allowed"), err);
    if (!is_letter(name[0]))
        return refuse(kind, name, _("it must begin with a letter"), err);
    if (name[strlen(name) - 1] == '-')
        return refuse(kind, name, _("it must end in a letter or a digit"), err);
    return 0;
}

int azml_name_check_instance(const char *name, struct azml_error *err)
{
    const char *kind = _("compute instance");
    if (check_compute(kind, name, err) < 0)
        return -1;
    const char *hyphen = strrchr(name, '-');
    if (!hyphen)
        return 0;
    const char *tail = hyphen + 1;
    if (tail[strspn(tail, "0123456789")] == '\0') {
        refuse(kind, name, _("after the last hyphen there must be a letter, not only digits"), err);
        return azml_error_hint(err, "%.*s%s", (int)(hyphen - name), name, tail);
    }
    return 0;
}

int azml_name_check_cluster(const char *name, struct azml_error *err)
{
    return check_compute(_("compute cluster"), name, err);
}

int azml_name_check_group(const char *name, struct azml_error *err)
{
    const char *kind = _("resource group");
    if (check_length(kind, name, 1, 90, err) < 0)
        return -1;
    for (const char *at = name; *at; at++)
        if ((unsigned char)*at < 0x80 && !is_alnum(*at) && !strchr("._-()", *at))
            return refuse(kind, name, _("only letters, digits and . _ - ( ) are allowed"), err);
    if (name[strlen(name) - 1] == '.')
        return refuse(kind, name, _("it must not end in a dot"), err);
    return 0;
}

/* FNV-1a over the text in small letters and the attempt, mixed once more so that close inputs are
 * far apart in the few digits that are used. */
static uint64_t hash(const char *text, unsigned attempt)
{
    uint64_t value = 0xcbf29ce484222325U;
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c - 'A' + 'a');
        value = (value ^ c) * 0x100000001b3U;
    }
    value = (value ^ attempt) * 0x100000001b3U;
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdU;
    value ^= value >> 33;
    return value;
}

static void hash_text(uint64_t value, char *out, size_t digits)
{
    static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
    for (size_t i = 0; i < digits; i++) {
        out[i] = alphabet[value & 31U];
        value >>= 5;
    }
    out[digits] = '\0';
}

/* Letters and digits of the name, small, at most `max` of them; "w" before a leading digit. */
static void prefix_of(const char *name, size_t max, char *out)
{
    size_t used = 0;
    if (is_digit(name[0]))
        out[used++] = 'w';
    for (const char *at = name; *at && used < max; at++)
        if (is_alnum(*at))
            out[used++] = *at;
    out[used] = '\0';
    azml_lower(out);
}

void azml_dependent_names_derive(const char *workspace_id, unsigned attempt,
                                 struct azml_dependent_names *out)
{
    const char *slash = strrchr(workspace_id, '/');
    const char *name = slash ? slash + 1 : workspace_id;
    char global[11], local[9], prefix[13], readable[34];
    hash_text(hash(workspace_id, attempt), global, 10);
    hash_text(hash(workspace_id, 0), local, 8);
    prefix_of(name, 12, prefix);

    snprintf(readable, sizeof(readable), "%s", name);
    for (char *at = readable; *at; at++)
        if (*at == '_')
            *at = '-';

    snprintf(out->storage, sizeof(out->storage), "%s%s", prefix, global);
    snprintf(out->vault, sizeof(out->vault), "%s-%s", prefix, global);
    snprintf(out->logs, sizeof(out->logs), "%s-logs-%s", readable, local);
    snprintf(out->insights, sizeof(out->insights), "%s-insights-%s", readable, local);
    snprintf(out->deployment, sizeof(out->deployment), "azml-%s-%s", readable, local);
}
