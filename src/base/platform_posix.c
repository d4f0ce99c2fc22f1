/* platform_posix.c - time, signals, chance, surroundings and files of POSIX systems. */
#include "base/platform.h"

#include "base/auto.h"
#include "base/i18n.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_ms(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t azml_platform_wall_ms(void)
{
    return clock_ms(CLOCK_REALTIME);
}

int64_t azml_platform_monotonic_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

int azml_platform_sleep_ms(uint64_t ms)
{
    int64_t end = azml_platform_monotonic_ms() + (int64_t)ms;
    for (int64_t left = (int64_t)ms; left > 0; left = end - azml_platform_monotonic_ms()) {
        if (azml_platform_interrupted())
            return -1;
        struct timespec wait = {left / 1000, left % 1000 * 1000000};
        (void)nanosleep(&wait, NULL); /* an interrupt ends it early: the loop looks again */
    }
    return azml_platform_interrupted() ? -1 : 0;
}

static volatile sig_atomic_t interrupt_signal;

static void on_interrupt(int number)
{
    if (interrupt_signal)
        _exit(128 + SIGINT);
    interrupt_signal = number;
}

void azml_platform_catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}

bool azml_platform_interrupted(void)
{
    return interrupt_signal != 0;
}

int azml_platform_interrupt_signal(void)
{
    return interrupt_signal;
}

void azml_platform_random(void *bytes, size_t length)
{
    unsigned char *at = bytes;
    while (length) {
        ssize_t got = getrandom(at, length, 0);
        if (got < 0 && errno != EINTR)
            abort(); /* no safe way to go on without chance */
        if (got > 0) {
            at += got;
            length -= (size_t)got;
        }
    }
}

void azml_platform_uuid(char out[37])
{
    unsigned char b[16];
    azml_platform_random(b, sizeof(b));
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); /* version 4 */
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80); /* the variant of RFC 9562 */
    (void)snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                   b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
                   b[13], b[14], b[15]);
}

const char *azml_platform_env(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

char *azml_platform_home(struct azml_error *err)
{
    const char *home = azml_platform_env("HOME");
    if (!home) {
        const struct passwd *entry = getpwuid(getuid());
        home = entry ? entry->pw_dir : NULL;
    }
    if (!home) {
        azml_error_set(err, AZML_ERROR_IO, _("there is no home folder"));
        azml_error_hint(err, _("set HOME, or AZML_CONFIG_DIR, AZML_STATE_DIR and AZML_CACHE_DIR"));
        return NULL;
    }
    return azml_strdup(home, err);
}

char *azml_platform_current_folder(struct azml_error *err)
{
    char *folder = getcwd(NULL, 0); /* Linux and the BSDs make room themselves */
    if (!folder) {
        azml_error_set(err, AZML_ERROR_IO, _("could not tell the current folder"));
        azml_error_why(err, "%s", strerror(errno));
    }
    return folder;
}

char *azml_platform_executable(struct azml_error *err)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (length < 0) {
        azml_error_set(err, AZML_ERROR_IO, _("could not find this program's own file"));
        return NULL;
    }
    return azml_strndup(path, (size_t)length, err);
}

char *azml_platform_find_program(const char *name)
{
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 ? strdup(name) : NULL;
    const char *path = azml_platform_env("PATH");
    auto_free char *folders = strdup(path ? path : "/usr/local/bin:/usr/bin:/bin");
    char *rest = folders;
    for (const char *folder; (folder = azml_split(&rest, ':'));) {
        auto_free char *file = azml_format(NULL, "%s/%s", *folder ? folder : ".", name);
        struct stat info;
        if (file && stat(file, &info) == 0 && S_ISREG(info.st_mode) && access(file, X_OK) == 0)
            return AZML_STEAL(file);
    }
    return NULL;
}

bool azml_platform_is_terminal(int fd)
{
    return isatty(fd) == 1;
}

int azml_platform_terminal_width(int fd)
{
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool azml_platform_is_root(void)
{
    return geteuid() == 0;
}

int azml_platform_make_folder(const char *path, unsigned mode)
{
    if (mkdir(path, (mode_t)mode) == 0)
        return 0;
    struct stat info;
    return errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode) ? 0 : -1;
}

static int io_error(struct azml_error *err, enum azml_error_code code, const char *path)
{
    azml_error_set(err, code, _("could not open %s"), path);
    return azml_error_why(err, "%s", strerror(errno));
}

int azml_platform_create_file(const char *path, unsigned mode, struct azml_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    if (fd >= 0)
        return fd;
    if (errno == EEXIST)
        return azml_error_set(err, AZML_ERROR_CONFLICT, _("%s exists already"), path);
    return io_error(err, AZML_ERROR_IO, path);
}

int azml_platform_open_read(const char *path, struct azml_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        return fd;
    if (errno == ENOENT || errno == ENOTDIR)
        return azml_error_set(err, AZML_ERROR_NOT_FOUND, _("there is no file %s"), path);
    return io_error(err, AZML_ERROR_IO, path);
}

int azml_platform_open_append(const char *path, struct azml_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return fd >= 0 ? fd : io_error(err, AZML_ERROR_IO, path);
}

int64_t azml_platform_read(int fd, void *bytes, size_t length)
{
    ssize_t got;
    do {
        got = read(fd, bytes, length);
    } while (got < 0 && errno == EINTR && !azml_platform_interrupted());
    return got;
}

int azml_platform_write_all(int fd, const void *bytes, size_t length, struct azml_error *err)
{
    const char *at = bytes;
    while (length) {
        ssize_t put = write(fd, at, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            azml_error_set(err, AZML_ERROR_IO, _("could not write"));
            return azml_error_why(err, "%s", strerror(errno));
        }
        at += put;
        length -= (size_t)put;
    }
    return 0;
}

int azml_platform_sync(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS ? 0 : -1;
}

void azml_platform_close(int fd)
{
    (void)close(fd);
}

int azml_platform_rename(const char *from, const char *to, struct azml_error *err)
{
    if (rename(from, to) == 0)
        return 0;
    azml_error_set(err, AZML_ERROR_IO, _("could not replace %s"), to);
    return azml_error_why(err, "%s", strerror(errno));
}

int azml_platform_rename_new(const char *from, const char *to, struct azml_error *err)
{
    /* A second name can only be given where none is; not every file system knows second names, nor
     * does every one know the flag. */
    int code = link(from, to) == 0 ? unlink(from) : -1;
    if (code < 0 && (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS))
        code = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
    if (code == 0)
        return 0;
    if (errno == EEXIST)
        return azml_error_set(err, AZML_ERROR_CONFLICT, _("%s exists already"), to);
    azml_error_set(err, AZML_ERROR_IO, _("could not make %s"), to);
    return azml_error_why(err, "%s", strerror(errno));
}

int azml_platform_unlink(const char *path)
{
    return unlink(path) == 0 || errno == ENOENT ? 0 : -1;
}

int azml_platform_rmdir(const char *path)
{
    return rmdir(path) == 0 || errno == ENOENT ? 0 : -1;
}

int azml_platform_symlink(const char *target, const char *path, struct azml_error *err)
{
    if (symlink(target, path) == 0)
        return 0;
    azml_error_set(err, AZML_ERROR_IO, _("could not make the link %s"), path);
    return azml_error_why(err, "%s", strerror(errno));
}

int azml_platform_set_mode(const char *path, unsigned mode)
{
    return chmod(path, (mode_t)mode);
}

int azml_platform_stat(const char *path, struct azml_platform_stat *out)
{
    struct stat info;
    if (lstat(path, &info) < 0)
        return -1;
    *out = (struct azml_platform_stat){
        .is_folder = S_ISDIR(info.st_mode),
        .is_file = S_ISREG(info.st_mode),
        .is_link = S_ISLNK(info.st_mode),
        .is_mine = info.st_uid == geteuid(),
        .is_private = (info.st_mode & 077) == 0,
        .size_bytes = info.st_size,
        .modified_ms = (int64_t)info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1000000,
    };
    return 0;
}

int azml_platform_list_folder(const char *path, int (*each)(void *data, const char *name),
                              void *data)
{
    DIR *folder = opendir(path);
    if (!folder)
        return -1;
    int result = 0;
    for (const struct dirent *entry; result == 0 && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            result = each(data, entry->d_name);
    (void)closedir(folder);
    return result;
}

int azml_platform_lock(const char *path, uint64_t wait_ms, struct azml_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return io_error(err, AZML_ERROR_IO, path);
    int64_t end = azml_platform_monotonic_ms() + (int64_t)wait_ms;
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            (void)io_error(err, AZML_ERROR_IO, path);
            (void)close(fd);
            return -1;
        }
        if (azml_platform_monotonic_ms() >= end || azml_platform_sleep_ms(20) < 0) {
            (void)close(fd);
            return azml_error_set(err, AZML_ERROR_TIMEOUT, _("another azml holds the lock %s"),
                                  path);
        }
    }
    return fd;
}

void azml_platform_unlock(int fd)
{
    (void)close(fd); /* the lock goes with the descriptor */
}
