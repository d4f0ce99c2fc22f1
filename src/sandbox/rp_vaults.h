/* rp_vaults.h - key vaults: the deleted ones, apart from the live ones.
 *
 * Used by rp_vaults.c and rp_vaults_deleted.c only. */
#ifndef AZML_SANDBOX_RP_VAULTS_H
#define AZML_SANDBOX_RP_VAULTS_H

#include "sandbox/arm.h"

#define VAULT_TYPE "Microsoft.KeyVault/vaults"

/* The soft-deleted vault of that name (anywhere in the world): 0 with `*out` NULL where there is
 * none. */
int vault_find_deleted(struct sandbox *sandbox, const char *name, struct sandbox_deleted **out,
                       struct azml_error *err);

/* A vault is being removed: keep it for as long as it asked for. */
int vault_removing(struct sandbox *sandbox, const struct sandbox_resource *vault,
                   struct azml_error *err);

/* GET of all (of a location: {l}), of one ({l}, {name}), and POST …/purge. */
sandbox_handler_fn vault_list_deleted;
sandbox_handler_fn vault_get_deleted;
sandbox_handler_fn vault_purge;
sandbox_step_fn vault_finish_purge;

#endif
