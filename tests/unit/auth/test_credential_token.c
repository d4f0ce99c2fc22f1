#include "unit/test.h"

#include "base/auto.h"
#include "support/identity.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct azml_credential *open_file(struct identity_world *world, const char *text)
{
    const struct serve_row none[] = {{0}};
    identity_open(world, none);
    if (text)
        identity_write(world, "token", text, 0600);
    auto_free char *path = azml_format(NULL, "%s/token", world->folder);
    assert_int_equal(setenv("AZML_TOKEN_FILE", path, 1), 0);
    return identity_credential(world, "token");
}

static void files_without_a_usable_token_are_refused(void **state)
{
    (void)state;
    auto_free char *old = identity_token("{\"exp\":1}");
    const struct {
        const char *text, *message;
    } rows[] = {
        {NULL,          "could not read the access token of "},
        {"",            "is empty"                           },
        {" \n",         "is empty"                           },
        {"two words",   "holds no access token"              },
        {"line\nbreak", "holds no access token"              },
        {old,           "is no longer accepted"              },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        struct identity_world world;
        struct azml_credential *credential = open_file(&world, rows[i].text);
        const struct azml_secret *token = NULL;
        auto_error struct azml_error err = {0};
        int done = azml_credential_token(credential, false, &token, &err);
        azml_credential_free(credential);
        identity_close(&world);
        if (done == 0 || err.code != AZML_ERROR_SIGNED_OUT || !strstr(err.message, rows[i].message))
            fail_msg("row %zu: %d '%s'", i, (int)err.code, err.message ? err.message : "");
    }
}

static void a_file_is_read_again_when_its_token_was_refused(void **state)
{
    (void)state;
    struct identity_world world;
    struct azml_credential *credential = open_file(&world, "  first\r\n");
    const struct azml_secret *token = NULL;
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token), "first");
    identity_write(&world, "token", "second", 0600);
    assert_int_equal(azml_credential_token(credential, false, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token), "first");
    assert_int_equal(azml_credential_token(credential, true, &token, NULL), 0);
    assert_string_equal(azml_secret_reveal(token), "second");
    azml_credential_free(credential);
    identity_close(&world);
}

static void stdin_is_read_once(void **state)
{
    (void)state;
    struct identity_world world;
    struct azml_credential *credential = open_file(&world, "from-stdin\n");
    auto_free char *path = azml_format(NULL, "%s/token", world.folder);
    int saved = dup(0);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(saved >= 0 && fd >= 0 && dup2(fd, 0) == 0);
    (void)close(fd);
    assert_int_equal(setenv("AZML_TOKEN_FILE", "-", 1), 0);
    const struct azml_secret *token = NULL;
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_credential_token(credential, false, &token, &err), 0);
    assert_string_equal(azml_secret_reveal(token), "from-stdin");
    assert_int_equal(azml_credential_token(credential, true, &token, &err), -1);
    assert_string_equal(err.message, "the access token of stdin is no longer accepted");
    assert_int_equal(dup2(saved, 0), 0);
    (void)close(saved);
    azml_credential_free(credential);
    identity_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_without_a_usable_token_are_refused),
        cmocka_unit_test(a_file_is_read_again_when_its_token_was_refused),
        cmocka_unit_test(stdin_is_read_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
