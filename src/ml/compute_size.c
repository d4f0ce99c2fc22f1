#include "azml/compute_size.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The array of a list reply, or the array itself. */
static const cJSON *rows_of(const cJSON *list)
{
    return cJSON_IsArray(list) ? list : azml_json_at(list, "value");
}

/* The lists sometimes hold a wrong second price for the same kind: the lowest is the right one. */
static double lowest_price(const cJSON *size, const char *tier)
{
    double lowest = -1;
    const cJSON *price;
    cJSON_ArrayForEach (price, azml_json_at(size, "estimatedVMPrices.values")) {
        double value = azml_json_number_or(price, "retailPrice", -1);
        if (value >= 0 && azml_same_text(azml_json_text(price, "osType"), "Linux") &&
            azml_same_text(azml_json_text(price, "vmTier"), tier) && (lowest < 0 || value < lowest))
            lowest = value;
    }
    return lowest;
}

static bool supports(const cJSON *size, const char *kind)
{
    const cJSON *kinds = azml_json_at(size, "supportedComputeTypes");
    if (!kinds)
        return true; /* not said: the service will tell */
    const cJSON *item;
    cJSON_ArrayForEach (item, kinds) {
        if (azml_same_text(cJSON_GetStringValue(item), kind))
            return true;
    }
    return false;
}

/* A number of cores and the like; what is beyond all reason is not said at all, so that sums and
 * products of such numbers stay numbers. */
static int64_t count_of(const cJSON *row, const char *path, int64_t otherwise)
{
    int64_t number = azml_json_int_or(row, path, otherwise);
    return number < 0 || number > INT64_C(1000000000) ? otherwise : number;
}

static void read_size(const cJSON *row, struct azml_size *out)
{
    *out = (struct azml_size){
        .name = azml_json_text(row, "name"),
        .family = azml_json_text(row, "family"),
        .vcpus = count_of(row, "vCPUs", 0),
        .gpus = count_of(row, "gpus", 0),
        .memory_gib = azml_json_number_or(row, "memoryGB", 0),
        .for_instances = supports(row, "ComputeInstance"),
        .for_clusters = supports(row, "AmlCompute"),
        .price = lowest_price(row, "Standard"),
        .low_priority_price = lowest_price(row, "LowPriority"),
        .currency = azml_json_text(row, "estimatedVMPrices.billingCurrency"),
    };
}

/* Letters that must change to make one text of the other (Levenshtein), without regard to case. */
static size_t distance(const char *a, const char *b)
{
    enum { ROOM = 64 };
    size_t row[ROOM + 1];
    size_t columns = strlen(b) < ROOM ? strlen(b) : ROOM;
    for (size_t j = 0; j <= columns; j++)
        row[j] = j;
    for (size_t i = 1; *a; a++, i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t cost = azml_same_bytes(a, &b[j - 1], 1) ? 0 : 1;
            size_t best = corner + cost;
            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[columns];
}

static const char *nearest(const cJSON *sizes, const char *name)
{
    const char *best = NULL;
    size_t least = SIZE_MAX;
    const cJSON *row;
    cJSON_ArrayForEach (row, rows_of(sizes)) {
        const char *candidate = azml_json_text(row, "name");
        if (!candidate)
            continue;
        size_t d = distance(name, candidate);
        if (d < least) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

int azml_size_find(const cJSON *sizes, const char *name, struct azml_size *out,
                   struct azml_error *err)
{
    const cJSON *row;
    cJSON_ArrayForEach (row, rows_of(sizes)) {
        if (azml_same_text(azml_json_text(row, "name"), name)) {
            read_size(row, out);
            return 0;
        }
    }
    azml_error_set(err, AZML_ERROR_USAGE, _("unknown size '%s'"), name);
    azml_error_why(err, _("the service does not offer it in this region"));
    const char *guess = nearest(sizes, name);
    if (guess)
        azml_error_hint(err, _("--size %s   (did you mean this?)"), guess);
    return -1;
}

/* Begins `text` with `prefix`, blanks and case left aside? Families are spelled irregularly. */
static bool spells(const char *text, const char *prefix, bool whole)
{
    while (*prefix) {
        if (*text == ' ' || *text == '_') {
            text++;
            continue;
        }
        if (*prefix == ' ' || *prefix == '_') {
            prefix++;
            continue;
        }
        if (!azml_same_bytes(text, prefix, 1))
            return false;
        text++;
        prefix++;
    }
    return !whole || *text == '\0';
}

static bool is_row_of(const cJSON *row, const char *name)
{
    const char *id = azml_json_text(row, "id");
    const char *slash = id ? strrchr(id, '/') : NULL;
    const char *value = azml_json_text(row, "name.value");
    const char *label = azml_json_text(row, "name.localizedValue");
    return (slash && spells(slash + 1, name, true)) || (value && spells(value, name, true)) ||
           (value && spells(value, name, false) && azml_find_nocase(value, "cluster")) ||
           (label && spells(label, name, false) && azml_find_nocase(label, "family"));
}

/* `label` is what some lists have in place of the name; may be NULL. */
static struct azml_quota find_quota(const cJSON *usages, const char *name, const char *label,
                                    bool low_priority)
{
    struct azml_quota quota = {0};
    const cJSON *row;
    cJSON_ArrayForEach (row, rows_of(usages)) {
        const char *type = azml_json_text(row, "type");
        bool is_low = type && azml_find_nocase(type, "lowPriority");
        const char *value = azml_json_text(row, "name.value");
        bool labelled = label && value && azml_same_text(value, label);
        if (!labelled && (is_low != low_priority || !is_row_of(row, name)))
            continue;
        quota.known = true;
        quota.used = count_of(row, "currentValue", 0);
        quota.limit = count_of(row, "limit", -1);
        return quota;
    }
    return quota;
}

void azml_size_quota_read(const cJSON *usages, const struct azml_size *size, bool low_priority,
                          struct azml_size_quota *out)
{
    *out = (struct azml_size_quota){0};
    /* low-priority cores have one common pool; family rows of theirs carry no limit */
    if (size->family && !low_priority)
        out->family = find_quota(usages, size->family, NULL, false);
    if (low_priority)
        out->total = find_quota(usages, "TotalLowPriorityCores",
                                "Total Cluster LowPriority Regional vCPUs", true);
    else
        out->total = find_quota(usages, "TotalDedicatedCores",
                                "Total Cluster Dedicated Regional vCPUs", false);
    out->clusters = find_quota(usages, "TotalClusters", "Total Clusters", false);
}

static bool has_room(const struct azml_quota *quota, int64_t need)
{
    return !quota->known || quota->limit < 0 || quota->limit - quota->used >= need;
}

static int64_t cores_of(const struct azml_size *size, const struct azml_size_need *need)
{
    return size->vcpus * (need->nodes < 1 ? 1 : need->nodes);
}

static bool suits(const struct azml_size *size, const struct azml_size_need *need)
{
    return need->kind == AZML_COMPUTE_CLUSTER ? size->for_clusters : size->for_instances;
}

/* Is it sure to fit? For a suggestion a quota that is not known is not enough. */
static bool fits(const cJSON *usages, const struct azml_size *size,
                 const struct azml_size_need *need)
{
    struct azml_size_quota quota;
    azml_size_quota_read(usages, size, need->low_priority, &quota);
    int64_t cores = cores_of(size, need);
    bool known = quota.family.known || need->low_priority;
    return suits(size, need) && known && has_room(&quota.family, cores) &&
           has_room(&quota.total, cores);
}

/* How unlike two sizes are, by memory first: programs need it more than cores. */
static double unlikeness(const struct azml_size *a, const struct azml_size *b)
{
    return fabs(a->memory_gib - b->memory_gib) + (double)llabs(a->vcpus - b->vcpus);
}

/* The hint: the size most like the wanted one that has room. */
static void hint_fitting(const cJSON *sizes, const cJSON *usages, const struct azml_size *wanted,
                         const struct azml_size_need *need, struct azml_error *err)
{
    struct azml_size best = {0};
    const cJSON *row;
    cJSON_ArrayForEach (row, rows_of(sizes)) {
        struct azml_size size;
        read_size(row, &size);
        if (size.name && fits(usages, &size, need) &&
            (!best.name || unlikeness(&size, wanted) < unlikeness(&best, wanted)))
            best = size;
    }
    if (best.name)
        azml_error_hint(err, _("--size %s   (%" PRId64 " vCPU, %g GiB, which fits)"), best.name,
                        best.vcpus, best.memory_gib);
    else
        azml_error_hint(err, _("-l REGION   (a workspace in another region has a quota of its "
                               "own)"));
}

static int refuse(const struct azml_size *size, const struct azml_size_need *need,
                  const struct azml_quota *quota, const char *family, struct azml_error *err)
{
    azml_error_set(err, AZML_ERROR_QUOTA, _("no quota for %s in %s"), size->name, need->location);
    int64_t cores = cores_of(size, need);
    if (family)
        return azml_error_why(err,
                              _("it needs %" PRId64 " vCPU of the family %s; the limit is %" PRId64
                                " and %" PRId64 " are in use"),
                              cores, family, quota->limit, quota->used);
    return azml_error_why(err,
                          _("it needs %" PRId64 " vCPU; the limit of the region is %" PRId64
                            " and %" PRId64 " are in use"),
                          cores, quota->limit, quota->used);
}

int azml_size_fits(const cJSON *sizes, const cJSON *usages, const struct azml_size *size,
                   const struct azml_size_need *need, struct azml_error *err)
{
    int64_t cores = cores_of(size, need);
    struct azml_size_quota quota;
    azml_size_quota_read(usages, size, need->low_priority, &quota);

    if (!suits(size, need)) {
        azml_error_set(err, AZML_ERROR_USAGE, _("size %s is not offered for this kind of compute"),
                       size->name);
        hint_fitting(sizes, usages, size, need, err);
        return -1;
    }
    if (!has_room(&quota.family, cores)) {
        refuse(size, need, &quota.family, size->family, err);
        hint_fitting(sizes, usages, size, need, err);
        return -1;
    }
    if (!has_room(&quota.total, cores)) {
        refuse(size, need, &quota.total, NULL, err);
        hint_fitting(sizes, usages, size, need, err);
        return -1;
    }
    if (!has_room(&quota.clusters, 1)) {
        azml_error_set(err, AZML_ERROR_QUOTA, _("no room for another compute in %s"),
                       need->location);
        return azml_error_why(err, _("the limit is %" PRId64 " computes and %" PRId64 " exist"),
                              quota.clusters.limit, quota.clusters.used);
    }
    return 0;
}
