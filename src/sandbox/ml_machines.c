#include "sandbox/ml_machines.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/str.h"
#include "sandbox/machine.h"

#include <stdlib.h>
#include <string.h>

/* A process belongs to the process that started it, so this list does too. */
struct entry {
    struct entry *next;
    const struct sandbox *sandbox;
    char *id;                     /* of the compute */
    struct azml_machine *machine; /* NULL: it could not be started */
    char *why;
};

static struct entry *entries;

static struct entry **find(const struct sandbox *sandbox, const char *id)
{
    struct entry **at = &entries;
    while (*at && ((*at)->sandbox != sandbox || !azml_same_text((*at)->id, id)))
        at = &(*at)->next;
    return at;
}

static void drop(struct entry **at)
{
    struct entry *entry = *at;
    if (!entry)
        return;
    *at = entry->next;
    azml_machine_stop(entry->machine);
    free(entry->id);
    free(entry->why);
    free(entry);
}

bool sandbox_ml_machine_is_wanted(const cJSON *body)
{
    const char *state = azml_json_text(body, "properties.properties.state");
    const char *access = azml_json_text(body, "properties.properties.sshSettings.sshPublicAccess");
    return azml_same_text(azml_json_text(body, "properties.computeType"), "ComputeInstance") &&
           azml_same_text(access, "Enabled") && state &&
           sandbox_ml_is_word(state, "Running|JobRunning");
}

/* Where a compute's machine keeps its home; NULL where this sandbox keeps no files. */
static char *folder_of(const struct sandbox *sandbox, const struct sandbox_resource *compute,
                       struct azml_error *err)
{
    const char *name = azml_json_text(compute->hidden, "machine");
    if (!*sandbox->folder || !name) {
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("this sandbox keeps no files"));
        return NULL;
    }
    return azml_format(err, "%s/machines/%s", sandbox->folder, name);
}

static struct azml_machine *start(struct sandbox *sandbox, const struct sandbox_resource *compute,
                                  struct azml_error *err)
{
    auto_free char *folder = folder_of(sandbox, compute, err);
    if (!folder || azml_fs_make_folder(folder, err) < 0)
        return NULL;
    const struct azml_machine_options options = {
        .folder = folder,
        .host_name = compute->name,
        .public_key =
            azml_json_text(compute->body, "properties.properties.sshSettings.adminPublicKey"),
    };
    if (!options.public_key) {
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("it has no public key"));
        return NULL;
    }
    return azml_machine_start(&options, err);
}

static struct entry *add(struct sandbox *sandbox, const struct sandbox_resource *compute)
{
    struct entry *entry = calloc(1, sizeof(*entry));
    if (!entry)
        return NULL;
    auto_error struct azml_error err = {0};
    entry->sandbox = sandbox;
    entry->id = azml_strdup(compute->id, NULL);
    if (!entry->id) {
        free(entry);
        return NULL;
    }
    entry->machine = start(sandbox, compute, &err);
    if (!entry->machine)
        entry->why = err.hint ? azml_format(NULL, "%s (%s)", err.message, err.hint)
                              : azml_strdup(err.message ? err.message : "", NULL);
    entry->next = entries;
    entries = entry;
    return entry;
}

struct sandbox_ml_machine sandbox_ml_machine_settle(struct sandbox *sandbox,
                                                    const struct sandbox_resource *compute)
{
    struct sandbox_ml_machine shown = {0};
    struct entry **at = find(sandbox, compute->id);
    if (!sandbox_ml_machine_is_wanted(compute->body)) {
        drop(at);
        return shown;
    }
    struct entry *entry = *at ? *at : add(sandbox, compute);
    if (!entry)
        return shown;
    if (!entry->machine) {
        shown.why = entry->why ? entry->why : _("no memory left");
        return shown;
    }
    switch (azml_machine_look(entry->machine)) {
    case AZML_MACHINE_STARTING:
        break;
    case AZML_MACHINE_READY:
        shown.is_ready = true;
        shown.port = azml_machine_port(entry->machine);
        break;
    case AZML_MACHINE_ENDED:
        shown.why = azml_machine_why(entry->machine);
        break;
    }
    return shown;
}

void sandbox_ml_machine_end(struct sandbox *sandbox, const struct sandbox_resource *compute,
                            bool forget)
{
    drop(find(sandbox, compute->id));
    auto_free char *folder = forget ? folder_of(sandbox, compute, NULL) : NULL;
    if (folder)
        (void)azml_fs_remove_tree(folder, NULL);
}

static int settle_all(struct sandbox *sandbox, struct azml_error *err)
{
    const struct sandbox_query query = {.type = ML_COMPUTE, .with_hidden = true};
    auto_resources struct sandbox_resources computes = {0};
    if (sandbox_store_list(sandbox->store, &query, &computes, err) < 0)
        return -1;
    for (size_t i = 0; i < computes.count; i++)
        (void)sandbox_ml_machine_settle(sandbox, computes.items[i]);
    return 0;
}

int sandbox_ml_machines_start(struct sandbox *sandbox, struct azml_error *err)
{
    return settle_all(sandbox, err);
}

void sandbox_ml_machines_tick(struct sandbox *sandbox)
{
    (void)settle_all(sandbox, NULL);
    for (struct entry **at = &entries; *at;) {
        bool is_ours = (*at)->sandbox == sandbox;
        if (is_ours && !sandbox_store_has(sandbox->store, (*at)->id))
            drop(at);
        else
            at = &(*at)->next;
    }
}

void sandbox_ml_machines_stop(struct sandbox *sandbox)
{
    for (struct entry **at = &entries; *at;) {
        if ((*at)->sandbox == sandbox)
            drop(at);
        else
            at = &(*at)->next;
    }
}
