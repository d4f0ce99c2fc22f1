#include "ssh/key.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "ssh/key_pkey.h"
#include "ssh/wire.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <string.h>

enum {
    DEFAULT_BITS = 3072,
    LEAST_BITS = 2048, /* what Azure ML takes at least */
    MOST_BITS = 16384, /* what OpenSSH takes at most */
    LINE_DIGITS = 70,  /* of base64, as ssh-keygen breaks them */
    PRIVATE_ROOM =
        65536 /* a key of the largest size fits, so that no copy is left behind by growing */
};

void azml_ssh_key_pair_cleanup(struct azml_ssh_key_pair *pair)
{
    if (!pair)
        return;
    azml_ssh_public_key_cleanup(&pair->public_key);
    azml_secret_cleanup(&pair->private_text);
}

/* Text that never moves while it grows, and is wiped by secret_str_cleanup. */
static struct azml_str secret_str(void)
{
    struct azml_str str = {.limit = PRIVATE_ROOM - 1, .data = malloc(PRIVATE_ROOM)};
    str.room = str.data ? PRIVATE_ROOM : 0;
    str.failed = !str.data;
    return str;
}

static void secret_str_cleanup(struct azml_str *str)
{
    if (str->data)
        azml_wipe(str->data, str->room);
    azml_str_cleanup(str);
}
#define auto_secret_str __attribute__((cleanup(secret_str_cleanup)))

static EVP_PKEY *make_pkey(const struct azml_ssh_key_request *request, struct azml_error *err)
{
    unsigned bits = request->bits;
    EVP_PKEY *pkey = NULL;
    if (request->type == AZML_SSH_KEY_RSA) {
        bits = bits ? bits : DEFAULT_BITS;
        if (bits < LEAST_BITS || bits > MOST_BITS) {
            azml_error_set(err, AZML_ERROR_USAGE, _("an RSA key has %d to %d bits, not %u"),
                           LEAST_BITS, MOST_BITS, bits);
            return NULL;
        }
        pkey = EVP_RSA_gen(bits);
    } else if (request->type == AZML_SSH_KEY_ED25519) {
        if (bits && bits != 256) {
            azml_error_set(err, AZML_ERROR_USAGE, _("an ed25519 key always has 256 bits, not %u"),
                           bits);
            return NULL;
        }
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    } else {
        azml_error_set(err, AZML_ERROR_USAGE, _("azml makes RSA and ed25519 keys, no %s keys"),
                       azml_ssh_key_type_name(request->type));
        return NULL;
    }
    if (!pkey)
        azml_error_set(err, AZML_ERROR_FAILED, _("OpenSSL could not make the key"));
    return pkey;
}

static bool put_private_rsa(struct azml_str *out, const EVP_PKEY *pkey)
{
    static const char *const numbers[] = {
        OSSL_PKEY_PARAM_RSA_N,       OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,       OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
        OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2};
    azml_wire_put_text(out, "ssh-rsa");
    for (size_t i = 0; i < AZML_COUNT(numbers); i++)
        if (!azml_ssh_put_number(out, pkey, numbers[i]))
            return false;
    return true;
}

static bool put_private_ed25519(struct azml_str *out, const EVP_PKEY *pkey)
{
    unsigned char pair[64]; /* the seed, then the public half */
    size_t seed = 32, half = 32;
    bool done = EVP_PKEY_get_raw_private_key(pkey, pair, &seed) &&
                EVP_PKEY_get_raw_public_key(pkey, pair + 32, &half);
    if (done) {
        azml_wire_put_text(out, "ssh-ed25519");
        azml_wire_put_string(out, pair + 32, half);
        azml_wire_put_string(out, pair, sizeof(pair));
    }
    azml_wipe(pair, sizeof(pair));
    return done;
}

/* The part that a passphrase would encrypt (PROTOCOL.key, section 3). */
static bool put_private(struct azml_str *out, const EVP_PKEY *pkey, const char *comment)
{
    uint8_t check[4];
    azml_platform_random(check, sizeof(check));
    azml_str_add_bytes(out, check, sizeof(check));
    azml_str_add_bytes(out, check, sizeof(check));
    bool done = EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA ? put_private_rsa(out, pkey)
                                                           : put_private_ed25519(out, pkey);
    azml_wire_put_text(out, comment);
    for (char pad = 1; out->length % 8; pad++)
        azml_str_add_char(out, pad);
    return done;
}

/* openssh-key-v1 around it, in lines of base64. */
static int wrap(const struct azml_str *section, const struct azml_ssh_public_key *public_key,
                struct azml_secret *text_out, struct azml_error *err)
{
    auto_secret_str struct azml_str body = secret_str(), text = secret_str();
    azml_str_add_bytes(&body, "openssh-key-v1", sizeof("openssh-key-v1"));
    azml_wire_put_text(&body, "none"); /* cipher */
    azml_wire_put_text(&body, "none"); /* key derivation */
    azml_wire_put_text(&body, "");     /* and its options */
    azml_wire_put_u32(&body, 1);
    azml_wire_put_string(&body, public_key->blob, public_key->blob_length);
    azml_wire_put_string(&body, section->data, section->length);
    if (section->failed || body.failed)
        return azml_error_memory(err);

    struct azml_secret digits = {0};
    char *encoded = azml_base64_encode(body.data, body.length, err);
    if (!encoded)
        return -1;
    azml_secret_adopt(&digits, encoded, strlen(encoded));
    azml_str_add(&text, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    for (size_t at = 0; at < digits.length; at += LINE_DIGITS) {
        size_t left = digits.length - at;
        azml_str_add_bytes(&text, encoded + at, left < LINE_DIGITS ? left : LINE_DIGITS);
        azml_str_add_char(&text, '\n');
    }
    azml_secret_cleanup(&digits);
    azml_str_add(&text, "-----END OPENSSH PRIVATE KEY-----\n");
    if (text.failed)
        return azml_error_memory(err);
    return azml_secret_set(text_out, text.data, text.length, err);
}

static int check_comment(const char *comment, struct azml_error *err)
{
    for (const char *c = comment; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return azml_error_set(err, AZML_ERROR_USAGE,
                                  _("the key's comment has to be one line of plain text"));
    return 0;
}

static int public_half(const EVP_PKEY *pkey, const char *comment,
                       struct azml_ssh_public_key *key_out, struct azml_error *err)
{
    size_t length;
    auto_free uint8_t *blob = azml_ssh_blob_of_pkey(pkey, &length, err);
    auto_free char *copy = azml_strdup(comment, err);
    if (!blob || !copy || azml_ssh_public_key_from_blob(blob, length, key_out, err) < 0)
        return -1;
    free(key_out->comment);
    key_out->comment = AZML_STEAL(copy);
    return 0;
}

int azml_ssh_key_generate(const struct azml_ssh_key_request *request,
                          struct azml_ssh_key_pair *pair_out, struct azml_error *err)
{
    const char *comment = request->comment ? request->comment : "";
    if (check_comment(comment, err) < 0)
        return -1;
    auto_pkey EVP_PKEY *pkey = make_pkey(request, err);
    if (!pkey)
        return -1;
    auto_secret_str struct azml_str section = secret_str();
    if (!put_private(&section, pkey, comment))
        return azml_error_set(err, AZML_ERROR_FAILED, _("OpenSSL did not give the key's numbers"));

    struct azml_ssh_key_pair pair = {0};
    if (public_half(pkey, comment, &pair.public_key, err) < 0 ||
        wrap(&section, &pair.public_key, &pair.private_text, err) < 0) {
        azml_ssh_key_pair_cleanup(&pair);
        return -1;
    }
    *pair_out = pair;
    return 0;
}

/* Make the folder that `path` is in, where it is missing. */
static int make_parent(const char *path, struct azml_error *err)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return 0;
    auto_free char *folder = azml_strndup(path, (size_t)(slash - path), err);
    if (!folder)
        return -1;
    return azml_fs_is_folder(folder) ? 0 : azml_fs_make_folder(folder, err);
}

static int refuse_existing(const char *path, struct azml_error *err)
{
    if (!azml_fs_exists(path))
        return 0;
    azml_error_set(err, AZML_ERROR_CONFLICT, _("%s exists already and is never overwritten"), path);
    return azml_error_hint(err, "azml ssh-key show %s", path);
}

/* A new file that is there whole or not at all, and takes no other's place. */
static int create_whole(const char *path, const char *bytes, size_t length, unsigned mode,
                        struct azml_error *err)
{
    char id[37];
    azml_platform_uuid(id);
    auto_free char *beside = azml_format(err, "%s.%.8s.tmp", path, id);
    if (!beside || azml_fs_create(beside, bytes, length, mode, err) < 0)
        return -1;
    if (azml_platform_rename_new(beside, path, err) == 0)
        return 0;
    (void)azml_platform_unlink(beside);
    return -1;
}

int azml_ssh_key_pair_write(const struct azml_ssh_key_pair *pair, const char *path,
                            struct azml_error *err)
{
    auto_free char *file = azml_path_expand(path, err);
    auto_free char *public_file = file ? azml_format(err, "%s.pub", file) : NULL;
    auto_free char *line = azml_ssh_public_key_line(&pair->public_key, err);
    auto_free char *text = line ? azml_format(err, "%s\n", line) : NULL;
    if (!public_file || !text)
        return -1;
    if (refuse_existing(file, err) < 0 || refuse_existing(public_file, err) < 0 ||
        make_parent(file, err) < 0)
        return -1;
    if (create_whole(file, azml_secret_reveal(&pair->private_text), pair->private_text.length, 0600,
                     err) < 0)
        return -1;
    if (create_whole(public_file, text, strlen(text), 0644, err) < 0) {
        (void)azml_platform_unlink(file);
        return -1;
    }
    return 0;
}
