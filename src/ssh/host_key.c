#include "ssh/host_key.h"

#include "azml/ssh_key.h"
#include "azml/ssh_known_hosts.h"

#include "base/auto.h"
#include "base/i18n.h"

/* What is asked for where nothing is kept; no SHA-1 (ssh-rsa). */
#define ALGORITHMS                                                                          \
    "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512," \
    "rsa-sha2-256"

int azml_ssh_host_key_prefer(struct azml_ssh_session *session, const struct azml_ssh_target *target,
                             struct azml_error *err)
{
    auto_free char *kept = azml_ssh_known_hosts_algorithms(target->known_hosts, target->alias, err);
    auto_free char *list =
        kept ? azml_format(err, "%s%s%s", kept, *kept ? "," : "", ALGORITHMS) : NULL;
    if (!list)
        return -1;
    if (libssh2_session_method_pref(session->ssh, LIBSSH2_METHOD_HOSTKEY, list) != 0)
        return azml_error_set(err, AZML_ERROR_FAILED,
                              _("libssh2 knows none of the host key types"));
    return 0;
}

static int say_changed(const struct azml_ssh_target *target, const char *kept, const char *shown,
                       struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_HOST_KEY,
                   _("the compute shows another host key than the one kept"));
    azml_error_why(err,
                   _("kept   %s\nshown  %s\neither the machine's system was set up anew, or "
                     "somebody stands in between; nothing was sent"),
                   kept, shown);
    return azml_error_hint(err, "ssh-keygen -f %s -R %s", target->known_hosts, target->alias);
}

static int say_revoked(const struct azml_ssh_target *target, const char *shown,
                       struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_HOST_KEY, _("the compute shows a host key that is revoked"));
    return azml_error_why(err, _("%s has a @revoked line for %s; nothing was sent"),
                          target->known_hosts, shown);
}

int azml_ssh_host_key_check(struct azml_ssh_session *session, const struct azml_ssh_target *target,
                            struct azml_error *err)
{
    size_t length = 0;
    int type;
    const uint8_t *blob = (const uint8_t *)libssh2_session_hostkey(session->ssh, &length, &type);
    if (!blob)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the compute showed no host key"));
    session->fingerprint = azml_ssh_blob_fingerprint(blob, length, err);
    if (!session->fingerprint)
        return -1;

    enum azml_ssh_host_verdict verdict;
    auto_free char *kept = NULL;
    if (azml_ssh_known_hosts_check(target->known_hosts, target->alias, blob, length, &verdict,
                                   &kept, err) < 0)
        return -1;
    switch (verdict) {
    case AZML_SSH_HOST_KNOWN:
        return 0;
    case AZML_SSH_HOST_NEW:
        session->is_new_host = true;
        return azml_ssh_known_hosts_add(target->known_hosts, target->alias, blob, length, err);
    case AZML_SSH_HOST_CHANGED:
        return say_changed(target, kept ? kept : "?", session->fingerprint, err);
    case AZML_SSH_HOST_REVOKED:
        break;
    }
    return say_revoked(target, session->fingerprint, err);
}
