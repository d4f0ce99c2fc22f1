/* machine.h - the machine behind a running compute instance: a real OpenSSH server in a bubble.
 *
 * A bubble (bubblewrap) has its own user, process list, host name, /tmp and /etc; of the machine it
 * runs on it sees the system's programs, read-only, and the network. Only the compute's public key
 * opens it, on a port of 127.0.0.1. This knows nothing of Azure: what a compute shows of its
 * machine is decided in ml_compute. It never waits; ask azml_machine_look how far it is. */
#ifndef AZML_SANDBOX_MACHINE_H
#define AZML_SANDBOX_MACHINE_H

#include "azml/error.h"

#include <stdint.h>

#define AZML_MACHINE_USER "azureuser" /* the only name on Azure's compute instances too */

struct azml_machine_options {
    const char *folder;     /* this machine's own; home, host keys and log are kept there */
    const char *host_name;  /* the compute's name */
    const char *public_key; /* one OpenSSH line; nothing else is authorised */
};

enum azml_machine_state {
    AZML_MACHINE_STARTING, /* making host keys, or sshd does not listen yet */
    AZML_MACHINE_READY,    /* sshd listens */
    AZML_MACHINE_ENDED,    /* it could not be run, or ended too often; see azml_machine_why */
};

struct azml_machine;

/* Where the programs come from: sshd is $AZML_SANDBOX_SSHD, /usr/sbin/sshd, or what
 * cmake/openssh.sh unpacked into the cache; bwrap and ssh-keygen are on PATH. Return 0, or -1 with
 * `err` saying what is missing and how to get it. */
int azml_machine_check(struct azml_error *err);

/* Begin: write the machine's files, make its host keys where it has none, start its bubble. The
 * bubble dies with this process, however that ends. The result is the caller's; NULL with `err` set
 * (what is missing, and how to get it). */
struct azml_machine *azml_machine_start(const struct azml_machine_options *options,
                                        struct azml_error *err);

/* How far it is now. Starts it again, on another port, where its port was taken by somebody or sshd
 * ended by itself, a few times at most. */
enum azml_machine_state azml_machine_look(struct azml_machine *machine);

/* The port on 127.0.0.1 where it listens or will. */
uint16_t azml_machine_port(const struct azml_machine *machine);

/* Why it ended: what bwrap or sshd said last. "" otherwise. Lent until the next look. */
const char *azml_machine_why(const struct azml_machine *machine);

/* End everything that runs in it; what it kept (home, host keys) stays in its folder. Frees
 * `machine`; NULL is fine. */
void azml_machine_stop(struct azml_machine *machine);

#endif
