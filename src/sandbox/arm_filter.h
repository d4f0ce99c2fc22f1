/* arm_filter.h - the $filter of ARM's lists: comparisons of a few properties, and of tags.
 *
 * Pure. Reference section 1.7: eq, ne, and, or, substringof('x',name), startswith(tagName,'x'); a
 * tag filter stands alone. */
#ifndef AZML_SANDBOX_ARM_FILTER_H
#define AZML_SANDBOX_ARM_FILTER_H

#include "sandbox/store.h"

/* Which properties a list may be filtered by. */
enum arm_filter_of {
    ARM_FILTER_RESOURCES,   /* resourceType, name, location, resourceGroup, identity…, tags */
    ARM_FILTER_GROUPS,      /* tags only */
    ARM_FILTER_DEPLOYMENTS, /* provisioningState only */
};

/* Does the resource pass the filter? Return 0 with `*out` set, or -1 with `err` set (USAGE) where
 * the filter cannot be read. NULL passes everything; a NULL resource only checks the filter. */
int arm_filter_passes(const char *filter, enum arm_filter_of of,
                      const struct sandbox_resource *resource, bool *out, struct azml_error *err);

#endif
