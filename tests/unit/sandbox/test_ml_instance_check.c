#include "ml_world.h"
#include "sandbox/ml_compute.h"

static int open_with_workspace(void **state)
{
    if (ml_open(state) < 0)
        return -1;
    ml_make_workspace();
    return 0;
}

#define CRON(part)                                                                         \
    ",\"schedules\":{\"computeStartStop\":[{\"action\":\"Stop\",\"triggerType\":\"Cron\"," \
    "\"cron\":{" part "}}]}"

static void settings_are_refused_for_what_is_wrong_with_them(void **state)
{
    (void)state;
    static const struct {
        const char *part, *more;
    } rows[] = {
        {"AdminPublicKey is required",                                               ",\"sshSettings\":{\"sshPublicAccess\":\"Enabled\"}"              },
        {"sshPublicAccess' is not valid",                                            ",\"sshSettings\":{\"sshPublicAccess\":\"Ajar\"}"                 },
        {"A valid SSH Public Key must be a base64 encoded valid RSA key or DSA key",
         ",\"sshSettings\":{\"sshPublicAccess\":\"Enabled\",\"adminPublicKey\":\"ssh-ed25519 AAAA\"}"                                                  },
        {"cannot be Enabled when EnableNodePublicIp is false",
         ML_SSH ",\"enableNodePublicIp\":false,\"subnet\":{\"id\":\"/x\"}"                                                                             },
        {"between 15 minutes",                                                       ",\"idleTimeBeforeShutdown\":\"PT14M\""                           },
        {"between 15 minutes",                                                       ",\"idleTimeBeforeShutdown\":\"P4D\""                             },
        {"System.TimeSpan",                                                          ",\"idleTimeBeforeShutdown\":\"30m\""                             },
        {"System.TimeSpan",                                                          ",\"idleTimeBeforeShutdown\":60"                                  },
        {"applicationSharingPolicy",                                                 ",\"applicationSharingPolicy\":\"All\""                           },
        {"both objectId and tenantId",
         ",\"personalComputeInstanceSettings\":{\"assignedUser\":{\"objectId\":\"x\"}}"                                                                },
        {"scriptSource",                                                             ",\"setupScripts\":{\"scripts\":{\"startupScript\":{}}}"          },
        {"needs an action",                                                          ",\"schedules\":{\"computeStartStop\":[{}]}"                      },
        {"needs a triggerType",                                                      ",\"schedules\":{\"computeStartStop\":[{\"action\":\"Stop\"}]}"   },
        {"five fields",                                                              CRON("\"expression\":\"0 20 * *\"")                               },
        {"five fields",                                                              CRON("\"expression\":\"0 20 * * mon!\"")                          },
        {"not a known Windows time zone",
         CRON("\"expression\":\"0 20 * * 1-5\",\"timeZone\":\"Europe/Paris\"")                                                                         },
        {"startTime",                                                                CRON("\"expression\":\"0 20 * * 1-5\",\"startTime\":\"tomorrow\"")},
        {"Recurrence schedule needs a frequency",
         ",\"schedules\":{\"computeStartStop\":[{\"action\":\"Stop\",\"triggerType\":"
         "\"Recurrence\",\"recurrence\":{\"frequency\":\"Day\"}}]}"                                                                                    },
        {"at most 4 schedules",                                                      ",\"schedules\":{\"computeStartStop\":[1,2,3,4,5]}"               },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        print_message("row %zu\n", i);
        auto_free char *body = ml_instance_body("Standard_E4ds_v4", rows[i].more);
        ml_refused(400, "BadRequest", rows[i].part, "PUT", ML_CI ML_GA, body);
    }
}

static void schedules_and_scripts_are_taken(void **state)
{
    (void)state;
    auto_free char *body = ml_instance_body(
        "Standard_E4ds_v4",
        CRON("\"expression\":\"0 20 * * 1-5\",\"timeZone\":\"W. Europe Standard Time\","
             "\"startTime\":\"2026-01-01T00:00:00\"") //
        ",\"setupScripts\":{\"scripts\":{\"creationScript\":{\"scriptSource\":\"inline\","
        "\"scriptData\":\"ZWNobw==\"}}}");
    ml_do(201, "PUT", ML_CI ML_GA, body);
    ml_shows(ML_CI, "properties.properties.schedules.computeStartStop.0.status", "Enabled");
    ml_shows(ML_CI, "properties.properties.schedules.computeStartStop.0.provisioningStatus",
             "Completed");
    ml_pass(180);
    ml_pass(60);
    ml_shows(ML_CI, "properties.properties.state", "UserSettingUp");
    ml_pass(60);
    ml_shows(ML_CI, "properties.properties.state", "Running");
}

static void older_versions_do_not_know_idle_shutdown(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        bool knows;
    } rows[] = {
        {"2022-10-01",         false},
        {"2025-06-01",         false},
        {"2025-10-01-preview", true },
        {"2025-12-01",         true },
        {"2026-05-01",         true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++)
        assert_int_equal(sandbox_ml_version_knows_idle(rows[i].version), rows[i].knows);
    auto_free char *body =
        ml_instance_body("Standard_E4ds_v4", ",\"idleTimeBeforeShutdown\":\"PT30M\"");
    ml_do(201, "PUT", ML_CI "?api-version=2024-10-01", body);
    ml_shows(ML_CI, "properties.properties.idleTimeBeforeShutdown", "");
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_with_workspace, ml_close)
    const struct CMUnitTest tests[] = {
        ROW(settings_are_refused_for_what_is_wrong_with_them),
        ROW(schedules_and_scripts_are_taken),
        ROW(older_versions_do_not_know_idle_shutdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
