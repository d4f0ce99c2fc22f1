/* ml_instance_check.c - what a request for a compute instance may not say. */
#include "base/auto.h"
#include "base/data.h"
#include "base/json.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "sandbox/ml_compute.h"

#include <string.h>

#define INNER         "properties.properties."
#define IDLE_MIN_S    ((int64_t)15 * 60)
#define IDLE_MAX_S    ((int64_t)3 * 24 * 3600)
#define SCHEDULES_MAX 4

static const struct sandbox_ml_rule instance_rules[] = {
    {"properties.properties.applicationSharingPolicy",         ML_TEXT,   false, "Personal|Shared" },
    {"properties.properties.computeInstanceAuthorizationType", ML_TEXT,   false, "personal"        },
    {"properties.properties.enableSSO",                        ML_BOOL,   false, NULL              },
    {"properties.properties.sshSettings",                      ML_OBJECT, false, NULL              },
    {"properties.properties.sshSettings.sshPublicAccess",      ML_TEXT,   false, "Enabled|Disabled"},
    {"properties.properties.sshSettings.adminPublicKey",       ML_TEXT,   false, NULL              },
    {"properties.properties.schedules",                        ML_OBJECT, false, NULL              },
    {"properties.properties.schedules.computeStartStop",       ML_ARRAY,  false, NULL              },
    {"properties.properties.setupScripts",                     ML_OBJECT, false, NULL              },
    {"properties.properties.setupScripts.scripts",             ML_OBJECT, false, NULL              },
    {"properties.properties.personalComputeInstanceSettings",  ML_OBJECT, false, NULL              },
    {"properties.properties.customServices",                   ML_ARRAY,  false, NULL              },
    {NULL,                                                     ML_TEXT,   false, NULL              },
};

bool sandbox_ml_version_knows_idle(const char *api_version)
{
    return azml_has_suffix(api_version, "-preview") || strcmp(api_version, "2025-12-01") >= 0;
}

bool sandbox_ml_idle_check(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply, const char *path)
{
    const struct sandbox_ml_rule rules[] = {
        {path, ML_DURATION, false, NULL},
        {NULL, ML_TEXT,     false, NULL},
    };
    if (!sandbox_ml_check(sandbox, request, reply, rules))
        return false;
    const char *text = azml_json_text(request->json, path);
    int64_t seconds = IDLE_MIN_S;
    if (text)
        (void)azml_duration_parse(text, &seconds, NULL);
    if (seconds >= IDLE_MIN_S && seconds <= IDLE_MAX_S)
        return true;
    return sandbox_ml_refuse(
        sandbox, request, reply, "BadRequest",
        "IdleTimeBeforeShutdown must be between 15 minutes (PT15M) and 3 days (P3D).");
}

/* Five fields of what NCronTab reads: digits, * , - and /. */
static bool is_cron(const char *text)
{
    size_t fields = 0;
    while (*text) {
        size_t length = strcspn(text, " ");
        if (length) {
            fields++;
            if (strspn(text, "0123456789*,-/") < length)
                return false;
        }
        text += length;
        text += strspn(text, " ");
    }
    return fields == 5;
}

/* What is wrong with a schedule; NULL where nothing is. */
static const char *schedule_flaw(const cJSON *schedule)
{
    const char *action = azml_json_text(schedule, "action");
    const char *trigger = azml_json_text(schedule, "triggerType");
    const char *status = azml_json_text(schedule, "status");
    if (!action || !sandbox_ml_is_word(action, "Start|Stop"))
        return "A schedule needs an action: Start or Stop.";
    if (!trigger || !sandbox_ml_is_word(trigger, "Cron|Recurrence"))
        return "A schedule needs a triggerType: Cron or Recurrence.";
    if (status && !sandbox_ml_is_word(status, "Enabled|Disabled"))
        return "The status of a schedule is Enabled or Disabled.";
    bool is_cron_trigger = sandbox_ml_is_word(trigger, "Cron");
    const cJSON *when = azml_json_at(schedule, is_cron_trigger ? "cron" : "recurrence");
    const char *zone = azml_json_text(when, "timeZone");
    const char *start = azml_json_text(when, "startTime");
    const char *frequency = azml_json_text(when, "frequency");
    const char *expression = azml_json_text(when, "expression");
    struct azml_data_row row = {.table = azml_data_timezones};
    int64_t time;
    if (zone && !azml_data_find(&row, "windows_name", zone))
        return "The timeZone of a schedule is not a known Windows time zone.";
    if (start && azml_time_parse_iso(start, &time) < 0)
        return "The startTime of a schedule is not of the form yyyy-MM-ddTHH:mm:ss.";
    if (is_cron_trigger && (!expression || !is_cron(expression)))
        return "The expression of a Cron schedule needs five fields: minute, hour, day, month and "
               "weekday.";
    if (!is_cron_trigger &&
        (!frequency || !sandbox_ml_is_word(frequency, "Minute|Hour|Day|Week|Month") ||
         azml_json_int_or(when, "interval", 0) < 1))
        return "A Recurrence schedule needs a frequency (Minute, Hour, Day, Week or Month) and an "
               "interval.";
    return NULL;
}

static bool check_schedules(const struct sandbox *sandbox, const struct sandbox_request *request,
                            struct sandbox_reply *reply)
{
    const cJSON *schedules = azml_json_at(request->json, INNER "schedules.computeStartStop");
    if (cJSON_GetArraySize(schedules) > SCHEDULES_MAX)
        return sandbox_ml_refuse(sandbox, request, reply, "BadRequest",
                                 "A compute instance can have at most 4 schedules.");
    const cJSON *schedule;
    cJSON_ArrayForEach (schedule, schedules) {
        const char *flaw = schedule_flaw(schedule);
        if (flaw)
            return sandbox_ml_refuse(sandbox, request, reply, "BadRequest", flaw);
    }
    return true;
}

static bool check_scripts(const struct sandbox *sandbox, const struct sandbox_request *request,
                          struct sandbox_reply *reply)
{
    static const char *const paths[] = {INNER "setupScripts.scripts.creationScript",
                                        INNER "setupScripts.scripts.startupScript"};
    for (size_t i = 0; i < AZML_COUNT(paths); i++) {
        const cJSON *script = azml_json_at(request->json, paths[i]);
        if (!script)
            continue;
        const char *source = azml_json_text(script, "scriptSource");
        if (!source || !sandbox_ml_is_word(source, "inline|workspaceStorage") ||
            !azml_json_text(script, "scriptData"))
            return sandbox_ml_refuse(
                sandbox, request, reply, "BadRequest",
                "A setup script needs a scriptSource (inline or workspaceStorage) and "
                "scriptData.");
    }
    return true;
}

static bool check_ssh(const struct sandbox *sandbox, const struct sandbox_request *request,
                      struct sandbox_reply *reply)
{
    const char *access = azml_json_text(request->json, INNER "sshSettings.sshPublicAccess");
    bool is_open = access && sandbox_ml_is_word(access, "Enabled");
    if (is_open && !azml_json_text(request->json, INNER "sshSettings.adminPublicKey"))
        return sandbox_ml_refuse(sandbox, request, reply, "BadRequest",
                                 "AdminPublicKey is required when SshPublicAccess is Enabled.");
    bool has_ip = sandbox_ml_bool_or(request->json, INNER "enableNodePublicIp", true);
    if (is_open && !has_ip)
        return sandbox_ml_refuse(
            sandbox, request, reply, "BadRequest",
            "SshPublicAccess cannot be Enabled when EnableNodePublicIp is false.");
    return sandbox_ml_key_check(sandbox, request, reply, INNER "sshSettings.adminPublicKey");
}

bool sandbox_ml_instance_check(struct sandbox *sandbox, const struct sandbox_request *request,
                               struct sandbox_reply *reply)
{
    const cJSON *user =
        azml_json_at(request->json, INNER "personalComputeInstanceSettings.assignedUser");
    if (!sandbox_ml_check(sandbox, request, reply, instance_rules) ||
        !check_ssh(sandbox, request, reply))
        return false;
    if (sandbox_ml_version_knows_idle(request->api_version) &&
        !sandbox_ml_idle_check(sandbox, request, reply, INNER "idleTimeBeforeShutdown"))
        return false;
    if (user && (!azml_json_text(user, "objectId") || !azml_json_text(user, "tenantId")))
        return sandbox_ml_refuse(sandbox, request, reply, "BadRequest",
                                 "AssignedUser needs both objectId and tenantId.");
    return check_schedules(sandbox, request, reply) && check_scripts(sandbox, request, reply);
}
