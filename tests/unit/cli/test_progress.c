#include "unit/test.h"

#include "cli/progress.h"
#include "support/fake_clock.h"
#include "unit/cli/capture.h"

#include <string.h>

struct fixture {
    struct fake_clock clock;
    struct capture out;
    struct azml_progress *progress;
};

static void open_fixture(struct fixture *fixture, bool live, bool quiet)
{
    fake_clock_init(&fixture->clock);
    fixture->clock.now_ms = 1000;
    fixture->clock.wall_offset_ms = 1795442531000 - 1000; /* 2026-11-23T14:02:11Z */
    capture_open(&fixture->out);
    const struct azml_progress_setup setup = {
        .stream = fixture->out.stream,
        .clock = &fixture->clock.clock,
        .live = live,
        .quiet = quiet,
        .width = 70,
    };
    fixture->progress = azml_progress_new(&setup, NULL);
    assert_non_null(fixture->progress);
}

static void close_fixture(struct fixture *fixture)
{
    azml_progress_free(fixture->progress);
    capture_close(&fixture->out);
}

static void a_log_gets_one_dated_line_for_each_change(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, false, false);
    azml_progress_change(fixture.progress, "workspace course", "creating", "1 min", "hint");
    assert_string_equal(capture_take(&fixture.out),
                        "2026-11-23T14:02:11Z workspace course: creating\n");
    azml_progress_change(fixture.progress, "workspace course", "creating", NULL, NULL);
    fixture.clock.now_ms += 29999;
    azml_progress_tick(fixture.progress);
    assert_string_equal(capture_take(&fixture.out), "");
    fixture.clock.now_ms += 1;
    azml_progress_tick(fixture.progress);
    azml_progress_tick(fixture.progress);
    assert_string_equal(capture_take(&fixture.out),
                        "2026-11-23T14:02:41Z workspace course: still creating after 30s\n");
    fixture.clock.now_ms += 22000;
    azml_progress_done(fixture.progress, "workspace course", "ready", NULL);
    assert_string_equal(capture_take(&fixture.out),
                        "2026-11-23T14:03:03Z workspace course: ready after 52s\n");
    fixture.clock.now_ms += 60000;
    azml_progress_tick(fixture.progress);
    assert_string_equal(capture_take(&fixture.out), "");
    azml_progress_done(fixture.progress, "group lab", "created", "all well");
    assert_string_equal(capture_take(&fixture.out),
                        "2026-11-23T14:04:03Z group lab: created, all well\n");
    azml_progress_note(fixture.progress, "Next: azml %s", "help");
    assert_string_equal(capture_take(&fixture.out), "Next: azml help\n");
    close_fixture(&fixture);
}

static void a_terminal_shows_one_living_line_for_each_thing(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true, false);
    azml_progress_change(fixture.progress, "compute trainer", "creating", "3 to 5 min", NULL);
    assert_string_equal(capture_take(&fixture.out),
                        "compute trainer       creating | 0:00  usually 3 to 5 min\n");
    fixture.clock.now_ms += 99;
    azml_progress_tick(fixture.progress);
    assert_string_equal(capture_take(&fixture.out), "");
    fixture.clock.now_ms += 60901;
    azml_progress_tick(fixture.progress);
    assert_string_equal(
        capture_take(&fixture.out),
        "\x1b[1A\r\x1b[Jcompute trainer       creating / 1:01  usually 3 to 5 min\n");
    azml_progress_done(fixture.progress, "compute trainer", "running", "SSH answers");
    assert_string_equal(capture_take(&fixture.out),
                        "\x1b[1A\r\x1b[Jcompute trainer       running after 1:01, SSH answers\n");
    close_fixture(&fixture);
}

static void a_living_line_never_wraps(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true, false);
    azml_progress_change(fixture.progress, "compute trainer", "creating", "3 to 5 min",
                         "Ctrl-C stops waiting, not creating");
    const char *line = capture_take(&fixture.out);
    assert_int_equal(strlen(line), 70); /* 69 columns and the end of the line */
    assert_null(strchr(line, ')'));
    azml_progress_change(fixture.progress, "compute trainer",
                         "creating storage, key vault, logs, insights, workspace", NULL, NULL);
    line = capture_take(&fixture.out);
    assert_string_equal(strchr(line, 'c'),
                        "compute trainer       creating storage, key vault, logs, insig | 0:00\n");
    close_fixture(&fixture);
}

static void what_is_said_stands_above_the_living_lines(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true, false);
    azml_progress_change(fixture.progress, "a", "going", NULL, NULL);
    azml_progress_change(fixture.progress, "b", "going", NULL, NULL);
    (void)capture_take(&fixture.out);
    azml_progress_note(fixture.progress, "said");
    assert_string_equal(capture_take(&fixture.out), "\x1b[2A\r\x1b[Jsaid\n"
                                                    "a                     going | 0:00\n"
                                                    "b                     going | 0:00\n");
    azml_progress_hide(fixture.progress);
    azml_progress_hide(fixture.progress);
    assert_string_equal(capture_take(&fixture.out), "\x1b[2A\r\x1b[J");
    close_fixture(&fixture);
}

static void quiet_says_nothing(void **state)
{
    (void)state;
    for (int live = 0; live < 2; live++) {
        struct fixture fixture;
        open_fixture(&fixture, live != 0, true);
        azml_progress_change(fixture.progress, "a", "going", NULL, NULL);
        fixture.clock.now_ms += 60000;
        azml_progress_tick(fixture.progress);
        azml_progress_note(fixture.progress, "said");
        azml_progress_done(fixture.progress, "a", "gone", NULL);
        assert_string_equal(capture_take(&fixture.out), "");
        close_fixture(&fixture);
    }
}

static void no_progress_at_all_is_fine(void **state)
{
    (void)state;
    azml_progress_change(NULL, "a", "going", NULL, NULL);
    azml_progress_note(NULL, "said");
    azml_progress_done(NULL, "a", "gone", NULL);
    azml_progress_tick(NULL);
    azml_progress_hide(NULL);
    azml_progress_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_gets_one_dated_line_for_each_change),
        cmocka_unit_test(a_terminal_shows_one_living_line_for_each_thing),
        cmocka_unit_test(a_living_line_never_wraps),
        cmocka_unit_test(what_is_said_stands_above_the_living_lines),
        cmocka_unit_test(quiet_says_nothing),
        cmocka_unit_test(no_progress_at_all_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
