#include "commands/table.h"

#include "base/i18n.h"

static const struct azml_command *const commands[] = {
    &azml_command_workspace_create,
    &azml_command_workspace_show,
    &azml_command_workspace_list,
    &azml_command_workspace_delete,
    &azml_command_compute_create,
    &azml_command_compute_show,
    &azml_command_compute_list,
    &azml_command_compute_start,
    &azml_command_compute_stop,
    &azml_command_compute_restart,
    &azml_command_compute_delete,
    &azml_command_compute_ssh,
    &azml_command_ssh_key_generate,
    &azml_command_ssh_key_show,
    &azml_command_ssh_key_check,
    &azml_command_group_create,
    &azml_command_group_show,
    &azml_command_group_list,
    &azml_command_group_delete,
    &azml_command_cleanup,
    &azml_command_rest,
    &azml_command_sandbox_start,
    &azml_command_sandbox_stop,
    &azml_command_sandbox_status,
    &azml_command_sandbox_env,
    &azml_command_sandbox_reset,
    &azml_command_sandbox_run,
    &azml_command_sandbox_edit,
    &azml_command_sandbox_clock_advance,
    &azml_command_sandbox_fault_add,
    &azml_command_sandbox_fault_list,
    &azml_command_sandbox_fault_clear,
    &azml_command_version,
    &azml_command_help,
    NULL,
};

static const struct azml_noun nouns[] = {
    {"workspace",     _("Machine Learning workspaces")                             },
    {"compute",       _("Computes of a workspace: instances and clusters")         },
    {"ssh-key",       _("SSH keys for computes")                                   },
    {"group",         _("Resource groups: what belongs together and goes together")},
    {"sandbox",       _("The practice cloud on this machine")                      },
    {"sandbox clock", _("The practice cloud's time")                               },
    {"sandbox fault", _("What goes wrong in the practice cloud")                   },
    {NULL,            NULL                                                         },
};

const struct azml_table azml_commands = {.commands = commands, .nouns = nouns};
