/* ml_watch.h - who is told how far a long piece of work is.
 *
 * The services below call it; whether there is a terminal, and what it shows, is the caller's. */
#ifndef AZML_ML_WATCH_H
#define AZML_ML_WATCH_H

struct azml_watch {
    /* "compute trainer" is "creating" from now on; `usually` and `hint` may be NULL. */
    void (*change)(void *data, const char *thing, const char *state, const char *usually,
                   const char *hint);
    /* It has come to its end in that state; `further` may be NULL. */
    void (*done)(void *data, const char *thing, const char *state, const char *further);
    /* A whole sentence about the work. */
    void (*note)(void *data, const char *text);
    /* Time goes by. */
    void (*tick)(void *data);
    void *data;
};

/* Tell; a NULL watch, or one without that function, hears nothing. */
void azml_watch_change(const struct azml_watch *watch, const char *thing, const char *state,
                       const char *usually, const char *hint);
void azml_watch_done(const struct azml_watch *watch, const char *thing, const char *state,
                     const char *further);
void azml_watch_note(const struct azml_watch *watch, const char *text);
void azml_watch_tick(const struct azml_watch *watch);

#endif
