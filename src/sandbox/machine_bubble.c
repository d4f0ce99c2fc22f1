#include "sandbox/machine_bubble.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "base/str.h"

#include <string.h>

/* Host keys are made outside, so that inside they are read-only; the shell keeps the event loop of
 * the sandbox from waiting for an RSA key. A key counts once it has its final name. */
static const char make_keys_then_run[] =
    "for kind in rsa ed25519; do\n"
    "    key=$0/ssh_host_${kind}_key\n"
    "    [ -s \"$key\" ] && continue\n"
    "    rm -f \"$0/new\" \"$0/new.pub\"\n"
    "    ssh-keygen -q -t $kind -N '' -C \"$kind host key\" -f \"$0/new\" || exit 70\n"
    "    mv \"$0/new.pub\" \"$key.pub\" && mv \"$0/new\" \"$key\" || exit 70\n"
    "done\n"
    "unset PATH\n" /* whoever is inside can read what the first process was given */
    "exec \"$@\"\n";

/* What programs need of the machine's /etc, and nothing that could tell of the person. */
static const char *const shared_etc[] = {
    "/etc/alternatives",
    "/etc/bash.bashrc",
    "/etc/ca-certificates",
    "/etc/debian_version",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/inputrc",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/locale.alias",
    "/etc/localtime",
    "/etc/login.defs",
    "/etc/magic",
    "/etc/mime.types",
    "/etc/nanorc",
    "/etc/os-release",
    "/etc/perl",
    "/etc/profile",
    "/etc/protocols",
    "/etc/python3",
    "/etc/python3.11",
    "/etc/python3.13",
    "/etc/resolv.conf",
    "/etc/rpc",
    "/etc/services",
    "/etc/shells",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/terminfo",
    "/etc/timezone",
    "/etc/vim",
    "/etc/wgetrc",
};

static const char *const own_etc[] = {
    "passwd", "group", "hosts", "hostname", "nsswitch.conf", "sshd_config", "authorized_keys",
};

static const char nsswitch[] = "passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\n"
                               "protocols: files\nservices: files\n";

static const char passwd[] = "root:x:0:0:root:/root:/usr/sbin/nologin\n"
                             "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n" //
    AZML_MACHINE_USER ":x:1000:1000::/home/" AZML_MACHINE_USER ":/bin/bash\n";

/* No group tty: sshd would try to hand terminals over to it, which only root can. */
static const char group[] = "root:x:0:\nnogroup:x:65534:\n" AZML_MACHINE_USER ":x:1000:\n";

static const char sshd_config[] = "ListenAddress 127.0.0.1\n"
                                  "HostKey /etc/ssh/ssh_host_rsa_key\n"
                                  "HostKey /etc/ssh/ssh_host_ed25519_key\n"
                                  "AuthorizedKeysFile /etc/authorized_keys\n"
                                  "AllowUsers " AZML_MACHINE_USER "\n"
                                  "AuthenticationMethods publickey\n"
                                  "PasswordAuthentication no\n"
                                  "KbdInteractiveAuthentication no\n"
                                  "UsePAM no\n"
                                  "UseDNS no\n"
                                  "StrictModes no\n"
                                  "PrintMotd no\n"
                                  "PrintLastLog no\n"
                                  "X11Forwarding no\n"
                                  "PidFile none\n"
                                  "AcceptEnv LANG LC_*\n"
                                  "Subsystem sftp internal-sftp\n";

static int find_sshd(struct azml_machine_programs *programs, struct azml_error *err)
{
    const char *chosen = azml_platform_env("AZML_SANDBOX_SSHD");
    if (!chosen && azml_fs_exists("/usr/sbin/sshd"))
        chosen = "/usr/sbin/sshd";
    auto_free char *cache = azml_path_cache(err);
    if (!cache)
        return -1;
    auto_free char *unpacked = azml_format(err, "%s/openssh/usr/sbin/sshd", cache);
    auto_free char *libraries = azml_format(err, "%s/openssh/lib", cache);
    if (!unpacked || !libraries)
        return -1;
    if (!chosen)
        chosen = unpacked;
    if (!azml_fs_exists(chosen)) {
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("there is no OpenSSH server at %s"), chosen);
        return azml_error_hint(err, "sh cmake/openssh.sh");
    }
    programs->sshd = azml_strdup(chosen, err);
    if (!programs->sshd)
        return -1;
    if (strcmp(chosen, unpacked) == 0 && azml_fs_is_folder(libraries))
        programs->libraries = AZML_STEAL(libraries);
    return 0;
}

int azml_machine_programs_find(struct azml_machine_programs *programs_out, struct azml_error *err)
{
    struct azml_machine_programs found = {.bwrap = azml_platform_find_program("bwrap")};
    if (!found.bwrap) {
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("bubblewrap is not installed"));
        return azml_error_hint(err, "apt-get install bubblewrap");
    }
    auto_free char *keygen = azml_platform_find_program("ssh-keygen");
    if (!keygen) {
        azml_machine_programs_cleanup(&found);
        azml_error_set(err, AZML_ERROR_NOT_FOUND, _("ssh-keygen is not installed"));
        return azml_error_hint(err, "apt-get install openssh-client");
    }
    if (find_sshd(&found, err) < 0) {
        azml_machine_programs_cleanup(&found);
        return -1;
    }
    *programs_out = found;
    return 0;
}

void azml_machine_programs_cleanup(struct azml_machine_programs *programs)
{
    if (!programs)
        return;
    free(programs->bwrap);
    free(programs->sshd);
    free(programs->libraries);
    *programs = (struct azml_machine_programs){0};
}

void azml_machine_words_cleanup(struct azml_machine_words *words)
{
    if (!words)
        return;
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct azml_machine_words){0};
}

/* Append a word that is taken over; NULL means that memory ran out before. */
static void add_owned(struct azml_machine_words *words, char *word)
{
    if (!word || words->failed) {
        words->failed = 1;
        free(word);
        return;
    }
    if (words->count + 1 >= words->room) {
        size_t room = words->room ? words->room * 2 : 128;
        char **items = realloc(words->items, room * sizeof(*items));
        if (!items) {
            words->failed = 1;
            free(word);
            return;
        }
        words->items = items;
        words->room = room;
    }
    words->items[words->count++] = word;
    words->items[words->count] = NULL;
}

static void add(struct azml_machine_words *words, const char *word)
{
    add_owned(words, azml_strdup(word, NULL));
}

static void bind(struct azml_machine_words *words, const char *how, const char *from,
                 const char *to)
{
    add(words, how);
    add(words, from);
    add(words, to);
}

static void bind_inside(struct azml_machine_words *words, const char *how, const char *folder,
                        const char *name, const char *to)
{
    add(words, how);
    add_owned(words, azml_format(NULL, "%s/%s", folder, name));
    add(words, to);
}

static void add_system(struct azml_machine_words *words)
{
    static const char *const folders[] = {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};
    bind(words, "--ro-bind", "/usr", "/usr");
    for (size_t i = 0; i < AZML_COUNT(folders); i++)
        bind(words, "--ro-bind-try", folders[i], folders[i]);
    for (size_t i = 0; i < AZML_COUNT(shared_etc); i++)
        bind(words, "--ro-bind-try", shared_etc[i], shared_etc[i]);
}

static void add_own(struct azml_machine_words *words, const char *folder)
{
    for (size_t i = 0; i < AZML_COUNT(own_etc); i++) {
        add(words, "--ro-bind");
        add_owned(words, azml_format(NULL, "%s/etc/%s", folder, own_etc[i]));
        add_owned(words, azml_format(NULL, "/etc/%s", own_etc[i]));
    }
    bind_inside(words, "--ro-bind", folder, "keys", "/etc/ssh");
    bind_inside(words, "--bind", folder, "home", "/home/" AZML_MACHINE_USER);
}

static void add_spaces(struct azml_machine_words *words)
{
    static const char *const spaces[] = {
        "--unshare-user",
        "--uid",
        "1000",
        "--gid",
        "1000",
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts", //
        "--unshare-cgroup-try",
        "--die-with-parent",
        "--new-session",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/dev/shm",
        "--tmpfs",
        "/tmp",
        "--dir",
        "/run",
        "--dir",
        "/var",
        "--symlink",
        "../tmp",
        "/var/tmp",
    };
    for (size_t i = 0; i < AZML_COUNT(spaces); i++)
        add(words, spaces[i]);
}

static void add_end(struct azml_machine_words *words, const struct azml_machine_programs *programs)
{
    static const char *const end[] = {
        "--setenv",
        "LD_LIBRARY_PATH",
        "/opt/openssh/lib",
        "--chdir",
        "/",
        "--remount-ro",
        "/dev",
        "--remount-ro",
        "/",
        "/opt/openssh/sshd",
        "-D",
        "-e",
        "-f",
        "/etc/sshd_config",
    };
    bind(words, "--ro-bind", programs->sshd, "/opt/openssh/sshd");
    if (programs->libraries)
        bind(words, "--ro-bind", programs->libraries, "/opt/openssh/lib");
    for (size_t i = 0; i < AZML_COUNT(end); i++)
        add(words, end[i]);
}

int azml_machine_bubble_words(const struct azml_machine_options *options,
                              const struct azml_machine_programs *programs,
                              struct azml_machine_words *words_out, struct azml_error *err)
{
    struct azml_machine_words words = {0};
    add(&words, "/bin/sh");
    add(&words, "-c");
    add(&words, make_keys_then_run);
    add_owned(&words, azml_format(NULL, "%s/keys", options->folder));
    add(&words, programs->bwrap);
    add_spaces(&words);
    add(&words, "--hostname");
    add(&words, options->host_name);
    add_system(&words);
    add_own(&words, options->folder);
    add_end(&words, programs);
    if (words.failed) {
        azml_machine_words_cleanup(&words);
        return azml_error_memory(err);
    }
    *words_out = words;
    return 0;
}

static int write_etc(const char *folder, const char *name, const char *text, struct azml_error *err)
{
    auto_free char *path = azml_format(err, "%s/etc/%s", folder, name);
    if (!path)
        return -1;
    return azml_fs_write(path, text, strlen(text), 0600, err);
}

static int make_folders(const char *folder, struct azml_error *err)
{
    static const char *const names[] = {"etc", "keys", "home"};
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        auto_free char *path = azml_path_join(folder, names[i], err);
        if (!path || azml_fs_make_folder(path, err) < 0)
            return -1;
    }
    return 0;
}

int azml_machine_bubble_files(const struct azml_machine_options *options, uint16_t port,
                              struct azml_error *err)
{
    if (make_folders(options->folder, err) < 0)
        return -1;
    const char *name = options->host_name;
    auto_free char *config = azml_format(err, "Port %u\n%s", (unsigned)port, sshd_config);
    auto_free char *hosts =
        azml_format(err, "127.0.0.1 localhost %s\n::1 localhost ip6-localhost\n", name);
    auto_free char *host_name = azml_format(err, "%s\n", name);
    auto_free char *key = azml_format(err, "%s\n", options->public_key);
    if (!config || !hosts || !host_name || !key)
        return -1;

    const struct {
        const char *name, *text;
    } files[] = {
        {"passwd",          passwd   },
        {"group",           group    },
        {"nsswitch.conf",   nsswitch },
        {"hosts",           hosts    },
        {"hostname",        host_name},
        {"sshd_config",     config   },
        {"authorized_keys", key      },
    };
    for (size_t i = 0; i < AZML_COUNT(files); i++) {
        if (write_etc(options->folder, files[i].name, files[i].text, err) < 0)
            return -1;
    }
    return 0;
}
