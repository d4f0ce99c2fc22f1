/* report.h - the one place where an error is printed, as text or as one JSON object.
 *
 * The shapes are those of experience.md (text) and contracts.md (JSON); the exit status comes from
 * the table in error.c. */
#ifndef AZML_CLI_REPORT_H
#define AZML_CLI_REPORT_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

struct azml_report {
    FILE *stream; /* stderr; a test brings its own */
    bool json;
    bool color;
};

/* Print `err` (nothing where its code is NONE). Returns its exit status. */
int azml_report_error(const struct azml_report *report, const struct azml_error *err);

/* The object {"error":{…}} of contracts.md, the caller's; NULL when memory ran out. */
cJSON *azml_report_document(const struct azml_error *err);

#endif
