/* sshd.h - a real OpenSSH server of the test's own: on a loopback port, in a bubble where it is an
 * ordinary user "azureuser" whoever runs the test, with one key let in. */
#ifndef AZML_TEST_SSH_SSHD_H
#define AZML_TEST_SSH_SSHD_H

#include "unit/ssh/support.h"

#include "azml/ssh_key.h"

struct sshd {
    int64_t pid;
    uint16_t port;
    int log_fd;
    char log[65536]; /* what it has said so far */
    size_t log_length;
};

/* Where sshd is: the system's, or unpacked by cmake/openssh.sh; NULL where there is none. The
 * folder of the libraries that it needs besides goes to `libraries_out`. Both are the caller's. */
static inline char *find_sshd(char **libraries_out)
{
    *libraries_out = NULL;
    if (azml_fs_exists("/usr/sbin/sshd"))
        return azml_strdup("/usr/sbin/sshd", NULL);
    static const char *const fetch[] = {"sh", TEST_DATA "/../../cmake/openssh.sh", NULL};
    char *out = NULL;
    (void)azml_platform_capture(fetch, 100000, 1 << 16, &out, NULL, NULL);
    free(out);
    auto_free char *cache = azml_path_cache(NULL);
    auto_free char *path = azml_path_join(cache, "openssh/usr/sbin/sshd", NULL);
    if (!azml_fs_exists(path))
        return NULL;
    *libraries_out = azml_path_join(cache, "openssh/lib", NULL);
    return AZML_STEAL(path);
}

/* Keys of the host and of the person, configuration, and the bubble's passwd. `extra`: lines for
 * sshd_config. */
static inline void sshd_files(uint16_t port, const char *extra)
{
    static const char *const host_keys[][2] = {
        {"host_ed25519", "ed25519"},
        {"host_rsa",     "rsa"    },
        {"host_ecdsa",   "ecdsa"  },
    };
    auto_str struct azml_str config = {0};
    azml_str_addf(&config, "Port %u\nListenAddress 127.0.0.1\n", (unsigned)port);
    for (size_t i = 0; i < AZML_COUNT(host_keys); i++) {
        auto_free char *path = in_folder(host_keys[i][0]);
        if (!azml_fs_exists(path))
            keygen(path, host_keys[i][1], i == 1 ? "2048" : "256", "", "", "RFC4716");
        if (!strstr(extra, "HostKey"))
            azml_str_addf(&config, "HostKey %s\n", path);
    }
    azml_str_addf(&config,
                  "AuthorizedKeysFile %s/authorized_keys\nStrictModes no\nUsePAM no\n"
                  "PidFile none\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                  "LogLevel VERBOSE\n%s\n",
                  test_folder, extra);
    auto_free char *path = in_folder("sshd_config");
    write_file(path, azml_str_text(&config));
    auto_free char *passwd = in_folder("passwd"), *group = in_folder("group");
    auto_free char *entry = azml_format(NULL, "azureuser:x:1000:1000::%s:/bin/sh\n", test_folder);
    write_file(passwd, entry);
    write_file(group, "azureuser:x:1000:\n");
}

/* Read what sshd says until `text` has come; false where it ended or ten seconds went by. */
static inline bool sshd_says(struct sshd *sshd, const char *text)
{
    while (!strstr(sshd->log, text)) {
        if (azml_platform_wait_socket(sshd->log_fd, true, false, 10000) < 1)
            return false;
        int64_t got = azml_platform_read(sshd->log_fd, sshd->log + sshd->log_length,
                                         sizeof(sshd->log) - 1 - sshd->log_length);
        if (got <= 0)
            return false;
        sshd->log_length += (size_t)got;
        sshd->log[sshd->log_length] = '\0';
    }
    return true;
}

/* Start it on a port (0: a free one). False with its last words in `log` where it cannot be run. */
static inline bool sshd_start(struct sshd *sshd, uint16_t port, const char *extra)
{
    *sshd = (struct sshd){.port = port ? port : azml_platform_free_port(), .log_fd = -1};
    auto_free char *libraries = NULL;
    auto_free char *program = find_sshd(&libraries);
    if (!program)
        return false;
    sshd_files(sshd->port, extra);
    auto_free char *config = in_folder("sshd_config"), *passwd = in_folder("passwd"),
                   *group = in_folder("group");
    const char *const argv[] = {"bwrap",
                                "--unshare-user",
                                "--unshare-pid",
                                "--die-with-parent",
                                "--uid",
                                "1000",
                                "--gid",
                                "1000",
                                "--dev-bind",
                                "/",
                                "/",
                                "--proc",
                                "/proc",
                                "--ro-bind",
                                passwd,
                                "/etc/passwd",
                                "--ro-bind",
                                group,
                                "/etc/group",
                                "--setenv",
                                "LD_LIBRARY_PATH",
                                libraries ? libraries : "",
                                program,
                                "-D",
                                "-e",
                                "-f",
                                config,
                                NULL};
    int pipe[2];
    assert_int_equal(azml_platform_pipe(pipe, NULL), 0);
    const struct azml_platform_spawn what = {.argv = argv,
                                             .stdin_fd = -1,
                                             .stdout_fd = -1,
                                             .stderr_fd = pipe[1],
                                             .dies_with_parent = true};
    int spawned = azml_platform_spawn(&what, &sshd->pid, NULL);
    azml_platform_close(pipe[1]);
    sshd->log_fd = pipe[0];
    return spawned == 0 && sshd_says(sshd, "Server listening");
}

static inline void sshd_stop(struct sshd *sshd)
{
    if (sshd->pid > 0) {
        (void)azml_platform_kill(sshd->pid);
        (void)azml_platform_wait(sshd->pid, 10000, NULL);
    }
    if (sshd->log_fd >= 0)
        azml_platform_close(sshd->log_fd);
    *sshd = (struct sshd){.log_fd = -1};
}

/* Make the person's key as a file of the test's folder and let it in. */
static inline void sshd_let_in(const char *name, const struct azml_ssh_key_request *request)
{
    auto_free char *path = in_folder(name);
    struct azml_ssh_key_pair pair = {0};
    assert_int_equal(azml_ssh_key_generate(request, &pair, NULL), 0);
    assert_int_equal(azml_ssh_key_pair_write(&pair, path, NULL), 0);
    auto_free char *line = azml_ssh_public_key_line(&pair.public_key, NULL);
    auto_free char *all = in_folder("authorized_keys");
    auto_free char *before = azml_fs_exists(all) ? read_file(all) : azml_strdup("", NULL);
    auto_free char *text = azml_format(NULL, "%s%s\n", before, line);
    write_file(all, text);
    azml_ssh_key_pair_cleanup(&pair);
}

#endif
