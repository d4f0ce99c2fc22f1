#include "unit/test.h"

#include "auth/metadata.h"
#include "base/auto.h"
#include "support/serve.h"

#include <string.h>

#define LOGIN "\"authentication\":{\"loginEndpoint\":\"https://login.example/\",\"audiences\":["
#define NEW                                                                                                        \
    "{\"name\":\"Mine\",\"resourceManager\":\"https://arm.example/\",\"portal\":\"https://portal.example\"," LOGIN \
    "\"https://other.example/\",\"https://arm.example/\"]},\"suffixes\":{\"storage\":\"core.example\"}}"

static int read(const char *text, struct azml_cloud *cloud, struct azml_error *err)
{
    return azml_cloud_from_metadata(text, strlen(text), "https://arm.example:443", cloud, err);
}

static void metadata_that_cannot_be_trusted_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "[]",
        "{}",
        "{\"authentication\":{\"loginEndpoint\":\"http://login.example\"}}",
        "{\"authentication\":{\"loginEndpoint\":\"https://user@login.example\"}}",
        "{\"resourceManager\":\"ftp://x\",\"authentication\":{\"loginEndpoint\":\"https://l\"}}",
        "[{\"resourceManager\":\"https://elsewhere\",\"authentication\":{\"loginEndpoint\":\"https://l\"}}]",
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_cloud struct azml_cloud cloud = {0};
        auto_error struct azml_error err = {0};
        if (read(rows[i], &cloud, &err) == 0)
            fail_msg("'%s' was taken", rows[i]);
        assert_null(cloud.resource_manager);
    }
}

static void each_published_version_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *manager, *audience, *portal;
    } rows[] = {
        {"2022-09-01",        "\xef\xbb\xbf" NEW,                                                       "https://arm.example",     "https://arm.example",
         "https://portal.example"                                                                                                                                                     },
        {"2020-06-01",        "[{\"resourceManager\":\"https://a\"," LOGIN "\"https://a\"]}}," NEW "]",
         "https://arm.example",                                                                                                    "https://arm.example",     "https://portal.example"},
        {"2015-01-01",        "{\"portalEndpoint\":\"https://p\"," LOGIN "\"https://aud/\"]}}",
         "https://arm.example:443",                                                                                                "https://aud/",            "https://p"             },
        {"without audiences", "{" LOGIN "]}}",                                                          "https://arm.example:443", "https://arm.example:443",
         ""                                                                                                                                                                           },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_cloud struct azml_cloud cloud = {0};
        auto_error struct azml_error err = {0};
        if (read(rows[i].text, &cloud, &err) < 0)
            fail_msg("%s: %s", rows[i].name, err.message);
        assert_string_equal(cloud.authority, "https://login.example");
        assert_string_equal(cloud.resource_manager, rows[i].manager);
        assert_string_equal(cloud.audience, rows[i].audience);
        assert_string_equal(cloud.portal, rows[i].portal);
    }
}

static struct azml_http *make_http(const struct serve *serve)
{
    return azml_http_new(
        &(struct azml_http_options){.ca_file = serve_ca_file(serve), .only_ca_file = true}, NULL);
}

static void an_older_server_is_asked_in_its_own_version(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /metadata/endpoints?api-version=2015-01-01", 0, 200, NULL,
         "{" LOGIN "\"https://aud/\"]}}", 0},
        {"GET /metadata/endpoints?api-version=2020-06-01",                                             0, 400, NULL, "{}", 0},
        {0                 }
    };
    struct serve *serve = serve_start(script, true, NULL);
    struct azml_http *http = make_http(serve);
    auto_cloud struct azml_cloud cloud = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_cloud_open(serve_base(serve), http, &cloud, &err), 0);
    assert_string_equal(cloud.resource_manager, serve_base(serve));
    assert_int_equal(serve_count(serve, "GET "), 3);
    azml_http_free(http);
    serve_stop(serve);
}

static void a_whole_address_is_asked_as_it_is(void **state)
{
    (void)state;
    const struct serve_row script[] = {
        {"GET /metadata/endpoints?api-version=2022-09-01", 0, 200, NULL,
         "{\"resourceManager\":\"$BASE\"," LOGIN "\"$BASE/\"]}}", 0},
        {0                                            }
    };
    struct serve *serve = serve_start(script, true, NULL);
    struct azml_http *http = make_http(serve);
    auto_free char *url =
        azml_format(NULL, "%s/metadata/endpoints?api-version=2022-09-01", serve_base(serve));
    auto_cloud struct azml_cloud cloud = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_cloud_open(url, http, &cloud, &err), 0);
    assert_string_equal(cloud.audience, serve_base(serve));
    assert_int_equal(serve_count(serve, "GET "), 1);
    azml_http_free(http);
    serve_stop(serve);
}

static void a_server_without_metadata_is_told(void **state)
{
    (void)state;
    const struct serve_row script[] = {{0}};
    struct serve *serve = serve_start(script, true, NULL);
    struct azml_http *http = make_http(serve);
    auto_cloud struct azml_cloud cloud = {0};
    auto_error struct azml_error err = {0};
    assert_int_equal(azml_cloud_open(serve_base(serve), http, &cloud, &err), -1);
    assert_non_null(strstr(err.message, "could not read what cloud is at https://127.0.0.1"));
    assert_non_null(strstr(err.why, "has no cloud metadata"));
    azml_http_free(http);
    serve_stop(serve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_that_cannot_be_trusted_is_refused),
        cmocka_unit_test(each_published_version_is_read),
        cmocka_unit_test(an_older_server_is_asked_in_its_own_version),
        cmocka_unit_test(a_whole_address_is_asked_as_it_is),
        cmocka_unit_test(a_server_without_metadata_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
