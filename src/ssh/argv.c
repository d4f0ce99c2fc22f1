#include "azml/ssh.h"

#include "base/auto.h"
#include "base/i18n.h"

#include <string.h>

char *azml_ssh_join_command(const char *const *words, struct azml_error *err)
{
    auto_str struct azml_str command = {0};
    for (size_t i = 0; words[i]; i++) {
        if (i)
            azml_str_add_char(&command, ' ');
        azml_str_add(&command, words[i]);
    }
    return azml_str_take(&command, err);
}

/* ssh reads option values once more: quotes hold blanks together, % begins a token. */
static void add_path(struct azml_str *out, const char *path)
{
    azml_str_add_char(out, '"');
    for (; *path; path++) {
        if (*path == '"' || *path == '\\')
            azml_str_add_char(out, '\\');
        if (*path == '%')
            azml_str_add_char(out, '%');
        azml_str_add_char(out, *path);
    }
    azml_str_add_char(out, '"');
}

static char *path_option(const char *name, const char *path, struct azml_error *err)
{
    auto_str struct azml_str text = {0};
    azml_str_addf(&text, "%s=", name);
    add_path(&text, path);
    return azml_str_take(&text, err);
}

enum { WORDS = 32 };

/* A list that grows by copies, and fails stickily. */
struct words {
    char **items;
    size_t count;
    bool failed;
};

static void take(struct words *words, char *text)
{
    if (!text || words->failed || words->count + 1 >= WORDS) {
        words->failed = true;
        free(text);
        return;
    }
    words->items[words->count++] = text;
}

static void option(struct words *words, char *text, struct azml_error *err)
{
    take(words, azml_strdup("-o", err));
    take(words, text);
}

/* A name that ssh would take for an option, or that no host or user has. */
static int refuse_odd(const struct azml_ssh_target *target, struct azml_error *err)
{
    const char *const names[] = {target->host, target->user};
    for (size_t i = 0; i < AZML_COUNT(names); i++)
        if (!names[i][0] || names[i][0] == '-' || strpbrk(names[i], " \t\r\n\"'\\%$`;&|<>@/"))
            return azml_error_set(err, AZML_ERROR_PROTOCOL,
                                  _("the service gave '%s' as the compute's address or user"),
                                  names[i]);
    return 0;
}

char **azml_ssh_argv(const struct azml_ssh_target *target, struct azml_error *err)
{
    static const char *const fixed[] = {
        "IdentitiesOnly=yes",
        "PasswordAuthentication=no",
        "StrictHostKeyChecking=accept-new",
        "GlobalKnownHostsFile=none",
        "HashKnownHosts=no",
        "CheckHostIP=no",
        "ServerAliveInterval=30",
    };
    if (refuse_odd(target, err) < 0)
        return NULL;
    struct words words = {.items = calloc(WORDS, sizeof(char *))};
    if (!words.items) {
        azml_error_memory(err);
        return NULL;
    }
    take(&words, azml_strdup("ssh", err));
    take(&words, azml_strdup("-p", err));
    take(&words, azml_format(err, "%u", (unsigned)target->port));
    option(&words, path_option("IdentityFile", target->identity, err), err);
    option(&words, path_option("UserKnownHostsFile", target->known_hosts, err), err);
    option(&words, azml_format(err, "HostKeyAlias=%s", target->alias), err);
    for (size_t i = 0; i < AZML_COUNT(fixed); i++)
        option(&words, azml_strdup(fixed[i], err), err);
    take(&words, azml_strdup("-l", err));
    take(&words, azml_strdup(target->user, err));
    take(&words, azml_strdup("--", err));
    take(&words, azml_strdup(target->host, err));
    if (words.failed) {
        azml_ssh_argv_free(words.items);
        return NULL;
    }
    return words.items;
}

void azml_ssh_argv_free(char **argv)
{
    for (size_t i = 0; argv && argv[i]; i++)
        free(argv[i]);
    free(argv);
}
