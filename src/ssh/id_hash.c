#include "ssh/id_hash.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/str.h"

#include <openssl/evp.h>
#include <string.h>

char *azml_ssh_id_hash(const char *resource_id, const char *created_on, struct azml_error *err)
{
    auto_free char *text = azml_strdup(resource_id, err);
    if (!text)
        return NULL;
    azml_lower(text); /* ids are compared without regard to case */
    auto_free char *both = created_on ? azml_format(err, "%s\n%s", text, created_on) : NULL;
    if (created_on && !both)
        return NULL;
    const char *hashed = both ? both : text;

    unsigned char digest[32];
    size_t length = sizeof(digest);
    if (!EVP_Q_digest(NULL, "SHA256", NULL, hashed, strlen(hashed), digest, &length)) {
        azml_error_set(err, AZML_ERROR_FAILED, _("OpenSSL could not compute SHA-256"));
        return NULL;
    }
    auto_str struct azml_str hex = {0};
    for (size_t i = 0; i < 16; i++)
        azml_str_addf(&hex, "%02x", digest[i]);
    return azml_str_take(&hex, err);
}
