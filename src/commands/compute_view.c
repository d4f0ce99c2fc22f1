#include "azml/compute.h"

#include "base/auto.h"
#include "base/data.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/timefmt.h"
#include "commands/ml_common.h"

#include <inttypes.h>

/* Every cell reads the document anew: it is small, and lent texts stay valid. */
static bool read_compute(const cJSON *document, struct azml_compute *out)
{
    return azml_compute_read(document, out, NULL) == 0;
}

static void state_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_compute compute;
    azml_str_add(out, read_compute(document, &compute) ? azml_compute_word(&compute) : "?");
}

/* The service answers in capitals; the table knows how the size is written. */
static void size_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_compute compute;
    if (!read_compute(document, &compute) || !compute.size)
        return;
    struct azml_data_row row = {.table = azml_data_vm_sizes};
    char name[64];
    if (azml_data_find(&row, "name", compute.size) &&
        azml_data_cell(&row, "name", name, sizeof(name)))
        azml_str_add(out, name);
    else
        azml_str_add(out, compute.size);
}

/* Where SSH answers, when it can be expected to: the address and its port, else NULL. */
static const char *ssh_address(const struct azml_compute *compute, uint16_t *port_out)
{
    return azml_compute_is_ssh_ready(compute) ? azml_compute_address(compute, port_out) : NULL;
}

static void short_ssh_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_compute compute;
    uint16_t port = 0;
    const char *address = read_compute(document, &compute) ? ssh_address(&compute, &port) : NULL;
    if (address)
        azml_str_addf(out, "%s@%s:%u", compute.ssh_user ? compute.ssh_user : "?", address, port);
}

static void ssh_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_compute compute;
    uint16_t port = 0;
    const char *address = read_compute(document, &compute) ? ssh_address(&compute, &port) : NULL;
    if (address)
        azml_str_addf(out, "ssh -p %u %s@%s", port, compute.ssh_user ? compute.ssh_user : "?",
                      address);
    else if (compute.kind == AZML_COMPUTE_INSTANCE)
        azml_str_add(out, compute.ssh_enabled ? _("open while it runs") : _("not open"));
}

static void idle_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_compute compute;
    if (!read_compute(document, &compute) || compute.kind != AZML_COMPUTE_INSTANCE)
        return;
    char text[AZML_TIME_TEXT] = "off";
    if (compute.idle_s > 0 && compute.idle_s % 60 == 0 && compute.idle_s < 7200)
        azml_str_addf(out, "%" PRId64 "m", compute.idle_s / 60);
    else {
        if (compute.idle_s > 0)
            azml_duration_format(text, compute.idle_s);
        azml_str_add(out, text);
    }
}

static void idle_line_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    struct azml_compute compute;
    if (!read_compute(document, &compute) || compute.kind != AZML_COMPUTE_INSTANCE)
        return;
    if (compute.idle_s == 0) {
        azml_str_add(out, _("off: it runs, and costs, until it is stopped"));
        return;
    }
    azml_str_add(out, _("after "));
    idle_cell(document, data, out);
    azml_str_add(out, _(" (work over SSH does not count as activity)"));
}

static void nodes_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_compute compute;
    if (read_compute(document, &compute) && compute.kind == AZML_COMPUTE_CLUSTER)
        azml_str_addf(out, _("%" PRId64 " now, %" PRId64 " to %" PRId64), compute.nodes,
                      compute.min_nodes, compute.max_nodes);
}

static void age_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    const struct azml_ml_view_data *view = data;
    struct azml_compute compute;
    bool known = read_compute(document, &compute) && compute.created_ms > 0;
    azml_ml_add_age(known ? (view->now_ms - compute.created_ms) / 1000 : -1, out);
}

/* Who or what stopped it: the person, a schedule, or the idle shutdown. */
static void last_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_compute compute;
    if (read_compute(document, &compute) && compute.last_operation)
        azml_str_addf(out, "%s %s (%s)", compute.last_operation,
                      compute.last_status ? compute.last_status : "?",
                      compute.last_trigger ? compute.last_trigger : "?");
}

static void note_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_compute compute;
    if (!read_compute(document, &compute))
        return;
    if (compute.error_message)
        azml_str_add(out, compute.error_message);
    else if (compute.warning)
        azml_str_add(out, compute.warning);
}

static const struct azml_column show_columns[] = {
    {.heading = "name",                 .path = "name"},
    {.heading = "type",                                 .path = "properties.computeType"},
    {.heading = "state",.cell = state_cell},
    {.heading = "size",                .cell = size_cell},
    {.heading = "nodes",                                 .cell = nodes_cell},
    {.heading = "ssh", .cell = ssh_cell},
    {.heading = "idle stop",                .cell = idle_line_cell},
    {.heading = "last",                                 .cell = last_cell},
    {.heading = "note",                 .cell = note_cell},
    {.heading = NULL           },
};

static const struct azml_column list_columns[] = {
    {.heading = "NAME",       .path = "name"},
    {.heading = "STATE",                       .cell = state_cell},
    {.heading = "SIZE",.cell = size_cell},
    {.heading = "SSH",       .cell = short_ssh_cell},
    {.heading = "IDLE STOP",                       .cell = idle_cell},
    {.heading = "AGE",.cell = age_cell},
    {.heading = NULL },
};

int azml_ml_show_compute(struct azml_context *context, const cJSON *document,
                         struct azml_error *err)
{
    struct azml_ml_view_data data;
    azml_ml_view_data(context, &data);
    const struct azml_view view = {.columns = show_columns, .data = &data};
    return azml_output_show(azml_context_output(context), &view, document, err);
}

int azml_ml_list_computes(struct azml_context *context, const cJSON *documents,
                          const char *empty_note, struct azml_error *err)
{
    struct azml_ml_view_data data;
    azml_ml_view_data(context, &data);
    const struct azml_view view = {
        .columns = list_columns, .data = &data, .empty_note = empty_note};
    return azml_output_list(azml_context_output(context), &view, documents, err);
}
