#include "unit/test.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[] = "/tmp/azml-fs-XXXXXX";

static int make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int clean(void **state)
{
    (void)state;
    return azml_fs_remove_tree(folder, NULL);
}

static void places_follow_the_environment(void **state)
{
    (void)state;
    (void)setenv("AZML_STATE_DIR", "/a/state", 1);
    (void)unsetenv("AZML_CACHE_DIR");
    (void)setenv("XDG_CACHE_HOME", "/x/cache", 1);
    (void)unsetenv("AZML_CONFIG_DIR");
    (void)unsetenv("XDG_CONFIG_HOME");
    (void)setenv("HOME", "/home/lea", 1);
    auto_free char *given = azml_path_state(NULL);
    auto_free char *xdg = azml_path_cache(NULL);
    auto_free char *home = azml_path_config(NULL);
    auto_free char *tilde = azml_path_expand("~/.ssh/id_rsa.pub", NULL);
    assert_string_equal(given, "/a/state");
    assert_string_equal(xdg, "/x/cache/azml");
    assert_string_equal(home, "/home/lea/.config/azml");
    assert_string_equal(tilde, "/home/lea/.ssh/id_rsa.pub");
}

static void written_files_are_private_and_replaced_whole(void **state)
{
    (void)state;
    auto_free char *deep = azml_path_join(folder, "one/two", NULL);
    assert_int_equal(azml_fs_make_folder(deep, NULL), 0);
    auto_free char *path = azml_path_join(deep, "file", NULL);
    assert_int_equal(azml_fs_write(path, "first", 5, 0, NULL), 0);
    assert_int_equal(azml_fs_write(path, "second", 6, 0, NULL), 0);
    struct azml_platform_stat info;
    assert_int_equal(azml_platform_stat(path, &info), 0);
    assert_true(info.is_private && info.is_file && info.is_mine);
    size_t length = 0;
    auto_free char *text = azml_fs_read(path, 100, &length, NULL);
    assert_string_equal(text, "second");
    assert_int_equal(length, 6);
}

static void reading_tells_missing_from_too_large(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    auto_free char *path = azml_path_join(folder, "big", NULL);
    assert_null(azml_fs_read(path, 100, NULL, &err));
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_int_equal(azml_fs_write(path, "12345", 5, 0, NULL), 0);
    assert_null(azml_fs_read(path, 4, NULL, &err));
    assert_int_equal(err.code, AZML_ERROR_IO);
    assert_non_null(strstr(err.message, "is larger than 4 bytes"));
}

static void creating_never_overwrites(void **state)
{
    (void)state;
    auto_error struct azml_error err = {0};
    auto_free char *path = azml_path_join(folder, "new", NULL);
    assert_int_equal(azml_fs_create(path, "mine", 4, 0600, &err), 0);
    assert_int_equal(azml_fs_create(path, "other", 5, 0600, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_CONFLICT);
    auto_free char *text = azml_fs_read(path, 100, NULL, NULL);
    assert_string_equal(text, "mine");
}

static void removing_a_tree_does_not_follow_links(void **state)
{
    (void)state;
    auto_free char *kept = azml_path_join(folder, "kept", NULL);
    auto_free char *tree = azml_path_join(folder, "tree/below", NULL);
    auto_free char *link = azml_path_join(folder, "tree/link", NULL);
    auto_free char *top = azml_path_join(folder, "tree", NULL);
    assert_int_equal(azml_fs_make_folder(kept, NULL), 0);
    assert_int_equal(azml_fs_make_folder(tree, NULL), 0);
    assert_int_equal(azml_platform_symlink(kept, link, NULL), 0);
    assert_int_equal(azml_fs_remove_tree(top, NULL), 0);
    assert_false(azml_fs_exists(top));
    assert_true(azml_fs_is_folder(kept));
    assert_int_equal(azml_fs_remove_tree(top, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_follow_the_environment),
        cmocka_unit_test(written_files_are_private_and_replaced_whole),
        cmocka_unit_test(reading_tells_missing_from_too_large),
        cmocka_unit_test(creating_never_overwrites),
        cmocka_unit_test(removing_a_tree_does_not_follow_links),
    };
    return cmocka_run_group_tests(tests, make, clean);
}
