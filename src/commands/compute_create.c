#include "azml/arm_id.h"
#include "azml/compute_run.h"
#include "azml/ssh.h"
#include "azml/ssh_key.h"
#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/text.h"
#include "commands/ml_common.h"
#include "commands/table.h"

#include <string.h>

#define SSH_WAIT_MS 180000 /* sshd comes up seconds after the state says Running */

struct create_args {
    const char *name;
    const char *size, *type, *idle, *priority, *key_file;
    int64_t min_nodes, max_nodes, node_idle_s;
    bool no_ssh, allow_any_key;
};

/* What making the key needs. */
struct key_maker {
    struct azml_context *context;
    const char *name;
    char *id; /* of the compute */
};

/* The public half of a key that azml keeps: read back from the private one, so that it is there
 * even where a killed run wrote only the first of the two files. */
static char *kept_key(const char *path, struct azml_error *err)
{
    size_t length = 0;
    auto_free char *text = azml_fs_read(path, AZML_LIMIT_KEY_FILE, &length, err);
    struct azml_ssh_private_key key = {0};
    if (!text || azml_ssh_private_key_parse(text, length, path, &key, err) < 0)
        return NULL;
    char *line = azml_ssh_public_key_line(&key.public_key, err);
    azml_ssh_private_key_cleanup(&key);
    azml_wipe(text, length);
    return line;
}

static char *new_key(const struct key_maker *maker, const char *path, struct azml_error *err)
{
    auto_free char *comment = azml_format(err, "azml compute %s", maker->name);
    auto_free char *folder = azml_strndup(path, (size_t)(strrchr(path, '/') - path), err);
    if (!comment || !folder || azml_fs_make_folder(folder, err) < 0)
        return NULL;
    const struct azml_ssh_key_request request = {.type = AZML_SSH_KEY_RSA, .comment = comment};
    struct azml_ssh_key_pair pair = {0};
    char *line = NULL;
    if (azml_ssh_key_generate(&request, &pair, err) == 0 &&
        azml_ssh_key_pair_write(&pair, path, err) == 0)
        line = azml_ssh_public_key_line(&pair.public_key, err);
    azml_ssh_key_pair_cleanup(&pair);
    if (line)
        azml_progress_note(azml_context_progress(maker->context),
                           _("A new SSH key was made for it: %s"), path);
    return line;
}

/* An azml_compute_create.make_key: the kept key of this compute, or a new one. */
static char *make_key(void *data, struct azml_error *err)
{
    const struct key_maker *maker = data;
    auto_free char *path = azml_ssh_key_path(maker->id, err);
    if (!path)
        return NULL;
    return azml_fs_exists(path) ? kept_key(path, err) : new_key(maker, path, err);
}

/* Is the port behind the address really an SSH server? Says what became of it. */
static int wait_ssh(struct azml_context *context, const char *name,
                    const struct azml_compute *compute, const char *thing, struct azml_error *err)
{
    struct azml_progress *progress = azml_context_progress(context);
    uint16_t port = 0;
    const char *address = azml_compute_address(compute, &port);
    if (!azml_compute_is_ssh_ready(compute)) {
        azml_progress_done(progress, thing, _("running"), _("but it cannot be entered by SSH"));
        azml_progress_note(progress, "%s",
                           compute->warning ? compute->warning
                                            : _("the service reports no open SSH port for it"));
        return 0;
    }
    azml_progress_change(progress, thing, _("waiting for SSH to answer"), NULL, NULL);
    if (azml_ssh_wait_banner(azml_context_clock(context), address, port, SSH_WAIT_MS, NULL, err) <
        0) {
        azml_progress_done(progress, thing, _("running"), _("SSH does not answer"));
        azml_error_context(err, _("compute %s runs, but SSH does not answer at %s port %u"), name,
                           address, port);
        return azml_error_hint(err, "azml compute ssh %s", name);
    }
    azml_progress_done(progress, thing, _("running"), _("SSH answers"));
    return 0;
}

/* The compute is there: say how it stands, show it, and prove SSH where it was just made. */
static int tell(struct azml_context *context, const struct azml_compute_create *what,
                const struct azml_compute_created *created, struct azml_error *err)
{
    struct azml_progress *progress = azml_context_progress(context);
    const char *name = what->spec.name;
    if (created->how == AZML_MADE_ACCEPTED) {
        azml_progress_note(progress, _("The service works on it. Next: %s"), what->resume);
        return 0;
    }
    struct azml_compute compute;
    if (azml_compute_read(created->document, &compute, err) < 0)
        return -1;
    auto_free char *thing = azml_format(err, "compute %s", name);
    if (!thing)
        return -1;
    int reached = 0;
    enum azml_compute_phase phase = azml_compute_phase(&compute);
    bool instance = compute.kind == AZML_COMPUTE_INSTANCE;
    if (phase != AZML_COMPUTE_READY)
        azml_progress_note(progress, _("compute %s exists and is %s; azml compute start %s"), name,
                           azml_compute_word(&compute), name);
    else if (created->how == AZML_MADE_ALREADY)
        azml_progress_note(progress, _("compute %s is already %s; nothing to do"), name,
                           instance ? _("running") : _("there"));
    else if (instance && (what->spec.ssh_key || what->make_key))
        reached = wait_ssh(context, name, &compute, thing, err);
    else
        azml_progress_done(progress, thing, instance ? _("running") : _("ready"), NULL);
    /* what is there is shown even where SSH does not answer yet */
    if (azml_ml_show_compute(context, created->document, reached < 0 ? NULL : err) < 0 ||
        reached < 0)
        return -1;
    if (azml_compute_is_ssh_ready(&compute))
        azml_progress_note(progress, _("Next: azml compute ssh %s -w %s -g %s"), name,
                           what->workspace.name, what->workspace.group);
    return 0;
}

static void fill_spec(const struct create_args *args, struct azml_compute_spec *spec)
{
    bool cluster = azml_same_text(args->type, "AmlCompute");
    *spec = (struct azml_compute_spec){
        .kind = cluster ? AZML_COMPUTE_CLUSTER : AZML_COMPUTE_INSTANCE,
        .name = args->name,
        .size = args->size,
        .min_nodes = args->min_nodes,
        .max_nodes = args->max_nodes,
        .node_idle_s = args->node_idle_s,
        .low_priority = azml_same_text(args->priority, "LowPriority"),
    };
}

/* Options that make no sense together, and everything else that needs no request. */
static int check(const struct create_args *args, struct azml_compute_spec *spec, char **key_out,
                 struct azml_error *err)
{
    if (args->no_ssh && args->key_file)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              _("--no-ssh and --ssh-public-key exclude each other"));
    if (azml_compute_idle_parse(args->idle, &spec->idle_s, err) < 0 ||
        azml_compute_spec_check(spec, err) < 0)
        return -1;
    if (!args->key_file)
        return 0;
    *key_out =
        azml_ssh_public_key_for_azure(args->key_file, "--ssh-public-key", args->allow_any_key, err);
    return *key_out ? 0 : -1;
}

/* The same command once more, ready to paste; what differs from the defaults has to be in it, or it
 * would ask for another compute than the one that is being made. */
static char *same_again(const struct create_args *args, const struct azml_workspace_ref *ref,
                        struct azml_error *err)
{
    auto_str struct azml_str line = {0};
    azml_str_addf(&line, "azml compute create %s -w %s -g %s", args->name, ref->name, ref->group);
    if (!azml_same_text(args->size, AZML_COMPUTE_DEFAULT_SIZE))
        azml_str_addf(&line, " --size %s", args->size);
    if (azml_same_text(args->type, "AmlCompute"))
        azml_str_addf(&line, " --type %s", args->type);
    if (args->no_ssh)
        azml_str_add(&line, " --no-ssh");
    if (args->key_file) {
        azml_str_add(&line, " --ssh-public-key ");
        azml_text_add_word(&line, args->key_file);
    }
    return azml_str_take(&line, err);
}

static int create(struct azml_context *context, const struct create_args *args,
                  const struct azml_compute_create *asked, struct azml_error *err)
{
    const struct azml_workspace_ref *ref = &asked->workspace;
    struct key_maker maker = {.context = context, .name = asked->spec.name};
    auto_free char *id = azml_format(err,
                                     "/subscriptions/%s/resourceGroups/%s/providers/"
                                     "Microsoft.MachineLearningServices/workspaces/%s/computes/%s",
                                     ref->subscription, ref->group, ref->name, asked->spec.name);
    auto_free char *resume = same_again(args, ref, err);
    auto_json cJSON *tags = azml_context_tags(context, NULL, err);
    struct azml_arm *arm = azml_context_arm(context, err);
    if (!id || !resume || !tags || !arm)
        return -1;
    struct azml_watch watch = azml_ml_watch(context);
    maker.id = id;
    struct azml_compute_create what = *asked;
    what.key_data = &maker;
    what.spec.tags = tags;
    what.resume = resume;
    what.watch = &watch;
    struct azml_compute_created created = {0};
    if (azml_compute_create(arm, &what, &created, err) < 0)
        return -1;
    int result = tell(context, &what, &created, err);
    cJSON_Delete(created.document);
    return result;
}

static int create_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct create_args *args = data;
    struct azml_compute_create what = {.no_wait = azml_context_common(context)->no_wait};
    fill_spec(args, &what.spec);
    auto_free char *key = NULL;
    if (check(args, &what.spec, &key, err) < 0)
        return -1;
    what.spec.ssh_key = key;
    if (!args->no_ssh && what.spec.kind == AZML_COMPUTE_INSTANCE)
        what.make_key = make_key;
    if (azml_ml_workspace(context, false, &what.workspace, err) < 0 ||
        azml_context_introduce(context, err) < 0)
        return -1;
    return create(context, args, &what, err);
}

static const char *const types[] = {"ComputeInstance", "AmlCompute", NULL};
static const char *const priorities[] = {"Dedicated", "LowPriority", NULL};

static const struct azml_option create_options[] = {
    AZML_WORD(struct create_args, name, .name = "name", .letter = 'n', .meta = "COMPUTE",
              .required = true, .help = _("Compute to create.")),
    AZML_STRING(struct create_args, size, .name = "size", .meta = "SIZE",
                .fallback = AZML_COMPUTE_DEFAULT_SIZE, .help = _("Size of its machine.")),
    AZML_STRING(struct create_args, type, .name = "type", .meta = "TYPE", .choices = types,
                .fallback = "ComputeInstance",
                .help = _("ComputeInstance for one machine, AmlCompute for a cluster.")),
    AZML_STRING(struct create_args, key_file, .name = "ssh-public-key", .meta = "FILE",
                .help = _("Public key that may sign in; without it azml makes and keeps one.")),
    AZML_FLAG(struct create_args, allow_any_key, .name = "allow-any-key",
              .help = _("Also send a key that is not RSA, which the service may refuse.")),
    AZML_FLAG(struct create_args, no_ssh, .name = "no-ssh",
              .help = _("No SSH at all; it cannot be switched on later.")),
    AZML_STRING(struct create_args, idle, .name = "idle-shutdown", .meta = "TIME",
                .fallback = "60m",
                .help = _("Stop an instance after so long without activity, 15m to 3d, or off.")),
    AZML_INT(struct create_args, min_nodes, .name = "min-nodes", .meta = "N", .fallback = "0",
             .min = 0, .max = 1000, .help = _("Nodes that a cluster always keeps.")),
    AZML_INT(struct create_args, max_nodes, .name = "max-nodes", .meta = "N", .fallback = "1",
             .min = 1, .max = 1000, .help = _("Nodes that a cluster may have.")),
    AZML_INT(struct create_args, node_idle_s, .name = "idle-seconds", .meta = "N",
             .fallback = "120", .min = 30, .max = 86400,
             .help = _("Seconds until an idle node of a cluster goes.")),
    AZML_STRING(struct create_args, priority, .name = "priority", .meta = "PRIORITY",
                .choices = priorities, .fallback = "Dedicated",
                .help = _("LowPriority nodes cost less and may be taken away.")),
    {0},
};

static const char *const create_examples[] = {
    "azml compute create trainer -w course -g tensorflow --ssh-public-key ~/.ssh/id_rsa.pub",
    "azml compute create trainer -w course --idle-shutdown 30m",
    "azml compute create nodes -w course --type AmlCompute --max-nodes 4", NULL};

const struct azml_command azml_command_compute_create = {
    .path = "compute create",
    .summary = _("Create a compute instance or cluster"),
    .details = _("Quota and price are looked at first. An instance is done when it runs and SSH "
                 "answers. Run again, it goes on where it was, or says that there is nothing to "
                 "do. Its SSH port is open to the internet; only the given key may sign in."),
    .options = create_options,
    .examples = create_examples,
    .args_size = sizeof(struct create_args),
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_GROUP | AZML_TAKES_WORKSPACE | AZML_TAKES_NO_WAIT,
    .run = create_run,
};
