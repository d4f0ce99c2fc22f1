#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/platform.h"
#include "base/str.h"
#include "sandbox/connection.h"
#include "sandbox/sandbox.h"
#include "sandbox/server.h"

#include <string.h>
#include <unistd.h>

#define START_MS 30000 /* making keys takes long on a busy machine */
#define STOP_MS  15000 /* ending the machines of computes */
#define LOCK_MS  60000 /* somebody else starts or stops it */
#define LOOK_MS  20
#define LOG_TAIL 2000

/* --- running in the foreground --- */

/* Options win over how it was last run. */
static void fill_options(const struct azml_sandbox_options *options, const cJSON *last,
                         struct sandbox_server_options *out)
{
    out->port = options->port ? options->port : (uint16_t)azml_json_int_or(last, "port", 0);
    out->speed = options->speed > 0 ? options->speed : azml_json_number_or(last, "speed", 0);
    out->page_size =
        options->page_size ? options->page_size : (uint32_t)azml_json_int_or(last, "pageSize", 0);
}

static int serve(const struct sandbox_place *place, const struct azml_sandbox_options *options,
                 void (*ready)(void *data, const char *endpoint), void *data,
                 struct azml_error *err)
{
    auto_json cJSON *last = sandbox_run_read(place, err);
    if (!last)
        return -1;
    struct sandbox_server_options how = {.name = place->name, .folder = place->folder};
    fill_options(options, last, &how);
    struct sandbox_server *server = sandbox_server_new(&how, err);
    if (!server)
        return -1;
    struct sandbox *world = sandbox_server_world(server);
    int result = sandbox_run_write(world, sandbox_server_port(server), err);
    if (result == 0)
        result = sandbox_connection_write(world, err);
    if (result == 0 && ready)
        ready(data, world->endpoint);
    if (result == 0)
        result = sandbox_server_run(server, true, err);
    sandbox_server_free(server);
    return result;
}

int azml_sandbox_run(const struct azml_sandbox_options *options,
                     void (*ready)(void *data, const char *endpoint), void *data,
                     struct azml_error *err)
{
    auto_place struct sandbox_place place = {0};
    if (sandbox_place_find(options->name, &place, err) < 0 ||
        azml_fs_make_folder(place.folder, err) < 0)
        return -1;
    auto_free char *path = azml_path_join(place.folder, "run.lock", err);
    if (!path)
        return -1;
    int lock = azml_platform_lock(path, 0, err); /* held for as long as it serves */
    if (lock < 0)
        return azml_error_set(err, AZML_ERROR_CONFLICT, _("the sandbox %s already runs"),
                              place.name);
    int result = serve(&place, options, ready, data, err);
    azml_platform_unlock(lock);
    return result;
}

/* --- starting in the background --- */

/* This process's environment with AZML_SANDBOX set to `name`; entries are lent, but for the last,
 * `own`. */
static const char **environment_with(const char *own)
{
    size_t count = 0, used = 0;
    while (environ[count])
        count++;
    const char **with = calloc(count + 2, sizeof(*with));
    if (!with)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (!azml_has_prefix(environ[i], "AZML_SANDBOX="))
            with[used++] = environ[i];
    }
    with[used] = own;
    return with;
}

/* The child takes its options from run.json, as if it had run so before. */
static int leave_options(const struct sandbox_place *place,
                         const struct azml_sandbox_options *options, struct azml_error *err)
{
    auto_json cJSON *last = sandbox_run_read(place, err);
    auto_free char *path = last ? azml_path_join(place->folder, "run.json", err) : NULL;
    if (!path)
        return -1;
    if ((options->port && azml_json_put_number(last, "port", options->port) < 0) ||
        (options->speed > 0 && azml_json_put_number(last, "speed", options->speed) < 0) ||
        (options->page_size && azml_json_put_number(last, "pageSize", options->page_size) < 0))
        return azml_error_memory(err);
    auto_free char *text = azml_json_print(last, true, err);
    return text ? azml_fs_write(path, text, strlen(text), 0600, err) : -1;
}

static int spawn(const struct sandbox_place *place, int64_t *pid_out, struct azml_error *err)
{
    auto_free char *program = azml_platform_executable(err);
    auto_free char *log_path = azml_path_join(place->folder, "log", err);
    auto_free char *own = azml_format(err, "AZML_SANDBOX=%s", place->name);
    if (!program || !log_path || !own)
        return -1;
    auto_free const char **env = environment_with(own);
    if (!env)
        return azml_error_memory(err);
    (void)azml_platform_unlink(log_path);
    int log = azml_platform_open_append(log_path, err);
    if (log < 0)
        return -1;
    const char *argv[] = {program, "sandbox", "run", NULL};
    const struct azml_platform_spawn what = {.argv = argv,
                                             .env = env,
                                             .folder = "/",
                                             .stdin_fd = -1,
                                             .stdout_fd = log,
                                             .stderr_fd = log,
                                             .detached = true};
    int result = azml_platform_spawn(&what, pid_out, err);
    azml_platform_close(log);
    return result;
}

/* The end of what it wrote before it ended. */
static int say_why_it_ended(const struct sandbox_place *place, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_FAILED, _("the sandbox %s ended while it started"), place->name);
    auto_free char *path = azml_path_join(place->folder, "log", NULL);
    size_t length = 0;
    auto_free char *text = path ? azml_fs_read(path, 1024UL * 1024, &length, NULL) : NULL;
    if (!text || length == 0)
        return -1;
    if (text[length - 1] == '\n')
        text[length - 1] = '\0';
    return azml_error_why(err, "%s", length > LOG_TAIL ? text + length - LOG_TAIL : text);
}

static bool is_answering(const struct sandbox_place *place, int64_t pid)
{
    auto_json cJSON *connection = sandbox_connection_read(place, NULL);
    if (!connection || (pid && azml_json_int_or(connection, "pid", 0) != pid) ||
        !sandbox_connection_is_alive(connection))
        return false;
    auto_json cJSON *what = cJSON_CreateObject();
    if (!what || azml_json_put_text(what, "do", "status") < 0)
        return false;
    auto_json cJSON *answer = sandbox_connection_ask(place, what, NULL);
    return answer != NULL;
}

static int wait_until_it_answers(const struct sandbox_place *place, int64_t pid,
                                 struct azml_error *err)
{
    int64_t end_ms = azml_platform_monotonic_ms() + START_MS;
    while (!is_answering(place, pid)) {
        if (azml_platform_reap(pid, NULL))
            return say_why_it_ended(place, err);
        if (azml_platform_monotonic_ms() > end_ms) {
            (void)azml_platform_kill(pid);
            return azml_error_set(err, AZML_ERROR_TIMEOUT, _("the sandbox %s does not answer"),
                                  place->name);
        }
        if (azml_platform_sleep_ms(LOOK_MS) < 0)
            return azml_error_set(err, AZML_ERROR_INTERRUPTED, _("interrupted"));
    }
    return 0;
}

/* A running sandbox does not change its ways. */
static int check_options(const struct sandbox_place *place,
                         const struct azml_sandbox_options *options, struct azml_error *err)
{
    auto_json cJSON *run = sandbox_run_read(place, err);
    if (!run)
        return -1;
    double speed = azml_json_number_or(run, "speed", 0);
    bool is_same_speed =
        options->speed <= 0 || (speed >= options->speed && speed <= options->speed);
    bool is_same_port =
        !options->port || azml_json_int_or(run, "port", 0) == (int64_t)options->port;
    bool is_same_size =
        !options->page_size || azml_json_int_or(run, "pageSize", 0) == (int64_t)options->page_size;
    if (is_same_speed && is_same_port && is_same_size)
        return 0;
    azml_error_set(err, AZML_ERROR_CONFLICT, _("the sandbox %s already runs with other options"),
                   place->name);
    return azml_error_hint(err, "azml sandbox stop");
}

static int start_locked(const struct sandbox_place *place,
                        const struct azml_sandbox_options *options, bool *started_out,
                        struct azml_error *err)
{
    *started_out = false;
    if (is_answering(place, 0))
        return check_options(place, options, err);
    int64_t pid = 0;
    if (azml_fs_make_folder(place->folder, err) < 0 || leave_options(place, options, err) < 0 ||
        spawn(place, &pid, err) < 0)
        return -1;
    *started_out = true;
    return wait_until_it_answers(place, pid, err);
}

/* The folder above must be there for its lock. */
static int lock_place(const struct sandbox_place *place, struct azml_error *err)
{
    auto_free char *folder =
        azml_strndup(place->folder, strlen(place->folder) - strlen(place->name) - 1, err);
    if (!folder || azml_fs_make_folder(folder, err) < 0)
        return -1;
    return azml_platform_lock(place->lock, LOCK_MS, err);
}

int azml_sandbox_start(const struct azml_sandbox_options *options, bool *started_out,
                       struct azml_error *err)
{
    auto_place struct sandbox_place place = {0};
    if (sandbox_place_find(options->name, &place, err) < 0)
        return -1;
    int lock = lock_place(&place, err);
    if (lock < 0)
        return -1;
    bool started = false;
    int result = start_locked(&place, options, &started, err);
    azml_platform_unlock(lock);
    if (result == 0 && started_out)
        *started_out = started;
    return result;
}

/* --- stopping --- */

static bool is_gone(const cJSON *connection, int64_t pid)
{
    (void)azml_platform_reap(pid, NULL); /* where it is a child of this very process */
    return !sandbox_connection_is_alive(connection);
}

static int wait_until_gone(const cJSON *connection, int64_t pid, int64_t wait_ms)
{
    int64_t end_ms = azml_platform_monotonic_ms() + wait_ms;
    while (!is_gone(connection, pid)) {
        if (azml_platform_monotonic_ms() > end_ms)
            return -1;
        (void)azml_platform_sleep_ms(LOOK_MS);
    }
    return 0;
}

/* Only a process with the recorded id and start time is the sandbox. */
static int stop_locked(const struct sandbox_place *place, bool *stopped_out, struct azml_error *err)
{
    *stopped_out = false;
    auto_json cJSON *connection = sandbox_connection_read(place, NULL);
    if (!connection || !sandbox_connection_is_alive(connection))
        return 0;
    int64_t pid = azml_json_int_or(connection, "pid", 0);
    *stopped_out = true;
    if (azml_platform_terminate(pid) == 0 && wait_until_gone(connection, pid, STOP_MS) == 0)
        return 0;
    if (azml_platform_kill(pid) == 0 && wait_until_gone(connection, pid, STOP_MS) == 0)
        return 0;
    return azml_error_set(err, AZML_ERROR_IO, _("the sandbox %s could not be stopped"),
                          place->name);
}

int azml_sandbox_stop(const char *name, bool *stopped_out, struct azml_error *err)
{
    auto_place struct sandbox_place place = {0};
    if (sandbox_place_find(name, &place, err) < 0)
        return -1;
    int lock = lock_place(&place, err);
    if (lock < 0)
        return -1;
    bool stopped;
    int result = stop_locked(&place, &stopped, err);
    azml_platform_unlock(lock);
    if (result == 0 && stopped_out)
        *stopped_out = stopped;
    return result;
}

int azml_sandbox_reset(const char *name, struct azml_error *err)
{
    auto_place struct sandbox_place place = {0};
    if (sandbox_place_find(name, &place, err) < 0)
        return -1;
    int lock = lock_place(&place, err);
    if (lock < 0)
        return -1;
    bool stopped;
    int result = stop_locked(&place, &stopped, err);
    if (result == 0)
        result = azml_fs_remove_tree(place.folder, err);
    azml_platform_unlock(lock);
    return result;
}
