#include "ssh/session.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/platform.h"
#include "ssh/host_key.h"
#include "ssh/key.h"

#include <string.h>

enum {
    TIMEOUT_MS = 20000,
    GOODBYE_MS = 1000,
    KEEPALIVE_S = 30 /* the service's load balancers drop what is silent for four minutes */
};

/* The private key as this program holds it. */
struct identity {
    struct azml_secret text;
    struct azml_ssh_private_key key;
};

static void identity_cleanup(struct identity *identity)
{
    azml_secret_cleanup(&identity->text);
    azml_ssh_private_key_cleanup(&identity->key);
}

/* Read the key and see that it can be used, before anybody is called. */
static int load_identity(const struct azml_ssh_target *target, struct identity *identity,
                         struct azml_error *err)
{
    auto_free char *path = azml_path_expand(target->identity, err);
    size_t length = 0;
    char *text = path ? azml_fs_read(path, AZML_LIMIT_KEY_FILE, &length, err) : NULL;
    if (!text)
        return -1;
    azml_secret_adopt(&identity->text, text, length);
    if (azml_ssh_private_key_parse(text, length, target->identity, &identity->key, err) < 0)
        return -1;
    if (!identity->key.encrypted)
        return 0;
    azml_error_set(err, AZML_ERROR_USAGE, _("the key %s is protected by a passphrase"),
                   target->identity);
    azml_error_why(err, _("azml signs in with unprotected keys only; the system's ssh can ask"));
    return azml_error_hint(err, "ssh -i %s -p %u %s@%s", target->identity, (unsigned)target->port,
                           target->user, target->host);
}

static int step_handshake(struct azml_ssh_session *session, void *data)
{
    (void)data;
    return libssh2_session_handshake(session->ssh, session->fd);
}

struct sign_in {
    const struct azml_ssh_target *target;
    const struct identity *identity;
};

static int step_sign_in(struct azml_ssh_session *session, void *data)
{
    const struct sign_in *with = data;
    const char *user = with->target->user;
    return libssh2_userauth_publickey_frommemory(session->ssh, user, strlen(user), NULL, 0,
                                                 azml_secret_reveal(&with->identity->text),
                                                 with->identity->text.length, NULL);
}

static int say_refused(const struct azml_ssh_target *target, const struct identity *identity,
                       struct azml_error *err)
{
    auto_free char *fingerprint = NULL;
    if (identity->key.public_key.blob)
        fingerprint = azml_ssh_public_key_fingerprint(&identity->key.public_key, NULL);
    azml_error_set(err, AZML_ERROR_FORBIDDEN, _("the compute does not let %s in with the key %s"),
                   target->user, target->identity);
    azml_error_why(err, _("it was made with another public key; this one is %s"),
                   fingerprint ? fingerprint : "?");
    return azml_error_hint(err, _("--identity FILE with the private half of the key that the "
                                  "compute was created with"));
}

static int sign_in(struct azml_ssh_session *session, const struct sign_in *with,
                   uint64_t timeout_ms, struct azml_error *err)
{
    struct sign_in copy = *with;
    int result = azml_ssh_drive(session, step_sign_in, &copy, timeout_ms);
    if (result == 0)
        return 0;
    if (result == LIBSSH2_ERROR_AUTHENTICATION_FAILED ||
        result == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
        return say_refused(with->target, with->identity, err);
    azml_ssh_failed(session, result, err);
    return azml_error_context(err, _("could not sign in to %s as %s"), with->target->host,
                              with->target->user);
}

/* Everything between the socket and a session that is signed in. */
static int establish(struct azml_ssh_session *session, const struct azml_ssh_target *target,
                     const struct identity *identity, struct azml_error *err)
{
    uint64_t timeout_ms = target->timeout_ms ? target->timeout_ms : TIMEOUT_MS;
    session->ssh = libssh2_session_init();
    if (!session->ssh)
        return azml_error_memory(err);
    libssh2_session_set_blocking(session->ssh, 0);
    if (azml_ssh_host_key_prefer(session, target, err) < 0)
        return -1;
    session->fd = azml_platform_connect(target->host, target->port, timeout_ms, err);
    if (session->fd < 0)
        return azml_error_context(err, _("could not reach the compute over SSH"));
    int result = azml_ssh_drive(session, step_handshake, NULL, timeout_ms);
    if (result != 0) {
        azml_ssh_failed(session, result, err);
        return azml_error_context(err, _("%s does not answer over SSH on port %u"), target->host,
                                  (unsigned)target->port);
    }
    if (azml_ssh_host_key_check(session, target, err) < 0)
        return -1;
    const struct sign_in with = {target, identity};
    if (sign_in(session, &with, timeout_ms, err) < 0)
        return -1;
    libssh2_keepalive_config(session->ssh, 1, KEEPALIVE_S);
    return 0;
}

struct azml_ssh_session *azml_ssh_open(const struct azml_ssh_target *target, struct azml_error *err)
{
    struct identity identity = {0};
    struct azml_ssh_session *session = NULL;
    if (load_identity(target, &identity, err) == 0) {
        session = calloc(1, sizeof(*session));
        if (!session) {
            azml_error_memory(err);
        } else if (libssh2_init(0) != 0) {
            azml_error_set(err, AZML_ERROR_FAILED, _("libssh2 could not be started"));
            free(session);
            session = NULL;
        }
    }
    if (session) {
        session->fd = -1;
        if (establish(session, target, &identity, err) < 0) {
            azml_ssh_close(session);
            session = NULL;
        }
    }
    identity_cleanup(&identity);
    return session;
}

bool azml_ssh_is_new_host(const struct azml_ssh_session *session)
{
    return session->is_new_host;
}

const char *azml_ssh_host_fingerprint(const struct azml_ssh_session *session)
{
    return session->fingerprint;
}

static int step_goodbye(struct azml_ssh_session *session, void *data)
{
    (void)data;
    return libssh2_session_disconnect(session->ssh, "");
}

static int step_free(struct azml_ssh_session *session, void *data)
{
    (void)data;
    return libssh2_session_free(session->ssh);
}

/* Free libssh2's side; where the other side does not even read, without its consent. */
static void let_go(struct azml_ssh_session *session)
{
    if (session->fd >= 0)
        (void)azml_ssh_drive(session, step_goodbye, NULL, GOODBYE_MS);
    if (azml_ssh_drive(session, step_free, NULL, GOODBYE_MS) != LIBSSH2_ERROR_TIMEOUT)
        return;
    azml_platform_close(session->fd);
    session->fd = -1;
    (void)step_free(session, NULL);
}

void azml_ssh_close(struct azml_ssh_session *session)
{
    if (!session)
        return;
    session->closing = true;
    if (session->ssh)
        let_go(session);
    if (session->fd >= 0)
        azml_platform_close(session->fd);
    free(session->fingerprint);
    free(session);
    libssh2_exit();
}
