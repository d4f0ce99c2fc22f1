/* identity.h - what the tests of the credential sources share: an environment without any sign-in,
 * a cloud without an identity of its own, and files that come and go. */
#ifndef TEST_IDENTITY_H
#define TEST_IDENTITY_H

#include "azml/credential.h"
#include "support/fake_clock.h"
#include "support/serve.h"

struct identity_world {
    struct serve *serve;
    struct fake_clock clock;
    struct azml_http *http;
    struct azml_cloud cloud; /* both its addresses are the server's */
    char folder[64];         /* the only one on PATH */
    char notes[4096];
};

/* Every variable that could sign somebody in is unset; they are not restored. */
void identity_open(struct identity_world *world, const struct serve_row *rows);
void identity_close(struct identity_world *world);

/* A file in the folder; `mode` 0700 makes it a program. */
void identity_write(struct identity_world *world, const char *name, const char *text,
                    unsigned mode);

/* A credential by that name (NULL: the chain). */
struct azml_credential *identity_credential(struct identity_world *world, const char *name);

/* An unsigned JWT with these claims, the caller's. */
char *identity_token(const char *claims);

#endif
