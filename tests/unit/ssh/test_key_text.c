#include "unit/ssh/support.h"

#include "ssh/key_text.h"

static void kinds_are_told_by_how_they_begin(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum azml_key_text kind;
    } rows[] = {
        {"",                                                   AZML_KEY_TEXT_EMPTY          },
        {"\xef\xbb\xbf\n",                                     AZML_KEY_TEXT_EMPTY          },
        {"\xfe\xff",                                           AZML_KEY_TEXT_UTF16          },
        {"PuTTY-User-Key-File-2: ssh-rsa",                     AZML_KEY_TEXT_PUTTY          },
        {"\n-----BEGIN OPENSSH PRIVATE KEY-----\n",            AZML_KEY_TEXT_OPENSSH_PRIVATE},
        {"-----BEGIN EC PRIVATE KEY-----\r\n",                 AZML_KEY_TEXT_PEM_PRIVATE    },
        {"-----BEGIN ENCRYPTED PRIVATE KEY-----\n",            AZML_KEY_TEXT_PEM_PRIVATE    },
        {"-----BEGIN PUBLIC KEY-----\n",                       AZML_KEY_TEXT_PEM_PUBLIC     },
        {"-----BEGIN RSA PUBLIC KEY-----\n",                   AZML_KEY_TEXT_PEM_RSA_PUBLIC },
        {"---- BEGIN SSH2 PUBLIC KEY ----\n",                  AZML_KEY_TEXT_SSH2_PUBLIC    },
        {"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n",       AZML_KEY_TEXT_SSH2_PRIVATE   },
        {"-----BEGIN CERTIFICATE REQUEST-----\n",              AZML_KEY_TEXT_X509           },
        {"-----BEGIN PGP MESSAGE-----\n",                      AZML_KEY_TEXT_PEM_OTHER      },
        {"ssh-rsa AAAA -----BEGIN OPENSSH PRIVATE KEY-----\n", AZML_KEY_TEXT_LINES          },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++)
        if (azml_key_text_of(rows[i].text, strlen(rows[i].text)) != rows[i].kind)
            fail_msg("row %zu: %s", i, rows[i].text);
    assert_int_equal(azml_key_text_of("a\0b", 3), AZML_KEY_TEXT_BINARY);
}

static void the_text_starts_behind_marks_and_blanks(void **state)
{
    (void)state;
    assert_string_equal(azml_key_text_start("\xef\xbb\xbf\r\n x ", 8), "x ");
    assert_string_equal(azml_key_text_start("x", 1), "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_told_by_how_they_begin),
        cmocka_unit_test(the_text_starts_behind_marks_and_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
