#include "sandbox/versions.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/str.h"

#include <string.h>

#define CELL 4096 /* room for the longest list of versions */
#define NAME 256

bool sandbox_version_is_well_formed(const char *version)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof(shape) - 1; i++) {
        bool fits = shape[i] == 'd' ? version[i] >= '0' && version[i] <= '9' : version[i] == '-';
        if (!fits)
            return false;
    }
    const char *rest = version + sizeof(shape) - 1;
    return *rest == '\0' || azml_same_text(rest, "-preview") || azml_same_text(rest, "-alpha") ||
           azml_same_text(rest, "-beta") || azml_same_text(rest, "-privatepreview");
}

static bool is_listed(const char *list, const char *version)
{
    size_t length = strlen(version);
    for (const char *at = list; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ',')) {
        if (strcspn(at, ",") == length && azml_same_bytes(at, version, length))
            return true;
    }
    return false;
}

struct found {
    bool is_type;    /* the row is of the very type */
    bool is_certain; /* and lists all its versions */
    bool is_listed;
};

/* Look at one row: false where it is of another namespace. */
static bool look(const struct azml_data_row *row, const char *type, const char *version,
                 struct found *found)
{
    char cell[CELL];
    size_t length = strcspn(type, "/");
    if (!azml_data_cell(row, "namespace", cell, sizeof(cell)) || strlen(cell) != length ||
        !azml_same_bytes(cell, type, length))
        return false;
    found->is_type = azml_data_cell(row, "type", cell, sizeof(cell)) && type[length] == '/' &&
                     azml_same_text(cell, type + length + 1);
    found->is_certain =
        azml_data_cell(row, "versions_from", cell, sizeof(cell)) && strcmp(cell, "spec") == 0;
    found->is_listed = azml_data_cell(row, "api_versions", cell, sizeof(cell)) && version &&
                       is_listed(cell, version);
    return true;
}

bool sandbox_version_is_known(const char *type, const char *version)
{
    if (!type)
        return sandbox_version_is_well_formed(version);
    bool is_in_namespace = false;
    for (struct azml_data_row row = {.table = azml_data_providers}; azml_data_next(&row);) {
        struct found found;
        if (!look(&row, type, version, &found))
            continue;
        if (found.is_type && found.is_certain)
            return found.is_listed;
        is_in_namespace |= found.is_listed;
    }
    return is_in_namespace;
}

char *sandbox_versions_of(const char *type)
{
    char versions[CELL] = "";
    for (struct azml_data_row row = {.table = azml_data_providers}; azml_data_next(&row);) {
        struct found found;
        if (!look(&row, type, NULL, &found) || (*versions && !found.is_type))
            continue;
        azml_data_cell(&row, "api_versions", versions, sizeof(versions));
        if (found.is_type)
            break;
    }
    auto_str struct azml_str text = {0};
    char *rest = versions;
    while (rest) {
        azml_str_add(&text, azml_split(&rest, ','));
        azml_str_add(&text, rest ? ", " : "");
    }
    return azml_str_take(&text, NULL);
}

bool sandbox_provider_is_known(const char *provider_namespace, char *state_out)
{
    struct azml_data_row row = {.table = azml_data_providers};
    if (!azml_data_find(&row, "namespace", provider_namespace))
        return false;
    if (state_out)
        azml_data_cell(&row, "default_state", state_out, 32);
    return true;
}
