/* text.h - text from elsewhere made fit for a terminal: its width, its control characters, its end.
 *
 * Names and messages come from a service; none of them may move the cursor or break a column. */
#ifndef AZML_CLI_TEXT_H
#define AZML_CLI_TEXT_H

#include "base/str.h"

#include <stddef.h>

/* Columns that a terminal needs for UTF-8 text: wide characters count twice, combining ones not.
 * For text that azml_text_add_clean wrote. */
size_t azml_text_width(const char *text);

/* Add `text` on one line: line ends and tabs become spaces, other control characters and bytes that
 * are no UTF-8 become "?". */
void azml_text_add_clean(struct azml_str *out, const char *text);

/* Add `word` so that a POSIX shell reads it as one word: as it is where it is plain. */
void azml_text_add_word(struct azml_str *out, const char *word);

/* The number of bytes at the beginning of clean `text` that fit into `columns`. */
size_t azml_text_fit(const char *text, size_t columns);

#endif
