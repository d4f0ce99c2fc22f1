#include "unit/test.h"

#include "base/auto.h"
#include "base/data.h"

static void rows_and_cells_are_found_by_name(void **state)
{
    (void)state;
    struct azml_data_row row = {.table = azml_data_vm_sizes};
    char cell[64];
    assert_true(azml_data_find(&row, "name", "standard_e4ds_v4"));
    assert_true(azml_data_cell(&row, "family", cell, sizeof(cell)));
    assert_string_equal(cell, "standardEDSv4Family");
    assert_true(azml_data_cell(&row, "vCPUs", cell, sizeof(cell)));
    assert_string_equal(cell, "4");
    assert_false(azml_data_cell(&row, "colour", cell, sizeof(cell)));
    assert_false(azml_data_find(&row, "name", "Standard_A1_v2")); /* it stands before */
}

static void unknown_is_empty_and_long_cells_are_cut(void **state)
{
    (void)state;
    struct azml_data_row row = {.table = azml_data_vm_sizes};
    char cell[5];
    assert_true(azml_data_next(&row));
    assert_true(azml_data_cell(&row, "ml_doc_family", cell, sizeof(cell)));
    assert_string_equal(cell, "");
    assert_true(azml_data_cell(&row, "name", cell, sizeof(cell)));
    assert_string_equal(cell, "Stan");
}

static void every_table_can_be_walked_to_its_end(void **state)
{
    (void)state;
    const char *const tables[] = {
        azml_data_providers,       azml_data_quota_families,   azml_data_regions,
        azml_data_reserved_groups, azml_data_role_definitions, azml_data_timezones,
        azml_data_vm_sizes,
    };
    for (size_t i = 0; i < AZML_COUNT(tables); i++) {
        struct azml_data_row row = {.table = tables[i]};
        size_t rows = 0;
        while (azml_data_next(&row))
            rows++;
        assert_true(rows > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_cells_are_found_by_name),
        cmocka_unit_test(unknown_is_empty_and_long_cells_are_cut),
        cmocka_unit_test(every_table_can_be_walked_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
