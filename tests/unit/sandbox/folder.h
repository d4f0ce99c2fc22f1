/* folder.h - a private folder for one test program, gone again at its end. */
#ifndef TEST_SANDBOX_FOLDER_H
#define TEST_SANDBOX_FOLDER_H

#include "base/fs.h"

#include <stdlib.h>
#include <string.h>

/* Make it: its path, the caller's; NULL where that failed. */
static inline char *folder_make(void)
{
    const char *place = getenv("TMPDIR");
    char *path = azml_path_join(place && *place ? place : "/tmp", "azml-sandbox-XXXXXX", NULL);
    if (path && mkdtemp(path))
        return path;
    free(path);
    return NULL;
}

static inline void folder_remove(char *path)
{
    if (path)
        azml_fs_remove_tree(path, NULL);
    free(path);
}

#endif
