#include "unit/test.h"

#include "auth/metadata.h"
#include "azml/cloud.h"
#include "base/auto.h"
#include "base/fs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOOD                                                                                      \
    "{\"v\":1,\"endpoint\":\"https://127.0.0.1:4443\",\"authority\":\"https://127.0.0.1:4443/\"," \
    "\"ca\":\"/x/ca.pem\",\"tenantId\":\"t\",\"clientId\":\"c\",\"clientSecret\":\"s3cret\","     \
    "\"subscriptionId\":\"sub\"}"

static char folder[64];

static int make_state(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/azml-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("AZML_STATE_DIR", folder, 1), 0);
    assert_int_equal(unsetenv("AZML_SANDBOX"), 0);
    return 0;
}

static int remove_state(void **state)
{
    (void)state;
    return azml_fs_remove_tree(folder, NULL);
}

static void write_connection(const char *name, const char *text)
{
    auto_free char *path = azml_format(NULL, "%s/sandbox/%s", folder, name);
    auto_free char *file = azml_format(NULL, "%s/connection.json", path);
    assert_int_equal(azml_fs_make_folder(path, NULL), 0);
    assert_int_equal(azml_fs_write(file, text, strlen(text), 0600, NULL), 0);
}

static void an_unknown_name_lists_the_known(void **state)
{
    (void)state;
    auto_cloud struct azml_cloud cloud = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_cloud_open("germany", NULL, &cloud, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_USAGE);
    assert_string_equal(err.message, "unknown cloud 'germany'");
    assert_non_null(strstr(err.why, "public, usgovernment, china, sandbox"));
    assert_null(azml_cloud_canonical_name("germany"));
    assert_false(azml_cloud_names_sandbox("public"));
    assert_false(azml_cloud_names_sandbox(NULL));
    assert_true(azml_cloud_names_sandbox("Sandbox"));
}

static void every_tool_s_name_of_a_cloud_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *name, *canonical, *manager, *authority;
    } rows[] = {
        {"public",                 "public",       "https://management.azure.com",         "https://login.microsoftonline.com"},
        {"AZURECLOUD",             "public",       "https://management.azure.com",
         "https://login.microsoftonline.com"                                                                                  },
        {"AzurePublicCloud",       "public",       "https://management.azure.com",
         "https://login.microsoftonline.com"                                                                                  },
        {"AzureUSGovernment",      "usgovernment", "https://management.usgovcloudapi.net",
         "https://login.microsoftonline.us"                                                                                   },
        {"azureusgovernmentcloud", "usgovernment", "https://management.usgovcloudapi.net",
         "https://login.microsoftonline.us"                                                                                   },
        {"AzureChinaCloud",        "china",        "https://management.chinacloudapi.cn",
         "https://login.partner.microsoftonline.cn"                                                                           },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_cloud struct azml_cloud cloud = {0};
        assert_int_equal(azml_cloud_open(rows[i].name, NULL, &cloud, NULL), 0);
        assert_string_equal(cloud.name, rows[i].canonical);
        assert_string_equal(cloud.resource_manager, rows[i].manager);
        assert_string_equal(cloud.authority, rows[i].authority);
        assert_string_equal(cloud.audience, rows[i].manager);
        assert_null(cloud.client_id);
    }
    auto_cloud struct azml_cloud cloud = {0};
    assert_int_equal(azml_cloud_open(NULL, NULL, &cloud, NULL), 0);
    assert_string_equal(cloud.name, "public");
}

static void a_sandbox_that_never_ran_says_how_to_start_it(void **state)
{
    (void)state;
    assert_int_equal(setenv("AZML_SANDBOX", "never", 1), 0);
    auto_cloud struct azml_cloud cloud = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_cloud_open("sandbox", NULL, &cloud, &err), -1);
    assert_int_equal(err.code, AZML_ERROR_NOT_FOUND);
    assert_string_equal(err.hint, "azml sandbox start");
    assert_int_equal(setenv("AZML_SANDBOX", "../evil", 1), 0);
    assert_int_equal(azml_cloud_open("sandbox", NULL, &cloud, &err), -1);
    assert_string_equal(err.message, "'../evil' is no name of a sandbox");
    assert_int_equal(unsetenv("AZML_SANDBOX"), 0);
}

static void a_connection_file_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "{}",
        "{\"ca\":\"/x\",\"tenantId\":\"t\",\"clientId\":\"c\",\"subscriptionId\":\"s\"}",
        "{\"endpoint\":\"https://example.org\",\"authority\":\"https://127.0.0.1:1\",\"ca\":\"/x\","
        "\"tenantId\":\"t\",\"clientId\":\"c\",\"clientSecret\":\"s\",\"subscriptionId\":\"s\"}",
        "{\"endpoint\":\"http://127.0.0.1:1\",\"authority\":\"https://127.0.0.1:1\",\"ca\":\"/x\","
        "\"tenantId\":\"t\",\"clientId\":\"c\",\"clientSecret\":\"s\",\"subscriptionId\":\"s\"}",
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        write_connection("default", rows[i]);
        auto_cloud struct azml_cloud cloud = {0};
        auto_error struct azml_error err = {0};
        if (azml_cloud_open("sandbox", NULL, &cloud, &err) == 0)
            fail_msg("row %zu was taken", i);
        assert_non_null(strstr(err.message, "could not read the sandbox's connection file"));
    }
}

static void the_sandbox_is_what_its_connection_file_says(void **state)
{
    (void)state;
    write_connection("default", GOOD);
    auto_cloud struct azml_cloud cloud = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_cloud_open("sandbox", NULL, &cloud, &err), 0);
    assert_string_equal(cloud.resource_manager, "https://127.0.0.1:4443");
    assert_string_equal(cloud.authority, "https://127.0.0.1:4443");
    assert_string_equal(cloud.client_id, "c");
    assert_string_equal(azml_secret_reveal(&cloud.client_secret), "s3cret");
    assert_string_equal(cloud.subscription_id, "sub");
    assert_true(cloud.is_sandbox);
    struct azml_http_options options = {.ca_file = "/the/person's"};
    azml_cloud_trust(&cloud, &options);
    assert_string_equal(options.ca_file, "/x/ca.pem");
    assert_true(options.only_ca_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_name_lists_the_known),
        cmocka_unit_test(every_tool_s_name_of_a_cloud_is_understood),
        cmocka_unit_test(a_sandbox_that_never_ran_says_how_to_start_it),
        cmocka_unit_test(a_connection_file_that_makes_no_sense_is_refused),
        cmocka_unit_test(the_sandbox_is_what_its_connection_file_says),
    };
    return cmocka_run_group_tests(tests, make_state, remove_state);
}
