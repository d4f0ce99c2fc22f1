#include "azml/ssh_key.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "ssh/id_hash.h"
#include "ssh/key.h"
#include "ssh/key_text.h"
#include "ssh/wire.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

void azml_ssh_private_key_cleanup(struct azml_ssh_private_key *key)
{
    if (!key)
        return;
    azml_ssh_public_key_cleanup(&key->public_key);
    *key = (struct azml_ssh_private_key){0};
}

bool azml_ssh_is_private_key(const char *text, size_t length)
{
    switch (azml_key_text_of(text, length)) {
    case AZML_KEY_TEXT_PUTTY:
    case AZML_KEY_TEXT_OPENSSH_PRIVATE:
    case AZML_KEY_TEXT_PEM_PRIVATE:
    case AZML_KEY_TEXT_SSH2_PRIVATE:
        return true;
    case AZML_KEY_TEXT_EMPTY:
    case AZML_KEY_TEXT_UTF16:
    case AZML_KEY_TEXT_BINARY:
    case AZML_KEY_TEXT_PEM_PUBLIC:
    case AZML_KEY_TEXT_PEM_RSA_PUBLIC:
    case AZML_KEY_TEXT_SSH2_PUBLIC:
    case AZML_KEY_TEXT_X509:
    case AZML_KEY_TEXT_PEM_OTHER:
    case AZML_KEY_TEXT_LINES:
        break;
    }
    return false;
}

static int broken(const char *name, struct azml_error *err)
{
    return azml_error_set(err, AZML_ERROR_USAGE, _("the private key in %s is damaged or cut off"),
                          name);
}

/* The bytes between the BEGIN and END lines into `bytes_out`; false where they are not there. */
static bool unwrap(const char *text, struct azml_secret *bytes_out)
{
    const char *start = strstr(text, "KEY-----");
    const char *end = start ? strstr(start + 8, "-----END ") : NULL;
    if (!end)
        return false;
    start += 8;
    char *packed = malloc((size_t)(end - start) + 1);
    size_t count = 0, length = 0;
    for (; packed && start < end; start++)
        if (!strchr(" \t\r\n", *start))
            packed[count++] = *start;
    auto_secret struct azml_secret digits = {0};
    azml_secret_adopt(&digits, packed, count);
    uint8_t *bytes = packed ? azml_base64_decode(packed, count, &length, NULL) : NULL;
    azml_secret_adopt(bytes_out, (char *)bytes, length);
    return bytes != NULL;
}

/* How many strings of the private section stand between the algorithm and the comment; 0 where the
 * comment is not looked for. */
static unsigned private_fields(enum azml_ssh_key_type type)
{
    static const unsigned fields[AZML_SSH_KEY_COUNT] = {
        [AZML_SSH_KEY_RSA] = 6,
        [AZML_SSH_KEY_ED25519] = 2,
        [AZML_SSH_KEY_ECDSA] = 3,
        [AZML_SSH_KEY_DSA] = 5,
    };
    return fields[type];
}

/* The comment that stands behind the private numbers, into the key; false where it is damaged. */
static bool read_comment(const uint8_t *section, size_t section_length,
                         struct azml_ssh_public_key *key)
{
    struct azml_wire wire = {.at = section, .left = section_length};
    uint32_t check = azml_wire_u32(&wire);
    if (azml_wire_u32(&wire) != check || !azml_wire_is_text(&wire, key->algorithm))
        return false;
    size_t length = 0;
    unsigned fields = private_fields(key->type);
    for (unsigned i = 0; i < fields; i++)
        (void)azml_wire_string(&wire, &length);
    const uint8_t *comment = fields ? azml_wire_string(&wire, &length) : NULL;
    char *copy = comment ? azml_strndup((const char *)comment, length, NULL) : NULL;
    if (copy) {
        free(key->comment);
        key->comment = copy;
    }
    return !wire.failed;
}

static int parse_openssh(const char *text, const char *name, struct azml_ssh_private_key *key,
                         struct azml_error *err)
{
    static const char magic[] = "openssh-key-v1";
    auto_secret struct azml_secret bytes = {0};
    if (!unwrap(text, &bytes) || bytes.length < sizeof(magic) ||
        memcmp(azml_secret_reveal(&bytes), magic, sizeof(magic)) != 0)
        return broken(name, err);

    struct azml_wire wire = {.at = (const uint8_t *)azml_secret_reveal(&bytes) + sizeof(magic),
                             .left = bytes.length - sizeof(magic)};
    size_t length, blob_length, section_length;
    key->format = "OpenSSH";
    key->encrypted = !azml_wire_is_text(&wire, "none");
    (void)azml_wire_string(&wire, &length); /* key derivation */
    (void)azml_wire_string(&wire, &length); /* and its options */
    if (azml_wire_u32(&wire) != 1)
        return broken(name, err);
    const uint8_t *blob = azml_wire_string(&wire, &blob_length);
    const uint8_t *section = azml_wire_string(&wire, &section_length);
    if (!section || azml_ssh_public_key_from_blob(blob, blob_length, &key->public_key, NULL) < 0)
        return broken(name, err);
    if (!key->encrypted && !read_comment(section, section_length, &key->public_key))
        return broken(name, err);
    return 0;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is OpenSSL's pem_password_cb */
static int no_passphrase(char *buffer, int size, int writing, void *asked)
{
    (void)buffer;
    (void)size;
    (void)writing;
    *(bool *)asked = true;
    return -1;
}

static int parse_pem(const char *text, size_t length, const char *name,
                     struct azml_ssh_private_key *key, struct azml_error *err)
{
    key->format = "PEM";
    BIO *bio = BIO_new_mem_buf(text, (int)length);
    if (!bio)
        return azml_error_memory(err);
    auto_pkey EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &key->encrypted);
    BIO_free(bio);
    ERR_clear_error();
    if (!pkey)
        return key->encrypted ? 0 : broken(name, err);
    key->encrypted = false;
    size_t blob_length;
    auto_free uint8_t *blob = azml_ssh_blob_of_pkey(pkey, &blob_length, err);
    if (!blob)
        return azml_error_context(err, _("%s cannot be used for SSH"), name);
    return azml_ssh_public_key_from_blob(blob, blob_length, &key->public_key, err);
}

static int refuse(const char *text, size_t length, const char *name, struct azml_error *err)
{
    auto_public_key struct azml_ssh_public_key key = {0};
    if (azml_ssh_public_key_parse(text, length, name, &key, NULL) == 0)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              _("%s is a public key; the private one is needed here"), name);
    return azml_error_set(err, AZML_ERROR_USAGE, _("%s is no private key"), name);
}

int azml_ssh_private_key_parse(const char *text, size_t length, const char *name,
                               struct azml_ssh_private_key *key_out, struct azml_error *err)
{
    auto_private_key struct azml_ssh_private_key key = {0};
    enum azml_key_text kind = azml_key_text_of(text, length);
    int result;
    if (kind == AZML_KEY_TEXT_OPENSSH_PRIVATE) {
        result = parse_openssh(text, name, &key, err);
    } else if (kind == AZML_KEY_TEXT_PEM_PRIVATE) {
        result = parse_pem(text, length, name, &key, err);
    } else if (kind == AZML_KEY_TEXT_PUTTY) {
        azml_error_set(err, AZML_ERROR_USAGE, _("%s is PuTTY's file, which SSH cannot use"), name);
        return azml_error_hint(err, "puttygen %s -O private-openssh -o key", name);
    } else {
        return refuse(text, length, name, err);
    }
    if (result < 0)
        return -1;
    *key_out = key;
    key = (struct azml_ssh_private_key){0};
    return 0;
}

char *azml_ssh_key_path(const char *resource_id, struct azml_error *err)
{
    auto_free char *hash = azml_ssh_id_hash(resource_id, NULL, err);
    auto_free char *state = azml_path_state(err);
    return hash && state ? azml_format(err, "%s/keys/%s/id_rsa", state, hash) : NULL;
}
