#include "cli/command.h"

#include "base/auto.h"
#include "base/i18n.h"

static const char *const formats[] = {"table", "json", "tsv", "id", NULL};

const struct azml_option azml_common_options[] = {
    AZML_STRING(struct azml_common, group, .name = "resource-group", .letter = 'g', .meta = "GROUP",
                .help = _("Resource group (AZML_RESOURCE_GROUP).")),
    AZML_STRING(struct azml_common, workspace, .name = "workspace", .letter = 'w',
                .meta = "WORKSPACE", .help = _("Machine Learning workspace (AZML_WORKSPACE).")),
    AZML_STRING(struct azml_common, location, .name = "location", .letter = 'l', .meta = "REGION",
                .help = _("Region, such as westeurope (AZML_LOCATION).")),
    AZML_FLAG(struct azml_common, yes, .name = "yes", .letter = 'y',
              .help = _("Answer every question with yes; needed where there is no terminal.")),
    AZML_FLAG(struct azml_common, dry_run, .name = "dry-run",
              .help = _("Show what would be done, and change nothing.")),
    AZML_FLAG(struct azml_common, no_wait, .name = "no-wait",
              .help = _("Return once Azure has accepted the request.")),
    AZML_DURATION(struct azml_common, timeout_s, .name = "timeout", .meta = "DURATION",
                  .fallback = "60m", .min = 1, .max = 7L * 86400,
                  .help = _("Longest wait in all, such as 30m.")),
    AZML_DURATION(struct azml_common, connect_timeout_s, .name = "connect-timeout",
                  .meta = "DURATION", .fallback = "10s", .min = 1, .max = 3600,
                  .help = _("Longest wait for a connection.")),
    AZML_DURATION(struct azml_common, idle_timeout_s, .name = "idle-timeout", .meta = "DURATION",
                  .fallback = "60s", .min = 1, .max = 3600,
                  .help = _("Longest wait without a byte on a connection.")),
    AZML_INT(struct azml_common, parallel, .name = "parallel", .meta = "N", .fallback = "16",
             .min = 1, .max = 64, .help = _("Requests in flight at once.")),
    AZML_STRING(struct azml_common, cloud, .name = "cloud", .meta = "CLOUD",
                .help = _("public, usgovernment, china, sandbox or a registered one "
                          "(AZML_CLOUD).")),
    AZML_STRING(struct azml_common, subscription, .name = "subscription", .meta = "ID",
                .help = _("Subscription, by id or name (AZML_SUBSCRIPTION).")),
    AZML_STRING(struct azml_common, auth, .name = "auth", .meta = "NAME",
                .help = _("One way to sign in instead of the chain (AZML_AUTH).")),
    AZML_STRING(struct azml_common, ca_file, .name = "ca-file", .meta = "FILE",
                .help = _("Further certificate authorities to trust, PEM (AZML_CA_FILE).")),
    AZML_STRING(struct azml_common, output, .name = "output", .letter = 'o', .meta = "FORMAT",
                .choices = formats, .help = _("table (default), json, tsv or id (AZML_OUTPUT).")),
    AZML_FLAG(struct azml_common, no_header, .name = "no-header",
              .help = _("Leave the headings out of tables.")),
    AZML_FLAG(struct azml_common, no_input, .name = "no-input",
              .help = _("Never ask; a missing value is an error.")),
    AZML_FLAG(struct azml_common, quiet, .name = "quiet", .letter = 'q',
              .help = _("Say nothing on stderr but errors.")),
    AZML_FLAG(struct azml_common, verbose, .name = "verbose", .letter = 'v',
              .help = _("Say what is decided and what is tried again.")),
    AZML_FLAG(struct azml_common, debug, .name = "debug",
              .help = _("Show what goes over the wire, without secrets.")),
    AZML_FLAG(struct azml_common, no_color, .name = "no-color", .help = _("Use no colour.")),
    AZML_FLAG(struct azml_common, help, .name = "help", .letter = 'h',
              .help = _("Show this help.")),
    {0},
};

/* What a command must take for an option to be one of its own; the options that are not named here
 * belong to all. */
static const struct {
    size_t offset;
    unsigned takes;
} needs[] = {
    {offsetof(struct azml_common, group),             AZML_TAKES_GROUP    },
    {offsetof(struct azml_common, workspace),         AZML_TAKES_WORKSPACE},
    {offsetof(struct azml_common, location),          AZML_TAKES_LOCATION },
    {offsetof(struct azml_common, yes),               AZML_TAKES_YES      },
    {offsetof(struct azml_common, dry_run),           AZML_TAKES_DRY_RUN  },
    {offsetof(struct azml_common, no_wait),           AZML_TAKES_NO_WAIT  },
    {offsetof(struct azml_common, timeout_s),         AZML_TAKES_CLOUD    },
    {offsetof(struct azml_common, connect_timeout_s), AZML_TAKES_CLOUD    },
    {offsetof(struct azml_common, idle_timeout_s),    AZML_TAKES_CLOUD    },
    {offsetof(struct azml_common, parallel),          AZML_TAKES_PARALLEL },
    {offsetof(struct azml_common, cloud),             AZML_TAKES_CLOUD    },
    {offsetof(struct azml_common, subscription),      AZML_TAKES_CLOUD    },
    {offsetof(struct azml_common, auth),              AZML_TAKES_CLOUD    },
    {offsetof(struct azml_common, ca_file),           AZML_TAKES_CLOUD    },
};

bool azml_common_takes(const struct azml_command *command, const struct azml_option *option)
{
    for (size_t i = 0; i < AZML_COUNT(needs); i++) {
        if (needs[i].offset == option->offset)
            return (command->takes & needs[i].takes) != 0;
    }
    return true;
}
