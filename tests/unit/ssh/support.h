/* support.h - what the tests of the ssh room share: a folder of their own, and OpenSSH's tools to
 * check against. */
#ifndef AZML_TEST_SSH_SUPPORT_H
#define AZML_TEST_SSH_SUPPORT_H

#include "unit/test.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/platform.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char test_folder[64];

static inline int make_folder(void **state)
{
    (void)state;
    (void)snprintf(test_folder, sizeof(test_folder), "/tmp/azml-ssh-XXXXXX");
    return mkdtemp(test_folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    (void)state;
    return azml_fs_remove_tree(test_folder, NULL);
}

/* A path in the test's folder, the caller's. */
static inline char *in_folder(const char *name)
{
    char *path = azml_path_join(test_folder, name, NULL);
    assert_non_null(path);
    return path;
}

static inline void write_file(const char *path, const char *text)
{
    assert_int_equal(azml_fs_write(path, text, strlen(text), 0600, NULL), 0);
}

static inline char *read_file(const char *path)
{
    char *text = azml_fs_read(path, 1 << 20, NULL, NULL);
    assert_non_null(text);
    return text;
}

/* The stdout of a program that must succeed, the caller's. */
static inline char *output_of(const char *const *argv)
{
    char *out = NULL, *said = NULL;
    auto_error struct azml_error err = {0};
    int code = azml_platform_capture(argv, 60000, 1 << 20, &out, &said, &err);
    if (code != 0)
        fail_msg("%s %s: exit %d, %s%s", argv[0], argv[1], code, said ? said : "",
                 err.message ? err.message : "");
    free(said);
    return out;
}

/* Make a key with ssh-keygen (`extra`: one more argument pair, or NULLs). */
static inline void keygen(const char *path, const char *type, const char *bits, const char *comment,
                          const char *passphrase, const char *format)
{
    const char *argv[] = {"ssh-keygen", "-q",       "-t", type, "-b", bits,   "-C", comment,
                          "-N",         passphrase, "-f", path, "-m", format, NULL};
    free(output_of(argv));
}

#endif
