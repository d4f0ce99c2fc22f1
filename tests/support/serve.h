/* serve.h - a small HTTP/1.1 server of the tests' own, on a loopback port, with or without TLS,
 * that answers by a script and remembers what it saw.
 *
 * It can do what a well-behaved server cannot: cut a body, reset a connection in the middle of a
 * request, send headers without end. One thread for each connection. */
#ifndef TEST_SERVE_H
#define TEST_SERVE_H

#include <stdbool.h>
#include <stddef.h>

enum serve_trick {
    SERVE_NORMALLY,
    SERVE_CUT,             /* announce 100 bytes more than are sent, then close */
    SERVE_RESET,           /* read the headers only, then reset the connection */
    SERVE_ENDLESS_HEADERS, /* header lines until the client hangs up */
    SERVE_ENDLESS_BODY,    /* a chunked body until the client hangs up */
    SERVE_LONG_HEADER,     /* one line of 300 KiB */
    SERVE_SILENCE,         /* no answer until the client hangs up */
};

/* A request that begins with `match` ("PUT /subscriptions/1") is answered by the first row that
 * matches and has a turn left. "$BASE" in headers and body is the server's own address, "$OTHER"
 * that of `other`. No row: 404 with the resource manager's ResourceNotFound. */
struct serve_row {
    const char *match;
    int times; /* 0: as often as asked */
    int status;
    const char *headers; /* "Name: value\r\n…", or NULL */
    const char *body;    /* or NULL */
    enum serve_trick trick;
};

/* What came in, in order. */
struct serve_seen {
    char line[8192];          /* "PUT /path?query" */
    char authorization[4096]; /* "" where there was none */
    char *head;               /* all header lines */
    char *body;
};

struct serve;

/* Start; `other` may be NULL. Ends the test program where that fails. Rows end with {0} and are
 * lent; they may be changed between requests with serve_script. */
struct serve *serve_start(const struct serve_row *rows, bool with_tls, const struct serve *other);
void serve_script(struct serve *serve, const struct serve_row *rows);
void serve_stop(struct serve *serve); /* NULL is fine */

const char *serve_base(const struct serve *serve);    /* "https://127.0.0.1:1234" */
const char *serve_ca_file(const struct serve *serve); /* its CA in PEM; removed by serve_stop */

/* How many requests came that begin with `match` ("" for all), and the nth of them (from 0), or
 * NULL. */
size_t serve_count(struct serve *serve, const char *match);
const struct serve_seen *serve_seen(struct serve *serve, const char *match, size_t nth);
size_t serve_connections(struct serve *serve);

#endif
