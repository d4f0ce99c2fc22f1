#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "commands/context.h"
#include "commands/table.h"

#if defined(__x86_64__)
#    define MACHINE "x86_64"
#elif defined(__aarch64__)
#    define MACHINE "aarch64"
#else
#    define MACHINE "unknown"
#endif

static int version_run(struct azml_context *context, const void *args, struct azml_error *err)
{
    (void)args;
    const struct azml_output *output = azml_context_output(context);
    if (output->format != AZML_FORMAT_JSON)
        return azml_output_text(output, "azml " AZML_VERSION, err);
    auto_json cJSON *document = cJSON_CreateObject();
    if (!document || azml_json_put_text(document, "version", AZML_VERSION) < 0 ||
        azml_json_put_text(document, "machine", MACHINE) < 0 ||
        azml_json_put_text(document, "compiler", __VERSION__) < 0)
        return azml_error_memory(err);
    return azml_output_json(output, document, err);
}

static const char *const version_examples[] = {"azml version", "azml --version -o json", NULL};

const struct azml_command azml_command_version = {
    .path = "version",
    .summary = _("Show the version of azml"),
    .examples = version_examples,
    .run = version_run,
};
