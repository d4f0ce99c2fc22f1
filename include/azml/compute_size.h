/* compute_size.h - sizes of machines: what one is, what it costs, whether the quota has room for
 * it.
 *
 * Everything comes from the service's own lists (…/locations/{l}/vmSizes and …/usages, Machine
 * Learning 2025-12-01), never from a table of ours. Machine Learning's quota is a pool of its own,
 * apart from that of plain virtual machines. */
#ifndef AZML_COMPUTE_SIZE_H
#define AZML_COMPUTE_SIZE_H

#include "azml/compute.h"
#include "azml/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* How much of a quota is used: a limit below 0 is none at all; `known` false where the service's
 * list has no such row. */
struct azml_quota {
    bool known;
    int64_t used, limit;
};

/* A size as the service describes it; texts are lent by the list it was read from. */
struct azml_size {
    const char *name;
    const char *family; /* "standardEDSv4Family"; NULL where not said */
    int64_t vcpus, gpus;
    double memory_gib;
    bool for_instances, for_clusters;
    double price, low_priority_price; /* an hour of Linux; below 0: not known */
    const char *currency;             /* NULL where no price is known */
};

/* Find a size by name (in any case) in the reply of vmSizes. Return 0, or -1 with `err` set: an
 * unknown size is AZML_ERROR_USAGE and names the nearest one. */
int azml_size_find(const cJSON *sizes, const char *name, struct azml_size *out,
                   struct azml_error *err);

/* The rows of the usages list that concern a size: its family's and the total. */
struct azml_size_quota {
    struct azml_quota family, total, clusters;
};
void azml_size_quota_read(const cJSON *usages, const struct azml_size *size, bool low_priority,
                          struct azml_size_quota *out);

/* What is to be created, for the check below. */
struct azml_size_need {
    enum azml_compute_kind kind;
    bool low_priority;
    int64_t nodes;        /* that run at once at least; below 1 counts as 1 */
    const char *location; /* for the sentences */
};

/* Does it fit? Return 0 where it does or where the lists cannot tell, -1 with AZML_ERROR_QUOTA (or
 * AZML_ERROR_USAGE where the size is not for that kind of compute), the numbers in `why` and a size
 * that would fit in `hint`. */
int azml_size_fits(const cJSON *sizes, const cJSON *usages, const struct azml_size *size,
                   const struct azml_size_need *need, struct azml_error *err);

#endif
