/* version.h - which api-version to send to whom.
 *
 * The table of section 0 of the reference; for other providers the newest published version of
 * data/providers.tsv that is no preview. */
#ifndef AZML_ARM_VERSION_H
#define AZML_ARM_VERSION_H

#include <stdbool.h>

enum { AZML_VERSION_TEXT = 32 };

/* The version for `path` (with or without a query). False where nothing is known. */
bool azml_arm_find_version(const char *path, char out[AZML_VERSION_TEXT]);

#endif
