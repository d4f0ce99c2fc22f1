/* ssh_known_hosts.h - the host keys of computes, in a file of OpenSSH's format (sshd(8)).
 *
 * A compute is known by an alias, never by its address: address and port change at every start. The
 * file is read leniently (a line that makes no sense is passed over and kept as it is), since ssh
 * itself writes to it too. It decides nothing about connections; ssh.h does. */
#ifndef AZML_SSH_KNOWN_HOSTS_H
#define AZML_SSH_KNOWN_HOSTS_H

#include "azml/error.h"

#include <stddef.h>
#include <stdint.h>

/* "azml-" and 32 hexadecimal digits of SHA-256 over the resource id (in small letters) and
 * `created_on` (systemData.createdAt or properties.createdOn, as it came; NULL counts as ""): a
 * compute made anew under the same name is another machine. The caller's. */
char *azml_ssh_host_alias(const char *resource_id, const char *created_on, struct azml_error *err);

/* state/known_hosts, the caller's; not made. */
char *azml_ssh_known_hosts_path(struct azml_error *err);

enum azml_ssh_host_verdict {
    AZML_SSH_HOST_NEW,     /* nothing is kept for this alias */
    AZML_SSH_HOST_KNOWN,   /* the very key is kept */
    AZML_SSH_HOST_CHANGED, /* keys are kept, of this type or others, and this is none of them */
    AZML_SSH_HOST_REVOKED  /* a @revoked line names this key; wins over everything */
};

/* What the file at `path` says about `alias` showing the key `blob`. A missing file knows nobody.
 * `kept_out` (may be NULL) gets the fingerprint of the key kept instead where CHANGED, else NULL;
 * the caller's. Plain, hashed and wildcard host fields and @revoked are honoured; @cert-authority
 * lines are passed over. Return 0, or -1 with `err` set where the file cannot be read. */
int azml_ssh_known_hosts_check(const char *path, const char *alias, const uint8_t *blob,
                               size_t length, enum azml_ssh_host_verdict *verdict_out,
                               char **kept_out, struct azml_error *err);

/* The host key algorithms to ask for first, comma-separated, since the file has keys of these types
 * for `alias` ("rsa-sha2-512,rsa-sha2-256" for a kept ssh-rsa key); "" where it is not known. A
 * host that has several keys is then not taken for a changed one. The caller's. */
char *azml_ssh_known_hosts_algorithms(const char *path, const char *alias, struct azml_error *err);

/* Keep a key for `alias`; the file and its folder are made where missing, the file replaced
 * atomically and all its other lines kept byte for byte. Nothing happens where it is kept already.
 */
int azml_ssh_known_hosts_add(const char *path, const char *alias, const uint8_t *blob,
                             size_t length, struct azml_error *err);

/* Forget every key of `alias` (its @revoked lines stay). `removed_out` (may be NULL) gets how many.
 */
int azml_ssh_known_hosts_remove(const char *path, const char *alias, size_t *removed_out,
                                struct azml_error *err);

#endif
