/* ssh.h - reaching into a compute: does SSH answer, signing in with a key, running a command.
 *
 * Sessions are libssh2's, over a socket of our own, with the host key checked before anything is
 * sent that only the compute may see. Interactive shells are the system's ssh; here is only the
 * list of words to call it with. Nothing here prints or asks. */
#ifndef AZML_SSH_H
#define AZML_SSH_H

#include "azml/clock.h"
#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where to go and as whom. Texts are lent for the call. */
struct azml_ssh_target {
    const char *host;        /* address or name, from the service's answer */
    uint16_t port;           /* properties.sshSettings.sshPort */
    const char *user;        /* properties.sshSettings.adminUserName */
    const char *alias;       /* azml_ssh_host_alias() */
    const char *known_hosts; /* azml_ssh_known_hosts_path() */
    const char *identity;    /* the private key's file */
    uint64_t timeout_ms;     /* to connect, shake hands and sign in; 0: 20 seconds */
};

/* Connect once and read the server's identification (RFC 4253 section 4.2). `banner_out` (may be
 * NULL) gets the line ("SSH-2.0-…"), the caller's. Return 0, or -1 with `err` set:
 * AZML_ERROR_NETWORK where the port refuses, stays silent or resets, AZML_ERROR_PROTOCOL where
 * something else answers. */
int azml_ssh_read_banner(const char *host, uint16_t port, uint64_t timeout_ms, char **banner_out,
                         struct azml_error *err);

/* Try that again and again, a second apart by `clock`, until it answers: the proof behind "SSH
 * answers". Return 0; -1 with the last failure and AZML_ERROR_TIMEOUT after `timeout_ms`, or with
 * AZML_ERROR_INTERRUPTED on Ctrl-C. */
int azml_ssh_wait_banner(const struct azml_clock *clock, const char *host, uint16_t port,
                         uint64_t timeout_ms, char **banner_out, struct azml_error *err);

struct azml_ssh_session;

/* Connect, shake hands, check the host key against `known_hosts` (kept at the first meeting), sign
 * in with the identity. NULL with `err` set: AZML_ERROR_HOST_KEY where the host shows another key
 * than the one kept (both fingerprints in why) or a revoked one, AZML_ERROR_FORBIDDEN where the
 * server does not take the key, AZML_ERROR_USAGE where the identity cannot be used (encrypted,
 * PuTTY's, a public key), AZML_ERROR_NETWORK, AZML_ERROR_INTERRUPTED. */
struct azml_ssh_session *azml_ssh_open(const struct azml_ssh_target *target,
                                       struct azml_error *err);

/* Was the host met for the first time? The fingerprint ("SHA256:…") of its key, lent. */
bool azml_ssh_is_new_host(const struct azml_ssh_session *session);
const char *azml_ssh_host_fingerprint(const struct azml_ssh_session *session);

/* Say goodbye and free. NULL is fine. */
void azml_ssh_close(struct azml_ssh_session *session);

/* The descriptors that stand for the command's own. -1 as stdin: nothing to read. */
struct azml_ssh_streams {
    int stdin_fd, stdout_fd, stderr_fd;
};

/* How the command ended. */
struct azml_ssh_end {
    int exit_code;   /* its own, or 128 + the number of the signal that ended it */
    char signal[16]; /* "KILL", "TERM" …; "" where it ended by itself */
};

/* Run `command` by the user's login shell over there, carry its three streams until it has ended
 * and all output has been passed on. Bytes go through unchanged, the end of stdin is passed on,
 * output is read no faster than stdout takes it. When stdout's reader goes away the command is
 * ended, as by SIGPIPE (141). Ctrl-C is sent on as SIGINT; where the command does not end from it
 * within two seconds, it is left. Return 0 when the command's end is known, else -1 with `err` set
 * (AZML_ERROR_NETWORK where the connection broke, AZML_ERROR_INTERRUPTED). */
int azml_ssh_exec(struct azml_ssh_session *session, const char *command,
                  const struct azml_ssh_streams *streams, struct azml_ssh_end *end_out,
                  struct azml_error *err);

/* The words of a command line joined by blanks, as ssh does it: the other side's shell reads it
 * again. The caller's. */
char *azml_ssh_join_command(const char *const *words, struct azml_error *err);

/* The words to call the system's `ssh` with for an interactive shell on `target`, with our key and
 * our host keys under the alias; NULL-terminated, to be freed with azml_ssh_argv_free. The user's
 * own ssh_config stays in force for the rest (ProxyJump …). */
char **azml_ssh_argv(const struct azml_ssh_target *target, struct azml_error *err);
void azml_ssh_argv_free(char **argv);

#endif
