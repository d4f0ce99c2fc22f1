#include "sandbox/ml_key.h"

#include "ml_world.h"

static void only_rsa_keys_in_one_line_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_good;
    } rows[] = {
        {NULL,                                                                               false},
        {"",                                                                                 false},
        {"ssh-rsa",                                                                          false},
        {"ssh-rsa ",                                                                         false},
        {"ssh-rsa AAAA",                                                                     false},
        {"ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB",                                                 false},
        {"ssh-rsa !!!!",                                                                     false},
        {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0FGCyW3x+jVXFfWtIpc0hF8a6dmDvKrP6HA3OMZqOo", false},
        {"ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJ0FGCyW3x+jVXFfWtIpc0hF8a6dmDvKrP6HA3OMZqOo",     false},
        {"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7vbqajDw4o6gJy8UtmIbkcpnkO3Kwc4qsEnSZp/"
         "TR+fQi62F79RHWmwKOtFmwteURgLbj7D/WGuNLGOfa/2vse3G2eHnHl5CB8ruRX9fBl/"
         "KgwCVr2JaEuUm66bBQeP5XeBotdR4cvX38uPYivCDdPjJ1QWPdspTBKcxeFbccDw==",      false},
        {"command=\"x\" " ML_KEY,                                                            false},
        {ML_KEY "\nssh-rsa AAAA",                                                            false},
        {ML_KEY,                                                                             true },
        {ML_KEY " me@host",                                                                  true },
        {ML_KEY " me@host\r\n",                                                              true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (sandbox_ml_key_is_good(rows[i].text) != rows[i].is_good)
            fail_msg("row %zu: %s", i, rows[i].text ? rows[i].text : "NULL");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_rsa_keys_in_one_line_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
