#include "unit/test.h"

#include "base/auto.h"
#include "base/timefmt.h"

#include <string.h>

static void iso_times_are_read_with_zones_and_fractions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int result;
        int64_t ms;
    } rows[] = {
        {"",                             -1, 0            },
        {"2025-11-20",                   -1, 0            },
        {"2025-13-20T10:00:00Z",         -1, 0            },
        {"2025-02-29T10:00:00Z",         -1, 0            },
        {"2025-11-20T24:00:00Z",         -1, 0            },
        {"2025-11-20T10:00:00 CET",      -1, 0            },
        {"2025-11-20T10:00:00Zx",        -1, 0            },
        {"1970-01-01T00:00:00Z",         0,  0            },
        {"2024-02-29T23:59:59Z",         0,  1709251199000},
        {"2025-11-20T10:00:00+00:00",    0,  1763632800000},
        {"2025-11-20T11:30:00+01:30",    0,  1763632800000},
        {"2025-11-20T10:00:00.1234567Z", 0,  1763632800123},
        {"2025-11-20T10:00:00",          0,  1763632800000},
        {"1969-12-31T23:59:59Z",         0,  -1000        },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        int64_t ms = 0;
        print_message("%s\n", rows[i].text);
        assert_int_equal(azml_time_parse_iso(rows[i].text, &ms), rows[i].result);
        assert_int_equal(ms, rows[i].ms);
    }
}

static void iso_times_are_written(void **state)
{
    (void)state;
    char text[AZML_TIME_TEXT];
    azml_time_format_iso(text, 1763632800123, false);
    assert_string_equal(text, "2025-11-20T10:00:00Z");
    azml_time_format_iso(text, 1763632800123, true);
    assert_string_equal(text, "2025-11-20T10:00:00.1230000Z");
    azml_time_format_iso(text, -1000, false);
    assert_string_equal(text, "1969-12-31T23:59:59Z");
}

static void http_dates_come_in_three_forms(void **state)
{
    (void)state;
    static const char *const rows[] = {"Sun, 06 Nov 1994 08:49:37 GMT",
                                       "Sunday, 06-Nov-94 08:49:37 GMT",
                                       "Sun Nov  6 08:49:37 1994"};
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        int64_t ms = 0;
        assert_int_equal(azml_time_parse_http(rows[i], &ms), 0);
        assert_int_equal(ms, 784111777000);
    }
    int64_t untouched = 7;
    assert_int_equal(azml_time_parse_http("120", &untouched), -1);
    assert_int_equal(azml_time_parse_http("Sun, 06 Nov 1994 08:49:37 CET", &untouched), -1);
    assert_int_equal(azml_time_parse_http("Sun, 31 Feb 1994 08:49:37 GMT", &untouched), -1);
    assert_int_equal(untouched, 7);
    char text[AZML_TIME_TEXT];
    azml_time_format_http(text, 784111777000);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
}

static void durations_are_read_as_people_and_as_iso_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int result;
        int64_t seconds;
    } rows[] = {
        {"",                      -1, 0     },
        {"30",                    -1, 0     },
        {"-30m",                  -1, 0     },
        {"m",                     -1, 0     },
        {"1m1h",                  -1, 0     },
        {"1m1m",                  -1, 0     },
        {"30 m",                  -1, 0     },
        {"P",                     -1, 0     },
        {"PT",                    -1, 0     },
        {"P1M",                   -1, 0     },
        {"PT1D",                  -1, 0     },
        {"1y",                    -1, 0     },
        {"99999999999999999999h", -1, 0     },
        {"30m",                   0,  1800  },
        {"1h30m",                 0,  5400  },
        {"2d",                    0,  172800},
        {"1w",                    0,  604800},
        {"90s",                   0,  90    },
        {"PT30M",                 0,  1800  },
        {"P3D",                   0,  259200},
        {"P1DT2H",                0,  93600 },
        {"pt15m",                 0,  900   },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        int64_t seconds = 0;
        auto_error struct azml_error err = {0};
        print_message("'%s'\n", rows[i].text);
        assert_int_equal(azml_duration_parse(rows[i].text, &seconds, &err), rows[i].result);
        assert_int_equal(seconds, rows[i].seconds);
        if (rows[i].result < 0)
            assert_string_equal(err.hint, "write it as 30m, 1h30m, 2d or PT30M");
    }
}

static void durations_and_ages_are_written_short(void **state)
{
    (void)state;
    char text[AZML_TIME_TEXT];
    azml_duration_format(text, 5400);
    assert_string_equal(text, "1h30m");
    azml_duration_format(text, 0);
    assert_string_equal(text, "0s");
    azml_duration_format_iso(text, 3600);
    assert_string_equal(text, "PT1H");
    azml_duration_format_iso(text, 259200);
    assert_string_equal(text, "P3D");
    azml_duration_format_iso(text, 0);
    assert_string_equal(text, "PT0S");
    azml_elapsed_format(text, 14);
    assert_string_equal(text, "0:14");
    azml_elapsed_format(text, 3723);
    assert_string_equal(text, "1:02:03");
    azml_age_format(text, 40);
    assert_string_equal(text, "40s");
    azml_age_format(text, 7300);
    assert_string_equal(text, "2h");
    azml_age_format(text, 9 * 86400);
    assert_string_equal(text, "9d");
    azml_age_format(text, -5);
    assert_string_equal(text, "0s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_times_are_read_with_zones_and_fractions),
        cmocka_unit_test(iso_times_are_written),
        cmocka_unit_test(http_dates_come_in_three_forms),
        cmocka_unit_test(durations_are_read_as_people_and_as_iso_write_them),
        cmocka_unit_test(durations_and_ages_are_written_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
