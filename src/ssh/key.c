#include "ssh/key.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/i18n.h"
#include "ssh/wire.h"

#include <openssl/evp.h>
#include <string.h>

/* What follows the name in a blob: m an mpint, M the mpint whose size is the key's, c the curve's
 * name, 32 a string of 32 bytes, s any string. */
static const struct algorithm {
    const char *name, *fields, *curve;
    enum azml_ssh_key_type type;
    unsigned bits;
} algorithms[] = {
    {"ssh-rsa",                            "mM",   NULL,       AZML_SSH_KEY_RSA,      0  },
    {"ssh-ed25519",                        "e",    NULL,       AZML_SSH_KEY_ED25519,  256},
    {"ecdsa-sha2-nistp256",                "cs",   "nistp256", AZML_SSH_KEY_ECDSA,    256},
    {"ecdsa-sha2-nistp384",                "cs",   "nistp384", AZML_SSH_KEY_ECDSA,    384},
    {"ecdsa-sha2-nistp521",                "cs",   "nistp521", AZML_SSH_KEY_ECDSA,    521},
    {"ssh-dss",                            "Mmmm", NULL,       AZML_SSH_KEY_DSA,      0  },
    {"sk-ssh-ed25519@openssh.com",         "es",   NULL,       AZML_SSH_KEY_SECURITY, 256},
    {"sk-ecdsa-sha2-nistp256@openssh.com", "css",  "nistp256", AZML_SSH_KEY_SECURITY, 256},
};

static const char *const type_names[AZML_SSH_KEY_COUNT] = {
    [AZML_SSH_KEY_RSA] = "RSA",
    [AZML_SSH_KEY_ED25519] = "ed25519",
    [AZML_SSH_KEY_ECDSA] = "ECDSA",
    [AZML_SSH_KEY_DSA] = "DSA",
    [AZML_SSH_KEY_SECURITY] = "security key",
};

const char *azml_ssh_key_type_name(enum azml_ssh_key_type type)
{
    return (unsigned)type < AZML_SSH_KEY_COUNT ? type_names[type] : "?";
}

void azml_ssh_public_key_cleanup(struct azml_ssh_public_key *key)
{
    if (!key)
        return;
    free(key->algorithm);
    free(key->comment);
    free(key->blob);
    *key = (struct azml_ssh_public_key){0};
}

static const struct algorithm *find_algorithm(const char *name, size_t length)
{
    for (size_t i = 0; i < AZML_COUNT(algorithms); i++)
        if (strlen(algorithms[i].name) == length && memcmp(algorithms[i].name, name, length) == 0)
            return &algorithms[i];
    return NULL;
}

bool azml_ssh_algorithm_type(const char *name, size_t length, enum azml_ssh_key_type *type_out)
{
    const struct algorithm *found = find_algorithm(name, length);
    if (found)
        *type_out = found->type;
    return found != NULL;
}

/* Read one field; false where it is not what it should be. */
static bool read_field(struct azml_wire *wire, char field, const struct algorithm *algorithm,
                       unsigned *bits)
{
    size_t length;
    unsigned size;
    switch (field) {
    case 'm':
    case 'M':
        size = azml_wire_mpint_bits(wire);
        if (field == 'M')
            *bits = size;
        return size > 0;
    case 'c':
        return azml_wire_is_text(wire, algorithm->curve);
    case 'e':
        return azml_wire_string(wire, &length) && length == 32;
    default:
        return azml_wire_string(wire, &length) && length > 0;
    }
}

static int broken(struct azml_error *err)
{
    return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the key's data are damaged or cut off"));
}

int azml_ssh_public_key_from_blob(const uint8_t *blob, size_t length,
                                  struct azml_ssh_public_key *key_out, struct azml_error *err)
{
    struct azml_wire wire = {.at = blob, .left = length};
    size_t name_length;
    const uint8_t *name = azml_wire_string(&wire, &name_length);
    if (!name)
        return broken(err);
    const struct algorithm *algorithm = find_algorithm((const char *)name, name_length);
    if (!algorithm)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the key is of an unknown type"));

    unsigned bits = algorithm->bits;
    for (const char *field = algorithm->fields; *field; field++)
        if (!read_field(&wire, *field, algorithm, &bits))
            return broken(err);
    if (wire.failed || wire.left)
        return broken(err);

    auto_public_key struct azml_ssh_public_key key = {.type = algorithm->type, .bits = bits};
    key.algorithm = azml_strdup(algorithm->name, err);
    key.comment = azml_strdup("", err);
    key.blob = malloc(length);
    key.blob_length = length;
    if (!key.algorithm || !key.comment || !key.blob)
        return azml_error_memory(err);
    memcpy(key.blob, blob, length);
    azml_ssh_public_key_move(key_out, &key);
    return 0;
}

char *azml_ssh_public_key_line(const struct azml_ssh_public_key *key, struct azml_error *err)
{
    auto_free char *data = azml_base64_encode(key->blob, key->blob_length, err);
    if (!data)
        return NULL;
    const char *blank = key->comment && *key->comment ? " " : "";
    return azml_format(err, "%s %s%s%s", key->algorithm, data, blank, *blank ? key->comment : "");
}

char *azml_ssh_blob_fingerprint(const uint8_t *blob, size_t length, struct azml_error *err)
{
    unsigned char digest[32];
    size_t digest_length = sizeof(digest);
    if (!EVP_Q_digest(NULL, "SHA256", NULL, blob, length, digest, &digest_length)) {
        azml_error_set(err, AZML_ERROR_FAILED, _("OpenSSL could not compute SHA-256"));
        return NULL;
    }
    auto_free char *text = azml_base64_encode(digest, digest_length, err);
    if (!text)
        return NULL;
    text[strcspn(text, "=")] = '\0';
    return azml_format(err, "SHA256:%s", text);
}

char *azml_ssh_public_key_fingerprint(const struct azml_ssh_public_key *key, struct azml_error *err)
{
    return azml_ssh_blob_fingerprint(key->blob, key->blob_length, err);
}
