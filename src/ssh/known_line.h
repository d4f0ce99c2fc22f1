/* known_line.h - one line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 *
 * Pure text: opens no file and keeps nothing. */
#ifndef AZML_SSH_KNOWN_LINE_H
#define AZML_SSH_KNOWN_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum azml_known_marker { AZML_KNOWN_PLAIN, AZML_KNOWN_REVOKED, AZML_KNOWN_AUTHORITY };

/* Zero-initialise. Texts are lent from the line, the blob is owned. */
struct azml_known_line {
    enum azml_known_marker marker;
    const char *hosts; /* patterns between commas, or a hash |1|salt|hash */
    size_t hosts_length;
    const char *type; /* "ssh-ed25519" */
    size_t type_length;
    uint8_t *blob;
    size_t blob_length;
};

/* Read a line of `length` bytes. False where it holds no entry: blank, a comment, or nonsense. */
bool azml_known_line_parse(const char *text, size_t length, struct azml_known_line *line_out);

void azml_known_line_cleanup(struct azml_known_line *line);

/* Does its host field mean this host? Patterns with * and ?, !negation, hashes; case ignored. */
bool azml_known_line_matches(const struct azml_known_line *line, const char *host);

/* Does it name this very host, by a word without a pattern or by a hash? */
bool azml_known_line_names(const struct azml_known_line *line, const char *host);

#endif
