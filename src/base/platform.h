/* platform.h - everything that differs between operating systems, behind one door.
 *
 * platform_posix.c and platform_windows.c are the only files with system calls and the only ones
 * with operating-system #ifdefs. Failures arrive as azml_error with AZML_ERROR_IO. */
#ifndef AZML_BASE_PLATFORM_H
#define AZML_BASE_PLATFORM_H

#include "azml/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- time --- */
int64_t azml_platform_wall_ms(void);      /* since 1970 UTC */
int64_t azml_platform_monotonic_ms(void); /* never goes back */
/* Sleep; returns -1 early when an interrupt arrived, else 0. */
int azml_platform_sleep_ms(uint64_t ms);

/* --- interrupts (Ctrl-C, SIGTERM) and broken pipes --- */
/* First interrupt sets a flag, the second ends the process at once with 130. SIGPIPE is ignored. */
void azml_platform_catch_interrupts(void);
bool azml_platform_interrupted(void);
/* The number of the signal that interrupted, or 0. */
int azml_platform_interrupt_signal(void);

/* --- chance --- */
/* Fill with bytes fit for keys and ids. Ends the process when the system has none. */
void azml_platform_random(void *bytes, size_t length);
/* A random UUID (version 4), 36 characters and a NUL. */
void azml_platform_uuid(char out[37]);

/* --- surroundings --- */
const char *azml_platform_env(const char *name); /* NULL where unset or empty */
char *azml_platform_home(struct azml_error *err);
char *azml_platform_current_folder(struct azml_error *err); /* absolute, the caller's */
char *azml_platform_executable(struct azml_error *err); /* absolute path of this program */
char *azml_platform_find_program(const char *name);     /* on PATH, the caller's; NULL if none */
bool azml_platform_is_terminal(int fd);
int azml_platform_terminal_width(int fd); /* 0 where unknown */
bool azml_platform_is_root(void);

/* --- files --- */
int azml_platform_make_folder(const char *path, unsigned mode); /* 0, or -1; existing is 0 */
/* Make a file that must not exist: a descriptor, or -1 with err set (CONFLICT where it exists). */
int azml_platform_create_file(const char *path, unsigned mode, struct azml_error *err);
int azml_platform_open_read(const char *path, struct azml_error *err); /* NOT_FOUND where missing */
/* Open for appending (made 0600 where missing). */
int azml_platform_open_append(const char *path, struct azml_error *err);
/* Bytes read, 0 at the end, -1 on failure. */
int64_t azml_platform_read(int fd, void *bytes, size_t length);
int azml_platform_write_all(int fd, const void *bytes, size_t length, struct azml_error *err);
int azml_platform_sync(int fd);
void azml_platform_close(int fd);
int azml_platform_rename(const char *from, const char *to, struct azml_error *err);
/* The same where `to` must not exist yet: AZML_ERROR_CONFLICT where it does, with nothing changed. */
int azml_platform_rename_new(const char *from, const char *to, struct azml_error *err);
int azml_platform_unlink(const char *path); /* 0 (also when missing) or -1 */
int azml_platform_rmdir(const char *path);  /* 0 (also when missing) or -1 */
int azml_platform_symlink(const char *target, const char *path, struct azml_error *err);
int azml_platform_set_mode(const char *path, unsigned mode);
struct azml_platform_stat {
    bool is_folder, is_file, is_link;
    bool is_mine;    /* owned by who runs this */
    bool is_private; /* nobody else may read or write it */
    int64_t size_bytes;
    int64_t modified_ms;
};
/* Look at a path without following a last link; 0, or -1 where it is not there. */
int azml_platform_stat(const char *path, struct azml_platform_stat *out);
/* Call `each` for every entry but . and ..; a non-zero return stops and is returned. */
int azml_platform_list_folder(const char *path, int (*each)(void *data, const char *name),
                              void *data);
/* Lock a file (made where missing) against other processes; waits at most `wait_ms`. A descriptor
 * to give to azml_platform_unlock, or -1 with err set (AZML_ERROR_TIMEOUT where it was held). */
int azml_platform_lock(const char *path, uint64_t wait_ms, struct azml_error *err);
void azml_platform_unlock(int fd);

/* --- processes --- */
struct azml_platform_spawn {
    const char *const *argv; /* NULL-terminated; argv[0] is looked up on PATH unless it has / */
    const char *const *env;  /* NULL-terminated "K=V" entries, or NULL: this process's own */
    const char *folder;      /* where it starts, or NULL: here */
    int stdin_fd, stdout_fd, stderr_fd; /* -1: /dev/null; use 0, 1, 2 to inherit */
    int keep_fds[4];       /* further descriptors it inherits under the same number; 0 ends */
    bool detached;         /* a session of its own: outlives us and our terminal */
    bool dies_with_parent; /* is killed when this process ends (Linux) */
};
int azml_platform_spawn(const struct azml_platform_spawn *what, int64_t *pid_out,
                        struct azml_error *err);
/* Wait for a child: its exit code, or 128 + signal. `wait_ms` < 0 waits for ever. -1 with err
 * (AZML_ERROR_TIMEOUT) when it still runs. */
int azml_platform_wait(int64_t pid, int64_t wait_ms, struct azml_error *err);
/* Has it ended? True (with its code, which may be NULL) or false; never waits. */
bool azml_platform_reap(int64_t pid, int *code_out);
bool azml_platform_is_alive(int64_t pid);
/* When it started, in clock ticks of the system: pid and this together name one process for ever.
 * 0 where it does not exist. */
uint64_t azml_platform_start_ticks(int64_t pid);
/* Ask it to end (TERM), or end it (KILL). 0 or -1. */
int azml_platform_terminate(int64_t pid);
int azml_platform_kill(int64_t pid);
int64_t azml_platform_pid(void);
/* Become another program; returns only on failure. */
int azml_platform_exec(const char *const *argv, struct azml_error *err);
/* Two connected descriptors, [0] to read and [1] to write, closed on exec. */
int azml_platform_pipe(int fds[2], struct azml_error *err);
/* Run a program to its end and take its stdout (at most `limit` bytes), stderr going to
 * `stderr_out` where that is not NULL, else to nothing. Returns the exit code, -1 with err set when
 * it could not be run or took longer than `timeout_ms`. */
int azml_platform_capture(const char *const *argv, uint64_t timeout_ms, size_t limit,
                          char **stdout_out, char **stderr_out, struct azml_error *err);

/* --- sockets (for SSH; HTTP has libcurl, the sandbox libevent) --- */
/* Connect by TCP with TCP_NODELAY; a descriptor in non-blocking mode, or -1 with err set, telling
 * refused, timed out and unknown host apart. */
int azml_platform_connect(const char *host, uint16_t port, uint64_t timeout_ms,
                          struct azml_error *err);
/* Wait until one is ready: 1 ready, 0 timed out, -1 interrupted or failed. */
int azml_platform_wait_socket(int fd, bool for_read, bool for_write, uint64_t timeout_ms);
/* One descriptor of several to watch; -1 is passed over. */
struct azml_platform_poll {
    int fd;
    bool for_read, for_write; /* what for; a descriptor with neither is passed over */
    bool can_read, can_write; /* the answer: an end or a failure counts as ready too */
};
/* Wait until one of at most 8 is ready: how many are, 0 when time ran out, -1 when a signal came or
 * waiting failed. Unlike the above it also waits after an interrupt. */
int azml_platform_poll(struct azml_platform_poll *polls, size_t count, uint64_t timeout_ms);
/* A TCP port of 127.0.0.1 that nobody listens on just now, or 0. */
uint16_t azml_platform_free_port(void);

#endif
