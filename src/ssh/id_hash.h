/* id_hash.h - a short name for one compute that no other has and no shell stumbles over. */
#ifndef AZML_SSH_ID_HASH_H
#define AZML_SSH_ID_HASH_H

#include "azml/error.h"

/* The first 32 hexadecimal digits of SHA-256 over the resource id in small letters, followed by a
 * line end and `created_on` where that is not NULL. The caller's; NULL with `err` set. */
char *azml_ssh_id_hash(const char *resource_id, const char *created_on, struct azml_error *err);

#endif
