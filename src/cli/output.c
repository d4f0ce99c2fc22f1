#include "cli/output.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "cli/text.h"

#include <errno.h>
#include <string.h>

/* A document of a list with the text that it is sorted by. */
struct row {
    const cJSON *document;
    const char *key;
    size_t position;
};

int azml_format_parse(const char *text, enum azml_format *out, struct azml_error *err)
{
    static const char *const names[] = {"table", "json", "tsv", "id"};
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        if (strcmp(names[i], text) == 0) {
            *out = (enum azml_format)i;
            return 0;
        }
    }
    azml_error_set(err, AZML_ERROR_USAGE, _("there is no output format '%s'"), text);
    return azml_error_hint(err, _("choose among table, json, tsv and id"));
}

/* Whoever reads stdout may go away before the end (head): that is no failure. */
static int put(const struct azml_output *output, const char *text, struct azml_error *err)
{
    if (fputs(text, output->stream) >= 0 || errno == EPIPE)
        return 0;
    azml_error_set(err, AZML_ERROR_IO, _("could not write the result"));
    return azml_error_why(err, "%s", strerror(errno));
}

static int put_str(const struct azml_output *output, struct azml_str *text, struct azml_error *err)
{
    auto_free char *whole = azml_str_take(text, err);
    return whole ? put(output, whole, err) : -1;
}

int azml_output_text(const struct azml_output *output, const char *text, struct azml_error *err)
{
    if (put(output, text, err) < 0)
        return -1;
    return text[0] && azml_has_suffix(text, "\n") ? 0 : put(output, "\n", err);
}

int azml_output_json(const struct azml_output *output, const cJSON *document,
                     struct azml_error *err)
{
    auto_free char *text = azml_json_print(document, true, err);
    return text ? azml_output_text(output, text, err) : -1;
}

static void add_plain(const cJSON *value, struct azml_str *out)
{
    if (cJSON_IsString(value))
        azml_str_add(out, value->valuestring);
    else if (cJSON_IsBool(value))
        azml_str_add(out, cJSON_IsTrue(value) ? "true" : "false");
    else if (cJSON_IsNumber(value))
        azml_str_addf(out, "%.15g", value->valuedouble);
}

/* The text of one cell, "" where it does not apply; the caller's. */
static char *cell_text(const struct azml_view *view, const struct azml_column *column,
                       const cJSON *document, struct azml_error *err)
{
    auto_str struct azml_str raw = {0};
    if (column->cell)
        column->cell(document, view->data, &raw);
    else
        add_plain(azml_json_at(document, column->path), &raw);
    auto_str struct azml_str clean = {.failed = raw.failed};
    azml_text_add_clean(&clean, azml_str_text(&raw));
    return azml_str_take(&clean, err);
}

static size_t column_count(const struct azml_view *view)
{
    size_t count = 0;
    while (view->columns[count].heading)
        count++;
    return count;
}

static void free_cells(char **cells, size_t count)
{
    for (size_t i = 0; cells && i < count; i++)
        free(cells[i]);
    free(cells);
}

/* All cells, row by row; the caller's, NULL with `err` set. */
static char **make_cells(const struct azml_view *view, const struct row *rows, size_t row_count,
                         struct azml_error *err)
{
    size_t columns = column_count(view), total = columns * row_count;
    char **cells = calloc(total + 1, sizeof(*cells));
    if (!cells) {
        azml_error_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < total; i++) {
        cells[i] = cell_text(view, &view->columns[i % columns], rows[i / columns].document, err);
        if (!cells[i]) {
            free_cells(cells, total);
            return NULL;
        }
    }
    return cells;
}

static void add_padded(struct azml_str *out, const char *text, size_t width, bool right, bool last)
{
    size_t used = azml_text_width(text);
    int fill = used < width ? (int)(width - used) : 0;
    if (right)
        azml_str_addf(out, "%*s%s", fill, "", text);
    else
        azml_str_addf(out, "%s%*s", text, last ? 0 : fill, "");
    azml_str_add(out, last ? "\n" : "  ");
}

static const char *shown(const char *cell)
{
    return cell && cell[0] ? cell : "-";
}

static size_t column_width(const struct azml_view *view, char *const *cells, size_t rows, size_t at,
                           bool no_header)
{
    size_t columns = column_count(view);
    size_t widest = no_header ? 0 : azml_text_width(view->columns[at].heading);
    for (size_t i = 0; i < rows; i++) {
        size_t width = azml_text_width(shown(cells[i * columns + at]));
        if (width > widest)
            widest = width;
    }
    return widest;
}

static int put_table(const struct azml_output *output, const struct azml_view *view,
                     char *const *cells, size_t rows, struct azml_error *err)
{
    size_t columns = column_count(view);
    auto_free size_t *widths = calloc(columns + 1, sizeof(*widths));
    if (!widths)
        return azml_error_memory(err);
    auto_str struct azml_str text = {0};
    for (size_t i = 0; i < columns; i++) {
        const struct azml_column *column = &view->columns[i];
        widths[i] = column_width(view, cells, rows, i, output->no_header);
        if (!output->no_header)
            add_padded(&text, column->heading, widths[i], column->right, i + 1 == columns);
    }
    for (size_t i = 0; i < rows * columns; i++)
        add_padded(&text, shown(cells[i]), widths[i % columns], view->columns[i % columns].right,
                   i % columns + 1 == columns);
    return put_str(output, &text, err);
}

static int put_tabs(const struct azml_output *output, const struct azml_view *view,
                    char *const *cells, size_t rows, struct azml_error *err)
{
    size_t columns = column_count(view);
    auto_str struct azml_str text = {0};
    for (size_t i = 0; i < rows * columns; i++) {
        azml_str_add(&text, cells[i]);
        azml_str_add_char(&text, i % columns + 1 == columns ? '\n' : '\t');
    }
    return put_str(output, &text, err);
}

static int put_ids(const struct azml_output *output, const struct azml_view *view,
                   const struct row *rows, size_t count, struct azml_error *err)
{
    auto_str struct azml_str text = {0};
    for (size_t i = 0; i < count; i++) {
        const char *id = azml_json_text(rows[i].document, view->id_path ? view->id_path : "id");
        if (!id)
            continue;
        azml_text_add_clean(&text, id);
        azml_str_add_char(&text, '\n');
    }
    return put_str(output, &text, err);
}

static int put_lines(const struct azml_output *output, const struct azml_view *view,
                     char *const *cells, struct azml_error *err)
{
    size_t columns = column_count(view), widest = 0;
    for (size_t i = 0; i < columns; i++) {
        size_t width = azml_text_width(view->columns[i].heading);
        if (cells[i][0] && width > widest)
            widest = width;
    }
    auto_str struct azml_str text = {0};
    for (size_t i = 0; i < columns; i++) {
        if (!cells[i][0])
            continue;
        add_padded(&text, view->columns[i].heading, widest, false, false);
        azml_str_addf(&text, "%s\n", cells[i]);
    }
    return put_str(output, &text, err);
}

int azml_output_show(const struct azml_output *output, const struct azml_view *view,
                     const cJSON *document, struct azml_error *err)
{
    struct row row = {.document = document};
    if (output->format == AZML_FORMAT_JSON)
        return azml_output_json(output, document, err);
    if (output->format == AZML_FORMAT_ID)
        return put_ids(output, view, &row, 1, err);
    char **cells = make_cells(view, &row, 1, err);
    if (!cells)
        return -1;
    int result = output->format == AZML_FORMAT_TSV ? put_tabs(output, view, cells, 1, err)
                                                   : put_lines(output, view, cells, err);
    free_cells(cells, column_count(view));
    return result;
}

static int by_key(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    int order = strcmp(left->key, right->key);
    if (order != 0)
        return order;
    return left->position < right->position ? -1 : 1;
}

/* The documents as rows in the order in which they are shown; the caller's. */
static struct row *sorted_rows(const struct azml_view *view, const cJSON *documents, size_t count,
                               struct azml_error *err)
{
    struct row *rows = calloc(count + 1, sizeof(*rows));
    if (!rows) {
        azml_error_memory(err);
        return NULL;
    }
    const char *path = view->sort_path ? view->sort_path : "name";
    size_t at = 0;
    const cJSON *document;
    cJSON_ArrayForEach (document, documents) {
        const char *key = path[0] ? azml_json_text(document, path) : NULL;
        rows[at] = (struct row){.document = document, .key = key ? key : "", .position = at};
        at++;
    }
    qsort(rows, count, sizeof(*rows), by_key);
    return rows;
}

int azml_output_list(const struct azml_output *output, const struct azml_view *view,
                     const cJSON *documents, struct azml_error *err)
{
    size_t count = (size_t)cJSON_GetArraySize(documents);
    if (count == 0 && view->empty_note && output->notes)
        (void)fprintf(output->notes, "%s\n", view->empty_note);
    if (output->format == AZML_FORMAT_JSON)
        return azml_output_json(output, documents, err);

    auto_free struct row *rows = sorted_rows(view, documents, count, err);
    if (!rows)
        return -1;
    if (output->format == AZML_FORMAT_ID)
        return put_ids(output, view, rows, count, err);
    char **cells = make_cells(view, rows, count, err);
    if (!cells)
        return -1;
    int result = output->format == AZML_FORMAT_TSV ? put_tabs(output, view, cells, count, err)
                                                   : put_table(output, view, cells, count, err);
    free_cells(cells, count * column_count(view));
    return result;
}
