#include "sandbox/ml_quota.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/number.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FALLBACK_OFFER "AzureForStudents_2018-01-01"
#define DEDICATED_TAIL " Cluster Dedicated vCPUs"
#define LOW_TAIL       " Cluster LowPriority vCPUs"

/* What a row of usages is about. */
enum scope { CLUSTERS, DEDICATED_CORES, LOW_PRIORITY_CORES, FAMILY, LOW_PRIORITY_FAMILY };

struct row {
    enum scope scope;
    char label[96]; /* as people read it */
    char name[96];  /* id's last segment */
    int64_t limit, used;
};

static void offer_of(struct sandbox *sandbox, const char *subscription_id, char *out, size_t room)
{
    auto_free char *id = azml_format(NULL, "/subscriptions/%s", subscription_id);
    auto_resource struct sandbox_resource *subscription = NULL;
    const char *offer = NULL;
    if (id && sandbox_store_get(sandbox->store, id, &subscription, NULL) == 0 && subscription)
        offer = azml_json_text(subscription->body, "subscriptionPolicies.quotaId");
    (void)snprintf(out, room, "%s", offer ? offer : FALLBACK_OFFER);
}

/* "Standard EDSv4 Family Cluster Dedicated vCPUs" names family standardedsv4family. */
static bool family_of_label(const char *label, const char *tail, struct sandbox_ml_size *out,
                            char *bare, size_t room)
{
    size_t length = strlen(label), tail_length = strlen(tail);
    if (length < tail_length || strcmp(label + length - tail_length, tail) != 0)
        return false;
    char family[96];
    (void)snprintf(family, sizeof(family), "%.*s", (int)(length - tail_length), label);
    sandbox_ml_location(family, bare, room);
    *out = (struct sandbox_ml_size){0};
    if (!sandbox_ml_size_of_family(bare, out))
        (void)snprintf(out->family, sizeof(out->family), "%.63s", bare);
    return true;
}

/* Read one line of the table; false where it is about something else. */
static bool read_row(const struct azml_data_row *line, const char *offer, struct row *out)
{
    char cell[96], limit[32], bare[96];
    if (!azml_data_cell(line, "quota_id", cell, sizeof(cell)) || !azml_same_text(cell, offer) ||
        !azml_data_cell(line, "provider", cell, sizeof(cell)) || strcmp(cell, ML_NAMESPACE) != 0)
        return false;
    *out = (struct row){0};
    azml_data_cell(line, "quota_name", out->label, sizeof(out->label));
    azml_data_cell(line, "limit", limit, sizeof(limit));
    if (azml_number_parse_i64(limit, 0, INT64_MAX, &out->limit, NULL) < 0)
        out->limit = -1;
    struct sandbox_ml_size size = {0};
    const char *name = NULL;
    if (strcmp(out->label, "Total Clusters") == 0) {
        name = "TotalClusters";
    } else if (azml_has_prefix(out->label, "Total Cluster Dedicated")) {
        out->scope = DEDICATED_CORES;
        name = "TotalDedicatedCores";
    } else if (azml_has_prefix(out->label, "Total Cluster LowPriority")) {
        out->scope = LOW_PRIORITY_CORES;
        name = "TotalLowPriorityCores";
    } else if (family_of_label(out->label, DEDICATED_TAIL, &size, bare, sizeof(bare))) {
        out->scope = FAMILY;
    } else if (family_of_label(out->label, LOW_TAIL, &size, bare, sizeof(bare))) {
        out->scope = LOW_PRIORITY_FAMILY;
    } else {
        return false;
    }
    (void)snprintf(out->name, sizeof(out->name), "%s", name ? name : size.family);
    /* A new student subscription has no GPU at all; the table's rows of retired GPU families are
     * what somebody saw on an old one. */
    if (!name && size.gpus > 0 && azml_has_prefix(offer, "AzureForStudents"))
        out->limit = 0;
    return true;
}

/* Cores that a stored compute counts, and its size. */
static int64_t cores_of(const struct sandbox_resource *compute, struct sandbox_ml_size *size_out)
{
    const char *name = azml_json_text(compute->body, "properties.properties.vmSize");
    if (!name || !sandbox_ml_size_find(name, size_out))
        return 0;
    if (azml_same_text(azml_json_text(compute->body, "properties.computeType"), "ComputeInstance"))
        return size_out->vcpus;
    int64_t now = azml_json_int_or(compute->body, "properties.properties.currentNodeCount", 0);
    int64_t soon = azml_json_int_or(compute->body, "properties.properties.targetNodeCount", 0);
    return size_out->vcpus * (now > soon ? now : soon);
}

static bool same_family(const char *a, const char *b)
{
    char bare_a[96], bare_b[96];
    sandbox_ml_location(a, bare_a, sizeof(bare_a));
    sandbox_ml_location(b, bare_b, sizeof(bare_b));
    return strcmp(bare_a, bare_b) == 0;
}

static void count_compute(struct row *row, const struct sandbox_resource *compute)
{
    struct sandbox_ml_size size;
    int64_t cores = cores_of(compute, &size);
    bool is_low = azml_same_text(azml_json_text(compute->body, "properties.properties.vmPriority"),
                                 "LowPriority");
    switch (row->scope) {
    case CLUSTERS:
        row->used++;
        return;
    case DEDICATED_CORES:
        row->used += is_low ? 0 : cores;
        return;
    case LOW_PRIORITY_CORES:
        row->used += is_low ? cores : 0;
        return;
    case FAMILY:
        row->used += !is_low && cores && same_family(size.family, row->name) ? cores : 0;
        return;
    case LOW_PRIORITY_FAMILY:
        row->used += is_low && cores && same_family(size.family, row->name) ? cores : 0;
        return;
    }
}

static int list_computes(struct sandbox *sandbox, const char *subscription_id, const char *location,
                         struct sandbox_resources *out, struct azml_error *err)
{
    const struct sandbox_query query = {
        .type = ML_COMPUTE,
        .subscription_id = subscription_id,
        .location = location,
        .with_hidden = true,
    };
    return sandbox_store_list(sandbox->store, &query, out, err);
}

/* The row about that scope (and family), counted. Where the offer has none, the limit is 0: the
 * service refuses what it has no quota row for. */
static struct row find_row(struct sandbox *sandbox, const struct sandbox_ml_ask *ask,
                           enum scope scope, const struct sandbox_resources *computes)
{
    char offer[64];
    offer_of(sandbox, ask->subscription_id, offer, sizeof(offer));
    struct row found = {.scope = scope};
    struct azml_data_row line = {.table = azml_data_quota_families};
    while (azml_data_next(&line)) {
        struct row row;
        if (!read_row(&line, offer, &row) || row.scope != scope ||
            (scope == FAMILY && !same_family(row.name, ask->size->family)))
            continue;
        found = row;
        break;
    }
    (void)snprintf(found.name, sizeof(found.name), "%s", ask->size->family);
    for (size_t i = 0; i < computes->count; i++) {
        if (!ask->except_id || !azml_same_text(computes->items[i]->id, ask->except_id))
            count_compute(&found, computes->items[i]);
    }
    return found;
}

/* "standardEDSv4Family" as the error sentence has it: "Standard EDSv4 Family". */
static void family_words(const struct row *row, char *out, size_t room)
{
    const char *tail = strstr(row->label, DEDICATED_TAIL);
    if (tail) {
        (void)snprintf(out, room, "%.*s", (int)(tail - row->label), row->label);
        return;
    }
    (void)snprintf(out, room, "%s", row->name);
}

bool sandbox_ml_quota_check(struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply, const struct sandbox_ml_ask *ask)
{
    auto_resources struct sandbox_resources computes = {0};
    if (list_computes(sandbox, ask->subscription_id, ask->location, &computes, NULL) < 0) {
        sandbox_ml_error(sandbox, request, reply, 500, "InternalServerError", "Usage unknown.");
        return false;
    }
    struct row clusters = find_row(sandbox, ask, CLUSTERS, &computes);
    if (clusters.limit >= 0 && clusters.used + 1 > clusters.limit) {
        sandbox_ml_error(sandbox, request, reply, 400, "QuotaExceeded",
                         "Operation results in exceeding quota limits of "
                         "Microsoft.Batchlusters. Maximum allowed: %" PRId64 ", Current in use: "
                         "%" PRId64 ", Additional requested: 1.",
                         clusters.limit, clusters.used);
        return false;
    }
    if (ask->is_low_priority)
        return true;
    int64_t nodes = ask->nodes > 1 ? ask->nodes : 1, cores = nodes * ask->size->vcpus;
    struct row family = find_row(sandbox, ask, FAMILY, &computes);
    struct row total = find_row(sandbox, ask, DEDICATED_CORES, &computes);
    char words[128];
    const struct row *short_of = NULL;
    if (family.limit >= 0 && family.used + cores > family.limit) {
        short_of = &family;
        family_words(&family, words, sizeof(words));
    } else if (total.limit >= 0 && total.used + cores > total.limit) {
        short_of = &total;
        (void)snprintf(words, sizeof(words), "total");
    }
    if (short_of)
        sandbox_ml_error(sandbox, request, reply, 400, "ClusterMinNodesExceedCoreQuota",
                         "The specified subscription has a %s vCPU quota of %" PRId64
                         " and cannot accomodate for at least %" PRId64
                         " requested managed compute nodes which maps to %" PRId64 " vCPUs.",
                         words, short_of->limit, nodes, cores);
    return short_of == NULL;
}

bool sandbox_ml_quota_has_low_priority(struct sandbox *sandbox, const char *subscription_id)
{
    char offer[64];
    offer_of(sandbox, subscription_id, offer, sizeof(offer));
    struct azml_data_row line = {.table = azml_data_quota_families};
    while (azml_data_next(&line)) {
        struct row row;
        if (read_row(&line, offer, &row) && row.scope == LOW_PRIORITY_CORES)
            return row.limit != 0;
    }
    return false;
}

static const char *type_of(enum scope scope)
{
    switch (scope) {
    case CLUSTERS:
        return ML_NAMESPACE "/totalClusters/usages";
    case DEDICATED_CORES:
        return ML_NAMESPACE "/totalDedicatedCores/usages";
    case LOW_PRIORITY_CORES:
        return ML_NAMESPACE "/totalLowPriorityCores/usages";
    case FAMILY:
        return ML_NAMESPACE "/vmFamily/dedicatedCores/usages";
    case LOW_PRIORITY_FAMILY:
        return ML_NAMESPACE "/vmFamily/lowPriorityCores/usages";
    }
    return "";
}

static const char *localized(const struct row *row)
{
    if (row->scope == DEDICATED_CORES)
        return "Total Cluster Dedicated Regional vCPUs";
    return row->label;
}

static cJSON *usage_json(const struct sandbox_request *request, const struct row *row)
{
    cJSON *item = cJSON_CreateObject();
    auto_free char *id = azml_format(
        NULL, "/subscriptions/%s/providers/" ML_NAMESPACE "/locations/%s/usages/%s",
        sandbox_request_param(request, "s"), sandbox_request_param(request, "l"), row->name);
    int bad = azml_json_put_text(item, "id", id ? id : "");
    bad |= azml_json_put_text(item, "type", type_of(row->scope));
    bad |= azml_json_put_text(item, "unit", "Count");
    bad |= azml_json_put_number(item, "currentValue", (double)row->used);
    bad |= azml_json_put_number(item, "limit", (double)row->limit);
    bad |= azml_json_put_text(item, "name.value", row->name);
    bad |= azml_json_put_text(item, "name.localizedValue", localized(row));
    if (bad || !id) {
        cJSON_Delete(item);
        return NULL;
    }
    return item;
}

int sandbox_ml_usage_list(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    const char *subscription = sandbox_request_param(request, "s");
    const char *location = sandbox_request_param(request, "l");
    if (!sandbox_ml_is_region(location))
        return sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                                "The location '%s' is not supported.", location);
    auto_resources struct sandbox_resources computes = {0};
    if (list_computes(sandbox, subscription, location, &computes, err) < 0)
        return -1;
    char offer[64];
    offer_of(sandbox, subscription, offer, sizeof(offer));
    auto_json cJSON *items = cJSON_CreateArray();
    struct azml_data_row line = {.table = azml_data_quota_families};
    while (azml_data_next(&line)) {
        struct row row;
        if (!read_row(&line, offer, &row))
            continue;
        for (size_t i = 0; i < computes.count; i++)
            count_compute(&row, computes.items[i]);
        if (azml_json_append(items, usage_json(request, &row)) < 0)
            return azml_error_memory(err);
    }
    return sandbox_reply_list(sandbox, request, reply, AZML_STEAL(items), 100, "$skip");
}

/* Nobody sets quotas of single workspaces in the sandbox, so there is none to list. */
int sandbox_ml_quota_list(struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply, struct azml_error *err)
{
    (void)err;
    return sandbox_reply_list(sandbox, request, reply, cJSON_CreateArray(), 100, "$skip");
}
