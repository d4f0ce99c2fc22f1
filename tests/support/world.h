/* world.h - a whole cloud of the tests' own: a scripted server that is resource manager and sign-in
 * in one, a clock that stands still, and the client's layers on top of them. */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include "azml/arm.h"
#include "support/fake_clock.h"
#include "support/serve.h"

struct world {
    struct serve *serve;
    struct serve *other; /* a second server, that nobody should send a token to */
    struct fake_clock clock;
    struct azml_http *http;
    struct azml_cloud cloud;
    struct azml_credential *credential;
    struct azml_arm *arm;
    struct serve_row rows[64];
    char notes[8192]; /* what was said on the way */
};

/* Rows end with {0}; a row for the token endpoint is put before them (token "token-1"). */
void world_open(struct world *world, const struct serve_row *rows);
void world_close(struct world *world);

/* A new script on the same server. */
void world_script(struct world *world, const struct serve_row *rows);

/* Another arm handle in place of the first, with a named subscription or another endpoint. */
void world_arm(struct world *world, const struct azml_arm_options *options);

#define WORLD_TENANT       "11111111-1111-1111-1111-111111111111"
#define WORLD_SUBSCRIPTION "99999999-9999-9999-9999-999999999999"
#define WORLD_TOKEN_LINE   "POST /" WORLD_TENANT "/oauth2/v2.0/token"

#endif
