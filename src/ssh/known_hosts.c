#include "azml/ssh_known_hosts.h"

#include "azml/ssh_key.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/platform.h"
#include "ssh/id_hash.h"
#include "ssh/known_line.h"
#include "ssh/wire.h"

#include <string.h>

enum { LOCK_WAIT_MS = 5000 };

char *azml_ssh_host_alias(const char *resource_id, const char *created_on, struct azml_error *err)
{
    auto_free char *hash = azml_ssh_id_hash(resource_id, created_on ? created_on : "", err);
    return hash ? azml_format(err, "azml-%s", hash) : NULL;
}

char *azml_ssh_known_hosts_path(struct azml_error *err)
{
    auto_free char *state = azml_path_state(err);
    return state ? azml_path_join(state, "known_hosts", err) : NULL;
}

/* The whole file; "" where it is missing. The caller's, NULL with `err` set. */
static char *load(const char *path, struct azml_error *err)
{
    auto_error struct azml_error cause = {0};
    char *text = azml_fs_read(path, AZML_LIMIT_KNOWN_HOSTS, NULL, &cause);
    if (text)
        return text;
    if (cause.code == AZML_ERROR_NOT_FOUND)
        return azml_strdup("", err);
    (void)azml_error_move(err, &cause);
    return NULL;
}

/* One line at a time, its end left out of the length. False at the end of the text. */
static bool next_line(const char **rest, const char **line_out, size_t *length_out)
{
    if (!**rest)
        return false;
    *line_out = *rest;
    *length_out = strcspn(*rest, "\n");
    *rest += *length_out;
    *rest += **rest == '\n';
    return true;
}

/* What the lines read so far say. */
struct search {
    const char *alias;
    const uint8_t *blob;
    size_t length;
    bool revoked, known, seen;
    char *kept; /* fingerprint of another key; of the same type where there is one */
    bool kept_same_type;
};

static bool same_type(const uint8_t *blob, size_t length, const struct azml_known_line *line)
{
    struct azml_wire wire = {.at = blob, .left = length};
    size_t name_length;
    const uint8_t *name = azml_wire_string(&wire, &name_length);
    return name && name_length == line->type_length && memcmp(name, line->type, name_length) == 0;
}

static int keep_fingerprint(struct search *search, const struct azml_known_line *line,
                            struct azml_error *err)
{
    bool same = same_type(search->blob, search->length, line);
    if (search->kept && (search->kept_same_type || !same))
        return 0;
    char *fingerprint = azml_ssh_blob_fingerprint(line->blob, line->blob_length, err);
    if (!fingerprint)
        return -1;
    free(search->kept);
    search->kept = fingerprint;
    search->kept_same_type = same;
    return 0;
}

static int weigh(struct search *search, const struct azml_known_line *line, struct azml_error *err)
{
    if (line->marker == AZML_KNOWN_AUTHORITY || !azml_known_line_matches(line, search->alias))
        return 0;
    bool same = line->blob_length == search->length &&
                memcmp(line->blob, search->blob, search->length) == 0;
    if (line->marker == AZML_KNOWN_REVOKED) {
        search->revoked |= same;
        return 0;
    }
    search->seen = true;
    search->known |= same;
    return same ? 0 : keep_fingerprint(search, line, err);
}

int azml_ssh_known_hosts_check(const char *path, const char *alias, const uint8_t *blob,
                               size_t length, enum azml_ssh_host_verdict *verdict_out,
                               char **kept_out, struct azml_error *err)
{
    auto_free char *text = load(path, err);
    if (!text)
        return -1;
    struct search search = {.alias = alias, .blob = blob, .length = length};
    int result = 0;
    const char *rest = text, *at;
    for (size_t size; result == 0 && next_line(&rest, &at, &size);) {
        struct azml_known_line line = {0};
        if (azml_known_line_parse(at, size, &line))
            result = weigh(&search, &line, err);
        azml_known_line_cleanup(&line);
    }
    auto_free char *kept = search.kept;
    if (result < 0)
        return -1;
    *verdict_out = search.revoked ? AZML_SSH_HOST_REVOKED
                   : search.known ? AZML_SSH_HOST_KNOWN
                   : search.seen  ? AZML_SSH_HOST_CHANGED
                                  : AZML_SSH_HOST_NEW;
    if (kept_out)
        *kept_out = *verdict_out == AZML_SSH_HOST_CHANGED ? AZML_STEAL(kept) : NULL;
    return 0;
}

/* Append the algorithms that sign with a key of this type, where they are not there already. */
static void add_algorithms(struct azml_str *list, const struct azml_known_line *line)
{
    static const char rsa[] = "rsa-sha2-512,rsa-sha2-256"; /* "ssh-rsa" itself is SHA-1 */
    bool is_rsa = line->type_length == 7 && memcmp(line->type, "ssh-rsa", 7) == 0;
    const char *name = is_rsa ? rsa : line->type;
    size_t length = is_rsa ? sizeof(rsa) - 1 : line->type_length;
    if (memmem(azml_str_text(list), list->length, name, length))
        return;
    if (list->length)
        azml_str_add_char(list, ',');
    azml_str_add_bytes(list, name, length);
}

char *azml_ssh_known_hosts_algorithms(const char *path, const char *alias, struct azml_error *err)
{
    auto_free char *text = load(path, err);
    if (!text)
        return NULL;
    auto_str struct azml_str list = {0};
    const char *rest = text, *at;
    for (size_t size; next_line(&rest, &at, &size);) {
        struct azml_known_line line = {0};
        if (azml_known_line_parse(at, size, &line) && line.marker == AZML_KNOWN_PLAIN &&
            azml_known_line_matches(&line, alias))
            add_algorithms(&list, &line);
        azml_known_line_cleanup(&line);
    }
    return azml_str_take(&list, err);
}

/* Lock the file against other azml processes; a descriptor for azml_platform_unlock, or -1. */
static int lock(const char *path, struct azml_error *err)
{
    auto_free char *beside = azml_format(err, "%s.lock", path);
    const char *slash = strrchr(path, '/');
    auto_free char *folder = slash ? azml_strndup(path, (size_t)(slash - path), err) : NULL;
    if (!beside || (slash && !folder))
        return -1;
    if (folder && *folder && azml_fs_make_folder(folder, err) < 0)
        return -1;
    return azml_platform_lock(beside, LOCK_WAIT_MS, err);
}

static int append(const char *path, const char *alias, const uint8_t *blob, size_t length,
                  struct azml_error *err)
{
    struct azml_wire wire = {.at = blob, .left = length};
    size_t type_length;
    const char *type = (const char *)azml_wire_string(&wire, &type_length);
    auto_free char *data = azml_base64_encode(blob, length, err);
    auto_free char *text = load(path, err);
    if (!data || !text)
        return -1;
    if (!type)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the host key makes no sense"));
    auto_str struct azml_str all = {0};
    azml_str_add(&all, text);
    if (all.length && all.data[all.length - 1] != '\n')
        azml_str_add_char(&all, '\n');
    azml_str_addf(&all, "%s %.*s %s\n", alias, (int)type_length, type, data);
    size_t size = all.length;
    auto_free char *whole = azml_str_take(&all, err);
    return whole ? azml_fs_write(path, whole, size, 0600, err) : -1;
}

int azml_ssh_known_hosts_add(const char *path, const char *alias, const uint8_t *blob,
                             size_t length, struct azml_error *err)
{
    int held = lock(path, err);
    if (held < 0)
        return azml_error_context(err, _("could not keep the host key in %s"), path);
    enum azml_ssh_host_verdict verdict;
    int result = azml_ssh_known_hosts_check(path, alias, blob, length, &verdict, NULL, err);
    if (result == 0 && verdict != AZML_SSH_HOST_KNOWN)
        result = append(path, alias, blob, length, err);
    azml_platform_unlock(held);
    return result < 0 ? azml_error_context(err, _("could not keep the host key in %s"), path) : 0;
}

/* The text without the alias's lines. */
static void filter(const char *text, const char *alias, struct azml_str *out, size_t *removed)
{
    const char *rest = text, *at;
    for (size_t size; next_line(&rest, &at, &size);) {
        struct azml_known_line line = {0};
        bool goes = azml_known_line_parse(at, size, &line) && line.marker == AZML_KNOWN_PLAIN &&
                    azml_known_line_names(&line, alias);
        azml_known_line_cleanup(&line);
        if (goes)
            (*removed)++;
        else
            azml_str_add_bytes(out, at, (size_t)(rest - at));
    }
}

static int remove_lines(const char *path, const char *alias, size_t *removed,
                        struct azml_error *err)
{
    auto_free char *text = load(path, err);
    if (!text)
        return -1;
    auto_str struct azml_str kept = {0};
    filter(text, alias, &kept, removed);
    if (*removed == 0)
        return 0;
    size_t size = kept.length;
    auto_free char *whole = azml_str_take(&kept, err);
    return whole ? azml_fs_write(path, whole, size, 0600, err) : -1;
}

int azml_ssh_known_hosts_remove(const char *path, const char *alias, size_t *removed_out,
                                struct azml_error *err)
{
    int held = lock(path, err);
    size_t removed = 0;
    int result = held < 0 ? -1 : remove_lines(path, alias, &removed, err);
    if (held >= 0)
        azml_platform_unlock(held);
    if (result < 0)
        return azml_error_context(err, _("could not forget the host key in %s"), path);
    if (removed_out)
        *removed_out = removed;
    return 0;
}
