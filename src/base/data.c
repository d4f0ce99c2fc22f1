#include "base/data.h"

#include "base/str.h"

#include <string.h>

static bool enter_line(struct azml_data_row *row, const char *line)
{
    if (!*line)
        return false;
    row->line = line;
    row->length = strcspn(line, "\n");
    return true;
}

bool azml_data_next(struct azml_data_row *row)
{
    const char *line = row->line ? row->line + row->length : row->table;
    if (!row->line)
        line += strcspn(line, "\n");
    return enter_line(row, *line == '\n' ? line + 1 : line);
}

/* The cell at `index` of a line of `length` bytes; NULL past the last. */
static const char *cell_at(const char *line, size_t length, size_t index, size_t *cell_length)
{
    const char *end = line + length;
    for (const char *start = line;; start++) {
        const char *tab = memchr(start, '\t', (size_t)(end - start));
        if (index-- == 0) {
            *cell_length = (size_t)((tab ? tab : end) - start);
            return start;
        }
        if (!tab)
            return NULL;
        start = tab;
    }
}

static bool column_index(const char *table, const char *column, size_t *index_out)
{
    size_t header = strcspn(table, "\n"), wanted = strlen(column), length;
    const char *cell;
    for (size_t i = 0; (cell = cell_at(table, header, i, &length)); i++) {
        if (length != wanted || memcmp(cell, column, wanted) != 0)
            continue;
        *index_out = i;
        return true;
    }
    return false;
}

bool azml_data_cell(const struct azml_data_row *row, const char *column, char *out, size_t room)
{
    size_t index, length;
    if (!row->line || !column_index(row->table, column, &index))
        return false;
    const char *cell = cell_at(row->line, row->length, index, &length);
    if (!cell)
        return false;
    if (length == 1 && *cell == '-')
        length = 0;
    if (length >= room)
        length = room - 1;
    memcpy(out, cell, length);
    out[length] = '\0';
    return true;
}

bool azml_data_find(struct azml_data_row *row, const char *column, const char *value)
{
    size_t index, length, wanted = strlen(value);
    if (!column_index(row->table, column, &index))
        return false;
    while (azml_data_next(row)) {
        const char *cell = cell_at(row->line, row->length, index, &length);
        if (cell && length == wanted && azml_same_bytes(cell, value, wanted))
            return true;
    }
    return false;
}
