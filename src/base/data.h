/* data.h - the tables of data/ (tab-separated, one header line), carried inside the program.
 *
 * They explain what the service said; they never replace its answer. Made by cmake/embed.cmake. */
#ifndef AZML_BASE_DATA_H
#define AZML_BASE_DATA_H

#include <stdbool.h>
#include <stddef.h>

extern const char azml_data_providers[];
extern const char azml_data_quota_families[];
extern const char azml_data_regions[];
extern const char azml_data_reserved_groups[];
extern const char azml_data_role_definitions[];
extern const char azml_data_timezones[];
extern const char azml_data_vm_sizes[];

/* One line of a table while it is read; start with {.table = azml_data_…}. */
struct azml_data_row {
    const char *table;
    const char *line; /* NULL before the first */
    size_t length;    /* of the line, without its end */
};

/* Go to the next row (the header line is skipped). False at the end. */
bool azml_data_next(struct azml_data_row *row);

/* Copy the cell of the named column into `out`, cut to fit. False where there is no such column;
 * "-" (none or unknown in the tables) becomes "". */
bool azml_data_cell(const struct azml_data_row *row, const char *column, char *out, size_t room);

/* The first row whose cell in `column` equals `value` without regard to case. */
bool azml_data_find(struct azml_data_row *row, const char *column, const char *value);

#endif
