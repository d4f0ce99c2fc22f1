#include "azml/ssh_key.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "ssh/key.h"

enum { LEAST_RSA_BITS = 2048, MOST_RSA_BITS = 16384 };

int azml_ssh_key_check_azure(const struct azml_ssh_public_key *key, bool allow_any,
                             struct azml_error *err)
{
    if (key->type != AZML_SSH_KEY_RSA) {
        if (allow_any)
            return 0;
        azml_error_set(err, AZML_ERROR_USAGE,
                       _("this is a key of type %s; Azure ML computes take RSA keys"),
                       azml_ssh_key_type_name(key->type));
        azml_error_why(err, _("the service's documents and error texts name no other type"));
        return azml_error_hint(err, "azml ssh-key generate ~/.ssh/azml_rsa --type rsa");
    }
    if (key->bits < LEAST_RSA_BITS) {
        azml_error_set(err, AZML_ERROR_USAGE,
                       _("this RSA key has %u bits; Azure ML computes take %d and more"), key->bits,
                       LEAST_RSA_BITS);
        return azml_error_hint(err, "azml ssh-key generate ~/.ssh/azml_rsa --type rsa");
    }
    if (key->bits > MOST_RSA_BITS) {
        azml_error_set(err, AZML_ERROR_USAGE,
                       _("this RSA key has %u bits; an SSH server takes %d at most"), key->bits,
                       MOST_RSA_BITS);
        return azml_error_hint(err, "azml ssh-key generate ~/.ssh/azml_rsa --type rsa");
    }
    return 0;
}

char *azml_ssh_public_key_for_azure(const char *path, const char *usage, bool allow_any,
                                    struct azml_error *err)
{
    auto_public_key struct azml_ssh_public_key key = {0};
    if (azml_ssh_public_key_read(path, usage, &key, err) < 0)
        return NULL;
    if (azml_ssh_key_check_azure(&key, allow_any, err) < 0) {
        azml_error_context(err, _("%s cannot be used for a compute"), path);
        return NULL;
    }
    return azml_ssh_public_key_line(&key, err);
}
