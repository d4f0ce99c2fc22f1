#include "ssh/key_text.h"

#include "base/auto.h"
#include "base/str.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *start;
    enum azml_key_text kind;
} starts[] = {
    {"PuTTY-User-Key-File-",                       AZML_KEY_TEXT_PUTTY          },
    {"-----BEGIN OPENSSH PRIVATE KEY-----",        AZML_KEY_TEXT_OPENSSH_PRIVATE},
    {"-----BEGIN RSA PRIVATE KEY-----",            AZML_KEY_TEXT_PEM_PRIVATE    },
    {"-----BEGIN EC PRIVATE KEY-----",             AZML_KEY_TEXT_PEM_PRIVATE    },
    {"-----BEGIN DSA PRIVATE KEY-----",            AZML_KEY_TEXT_PEM_PRIVATE    },
    {"-----BEGIN PRIVATE KEY-----",                AZML_KEY_TEXT_PEM_PRIVATE    },
    {"-----BEGIN ENCRYPTED PRIVATE KEY-----",      AZML_KEY_TEXT_PEM_PRIVATE    },
    {"-----BEGIN PUBLIC KEY-----",                 AZML_KEY_TEXT_PEM_PUBLIC     },
    {"-----BEGIN RSA PUBLIC KEY-----",             AZML_KEY_TEXT_PEM_RSA_PUBLIC },
    {"-----BEGIN CERTIFICATE",                     AZML_KEY_TEXT_X509           },
    {"-----BEGIN ",                                AZML_KEY_TEXT_PEM_OTHER      },
    {"---- BEGIN SSH2 PUBLIC KEY",                 AZML_KEY_TEXT_SSH2_PUBLIC    },
    {"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", AZML_KEY_TEXT_SSH2_PRIVATE   },
};

static bool has_utf16_mark(const char *text, size_t length)
{
    return length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);
}

const char *azml_key_text_start(const char *text, size_t length)
{
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    return text + strspn(text, " \t\r\n");
}

enum azml_key_text azml_key_text_of(const char *text, size_t length)
{
    if (has_utf16_mark(text, length))
        return AZML_KEY_TEXT_UTF16;
    if (memchr(text, '\0', length))
        return AZML_KEY_TEXT_BINARY;
    const char *start = azml_key_text_start(text, length);
    if (!*start)
        return AZML_KEY_TEXT_EMPTY;
    for (size_t i = 0; i < AZML_COUNT(starts); i++)
        if (azml_has_prefix(start, starts[i].start))
            return starts[i].kind;
    return AZML_KEY_TEXT_LINES;
}
