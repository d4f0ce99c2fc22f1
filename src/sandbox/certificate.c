#include "sandbox/certificate.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/platform.h"
#include "base/str.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define DAY (24L * 60 * 60)

static int failed(struct azml_error *err)
{
    return azml_error_set(err, AZML_ERROR_FAILED, _("could not make a certificate"));
}

static EVP_PKEY *new_key(enum sandbox_certificate kind)
{
    return kind == SANDBOX_CERTIFICATE_TOKENS ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
}

static int add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    int ok = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return ok ? 0 : -1;
}

static int set_serial(X509 *certificate)
{
    unsigned char bytes[16];
    azml_platform_random(bytes, sizeof(bytes));
    bytes[0] = (unsigned char)((bytes[0] & 0x3F) | 0x40); /* positive, never short */
    BIGNUM *number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    int ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return ok ? 0 : -1;
}

static int set_name(X509_NAME *name, const char *common_name)
{
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name,
                                      -1, -1, 0)
               ? 0
               : -1;
}

/* Version 3, valid since yesterday (clocks differ) for `days`. */
static X509 *blank(EVP_PKEY *key, const char *common_name, long days)
{
    X509 *made = X509_new();
    if (made && X509_set_version(made, X509_VERSION_3) && set_serial(made) == 0 &&
        X509_gmtime_adj(X509_getm_notBefore(made), -DAY) &&
        X509_gmtime_adj(X509_getm_notAfter(made), days * DAY) && X509_set_pubkey(made, key) &&
        set_name(X509_get_subject_name(made), common_name) == 0)
        return made;
    X509_free(made);
    return NULL;
}

static X509 *make_own(enum sandbox_certificate kind, EVP_PKEY *key)
{
    bool is_ca = kind == SANDBOX_CERTIFICATE_CA;
    X509 *made = key ? blank(key, is_ca ? "azml sandbox CA" : "azml sandbox tokens", 3650) : NULL;
    int ok = made && X509_set_issuer_name(made, X509_get_subject_name(made));
    if (ok && is_ca)
        ok = add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") == 0 &&
             add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign") == 0 &&
             add_extension(made, made, NID_subject_key_identifier, "hash") == 0;
    if (ok && X509_sign(made, key, EVP_sha256()))
        return made;
    X509_free(made);
    return NULL;
}

int sandbox_certificate_server(EVP_PKEY *ca_key, X509 *ca, EVP_PKEY **key_out,
                               X509 **certificate_out, struct azml_error *err)
{
    EVP_PKEY *key = new_key(SANDBOX_CERTIFICATE_CA);
    X509 *made = key ? blank(key, "localhost", 365) : NULL;
    int ok =
        made && X509_set_issuer_name(made, X509_get_subject_name(ca)) &&
        add_extension(made, ca, NID_basic_constraints, "critical,CA:FALSE") == 0 &&
        add_extension(made, ca, NID_key_usage, "critical,digitalSignature") == 0 &&
        add_extension(made, ca, NID_ext_key_usage, "serverAuth") == 0 &&
        add_extension(made, ca, NID_subject_key_identifier, "hash") == 0 &&
        add_extension(made, ca, NID_authority_key_identifier, "keyid") == 0 &&
        add_extension(made, ca, NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost") == 0 &&
        X509_sign(made, ca_key, EVP_sha256());
    if (!ok) {
        EVP_PKEY_free(key);
        X509_free(made);
        return failed(err);
    }
    *key_out = key;
    *certificate_out = made;
    return 0;
}

/* --- files --- */

static char *pem_path(const char *folder, const char *name, const char *suffix,
                      struct azml_error *err)
{
    auto_free char *file = azml_format(err, "%s.%s", name, suffix);
    return file ? azml_path_join(folder, file, err) : NULL;
}

static int write_pem(const char *path, BIO *memory, unsigned mode, struct azml_error *err)
{
    char *bytes;
    long length = BIO_get_mem_data(memory, &bytes);
    return length > 0 ? azml_fs_write(path, bytes, (size_t)length, mode, err) : failed(err);
}

static int save(const char *key_path, const char *path, EVP_PKEY *key, X509 *certificate,
                struct azml_error *err)
{
    BIO *private_part = BIO_new(BIO_s_secmem());
    BIO *public_part = BIO_new(BIO_s_mem());
    int result = -1;
    if (private_part && public_part &&
        PEM_write_bio_PrivateKey(private_part, key, NULL, NULL, 0, NULL, NULL) &&
        PEM_write_bio_X509(public_part, certificate))
        result = write_pem(key_path, private_part, 0600, err);
    else
        failed(err);
    if (result == 0)
        result = write_pem(path, public_part, 0644, err);
    BIO_free(private_part);
    BIO_free(public_part);
    return result;
}

static int load(const char *key_path, const char *path, EVP_PKEY **key_out, X509 **certificate_out,
                struct azml_error *err)
{
    size_t length = 0, key_length = 0;
    auto_free char *text = azml_fs_read(path, AZML_LIMIT_KEY_FILE, &length, err);
    auto_secret struct azml_secret key_text = {0};
    char *key_bytes = text ? azml_fs_read(key_path, AZML_LIMIT_KEY_FILE, &key_length, err) : NULL;
    if (!key_bytes)
        return -1;
    azml_secret_adopt(&key_text, key_bytes, key_length);
    BIO *public_part = BIO_new_mem_buf(text, (int)length);
    BIO *private_part = BIO_new_mem_buf(azml_secret_reveal(&key_text), (int)key_length);
    X509 *certificate = public_part ? PEM_read_bio_X509(public_part, NULL, NULL, NULL) : NULL;
    EVP_PKEY *key = private_part ? PEM_read_bio_PrivateKey(private_part, NULL, NULL, NULL) : NULL;
    BIO_free(public_part);
    BIO_free(private_part);
    if (certificate && key && X509_check_private_key(certificate, key)) {
        *key_out = key;
        *certificate_out = certificate;
        return 0;
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    azml_error_set(err, AZML_ERROR_IO, _("%s and its key do not fit together"), path);
    return azml_error_hint(err, "azml sandbox reset");
}

int sandbox_certificate_keep(const char *folder, const char *name, enum sandbox_certificate kind,
                             EVP_PKEY **key_out, X509 **certificate_out, struct azml_error *err)
{
    auto_free char *path = pem_path(folder, name, "pem", err);
    auto_free char *key_path = pem_path(folder, name, "key", err);
    if (!path || !key_path)
        return -1;
    if (azml_fs_exists(path) && azml_fs_exists(key_path))
        return load(key_path, path, key_out, certificate_out, err);
    EVP_PKEY *key = new_key(kind);
    X509 *made = make_own(kind, key);
    int result = made ? save(key_path, path, key, made, err) : failed(err);
    if (result == 0) {
        *key_out = key;
        *certificate_out = made;
        return 0;
    }
    EVP_PKEY_free(key);
    X509_free(made);
    return -1;
}
