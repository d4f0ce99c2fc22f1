#include "ml/workspace_names.h"

#include "azml/ml_tags.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "ml/api.h"

#include <string.h>

#define CHOICES 8

bool azml_workspace_name_suits(const cJSON *resource, const cJSON *availability, const char *id)
{
    if (resource)
        return azml_tags_belong_to(azml_json_at(resource, "tags"), id);
    return azml_json_bool_or(availability, "nameAvailable", true);
}

/* The two questions about one choice: is it there, and may it be taken? */
struct question {
    char *get_path, *check_path, *check_body;
};

static void question_cleanup(struct question *question)
{
    free(question->get_path);
    free(question->check_path);
    free(question->check_body);
}

static int ask(const struct azml_workspace_ref *ref, const char *provider, const char *type,
               const char *name, struct question *out, struct azml_error *err)
{
    out->get_path = azml_arm_path(err, "/subscriptions/", ref->subscription, "/resourceGroups/",
                                  ref->group, "/providers/", type, "/", name, (char *)NULL);
    out->check_path = azml_arm_path(err, "/subscriptions/", ref->subscription, "/providers/",
                                    provider, "/checkNameAvailability", (char *)NULL);
    auto_json cJSON *body = cJSON_CreateObject();
    if (!body || azml_json_put_text(body, "name", name) < 0 ||
        azml_json_put_text(body, "type", type) < 0)
        return azml_error_memory(err);
    out->check_body = azml_json_print(body, false, err);
    return out->get_path && out->check_path && out->check_body ? 0 : -1;
}

static void read_of(const struct question *question, struct azml_arm_read reads[2])
{
    reads[0] = (struct azml_arm_read){.path = question->get_path};
    reads[1] =
        (struct azml_arm_read){.path = question->check_path, .post_body = question->check_body};
}

static void reads_cleanup(struct azml_arm_read *reads, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cJSON_Delete(reads[i].json);
        azml_error_cleanup(&reads[i].error);
    }
}

/* Ask about one attempt's storage account and vault; each answer may settle one of them. */
static int try_choice(struct azml_arm *arm, const struct azml_workspace_ref *ref, const char *id,
                      const struct azml_dependent_names *names, bool *storage_out, bool *vault_out,
                      struct azml_error *err)
{
    __attribute__((cleanup(question_cleanup))) struct question storage = {0};
    __attribute__((cleanup(question_cleanup))) struct question vault = {0};
    if (ask(ref, "Microsoft.Storage", AZML_TYPE_STORAGE, names->storage, &storage, err) < 0 ||
        ask(ref, "Microsoft.KeyVault", AZML_TYPE_VAULT, names->vault, &vault, err) < 0)
        return -1;
    struct azml_arm_read reads[4];
    read_of(&storage, reads);
    read_of(&vault, reads + 2);
    int result = azml_arm_read_all(arm, reads, AZML_COUNT(reads), err);
    if (result == 0) {
        *storage_out = azml_workspace_name_suits(reads[0].json, reads[1].json, id);
        *vault_out = azml_workspace_name_suits(reads[2].json, reads[3].json, id);
    }
    reads_cleanup(reads, AZML_COUNT(reads));
    return result;
}

int azml_workspace_choose_names(struct azml_arm *arm, const struct azml_workspace_ref *ref,
                                const char *id, struct azml_dependent_names *out,
                                struct azml_error *err)
{
    bool storage_settled = false, vault_settled = false;
    azml_dependent_names_derive(id, 0, out);
    for (unsigned attempt = 0; attempt < CHOICES; attempt++) {
        struct azml_dependent_names names;
        azml_dependent_names_derive(id, attempt, &names);
        bool storage = false, vault = false;
        if (try_choice(arm, ref, id, &names, &storage, &vault, err) < 0)
            return -1;
        if (storage && !storage_settled)
            memcpy(out->storage, names.storage, sizeof(out->storage));
        if (vault && !vault_settled)
            memcpy(out->vault, names.vault, sizeof(out->vault));
        storage_settled = storage_settled || storage;
        vault_settled = vault_settled || vault;
        if (storage_settled && vault_settled)
            return 0;
    }
    azml_error_set(err, AZML_ERROR_NAME_TAKEN,
                   _("no free name was found for the storage account or key vault of %s"),
                   ref->name);
    return azml_error_hint(err, "--storage-account ID --key-vault ID");
}
