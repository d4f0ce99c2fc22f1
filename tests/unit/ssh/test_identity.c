#include "unit/ssh/support.h"

#include "azml/ssh_key.h"

#define ID "/subscriptions/x/computes/trainer"

static char *home_file(const char *name)
{
    auto_free char *path = azml_format(NULL, ".ssh/%s", name);
    return in_folder(path);
}

/* A home with two keys, azml's state beside it. */
static int start(void **state)
{
    if (make_folder(state) < 0)
        return -1;
    (void)setenv("HOME", test_folder, 1);
    auto_free char *state_folder = in_folder("state");
    (void)setenv("AZML_STATE_DIR", state_folder, 1);
    auto_free char *ssh = in_folder(".ssh"), *one = home_file("one"), *two = home_file("two");
    assert_int_equal(azml_fs_make_folder(ssh, NULL), 0);
    keygen(one, "ed25519", "256", "one", "", "RFC4716");
    keygen(two, "rsa", "2048", "two", "", "RFC4716");
    auto_free char *junk = home_file("junk.pub");
    write_file(junk, "junk\n");
    return 0;
}

static char *public_line(const char *name)
{
    auto_free char *file = azml_format(NULL, "%s.pub", name);
    auto_free char *path = home_file(file);
    return read_file(path);
}

static void a_key_that_nobody_has_is_named(void **state)
{
    (void)state;
    auto_free char *lone = in_folder("lone"), *file = in_folder("lone.pub");
    keygen(lone, "ed25519", "256", "", "", "RFC4716");
    auto_free char *line = read_file(file);
    auto_error struct azml_error err = {0};
    assert_null(azml_ssh_find_identity(ID, line, &err));
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_non_null(strstr(err.why, "SHA256:"));
}

static void a_public_key_without_its_private_one_is_passed_over(void **state)
{
    (void)state;
    auto_free char *gone = home_file("gone");
    keygen(gone, "ed25519", "256", "", "", "RFC4716");
    assert_int_equal(azml_fs_remove(gone, NULL), 0);
    auto_free char *line = public_line("gone");
    assert_null(azml_ssh_find_identity(ID, line, NULL));
}

static void the_key_of_the_home_that_fits_is_taken(void **state)
{
    (void)state;
    static const char *const names[] = {"one", "two"};
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        auto_free char *line = public_line(names[i]), *path = home_file(names[i]);
        auto_free char *found = azml_ssh_find_identity(ID, line, NULL);
        assert_string_equal(found, path);
    }
}

static void azml_s_own_key_is_taken_only_where_it_fits(void **state)
{
    (void)state;
    auto_free char *kept = azml_ssh_key_path(ID, NULL);
    struct azml_ssh_key_pair pair = {0};
    const struct azml_ssh_key_request request = {.type = AZML_SSH_KEY_ED25519};
    assert_int_equal(azml_ssh_key_generate(&request, &pair, NULL), 0);
    assert_int_equal(azml_ssh_key_pair_write(&pair, kept, NULL), 0);
    auto_free char *mine = azml_ssh_public_key_line(&pair.public_key, NULL);
    auto_free char *other = public_line("one"), *one = home_file("one");
    azml_ssh_key_pair_cleanup(&pair);

    auto_free char *found = azml_ssh_find_identity(ID, mine, NULL);
    auto_free char *unknown = azml_ssh_find_identity(ID, NULL, NULL);
    auto_free char *elsewhere = azml_ssh_find_identity(ID, other, NULL);
    assert_string_equal(found, kept);
    assert_string_equal(unknown, kept);
    assert_string_equal(elsewhere, one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_nobody_has_is_named),
        cmocka_unit_test(a_public_key_without_its_private_one_is_passed_over),
        cmocka_unit_test(the_key_of_the_home_that_fits_is_taken),
        cmocka_unit_test(azml_s_own_key_is_taken_only_where_it_fits),
    };
    return cmocka_run_group_tests(tests, start, remove_folder);
}
