#include "http/ca.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "base/str.h"

#include <string.h>

#define auto_ca __attribute__((cleanup(azml_http_ca_cleanup)))

static const size_t bundle_limit = (size_t)16 * 1024 * 1024;

static const char *const folders[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Alpine */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora, RHEL */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* older RHEL */
    "/etc/ssl/ca-bundle.pem",                            /* SUSE */
    "/etc/ssl/cert.pem",                                 /* Alpine, macOS */
};

void azml_http_ca_cleanup(struct azml_http_ca *ca)
{
    if (!ca)
        return;
    free(ca->file);
    free(ca->folder);
    free(ca->blob);
    *ca = (struct azml_http_ca){0};
}

/* "1a2b3c4d.0": a link that OpenSSL finds a certificate by. */
static int stop_at_hash_link(void *data, const char *name)
{
    (void)data;
    return strlen(name) >= 10 && strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
           strspn(name + 9, "0123456789") == strlen(name + 9);
}

static const char *hashed_folder(void)
{
    for (size_t i = 0; i < AZML_COUNT(folders); i++) {
        if (azml_platform_list_folder(folders[i], stop_at_hash_link, NULL) == 1)
            return folders[i];
    }
    return NULL;
}

static const char *bundle(void)
{
    for (size_t i = 0; i < AZML_COUNT(bundles); i++) {
        if (azml_fs_exists(bundles[i]))
            return bundles[i];
    }
    return NULL;
}

static int keep(char **where, const char *text, struct azml_error *err)
{
    *where = azml_strdup(text, err);
    return *where ? 0 : -1;
}

static int choose_system(struct azml_http_ca *ca, bool prefer_bundle, struct azml_error *err)
{
    const char *folder = prefer_bundle ? NULL : hashed_folder();
    const char *file = bundle();
    if (folder) {
        ca->has_bundle = file != NULL;
        return keep(&ca->folder, folder, err);
    }
    return file ? keep(&ca->file, file, err) : 0;
}

/* What replaces the system's, as with other programs: OpenSSL's own two variables, then those of
 * python's requests and of curl. 1 chosen, 0 none is set, -1 failed. */
static int choose_environment(struct azml_http_ca *ca, struct azml_error *err)
{
    const char *file = azml_platform_env("SSL_CERT_FILE");
    const char *folder = azml_platform_env("SSL_CERT_DIR");
    if (!file && !folder) {
        const char *either = azml_platform_env("REQUESTS_CA_BUNDLE");
        either = either ? either : azml_platform_env("CURL_CA_BUNDLE");
        if (!either)
            return 0;
        file = azml_fs_is_folder(either) ? NULL : either;
        folder = file ? NULL : either;
    }
    if ((file && keep(&ca->file, file, err) < 0) || (folder && keep(&ca->folder, folder, err) < 0))
        return -1;
    return 1;
}

static int read_into(struct azml_str *text, const char *path, struct azml_error *err)
{
    size_t length = 0;
    auto_free char *pem = azml_fs_read(path, bundle_limit, &length, err);
    if (!pem)
        return azml_error_context(err, _("could not read the CA file %s"), path);
    if (!strstr(pem, "-----BEGIN"))
        return azml_error_set(err, AZML_ERROR_USAGE, _("%s is no CA file in PEM format"), path);
    azml_str_add_bytes(text, pem, length);
    azml_str_add_char(text, '\n');
    return 0;
}

static int add_extra(struct azml_http_ca *ca, const char *extra, struct azml_error *err)
{
    auto_str struct azml_str text = {0};
    if (ca->file && read_into(&text, ca->file, err) < 0)
        return -1;
    if (read_into(&text, extra, err) < 0)
        return -1;
    free(AZML_STEAL(ca->file));
    ca->blob_length = text.length;
    ca->blob = azml_str_take(&text, err);
    return ca->blob ? 0 : -1;
}

int azml_http_ca_choose(const char *extra, bool only_extra, bool prefer_bundle,
                        struct azml_http_ca *ca_out, struct azml_error *err)
{
    auto_ca struct azml_http_ca ca = {0};
    if (!extra || !only_extra) {
        int chosen = choose_environment(&ca, err);
        if (chosen < 0 || (chosen == 0 && choose_system(&ca, prefer_bundle, err) < 0))
            return -1;
    }
    if (extra && add_extra(&ca, extra, err) < 0)
        return -1;
    *ca_out = ca;
    ca = (struct azml_http_ca){0};
    return 0;
}
