#include "ssh/known_line.h"

#include "base/auto.h"
#include "base/base64.h"
#include "ssh/wire.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

/* The next word of the line, or NULL at its end. */
static const char *word(const char **at, size_t *left, size_t *length_out)
{
    while (*left && (**at == ' ' || **at == '\t')) {
        (*at)++;
        (*left)--;
    }
    const char *start = *at;
    while (*left && **at != ' ' && **at != '\t') {
        (*at)++;
        (*left)--;
    }
    *length_out = (size_t)(*at - start);
    return *length_out ? start : NULL;
}

static bool is_word(const char *text, size_t length, const char *wanted)
{
    return length == strlen(wanted) && memcmp(text, wanted, length) == 0;
}

/* Does the key's wire form begin with the type that the line gives? */
static bool fits(const struct azml_known_line *line)
{
    struct azml_wire wire = {.at = line->blob, .left = line->blob_length};
    size_t length;
    const uint8_t *name = azml_wire_string(&wire, &length);
    return name && length == line->type_length && memcmp(name, line->type, length) == 0;
}

bool azml_known_line_parse(const char *text, size_t length, struct azml_known_line *line_out)
{
    struct azml_known_line line = {0};
    size_t size;
    if (length && text[length - 1] == '\r')
        length--;
    const char *first = word(&text, &length, &size);
    if (!first || *first == '#')
        return false;
    if (*first == '@') {
        if (is_word(first, size, "@revoked"))
            line.marker = AZML_KNOWN_REVOKED;
        else if (is_word(first, size, "@cert-authority"))
            line.marker = AZML_KNOWN_AUTHORITY;
        else
            return false;
        first = word(&text, &length, &size);
    }
    line.hosts = first;
    line.hosts_length = size;
    line.type = word(&text, &length, &line.type_length);
    const char *data = word(&text, &length, &size);
    if (!data)
        return false;
    line.blob = azml_base64_decode(data, size, &line.blob_length, NULL);
    if (!line.blob || !fits(&line)) {
        azml_known_line_cleanup(&line);
        return false;
    }
    *line_out = line;
    return true;
}

void azml_known_line_cleanup(struct azml_known_line *line)
{
    if (!line)
        return;
    free(line->blob);
    *line = (struct azml_known_line){0};
}

/* |1|base64 of the salt|base64 of HMAC-SHA1(salt, host) */
static bool hash_matches(const char *text, size_t length, const char *host)
{
    const char *salt = text + 3, *end = text + length;
    const char *bar = memchr(salt, '|', (size_t)(end - salt));
    if (!bar)
        return false;
    size_t salt_length = 0, hash_length = 0;
    auto_free uint8_t *key = azml_base64_decode(salt, (size_t)(bar - salt), &salt_length, NULL);
    auto_free uint8_t *hash =
        azml_base64_decode(bar + 1, (size_t)(end - bar - 1), &hash_length, NULL);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_length = 0;
    if (!key || !hash ||
        !HMAC(EVP_sha1(), key, (int)salt_length, (const unsigned char *)host, strlen(host), digest,
              &digest_length))
        return false;
    return digest_length == hash_length && memcmp(digest, hash, hash_length) == 0;
}

/* Glob match in one pass: at a mismatch go back to the last star and let it take one more. */
static bool pattern_matches(const char *pattern, size_t length, const char *host)
{
    size_t p = 0, star = SIZE_MAX;
    const char *taken = host;
    while (*host) {
        if (p < length && pattern[p] == '*') {
            star = p++;
            taken = host;
        } else if (p < length && (pattern[p] == '?' || azml_same_bytes(pattern + p, host, 1))) {
            p++;
            host++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            host = ++taken;
        } else {
            return false;
        }
    }
    while (p < length && pattern[p] == '*')
        p++;
    return p == length;
}

static bool is_hashed(const struct azml_known_line *line)
{
    return line->hosts_length > 3 && memcmp(line->hosts, "|1|", 3) == 0;
}

/* Go through the comma-separated patterns: call it a match where one matches and none that begins
 * with ! does. `exact`: patterns with * or ? do not count. */
static bool any_matches(const struct azml_known_line *line, const char *host, bool exact)
{
    bool found = false;
    const char *at = line->hosts, *end = line->hosts + line->hosts_length;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma ? comma : end;
        bool negated = *at == '!';
        const char *pattern = at + negated;
        size_t length = (size_t)(stop - pattern);
        bool wild = memchr(pattern, '*', length) || memchr(pattern, '?', length);
        if (!(exact && wild) && pattern_matches(pattern, length, host)) {
            if (negated)
                return false;
            found = true;
        }
        at = stop + 1;
    }
    return found;
}

bool azml_known_line_matches(const struct azml_known_line *line, const char *host)
{
    return is_hashed(line) ? hash_matches(line->hosts, line->hosts_length, host)
                           : any_matches(line, host, false);
}

bool azml_known_line_names(const struct azml_known_line *line, const char *host)
{
    return is_hashed(line) ? hash_matches(line->hosts, line->hosts_length, host)
                           : any_matches(line, host, true);
}
