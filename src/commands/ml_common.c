#include "commands/ml_common.h"

#include "azml/arm_id.h"
#include "azml/cloud.h"
#include "base/auto.h"
#include "base/timefmt.h"

static void on_change(void *data, const char *thing, const char *state, const char *usually,
                      const char *hint)
{
    azml_progress_change(azml_context_progress(data), thing, state, usually, hint);
}

static void on_done(void *data, const char *thing, const char *state, const char *further)
{
    azml_progress_done(azml_context_progress(data), thing, state, further);
}

static void on_note(void *data, const char *text)
{
    azml_progress_note(azml_context_progress(data), "%s", text);
}

static void on_tick(void *data)
{
    azml_progress_tick(azml_context_progress(data));
}

struct azml_watch azml_ml_watch(struct azml_context *context)
{
    return (struct azml_watch){
        .change = on_change, .done = on_done, .note = on_note, .tick = on_tick, .data = context};
}

int azml_ml_named_workspace(struct azml_context *context, const char *name, bool exact,
                            struct azml_workspace_ref *ref_out, struct azml_error *err)
{
    const char *group =
        exact ? azml_context_group(context, err) : azml_context_group_of(context, name, err);
    const char *subscription = group ? azml_context_subscription(context, err) : NULL;
    if (!subscription)
        return -1;
    *ref_out =
        (struct azml_workspace_ref){.subscription = subscription, .group = group, .name = name};
    return 0;
}

int azml_ml_workspace(struct azml_context *context, bool exact, struct azml_workspace_ref *ref_out,
                      struct azml_error *err)
{
    const char *name = azml_context_workspace(context, err);
    return name ? azml_ml_named_workspace(context, name, exact, ref_out, err) : -1;
}

void azml_ml_view_data(struct azml_context *context, struct azml_ml_view_data *out)
{
    const struct azml_cloud *cloud = azml_context_cloud(context, NULL);
    *out = (struct azml_ml_view_data){
        .now_ms = azml_clock_wall_ms(azml_context_clock(context)),
        .studio = cloud && cloud->studio ? cloud->studio : "",
    };
}

void azml_ml_group_cell(const cJSON *document, const void *data, struct azml_str *out)
{
    (void)data;
    struct azml_arm_id id = {0};
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(document, "id"));
    if (text && azml_arm_id_parse(text, &id, NULL) == 0)
        azml_str_add(out, id.group ? id.group : "");
    azml_arm_id_cleanup(&id);
}

void azml_ml_add_age(int64_t age_s, struct azml_str *out)
{
    char text[AZML_TIME_TEXT] = "?";
    if (age_s >= 0)
        azml_age_format(text, age_s);
    azml_str_add(out, text);
}
