/* compute.h - compute instances and clusters: reading what the service says about them.
 *
 * The documents are those of Microsoft.MachineLearningServices/workspaces/computes, 2025-12-01.
 * The service's own operation result is not proof: its state, errors and provisioningErrors are. */
#ifndef AZML_COMPUTE_H
#define AZML_COMPUTE_H

#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define AZML_COMPUTE_DEFAULT_SIZE   "Standard_E4ds_v4"
#define AZML_COMPUTE_DEFAULT_IDLE_S 3600

enum azml_compute_kind {
    AZML_COMPUTE_INSTANCE,
    AZML_COMPUTE_CLUSTER, /* AmlCompute */
    AZML_COMPUTE_OTHER,   /* attached kinds: AKS, Databricks, a virtual machine… */
};

/* What a person can do with it just now. */
enum azml_compute_phase {
    AZML_COMPUTE_READY, /* an instance that runs, a cluster that takes jobs */
    AZML_COMPUTE_BUSY,  /* on its way: creating, starting, stopping, deleting… */
    AZML_COMPUTE_STOPPED,
    AZML_COMPUTE_BROKEN,  /* its creation failed, or it became unusable */
    AZML_COMPUTE_UNKNOWN, /* the service says something that we do not know */
};

/* A compute as the service described it. Every text is lent by the document it was read from; NULL
 * where the service said nothing. */
struct azml_compute {
    const char *id, *name;
    const char *type; /* computeType as it came */
    enum azml_compute_kind kind;
    bool attached; /* somebody's own resource: detach it, never delete it */
    const char *location;
    const char *size;         /* as it came: upper case */
    const char *provisioning; /* provisioningState */
    const char *state;        /* of an instance */
    const char *allocation;   /* of a cluster: Steady, Resizing */
    bool ssh_enabled;         /* the public SSH port is open */
    const char *ssh_key; /* the line that may sign in; NULL where the service shows none */
    const char *ssh_user;
    uint16_t ssh_port;     /* 0 where the service names none */
    const char *public_ip; /* changes with every start */
    const char *private_ip;
    const char *created_on; /* part of its identity: made anew it is another machine */
    int64_t created_ms;     /* 0 where not known */
    int64_t idle_s;         /* idle shutdown; 0: off */
    int64_t min_nodes, max_nodes, nodes;
    const char *last_operation, *last_status, *last_trigger;
    const char *error_code, *error_message; /* the deepest of errors and provisioningErrors */
    const char *warning;                    /* the first text of provisioningWarnings */
};

/* Read a compute document. Return 0, or -1 with `err` set where it is none (no properties). */
int azml_compute_read(const cJSON *document, struct azml_compute *out, struct azml_error *err);

/* Where it stands, by provisioningState, state and errors together. */
enum azml_compute_phase azml_compute_phase(const struct azml_compute *compute);

/* The one word for people: the instance's state, the cluster's allocation, else provisioning;
 * lent; "?" where the service named none. */
const char *azml_compute_word(const struct azml_compute *compute);

/* The address to connect to: the public one, else the private one, else NULL; and the port to use
 * there: what the service names at the public address (50000 where it names none), 22 at the
 * private one. */
const char *azml_compute_address(const struct azml_compute *compute, uint16_t *port_out);

/* Can SSH be expected to answer now? It runs, SSH was switched on, and an address is known. */
bool azml_compute_is_ssh_ready(const struct azml_compute *compute);

/* Hint at `azml compute VERB` for this compute, with its workspace and group where its id names
 * them, so that it can be pasted. Always returns -1. */
int azml_compute_hint(const struct azml_compute *compute, const char *verb, struct azml_error *err);

/* Fill `err` with what is wrong with a broken compute: its state, the service's own error, and
 * what to do. Always returns -1. */
int azml_compute_fail(const struct azml_compute *compute, struct azml_error *err);

/* Read "30m", "PT1H" or "off" as seconds (0: off); the service takes 15 minutes to 3 days in whole
 * minutes. Return 0, or -1 with `err` set. */
int azml_compute_idle_parse(const char *text, int64_t *seconds_out, struct azml_error *err);

/* What to create; texts are lent. */
struct azml_compute_spec {
    enum azml_compute_kind kind; /* INSTANCE or CLUSTER */
    bool low_priority;
    const char *name;
    const char *location; /* of the workspace; the service takes no other for instances */
    const char *size;
    const char *ssh_key;                       /* one line; NULL: no SSH */
    int64_t idle_s;                            /* instances: idle shutdown; 0: off */
    int64_t min_nodes, max_nodes, node_idle_s; /* clusters */
    const cJSON *tags;                         /* NULL: none */
};

/* Check what can be checked before any request: name, node counts, idle times. 0 or -1 with err. */
int azml_compute_spec_check(const struct azml_compute_spec *spec, struct azml_error *err);

/* The body of the PUT that creates it; the caller's. NULL with `err` set when memory runs out. */
cJSON *azml_compute_body(const struct azml_compute_spec *spec, struct azml_error *err);

/* What keeps an existing compute from being what `spec` asks for, as one sentence in `err`
 * (AZML_ERROR_CONFLICT): another kind, size or SSH key (comments of keys aside). 0 where it
 * fits. */
int azml_compute_matches(const struct azml_compute *compute, const struct azml_compute_spec *spec,
                         struct azml_error *err);

#endif
