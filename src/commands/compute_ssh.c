#include "azml/compute_run.h"
#include "azml/ssh.h"
#include "azml/ssh_key.h"
#include "azml/ssh_known_hosts.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/platform.h"
#include "commands/ml_common.h"
#include "commands/table.h"

enum { FAILURE = 255 }; /* as ssh: the command's own codes are below it */

struct ssh_args {
    const char *name, *identity;
    struct azml_list command;
};

/* A target with the texts that it lends. */
struct door {
    struct azml_ssh_target target;
    char *alias, *known_hosts, *identity;
};

static void door_cleanup(struct door *door)
{
    free(door->alias);
    free(door->known_hosts);
    free(door->identity);
}

/* Why this compute cannot be entered just now. Always returns -1. */
static int refuse(const struct azml_compute *compute, const char *name, struct azml_error *err)
{
    if (compute->kind != AZML_COMPUTE_INSTANCE) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s is no instance"), name);
        return azml_error_why(err, _("only a compute instance has an address of its own for SSH"));
    }
    if (!compute->ssh_enabled) {
        azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s was created without SSH"), name);
        azml_error_why(err, _("the service cannot switch it on later"));
        return azml_error_hint(err, _("delete and create it again with --ssh-public-key FILE"));
    }
    const char *word = azml_compute_word(compute);
    switch (azml_compute_phase(compute)) {
    case AZML_COMPUTE_BROKEN:
        return azml_compute_fail(compute, err);
    case AZML_COMPUTE_STOPPED:
        azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s is %s"), name, word);
        return azml_compute_hint(compute, "start", err);
    case AZML_COMPUTE_READY:
        azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s has no address yet"), name);
        return azml_compute_hint(compute, "show", err);
    case AZML_COMPUTE_BUSY:
    case AZML_COMPUTE_UNKNOWN:
        break;
    }
    azml_error_set(err, AZML_ERROR_CONFLICT, _("compute %s is %s and cannot be entered"), name,
                   word);
    return azml_compute_hint(compute, "show", err);
}

/* From the service's description to where and how to knock. */
static int find_door(const struct ssh_args *args, const cJSON *document, struct door *door,
                     struct azml_error *err)
{
    struct azml_compute compute;
    if (azml_compute_read(document, &compute, err) < 0)
        return -1;
    if (!azml_compute_is_ssh_ready(&compute))
        return refuse(&compute, args->name, err);
    if (!compute.id || !compute.ssh_user)
        return azml_error_set(err, AZML_ERROR_PROTOCOL,
                              _("the service does not say how compute %s is entered"), args->name);
    const char *let_in = azml_json_text(document, "properties.properties.sshSettings."
                                                  "adminPublicKey");
    door->alias = azml_ssh_host_alias(compute.id, compute.created_on, err);
    door->known_hosts = azml_ssh_known_hosts_path(err);
    door->identity = args->identity ? azml_strdup(args->identity, err)
                                    : azml_ssh_find_identity(compute.id, let_in, err);
    if (!door->alias || !door->known_hosts || !door->identity)
        return -1;
    door->target = (struct azml_ssh_target){.user = compute.ssh_user,
                                            .alias = door->alias,
                                            .known_hosts = door->known_hosts,
                                            .identity = door->identity};
    door->target.host = azml_compute_address(&compute, &door->target.port);
    return 0;
}

/* Become the system's ssh. */
static int shell(struct azml_context *context, const struct ssh_args *args,
                 const struct azml_ssh_target *target, struct azml_error *err)
{
    auto_free char *program = azml_platform_find_program("ssh");
    if (!program) {
        azml_error_set(err, AZML_ERROR_NOT_FOUND,
                       _("an interactive shell takes the system's ssh, which is not installed"));
        return azml_error_hint(err,
                               _("apt install openssh-client, or give a command: azml compute "
                                 "ssh %s -- COMMAND"),
                               args->name);
    }
    char **argv = azml_ssh_argv(target, err);
    if (!argv)
        return -1;
    azml_progress_hide(azml_context_progress(context));
    (void)azml_platform_exec((const char *const *)argv, err);
    azml_ssh_argv_free(argv);
    return -1;
}

static int run_command(struct azml_context *context, const struct ssh_args *args,
                       const struct azml_ssh_target *target, struct azml_error *err)
{
    const char **words = calloc(args->command.count + 1, sizeof(*words));
    if (!words)
        return azml_error_memory(err);
    for (size_t i = 0; i < args->command.count; i++)
        words[i] = args->command.items[i];
    auto_free char *command = azml_ssh_join_command(words, err);
    free(words);
    struct azml_ssh_session *session = command ? azml_ssh_open(target, err) : NULL;
    if (!session)
        return -1;
    struct azml_progress *progress = azml_context_progress(context);
    if (azml_ssh_is_new_host(session))
        azml_progress_note(progress, _("host key of compute %s, kept from now on: %s"), args->name,
                           azml_ssh_host_fingerprint(session));
    azml_progress_hide(progress);
    const struct azml_ssh_streams streams = {.stdin_fd = 0, .stdout_fd = 1, .stderr_fd = 2};
    struct azml_ssh_end end = {0};
    int result = azml_ssh_exec(session, command, &streams, &end, err);
    azml_ssh_close(session);
    return result < 0 ? -1 : end.exit_code;
}

static int ssh_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct ssh_args *args = data;
    struct azml_workspace_ref ref;
    if (azml_ml_workspace(context, false, &ref, err) < 0)
        return -1;
    struct azml_arm *arm = azml_context_arm(context, err);
    auto_json cJSON *document = arm ? azml_compute_get(arm, &ref, args->name, err) : NULL;
    if (!document)
        return -1;
    struct door door = {0};
    int result = find_door(args, document, &door, err);
    if (result == 0)
        result = args->command.count ? run_command(context, args, &door.target, err)
                                     : shell(context, args, &door.target, err);
    door_cleanup(&door);
    return result;
}

static const struct azml_option ssh_options[] = {
    AZML_WORD(struct ssh_args, name, .name = "name", .letter = 'n', .meta = "COMPUTE",
              .required = true, .help = _("Compute to enter.")),
    AZML_STRING(struct ssh_args, identity, .name = "identity", .letter = 'i', .meta = "FILE",
                .help = _("Private key to sign in with; found by itself where it is azml's own or "
                          "in ~/.ssh.")),
    AZML_REST(struct ssh_args, command, .meta = "COMMAND",
              .help = _("What to run there; an interactive shell where it is left out.")),
    {0},
};

static const char *const ssh_examples[] = {
    "azml compute ssh trainer -w course -g tensorflow",
    "azml compute ssh trainer -w course -- nvidia-smi",
    "azml compute ssh trainer -w course -i ~/.ssh/id_rsa -- 'cd src && python train.py'", NULL};

const struct azml_command azml_command_compute_ssh = {
    .path = "compute ssh",
    .summary = _("Run a command on a compute instance, or enter it"),
    .details = _("The command's words are joined by blanks and read by the shell over there, as "
                 "ssh does it. It ends with the command's own exit code, 128 and the signal's "
                 "number where one ended it, and 255 where azml itself failed. The host key is "
                 "kept at the first meeting and checked ever after."),
    .options = ssh_options,
    .examples = ssh_examples,
    .args_size = sizeof(struct ssh_args),
    .takes = AZML_TAKES_CLOUD | AZML_TAKES_GROUP | AZML_TAKES_WORKSPACE,
    .failure_exit = FAILURE,
    .run = ssh_run,
};
