#include "azml/ssh_key.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "commands/context.h"
#include "commands/table.h"

#include <string.h>

/* --- how a key is shown --- */

static void azure_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    const char *refusal = azml_json_text(document, "azureMlWhy");
    if (azml_json_bool_or(document, "azureMl", false))
        azml_str_add(out, _("yes"));
    else if (refusal)
        azml_str_addf(out, _("no: %s"), refusal);
    else
        azml_str_add(out, "?");
}

static void holds_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    if (!azml_same_text(azml_json_text(document, "holds"), "private"))
        azml_str_add(out, _("public key"));
    else if (azml_json_bool_or(document, "passphrase", false))
        azml_str_add(out, _("private key, with a passphrase"));
    else
        azml_str_add(out, _("private key, without a passphrase"));
}

static const struct azml_column columns[] = {
    {.heading = "file",      .path = "file"},
    {.heading = "public file",                      .path = "publicFile"},
    {.heading = "holds",.cell = holds_cell},
    {.heading = "type",     .path = "type"},
    {.heading = "bits",                      .path = "bits"},
    {.heading = "fingerprint",    .path = "fingerprint"},
    {.heading = "comment",      .path = "comment"},
    {.heading = "for Azure ML",                      .cell = azure_cell},
    {.heading = NULL},
};

static int show(struct azml_context *context, const cJSON *document, struct azml_error *err)
{
    const struct azml_view view = {.columns = columns, .id_path = "fingerprint"};
    return azml_output_show(azml_context_output(context), &view, document, err);
}

/* Add what is known of the public half: nothing where an encrypted file hides it. */
static int describe_public(cJSON *document, const struct azml_ssh_public_key *key,
                           struct azml_error *err)
{
    if (!key->blob)
        return 0;
    auto_free char *fingerprint = azml_ssh_public_key_fingerprint(key, err);
    auto_free char *line = azml_ssh_public_key_line(key, err);
    if (!fingerprint || !line)
        return -1;
    auto_error struct azml_error refusal = {0};
    bool taken = azml_ssh_key_check_azure(key, false, &refusal) == 0;
    const char *comment = *key->comment ? key->comment : NULL;
    if (azml_json_put_text(document, "type", azml_ssh_key_type_name(key->type)) < 0 ||
        azml_json_put_number(document, "bits", key->bits) < 0 ||
        azml_json_put_text(document, "fingerprint", fingerprint) < 0 ||
        azml_json_put_text(document, "comment", comment) < 0 ||
        azml_json_put_text(document, "publicKey", line) < 0 ||
        azml_json_put_bool(document, "azureMl", taken) < 0 ||
        (!taken && azml_json_put_text(document, "azureMlWhy", refusal.message) < 0))
        return azml_error_memory(err);
    return 0;
}

/* A document about a file with the public half `key`; `private_key` is NULL for a public file. */
static cJSON *describe(const char *path, const struct azml_ssh_private_key *private_key,
                       const struct azml_ssh_public_key *key, struct azml_error *err)
{
    auto_json cJSON *document = cJSON_CreateObject();
    if (!document || azml_json_put_text(document, "file", path) < 0 ||
        azml_json_put_text(document, "holds", private_key ? "private" : "public") < 0 ||
        (private_key && azml_json_put_bool(document, "passphrase", private_key->encrypted) < 0)) {
        azml_error_memory(err);
        return NULL;
    }
    return describe_public(document, key, err) < 0 ? NULL : AZML_STEAL(document);
}

/* --- generate --- */

struct generate_args {
    const char *file, *type, *comment;
    int64_t bits;
};

static int tell_made(struct azml_context *context, const char *path,
                     const struct azml_ssh_key_pair *pair, struct azml_error *err)
{
    const struct azml_ssh_private_key half = {.format = "OpenSSH"};
    auto_json cJSON *document = describe(path, &half, &pair->public_key, err);
    auto_free char *public_file = azml_format(err, "%s.pub", path);
    if (!document || !public_file)
        return -1;
    if (azml_json_put_text(document, "publicFile", public_file) < 0)
        return azml_error_memory(err);
    if (show(context, document, err) < 0)
        return -1;
    if (azml_json_bool_or(document, "azureMl", false))
        azml_progress_note(azml_context_progress(context),
                           _("Next: azml compute create NAME --ssh-public-key %s"), public_file);
    return 0;
}

static int generate_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct generate_args *args = data;
    bool rsa = strcmp(args->type, "rsa") == 0;
    const char *file = args->file ? args->file : rsa ? "~/.ssh/id_rsa" : "~/.ssh/id_ed25519";
    auto_free char *path = azml_path_expand(file, err);
    if (!path)
        return -1;
    if (azml_fs_exists(path)) { /* said before the work, not after it */
        azml_error_set(err, AZML_ERROR_CONFLICT, _("%s exists already and is never overwritten"),
                       path);
        return azml_error_hint(err, "azml ssh-key show %s", path);
    }
    const struct azml_ssh_key_request request = {
        .type = rsa ? AZML_SSH_KEY_RSA : AZML_SSH_KEY_ED25519,
        .bits = (unsigned)args->bits,
        .comment = args->comment,
    };
    struct azml_ssh_key_pair pair = {0};
    if (azml_ssh_key_generate(&request, &pair, err) < 0)
        return -1;
    int result = azml_ssh_key_pair_write(&pair, path, err);
    if (result == 0)
        result = tell_made(context, path, &pair, err);
    azml_ssh_key_pair_cleanup(&pair);
    return result;
}

static const char *const types[] = {"rsa", "ed25519", NULL};

static const struct azml_option generate_options[] = {
    AZML_WORD(struct generate_args, file, .meta = "FILE",
              .help = _("Where the private key goes; ~/.ssh/id_rsa or id_ed25519 otherwise.")),
    AZML_STRING(struct generate_args, type, .name = "type", .letter = 't', .meta = "TYPE",
                .choices = types, .fallback = "rsa",
                .help = _("rsa, which Azure ML takes, or ed25519.")),
    AZML_INT(struct generate_args, bits, .name = "bits", .letter = 'b', .meta = "N", .min = 256,
             .max = 16384, .help = _("Size of an RSA key; 3072 where none is given.")),
    AZML_STRING(struct generate_args, comment, .name = "comment", .letter = 'C', .meta = "TEXT",
                .fallback = "azml", .help = _("What stands behind the public key.")),
    {0},
};

static const char *const generate_examples[] = {
    "azml ssh-key generate", "azml ssh-key generate ~/.ssh/azml_rsa --bits 4096 --comment lea",
    NULL};

const struct azml_command azml_command_ssh_key_generate = {
    .path = "ssh-key generate",
    .summary = _("Make an SSH key pair"),
    .details = _("FILE gets the private key, readable by its owner only and without a passphrase; "
                 "FILE.pub the public one. Neither is ever overwritten."),
    .options = generate_options,
    .examples = generate_examples,
    .args_size = sizeof(struct generate_args),
    .run = generate_run,
};

/* --- show and check --- */

struct file_args {
    const char *file;
};

static cJSON *look_at_private(const char *path, const char *text, size_t length,
                              struct azml_error *err)
{
    struct azml_ssh_private_key key = {0};
    if (azml_ssh_private_key_parse(text, length, path, &key, err) < 0)
        return NULL;
    cJSON *document = describe(path, &key, &key.public_key, err);
    azml_ssh_private_key_cleanup(&key);
    return document;
}

static cJSON *look_at_public(const char *path, const char *text, size_t length,
                             struct azml_error *err)
{
    struct azml_ssh_public_key key = {0};
    if (azml_ssh_public_key_parse(text, length, path, &key, err) < 0)
        return NULL;
    cJSON *document = describe(path, NULL, &key, err);
    azml_ssh_public_key_cleanup(&key);
    return document;
}

static int show_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct file_args *args = data;
    auto_free char *path = azml_path_expand(args->file, err);
    size_t length = 0;
    auto_secret struct azml_secret text = {0};
    char *bytes = path ? azml_fs_read(path, AZML_LIMIT_KEY_FILE, &length, err) : NULL;
    if (!bytes)
        return -1;
    azml_secret_adopt(&text, bytes, length);
    auto_json cJSON *document = azml_ssh_is_private_key(bytes, length)
                                    ? look_at_private(args->file, bytes, length, err)
                                    : look_at_public(args->file, bytes, length, err);
    return document ? show(context, document, err) : -1;
}

static int check_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct file_args *args = data;
    struct azml_ssh_public_key key = {0};
    if (azml_ssh_public_key_read(args->file, "azml ssh-key check", &key, err) < 0)
        return -1;
    int result = azml_ssh_key_check_azure(&key, false, err);
    if (result < 0) {
        result = azml_error_context(err, _("%s cannot be used for a compute"), args->file);
    } else {
        auto_json cJSON *document = describe(args->file, NULL, &key, err);
        result = document ? show(context, document, err) : -1;
    }
    azml_ssh_public_key_cleanup(&key);
    return result;
}

static const struct azml_option show_options[] = {
    AZML_WORD(struct file_args, file, .meta = "FILE", .required = true,
              .help = _("A public or a private key.")),
    {0},
};

static const struct azml_option check_options[] = {
    AZML_WORD(struct file_args, file, .meta = "FILE", .required = true,
              .help = _("The public key that a compute is to get.")),
    {0},
};

static const char *const show_examples[] = {"azml ssh-key show ~/.ssh/id_rsa.pub",
                                            "azml ssh-key show ~/.ssh/id_rsa -o json", NULL};
static const char *const check_examples[] = {"azml ssh-key check ~/.ssh/id_rsa.pub", NULL};

const struct azml_command azml_command_ssh_key_show = {
    .path = "ssh-key show",
    .summary = _("Show what an SSH key file holds"),
    .details = _("Type, size, fingerprint, comment, and whether Azure ML takes it. Nothing of a "
                 "private key is shown but its public half."),
    .options = show_options,
    .examples = show_examples,
    .args_size = sizeof(struct file_args),
    .run = show_run,
};

const struct azml_command azml_command_ssh_key_check = {
    .path = "ssh-key check",
    .summary = _("Check that a public key can be given to a compute"),
    .details = _("Ends with 2 and the reason where it cannot. No request is made."),
    .options = check_options,
    .examples = check_examples,
    .args_size = sizeof(struct file_args),
    .run = check_run,
};
