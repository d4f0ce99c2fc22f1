/* platform_posix_process.c - starting, watching and ending other programs on POSIX systems. */
#include "base/platform.h"

#include "base/auto.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: make `fd` be `number`; -1 means /dev/null. `fd` stands above the standard three. */
static void place_fd(int fd, int number)
{
    if (fd < 0)
        fd = open("/dev/null", number == 0 ? O_RDONLY : O_WRONLY);
    if (fd < 0 || (fd != number && dup2(fd, number) < 0))
        _exit(127);
    if (fd == number)
        (void)fcntl(fd, F_SETFD, 0);
}

/* A copy above the standard three, so that placing one does not overwrite another. */
static int lift(int fd)
{
    return fd >= 0 && fd <= 2 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : fd;
}

static void restore_signals(void)
{
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGHUP, SIG_DFL);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child: become the program, or write errno to `report` and end. */
__attribute__((noreturn)) static void become(const struct azml_platform_spawn *what, int report,
                                             pid_t parent)
{
    restore_signals();
    if (what->detached)
        (void)setsid();
    if (what->dies_with_parent && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
        _exit(127);
    int in = lift(what->stdin_fd), out = lift(what->stdout_fd), error = lift(what->stderr_fd);
    place_fd(in, 0);
    place_fd(out, 1);
    place_fd(error, 2);
    /* A descriptor that somebody left open for us is not the child's: who waits for its other end
     * to close would wait for a background process. */
    (void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    for (size_t i = 0; i < AZML_COUNT(what->keep_fds) && what->keep_fds[i] > 2; i++)
        (void)fcntl(what->keep_fds[i], F_SETFD, 0);
    if (!what->folder || chdir(what->folder) == 0) {
        if (what->env)
            environ = (char **)(uintptr_t)what->env;
        execvp(what->argv[0], (char *const *)(uintptr_t)what->argv);
    }
    int code = errno;
    (void)!write(report, &code, sizeof(code));
    _exit(127);
}

int azml_platform_spawn(const struct azml_platform_spawn *what, int64_t *pid_out,
                        struct azml_error *err)
{
    int report[2];
    if (azml_platform_pipe(report, err) < 0)
        return -1;
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        become(what, report[1], parent);
    (void)close(report[1]);
    int code = child < 0 ? errno : 0;
    if (child > 0 && azml_platform_read(report[0], &code, sizeof(code)) > 0)
        (void)waitpid(child, NULL, 0);
    (void)close(report[0]);
    if (code) {
        azml_error_set(err, code == ENOENT ? AZML_ERROR_NOT_FOUND : AZML_ERROR_IO,
                       _("could not start %s"), what->argv[0]);
        return azml_error_why(err, "%s", strerror(code));
    }
    *pid_out = child;
    return 0;
}

static int exit_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool azml_platform_reap(int64_t pid, int *code_out)
{
    int status = 0;
    pid_t ended = waitpid((pid_t)pid, &status, WNOHANG);
    if (ended == 0)
        return false;
    if (code_out)
        *code_out = ended > 0 ? exit_code(status) : 127; /* not ours: only its end is known */
    return ended > 0 || !azml_platform_is_alive(pid);
}

int azml_platform_wait(int64_t pid, int64_t wait_ms, struct azml_error *err)
{
    if (wait_ms < 0) {
        int status = 0;
        pid_t ended;
        do {
            ended = waitpid((pid_t)pid, &status, 0);
        } while (ended < 0 && errno == EINTR);
        return ended > 0 ? exit_code(status)
                         : azml_error_set(err, AZML_ERROR_IO, _("no such child process"));
    }
    int64_t end = azml_platform_monotonic_ms() + wait_ms;
    int code = 0;
    for (long step = 1; !azml_platform_reap(pid, &code); step = step < 32 ? step * 2 : 32) {
        if (azml_platform_monotonic_ms() >= end)
            return azml_error_set(err, AZML_ERROR_TIMEOUT, _("the process still runs"));
        (void)poll(NULL, 0, (int)step);
    }
    return code;
}

/* Fill `fields` with what follows the name in /proc/PID/stat: state, ppid, … */
static bool read_stat(int64_t pid, char *fields, size_t room)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    char text[1024];
    ssize_t length = read(fd, text, sizeof(text) - 1);
    (void)close(fd);
    if (length <= 0)
        return false;
    text[length] = '\0';
    const char *after = strrchr(text, ')'); /* the name itself may hold anything */
    if (!after || after[1] != ' ')
        return false;
    (void)snprintf(fields, room, "%s", after + 2);
    return true;
}

bool azml_platform_is_alive(int64_t pid)
{
    char fields[1024];
    return pid > 0 && read_stat(pid, fields, sizeof(fields)) && fields[0] != 'Z' &&
           fields[0] != 'X';
}

uint64_t azml_platform_start_ticks(int64_t pid)
{
    char fields[1024];
    if (pid <= 0 || !read_stat(pid, fields, sizeof(fields)))
        return 0;
    char *rest = fields;
    const char *field = NULL;
    for (int i = 3; i <= 22; i++) /* field 22 of proc(5), of which the first here is 3 */
        field = azml_split(&rest, ' ');
    return field ? strtoull(field, NULL, 10) : 0;
}

int azml_platform_terminate(int64_t pid)
{
    return pid > 0 ? kill((pid_t)pid, SIGTERM) : -1;
}

int azml_platform_kill(int64_t pid)
{
    return pid > 0 ? kill((pid_t)pid, SIGKILL) : -1;
}

int64_t azml_platform_pid(void)
{
    return getpid();
}

int azml_platform_exec(const char *const *argv, struct azml_error *err)
{
    restore_signals();
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    azml_error_set(err, errno == ENOENT ? AZML_ERROR_NOT_FOUND : AZML_ERROR_IO,
                   _("could not start %s"), argv[0]);
    return azml_error_why(err, "%s", strerror(errno));
}

int azml_platform_pipe(int fds[2], struct azml_error *err)
{
    if (pipe2(fds, O_CLOEXEC) == 0)
        return 0;
    azml_error_set(err, AZML_ERROR_IO, _("could not make a pipe"));
    return azml_error_why(err, "%s", strerror(errno));
}

/* Take what is there; false at the end of the stream. */
static bool drain(int fd, struct azml_str *into)
{
    char block[8192];
    int64_t got = azml_platform_read(fd, block, sizeof(block));
    if (got > 0)
        azml_str_add_bytes(into, block, (size_t)got);
    azml_wipe(block, sizeof(block)); /* it may hold a token */
    return got > 0;
}

/* Read both streams until both end; -1 when time ran out, a bound was hit or Ctrl-C came. */
static int collect(const int fds[2], struct azml_str texts[2], int64_t end)
{
    struct pollfd waits[2] = {
        {.fd = fds[0], .events = POLLIN},
        {.fd = fds[1], .events = POLLIN}
    };
    while (waits[0].fd >= 0 || waits[1].fd >= 0) {
        int64_t left = end - azml_platform_monotonic_ms();
        if (left <= 0 || azml_platform_interrupted() || texts[0].failed || texts[1].failed)
            return -1;
        if (poll(waits, 2, (int)(left < 500 ? left : 500)) < 0 && errno != EINTR)
            return -1;
        for (size_t i = 0; i < 2; i++)
            if (waits[i].fd >= 0 && waits[i].revents && !drain(waits[i].fd, &texts[i]))
                waits[i].fd = -1;
    }
    return 0;
}

static int finish_capture(int64_t pid, const int fds[2], struct azml_str texts[2],
                          uint64_t timeout_ms, const char *name, struct azml_error *err)
{
    int64_t end = azml_platform_monotonic_ms() + (int64_t)timeout_ms;
    if (collect(fds, texts, end) < 0) {
        (void)azml_platform_kill(pid);
        (void)azml_platform_wait(pid, -1, NULL);
        return azml_error_set(err, AZML_ERROR_IO, _("%s took too long or said too much"), name);
    }
    return azml_platform_wait(pid, -1, err);
}

int azml_platform_capture(const char *const *argv, uint64_t timeout_ms, size_t limit,
                          char **stdout_out, char **stderr_out, struct azml_error *err)
{
    int out[2], error[2];
    if (azml_platform_pipe(out, err) < 0)
        return -1;
    if (azml_platform_pipe(error, err) < 0) {
        (void)close(out[0]);
        (void)close(out[1]);
        return -1;
    }
    struct azml_platform_spawn what = {
        .argv = argv, .stdin_fd = -1, .stdout_fd = out[1], .stderr_fd = error[1]};
    int64_t pid = 0;
    int result = azml_platform_spawn(&what, &pid, err);
    (void)close(out[1]);
    (void)close(error[1]);
    struct azml_str texts[2] = {{.limit = limit}, {.limit = limit}};
    const int fds[2] = {out[0], error[0]};
    if (result == 0)
        result = finish_capture(pid, fds, texts, timeout_ms, argv[0], err);
    (void)close(out[0]);
    (void)close(error[0]);
    if (result >= 0 && stdout_out)
        *stdout_out = azml_str_take(&texts[0], NULL);
    if (result >= 0 && stderr_out)
        *stderr_out = azml_str_take(&texts[1], NULL);
    if (texts[0].data)
        azml_wipe(texts[0].data, texts[0].room);
    azml_str_cleanup(&texts[0]);
    azml_str_cleanup(&texts[1]);
    return result;
}
