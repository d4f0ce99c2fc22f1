/* machine_bubble.h - the command line that makes a bubble, and the files it shows as its own.
 *
 * Only words and files: machine.c starts it. */
#ifndef AZML_SANDBOX_MACHINE_BUBBLE_H
#define AZML_SANDBOX_MACHINE_BUBBLE_H

#include "azml/error.h"
#include "sandbox/machine.h"

#include <stddef.h>

struct azml_machine_programs {
    char *bwrap;
    char *sshd;
    char *libraries; /* folder with shared libraries that only sshd needs, or NULL */
};

/* Find them; 0, or -1 with `err` saying what is missing. */
int azml_machine_programs_find(struct azml_machine_programs *programs_out, struct azml_error *err);
void azml_machine_programs_cleanup(struct azml_machine_programs *programs);

/* The words of a command line; owned, NULL-terminated. */
struct azml_machine_words {
    char **items;
    size_t count, room;
    int failed;
};
void azml_machine_words_cleanup(struct azml_machine_words *words);

/* Write what the bubble shows as /etc (user, groups, hosts, sshd_config for `port`, the key) into
 * the machine's folder, and make its home and key folders. 0, or -1 with `err` set. */
int azml_machine_bubble_files(const struct azml_machine_options *options, uint16_t port,
                              struct azml_error *err);

/* The whole command: a shell that makes missing host keys and becomes bwrap, which becomes sshd. */
int azml_machine_bubble_words(const struct azml_machine_options *options,
                              const struct azml_machine_programs *programs,
                              struct azml_machine_words *words_out, struct azml_error *err);

#endif
