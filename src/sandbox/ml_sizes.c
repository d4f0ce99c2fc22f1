#include "sandbox/ml_sizes.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/number.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

static int64_t whole(const struct azml_data_row *row, const char *column)
{
    char cell[32];
    int64_t number = 0;
    if (azml_data_cell(row, column, cell, sizeof(cell)))
        (void)azml_number_parse_i64(cell, 0, INT64_MAX, &number, NULL);
    return number;
}

/* The table marks a spelling that is not certain with a question mark. */
static void sure_text(const struct azml_data_row *row, const char *column, char *out, size_t room)
{
    if (!azml_data_cell(row, column, out, room))
        *out = '\0';
    out[strcspn(out, "?")] = '\0';
}

static void read_size(const struct azml_data_row *row, struct sandbox_ml_size *out)
{
    *out = (struct sandbox_ml_size){
        .vcpus = whole(row, "vCPUs"),
        .gpus = whole(row, "gpus"),
    };
    sure_text(row, "name", out->name, sizeof(out->name));
    sure_text(row, "family", out->family, sizeof(out->family));
    sure_text(row, "supportedComputeTypes", out->types, sizeof(out->types));
}

bool sandbox_ml_size_find(const char *name, struct sandbox_ml_size *out)
{
    struct azml_data_row row = {.table = azml_data_vm_sizes};
    if (!azml_data_find(&row, "name", name))
        return false;
    read_size(&row, out);
    return true;
}

bool sandbox_ml_size_serves(const struct sandbox_ml_size *size, const char *compute_type)
{
    const char *at = azml_find_nocase(size->types, compute_type);
    return at != NULL;
}

bool sandbox_ml_size_of_family(const char *family, struct sandbox_ml_size *out)
{
    struct azml_data_row row = {.table = azml_data_vm_sizes};
    while (azml_data_next(&row)) {
        struct sandbox_ml_size size;
        read_size(&row, &size);
        char bare[64];
        sandbox_ml_location(size.family, bare, sizeof(bare));
        if (azml_same_text(bare, family)) {
            *out = size;
            return true;
        }
    }
    return false;
}

char *sandbox_ml_size_names(const char *compute_type, struct azml_error *err)
{
    auto_str struct azml_str names = {0};
    struct azml_data_row row = {.table = azml_data_vm_sizes};
    while (azml_data_next(&row)) {
        struct sandbox_ml_size size;
        read_size(&row, &size);
        if (!sandbox_ml_size_serves(&size, compute_type))
            continue;
        if (names.length)
            azml_str_add(&names, ", ");
        azml_str_add(&names, size.name);
    }
    return azml_str_take(&names, err);
}

/* Add one price where the table knows it. */
static int add_price(cJSON *values, const struct azml_data_row *row, const char *column,
                     const char *tier)
{
    char cell[32], *end;
    if (!azml_data_cell(row, column, cell, sizeof(cell)) || !*cell)
        return 0;
    double price = strtod(cell, &end);
    if (end == cell)
        return 0;
    cJSON *value = cJSON_CreateObject();
    int bad = azml_json_put_number(value, "retailPrice", price);
    bad |= azml_json_put_text(value, "osType", "Linux");
    bad |= azml_json_put_text(value, "vmTier", tier);
    return azml_json_append(values, value) | bad;
}

/* Prices of the two regions that the table has; others are shown without, as the service may. */
static int add_prices(cJSON *item, const struct azml_data_row *row, const char *location)
{
    bool west = azml_same_text(location, "westeurope");
    if (!west && !azml_same_text(location, "eastus"))
        return 0;
    cJSON *values = cJSON_CreateArray();
    int bad = add_price(values, row, west ? "linux_usd_hour_westeurope" : "linux_usd_hour_eastus",
                        "Standard");
    if (west)
        bad |= add_price(values, row, "low_priority_linux_usd_hour_westeurope", "LowPriority");
    bad |= azml_json_put_text(item, "estimatedVMPrices.billingCurrency", "USD");
    bad |= azml_json_put_text(item, "estimatedVMPrices.unitOfMeasure", "OneHour");
    return azml_json_put(item, "estimatedVMPrices.values", values) | bad;
}

static int add_types(cJSON *item, char *types)
{
    cJSON *array = cJSON_CreateArray();
    int bad = 0;
    char *rest = types;
    for (const char *type; (type = azml_split(&rest, ','));)
        bad |= azml_json_append(array, cJSON_CreateString(type));
    return azml_json_put(item, "supportedComputeTypes", array) | bad;
}

static bool is_true(const struct azml_data_row *row, const char *column)
{
    char cell[16];
    return azml_data_cell(row, column, cell, sizeof(cell)) && azml_has_prefix(cell, "true");
}

static cJSON *size_json(const struct azml_data_row *row, const char *location)
{
    struct sandbox_ml_size size;
    read_size(row, &size);
    cJSON *item = cJSON_CreateObject();
    int bad = azml_json_put_text(item, "name", size.name);
    bad |= azml_json_put_text(item, "family", size.family);
    bad |= azml_json_put_number(item, "vCPUs", (double)size.vcpus);
    bad |= azml_json_put_number(item, "gpus", (double)size.gpus);
    bad |= azml_json_put_number(item, "osVhdSizeMB", (double)whole(row, "osVhdSizeMB"));
    bad |= azml_json_put_number(item, "maxResourceVolumeMB",
                                (double)whole(row, "maxResourceVolumeMB"));
    char memory[32];
    bad |= azml_json_put_number(
        item, "memoryGB",
        azml_data_cell(row, "memoryGB", memory, sizeof(memory)) ? strtod(memory, NULL) : 0);
    bad |= azml_json_put_bool(item, "lowPriorityCapable", is_true(row, "lowPriorityCapable"));
    bad |= azml_json_put_bool(item, "premiumIO", is_true(row, "premiumIO"));
    bad |= add_prices(item, row, location);
    bad |= add_types(item, size.types);
    if (bad) {
        cJSON_Delete(item);
        return NULL;
    }
    return item;
}

int sandbox_ml_size_list(struct sandbox *sandbox, const struct sandbox_request *request,
                         struct sandbox_reply *reply, struct azml_error *err)
{
    const char *location = sandbox_request_param(request, "l");
    if (!sandbox_ml_is_region(location))
        return sandbox_ml_error(sandbox, request, reply, 400, "BadRequest",
                                "The location '%s' is not supported.", location);
    auto_json cJSON *list = cJSON_CreateObject();
    cJSON *values = cJSON_CreateArray();
    if (azml_json_put(list, "value", values) < 0)
        return azml_error_memory(err);
    struct azml_data_row row = {.table = azml_data_vm_sizes};
    while (azml_data_next(&row)) {
        if (azml_json_append(values, size_json(&row, location)) < 0)
            return azml_error_memory(err);
    }
    return sandbox_reply_json(reply, 200, AZML_STEAL(list));
}
