/* output.h - results, to stdout and nowhere else: tables, lines, JSON, ids, tab-separated values.
 *
 * It formats documents; it fetches nothing and says nothing about the work (progress.h does). */
#ifndef AZML_CLI_OUTPUT_H
#define AZML_CLI_OUTPUT_H

#include "azml/error.h"
#include "base/str.h"
#include "cli/command.h"

#include <cjson/cJSON.h>
#include <stdio.h>

struct azml_output {
    FILE *stream; /* stdout; a test brings its own */
    FILE *notes;  /* stderr, or NULL under --quiet: "no computes in workspace course" */
    enum azml_format format;
    bool no_header;
};

/* Write the text of one cell. Leave `out` empty for "does not apply" (shown as -); "?" stands for
 * what could not be read. `data` is the view's. */
typedef void azml_cell_fn(const cJSON *document, const void *data, struct azml_str *out);

/* A column of a list, or a line of a single thing. A table of them ends with {0}. */
struct azml_column {
    const char *heading; /* "IDLE STOP" in lists, "idle stop" in lines */
    const char *path;    /* of base/json.h: where the text, number or boolean stands; or */
    azml_cell_fn *cell;  /* a function, where it takes more than looking it up */
    bool right;          /* numbers: aligned to the right in a list */
};

struct azml_view {
    const struct azml_column *columns;
    const void *data;       /* handed to the cells */
    const char *id_path;    /* for -o id; NULL: "id" */
    const char *sort_path;  /* lists but JSON are sorted by this; NULL: "name"; "": as they came */
    const char *empty_note; /* whole sentence for an empty list, on stderr: "no groups in …" */
};

/* Print one thing: lines of `name  value` (a line whose value does not apply is left out), the
 * document itself (-o json), its id, or its values between tabs. 0, or -1 with `err` set (memory,
 * or stdout that cannot be written). */
int azml_output_show(const struct azml_output *output, const struct azml_view *view,
                     const cJSON *document, struct azml_error *err);

/* Print many things: `documents` is an array. A table has its heading also where it is empty; JSON
 * is the array as it came. */
int azml_output_list(const struct azml_output *output, const struct azml_view *view,
                     const cJSON *documents, struct azml_error *err);

/* Print text as it is, with a line end where it has none (help, a version, a public key). */
int azml_output_text(const struct azml_output *output, const char *text, struct azml_error *err);

/* Print a document as JSON whatever the format (azml rest). */
int azml_output_json(const struct azml_output *output, const cJSON *document,
                     struct azml_error *err);

/* Read the name of a format. 0, or -1 with `err` set. */
int azml_format_parse(const char *text, enum azml_format *out, struct azml_error *err);

#endif
