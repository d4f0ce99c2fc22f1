/* settings.h - where a value comes from: option, environment, project file, settings, default.
 *
 * Looks values up and says where they were found; it neither asks nor reaches over the network. */
#ifndef AZML_COMMANDS_SETTINGS_H
#define AZML_COMMANDS_SETTINGS_H

#include "azml/error.h"
#include "cli/command.h"

enum azml_setting {
    AZML_SETTING_CLOUD,
    AZML_SETTING_SUBSCRIPTION,
    AZML_SETTING_GROUP,
    AZML_SETTING_WORKSPACE,
    AZML_SETTING_LOCATION,
    AZML_SETTING_AUTH,
    AZML_SETTING_OUTPUT,
    AZML_SETTING_CA_FILE,
    AZML_SETTING_COUNT
};

struct azml_settings;

/* `common` (what was typed) is lent. Files are read when the first value asks for them. NULL with
 * `err` set when memory runs out. */
struct azml_settings *azml_settings_new(const struct azml_common *common, struct azml_error *err);
void azml_settings_free(struct azml_settings *settings);

/* 0 and the value (lent; NULL where there is none), or -1 with `err` set where a file is broken or
 * says what it may not: a project file (azml.ini here or in a parent folder) names no host and no
 * certificates. Under --verbose it says where the value came from. */
int azml_settings_get(struct azml_settings *settings, enum azml_setting which,
                      const char **value_out, struct azml_error *err);

/* The option to type for it: "-g" or "--cloud"; static. */
const char *azml_setting_option(enum azml_setting which);

/* The variable that azml reads first for it: "AZML_RESOURCE_GROUP"; static. */
const char *azml_setting_variable(enum azml_setting which);

#endif
