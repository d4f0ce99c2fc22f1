/* capture.h - a stream whose text a test can read. */
#ifndef AZML_TEST_CAPTURE_H
#define AZML_TEST_CAPTURE_H

#include <stdio.h>
#include <stdlib.h>

struct capture {
    FILE *stream;
    char *text;
    size_t length;
};

static inline void capture_open(struct capture *capture)
{
    capture->text = NULL;
    capture->stream = open_memstream(&capture->text, &capture->length);
}

/* What came since the last call. */
static inline const char *capture_take(struct capture *capture)
{
    static char taken[16384];
    (void)fflush(capture->stream);
    (void)snprintf(taken, sizeof(taken), "%s", capture->text);
    rewind(capture->stream);
    for (size_t i = 0; i < capture->length; i++)
        capture->text[i] = '\0';
    return taken;
}

static inline void capture_close(struct capture *capture)
{
    (void)fclose(capture->stream);
    free(capture->text);
}

#endif
