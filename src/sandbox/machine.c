#include "sandbox/machine.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/machine_bubble.h"

#include <string.h>

#define STARTS_MAX 5
#define LOG_LIMIT  (1024UL * 1024)

struct azml_machine {
    char *folder, *host_name, *public_key, *log;
    struct azml_machine_programs programs;
    enum azml_machine_state state;
    int64_t pid; /* of the bubble; 0 when none runs */
    uint16_t port;
    unsigned starts;
    char *why;
};

static void machine_free(struct azml_machine *machine)
{
    if (!machine)
        return;
    azml_machine_programs_cleanup(&machine->programs);
    free(machine->folder);
    free(machine->host_name);
    free(machine->public_key);
    free(machine->log);
    free(machine->why);
    free(machine);
}

static void machine_auto(struct azml_machine **machine)
{
    machine_free(*machine);
}

int azml_machine_check(struct azml_error *err)
{
    struct azml_machine_programs programs;
    if (azml_machine_programs_find(&programs, err) < 0)
        return -1;
    azml_machine_programs_cleanup(&programs);
    return 0;
}

static int spawn(struct azml_machine *machine, struct azml_error *err)
{
    const struct azml_machine_options options = {
        .folder = machine->folder,
        .host_name = machine->host_name,
        .public_key = machine->public_key,
    };
    __attribute__((cleanup(azml_machine_words_cleanup))) struct azml_machine_words words = {0};
    if (azml_machine_bubble_words(&options, &machine->programs, &words, err) < 0)
        return -1;
    const char *path = azml_platform_env("PATH");
    auto_free char *path_entry =
        azml_format(err, "PATH=%s", path ? path : "/usr/local/bin:/usr/bin:/bin");
    if (!path_entry)
        return -1;
    const char *const env[] = {path_entry, "LANG=C.UTF-8", NULL}; /* nothing of the person's */
    azml_platform_unlink(machine->log);
    int log = azml_platform_create_file(machine->log, 0600, err);
    if (log < 0)
        return -1;
    const struct azml_platform_spawn what = {
        .argv = (const char *const *)words.items,
        .env = env,
        .folder = "/",
        .stdin_fd = -1,
        .stdout_fd = log,
        .stderr_fd = log,
        .dies_with_parent = true,
    };
    int result = azml_platform_spawn(&what, &machine->pid, err);
    azml_platform_close(log);
    return result;
}

/* Run it on a port that is free just now; another program may still be quicker to take it. */
static int run(struct azml_machine *machine, struct azml_error *err)
{
    const struct azml_machine_options options = {
        .folder = machine->folder,
        .host_name = machine->host_name,
        .public_key = machine->public_key,
    };
    machine->starts++;
    machine->port = azml_platform_free_port();
    if (!machine->port)
        return azml_error_set(err, AZML_ERROR_IO, _("no port of 127.0.0.1 is free"));
    if (azml_machine_bubble_files(&options, machine->port, err) < 0 || spawn(machine, err) < 0)
        return -1;
    machine->state = AZML_MACHINE_STARTING;
    return 0;
}

struct azml_machine *azml_machine_start(const struct azml_machine_options *options,
                                        struct azml_error *err)
{
    __attribute__((cleanup(machine_auto))) struct azml_machine *machine =
        calloc(1, sizeof(*machine));
    if (!machine) {
        azml_error_memory(err);
        return NULL;
    }
    if (azml_machine_programs_find(&machine->programs, err) < 0)
        return NULL;
    machine->folder = azml_strdup(options->folder, err);
    machine->host_name = azml_strdup(options->host_name, err);
    machine->public_key = azml_strdup(options->public_key, err);
    machine->log = azml_format(err, "%s/log", options->folder);
    if (!machine->folder || !machine->host_name || !machine->public_key || !machine->log)
        return NULL;
    if (run(machine, err) < 0)
        return NULL;
    return AZML_STEAL(machine);
}

/* The last line of the log that says something. */
static char *last_words(char *log)
{
    size_t length = strlen(log);
    while (length && (log[length - 1] == '\n' || log[length - 1] == '\r'))
        log[--length] = '\0';
    char *line = strrchr(log, '\n');
    return line ? line + 1 : log;
}

static void give_up(struct azml_machine *machine, const char *why)
{
    machine->state = AZML_MACHINE_ENDED;
    free(machine->why);
    machine->why = azml_strdup(*why ? why : _("it ended without a word"), NULL);
}

/* Its process is gone: try again where that can help. */
static void ended(struct azml_machine *machine)
{
    machine->pid = 0;
    auto_free char *log = azml_fs_read(machine->log, LOG_LIMIT, NULL, NULL);
    bool may_help =
        machine->state == AZML_MACHINE_READY || (log && strstr(log, "Bind to port") != NULL);
    if (!may_help || machine->starts >= STARTS_MAX) {
        give_up(machine, log ? last_words(log) : "");
        return;
    }
    auto_error struct azml_error err = {0};
    if (run(machine, &err) < 0)
        give_up(machine, err.message ? err.message : "");
}

enum azml_machine_state azml_machine_look(struct azml_machine *machine)
{
    if (machine->state == AZML_MACHINE_ENDED)
        return machine->state;
    if (azml_platform_reap(machine->pid, NULL)) {
        ended(machine);
        return machine->state;
    }
    if (machine->state == AZML_MACHINE_STARTING) {
        auto_free char *log = azml_fs_read(machine->log, LOG_LIMIT, NULL, NULL);
        if (log && strstr(log, "Server listening on "))
            machine->state = AZML_MACHINE_READY;
    }
    return machine->state;
}

uint16_t azml_machine_port(const struct azml_machine *machine)
{
    return machine->port;
}

const char *azml_machine_why(const struct azml_machine *machine)
{
    return machine->why ? machine->why : "";
}

void azml_machine_stop(struct azml_machine *machine)
{
    if (!machine)
        return;
    if (machine->pid) {
        azml_platform_kill(machine->pid);
        azml_platform_wait(machine->pid, 5000, NULL);
    }
    machine_free(machine);
}
