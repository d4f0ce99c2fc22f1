#include "azml/ssh_key.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/platform.h"
#include "ssh/key.h"

#include <string.h>

/* Does the public key in that file belong to `wanted`? A file that is none does not. */
static bool fits(const char *path, const struct azml_ssh_public_key *wanted)
{
    auto_public_key struct azml_ssh_public_key key = {0};
    return azml_ssh_public_key_read(path, NULL, &key, NULL) == 0 &&
           key.blob_length == wanted->blob_length &&
           memcmp(key.blob, wanted->blob, key.blob_length) == 0;
}

/* The same for a private key that says what its public half is. */
static bool private_fits(const char *path, const struct azml_ssh_public_key *wanted)
{
    auto_private_key struct azml_ssh_private_key key = {0};
    auto_secret struct azml_secret text = {0};
    size_t length = 0;
    char *bytes = azml_fs_read(path, AZML_LIMIT_KEY_FILE, &length, NULL);
    if (!bytes)
        return false;
    azml_secret_adopt(&text, bytes, length);
    return azml_ssh_private_key_parse(bytes, length, path, &key, NULL) == 0 &&
           key.public_key.blob && key.public_key.blob_length == wanted->blob_length &&
           memcmp(key.public_key.blob, wanted->blob, wanted->blob_length) == 0;
}

struct hunt {
    const char *folder;
    const struct azml_ssh_public_key *wanted;
    char *found;
};

/* One file of ~/.ssh: X.pub that fits, with X beside it. */
static int look(void *data, const char *name)
{
    struct hunt *hunt = data;
    if (!azml_has_suffix(name, ".pub"))
        return 0;
    auto_free char *path = azml_path_join(hunt->folder, name, NULL);
    if (!path || !fits(path, hunt->wanted))
        return 0;
    path[strlen(path) - 4] = '\0';
    if (!azml_fs_exists(path))
        return 0;
    hunt->found = AZML_STEAL(path);
    return 1;
}

static char *search_home(const struct azml_ssh_public_key *wanted)
{
    auto_free char *folder = azml_path_expand("~/.ssh", NULL);
    struct hunt hunt = {.folder = folder, .wanted = wanted};
    if (folder)
        (void)azml_platform_list_folder(folder, look, &hunt);
    return hunt.found;
}

char *azml_ssh_find_identity(const char *resource_id, const char *public_line,
                             struct azml_error *err)
{
    auto_free char *kept = azml_ssh_key_path(resource_id, err);
    if (!kept)
        return NULL;
    auto_public_key struct azml_ssh_public_key wanted = {0};
    bool known = public_line && azml_ssh_public_key_parse(public_line, strlen(public_line), "",
                                                          &wanted, NULL) == 0;
    if (azml_fs_exists(kept) && (!known || private_fits(kept, &wanted)))
        return AZML_STEAL(kept);
    char *found = known ? search_home(&wanted) : NULL;
    if (found)
        return found;
    azml_error_set(err, AZML_ERROR_NOT_FOUND,
                   _("no private key for this compute was found on this machine"));
    auto_free char *fingerprint = known ? azml_ssh_public_key_fingerprint(&wanted, NULL) : NULL;
    if (fingerprint)
        azml_error_why(err, _("it lets in %s; neither azml's own keys nor ~/.ssh/*.pub hold that"),
                       fingerprint);
    azml_error_hint(err, _("--identity FILE with the private key"));
    return NULL;
}
