/* ml_tags.h - the tags that azml writes on what it makes, and how it recognises its own.
 *
 * Tag names compare without regard to case, values with it (Resource Manager's rule). */
#ifndef AZML_ML_TAGS_H
#define AZML_ML_TAGS_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#define AZML_TAG_MADE_BY "azml-made-by"
#define AZML_TAG_CREATED "azml-created"
#define AZML_TAG_OWNER   "azml-owner"
#define AZML_TAG_EXPIRES "azml-expires"
#define AZML_TAG_OF      "azml-of"
#define AZML_TAG_RUN     "azml-run"

/* A copy of `made` (the tags of what this command makes; NULL: none) with azml-of naming the
 * workspace that a dependent is made for. The caller's; NULL when memory runs out. */
cJSON *azml_tags_with_owner(const cJSON *made, const char *workspace_id);

/* The value of a tag in a "tags" object, lent; NULL where it is missing or no text. */
const char *azml_tags_value(const cJSON *tags, const char *name);

/* Did azml make the thing that carries these tags? */
bool azml_tags_are_ours(const cJSON *tags);

/* Was it made for the workspace of that id (ids compare without regard to case)? */
bool azml_tags_belong_to(const cJSON *tags, const char *workspace_id);

#endif
