#include "unit/test.h"

#include "base/auto.h"
#include "http/url.h"

#include <string.h>

static void origins_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"https://arm.example", "http://arm.example",                false},
        {"https://arm.example", "https://arm.example:8443",          false},
        {"https://arm.example", "https://arm.example.evil",          false},
        {"https://arm.example", "https://arm.example@evil/",         false},
        {"https://arm.example", "https://evil/?https://arm.example", false},
        {"https://arm.example", "https://arm.example\\@evil/",       false},
        {"https://arm.example", "ftp://arm.example",                 false},
        {"https://arm.example", "//arm.example",                     false},
        {"https://arm.example", "",                                  false},
        {"https://arm.example", "https://ARM.example:443/a?b#c",     true },
        {"http://127.0.0.1:80", "http://127.0.0.1/x",                true },
        {"https://[::1]:4443",  "https://[::1]:4443/",               true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (azml_url_same_origin(rows[i].a, rows[i].b) != rows[i].same)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
}

static void only_loopback_goes_without_encryption(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool allowed;
    } rows[] = {
        {"",                          false},
        {"arm.example",               false},
        {"/path",                     false},
        {"file:///etc/passwd",        false},
        {"http://arm.example",        false},
        {"http://127.0.0.1.evil/",    false},
        {"http://localhost.evil/",    false},
        {"http://169.254.169.254/",   false},
        {"https://user:pw@arm/",      false},
        {"http://localhost:80/",      true },
        {"http://127.1.2.3/",         true },
        {"http://[::1]/",             true },
        {"https://arm.example/a?b=c", true },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_error struct azml_error err = {0};
        if ((azml_url_check(rows[i].url, &err) == 0) != rows[i].allowed)
            fail_msg("'%s'", rows[i].url);
        assert_int_equal(err.code, rows[i].allowed ? AZML_ERROR_NONE : AZML_ERROR_USAGE);
    }
}

static void links_are_completed_only_where_they_must(void **state)
{
    (void)state;
    static const struct {
        const char *link, *url;
    } rows[] = {
        {"https://other.example/A%2fb?c=%24d&e", "https://other.example/A%2fb?c=%24d&e"},
        {"/status?x=%20y",                       "https://arm.example/status?x=%20y"   },
        {"?page=2",                              "https://arm.example/a/b?page=2"      },
        {"//evil.example/x",                     "https://evil.example/x"              },
    };
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        auto_free char *url = azml_url_resolve("https://arm.example/a/b?c=d", rows[i].link, NULL);
        assert_string_equal(url, rows[i].url);
    }
    auto_error struct azml_error err = {0};
    assert_null(azml_url_resolve("https://arm.example/", "ftp:// x", &err));
    assert_int_equal(err.code, AZML_ERROR_PROTOCOL);
}

static void parts_are_taken_out(void **state)
{
    (void)state;
    auto_free char *origin = azml_url_origin("HTTPS://Arm.Example/x", NULL);
    auto_free char *host = azml_url_host("https://arm.example:8443/x", NULL);
    auto_free char *plain = azml_url_host("https://arm.example/x", NULL);
    auto_free char *path = azml_url_path("https://arm.example/a/b?c", NULL);
    assert_string_equal(origin, "https://arm.example:443");
    assert_string_equal(host, "arm.example:8443");
    assert_string_equal(plain, "arm.example");
    assert_string_equal(path, "/a/b");
    auto_error struct azml_error err = {0};
    assert_null(azml_url_origin("nonsense:x", &err));
    assert_string_equal(err.message, "'nonsense:x' is not an http or https address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origins_are_told_apart),
        cmocka_unit_test(only_loopback_goes_without_encryption),
        cmocka_unit_test(links_are_completed_only_where_they_must),
        cmocka_unit_test(parts_are_taken_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
