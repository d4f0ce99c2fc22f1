#include "unit/ssh/support.h"

#include "ssh/wire.h"

static void strings_that_are_longer_than_the_rest_fail_stickily(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0, 0, 0, 5, 'a', 'b', 'c', 'd'};
    struct azml_wire wire = {.at = bytes, .left = sizeof(bytes)};
    size_t length = 9;
    assert_null(azml_wire_string(&wire, &length));
    assert_int_equal(length, 0);
    assert_true(wire.failed);
    assert_int_equal(azml_wire_u32(&wire), 0);
    assert_false(azml_wire_is_text(&wire, ""));
}

static void a_number_cut_off_is_no_number(void **state)
{
    (void)state;
    struct azml_wire wire = {.at = (const uint8_t *)"\0\0\0", .left = 3};
    assert_int_equal(azml_wire_u32(&wire), 0);
    assert_true(wire.failed);
}

static void what_was_written_is_read_again(void **state)
{
    (void)state;
    auto_str struct azml_str out = {0};
    azml_wire_put_u32(&out, 0xfedcba98);
    azml_wire_put_text(&out, "ssh-rsa");
    azml_wire_put_string(&out, "a\0b", 3);
    struct azml_wire wire = {.at = (const uint8_t *)out.data, .left = out.length};
    assert_int_equal(azml_wire_u32(&wire), 0xfedcba98);
    assert_true(azml_wire_is_text(&wire, "ssh-rsa"));
    size_t length;
    const uint8_t *bytes = azml_wire_string(&wire, &length);
    assert_int_equal(length, 3);
    assert_memory_equal(bytes, "a\0b", 3);
    assert_int_equal(wire.left, 0);
    assert_false(wire.failed);
}

static void mpints_have_a_zero_in_front_of_a_set_top_bit(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t in_length;
        const char *out;
        size_t out_length;
        unsigned bits;
    } rows[] = {
        {"",             0, "\0\0\0\0",         4, 0 },
        {"\0\0",         2, "\0\0\0\0",         4, 0 },
        {"\x01\x00\x01", 3, "\0\0\0\3\1\0\1",   7, 17},
        {"\x80",         1, "\0\0\0\2\0\x80",   6, 8 },
        {"\0\0\x7f\xff", 4, "\0\0\0\2\x7f\xff", 6, 15},
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_str struct azml_str out = {0};
        azml_wire_put_mpint(&out, (const uint8_t *)rows[i].in, rows[i].in_length);
        if (out.length != rows[i].out_length ||
            memcmp(out.data, rows[i].out, rows[i].out_length) != 0)
            fail_msg("row %zu is written otherwise", i);
        struct azml_wire wire = {.at = (const uint8_t *)out.data, .left = out.length};
        if (azml_wire_mpint_bits(&wire) != rows[i].bits)
            fail_msg("row %zu has not %u bits", i, rows[i].bits);
    }
}

static void a_negative_mpint_has_no_size(void **state)
{
    (void)state;
    struct azml_wire wire = {.at = (const uint8_t *)"\0\0\0\1\x80", .left = 5};
    assert_int_equal(azml_wire_mpint_bits(&wire), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_that_are_longer_than_the_rest_fail_stickily),
        cmocka_unit_test(a_number_cut_off_is_no_number),
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(mpints_have_a_zero_in_front_of_a_set_top_bit),
        cmocka_unit_test(a_negative_mpint_has_no_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
