#include "unit/test.h"

#include "base/auto.h"
#include "base/fs.h"
#include "commands/settings.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const variables[] = {
    "AZML_CLOUD",           "AZURE_CLOUD",  "ARM_ENVIRONMENT", "AZML_RESOURCE_GROUP",
    "AZURE_DEFAULTS_GROUP", "AZML_CA_FILE", "AZML_OUTPUT",
};

/* A folder of its own with a project below it, as the current folder. */
struct fixture {
    char root[64];
    char *before;
};

static void put(const struct fixture *fixture, const char *name, const char *text)
{
    auto_free char *path = azml_path_join(fixture->root, name, NULL);
    assert_int_equal(azml_fs_write(path, text, strlen(text), 0, NULL), 0);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    (void)snprintf(fixture->root, sizeof(fixture->root), "/tmp/azml-settings-XXXXXX");
    if (!mkdtemp(fixture->root))
        return -1;
    fixture->before = getcwd(NULL, 0);
    static const char *const folders[] = {"config", "az", "project", "project/deep"};
    for (size_t i = 0; i < AZML_COUNT(folders); i++) {
        auto_free char *path = azml_path_join(fixture->root, folders[i], NULL);
        if (azml_fs_make_folder(path, NULL) < 0)
            return -1;
        if (i == 0)
            (void)setenv("AZML_CONFIG_DIR", path, 1);
        if (i == 1)
            (void)setenv("AZURE_CONFIG_DIR", path, 1);
        if (i == 3 && chdir(path) < 0)
            return -1;
    }
    for (size_t i = 0; i < AZML_COUNT(variables); i++)
        (void)unsetenv(variables[i]);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    int result = chdir(fixture->before);
    result |= azml_fs_remove_tree(fixture->root, NULL);
    free(fixture->before);
    free(fixture);
    return result;
}

static const struct azml_common nothing = {.group = NULL};

/* The value as a fresh run sees it, a copy; "(none)" or "error: …". */
static char *value_of(const struct azml_common *common, enum azml_setting which)
{
    auto_error struct azml_error err = {0};
    const char *value = NULL;
    struct azml_settings *settings = azml_settings_new(common, NULL);
    assert_non_null(settings);
    char *result = azml_settings_get(settings, which, &value, &err) < 0
                       ? azml_format(NULL, "error: %s", err.message)
                       : azml_strdup(value ? value : "(none)", NULL);
    azml_settings_free(settings);
    return result;
}

static void expect(const struct azml_common *common, enum azml_setting which, const char *wanted)
{
    auto_free char *value = value_of(common, which);
    assert_string_equal(value, wanted);
}

static void a_broken_file_is_named(void **state)
{
    put(*state, "project/azml.ini", "group lab\n");
    auto_free char *value = value_of(&nothing, AZML_SETTING_GROUP);
    assert_true(azml_has_prefix(value, "error: could not read /tmp/azml-settings-"));
    assert_true(azml_has_suffix(value, "/project/azml.ini"));
}

static void a_project_chooses_neither_hosts_nor_authorities(void **state)
{
    put(*state, "project/azml.ini", "cloud = https://evil.example\nca_file = evil.pem\n");
    expect(&nothing, AZML_SETTING_CLOUD,
           "error: a project file may not say: cloud = https://evil.example");
    expect(&nothing, AZML_SETTING_CA_FILE, "error: a project file may not say: ca_file = evil.pem");
    put(*state, "project/azml.ini", "cloud = sandbox\n");
    expect(&nothing, AZML_SETTING_CLOUD, "sandbox");
    put(*state, "config/config.ini", "ca_file = mine.pem\n");
    expect(&nothing, AZML_SETTING_CA_FILE, "mine.pem");
}

static void the_nearer_source_wins(void **state)
{
    const struct azml_common typed = {.group = "typed"};
    expect(&nothing, AZML_SETTING_GROUP, "(none)");
    put(*state, "config/config.ini", "group = settings\n");
    expect(&nothing, AZML_SETTING_GROUP, "settings");
    put(*state, "project/azml.ini", "group = project\n");
    expect(&nothing, AZML_SETTING_GROUP, "project");
    put(*state, "project/deep/azml.ini", "location = here\n");
    expect(&nothing, AZML_SETTING_GROUP, "settings"); /* the nearest project file is the one */
    (void)setenv("AZURE_DEFAULTS_GROUP", "az", 1);
    expect(&nothing, AZML_SETTING_GROUP, "az");
    (void)setenv("AZML_RESOURCE_GROUP", "azml", 1);
    expect(&nothing, AZML_SETTING_GROUP, "azml");
    expect(&typed, AZML_SETTING_GROUP, "typed");
    (void)setenv("AZML_RESOURCE_GROUP", "", 1);
    expect(&nothing, AZML_SETTING_GROUP, "az");
}

static void azs_own_cloud_is_the_last_resort(void **state)
{
    put(*state, "az/config", "[core]\nname = no\n[cloud]\nname = AzureChinaCloud\n");
    expect(&nothing, AZML_SETTING_CLOUD, "AzureChinaCloud");
    put(*state, "config/config.ini", "cloud = public\n");
    expect(&nothing, AZML_SETTING_CLOUD, "public");
}

static void every_setting_has_an_option(void **state)
{
    (void)state;
    for (int i = 0; i < AZML_SETTING_COUNT; i++)
        assert_int_equal(azml_setting_option((enum azml_setting)i)[0], '-');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_broken_file_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_project_chooses_neither_hosts_nor_authorities, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_nearer_source_wins, setup, teardown),
        cmocka_unit_test_setup_teardown(azs_own_cloud_is_the_last_resort, setup, teardown),
        cmocka_unit_test(every_setting_has_an_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
