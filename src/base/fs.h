/* fs.h - files and folders: private, atomic, bounded.
 *
 * Where azml keeps things (contracts: settings, state, cache) and how it writes them. */
#ifndef AZML_BASE_FS_H
#define AZML_BASE_FS_H

#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The folders: $AZML_CONFIG_DIR, $AZML_STATE_DIR, $AZML_CACHE_DIR, else the platform's places.
 * Not made yet. The caller's text, or NULL with `err` set. */
char *azml_path_config(struct azml_error *err);
char *azml_path_state(struct azml_error *err);
char *azml_path_cache(struct azml_error *err);

/* `folder`/`name`, the caller's. */
char *azml_path_join(const char *folder, const char *name, struct azml_error *err);

/* `path` with a leading "~/" or "~" replaced by the home folder, the caller's. */
char *azml_path_expand(const char *path, struct azml_error *err);

/* Make a folder and its parents, 0700 where new. */
int azml_fs_make_folder(const char *path, struct azml_error *err);

/* Read a whole file, at most `limit` bytes (a larger one is an error). The text gets a NUL behind
 * it and is the caller's. A missing file is AZML_ERROR_NOT_FOUND. `length_out` may be NULL. */
char *azml_fs_read(const char *path, size_t limit, size_t *length_out, struct azml_error *err);

/* Replace a file atomically: a private temporary file beside it, synced, then renamed. Mode 0600
 * unless `mode` says otherwise (0 means 0600). */
int azml_fs_write(const char *path, const void *bytes, size_t length, unsigned mode,
                  struct azml_error *err);

/* Make a new file that must not exist yet, with that mode from its first byte on. Fails with
 * AZML_ERROR_CONFLICT where something of that name is there. */
int azml_fs_create(const char *path, const void *bytes, size_t length, unsigned mode,
                   struct azml_error *err);

bool azml_fs_exists(const char *path);
bool azml_fs_is_folder(const char *path);

/* Remove a file, or a folder with all it holds (never following links). Missing is fine. */
int azml_fs_remove(const char *path, struct azml_error *err);
int azml_fs_remove_tree(const char *path, struct azml_error *err);

#endif
