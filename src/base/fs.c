#include "base/fs.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"

#include <stdlib.h>
#include <string.h>

static char *place(const char *own, const char *xdg, const char *fallback, struct azml_error *err)
{
    const char *given = azml_platform_env(own);
    if (given)
        return azml_strdup(given, err);
    const char *base = azml_platform_env(xdg);
    if (base && base[0] == '/')
        return azml_path_join(base, "azml", err);
    auto_free char *home = azml_platform_home(err);
    return home ? azml_format(err, "%s/%s/azml", home, fallback) : NULL;
}

char *azml_path_config(struct azml_error *err)
{
    return place("AZML_CONFIG_DIR", "XDG_CONFIG_HOME", ".config", err);
}

char *azml_path_state(struct azml_error *err)
{
    return place("AZML_STATE_DIR", "XDG_STATE_HOME", ".local/state", err);
}

char *azml_path_cache(struct azml_error *err)
{
    return place("AZML_CACHE_DIR", "XDG_CACHE_HOME", ".cache", err);
}

char *azml_path_join(const char *folder, const char *name, struct azml_error *err)
{
    size_t length = strlen(folder);
    bool slash = length && folder[length - 1] == '/';
    return azml_format(err, "%s%s%s", folder, slash ? "" : "/", name);
}

char *azml_path_expand(const char *path, struct azml_error *err)
{
    if (path[0] != '~' || (path[1] != '/' && path[1] != '\0'))
        return azml_strdup(path, err);
    auto_free char *home = azml_platform_home(err);
    return home ? azml_format(err, "%s%s", home, path + 1) : NULL;
}

int azml_fs_make_folder(const char *path, struct azml_error *err)
{
    auto_free char *copy = azml_strdup(path, err);
    if (!copy)
        return -1;
    for (char *slash = copy + 1; *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        (void)azml_platform_make_folder(copy, 0700); /* only the last one's failure counts */
        *slash = '/';
    }
    if (azml_platform_make_folder(copy, 0700) < 0)
        return azml_error_set(err, AZML_ERROR_IO, _("could not make the folder %s"), path);
    return 0;
}

char *azml_fs_read(const char *path, size_t limit, size_t *length_out, struct azml_error *err)
{
    int fd = azml_platform_open_read(path, err);
    if (fd < 0)
        return NULL;
    auto_str struct azml_str text = {.limit = limit};
    char block[16384];
    int64_t got;
    while ((got = azml_platform_read(fd, block, sizeof(block))) > 0 && !text.failed)
        azml_str_add_bytes(&text, block, (size_t)got);
    azml_wipe(block, sizeof(block)); /* it may have been a key */
    azml_platform_close(fd);
    if (got < 0) {
        azml_error_set(err, AZML_ERROR_IO, _("could not read %s"), path);
        return NULL;
    }
    if (text.failed) {
        azml_error_set(err, AZML_ERROR_IO, _("%s is larger than %zu bytes"), path, limit);
        return NULL;
    }
    if (length_out)
        *length_out = text.length;
    return azml_str_take(&text, err);
}

/* Write all and sync; the descriptor is closed in any case. */
static int fill(int fd, const void *bytes, size_t length, struct azml_error *err)
{
    int result = azml_platform_write_all(fd, bytes, length, err);
    if (result == 0 && azml_platform_sync(fd) < 0)
        result = azml_error_set(err, AZML_ERROR_IO, _("could not write to the disk"));
    azml_platform_close(fd);
    return result;
}

int azml_fs_create(const char *path, const void *bytes, size_t length, unsigned mode,
                   struct azml_error *err)
{
    int fd = azml_platform_create_file(path, mode ? mode : 0600, err);
    if (fd < 0)
        return -1;
    if (fill(fd, bytes, length, err) < 0) {
        (void)azml_platform_unlink(path);
        return azml_error_context(err, _("could not write %s"), path);
    }
    return 0;
}

int azml_fs_write(const char *path, const void *bytes, size_t length, unsigned mode,
                  struct azml_error *err)
{
    char id[37];
    azml_platform_uuid(id);
    auto_free char *beside = azml_format(err, "%s.%.8s.tmp", path, id);
    if (!beside || azml_fs_create(beside, bytes, length, mode, err) < 0)
        return -1;
    if (azml_platform_rename(beside, path, err) < 0) {
        (void)azml_platform_unlink(beside);
        return -1;
    }
    return 0;
}

bool azml_fs_exists(const char *path)
{
    struct azml_platform_stat stat;
    return azml_platform_stat(path, &stat) == 0;
}

bool azml_fs_is_folder(const char *path)
{
    struct azml_platform_stat stat;
    return azml_platform_stat(path, &stat) == 0 && stat.is_folder;
}

int azml_fs_remove(const char *path, struct azml_error *err)
{
    if (azml_platform_unlink(path) < 0)
        return azml_error_set(err, AZML_ERROR_IO, _("could not remove %s"), path);
    return 0;
}

struct removal {
    const char *folder;
    struct azml_error *err;
};

static int remove_entry(void *data, const char *name)
{
    const struct removal *removal = data;
    auto_free char *path = azml_path_join(removal->folder, name, removal->err);
    return path ? azml_fs_remove_tree(path, removal->err) : -1;
}

int azml_fs_remove_tree(const char *path, struct azml_error *err)
{
    if (!azml_fs_is_folder(path))
        return azml_fs_remove(path, err);
    struct removal removal = {path, err};
    if (azml_platform_list_folder(path, remove_entry, &removal) != 0)
        return azml_error_context(err, _("could not empty the folder %s"), path);
    if (azml_platform_rmdir(path) < 0)
        return azml_error_set(err, AZML_ERROR_IO, _("could not remove the folder %s"), path);
    return 0;
}
