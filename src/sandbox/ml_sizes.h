/* ml_sizes.h - the VM sizes of data/vm_sizes.tsv as the service offers them.
 *
 * Being in the list does not mean that a subscription has quota for a size (ml_quota.h). */
#ifndef AZML_SANDBOX_ML_SIZES_H
#define AZML_SANDBOX_ML_SIZES_H

#include "sandbox/ml.h"

#include <stdint.h>

struct sandbox_ml_size {
    char name[64];   /* "Standard_E4ds_v4" */
    char family[64]; /* "standardEDSv4Family" */
    char types[64];  /* "AmlCompute,ComputeInstance" */
    int64_t vcpus, gpus;
};

/* The size of that name, in any case. */
bool sandbox_ml_size_find(const char *name, struct sandbox_ml_size *out);

/* Can a compute of that type ("ComputeInstance", "AmlCompute") have it? */
bool sandbox_ml_size_serves(const struct sandbox_ml_size *size, const char *compute_type);

/* The first size of a family, spelled without blanks and in any case. */
bool sandbox_ml_size_of_family(const char *family, struct sandbox_ml_size *out);

/* Names of the sizes that a compute of that type can have, with ", " between; the caller's. */
char *sandbox_ml_size_names(const char *compute_type, struct azml_error *err);

/* GET …/locations/{l}/vmSizes: everything in one page. */
sandbox_handler_fn sandbox_ml_size_list;

#endif
