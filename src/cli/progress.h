/* progress.h - what is being done and for how long, on stderr.
 *
 * On a terminal one live line per thing, with the time gone by; elsewhere one dated line per change
 * and one every 30 seconds, no cursor movement. Nothing here waits: whoever waits calls
 * azml_progress_tick now and then. It never prints results or errors. */
#ifndef AZML_CLI_PROGRESS_H
#define AZML_CLI_PROGRESS_H

#include "azml/clock.h"
#include "azml/error.h"

#include <stdbool.h>
#include <stdio.h>

struct azml_progress;

struct azml_progress_setup {
    FILE *stream;                   /* stderr; a test brings its own */
    const struct azml_clock *clock; /* lent until it is freed */
    bool live;                      /* a terminal that understands cursor movement */
    bool quiet;                     /* say nothing at all */
    int width;                      /* columns of the terminal; 0: 80 */
};

/* NULL with `err` set when memory runs out. Every other function takes NULL and then does nothing,
 * and none of them can fail: what cannot be remembered is printed at once. */
struct azml_progress *azml_progress_new(const struct azml_progress_setup *setup,
                                        struct azml_error *err);

/* Ends the live lines as they stand. NULL is fine. */
void azml_progress_free(struct azml_progress *progress);

/* "compute trainer" is "creating" from now on. The clock of a thing starts with its first change;
 * `usually` ("3 to 5 min") and `hint` ("Ctrl-C stops waiting, not creating") may be NULL. Saying
 * the same state again prints nothing. */
void azml_progress_change(struct azml_progress *progress, const char *thing, const char *state,
                          const char *usually, const char *hint);

/* The thing has come to its end: "compute trainer  running after 3:58, SSH answers". `further` may
 * be NULL; the time is left out where no change came before or it took less than a second. */
void azml_progress_done(struct azml_progress *progress, const char *thing, const char *state,
                        const char *further);

/* A line about the work as a whole ("Next: azml compute list", a warning), above the live ones.
 * `format` is a whole sentence. Not dated. */
void azml_progress_note(struct azml_progress *progress, const char *format, ...) AZML_PRINTF(2, 3);

/* Let time pass: renew the live lines (at most ten times a second), or say "still creating after
 * 30s" where it is due. */
void azml_progress_tick(struct azml_progress *progress);

/* Take the live lines off the terminal (before an error, a question, a child that writes), and
 * show them again at the next tick. */
void azml_progress_hide(struct azml_progress *progress);

#endif
