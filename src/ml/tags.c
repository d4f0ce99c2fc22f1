#include "azml/ml_tags.h"

#include "base/auto.h"
#include "base/json.h"

#define VALUE_MAX 256 /* Resource Manager's limit for a tag's value */

cJSON *azml_tags_with_owner(const cJSON *made, const char *workspace_id)
{
    auto_json cJSON *tags = made ? cJSON_Duplicate(made, true) : cJSON_CreateObject();
    auto_free char *of = azml_strndup(workspace_id, VALUE_MAX, NULL);
    if (!tags || !of || azml_json_put_member(tags, AZML_TAG_OF, cJSON_CreateString(of)) < 0)
        return NULL;
    return AZML_STEAL(tags);
}

const char *azml_tags_value(const cJSON *tags, const char *name)
{
    const cJSON *tag;
    cJSON_ArrayForEach (tag, tags) {
        if (azml_same_text(tag->string, name))
            return cJSON_GetStringValue(tag);
    }
    return NULL;
}

bool azml_tags_are_ours(const cJSON *tags)
{
    const char *maker = azml_tags_value(tags, AZML_TAG_MADE_BY);
    return maker && maker[0] != '\0';
}

bool azml_tags_belong_to(const cJSON *tags, const char *workspace_id)
{
    const char *of = azml_tags_value(tags, AZML_TAG_OF);
    return of && azml_same_text(of, workspace_id);
}
