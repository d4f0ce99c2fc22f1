#include "commands/settings.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/ini.h"
#include "base/log.h"
#include "base/platform.h"

#include <string.h>

#define MOST_VARIABLES 4
#define FILE_LIMIT     (256UL * 1024) /* settings are a page of text */

static const struct {
    const char *option, *key;
    size_t offset; /* in struct azml_common */
    const char *variables[MOST_VARIABLES];
    bool not_in_project;
} rows[AZML_SETTING_COUNT] = {
    [AZML_SETTING_CLOUD] = {"--cloud",
                            "cloud",                     offsetof(struct azml_common, cloud),
                            {"AZML_CLOUD", "AZURE_CLOUD", "ARM_ENVIRONMENT"},
                            false                                                                                           },
    [AZML_SETTING_SUBSCRIPTION] = {"--subscription",
                            "subscription",              offsetof(struct azml_common, subscription),
                            {"AZML_SUBSCRIPTION", "AZURE_SUBSCRIPTION_ID",
                                    "ARM_SUBSCRIPTION_ID"},
                            false                                                                                           },
    [AZML_SETTING_GROUP] = {"-g",
                            "group",                     offsetof(struct azml_common, group),
                            {"AZML_RESOURCE_GROUP", "AZURE_DEFAULTS_GROUP"},
                            false                                                                                           },
    [AZML_SETTING_WORKSPACE] = {"-w",
                            "workspace",                 offsetof(struct azml_common, workspace),
                            {"AZML_WORKSPACE", "AZURE_DEFAULTS_WORKSPACE"},
                            false                                                                                           },
    [AZML_SETTING_LOCATION] = {"-l",
                            "location",                  offsetof(struct azml_common, location),
                            {"AZML_LOCATION", "AZURE_DEFAULTS_LOCATION"},
                            false                                                                                           },
    [AZML_SETTING_AUTH] =
        {"--auth",         "auth",    offsetof(struct azml_common, auth),         {"AZML_AUTH"},    false},
    [AZML_SETTING_OUTPUT] =
        {"-o",             "output",  offsetof(struct azml_common, output),       {"AZML_OUTPUT"},  false},
 /* SSL_CERT_FILE and its kin replace the system's store: http reads those itself. */
    [AZML_SETTING_CA_FILE] =
        {"--ca-file",      "ca_file", offsetof(struct azml_common, ca_file),      {"AZML_CA_FILE"}, true },
};

struct azml_settings {
    const struct azml_common *common;
    bool files_read;
    char *project_path, *project;    /* the path and text of azml.ini, or NULL */
    char *user_path, *user;          /* the same of config.ini */
    char *found[AZML_SETTING_COUNT]; /* values that came from files */
    bool told[AZML_SETTING_COUNT];
};

struct azml_settings *azml_settings_new(const struct azml_common *common, struct azml_error *err)
{
    struct azml_settings *settings = calloc(1, sizeof(*settings));
    if (!settings) {
        azml_error_memory(err);
        return NULL;
    }
    settings->common = common;
    return settings;
}

void azml_settings_free(struct azml_settings *settings)
{
    if (!settings)
        return;
    for (size_t i = 0; i < AZML_SETTING_COUNT; i++)
        free(settings->found[i]);
    free(settings->project_path);
    free(settings->project);
    free(settings->user_path);
    free(settings->user);
    free(settings);
}

const char *azml_setting_option(enum azml_setting which)
{
    return rows[which].option;
}

const char *azml_setting_variable(enum azml_setting which)
{
    return rows[which].variables[0];
}

/* The text of a file that may be missing. */
static int read_optional(const char *path, char **text_out, struct azml_error *err)
{
    if (!azml_fs_exists(path) || azml_fs_is_folder(path))
        return 0;
    *text_out = azml_fs_read(path, FILE_LIMIT, NULL, err);
    return *text_out ? 0 : -1;
}

/* azml.ini of this folder, or of the nearest parent that has one. */
static int read_project(struct azml_settings *settings, struct azml_error *err)
{
    auto_free char *folder = azml_platform_current_folder(NULL);
    while (folder && folder[0]) {
        auto_free char *path = azml_path_join(folder, "azml.ini", err);
        if (!path || read_optional(path, &settings->project, err) < 0)
            return -1;
        if (settings->project) {
            settings->project_path = AZML_STEAL(path);
            return 0;
        }
        char *slash = strrchr(folder, '/');
        if (!slash)
            break;
        *slash = '\0';
    }
    return 0;
}

static int read_files(struct azml_settings *settings, struct azml_error *err)
{
    if (settings->files_read)
        return 0;
    settings->files_read = true;
    auto_free char *folder = azml_path_config(err);
    if (!folder || !(settings->user_path = azml_path_join(folder, "config.ini", err)) ||
        read_optional(settings->user_path, &settings->user, err) < 0)
        return -1;
    return read_project(settings, err);
}

/* A value of one file into found[which]; 0 also where it has none. */
static int from_file(struct azml_settings *settings, enum azml_setting which, const char *path,
                     const char *text, struct azml_error *err)
{
    if (!text)
        return 0;
    auto_error struct azml_error problem = {0};
    char *value = azml_ini_value(text, "", rows[which].key, &problem);
    if (problem.code != AZML_ERROR_NONE) {
        azml_error_move(err, &problem);
        return azml_error_context(err, _("could not read %s"), path);
    }
    if (value && value[0] == '\0') {
        free(value);
        value = NULL;
    }
    settings->found[which] = value;
    return 0;
}

/* A folder that somebody else filled must not decide whom azml talks to and trusts. */
static int check_project(enum azml_setting which, const char *path, const char *value,
                         struct azml_error *err)
{
    bool is_host = which == AZML_SETTING_CLOUD && strchr(value, ':');
    if (!rows[which].not_in_project && !is_host)
        return 0;
    azml_error_set(err, AZML_ERROR_USAGE, _("a project file may not say: %s = %s"), rows[which].key,
                   value);
    azml_error_why(err, _("%s: whoever wrote it would choose whom azml trusts"), path);
    return azml_error_hint(err, _("give it as %s, or in the settings"), rows[which].option);
}

static int from_files(struct azml_settings *settings, enum azml_setting which,
                      const char **source_out, struct azml_error *err)
{
    if (settings->found[which])
        return 0;
    if (read_files(settings, err) < 0 ||
        from_file(settings, which, settings->project_path, settings->project, err) < 0)
        return -1;
    *source_out = settings->project_path;
    if (settings->found[which] &&
        check_project(which, settings->project_path, settings->found[which], err) == 0)
        return 0;
    if (settings->found[which]) {
        free(AZML_STEAL(settings->found[which]));
        return -1;
    }
    *source_out = settings->user_path;
    return from_file(settings, which, settings->user_path, settings->user, err);
}

/* az's own choice of cloud, for people who have signed in there: `[cloud] name`. */
static int from_az(struct azml_settings *settings, const char **source_out, struct azml_error *err)
{
    const char *folder = azml_platform_env("AZURE_CONFIG_DIR");
    auto_free char *home = folder ? azml_strdup(folder, err) : azml_path_expand("~/.azure", err);
    auto_free char *path = home ? azml_path_join(home, "config", err) : NULL;
    auto_free char *text = NULL;
    if (!path)
        return -1;
    if (read_optional(path, &text, NULL) == 0 && text)
        settings->found[AZML_SETTING_CLOUD] = azml_ini_value(text, "cloud", "name", NULL);
    *source_out = _("the Azure CLI's configuration");
    return 0;
}

static const char *from_variables(enum azml_setting which, const char **source_out)
{
    for (size_t i = 0; i < MOST_VARIABLES && rows[which].variables[i]; i++) {
        const char *value = azml_platform_env(rows[which].variables[i]);
        if (value) {
            *source_out = rows[which].variables[i];
            return value;
        }
    }
    return NULL;
}

static void tell(struct azml_settings *settings, enum azml_setting which, const char *value,
                 const char *source)
{
    if (!settings->told[which] && value)
        azml_log(AZML_LOG_VERBOSE, _("%s is %s (from %s)"), rows[which].key, value, source);
    settings->told[which] = true;
}

int azml_settings_get(struct azml_settings *settings, enum azml_setting which,
                      const char **value_out, struct azml_error *err)
{
    const char *source = rows[which].option, *value = NULL;
    memcpy(&value, (const char *)settings->common + rows[which].offset, sizeof(value));
    if (!value)
        value = from_variables(which, &source);
    if (!value) {
        if (from_files(settings, which, &source, err) < 0)
            return -1;
        if (!settings->found[which] && which == AZML_SETTING_CLOUD &&
            from_az(settings, &source, err) < 0)
            return -1;
        value = settings->found[which];
    }
    tell(settings, which, value, source);
    *value_out = value;
    return 0;
}
