/* key_text.h - what kind of key file a text is, before anything of it is believed. */
#ifndef AZML_SSH_KEY_TEXT_H
#define AZML_SSH_KEY_TEXT_H

#include <stddef.h>

enum azml_key_text {
    AZML_KEY_TEXT_EMPTY,
    AZML_KEY_TEXT_UTF16, /* Windows PowerShell's ">" writes such files */
    AZML_KEY_TEXT_BINARY,
    AZML_KEY_TEXT_PUTTY,           /* .ppk, holds the private key */
    AZML_KEY_TEXT_OPENSSH_PRIVATE, /* openssh-key-v1 */
    AZML_KEY_TEXT_PEM_PRIVATE,     /* PKCS#1, PKCS#8, SEC 1 */
    AZML_KEY_TEXT_SSH2_PRIVATE,    /* ssh.com's */
    AZML_KEY_TEXT_PEM_PUBLIC,      /* PKCS#8's "PUBLIC KEY" */
    AZML_KEY_TEXT_PEM_RSA_PUBLIC,  /* PKCS#1's */
    AZML_KEY_TEXT_SSH2_PUBLIC,     /* RFC 4716 */
    AZML_KEY_TEXT_X509,            /* a certificate, or a request for one */
    AZML_KEY_TEXT_PEM_OTHER,
    AZML_KEY_TEXT_LINES /* anything else: perhaps OpenSSH's lines */
};

/* `text` is followed by a NUL, as azml_fs_read gives it. */
enum azml_key_text azml_key_text_of(const char *text, size_t length);

/* Where the text proper begins: behind a byte order mark and white space. */
const char *azml_key_text_start(const char *text, size_t length);

#endif
