/* suggest.h - which known word was meant by a mistyped one.
 *
 * A guess to show, never one to act on. */
#ifndef AZML_CLI_SUGGEST_H
#define AZML_CLI_SUGGEST_H

#include <stddef.h>

/* Steps (letters added, left out, changed, or swapped with the next) from one text to the other,
 * without regard to case; texts longer than 63 bytes are far from everything. */
size_t azml_edit_distance(const char *a, const char *b);

/* The candidate nearest to `typed`, where one is near enough to be meant (and words that other
 * programs use: "ls" for "list"); NULL otherwise. Lent from `candidates`. */
const char *azml_suggest(const char *typed, const char *const *candidates, size_t count);

#endif
