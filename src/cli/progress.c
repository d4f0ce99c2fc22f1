#include "cli/progress.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/timefmt.h"
#include "cli/text.h"

#include <stdarg.h>
#include <string.h>

#define REPAINT_MS    100
#define REMIND_MS     30000
#define THING_WIDTH   20 /* columns of "compute trainer" on a terminal */
#define DEFAULT_WIDTH 80

struct item {
    char *thing, *state, *usually, *hint;
    int64_t started_ms; /* monotonic */
    int64_t said_ms;    /* when its last dated line was written */
    bool is_ended;
};

struct azml_progress {
    struct azml_progress_setup setup;
    struct item *items;
    size_t count;
    size_t painted; /* live lines on the terminal just now */
    int64_t painted_ms;
    unsigned frame;
};

struct azml_progress *azml_progress_new(const struct azml_progress_setup *setup,
                                        struct azml_error *err)
{
    struct azml_progress *progress = calloc(1, sizeof(*progress));
    if (!progress) {
        azml_error_memory(err);
        return NULL;
    }
    progress->setup = *setup;
    if (progress->setup.width <= 0)
        progress->setup.width = DEFAULT_WIDTH;
    return progress;
}

static int64_t now_ms(const struct azml_progress *progress)
{
    return azml_clock_monotonic_ms(progress->setup.clock);
}

static void put(struct azml_progress *progress, const char *text)
{
    (void)fputs(text, progress->setup.stream);
    (void)fflush(progress->setup.stream);
}

static void put_str(struct azml_progress *progress, const struct azml_str *text)
{
    put(progress, azml_str_text(text));
}

void azml_progress_hide(struct azml_progress *progress)
{
    if (!progress || progress->painted == 0)
        return;
    auto_str struct azml_str text = {0};
    azml_str_addf(&text, "\x1b[%zuA\r\x1b[J", progress->painted);
    put_str(progress, &text);
    progress->painted = 0;
}

/* "compute trainer       " */
static void add_thing(struct azml_str *out, const char *thing)
{
    size_t width = azml_text_width(thing);
    azml_str_addf(out, "%s%*s  ", thing, width < THING_WIDTH ? (int)(THING_WIDTH - width) : 0, "");
}

/* As much of `text` as fits into `columns`. */
static void add_fitting(struct azml_str *out, const char *text, size_t columns)
{
    azml_str_add_bytes(out, text, azml_text_fit(text, columns));
}

/* A line that wraps could not be taken away again. What must give way first is the advice, then the
 * words; never the time. */
static void add_live_line(struct azml_progress *progress, const struct item *item,
                          struct azml_str *out)
{
    static const char *const frames[] = {"|", "/", "-", "\\"};
    size_t width = (size_t)progress->setup.width - 1, start = out->length;
    char elapsed[AZML_TIME_TEXT];
    azml_elapsed_format(elapsed, (now_ms(progress) - item->started_ms) / 1000);
    size_t time_width = strlen(elapsed) + 3;

    auto_str struct azml_str words = {0}, advice = {0};
    add_thing(&words, item->thing);
    azml_str_add(&words, item->state);
    add_fitting(out, azml_str_text(&words), width > time_width ? width - time_width : 0);
    azml_str_addf(out, " %s %s", frames[progress->frame % AZML_COUNT(frames)], elapsed);

    if (item->usually)
        azml_str_addf(&advice, _("  usually %s"), item->usually);
    if (item->hint)
        azml_str_addf(&advice, "   (%s)", item->hint);
    size_t used = azml_text_width(azml_str_text(out) + (out->failed ? 0 : start));
    add_fitting(out, azml_str_text(&advice), width > used ? width - used : 0);
    azml_str_add_char(out, '\n');
}

static void paint(struct azml_progress *progress)
{
    if (!progress->setup.live)
        return;
    auto_str struct azml_str text = {0};
    if (progress->painted > 0)
        azml_str_addf(&text, "\x1b[%zuA\r\x1b[J", progress->painted);
    progress->painted = 0;
    for (size_t i = 0; i < progress->count; i++) {
        if (progress->items[i].is_ended)
            continue;
        add_live_line(progress, &progress->items[i], &text);
        progress->painted++;
    }
    if (text.length > 0)
        put_str(progress, &text);
    progress->painted_ms = now_ms(progress);
}

static void forget(struct item *item)
{
    free(item->thing);
    free(item->state);
    free(item->usually);
    free(item->hint);
    *item = (struct item){.is_ended = true};
}

void azml_progress_free(struct azml_progress *progress)
{
    if (!progress)
        return;
    azml_progress_hide(progress);
    for (size_t i = 0; i < progress->count; i++)
        forget(&progress->items[i]);
    free(progress->items);
    free(progress);
}

static struct item *find(struct azml_progress *progress, const char *thing)
{
    for (size_t i = 0; i < progress->count; i++) {
        struct item *item = &progress->items[i];
        if (!item->is_ended && strcmp(item->thing, thing) == 0)
            return item;
    }
    return NULL;
}

static struct item *add(struct azml_progress *progress, const char *thing)
{
    struct item *items = realloc(progress->items, (progress->count + 1) * sizeof(*progress->items));
    if (!items)
        return NULL;
    progress->items = items;
    items[progress->count] = (struct item){.thing = strdup(thing)};
    if (!items[progress->count].thing)
        return NULL;
    items[progress->count].started_ms = now_ms(progress);
    return &items[progress->count++];
}

/* "2026-11-23T14:02:11Z workspace course: creating" */
static void put_dated(struct azml_progress *progress, const char *thing, const char *what)
{
    char date[AZML_TIME_TEXT];
    azml_time_format_iso(date, azml_clock_wall_ms(progress->setup.clock), false);
    auto_str struct azml_str line = {0};
    azml_str_addf(&line, "%s %s: %s\n", date, thing, what);
    put_str(progress, &line);
}

static void replace(char **kept, const char *text)
{
    free(*kept);
    *kept = text ? strdup(text) : NULL;
}

void azml_progress_change(struct azml_progress *progress, const char *thing, const char *state,
                          const char *usually, const char *hint)
{
    if (!progress || progress->setup.quiet)
        return;
    struct item *item = find(progress, thing);
    if (item && item->state && strcmp(item->state, state) == 0)
        return;
    if (!item)
        item = add(progress, thing);
    if (!progress->setup.live)
        put_dated(progress, thing, state);
    if (!item)
        return;
    replace(&item->state, state);
    replace(&item->usually, usually);
    replace(&item->hint, hint);
    item->said_ms = now_ms(progress);
    if (!item->state)
        forget(item);
    paint(progress);
}

/* "running after 3:58, SSH answers", in the words of a terminal or of a log. */
static void add_end(const struct azml_progress *progress, const struct item *item,
                    const char *state, const char *further, struct azml_str *out)
{
    int64_t seconds = item ? (now_ms(progress) - item->started_ms) / 1000 : 0;
    azml_str_add(out, state);
    if (seconds > 0) {
        char text[AZML_TIME_TEXT];
        if (progress->setup.live)
            azml_elapsed_format(text, seconds);
        else
            azml_duration_format(text, seconds);
        azml_str_addf(out, _(" after %s"), text);
    }
    if (further)
        azml_str_addf(out, ", %s", further);
}

void azml_progress_done(struct azml_progress *progress, const char *thing, const char *state,
                        const char *further)
{
    if (!progress || progress->setup.quiet)
        return;
    struct item *item = find(progress, thing);
    auto_str struct azml_str end = {0};
    add_end(progress, item, state, further, &end);
    if (!progress->setup.live) {
        put_dated(progress, thing, azml_str_text(&end));
    } else {
        azml_progress_hide(progress);
        auto_str struct azml_str line = {0};
        add_thing(&line, thing);
        azml_str_addf(&line, "%s\n", azml_str_text(&end));
        put_str(progress, &line);
    }
    if (item)
        forget(item);
    paint(progress);
}

void azml_progress_note(struct azml_progress *progress, const char *format, ...)
{
    if (!progress || progress->setup.quiet)
        return;
    auto_str struct azml_str line = {0};
    va_list args;
    va_start(args, format);
    azml_str_addv(&line, format, args);
    va_end(args);
    azml_str_add_char(&line, '\n');
    azml_progress_hide(progress);
    put_str(progress, &line);
    paint(progress);
}

static void remind(struct azml_progress *progress, struct item *item)
{
    int64_t now = now_ms(progress);
    if (item->is_ended || now - item->said_ms < REMIND_MS)
        return;
    char gone[AZML_TIME_TEXT];
    azml_duration_format(gone, (now - item->started_ms) / 1000);
    auto_str struct azml_str text = {0};
    azml_str_addf(&text, _("still %s after %s"), item->state, gone);
    put_dated(progress, item->thing, azml_str_text(&text));
    item->said_ms = now;
}

void azml_progress_tick(struct azml_progress *progress)
{
    if (!progress || progress->setup.quiet)
        return;
    if (progress->setup.live) {
        if (now_ms(progress) - progress->painted_ms < REPAINT_MS)
            return;
        progress->frame++;
        paint(progress);
        return;
    }
    for (size_t i = 0; i < progress->count; i++)
        remind(progress, &progress->items[i]);
}
