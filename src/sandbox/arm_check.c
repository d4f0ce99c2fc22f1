/* arm_check.c - the checks of request bodies that all providers of arm.h share. */
#include "sandbox/arm.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

void arm_location_normal(const char *text, char out[ARM_LOCATION_ROOM])
{
    size_t length = 0;
    for (; *text && length + 1 < ARM_LOCATION_ROOM; text++)
        if (*text != ' ')
            out[length++] = (char)tolower((unsigned char)*text);
    out[length] = '\0';
}

bool arm_location_exists(const char *normal)
{
    struct azml_data_row row = {.table = azml_data_regions};
    char access[32];
    return azml_data_find(&row, "name", normal) &&
           azml_data_cell(&row, "access", access, sizeof(access)) &&
           strcmp(access, "announced") != 0;
}

bool arm_check_location(const struct sandbox_request *request,
                        const struct sandbox_resource *existing, char out[ARM_LOCATION_ROOM],
                        struct sandbox_reply *reply)
{
    const char *type = request->route->type;
    const char *written = azml_json_text(request->json, "location");
    if (!written || *written == '\0') {
        sandbox_reply_error(reply, 400, "LocationRequired",
                            "The location property is required for this definition.");
        return false;
    }
    arm_location_normal(written, out);
    if (!arm_location_exists(out)) {
        sandbox_reply_error(reply, 400, "LocationNotAvailableForResourceType",
                            "The provided location '%s' is not available for resource type '%s'.",
                            written, type);
        return false;
    }
    if (existing && !azml_same_text(existing->location, out)) {
        sandbox_reply_error(reply, 409, "InvalidResourceLocation",
                            "The resource '%s' already exists in location '%s' in resource group "
                            "'%s'. A resource with the same name cannot be created in location "
                            "'%s'. Please select a new resource name.",
                            existing->name, existing->location, existing->group, out);
        return false;
    }
    return true;
}

static bool check_tag(const cJSON *tag, struct sandbox_reply *reply)
{
    size_t length = strlen(tag->string);
    if (length == 0 || length > 512 || strpbrk(tag->string, "<>%&\\?/")) {
        sandbox_reply_error(reply, 400, "InvalidTagNameCharacters",
                            "The tag names '%s' have reserved characters '<,>,%%,&,\\,?,/' or are "
                            "too long.",
                            tag->string);
        return false;
    }
    if (!cJSON_IsString(tag)) {
        sandbox_reply_bad_content(reply, "The value of the tag '%s' must be a string", tag->string);
        return false;
    }
    if (strlen(tag->valuestring) > 256) {
        sandbox_reply_error(reply, 400, "TagValueTooLong",
                            "The value of the tag '%s' is too long. It must be at most 256 "
                            "characters.",
                            tag->string);
        return false;
    }
    return true;
}

bool arm_check_tags(const cJSON *json, struct sandbox_reply *reply)
{
    const cJSON *tags = cJSON_GetObjectItem(json, "tags");
    if (!tags || cJSON_IsNull(tags))
        return true;
    if (!cJSON_IsObject(tags)) {
        sandbox_reply_bad_content(reply, "The property 'tags' must be an object");
        return false;
    }
    if (cJSON_GetArraySize(tags) > 50) {
        sandbox_reply_error(reply, 400, "TagsLimitExceeded",
                            "The number of tags exceeds the limit of '50'.");
        return false;
    }
    const cJSON *tag;
    cJSON_ArrayForEach (tag, tags) {
        if (!check_tag(tag, reply))
            return false;
    }
    return true;
}

/* What stands at the path: 1, nothing and that is fine: 0, refused: -1. */
static int presence(const cJSON *json, const char *path, bool required, struct sandbox_reply *reply)
{
    if (azml_json_at(json, path))
        return 1;
    if (!required)
        return 0;
    sandbox_reply_bad_content(reply, "The required property '%s' is missing or null", path);
    return -1;
}

static bool refuse_type(const char *path, const char *type, struct sandbox_reply *reply)
{
    sandbox_reply_bad_content(reply, "The property '%s' must be a %s", path, type);
    return false;
}

bool arm_check_text(const cJSON *json, const char *path, bool required, struct sandbox_reply *reply)
{
    int there = presence(json, path, required, reply);
    if (there <= 0)
        return there == 0;
    return azml_json_text(json, path) ? true : refuse_type(path, "string", reply);
}

bool arm_check_bool(const cJSON *json, const char *path, struct sandbox_reply *reply)
{
    int there = presence(json, path, false, reply);
    if (there <= 0)
        return there == 0;
    return cJSON_IsBool(azml_json_at(json, path)) ? true : refuse_type(path, "boolean", reply);
}

bool arm_check_object(const cJSON *json, const char *path, bool required,
                      struct sandbox_reply *reply)
{
    int there = presence(json, path, required, reply);
    if (there <= 0)
        return there == 0;
    return cJSON_IsObject(azml_json_at(json, path)) ? true
                                                    : refuse_type(path, "JSON object", reply);
}

bool arm_check_choice(const cJSON *json, const char *path, const char *const *choices,
                      bool required, struct sandbox_reply *reply)
{
    if (!arm_check_text(json, path, required, reply))
        return false;
    const char *text = azml_json_text(json, path);
    if (!text)
        return true;
    auto_str struct azml_str list = {0};
    for (size_t i = 0; choices[i]; i++) {
        if (azml_same_text(choices[i], text))
            return true;
        azml_str_addf(&list, i ? ", %s" : "%s", choices[i]);
    }
    sandbox_reply_bad_content(reply, "The value '%s' of the property '%s' is none of: %s", text,
                              path, azml_str_text(&list));
    return false;
}
