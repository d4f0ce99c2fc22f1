#include "unit/ssh/support.h"

#include "ssh/id_hash.h"

static void it_is_sha256_over_the_id_in_small_letters(void **state)
{
    (void)state;
    auto_free char *hash = azml_ssh_id_hash("/SUBSCRIPTIONS/X", NULL, NULL);
    auto_free char *path = in_folder("id");
    write_file(path, "/subscriptions/x");
    auto_free char *said = output_of((const char *const[]){"sha256sum", path, NULL});
    assert_int_equal(strlen(hash), 32);
    assert_memory_equal(hash, said, 32);
}

static void another_creation_time_is_another_machine(void **state)
{
    (void)state;
    auto_free char *none = azml_ssh_id_hash("/x", NULL, NULL);
    auto_free char *one = azml_ssh_id_hash("/x", "2025-11-20T10:00:00Z", NULL);
    auto_free char *two = azml_ssh_id_hash("/x", "2025-11-20T10:00:01Z", NULL);
    assert_string_not_equal(none, one);
    assert_string_not_equal(one, two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_sha256_over_the_id_in_small_letters),
        cmocka_unit_test(another_creation_time_is_another_machine),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
