/* ssh_key.h - SSH key files: made, read, recognised, and judged for Azure ML.
 *
 * Writes OpenSSH's own formats (PROTOCOL.key, RFC 4253 section 6.6). It reads public keys whole,
 * but of private keys only what tells them apart and which public key belongs to them; using a
 * private key to sign in is ssh.h's. It asks for no passphrase and writes no encrypted key. */
#ifndef AZML_SSH_KEY_H
#define AZML_SSH_KEY_H

#include "azml/error.h"
#include "azml/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum azml_ssh_key_type {
    AZML_SSH_KEY_RSA,
    AZML_SSH_KEY_ED25519,
    AZML_SSH_KEY_ECDSA,
    AZML_SSH_KEY_DSA,
    AZML_SSH_KEY_SECURITY, /* kept in a security key (FIDO): sk-… */
    AZML_SSH_KEY_COUNT
};

/* The name that people use: "RSA", "ed25519", "ECDSA", "DSA", "security key". Static text. */
const char *azml_ssh_key_type_name(enum azml_ssh_key_type type);

/* One public key. Zero-initialise; owns its parts. */
struct azml_ssh_public_key {
    enum azml_ssh_key_type type;
    char *algorithm; /* as in the key itself: "ssh-rsa", "ecdsa-sha2-nistp256" */
    char *comment;   /* "" where there is none */
    uint8_t *blob;   /* the key in SSH's wire form, RFC 4253 section 6.6 */
    size_t blob_length;
    unsigned bits;    /* of the modulus or curve, as ssh-keygen -l counts them */
    bool had_options; /* authorized_keys options stood in front; they are not kept */
};

void azml_ssh_public_key_cleanup(struct azml_ssh_public_key *key);

/* Read the one public key of `text` (`length` bytes): a line of OpenSSH's format, where white
 * space, CR/LF, comment lines and options in front are passed over. Return 0, or -1 with an `err`
 * (AZML_ERROR_USAGE) that says what it is instead (a private key, PuTTY's format, PEM, RFC 4716, a
 * cut line, several keys, a certificate). `name` is what to call it in the sentence: a path. */
int azml_ssh_public_key_parse(const char *text, size_t length, const char *name,
                              struct azml_ssh_public_key *key_out, struct azml_error *err);

/* The same for a file ("~/" is expanded). `usage` is the command or option that the file was given
 * to, which hints repeat with a better file ("--ssh-public-key"); NULL leaves such hints out.
 * AZML_ERROR_NOT_FOUND where there is no such file. */
int azml_ssh_public_key_read(const char *path, const char *usage,
                             struct azml_ssh_public_key *key_out, struct azml_error *err);

/* "ssh-rsa AAAA… comment", without a line end, the caller's; NULL with `err` set. */
char *azml_ssh_public_key_line(const struct azml_ssh_public_key *key, struct azml_error *err);

/* "SHA256:…" as ssh-keygen -l prints it, the caller's. The second takes a bare blob. */
char *azml_ssh_public_key_fingerprint(const struct azml_ssh_public_key *key,
                                      struct azml_error *err);
char *azml_ssh_blob_fingerprint(const uint8_t *blob, size_t length, struct azml_error *err);

/* Does Azure ML take this key for a compute? Return 0, or -1 with AZML_ERROR_USAGE, the reason and
 * a hint. RSA of 2048 bits and more is taken for certain; the service's documents and error texts
 * name nothing else (adminPublicKey is described as an RSA public key). With `allow_any` keys of
 * other types pass, for the day that the service takes them; an RSA key that is too short never
 * does. */
int azml_ssh_key_check_azure(const struct azml_ssh_public_key *key, bool allow_any,
                             struct azml_error *err);

/* Read, judge, and give the one line to send as adminPublicKey: what `compute create
 * --ssh-public-key FILE` needs. The caller's, or NULL with `err` set. */
char *azml_ssh_public_key_for_azure(const char *path, const char *usage, bool allow_any,
                                    struct azml_error *err);

/* Which key to make. Zeroes: RSA of 3072 bits, no comment. */
struct azml_ssh_key_request {
    enum azml_ssh_key_type type; /* RSA or ED25519 */
    unsigned bits;               /* RSA: 2048 to 16384, 0: 3072; ed25519: 0 or 256 */
    const char *comment;         /* one line, NULL: none */
};

/* A new key: the public half, and the private half as the text of its file. Zero-initialise. */
struct azml_ssh_key_pair {
    struct azml_ssh_public_key public_key;
    struct azml_secret private_text; /* openssh-key-v1, not encrypted */
};

void azml_ssh_key_pair_cleanup(struct azml_ssh_key_pair *pair);

/* Make a key with OpenSSL's generator. RSA 3072 takes half a second, 4096 up to three. Return 0, or
 * -1 with `err` set (AZML_ERROR_USAGE for a type or size that is not made here). */
int azml_ssh_key_generate(const struct azml_ssh_key_request *request,
                          struct azml_ssh_key_pair *pair_out, struct azml_error *err);

/* Write `path` (0600 from its first byte) and `path`.pub (0644); neither may exist
 * (AZML_ERROR_CONFLICT). Where the second cannot be written the first is taken back. */
int azml_ssh_key_pair_write(const struct azml_ssh_key_pair *pair, const char *path,
                            struct azml_error *err);

/* What a private key file says about itself without being opened. Zero-initialise. */
struct azml_ssh_private_key {
    struct azml_ssh_public_key public_key; /* blob NULL where an encrypted PEM hides it */
    const char *format;                    /* "OpenSSH", "PEM", "PuTTY"; static */
    bool encrypted;                        /* a passphrase is needed to use it */
};

void azml_ssh_private_key_cleanup(struct azml_ssh_private_key *key);

/* Is this the text of a private key of any kind? */
bool azml_ssh_is_private_key(const char *text, size_t length);

/* Look at a private key (OpenSSH, PEM; PuTTY only by name). Return 0, or -1 with `err` set. */
int azml_ssh_private_key_parse(const char *text, size_t length, const char *name,
                               struct azml_ssh_private_key *key_out, struct azml_error *err);

/* The key file that azml keeps for a compute that it made the key for: state/keys/HASH/id_rsa, HASH
 * being SHA-256 over the resource id in small letters. The caller's; nothing is made. */
char *azml_ssh_key_path(const char *resource_id, struct azml_error *err);

/* The private key's file to sign in with at a compute that lets in `public_line` (adminPublicKey as
 * the service shows it; NULL where it is not known): azml's own key for it where that fits, else the
 * key of ~/.ssh whose .pub file fits. The caller's, or NULL with AZML_ERROR_NOT_FOUND. */
char *azml_ssh_find_identity(const char *resource_id, const char *public_line,
                             struct azml_error *err);

#endif
