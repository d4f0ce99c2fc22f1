#include "azml/ssh_key.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "ssh/key.h"
#include "ssh/key_text.h"

#include <string.h>

#define BLANKS " \t"

/* Say what the file is, where it holds no lines of OpenSSH's. */
static int refuse_kind(enum azml_key_text kind, const char *name, struct azml_error *err)
{
    enum azml_error_code usage = AZML_ERROR_USAGE;
    switch (kind) {
    case AZML_KEY_TEXT_EMPTY:
        return azml_error_set(err, usage, _("%s is empty"), name);
    case AZML_KEY_TEXT_UTF16:
        azml_error_set(err, usage, _("%s is UTF-16 text; a key file is plain ASCII"), name);
        return azml_error_hint(err, "iconv -f UTF-16 -t UTF-8 %s > key.pub", name);
    case AZML_KEY_TEXT_BINARY:
        return azml_error_set(err, usage, _("%s is no text, so it is no public key"), name);
    case AZML_KEY_TEXT_PUTTY:
        azml_error_set(err, usage, _("%s is PuTTY's file, with the private key in it"), name);
        return azml_error_hint(err, "puttygen %s -O public-openssh -o %s.pub", name, name);
    case AZML_KEY_TEXT_OPENSSH_PRIVATE:
    case AZML_KEY_TEXT_PEM_PRIVATE:
    case AZML_KEY_TEXT_SSH2_PRIVATE:
        return azml_error_set(err, usage,
                              _("%s is a private key; the compute needs the public one"), name);
    case AZML_KEY_TEXT_PEM_PUBLIC:
    case AZML_KEY_TEXT_PEM_RSA_PUBLIC:
        azml_error_set(err, usage, _("%s is a public key in PEM form, not OpenSSH's one line"),
                       name);
        return azml_error_hint(err, "ssh-keygen -i -m %s -f %s > key.pub",
                               kind == AZML_KEY_TEXT_PEM_PUBLIC ? "PKCS8" : "PEM", name);
    case AZML_KEY_TEXT_SSH2_PUBLIC:
        azml_error_set(err, usage, _("%s is a public key in RFC 4716 form, not OpenSSH's one line"),
                       name);
        return azml_error_hint(err, "ssh-keygen -i -f %s > key.pub", name);
    case AZML_KEY_TEXT_X509:
        return azml_error_set(err, usage, _("%s is an X.509 certificate, no SSH key"), name);
    case AZML_KEY_TEXT_PEM_OTHER:
        return azml_error_set(err, usage, _("%s is a PEM file that holds no SSH key"), name);
    case AZML_KEY_TEXT_LINES:
        break;
    }
    return azml_error_set(err, usage, _("%s is not an SSH public key"), name);
}

/* One line, cut into what stands in it; nothing is copied. */
struct line {
    const char *algorithm, *data, *comment;
    size_t algorithm_length, data_length, comment_length;
    bool options;
    enum azml_ssh_key_type type;
};

/* The length of the first word; quotes hold blanks, as in authorized_keys options. */
static size_t word_length(const char *text, size_t length)
{
    bool quoted = false;
    size_t i = 0;
    for (; i < length && (quoted || !strchr(BLANKS, text[i])); i++) {
        if (text[i] == '\\' && quoted && i + 1 < length)
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
    }
    return i;
}

static void skip_blanks(const char **at, size_t *left)
{
    while (*left && strchr(BLANKS, **at)) {
        (*at)++;
        (*left)--;
    }
}

/* Cut a line at its algorithm's name, in its first or (behind options) second word. False where
 * there is none. */
static bool cut_line(const char *at, size_t left, struct line *line)
{
    *line = (struct line){0};
    for (int word = 0; word < 2; word++) {
        size_t length = word_length(at, left);
        const char *name = at;
        at += length;
        left -= length;
        skip_blanks(&at, &left);
        if (!azml_ssh_algorithm_type(name, length, &line->type))
            continue;
        line->options = word > 0;
        line->algorithm = name;
        line->algorithm_length = length;
        line->data = at;
        line->data_length = word_length(at, left);
        at += line->data_length;
        left -= line->data_length;
        skip_blanks(&at, &left);
        line->comment = at;
        line->comment_length = left;
        return true;
    }
    return false;
}

static int refuse_line(const char *at, size_t length, const char *name, struct azml_error *err)
{
    size_t word = word_length(at, length);
    if (word > 20 && memmem(at, word, "-cert-v01@openssh.com", 21))
        return azml_error_set(err, AZML_ERROR_USAGE,
                              _("%s is an SSH certificate; the public key itself is needed"), name);
    if (word >= 4 && memcmp(at, "AAAA", 4) == 0)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              _("%s lacks the key's type (\"ssh-rsa\") in front of its data"),
                              name);
    return refuse_kind(AZML_KEY_TEXT_LINES, name, err);
}

static int read_line(const struct line *line, const char *name, struct azml_ssh_public_key *key_out,
                     struct azml_error *err)
{
    auto_error struct azml_error cause = {0};
    auto_public_key struct azml_ssh_public_key key = {0};
    size_t length = 0;
    auto_free uint8_t *blob = azml_base64_decode(line->data, line->data_length, &length, &cause);
    if (!blob || azml_ssh_public_key_from_blob(blob, length, &key, &cause) < 0) {
        if (cause.code == AZML_ERROR_MEMORY)
            return azml_error_move(err, &cause);
        azml_error_set(err, AZML_ERROR_USAGE,
                       _("the key in %s is cut off, damaged or broken over several lines"), name);
        return azml_error_hint(err, "ssh-keygen -lf %s", name);
    }
    if (strlen(key.algorithm) != line->algorithm_length ||
        memcmp(key.algorithm, line->algorithm, line->algorithm_length) != 0)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              _("%s says %.*s, but its data are of a %s key"), name,
                              (int)line->algorithm_length, line->algorithm, key.algorithm);
    char *comment = azml_strndup(line->comment, line->comment_length, err);
    if (!comment)
        return -1;
    free(key.comment);
    key.comment = comment;
    key.had_options = line->options;
    azml_ssh_public_key_move(key_out, &key);
    return 0;
}

/* The next line that says something: not blank, no comment. False at the end. */
static bool next_line(const char **rest, const char **line_out, size_t *length_out)
{
    while (**rest) {
        const char *line = *rest + strspn(*rest, " \t\r\n");
        size_t length = strcspn(line, "\r\n");
        *rest = line + length;
        if (length == 0 || *line == '#')
            continue;
        while (length && strchr(BLANKS, line[length - 1]))
            length--;
        *line_out = line;
        *length_out = length;
        return true;
    }
    return false;
}

int azml_ssh_public_key_parse(const char *text, size_t length, const char *name,
                              struct azml_ssh_public_key *key_out, struct azml_error *err)
{
    enum azml_key_text kind = azml_key_text_of(text, length);
    if (kind != AZML_KEY_TEXT_LINES)
        return refuse_kind(kind, name, err);

    const char *rest = azml_key_text_start(text, length), *at;
    size_t left;
    struct line first, other;
    if (!next_line(&rest, &at, &left))
        return refuse_kind(AZML_KEY_TEXT_EMPTY, name, err);
    if (!cut_line(at, left, &first))
        return refuse_line(at, left, name, err);

    size_t keys = 1;
    while (next_line(&rest, &at, &left))
        keys += cut_line(at, left, &other);
    if (keys > 1) {
        azml_error_set(err, AZML_ERROR_USAGE, _("%s holds %zu keys; a compute takes one"), name,
                       keys);
        return azml_error_hint(err, "head -n 1 %s > key.pub", name);
    }
    return read_line(&first, name, key_out, err);
}

/* Where somebody gave the private file: name the public one beside it, or how to get it. */
static void hint_public(const char *file, const char *name, const char *usage,
                        struct azml_error *err)
{
    auto_free char *beside = azml_format(NULL, "%s.pub", file);
    if (usage && beside && azml_fs_exists(beside))
        (void)azml_error_hint(err, "%s %s.pub", usage, name);
    else
        (void)azml_error_hint(err, "ssh-keygen -y -f %s > %s.pub", name, name);
}

int azml_ssh_public_key_read(const char *path, const char *usage,
                             struct azml_ssh_public_key *key_out, struct azml_error *err)
{
    auto_free char *file = azml_path_expand(path, err);
    size_t length = 0;
    auto_secret struct azml_secret text = {0}; /* it may turn out to be a private key */
    char *bytes = file ? azml_fs_read(file, AZML_LIMIT_KEY_FILE, &length, err) : NULL;
    if (!bytes)
        return -1;
    azml_secret_adopt(&text, bytes, length);
    if (azml_ssh_public_key_parse(bytes, length, path, key_out, err) == 0)
        return 0;
    if (azml_ssh_is_private_key(bytes, length) && err && !err->hint)
        hint_public(file, path, usage, err);
    return -1;
}
