/* table.h - the rows of all commands, each defined in the file of its group.
 *
 * The table itself is handed to cli by main. */
#ifndef AZML_COMMANDS_TABLE_H
#define AZML_COMMANDS_TABLE_H

#include "cli/command.h"

extern const struct azml_table azml_commands;

/* group.c, group_delete.c */
extern const struct azml_command azml_command_group_create;
extern const struct azml_command azml_command_group_show;
extern const struct azml_command azml_command_group_list;
extern const struct azml_command azml_command_group_delete;

/* workspace.c, workspace_delete.c */
extern const struct azml_command azml_command_workspace_create;
extern const struct azml_command azml_command_workspace_show;
extern const struct azml_command azml_command_workspace_list;
extern const struct azml_command azml_command_workspace_delete;

/* compute.c, compute_create.c */
extern const struct azml_command azml_command_compute_create;
extern const struct azml_command azml_command_compute_show;
extern const struct azml_command azml_command_compute_list;
extern const struct azml_command azml_command_compute_start;
extern const struct azml_command azml_command_compute_stop;
extern const struct azml_command azml_command_compute_restart;
extern const struct azml_command azml_command_compute_delete;

/* compute_ssh.c */
extern const struct azml_command azml_command_compute_ssh;

/* ssh_key.c */
extern const struct azml_command azml_command_ssh_key_generate;
extern const struct azml_command azml_command_ssh_key_show;
extern const struct azml_command azml_command_ssh_key_check;

/* cleanup.c */
extern const struct azml_command azml_command_cleanup;

/* sandbox.c, sandbox_change.c */
extern const struct azml_command azml_command_sandbox_start;
extern const struct azml_command azml_command_sandbox_stop;
extern const struct azml_command azml_command_sandbox_status;
extern const struct azml_command azml_command_sandbox_reset;
extern const struct azml_command azml_command_sandbox_env;
extern const struct azml_command azml_command_sandbox_run;
extern const struct azml_command azml_command_sandbox_clock_advance;
extern const struct azml_command azml_command_sandbox_edit;
extern const struct azml_command azml_command_sandbox_fault_add;
extern const struct azml_command azml_command_sandbox_fault_list;
extern const struct azml_command azml_command_sandbox_fault_clear;

/* rest.c */
extern const struct azml_command azml_command_rest;

/* version.c, help.c */
extern const struct azml_command azml_command_version;
extern const struct azml_command azml_command_help;

#endif
