#include "azml/arm_id.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/str.h"

#include <string.h>

#define auto_id __attribute__((cleanup(azml_arm_id_cleanup)))

void azml_arm_id_cleanup(struct azml_arm_id *id)
{
    if (!id)
        return;
    char *texts[] = {id->text, id->subscription, id->group,     id->provider,
                     id->type, id->name,         id->full_name, id->scope};
    for (size_t i = 0; i < AZML_COUNT(texts); i++)
        free(texts[i]);
    *id = (struct azml_arm_id){0};
}

/* Length of an id without its trailing slashes. */
static size_t length_of(const char *id)
{
    size_t length = strlen(id);
    while (length && id[length - 1] == '/')
        length--;
    return length;
}

bool azml_arm_id_same(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    size_t length = length_of(a);
    return length == length_of(b) && azml_same_bytes(a, b, length);
}

bool azml_arm_id_is_under(const char *id, const char *scope)
{
    if (!id || !scope)
        return false;
    size_t length = length_of(scope);
    return length_of(id) >= length && azml_same_bytes(id, scope, length) &&
           (id[length] == '\0' || id[length] == '/');
}

const char *azml_arm_id_last(const char *id)
{
    const char *slash = strrchr(id, '/');
    return slash ? slash + 1 : id;
}

/* The segment behind the first `marker` ("/subscriptions/"), or NULL where there is none. */
static int take_segment(char **out, const char *text, const char *marker, struct azml_error *err)
{
    const char *at = azml_find_nocase(text, marker);
    if (!at)
        return 0;
    at += strlen(marker);
    *out = azml_strndup(at, strcspn(at, "/"), err);
    return *out ? 0 : -1;
}

static const char *last_provider(const char *text)
{
    static const char marker[] = "/providers/";
    const char *last = NULL;
    for (const char *at = text; (at = azml_find_nocase(at, marker)); at++)
        last = at;
    return last ? last + strlen(marker) : NULL;
}

/* "Ns/type/name/child/name" into the type and the names; each name follows its type. */
static int split_provider(struct azml_arm_id *id, const char *text, struct azml_error *err)
{
    auto_str struct azml_str type = {0};
    auto_str struct azml_str names = {0};
    auto_free char *copy = azml_strdup(text, err);
    if (!copy)
        return -1;
    char *rest = copy;
    azml_str_add(&type, azml_split(&rest, '/'));
    id->provider = azml_strdup(azml_str_text(&type), err);
    size_t count = 0;
    for (const char *part; (part = azml_split(&rest, '/')); count++) {
        if (!*part)
            return azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no resource id"), id->text);
        if (count % 2 == 0)
            azml_str_addf(&type, "/%s", part);
        else
            azml_str_addf(&names, "%s%s", names.length ? "/" : "", part);
    }
    if (count == 0 || count % 2)
        return azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no resource id"), id->text);
    id->type = azml_str_take(&type, err);
    id->full_name = azml_str_take(&names, err);
    return id->provider && id->type && id->full_name ? 0 : -1;
}

/* What the id stands on: for a child its parent, for an extension the other resource. */
static int take_scope(struct azml_arm_id *id, const char *provider, struct azml_error *err)
{
    const char *last = azml_arm_id_last(id->text);
    const char *end = last - 1;
    while (end > id->text && end[-1] != '/')
        end--;
    end--; /* the slash before the last type */
    if (provider && end < provider + strlen(id->provider) + 1)
        end = provider - strlen("/providers/");
    if (end <= id->text)
        return 0;
    id->scope = azml_strndup(id->text, (size_t)(end - id->text), err);
    return id->scope ? 0 : -1;
}

static int split_scope_only(struct azml_arm_id *id, struct azml_error *err)
{
    const char *type =
        id->group ? "Microsoft.Resources/resourceGroups" : "Microsoft.Resources/subscriptions";
    const char *name = id->group ? id->group : id->subscription;
    auto_free char *whole = id->group ? azml_format(err, "/subscriptions/%s/resourceGroups/%s",
                                                    id->subscription, id->group)
                                      : azml_format(err, "/subscriptions/%s", id->subscription);
    if (!whole)
        return -1;
    if (!azml_same_text(whole, id->text))
        return azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no resource id"), id->text);
    id->provider = azml_strdup("Microsoft.Resources", err);
    id->type = azml_strdup(type, err);
    id->full_name = azml_strdup(name, err);
    return id->provider && id->type && id->full_name ? 0 : -1;
}

int azml_arm_id_parse(const char *text, struct azml_arm_id *id_out, struct azml_error *err)
{
    auto_id struct azml_arm_id id = {0};
    id.text = azml_strndup(text, length_of(text), err);
    if (!id.text)
        return -1;
    const char *provider = last_provider(id.text);
    if (id.text[0] != '/' || strstr(id.text, "//") ||
        (!provider && !azml_has_prefix_nocase(id.text, "/subscriptions/")))
        return azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is no resource id"), text);
    if (azml_has_prefix_nocase(id.text, "/subscriptions/") &&
        (take_segment(&id.subscription, id.text, "/subscriptions/", err) < 0 ||
         take_segment(&id.group, id.text, "/resourceGroups/", err) < 0))
        return -1;
    int done = provider ? split_provider(&id, provider, err) : split_scope_only(&id, err);
    if (done < 0 || take_scope(&id, provider, err) < 0)
        return -1;
    id.name = azml_strdup(azml_arm_id_last(id.text), err);
    if (!id.name)
        return -1;
    *id_out = id;
    id = (struct azml_arm_id){0};
    return 0;
}
